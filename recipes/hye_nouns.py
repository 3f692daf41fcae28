"""Eastern Armenian phrases: cases and postpositions for prepositions, the article as an ending; after `hye_verbs`."""

import random

from lowres.english import OPENERS, WEEKDAYS, WHEN
from lowres.ordering import Chunk
from lowres.pair import COPY, Pair, Word, changed
from lowres.rules import Resources
from lowres.rules.phrases import NOUNS

_MODIFIERS = frozenset({"ADJ", "DET", "NUM", "X", "SYM"})
_VOWELS = frozenset("աեէըիոօւ")
_OBJECTS = {"me": "ինձ", "us": "մեզ", "him": "նրան", "them": "նրանց", "you": "քեզ", "it": "այն", "her": "նրան"}
_OWN = {"me": "իմ", "us": "մեր", "him": "նրա", "them": "նրանց", "you": "քո", "it": "դրա", "her": "նրա"}
_DATE = "rule:hye.dates"


# --- noun forms ---

_GENITIVES = {
    "օր": "օրվա", "շաբաթ": "շաբաթվա", "ամիս": "ամսվա", "տարի": "տարվա", "ժամ": "ժամվա", "առավոտ": "առավոտվա",
    "երեկո": "երեկոյի", "գիշեր": "գիշերվա", "այսօր": "այսօրվա", "վաղը": "վաղվա", "երեկ": "երեկվա", "հիմա": "հիմիկվա",
    "րոպե": "րոպեի", "կեսօր": "կեսօրվա", "մայր": "մոր", "հայր": "հոր", "եղբայր": "եղբոր", "քույր": "քրոջ",
    "կին": "կնոջ", "ընկեր": "ընկերոջ", "ընկերուհի": "ընկերուհու", "ամուսին": "ամուսնու", "տուն": "տան", "շուն": "շան",
    "անուն": "անվան", "ազգանուն": "ազգանվան", "գիրք": "գրքի", "աուդիոգիրք": "աուդիոգրքի", "դուստր": "դստեր",
    "մարդ": "մարդու", "ծնունդ": "ծննդյան", "մահ": "մահվան", "սեր": "սիրո", "ձի": "ձիու", "աստված": "աստծու",
    "գարուն": "գարնան", "ամառ": "ամառվա", "ձմեռ": "ձմռան", "աշուն": "աշնան", "դուռ": "դռան", "ջուր": "ջրի",
    "լույս": "լույսի", "գին": "գնի", "ամսաթիվ": "ամսաթվի", "հաշիվ": "հաշվի", "գույն": "գույնի", "ձայն": "ձայնի",
    "վերջ": "վերջի", "հյուրասենյակ": "հյուրասենյակի", "կյանք": "կյանքի", "գործ": "գործի", "միս": "մսի",
    "սիրտ": "սրտի", "գիծ": "գծի", "լիճ": "լճի", "գիր": "գրի", "գլուխ": "գլխի", "ձյուն": "ձյան",
    "ժողովուրդ": "ժողովրդի", "որդի": "որդու", "ռեժիմ": "ռեժիմի", "ֆիլմ": "ֆիլմի", "շոու": "շոուի",
}  # fmt: skip


def _is_vowel_final(form: str) -> bool:
    return form[-1] in _VOWELS


def _syllables(form: str) -> int:
    return sum(letter in _VOWELS for letter in form.replace("ու", "օ"))


def _plural(form: str) -> str:
    return form + ("եր" if _syllables(form) == 1 and not _is_vowel_final(form) else "ներ")


def _genitive(form: str, resources: Resources | None = None) -> str:
    """Genitive and dative without the article, of the last word of a phrase."""
    head, space, last = form.rpartition(" ")
    return head + space + _genitive_of(last, resources)


def _genitive_of(form: str, resources: Resources | None) -> str:
    if form in _GENITIVES:
        return _GENITIVES[form]
    if form.endswith("ություն"):
        return form[:-3] + "ան"
    if form.endswith("ում") and len(form) > 5:
        return form[:-3] + "ման"
    if form.endswith(("ներ", "եր")):
        return form + "ի"
    found = resources.inflector.inflect(form, _DATIVE) if resources else None
    if found and found[1] == "table" and found[0].endswith(_DATIVE_ENDINGS):
        return found[0]
    if form[-1] in "աո":
        return form + "յի"
    if form.endswith("ու"):
        return form + "ի"
    if form.endswith("ի") and resources and form in resources.inflector.paradigms.cells:
        return form[:-1] + "ու"
    return form + "ի"


_DATIVE_ENDINGS = ("ի", "վա", "ու", "ոջ", "որ", "ան")
_DATIVE = frozenset({"N", "DAT", "SG"})


def _definite(form: str) -> str:
    return form + ("ն" if _is_vowel_final(form) else "ը")


def _case(form: str, case: str, resources: Resources) -> str:
    """`form` in a case: GEN, DAT (definite), ABL, INS, LOC, DEF (the subject and object with the article)."""
    if case == "DEF":
        return form if form.endswith("ը") else _definite(form)
    genitive = _genitive(form, resources)
    if case == "GEN":
        return genitive
    if case == "DAT":
        return _definite(genitive)
    stem = genitive[:-1] if genitive.endswith("ի") else form
    if case == "INS" and form.endswith("ություն"):
        return form[:-3] + "ամբ"
    return stem + {"ABL": "ից", "INS": "ով", "LOC": "ում"}[case]


# --- phrases ---

_LOCATIVE = frozenset("list calendar schedule playlist inbox queue agenda folder cart facebook twitter instagram".split())
_POSTPOSED = {
    "for": ("GEN", "համար"), "with": ("GEN", "հետ"), "about": ("GEN", "մասին"), "near": ("GEN", "մոտ"),
    "between": ("GEN", "միջև"), "before": ("ABL", "առաջ"), "after": ("ABL", "հետո"), "around": ("GEN", "շուրջ"),
    "during": ("GEN", "ընթացքում"), "within": ("GEN", "ընթացքում"), "through": ("GEN", "միջոցով"),
    "against": ("GEN", "դեմ"), "under": ("GEN", "տակ"), "over": ("GEN", "վրա"), "above": ("GEN", "վերևում"),
    "behind": ("GEN", "հետևում"), "into": ("GEN", "մեջ"), "inside": ("GEN", "ներսում"), "like": ("GEN", "նման"),
    "since": ("ABL", "սկսած"), "off": ("ABL", ""), "from": ("ABL", ""), "in": ("LOC", ""), "at": ("LOC", ""),
    "of": ("GEN", ""), "by": ("INS", ""), "on": ("GEN", "վրա"), "regarding": ("GEN", "վերաբերյալ"),
    "via": ("INS", ""),
}  # fmt: skip
_PREPOSED = {
    "until": "մինչև",
    "till": "մինչև",
    "without": "առանց",
    "as": "որպես",
    "towards": "դեպի",
    "toward": "դեպի",
    "except": "բացի",
}
_GETTING = frozenset("get book buy find need want reserve order check purchase show be go drive travel walk ride move".split())


def phrases(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Cases, the article and postpositions: "of", "'s" and nouns before nouns are genitives that precede; "in" is a
    locative, "from" an ablative; what "the", "this", "my" or a genitive makes definite ends in -ը/-ն."""
    chunks = _joined(pair, _chunks(pair))
    chunks = _possessed(pair, chunks, resources)
    chunks = _timed(pair, _governed(pair, chunks, resources, rng), rng)
    return pair.with_words(word for chunk in chunks for word in chunk.words)


def _timed(pair: Pair, chunks: list[Chunk], rng: random.Random) -> list[Chunk]:
    """A time at the end is as often said right after the verb (and whom it addresses), or first of all."""
    last = len(chunks)
    while last > 1 and chunks[last - 1].kind == "M":
        last -= 1
    if last == len(chunks) or last < 2:
        return chunks
    draw = rng.random()
    verb = max((k for k in range(last) if chunks[k].words[0].upos in ("VERB", "AUX")), default=-1)
    after = verb + 1 + (verb + 1 < last and chunks[verb + 1].kind == "O")
    if draw < 0.35 and verb >= 0 and not _goes_on(pair, chunks, after - 1):
        return [*chunks[:after], *chunks[last:], *chunks[after:last]]
    if draw < 0.6 and chunks[0].kind != "M":
        return [*chunks[last:], *chunks[:last]]
    return chunks


def _chunks(pair: Pair) -> list[Chunk]:
    return [Chunk(_kind(pair, word), [word], pair.head_lemma(word)) for word in pair.words]


def _kind(pair: Pair, word: Word) -> str:
    if not word.source:
        return "R"
    lemma, upos = pair.head_lemma(word), word.upos
    if upos == "CCONJ":
        return "C"
    if lemma in OPENERS and word.source[0] < 3:
        return "R"
    if word.origin in ("rule:hye.clock", _DATE):
        return "M"
    if upos == "PART" and lemma == "'s":
        return "S"
    if upos == "PRON":
        token = pair.tokens[word.source[0]]
        if "PSS" in token.features or token.form in ("my", "your", "his", "its", "our", "their"):
            return "N"
        return "O" if pair.form(word) in _OBJECTS and lemma not in ("it", "you") else "R"
    if upos in NOUNS:
        return "M" if lemma in WHEN else "N"
    return "P" if upos == "ADP" else "N" if upos in _MODIFIERS else "R"


def _joined(pair: Pair, chunks: list[Chunk]) -> list[Chunk]:
    """Runs of modifiers up to their noun as one phrase; a word of another slot may join, a slot is never left half."""
    out: list[Chunk] = []
    for k, chunk in enumerate(chunks):
        last = out[-1] if out else None
        both = chunk.kind == "C" and last is not None and last.kind == "N" and k + 1 < len(chunks) and chunks[k + 1].kind == "N"
        if both:
            last.words.append(chunk.words[0])
            continue
        same = last is not None and last.words[-1].source and pair.slot(last.words[-1]) == pair.slot(chunk.words[0])
        whole = same and pair.slot(chunk.words[0]) >= 0
        if last and whole and chunk.kind == "N" and last.kind == "M" and chunk.words[0].upos == "NOUN":
            last.words.append(chunk.words[0])
            last.kind, last.lemma = "N", chunk.lemma
            continue
        anew = last is not None and last.words[-1].upos in NOUNS and chunk.words[0].upos in _MODIFIERS and not whole
        if last and chunk.kind in "NM" and last.kind == "N" and not anew and (chunk.kind == "N" or _only_modifiers(last)):
            last.words.append(chunk.words[0])
            last.kind, last.lemma = chunk.kind, chunk.lemma
        elif last and chunk.kind == "M" and last.kind == "M" and same:
            last.words.append(chunk.words[0])
            last.lemma = chunk.lemma
        else:
            out.append(chunk)
    return out


def _only_modifiers(chunk: Chunk) -> bool:
    return all(word.upos in _MODIFIERS for word in chunk.words)


def _possessed(pair: Pair, chunks: list[Chunk], resources: Resources) -> list[Chunk]:
    """Plural, genitive and definite endings within each phrase, and "of" phrases put before what they belong to."""
    for chunk in chunks:
        if chunk.kind in "NM":
            chunk.words = _inflected(pair, chunk, resources)
    out: list[Chunk] = []
    i = 0
    while i < len(chunks):
        chunk, following = chunks[i], chunks[i + 1] if i + 1 < len(chunks) else None
        before = out[-1] if out and out[-1].kind in "NM" else None
        owned = chunk.lemma == "of" or chunk.lemma == "by" and before is not None and before.kind == "N"
        if chunk.kind == "P" and owned and before and following and following.kind in "NM" and not _goes_on(pair, chunks, i + 1):
            _marked(following, "GEN", resources)
            _marked(before, "DEF", resources)
            before.words = [*following.words, *before.words]
            i += 1
        else:
            out.append(chunk)
        i += 1
    return out


def _inflected(pair: Pair, chunk: Chunk, resources: Resources) -> list[Word]:
    """A phrase with its inner genitives and plurals; the head's own case comes later."""
    words, counted = chunk.words, False
    for k, word in enumerate(words):
        counted = counted or word.upos == "NUM" or word.lemma in ("քանի", "մի քանի")
        if word.upos not in NOUNS or word.origin == COPY:
            continue
        token = pair.tokens[word.source[-1]]
        form = word.form
        if word.origin == "rule:transliterate" and word.upos == "NOUN" and k + 1 == len(words):
            continue
        if "PL" in token.features and not counted and word.upos == "NOUN" and not form.endswith(("եր", "ներ", "դիկ")):
            form = _plural(form)
        owner = "PSS" in token.features
        if owner or k + 1 < len(words) and _qualifies(pair, word, words[k + 1]):
            form = _genitive(form, resources)
        if form != word.form:
            words[k] = changed(word, form=form, origin="rule:hye_nouns.phrases")
    return words


_LOAN = frozenset("ջազ ռոք փոփ ռեփ մետալ բլյուզ հիփ հոփ ռոբոտ աուդիո մեդիա վեմո ռադիո դասական".split())


def _qualifies(pair: Pair, word: Word, following: Word) -> bool:
    return word.upos == "NOUN" and following.upos == "NOUN" and word.origin != "rule:transliterate" and word.form not in _LOAN


def _marked(chunk: Chunk, case: str, resources: Resources) -> None:
    """Put the last word of a phrase, and the noun before "and", into a case."""
    last = len(chunk.words) - 1
    for k, word in enumerate(chunk.words):
        joined = k < last and chunk.words[k + 1].upos == "CCONJ" and word.upos in NOUNS
        if (k == last or joined) and word.form and not word.form.isascii():
            form = _told(word, case) if word.origin in ("rule:hye.clock", _DATE) else _case(word.form, case, resources)
            chunk.words[k] = changed(word, form=form, origin="rule:hye_nouns.phrases")


def _told(word: Word, case: str) -> str:
    """A time told in the dative, in another case."""
    stem = word.form.removesuffix("ին")
    return stem + {"ABL": "ից", "GEN": "ի", "DEF": "ը"}.get(case, "ին")


def _governed(pair: Pair, chunks: list[Chunk], resources: Resources, rng: random.Random) -> list[Chunk]:
    out: list[Chunk] = []
    i, verb = 0, ""
    while i < len(chunks):
        chunk, following = chunks[i], chunks[i + 1] if i + 1 < len(chunks) else None
        verb = chunk.lemma if chunk.words[0].upos == "VERB" else verb
        if chunk.kind == "P" and following and following.kind in "NMO" and not _goes_on(pair, chunks, i + 1):
            before = out[-1].lemma if out else ""
            out.append(_with_case(pair, chunk, following, resources, (verb, before), rng))
            i += 1
        elif chunk.kind == "P" and (
            chunk.lemma == "like" or following and chunk.lemma in ("of", "at", "on", "for", "in", "to", "by")
        ):
            pass
        else:
            if chunk.kind == "N":
                _define(pair, chunk, resources)
            elif chunk.kind == "M":
                _day_part(pair, chunk)
            out.append(chunk)
        i += 1
    return out


def _goes_on(pair: Pair, chunks: list[Chunk], i: int) -> bool:
    """Whether the slot that chunk `i` ends in goes on after it, so that nothing may come between."""
    if i + 1 >= len(chunks):
        return False
    slot = pair.slot(chunks[i].words[-1])
    return slot >= 0 and pair.slot(chunks[i + 1].words[0]) == slot


_DAY_PARTS = {"morning": "առավոտյան", "evening": "երեկոյան", "night": "գիշերը", "afternoon": "կեսօրից հետո"}


def _day_part(pair: Pair, chunk: Chunk) -> None:
    """A part of the day that tells when: առավոտյան, but այս առավոտ "this morning"."""
    word = chunk.words[-1]
    if chunk.lemma in _DAY_PARTS and len(word.source) == 1 and chunk.words[0].upos not in ("DET", "PRON"):
        chunk.words[-1] = changed(word, form=_DAY_PARTS[chunk.lemma], origin="rule:hye_nouns.phrases")


def _define(pair: Pair, chunk: Chunk, resources: Resources) -> None:
    """The article, where English has one or the phrase begins with what makes it definite."""
    first, last = chunk.words[0], chunk.words[-1]
    if last.upos not in NOUNS or not first.source or "PSS" in last.features:
        return
    start = min(word.source[0] for word in chunk.words if word.source)
    article = start > 0 and pair.tokens[start - 1].lemma == "the"
    own = first.upos == "PRON" or first.lemma in ("այս", "այդ", "բոլոր") or any("PSS" in word.features for word in chunk.words)
    if article or own:
        _marked(chunk, "DEF", resources)


def _with_case(
    pair: Pair, chunk: Chunk, following: Chunk, resources: Resources, context: tuple[str, str], rng: random.Random
) -> Chunk:
    """A phrase under an adposition: in the case that it governs, with its postposition or preposition."""
    word, lemma = chunk.words[0], chunk.lemma
    if following.kind == "O":
        return _pronoun_with(pair, word, following, lemma)
    time = following.kind == "M"
    case, post = _government(lemma, following, context, word.form)
    if time and lemma == "for" and rng.random() < 0.5:
        case, post = "", ""
    if time and not case and not post:
        _day_part(pair, following)
    if lemma == "on" and following.lemma in WEEKDAYS and not post and rng.random() < 0.3:
        post = "օրը"
    if case:
        _marked(following, case, resources)
    extra = [changed(word, form=post, origin="rule:hye_nouns.phrases")] if post else []
    before = lemma in _PREPOSED or post == "դեպի"
    words = [*extra, *following.words] if before else [*following.words, *extra]
    return Chunk("M" if time else "Q", words, following.lemma)


_TOPICS = frozenset("news update information info article report alert notification headline story".split())


def _government(adposition: str, following: Chunk, context: tuple[str, str], form: str) -> tuple[str, str]:
    """(case or '' for none, adposition or '') that an English adposition asks for."""
    lemma, time = following.lemma, following.kind == "M"
    told = following.words[-1].origin in ("rule:hye.clock", _DATE)
    if time and adposition in ("at", "on", "by") or told and adposition in ("for", "in", "to"):
        return "", ""
    if adposition == "in" and time:
        return ("ABL", "") if lemma in ("minute", "hour", "day") and len(following.words) > 1 else ("", "")
    if adposition in ("on", "in", "at") and lemma in _LOCATIVE:
        return "LOC", ""
    if adposition == "to":
        return _goal(lemma, context[0], time)
    if adposition == "on" and context[1] in _TOPICS:
        return "GEN", "մասին"
    if adposition in _PREPOSED:
        return "GEN" if adposition == "without" else "DEF" if told else "", _PREPOSED[adposition]
    return _POSTPOSED.get(adposition, ("GEN", form))


def _goal(lemma: str, verb: str, time: bool) -> tuple[str, str]:
    """ "To" after words of giving and telling is a dative; a way or a train goes դեպի a place."""
    if time:
        return "", "մինչև"
    return ("DAT", "") if lemma in _LOCATIVE or verb and verb not in _GETTING else ("", "դեպի")


def _pronoun_with(pair: Pair, word: Word, following: Chunk, lemma: str) -> Chunk:
    who = pair.form(following.words[0])
    _, post = _POSTPOSED.get(lemma, ("DAT", ""))
    form = _OWN[who] if post in ("մասին", "շուրջ", "վրա", "մեջ", "նման") else _OBJECTS[who]
    pronoun = changed(following.words[0], form=form + ("անից" if lemma == "from" else ""), origin="rule:hye_nouns.phrases")
    return Chunk("Q", [pronoun, *([changed(word, form=post)] if post else [])], following.lemma)
