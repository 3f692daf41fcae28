"""Eastern Armenian: cases and postpositions for prepositions, the article as an ending, participles with the copula, commands."""

import random
from collections.abc import Sequence
from dataclasses import replace

from lowres.clock import Clock, retell
from lowres.pair import COPY, NOTHING, Pair, Word
from lowres.rules import Resources

_TIMES = frozenset((
    "today tomorrow yesterday tonight now week weekend month year morning afternoon evening night noon midnight day hour "
    "minute monday tuesday wednesday thursday friday saturday sunday january february march april june july august "
    "september october november december weekday currently"
).split())  # fmt: skip
_MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)
_CALLS = frozenset("please hey hi hello ok okay olly alexa siri google now kindly can could would you".split())
_WH = frozenset("what who whom when where why how which".split())
_NOUNS = frozenset({"NOUN", "PROPN"})
_MODIFIERS = frozenset({"ADJ", "DET", "NUM", "X", "SYM"})
_VOWELS = frozenset("աեէըիոօու")
_OBJECTS = {"me": "ինձ", "us": "մեզ", "him": "նրան", "them": "նրանց", "you": "քեզ", "it": "այն", "her": "նրան"}
_OWN = {"me": "իմ", "us": "մեր", "him": "նրա", "them": "նրանց", "you": "քո", "it": "դրա", "her": "նրա"}
_PERSON = {"i": 0, "you": 1, "he": 2, "she": 2, "it": 2, "we": 3, "they": 5}
_AM = ("եմ", "ես", "է", "ենք", "եք", "են")
_WAS = ("էի", "էիր", "էր", "էինք", "էիք", "էին")
_HAVE = ("ունեմ", "ունես", "ունի", "ունենք", "ունեք", "ունեն")
_HAD = ("ունեի", "ունեիր", "ուներ", "ունեինք", "ունեիք", "ունեին")


def _lemma(pair: Pair, word: Word) -> str:
    return pair.tokens[word.source[0]].lemma if word.source else ""


def _head_lemma(pair: Pair, word: Word) -> str:
    """The lemma that tells what a word is: the last of a compound, the first of a phrasal verb."""
    return pair.tokens[word.source[-1 if word.upos in _NOUNS else 0]].lemma if word.source else ""


def _source(pair: Pair, word: Word) -> str:
    return pair.tokens[word.source[0]].form.lower() if word.source else ""


def _made(form: str, upos: str, rule: str, source: tuple[int, ...] = ()) -> Word:
    return Word(form, form, upos, NOTHING, source, f"rule:hye.{rule}")


# --- words that the tagger took for names ---


def common_words(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Read a word that was taken for a name as the word that the lexicon has; one that opens the utterance as a command.

    Speech has no capitals, so that "cancel the alarm" and "jazz" look like names. Spelt letters are named one by one.
    """
    words, opening = list(pair.words), True
    for k, word in enumerate(words):
        if len(word.source) == 1:
            words[k] = _reread(pair, word, resources, opening and k + 1 < len(words))
        opening = opening and _lemma(pair, word) in _CALLS
    return pair.with_words(words)


def _reread(pair: Pair, word: Word, resources: Resources, opening: bool) -> Word:
    form = _source(pair, word)
    if len(form) == 2 and form[1] == "." and f"^{form[0]}$" in resources.letters:
        return _made(resources.letters[f"^{form[0]}$"], "PROPN", "common_words", word.source)
    if word.upos in ("ADJ", "ADV") and word.features & {"CMPR", "SPRL"}:
        return _compared(pair, word, resources)
    if word.origin == COPY and word.upos in ("PROPN", "X", "INTJ", "VERB", "ADJ", "ADV"):
        return _common(pair, word, resources, opening)
    return _common(pair, word, resources, True) if opening and _is_mistaken(pair, word, resources) else word


def _is_mistaken(pair: Pair, word: Word, resources: Resources) -> bool:
    """Whether an opening "noun" is a command: only a collected lexicon has it as a noun ("play music"), or a
    determiner, a pronoun or a name follows it ("book uber")."""
    if word.upos != "NOUN":
        return False
    options, _ = resources.lexicon.ranked((_lemma(pair, word),), "NOUN")
    i = word.source[-1] + 1
    following = pair.tokens[i].upos if i < len(pair.tokens) else ""
    return following in ("DET", "PRON", "PROPN") or not any(one.upos == "NOUN" and one.score > 2 for one in options)


def _common(pair: Pair, word: Word, resources: Resources, opening: bool) -> Word:
    keys, inside = (_lemma(pair, word), _source(pair, word)), pair.slot(word) >= 0
    for upos in ("VERB", "NOUN", "ADJ") if opening else ("NOUN", "ADJ") if inside else ("NOUN", "ADJ", "VERB"):
        options, _ = resources.lexicon.ranked(keys, upos)
        if options and options[0].upos == upos and options[0].score > 2:
            features = frozenset({"IMP", "2"}) if upos == "VERB" and opening else word.features - {"SG"}
            return Word(options[0].form, options[0].form, upos, features, word.source, options[0].lexicon, word.gloss)
    return word


def _compared(pair: Pair, word: Word, resources: Resources) -> Word:
    """A comparative by its own entry; else with ավելի 'more', a superlative with ամենա- 'most'."""
    options, _ = resources.lexicon.ranked((_source(pair, word),), word.upos)
    if options:
        return replace(word, form=options[0].form, lemma=options[0].form, origin=options[0].lexicon)
    more = "ավելի " if "CMPR" in word.features else "ամենա"
    return word if word.origin == COPY else replace(word, form=more + word.form, origin="rule:hye.common_words")


# --- clock and dates ---

_DATIVE_NUMBERS = (
    "տասներկուսին մեկին երկուսին երեքին չորսին հինգին վեցին յոթին ութին իննին տասին տասնմեկին տասներկուսին տասներեքին "
    "տասնչորսին տասնհինգին տասնվեցին տասնյոթին տասնութին տասնիննին քսանին"
).split()
_NUMBERS = "տասներկու մեկ երկու երեք չորս հինգ վեց յոթ ութ ինը տասը տասնմեկ տասներկու".split()
_TENS = {2: "քսան", 3: "երեսուն", 4: "քառասուն", 5: "հիսուն"}
_ORDINAL = {name: number for number, name in enumerate(
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split()
)} | {"thirtieth": 30}  # fmt: skip
_CARDINAL = {name: number for number, name in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty".split()
)} | {"thirty": 30}  # fmt: skip


def _at(number: int) -> str:
    """A number in the dative, as days and hours are told: քսանմեկին."""
    if number <= 20:
        return _DATIVE_NUMBERS[number]
    tens, unit = divmod(number, 10)
    return _TENS[tens] + (_DATIVE_NUMBERS[unit] if unit else "ին")


def clock(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Tell the hour in the dative after the part of the day (առավոտյան ութին), half past as անց կես."""
    return retell(pair, _say, "rule:hye.clock")


def _say(time: Clock) -> str:
    if time.period in ("noon", "midnight") and time.minute == 0:
        return "կեսօրին" if time.period == "noon" else "կեսգիշերին"
    hour = (time.hour - 1) % 12 + 1 if time.hour <= 12 else time.hour - 12
    told = _at(hour)
    if time.minute == 30:
        told = f"{_NUMBERS[hour]} անց կեսին"
    elif time.minute:
        told = f"{_NUMBERS[hour]} անց {_at(time.minute)}"
    return f"{_part(time)} {told}".strip()


def _part(time: Clock) -> str:
    if not time.period:
        return ""
    hour = time.hour24
    return "գիշերը" if hour < 4 else "առավոտյան" if hour < 12 else "ցերեկը" if hour < 18 else "երեկոյան"


def dates(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """The month in the genitive, then the day in the dative: մարտի քսանմեկին."""
    words = [_day(pair, word) for word in pair.words]
    for k in range(len(words) - 1):
        if _lemma(pair, words[k + 1]) == "of" and k + 2 < len(words) and _lemma(pair, words[k + 2]) in _MONTHS:
            if words[k].origin == _DATE and pair.slot(words[k]) == pair.slot(words[k + 2]):
                words[k], words[k + 1], words[k + 2] = _month(words[k + 2]), replace(words[k + 1], form=""), words[k]
        elif words[k].origin == _DATE and _lemma(pair, words[k + 1]) in _MONTHS:
            words[k], words[k + 1] = _month(words[k + 1]), words[k]
        elif words[k + 1].origin == _DATE and _lemma(pair, words[k]) in _MONTHS:
            words[k] = _month(words[k])
    return pair.with_words([word for word in words if word.form])


_DATE = "rule:hye.dates"


def _month(word: Word) -> Word:
    form = word.lemma if word.lemma.endswith("ի") else word.lemma + "ի"
    return replace(word, form=form.replace("հունվարի", "հունվարի"), upos="ADJ", origin="rule:hye.month")


def _day(pair: Pair, word: Word) -> Word:
    """An ordinal as a date, or a number beside a month, in the dative."""
    if not word.source or len(word.source) > 2:
        return word
    last = _source(pair, replace(word, source=word.source[-1:]))
    number = _ORDINAL.get(last) or (_CARDINAL.get(last) if word.upos == "NUM" else None)
    if number is None or not _is_date(pair, word, last in _ORDINAL):
        return word
    tens = {"twenty": 20, "thirty": 30}.get(_source(pair, word), 0) if len(word.source) == 2 else 0
    return replace(word, form=_at(tens + number), upos="NUM", origin=_DATE)


def _is_date(pair: Pair, word: Word, ordinal: bool) -> bool:
    """Beside a month; an ordinal also where nothing follows that it could count."""
    tokens, first, last = pair.tokens, word.source[0], word.source[-1]
    before = tokens[first - 1].lemma if first else ""
    after = [token.lemma for token in tokens[last + 1 : last + 3]]
    if before in _MONTHS or after[:1] and after[0] in _MONTHS or after[:1] == ["of"] and after[-1] in _MONTHS:
        return not (before == "may" or after[:1] == ["may"]) or ordinal
    nominal = last + 1 < len(tokens) and tokens[last + 1].upos in ("NOUN", "PROPN", "ADJ", "NUM")
    return ordinal and not nominal


# --- noun forms ---

_GENITIVES = {
    "օր": "օրվա", "շաբաթ": "շաբաթվա", "ամիս": "ամսվա", "տարի": "տարվա", "ժամ": "ժամվա", "առավոտ": "առավոտվա",
    "երեկո": "երեկոյի", "գիշեր": "գիշերվա", "այսօր": "այսօրվա", "վաղը": "վաղվա", "երեկ": "երեկվա", "հիմա": "հիմիկվա",
    "րոպե": "րոպեի", "կեսօր": "կեսօրվա", "մայր": "մոր", "հայր": "հոր", "եղբայր": "եղբոր", "քույր": "քրոջ", "կին": "կնոջ",
    "ընկեր": "ընկերոջ", "ընկերուհի": "ընկերուհու", "ամուսին": "ամուսնու", "տուն": "տան", "շուն": "շան", "անուն": "անվան",
    "ազգանուն": "ազգանվան", "գիրք": "գրքի", "աուդիոգիրք": "աուդիոգրքի", "դուստր": "դստեր", "մարդ": "մարդու",
    "ծնունդ": "ծննդյան", "մահ": "մահվան", "սեր": "սիրո", "ձի": "ձիու", "աստված": "աստծու", "գարուն": "գարնան",
    "ամառ": "ամառվա", "ձմեռ": "ձմռան", "աշուն": "աշնան", "դուռ": "դռան", "ջուր": "ջրի", "լույս": "լույսի", "գին": "գնի",
    "ամսաթիվ": "ամսաթվի", "հաշիվ": "հաշվի", "գույն": "գույնի", "ձայն": "ձայնի", "վերջ": "վերջի", "հյուրասենյակ": "հյուրասենյակի",
    "կյանք": "կյանքի", "գործ": "գործի", "միս": "մսի", "սիրտ": "սրտի", "գիծ": "գծի", "լիճ": "լճի", "գիր": "գրի", "գլուխ": "գլխի",
    "երկուշաբթի": "երկուշաբթիի", "ռեժիմ": "ռեժիմի", "ֆիլմ": "ֆիլմի", "շոու": "շոուի",
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
        return form[:-2] + "ան"
    if form.endswith("ում") and len(form) > 5:
        return form[:-2] + "ման"
    if form.endswith(("ներ", "եր")):
        return form + "ի"
    found = resources.inflector.inflect(form, _DATIVE) if resources else None
    if found and found[1] == "table" and found[0][-1] != "ն":
        return found[0]
    if form[-1] in "աո":
        return form + "յի"
    if form.endswith("ու"):
        return form + "ի"
    if form.endswith("ի") and resources and form in resources.inflector.paradigms.cells:
        return form[:-1] + "ու"
    return form + "ի"


_DATIVE = frozenset({"N", "DAT", "SG"})


def _definite(form: str) -> str:
    return form + ("ն" if _is_vowel_final(form) else "ը")


def _case(form: str, case: str, resources: Resources) -> str:
    """`form` in a case: GEN, DAT (definite), ABL, INS, LOC, DEF (the subject and object with the article)."""
    if case == "DEF":
        return form if form.endswith(("ը", "ին")) else _definite(form)
    genitive = _genitive(form, resources)
    if case == "GEN":
        return genitive
    if case == "DAT":
        return _definite(genitive)
    stem = genitive[:-1] if genitive.endswith("ի") else form
    if case == "INS" and form.endswith("ություն"):
        return form[:-2] + "ամբ"
    return stem + {"ABL": "ից", "INS": "ով", "LOC": "ում"}[case]


# --- phrases ---

_LOCATIVE = frozenset("list calendar schedule playlist inbox queue agenda folder cart facebook twitter instagram".split())
_POSTPOSED = {
    "for": ("GEN", "համար"), "with": ("GEN", "հետ"), "about": ("GEN", "մասին"), "near": ("GEN", "մոտ"), "between": ("GEN", "միջև"),
    "before": ("ABL", "առաջ"), "after": ("ABL", "հետո"), "around": ("GEN", "շուրջ"), "during": ("GEN", "ընթացքում"),
    "within": ("GEN", "ընթացքում"), "through": ("GEN", "միջոցով"), "against": ("GEN", "դեմ"), "under": ("GEN", "տակ"),
    "over": ("GEN", "վրա"), "above": ("GEN", "վերևում"), "behind": ("GEN", "հետևում"), "into": ("GEN", "մեջ"), "inside": ("GEN", "ներսում"),
    "like": ("GEN", "նման"), "since": ("ABL", "սկսած"), "off": ("ABL", ""), "from": ("ABL", ""), "in": ("LOC", ""), "at": ("LOC", ""),
    "of": ("GEN", ""), "by": ("INS", ""), "on": ("GEN", "վրա"), "regarding": ("GEN", "վերաբերյալ"), "via": ("INS", ""),
}  # fmt: skip
_PREPOSED = {"until": "մինչև", "till": "մինչև", "without": "առանց", "as": "որպես", "towards": "դեպի", "toward": "դեպի", "except": "բացի"}
_GETTING = frozenset("get book buy find need want reserve order check purchase show be go drive travel walk ride move".split())


class _Chunk:
    """Words that stay together. `kind`: N phrase, M time, O object pronoun, P adposition, other words their part of speech."""

    __slots__ = ("kind", "lemma", "words")

    def __init__(self, kind: str, words: list[Word], lemma: str) -> None:
        self.kind, self.words, self.lemma = kind, words, lemma


def phrases(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Cases, the article and postpositions: "of", "'s" and nouns before nouns are genitives that precede; "in" is a
    locative, "from" an ablative; what "the", "this", "my" or a genitive makes definite ends in -ը/-ն."""
    chunks = _joined(pair, _chunks(pair))
    chunks = _possessed(pair, chunks, resources)
    return pair.with_words(word for chunk in _governed(pair, chunks, resources) for word in chunk.words)


def _chunks(pair: Pair) -> list[_Chunk]:
    return [_Chunk(_kind(pair, word), [word], _head_lemma(pair, word)) for word in pair.words]


def _kind(pair: Pair, word: Word) -> str:
    if not word.source:
        return "R"
    lemma, upos = _head_lemma(pair, word), word.upos
    if word.origin in ("rule:hye.clock", _DATE):
        return "M"
    if upos == "PART" and lemma == "'s":
        return "S"
    if upos == "PRON":
        token = pair.tokens[word.source[0]]
        if "PSS" in token.features or token.form in ("my", "your", "his", "its", "our", "their"):
            return "N"
        return "O" if _source(pair, word) in _OBJECTS and lemma not in ("it", "you") else "R"
    if upos in _NOUNS:
        return "M" if lemma in _TIMES else "N"
    return "P" if upos == "ADP" else "N" if upos in _MODIFIERS else "R"


def _joined(pair: Pair, chunks: list[_Chunk]) -> list[_Chunk]:
    """Runs of modifiers up to their noun as one phrase; a word of another slot may join, a slot is never left half."""
    out: list[_Chunk] = []
    for chunk in chunks:
        last = out[-1] if out else None
        same = last is not None and last.words[-1].source and pair.slot(last.words[-1]) == pair.slot(chunk.words[0])
        if last and chunk.kind in "NM" and last.kind == "N" and (chunk.kind == "N" or _only_modifiers(last)):
            last.words.append(chunk.words[0])
            last.kind, last.lemma = chunk.kind, chunk.lemma
        elif last and chunk.kind == "M" and last.kind == "M" and same:
            last.words.append(chunk.words[0])
            last.lemma = chunk.lemma
        else:
            out.append(chunk)
    return out


def _only_modifiers(chunk: _Chunk) -> bool:
    return all(word.upos in _MODIFIERS for word in chunk.words)


def _possessed(pair: Pair, chunks: list[_Chunk], resources: Resources) -> list[_Chunk]:
    """Plural, genitive and definite endings within each phrase, and "of" phrases put before what they belong to."""
    for chunk in chunks:
        if chunk.kind in "NM":
            chunk.words = _inflected(pair, chunk, resources)
    out: list[_Chunk] = []
    i = 0
    while i < len(chunks):
        chunk, following = chunks[i], chunks[i + 1] if i + 1 < len(chunks) else None
        before = out[-1] if out and out[-1].kind in "NM" else None
        owned = chunk.lemma == "of" or chunk.lemma == "by" and before is not None and before.kind == "N"
        if chunk.kind == "P" and owned and before and following and following.kind in "NM":
            _marked(following, "GEN", resources)
            _marked(before, "DEF", resources)
            before.words = [*following.words, *before.words]
            i += 1
        else:
            out.append(chunk)
        i += 1
    return out


def _inflected(pair: Pair, chunk: _Chunk, resources: Resources) -> list[Word]:
    """A phrase with its inner genitives and plurals; the head's own case comes later."""
    words, counted = chunk.words, False
    for k, word in enumerate(words):
        counted = counted or word.upos == "NUM" or word.lemma in ("քանի", "մի քանի")
        if word.upos not in _NOUNS or word.origin == COPY:
            continue
        token = pair.tokens[word.source[-1]]
        form = word.form
        if "PL" in token.features and not counted and word.upos == "NOUN" and not form.endswith(("եր", "ներ", "դիկ")):
            form = _plural(form)
        owner = "PSS" in token.features
        if owner or k + 1 < len(words) and _qualifies(pair, word, words[k + 1]):
            form = _genitive(form, resources)
        if form != word.form:
            words[k] = replace(word, form=form, origin="rule:hye.phrases")
    return words


_LOAN = frozenset("ջազ ռոք փոփ ռեփ մետալ բլյուզ հիփ հոփ ռոբոտ աուդիո մեդիա վեմո ռադիո դասական".split())


def _qualifies(pair: Pair, word: Word, following: Word) -> bool:
    return word.upos == "NOUN" and following.upos == "NOUN" and word.origin != "rule:transliterate" and word.form not in _LOAN


def _marked(chunk: _Chunk, case: str, resources: Resources) -> None:
    """Put the last word of a phrase, and the noun before "and", into a case."""
    last = len(chunk.words) - 1
    for k, word in enumerate(chunk.words):
        if k == last and word.form and not word.form.isascii():
            form = _told(word, case) if word.origin in ("rule:hye.clock", _DATE) else _case(word.form, case, resources)
            chunk.words[k] = replace(word, form=form, origin="rule:hye.phrases")


def _told(word: Word, case: str) -> str:
    """A time told in the dative, in another case."""
    stem = word.form[:-2] if word.form.endswith("ին") else word.form
    return stem + {"ABL": "ից", "GEN": "ի", "DEF": "ը"}.get(case, "ին")


def _governed(pair: Pair, chunks: list[_Chunk], resources: Resources) -> list[_Chunk]:
    out: list[_Chunk] = []
    i, verb = 0, ""
    while i < len(chunks):
        chunk, following = chunks[i], chunks[i + 1] if i + 1 < len(chunks) else None
        verb = chunk.lemma if chunk.words[0].upos == "VERB" else verb
        if chunk.kind == "P" and following and following.kind in "NMO":
            out.append(_with_case(pair, chunk, following, resources, verb))
            i += 1
        elif chunk.kind == "P" and following and chunk.lemma in ("of", "at", "on", "for", "in", "to", "by"):
            pass
        else:
            if chunk.kind == "N":
                _define(pair, chunk, resources)
            out.append(chunk)
        i += 1
    return out


def _define(pair: Pair, chunk: _Chunk, resources: Resources) -> None:
    """The article, where English has one or the phrase begins with what makes it definite."""
    first, last = chunk.words[0], chunk.words[-1]
    if last.upos not in _NOUNS or not first.source or "PSS" in last.features:
        return
    start = min(word.source[0] for word in chunk.words if word.source)
    article = start > 0 and pair.tokens[start - 1].lemma == "the"
    own = first.upos == "PRON" or first.lemma in ("այս", "այդ", "բոլոր") or any("PSS" in word.features for word in chunk.words)
    if article or own:
        _marked(chunk, "DEF", resources)


def _with_case(pair: Pair, chunk: _Chunk, following: _Chunk, resources: Resources, verb: str) -> _Chunk:
    """A phrase under an adposition: in the case that it governs, with the postposition after or the preposition before."""
    word, lemma = chunk.words[0], chunk.lemma
    if following.kind == "O":
        return _pronoun_with(pair, word, following, lemma)
    time = following.kind == "M"
    case, post = _government(lemma, following, verb, word.form)
    if case:
        _marked(following, case, resources)
    extra = [replace(word, form=post, origin="rule:hye.phrases")] if post else []
    before = lemma in _PREPOSED or post == "դեպի"
    words = [*extra, *following.words] if before else [*following.words, *extra]
    return _Chunk("M" if time else "Q", words, following.lemma)


def _government(adposition: str, following: _Chunk, verb: str, form: str) -> tuple[str, str]:
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
        return _goal(lemma, verb, time)
    if adposition in _PREPOSED:
        return "GEN" if adposition == "without" else "DEF" if told else "", _PREPOSED[adposition]
    return _POSTPOSED.get(adposition, ("GEN", form))


def _goal(lemma: str, verb: str, time: bool) -> tuple[str, str]:
    """ "To" after words of giving and telling is a dative; a way or a train goes դեպի a place."""
    if time:
        return "", "մինչև"
    return ("DAT", "") if lemma in _LOCATIVE or verb and verb not in _GETTING else ("", "դեպի")


def _pronoun_with(pair: Pair, word: Word, following: _Chunk, lemma: str) -> _Chunk:
    who = _source(pair, following.words[0])
    _, post = _POSTPOSED.get(lemma, ("DAT", ""))
    form = _OWN[who] if post in ("մասին", "շուրջ", "վրա", "մեջ", "նման") else _OBJECTS[who]
    pronoun = replace(following.words[0], form=form + ("անից" if lemma == "from" else ""), origin="rule:hye.phrases")
    return _Chunk("Q", [pronoun, *([replace(word, form=post)] if post else [])], following.lemma)


# --- verbs ---

_IMPERATIVES = {
    "դնել": "դիր", "տալ": "տուր", "անել": "արա", "ասել": "ասա", "բերել": "բեր", "գալ": "արի", "լինել": "եղիր", "ուտել": "կեր",
    "տանել": "տար", "տեսնել": "տես", "գտնել": "գտիր", "մտնել": "մտիր", "իմանալ": "իմացիր", "մոռանալ": "մոռացիր", "գիտենալ": "իմացիր",
    "ունենալ": "ունեցիր", "ստանալ": "ստացիր", "դառնալ": "դարձիր", "միանալ": "միացիր", "պահել": "պահիր", "խոսել": "խոսիր",
}  # fmt: skip
_PLURAL_IMPERATIVES = {
    "դնել": "դրեք", "տալ": "տվեք", "անել": "արեք", "ասել": "ասեք", "գալ": "եկեք", "լինել": "եղեք", "ուտել": "կերեք",
    "տեսնել": "տեսեք", "գտնել": "գտեք", "դառնալ": "դարձեք",
}  # fmt: skip
_PERFECTIVES = {
    "դնել": "դրել", "տալ": "տվել", "գալ": "եկել", "լինել": "եղել", "ուտել": "կերել", "տեսնել": "տեսել", "գտնել": "գտել",
    "ունենալ": "ունեցել", "դառնալ": "դարձել", "սկսել": "սկսել", "մտնել": "մտել", "անել": "արել", "տանել": "տարել",
}  # fmt: skip
_ENDINGS = {"ե": ("եմ", "ես", "ի", "ենք", "եք", "են"), "ա": ("ամ", "աս", "ա", "անք", "աք", "ան")}


def _command(lemma: str, plural: bool) -> str:
    head, space, last = lemma.rpartition(" ")
    special = (_PLURAL_IMPERATIVES if plural else _IMPERATIVES).get(last)
    return head + space + (special or _regular_command(last, plural))


def _regular_command(verb: str, plural: bool) -> str:
    if verb.endswith("ցնել"):
        return verb[:-4] + ("ցրեք" if plural else "ցրու")
    if verb.endswith(("անալ", "ենալ")):
        return verb[:-3] + ("ցեք" if plural else "ցիր")
    if verb.endswith("ալ"):
        return verb[:-1] + ("ցեք" if plural else "")
    return verb[:-2] + ("եք" if plural else "իր") if verb.endswith("ել") else verb


def _participle(lemma: str, kind: str) -> str:
    """The imperfective (գրում), perfective (գրել), resultative (գրված) or future (գրելու) participle."""
    head, space, verb = lemma.rpartition(" ")
    if kind == "FUT":
        return lemma + "ու"
    if kind == "IPFV":
        return head + space + (verb[:-2] + "ալիս" if verb in ("տալ", "գալ", "լալ") else verb[:-2] + "ում")
    done = _PERFECTIVES.get(verb)
    if done is None:
        if verb.endswith("ցնել"):
            done = verb[:-3] + "րել"
        elif verb.endswith("ալ"):
            done = verb[:-3] + "ցել" if verb.endswith(("անալ", "ենալ")) else verb[:-1] + "ցել"
        else:
            done = verb
    return head + space + (done[:-2] + "ված" if kind == "RES" else done)


def _wish(lemma: str, person: int) -> str:
    """The subjunctive, which պետք է 'must' and կ- 'will' take: գրեմ, կարդա."""
    head, space, verb = lemma.rpartition(" ")
    special = {"տալ": "տա", "գալ": "գա"}.get(verb)
    if special:
        return head + space + special[:-1] + _ENDINGS["ա"][person]
    return head + space + verb[:-2] + _ENDINGS.get(verb[-2:-1], _ENDINGS["ե"])[person] if len(verb) > 2 else lemma


def verbs(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Commands (միացրու, միացրեք, or the infinitive), participles with the copula, կարող եմ 'can', պետք է 'must', կ- 'will';
    subject pronouns mostly go, since the verb tells the person."""
    clause = _Clause(pair, rng)
    for k, word in enumerate(pair.words):
        clause.read(word, pair.words[k + 1 :])
    return pair.with_words(clause.finished())


class _Clause:
    """The verbs of an utterance, left to right: what was heard since the last verb decides the form of the next."""

    def __init__(self, pair: Pair, rng: random.Random) -> None:
        self.pair, self.rng = pair, rng
        draw = rng.random()
        self.style = "SG" if draw < 0.65 else "NFIN" if draw < 0.85 else "PL"
        self.out: list[Word] = []
        self.please: list[Word] = []
        self.helpers: dict[str, Word] = {}
        self.reset()

    def reset(self) -> None:
        self.helpers, self.person, self.asked = {}, -1, None
        self.infinitive = self.negative = self.there = self.plural = False
        self.place = -1  # where the copula may stand

    def read(self, word: Word, after: Sequence[Word]) -> None:
        pair, lemma, form = self.pair, _lemma(self.pair, word), _source(self.pair, word)
        if not word.source or pair.slot(word) >= 0 and word.upos not in ("VERB", "AUX"):
            self._other(word)
            return
        token = pair.tokens[word.source[0]]
        if lemma == "please" or form == "kindly":
            self.please.append(word)
        elif token.upos == "PRON" and lemma == "there":
            self.there = True
            self._short(form)
        elif token.upos == "PRON" and lemma in _PERSON and form not in _OBJECTS.keys() - {"you", "it"} and "PSS" not in token.features:
            self._subject(word, lemma, form)
        elif lemma == "to" and token.upos == "PART":
            self.infinitive = True
        elif lemma in ("not", "n't"):
            self.negative = True
        elif lemma == "be" or token.upos == "AUX":
            self._helper(word, lemma, token, after)
        elif word.upos == "VERB" and lemma == "have" and not word.form.endswith("ել"):
            self._have(word, token, after)
        elif word.upos == "VERB":
            self._verb(word, lemma, token)
        else:
            self._other(word)
            if lemma in _WH and word.upos in ("PRON", "ADV", "DET", "ADJ"):
                self.asked = len(self.out) - 1
                self._short(form)

    def _other(self, word: Word) -> None:
        self.out.append(word)
        if word.upos == "NOUN" and word.source:
            self.plural = "PL" in self.pair.tokens[word.source[-1]].features
        if word.upos in ("SCONJ", "CCONJ"):
            self.reset()

    def _short(self, form: str) -> None:
        """The "is" of "what's", "there's"."""
        if form.endswith(("'s", "'re", "'m")):
            self._copula(_made("", "AUX", "verbs"), past=False)

    def _subject(self, word: Word, lemma: str, form: str) -> None:
        if self.out and self.out[-1].upos == "VERB" and not self.helpers and form in ("you", "it"):
            self.out.append(replace(word, form=_OBJECTS[form], origin="rule:hye.verbs"))
            return
        self.person = _PERSON[lemma]
        keep = {"i": 0.35, "you": 0.1, "it": 0.15}.get(lemma, 0.8)
        if self.rng.random() < keep:
            self.out.append(word)
        if form.endswith(("'s", "'re", "'m")):
            self._copula(_made("", "AUX", "verbs"), past=False)
        elif form.endswith("'d"):
            self.helpers["would"] = word
        elif form.endswith("'ll"):
            self.helpers["will"] = word

    def _helper(self, word: Word, lemma: str, token, after: Sequence[Word]) -> None:
        self.negative |= "NEG" in token.features
        if lemma == "be" and not self.helpers.keys() & {"will", "would", "have"}:
            self._copula(word, past="PST" in token.features)
        elif lemma == "be" and "will" in self.helpers:
            self.helpers["will be"] = word
            self.out.append(replace(word, form="կլինի", upos="AUX", origin="rule:hye.verbs"))
        elif lemma == "have" and not any(one.upos == "VERB" for one in after[:4]):
            self._have(word, token, after)
        else:
            self.helpers[lemma] = word

    def _copula(self, word: Word, *, past: bool) -> None:
        """Keep a place for the copula; a participle that follows will share it."""
        self.helpers["be"] = word
        self.helpers["past"] = word if past else None
        self.place = len(self.out)
        self.out.append(replace(word, form="", upos="AUX", lemma="լինել", origin="rule:hye.verbs"))

    def _have(self, word: Word, token, after: Sequence[Word]) -> None:
        if after and _lemma(self.pair, after[0]) == "to":
            self.helpers["must"] = word
            return
        past = "PST" in token.features or "did" in {_source(self.pair, one) for one in self.helpers.values() if one}
        person = self.person if self.person >= 0 else 2
        form = ("չ" if self.negative else "") + (_HAD if past else _HAVE)[person]
        self.out.append(replace(word, form=form, upos="VERB", origin="rule:hye.verbs"))
        self.reset()

    def _verb(self, word: Word, lemma: str, token) -> None:
        if word.origin in (COPY, "rule:transliterate") or not word.lemma.endswith(("ել", "ալ")):
            if self.pair.slot(word) >= 0:
                self.out.append(word)
                return
            word = replace(word, lemma=f"{word.form} անել") if word.origin in (COPY, "rule:transliterate") else word
        self.out.extend(self._formed(word, lemma, token))
        asked = self.asked if self.helpers.get("be") is None else None
        self.reset()
        self.asked = asked

    def _formed(self, word: Word, lemma: str, token) -> list[Word]:
        """The words of a verb form in its clause."""
        say = lambda form: replace(word, form=form, origin="rule:hye.verbs")  # noqa: E731
        helpers, features = self.helpers, token.features if not word.features else word.features
        person = self.person if self.person >= 0 else 5 if self.plural and self.out else 2
        if helpers.keys() & {"can", "could", "may", "might"}:
            return [_made(f"{'չ' * self.negative or ''}կարող {_AM[person]}".replace("չկարող ", "չեմ կարող "), "AUX", "verbs"), say(word.lemma)]
        if helpers.keys() & {"should", "must", "shall"}:
            return [_made("պետք է", "AUX", "verbs"), say(_wish(word.lemma, person))]
        if "would" in helpers and lemma in ("like", "love"):
            return [say("կցանկանայի" if person == 0 else "կցանկանայիր")]
        if helpers.keys() & {"will", "would"}:
            return [say("կ" + _wish(word.lemma, person))]
        if self.infinitive:
            return [say(word.lemma)]
        if "be" in helpers:
            return self._shared(word, features, person)
        if "have" in helpers or "PST" in features and not ("IMP" in features or self._opens(word, token)) or self._did():
            return [say(_participle(word.lemma, "PFV")), _made(("չ" if self.negative else "") + _AM[person], "AUX", "verbs")]
        if self.person < 0 and not helpers and ("IMP" in features or self._opens(word, token)) or self.negative and self.person < 0:
            return self._ordered(word)
        if features & {"V.MSDR", "V.PTCP", "NFIN"} and self.person < 0:
            return [say(word.lemma)]
        return self._present(word, lemma, person)

    def _opens(self, word: Word, token) -> bool:
        return not any(one.upos in ("VERB", "AUX") or one.upos in _NOUNS for one in self.out) and token.form.lower() == token.lemma

    def _did(self) -> bool:
        return "do" in self.helpers and _source(self.pair, self.helpers["do"]) == "did"

    def _ordered(self, word: Word) -> list[Word]:
        inside = self.pair.slot(word) >= 0
        form = word.lemma if self.style == "NFIN" and not self.negative else _command(word.lemma, self.style == "PL")
        if inside and self.out and any(one.upos == "VERB" for one in self.out):
            form = word.lemma
        negative = [_made("մի", "PART", "verbs")] if self.negative else []
        return [*negative, replace(word, form=form, origin="rule:hye.verbs")]

    def _shared(self, word: Word, features: frozenset[str], person: int) -> list[Word]:
        """ "Is happening", "are going to", "was born": the copula kept before, or put after, the participle."""
        kind = "IPFV" if "V.MSDR" in features or "PRS" in features else "RES"
        if word.lemma in ("ծնվել", "մահանալ"):
            kind = "PFV"
        copula = self._be(person)
        spoken = replace(word, form=_participle(word.lemma, kind), origin="rule:hye.verbs")
        if self.place > 0 and self.place == len(self.out) - 1 and self.asked is not None:
            self.out[self.place] = replace(self.out[self.place], form=copula)
            return [spoken]
        if self.asked is not None and 0 <= self.place:
            self.out[self.place] = replace(self.out[self.place], form=copula)
            return [spoken]
        del self.out[self.place]
        return [spoken, _made(copula, "AUX", "verbs")]

    def _be(self, person: int) -> str:
        return ("չ" if self.negative else "") + (_WAS if self.helpers.get("past") else _AM)[person]

    def _present(self, word: Word, lemma: str, person: int) -> list[Word]:
        """A plain statement; after a question word the copula comes before the participle."""
        if lemma == "need":
            return [_made("պետք է", "AUX", "verbs", word.source)]
        spoken = replace(word, form=_participle(word.lemma, "IPFV"), origin="rule:hye.verbs")
        copula = _made(("չ" if self.negative else "") + _AM[person], "AUX", "verbs")
        if self.asked is not None and self.asked == len(self.out) - 1 or self.negative:
            return [copula, spoken]
        return [spoken, copula]

    def finished(self) -> list[Word]:
        """The words, with the copulas that no participle took: կա 'there is', or է, են by what they are said of."""
        out = list(self.out)
        for k, word in enumerate(out):
            if word.upos == "AUX" and not word.form and word.lemma == "լինել":
                out[k] = replace(word, form=self._left(out, k))
        return [*self.please, *self._pronouns(out)]

    def _left(self, out: list[Word], k: int) -> str:
        nouns = [word for word in out[k + 1 :] if word.upos in _NOUNS and word.source]
        plural = bool(nouns) and "PL" in self.pair.tokens[nouns[0].source[-1]].features
        past = any("PST" in self.pair.tokens[i].features for i in out[k].source)
        following = out[k + 1] if k + 1 < len(out) else None
        asked = k > 0 and _lemma(self.pair, out[k - 1]) in _WH
        if self.there or asked and following is not None and following.upos == "ADP":
            return "կան" if plural and self.there else "կար" if past else "կա"
        person = 0 if self.person == 0 else 1 if self.person == 1 else 5 if plural else 2
        return (_WAS if past else _AM)[person]

    def _pronouns(self, out: list[Word]) -> list[Word]:
        """An object pronoun stands before an infinitive: կարող ես ինձ ասել."""
        for k in range(1, len(out)):
            if out[k].upos == "PRON" and _source(self.pair, out[k]) in ("me", "us") and out[k - 1].upos == "VERB":
                if out[k - 1].form == out[k - 1].lemma and out[k - 1].form.endswith("լ") and k > 1:
                    out[k - 1], out[k] = out[k], out[k - 1]
        return out
