"""Urdu: the verb last, postpositions, agreement of verbs, adjectives and possessors with their noun, loan verbs with کرنا."""

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from lowres.clock import Clock, retell
from lowres.pair import COPY, NOTHING, Pair, Word
from lowres.rules import Resources

_TIMES = frozenset((
    "today tomorrow yesterday tonight now week weekend month year morning afternoon evening night noon midnight day hour "
    "minute monday tuesday wednesday thursday friday saturday sunday january february march april june july august "
    "september october november december am pm a.m. p.m. weekday daily weekly monthly currently"
).split())  # fmt: skip
_UNITS = frozenset("minute hour second".split())
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_DAY_PARTS = frozenset("morning afternoon evening night noon midnight today tomorrow yesterday tonight am pm".split())
_MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)
_PLACES_IN = frozenset("list calendar schedule playlist inbox queue agenda folder cart inventory".split())
_CALLS = frozenset("please hey hi hello ok okay olly alexa siri google now kindly can could would you".split())
_WH = frozenset("what who whom when where why how".split())
_SUBJECTS = frozenset("i you he she it we they there".split())
_DATIVE = {"me": "مجھے", "us": "ہمیں", "him": "اسے", "her": "اسے", "them": "انہیں", "it": "اسے", "you": "آپ کو"}
_OF_ME = {"me": "میرے", "us": "ہمارے", "him": "اس کے", "her": "اس کے", "them": "ان کے", "it": "اس کے", "you": "آپ کے"}
_BARE = {"me": "مجھ", "us": "ہم", "him": "اس", "her": "اس", "them": "ان", "it": "اس", "you": "آپ"}
_PERSON = {
    "i": frozenset({"1", "SG", "MASC"}),
    "you": frozenset({"2", "PL", "MASC"}),
    "he": frozenset({"3", "SG", "MASC"}),
    "she": frozenset({"3", "SG", "FEM"}),
    "we": frozenset({"1", "PL", "MASC"}),
    "they": frozenset({"3", "PL", "MASC"}),
}
_NOUNS = frozenset({"NOUN", "PROPN"})
_INTRANSITIVE = frozenset("ہونا جانا آنا ملنا سونا چلنا رہنا بیٹھنا اٹھنا پہنچنا نکلنا گرنا مرنا بولنا لانا بھولنا سکنا".split())
_OBLIQUE = {"یہ": "اس", "وہ": "اس", "کون سا": "کس", "کوئی": "کسی", "کیا": "کس", "کون": "کس"}
_PHRASE = frozenset({"NOUN", "PROPN", "ADJ", "DET", "NUM", "PRON", "X", "SYM", "PART"})
_OBJECTS = dict.fromkeys("کال کرنا|ای میل کرنا|جواب دینا|مدعو کرنا|دعوت دینا|پیغام بھیجنا|بلانا".split("|"), "کو")
_OBJECTS |= dict.fromkeys("ملنا|بات کرنا|رابطہ کرنا|شادی کرنا".split("|"), "سے")
_TOLD = frozenset({"rule:urd.clock", "rule:urd.dates"})
_MODALS = frozenset("can could may might".split())


def _lemma(pair: Pair, word: Word) -> str:
    return pair.tokens[word.source[0]].lemma if word.source else ""


def _head_lemma(pair: Pair, word: Word) -> str:
    """The lemma that tells what a word is: the last of a compound, the first of a phrasal verb."""
    if not word.source:
        return ""
    return pair.tokens[word.source[-1 if word.upos in _NOUNS else 0]].lemma


def _source(pair: Pair, word: Word) -> str:
    return pair.tokens[word.source[0]].form.lower() if word.source else ""


def _made(form: str, upos: str, rule: str, source: tuple[int, ...] = (), features: frozenset[str] = NOTHING) -> Word:
    return Word(form, form, upos, features, source, f"rule:urd.{rule}")


# --- words that the tagger took for names ---


def common_words(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Read a word that was taken for a name as the word that the lexicon has; one that opens the utterance as a command.

    Speech has no capitals, so that "cancel the alarm" and "jazz" look like names.
    """
    words, opening = list(pair.words), True
    for k, word in enumerate(words):
        if word.features & {"CMPR", "SPRL"} and len(word.source) == 1 and word.upos == "ADJ":
            words[k] = _compared(pair, word, resources)
        elif word.origin == COPY and len(word.source) == 1 and word.upos in ("PROPN", "X", "INTJ", "VERB", "ADJ", "ADV"):
            words[k] = _reread(pair, word, resources, opening and k + 1 < len(words))
        elif opening and k + 1 < len(words) and _is_mistaken(pair, word, resources):
            words[k] = _reread(pair, word, resources, True)
        opening = opening and _lemma(pair, word) in _CALLS
    return pair.with_words(words)


def _compared(pair: Pair, word: Word, resources: Resources) -> Word:
    """A comparative by its own entry; else with زیادہ 'more', a superlative with سب سے 'than all'."""
    form = _source(pair, word)
    options, _ = resources.lexicon.ranked((form,), "ADJ")
    if options:
        return replace(word, form=options[0].form, lemma=options[0].form, origin=options[0].lexicon)
    more = "زیادہ" if "CMPR" in word.features else "سب سے"
    return word if word.origin == COPY else replace(word, form=f"{more} {word.form}", origin="rule:urd.common_words")


def _is_mistaken(pair: Pair, word: Word, resources: Resources) -> bool:
    """Whether an opening "noun" is a command: only a collected lexicon has it as a noun ("play music"), or a
    determiner, a pronoun or a name follows it ("book uber")."""
    if word.upos != "NOUN" or not word.source:
        return False
    options, _ = resources.lexicon.ranked((_lemma(pair, word),), "NOUN")
    i = word.source[-1] + 1
    following = pair.tokens[i].upos if i < len(pair.tokens) else ""
    return following in ("DET", "PRON", "PROPN") or not any(one.upos == "NOUN" and one.score > 2 for one in options)


def _reread(pair: Pair, word: Word, resources: Resources, opening: bool) -> Word:
    lemma, form = _lemma(pair, word), _source(pair, word)
    inside = pair.slot(word) >= 0
    for upos in ("VERB", "NOUN", "ADJ") if opening else ("NOUN", "ADJ") if inside else ("NOUN", "ADJ", "VERB"):
        options, _ = resources.lexicon.ranked((lemma, form), upos)
        if options and options[0].upos == upos and options[0].score > 2:
            best = options[0]
            features = frozenset({"IMP", "2"}) if upos == "VERB" and opening else word.features - {"SG"}
            return Word(best.form, best.form, upos, features, word.source, best.lexicon, word.gloss)
    return word


def articles(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """No "the"; "a" is 'one' where a speaker says it at all, about once in three."""
    out = []
    for word in pair.words:
        lemma = _lemma(pair, word) if word.upos == "DET" or word.origin == COPY else ""
        if lemma in ("a", "an") and len(word.source) == 1 and rng.random() < 0.3:
            out.append(replace(word, form="ایک", lemma="ایک", upos="NUM", origin="rule:urd.articles"))
        elif lemma not in ("a", "an", "the") or len(word.source) != 1:
            out.append(word)
    return pair.with_words(out)


# --- clock and dates ---

_NUMBERS = (
    "بارہ ایک دو تین چار پانچ چھ سات آٹھ نو دس گیارہ بارہ تیرہ چودہ پندرہ سولہ سترہ اٹھارہ انیس بیس اکیس بائیس تئیس چوبیس پچیس "
    "چھبیس ستائیس اٹھائیس انتیس تیس اکتیس بتیس تینتیس چونتیس پینتیس چھتیس سینتیس اڑتیس انتالیس چالیس اکتالیس بیالیس تینتالیس "
    "چوالیس پینتالیس چھیالیس سینتالیس اڑتالیس انچاس پچاس اکاون باون ترپن چون پچپن چھپن ستاون اٹھاون انسٹھ"
).split()
_ORDINAL = {name: number for number, name in enumerate(
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split()
)} | {"thirtieth": 30}  # fmt: skip


def clock(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Tell the time with بجے after the hour and the part of the day before it; ساڑھے half past, سوا and پونے the quarters."""
    return retell(pair, _say, "rule:urd.clock")


def _say(time: Clock) -> str:
    if time.period in ("noon", "midnight") and time.minute == 0:
        return "دوپہر بارہ بجے" if time.period == "noon" else "رات بارہ بجے"
    hour = (time.hour - 1) % 12 + 1 if time.hour <= 12 else time.hour - 12
    if not time.period and time.minute == 0:
        return ""
    part = _part(time)
    return f"{part} {_hour(hour, time.minute)}".strip()


def _hour(hour: int, minute: int) -> str:
    match minute:
        case 0:
            return f"{_NUMBERS[hour]} بجے"
        case 15:
            return f"سوا {_NUMBERS[hour]} بجے"
        case 30:
            return {1: "ڈیڑھ بجے", 2: "ڈھائی بجے"}.get(hour, f"ساڑھے {_NUMBERS[hour]} بجے")
        case 45:
            return f"پونے {_NUMBERS[hour % 12 + 1]} بجے"
        case _:
            return f"{_NUMBERS[hour]} بج کر {_NUMBERS[minute]} منٹ"


def _part(time: Clock) -> str:
    if not time.period:
        return ""
    hour = time.hour24
    return "صبح" if 4 <= hour < 12 else "دوپہر" if 12 <= hour < 16 else "شام" if 16 <= hour < 19 else "رات"


def dates(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Put the day, as a plain number, before the month: "june twenty seventh" is ستائیس جون."""
    words = [_cardinal(pair, word) for word in pair.words]
    for k, (first, second) in enumerate(pairwise(words)):
        if _lemma(pair, first) in _MONTHS and _is_day(pair, second) and pair.slot(first) == pair.slot(second):
            words[k], words[k + 1] = second, first
        elif _lemma(pair, second) == "of" and k + 2 < len(words) and _lemma(pair, words[k + 2]) in _MONTHS:
            if _is_day(pair, first) and pair.slot(first) == pair.slot(second):
                words[k + 1] = replace(second, form="")
    return pair.with_words([word for word in words if word.form])


def _is_day(pair: Pair, word: Word) -> bool:
    return word.upos == "NUM" or "rule:urd.dates" in word.origin


def _cardinal(pair: Pair, word: Word) -> Word:
    """An ordinal next to a month, or one said alone as a date, as a number."""
    if not word.source or word.upos == "NUM":
        return word
    number = _ORDINAL.get(_source(pair, replace(word, source=word.source[-1:])))
    if number is None or (len(word.source) == 1 and not _by_month(pair, word)):
        return word
    tens = {"twenty": 20, "thirty": 30}.get(_source(pair, word), 0) if len(word.source) == 2 else 0
    form = _NUMBERS[tens + number]
    return replace(word, form=form, lemma=form, upos="NUM", origin="rule:urd.dates")


def _by_month(pair: Pair, word: Word) -> bool:
    """Whether a month stands within two tokens, or nothing follows that the ordinal could count."""
    i, tokens = word.source[0], pair.tokens
    near = {token.lemma for token in tokens[max(0, i - 2) : i + 3]}
    last = i + 1 == len(tokens) or tokens[i + 1].upos not in _PHRASE
    return bool(near & (_MONTHS - {"may"})) or last


def possessors(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """ "'s" is کا after its noun; a noun that qualifies another takes it too (موسم کی خبر), which loan pairs may leave out."""
    out: list[Word] = []
    for k, word in enumerate(pair.words):
        following = pair.words[k + 1] if k + 1 < len(pair.words) else None
        if word.upos == "PART" and _lemma(pair, word) == "'s":
            out.append(replace(word, form="کا", lemma="کا", upos="ADP", origin="rule:urd.possessors"))
            continue
        out.append(word)
        if word.upos in _NOUNS and word.source:
            owner = "PSS" in pair.tokens[word.source[-1]].features and following is not None
            if owner or following is not None and _qualifies(pair, word, following) and rng.random() < 0.5:
                out.append(_made("کا", "ADP", "possessors", word.source[-1:] if _inside(pair, word, following) else ()))
    return pair.with_words(out)


def _inside(pair: Pair, word: Word, following: Word | None) -> bool:
    """Whether کا belongs to the slot of its noun: where English has "'s", and between two words of one slot."""
    slot = pair.slot(word)
    return slot >= 0 and ("PSS" in word.features or following is not None and pair.slot(following) == slot)


def _qualifies(pair: Pair, word: Word, following: Word) -> bool:
    both = word.upos == "NOUN" and following.upos == "NOUN" and following.origin != COPY and word.origin != COPY
    return both and _lemma(pair, word) not in _TIMES and _lemma(pair, following) not in _TIMES and bool(following.source)


# --- order ---


class _Chunk:
    """Words that move together. `kind`: N phrase, M time, Q with postposition, V verb, A auxiliary, W question word,
    S subject pronoun, O object pronoun, C conjunction, I call, R adverb, P adposition, T infinitive "to", E embedded."""

    __slots__ = ("kind", "lemma", "words")

    def __init__(self, kind: str, words: list[Word], lemma: str) -> None:
        self.kind, self.words, self.lemma = kind, words, lemma


def order(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Put verbs last, postpositions after their phrase, possessors and what else modifies before what they modify.

    A slot is arranged within itself, then moves as a whole.
    """
    return pair.with_words(_arranged(pair, _slots_closed(pair, resources, rng), resources, rng))


def _slots_closed(pair: Pair, resources: Resources, rng: random.Random) -> list[_Chunk]:
    """One chunk per word outside of slots, and one per slot, already in order within."""
    chunks: list[_Chunk] = []
    words, i = [_named(pair, word) for word in pair.words], 0
    while i < len(words):
        slot, end = pair.slot(words[i]), i + 1
        if slot < 0 and i + 1 < len(words) and _lemma(pair, words[i]) in ("what", "which", "that", "do"):
            words[i] = _before_noun(pair, words[i], words[i + 1 :], i and _lemma(pair, words[i - 1]))
        while slot >= 0 and end < len(words) and pair.slot(words[end]) == slot:
            end += 1
        if end == i + 1:
            chunks.append(_Chunk(_kind(pair, words[i]), [words[i]], _head_lemma(pair, words[i])))
        else:
            chunks.append(_inner(pair, words[i:end], resources, rng))
        i = end
    return chunks


def _named(pair: Pair, word: Word) -> Word:
    """An unknown "verb" inside a slot is a name."""
    if word.upos == "VERB" and word.origin in (COPY, "rule:transliterate") and pair.slot(word) >= 0:
        return replace(word, upos="PROPN", features=NOTHING)
    return word


def _before_noun(pair: Pair, word: Word, after: Sequence[Word], lemma_before: str) -> Word:
    """ "what" and "which" before a noun, "that" after "is", and "do" that only helps another verb."""
    lemma, nominal = _lemma(pair, word), after[0].upos in ("NOUN", "ADJ") and len(word.source) == 1
    if lemma == "do" and any(one.upos == "VERB" for one in after[:5]):
        return replace(word, upos="AUX", form="", origin="rule:urd.order")
    nominal = nominal and not any(_lemma(pair, one) in ("mean", "look", "cost") for one in after[1:3])
    if lemma in ("what", "which") and nominal and not _source(pair, word).endswith("'s"):
        return replace(word, form="کون سا", lemma="کون سا", upos="DET", origin="rule:urd.order")
    if lemma == "that" and nominal and lemma_before == "be":
        return replace(word, form="وہ", lemma="وہ", upos="DET", origin="rule:urd.order")
    return word


def _inner(pair: Pair, words: Sequence[Word], resources: Resources, rng: random.Random) -> _Chunk:
    kinds = [_kind(pair, word) for word in words]
    last = next((w for w, k in zip(reversed(words), reversed(kinds), strict=True) if k in "NM"), words[-1])
    kind = "N"
    if all(k in "NM" for k in kinds):
        inner, kind = list(words), "M" if kinds[-1] == "M" or kinds[0] == "M" else "N"
    else:
        chunks = [_Chunk(k, [w], _head_lemma(pair, w)) for w, k in zip(words, kinds, strict=True)]
        inner = _arranged(pair, chunks, resources, rng, infinitive=True)
        kind = "M" if "M" in kinds and "V" not in kinds else "N"
    return _Chunk(kind, inner, _head_lemma(pair, last))


def _kind(pair: Pair, word: Word) -> str:
    lemma, upos = _lemma(pair, word), word.upos
    if not word.source or "possessors" in word.origin:
        return "N"
    token = pair.tokens[word.source[0]]
    if lemma == "be" or token.upos == "AUX" and upos in ("VERB", "AUX"):
        return "A"
    if lemma in _TIMES and upos in ("NOUN", "PROPN", "ADV", "NUM", "ADJ") or word.origin in _TOLD:
        return "M"
    if lemma in _WH and len(word.source) == 1 and upos != "DET":
        return "W"
    if lemma == "there" and token.upos == "PRON":
        return "S"
    if upos == "PRON":
        form = _source(pair, word)
        if "PSS" in pair.tokens[word.source[0]].features or form in ("my", "your", "his", "its", "our", "their"):
            return "N"
        return "O" if form in ("me", "us", "him", "them") else "S" if form.partition("'")[0] in _SUBJECTS else "N"
    if upos == "PART" and lemma == "to":
        return "T"
    if upos == "ADP" or lemma in ("to", "of"):
        return "P"
    return {"VERB": "V", "AUX": "A", "CCONJ": "C", "SCONJ": "C", "INTJ": "I", "ADV": "R"}.get(upos, "N")


def _arranged(
    pair: Pair, chunks: list[_Chunk], resources: Resources, rng: random.Random, *, infinitive: bool = False
) -> list[Word]:
    """All clauses of an utterance, each with its verb last."""
    out: list[Word] = []
    clause = _Clause(pair, rng)
    clause.infinitive = infinitive
    phrases = _governed(pair, _phrases(pair, chunks))
    for k, chunk in enumerate(phrases):
        following = phrases[k + 1].kind if k + 1 < len(phrases) else ""
        if chunk.kind == "C" and (following in "VASW" or chunk.words[0].upos == "SCONJ"):
            out += clause.words(resources)
            clause = _Clause(pair, rng)
            clause.front.append(chunk)
        elif chunk.kind == "W" and not out and k == 0 and chunk.words[0].form == "جب":
            clause.add(_Chunk("W", [replace(chunk.words[0], form="کب", origin="rule:urd.order")], chunk.lemma))
        elif chunk.kind == "W" and clause.verbs and not clause.infinitive:
            out += clause.words(resources)
            clause = _Clause(pair, rng)
            clause.front.append(_Chunk("C", [_made("کہ", "SCONJ", "order")], "that"))
            clause.add(chunk)
        else:
            clause.add(chunk)
    return out + clause.words(resources)


def _phrases(pair: Pair, chunks: list[_Chunk]) -> list[_Chunk]:
    """Runs of nominal chunks as one, cut before and after a time; "and" joins two of them."""
    out: list[_Chunk] = []
    for k, chunk in enumerate(chunks):
        previous = out[-1] if out else None
        if chunk.kind == "C" and previous and previous.kind == "N" and chunk.words[0].upos == "CCONJ":
            if k + 1 < len(chunks) and chunks[k + 1].kind == "N":
                previous.words = [*previous.words, *chunk.words]
                continue
        if chunk.kind == "N" and previous and previous.kind == "N" and previous.lemma != "mine":
            previous.words = _owner_first(pair, previous.words, chunk.words)
            previous.lemma = chunk.lemma
        elif chunk.kind == "M" and previous and previous.kind == "N" and _only_modifiers(previous):
            out[-1] = _Chunk("M", [*previous.words, *chunk.words], chunk.lemma)
        else:
            out.append(_Chunk(chunk.kind, chunk.words, chunk.lemma))
    return out


def _owner_first(pair: Pair, before: list[Word], after: list[Word]) -> list[Word]:
    """ "All my lists" are my all lists."""
    swap = len(before) == len(after) == 1 and _lemma(pair, before[0]) in ("all", "both") and after[0].upos == "PRON"
    return [*after, *before] if swap else [*before, *after]


def _only_modifiers(chunk: _Chunk) -> bool:
    return all(word.upos in ("DET", "ADJ", "NUM") and word.form != "کون سا" for word in chunk.words)


def _governed(pair: Pair, chunks: list[_Chunk]) -> list[_Chunk]:
    """Adpositions after what they govern; "of", and "by" after a noun, as possession before the noun."""
    out: list[_Chunk] = []
    i = 0
    while i < len(chunks):
        chunk = chunks[i]
        following = chunks[i + 1] if i + 1 < len(chunks) else None
        if chunk.kind != "P" or following is None or following.kind not in "NMOSR":
            if chunk.kind != "P" or len(chunks) == 1:
                out.append(chunk)
        else:
            _govern(pair, out, chunk, following)
            i += 1
        i += 1
    return out


def _govern(pair: Pair, out: list[_Chunk], chunk: _Chunk, following: _Chunk) -> None:
    before = out[-1] if out and out[-1].kind in "NM" else None
    if before and (chunk.lemma == "of" or (chunk.lemma == "by" and following.kind == "N" and before.kind == "N")):
        ka = _made("کا", "ADP", "order")
        before.words = [*following.words, ka, *before.words]
    else:
        out.append(_Chunk("M" if following.kind == "M" else "Q", _postposed(pair, chunk, following, out), chunk.lemma))


def _postposed(pair: Pair, chunk: _Chunk, following: _Chunk, before: list[_Chunk]) -> list[Word]:
    """A phrase and its postposition, in the form that pronouns take before it."""
    word = chunk.words[0]
    form = _postposition(chunk.lemma, following, word.form)
    if form == "کو" and chunk.lemma == "to" and following.kind == "N":
        form = _goal(before, form)
    if following.kind in "OS" and len(following.words) == 1:
        who = _source(pair, following.words[0])
        pronoun = following.words[0]
        if form == "کو" and who in _DATIVE:
            return [replace(pronoun, form=_DATIVE[who], origin="rule:urd.order")]
        head, _, rest = form.partition(" ")
        if head in ("کے", "کی") and rest and who in _OF_ME:
            return [replace(pronoun, form=_OF_ME[who], origin="rule:urd.order"), replace(word, form=rest)]
        pronoun = replace(pronoun, form=_BARE.get(who, pronoun.form), origin="rule:urd.order")
        return [pronoun, replace(word, form=form)]
    return [*following.words, replace(word, form=form, upos="ADP", origin="rule:urd.order")] if form else following.words


def _goal(before: list[_Chunk], form: str) -> str:
    """ "To" after words of giving and telling is کو; a ticket or a train to a place is for it, a way goes as far as it."""
    lemmas = [chunk.lemma for chunk in before]
    if any(chunk.kind == "V" and chunk.lemma not in _GETTING and chunk.lemma not in _GOING for chunk in before):
        return form
    return "تک" if _GOING.intersection(lemmas) else "کے لیے" if before else form


_GETTING = frozenset("get book buy find need want reserve order check purchase show be give".split())
_GOING = frozenset("go drive travel walk ride direction direct way route distance take move fly".split())


def _postposition(adposition: str, following: _Chunk, form: str) -> str:
    """The postposition for an English adposition; the noun decides where English is vaguer."""
    lemma, time = following.lemma, following.kind == "M"
    match adposition:
        case "on" | "in" | "at" if lemma in _PLACES_IN:
            return "میں"
        case "on" if time:
            return "کو" if lemma in _DAYS or lemma in _MONTHS or following.words[-1].upos == "NUM" else ""
        case "at" if time or lemma in ("time", "moment"):
            return ""
        case "in" if time:
            return "" if lemma in _DAY_PARTS else "میں"
        case "to":
            return "میں" if lemma in _PLACES_IN else "تک" if time else "کو"
        case "in" | "into":
            return "میں"
        case "of":
            return "کا"
        case "at":
            return "پر"
        case _:
            return form


class _Clause:
    """One clause, gathered left to right."""

    def __init__(self, pair: Pair, rng: random.Random) -> None:
        self.pair, self.rng = pair, rng
        self.front: list[_Chunk] = []
        self.subject: list[_Chunk] = []
        self.dative: list[_Chunk] = []
        self.around: list[_Chunk] = []
        self.nouns: list[_Chunk] = []
        self.asked: list[_Chunk] = []
        self.verbs: list[_Chunk] = []
        self.helpers: list[_Chunk] = []
        self.embedded: list[_Clause] = []
        self.infinitive = self.question = self.begun = self.plain = False

    def add(self, chunk: _Chunk) -> None:
        if self.embedded:
            self.embedded[-1].add(chunk)
            return
        match chunk.kind:
            case "I":
                self.front.insert(0, chunk) if _source(self.pair, chunk.words[0]) == "please" else self.front.append(chunk)
                return
            case "A":
                self.question |= not self.begun
                self.helpers.append(chunk)
            case "V":
                self.plain |= not self.begun
                self._verb(chunk)
            case "T":
                self._embed()
            case "S":
                self._pronoun(chunk)
            case "O":
                self.dative.append(_with_form(self.pair, chunk, _DATIVE))
            case "W":
                self.asked.append(chunk)
            case "M" | "Q" | "R":
                self.around.append(chunk) if self.begun else self.front.append(chunk)
                return
            case "N" if self._called(chunk):
                self.front.append(chunk)
                return
            case _:
                self.nouns.append(chunk)
        self.begun = True

    def _called(self, chunk: _Chunk) -> bool:
        return not self.begun and chunk.lemma in _CALLS and len(chunk.words) == 1

    def _verb(self, chunk: _Chunk) -> None:
        if self.verbs and not chunk.words[0].features & {"V.MSDR", "V.PTCP"}:
            self._embed()
            self.embedded[-1].add(chunk)
        else:
            self.verbs.append(chunk)

    def _embed(self) -> None:
        inner = _Clause(self.pair, self.rng)
        inner.infinitive = inner.begun = True
        self.embedded.append(inner)

    def _pronoun(self, chunk: _Chunk) -> None:
        if self.verbs and _source(self.pair, chunk.words[0]) in _DATIVE and not self.subject and not self.asked:
            self.dative.append(_with_form(self.pair, chunk, _DATIVE))
        elif self.verbs and not self.helpers:
            self._embed()
            self.embedded[-1].add(chunk)
        else:
            self.subject.append(chunk)

    def words(self, resources: Resources) -> list[Word]:
        """The clause in order, its verb marked with what `verbs` has to say."""
        self._intend()
        embedded = [word for one in self.embedded for word in one.words(resources)]
        verb = self._predicate(resources)
        around = sorted(self.around[::-1], key=lambda chunk: chunk.kind != "M" and 1 + (chunk.lemma != "from"))
        self._mark_object()
        self._mark_known()
        groups = [self.front, self.subject, self.dative, around, self.nouns, self.asked]
        out = [word for group in groups for chunk in group for word in chunk.words]
        if self.question and not self.asked and (self.verbs or self.helpers):
            out.insert(sum(len(chunk.words) for chunk in self.front), _made("کیا", "PART", "order"))
        return [*out, *embedded, *verb]

    def _intend(self) -> None:
        """ "Is going to rain" is a future: the verb meant takes the place of "go"."""
        if len(self.embedded) != 1 or not self.verbs or self.verbs[0].lemma != "go":
            return
        if self.verbs[0].words[0].features & {"V.MSDR", "V.PTCP"} and self.embedded[0].verbs:
            inner = self.embedded.pop()
            self.verbs = inner.verbs
            self.around += inner.around
            self.nouns += inner.nouns
            self.helpers = [_Chunk("A", [_made("", "AUX", "order")], "will")]

    def _mark_object(self) -> None:
        """Who is called, told or invited takes کو; who is met or spoken with takes سے."""
        verb = self.verbs[0].words[0].lemma if self.verbs else ""
        mark = _OBJECTS.get(verb, "")
        if mark and len(self.nouns) == 1 and not any(c.lemma == "to" for c in self.around):
            self.nouns[0].words = [*self.nouns[0].words, _made(mark, "ADP", "order")]

    def _mark_known(self) -> None:
        """A definite object often takes کو."""
        if not self.plain or len(self.nouns) != 1 or self.rng.random() > 0.3:
            return
        chunk = self.nouns[0]
        source = chunk.words[0].source
        known = source and (self.pair.tokens[source[0] - 1].lemma == "the" or chunk.words[0].upos == "DET")
        if known and chunk.words[-1].upos in _NOUNS:
            chunk.words = [*chunk.words, _made("کو", "ADP", "order")]

    def _head(self) -> Word | None:
        """The noun that the verb agrees with."""
        chunks = self.nouns or [chunk for chunk in self.subject if chunk.kind == "N"]
        return next((word for word in reversed(chunks[-1].words) if word.upos in _NOUNS), None) if chunks else None

    def _who(self, resources: Resources) -> frozenset[str]:
        """Person, number and gender of the subject."""
        pronoun = self.subject[0].lemma if self.subject else ""
        if pronoun in _PERSON:
            return _PERSON[pronoun]
        head = self._head()
        if head is None:
            return frozenset({"3", "MASC"})
        return frozenset({"3", _gender(head, resources), "PL" if "PL" in head.features else "SG"})

    def _predicate(self, resources: Resources) -> list[Word]:
        helpers = {chunk.lemma: chunk.words[0] for chunk in self.helpers}
        short = self._contracted()
        if short and "be" not in helpers:
            helpers["be"] = short
        if not self.verbs:
            return self._copula(helpers, resources)
        main, rest = self.verbs[0], [word for chunk in self.verbs[1:] for word in chunk.words]
        word = main.words[0]
        if len(main.words) > 1:
            return [*main.words, *rest]
        if self.infinitive:
            return [replace(word, features=frozenset({"NFIN"})), *rest]
        special = {"have": self._having, "need": self._needing, "like": self._liking}.get(main.lemma)
        if special and len(word.source) == 1:
            found = special(word, helpers, resources)
            if found is not None:
                return [*found, *rest]
        if main.lemma == "like" and "would" in helpers:
            word = replace(word, lemma="چاہنا")
            helpers = {}
        if self.subject and self.subject[0].lemma == "it":
            self.subject = []
        return [replace(word, features=self._finite(word, helpers, resources)), *rest]

    def _finite(self, word: Word, helpers: dict[str, Word], resources: Resources) -> frozenset[str]:
        """What kind of verb form English's helpers and endings ask for, and the subject's person."""
        old = word.features
        negative = {"NEG"} if any("NEG" in self.pair.tokens[w.source[0]].features for w in helpers.values() if w.source) else set()
        past = {"PST"} if any("PST" in w.features for w in helpers.values()) else set()
        who = self._who(resources) | negative
        if helpers.keys() & _MODALS:
            return who | {"ABLE"}
        if helpers.keys() & {"should", "must", "shall"}:
            self._dative_subject()
            return who | {"OBLIG"}
        if helpers.keys() & {"will", "would"} or "FUT" in old:
            return who | {"FUT"}
        if "be" in helpers and old & {"V.MSDR", "V.PTCP"}:
            return who | past | {"PROG" if "V.MSDR" in old or "PRS" in old else "PRF"}
        if "have" in helpers:
            return self._done(word, who) | {"PRF"}
        bare = not self.subject and not helpers and _source(self.pair, word) == self.pair.tokens[word.source[0]].lemma
        if "IMP" in old and not self.subject and not helpers or self.plain and bare:
            return frozenset({"IMP"}) | negative
        if "PST" in old or past:
            return self._done(word, who) | {"PST"}
        if self.asked and "1" in who and "do" in helpers:
            return who | {"SBJV"}
        if old & {"V.MSDR"} and not self.subject:
            return frozenset({"NFIN"})
        return who | {"HAB"}

    def _done(self, word: Word, who: frozenset[str]) -> frozenset[str]:
        """A done deed is the subject's with نے, and its verb agrees with the object."""
        if word.lemma.rpartition(" ")[2] in _INTRANSITIVE or not self.subject:
            return who
        pronoun = self.subject[0].words[0]
        if _lemma(self.pair, pronoun) in _PERSON:
            self.subject[0].words = [pronoun, _made("نے", "PART", "order")]
        return who - {"1", "2", "PL"} | {"3"}

    def _dative_subject(self) -> None:
        if self.subject:
            word = self.subject[0].words[0]
            me = {"i": "me", "we": "us", "he": "him", "she": "her", "they": "them"}.get(_lemma(self.pair, word), "you")
            self.dative.insert(0, _Chunk("O", [replace(word, form=_DATIVE[me], origin="rule:urd.order")], me))
            self.subject = self.subject[1:]

    def _having(self, word: Word, helpers: dict[str, Word], resources: Resources) -> list[Word] | None:
        """ "I have x" is میرے پاس x ہے; "I have to" an obligation."""
        if not self.subject:
            return None
        if self.embedded:
            self._dative_subject()
            return [replace(word, lemma="ہونا", upos="AUX", features=frozenset({"COP", "3", "SG"}))]
        pronoun = self.subject[0].words[0]
        me = {"i": "me", "we": "us", "he": "him", "she": "her", "they": "them"}.get(_lemma(self.pair, pronoun), "you")
        own = f"{_OF_ME[me]} پاس" if self.rng.random() < 0.6 or not self._head() else _OF_ME[me][:-1] + "ا"
        owner = replace(pronoun, form=own, lemma=own, origin="rule:urd.order")
        self.subject = self.subject[1:]
        self.dative.append(_Chunk("S", [owner], me))
        head = self._head()
        who = frozenset({"3", _gender(head, resources), *(head.features & {"PL"})}) if head else frozenset({"3"})
        past = {"PST"} if "PST" in word.features or any("PST" in w.features for w in helpers.values()) else set()
        return [replace(word, lemma="ہونا", upos="AUX", features=who | past | {"COP"})]

    def _liking(self, word: Word, helpers: dict[str, Word], resources: Resources) -> list[Word] | None:
        """What "I like" is liked by me: مجھے x پسند ہے."""
        if not self.subject or helpers.keys() - {"do", "be"}:
            return None
        self._dative_subject()
        liked = replace(word, form="پسند", upos="ADV", features=NOTHING)
        return [liked, _copula_word(word, frozenset({"3"}))]

    def _needing(self, word: Word, helpers: dict[str, Word], resources: Resources) -> list[Word] | None:
        """ "I need x" is مجھے x چاہیے; "I need to do" مجھے کرنا ہے."""
        self._dative_subject()
        if self.embedded:
            return [replace(word, lemma="ہونا", upos="AUX", features=frozenset({"COP", "3", "SG"}))]
        if self.nouns and self.rng.random() < 0.5:
            self.nouns[-1].words = [*self.nouns[-1].words, _made("کا", "ADP", "order")]
            needed = _made("ضرورت", "NOUN", "order", word.source, frozenset({"SG"}))
            return [needed, _copula_word(word, frozenset({"3"}))]
        return [replace(word, form="چاہیے", upos="AUX", features=NOTHING, origin="rule:urd.order")]

    def _copula(self, helpers: dict[str, Word], resources: Resources) -> list[Word]:
        """A clause without a verb: "is" stays, the rest of the helpers goes."""
        if self.infinitive and not helpers:
            return []
        be = helpers.get("be")
        if self.subject and self.subject[0].lemma in ("it", "there") and (self.nouns or self.asked or self.around):
            self.subject = []
        if be is None and "have" in helpers and self.subject:
            return self._having(helpers["have"], helpers, resources) or []
        if be is None:
            return [word for chunk in self.helpers for word in chunk.words]
        who = self._who(resources)
        head = self._head()
        state = head is not None and _head_lemma(self.pair, head) in ("weather", "traffic", "climate")
        if not self.subject and len(self.asked) == 1 and (self.asked[0].lemma == "how" or state and self.asked[0].lemma == "what"):
            self.asked = [_with_word(self.asked[0], "کیسا", who)]
        tense = {"FUT"} if helpers.keys() & {"will", "would"} else be.features & {"PST"}
        return [replace(be, form="ہے", lemma="ہونا", upos="AUX", features=who | tense | {"COP"}, origin="rule:urd.order")]

    def _contracted(self) -> Word | None:
        """The "is" of "what's", "i'm", "there's"."""
        for chunk in (*self.asked, *self.subject):
            if _source(self.pair, chunk.words[0]).endswith(("'s", "'re", "'m")):
                return _made("ہے", "AUX", "order")
        return None


def _with_form(pair: Pair, chunk: _Chunk, forms: dict[str, str]) -> _Chunk:
    word = chunk.words[0]
    form = forms.get(_source(pair, word), word.form)
    return _Chunk(chunk.kind, [replace(word, form=form, lemma=form, origin="rule:urd.order")], chunk.lemma)




def _copula_word(word: Word, features: frozenset[str]) -> Word:
    return Word("ہے", "ہونا", "AUX", features | {"COP"}, word.source, "rule:urd.order", word.gloss)


def _with_word(chunk: _Chunk, form: str, features: frozenset[str]) -> _Chunk:
    word = chunk.words[0]
    form = _declined(form, "FEM" if "FEM" in features else "MASC", bool(features & {"PL"}))
    return _Chunk(chunk.kind, [replace(word, form=form, lemma=form, origin="rule:urd.order")], chunk.lemma)


# --- verb forms ---

_LIGHT_NOT = frozenset("دینا لینا آنا جانا ہونا سننا دیکھنا چاہنا لانا بتانا بھیجنا ڈھونڈنا پڑھنا".split())
_PERFECTIVE = {"کرنا": "کی", "جانا": "گئ", "دینا": "دی", "لینا": "لی", "ہونا": "ہو"}


def verbs(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Conjugate: polite and familiar commands, with and without دینا 'give'; can, habit, progress, past, future; loan verbs with کرنا."""
    command = _command_of(rng)
    return pair.with_words([_spoken(word, command) for word in pair.words])


def _command_of(rng: random.Random) -> str:
    draw = rng.random()
    return "polite" if draw < 0.45 else "familiar" if draw < 0.75 else "give" if draw < 0.9 else "give familiar"


def _spoken(word: Word, command: str) -> Word:
    if word.upos == "AUX" and "COP" in word.features:
        return replace(word, form=_be(word.features), origin="rule:urd.verbs")
    if word.upos != "VERB" or not word.features & _FORMS:
        return word
    lemma = word.lemma if word.lemma.endswith("نا") and word.origin != COPY else f"{word.form} کرنا"
    if word.origin in (COPY, "rule:transliterate"):
        lemma = f"{word.form} کرنا"
    head, space, last = lemma.rpartition(" ")
    form = head + space + ("نہ " if "IMP" in word.features else "نہیں ") * ("NEG" in word.features) + _form(last, word.features, command)
    return replace(word, form=form, origin="rule:urd.verbs")


_FORMS = frozenset({"IMP", "NFIN", "ABLE", "OBLIG", "FUT", "PROG", "PRF", "PST", "SBJV", "HAB"})


def _form(lemma: str, features: frozenset[str], command: str) -> str:
    stem = lemma[:-2]
    if "IMP" in features:
        return _imperative(lemma, stem, command)
    if "NFIN" in features:
        return lemma
    if "OBLIG" in features:
        return f"{lemma} چاہیے"
    if "ABLE" in features:
        return f"{stem} {_ending('سکتا', features)} {_be(features)}"
    if "PROG" in features:
        return f"{stem} {_ending('رہا', features)} {_be(features)}"
    if features & {"PST", "PRF"}:
        done = _perfective(lemma, stem, features)
        return f"{done} {_be(features - {'PST'})}" if "PRF" in features else done
    if "HAB" in features:
        return f"{_ending(stem + 'تا', features)} {_be(features)}"
    wish = _subjunctive(lemma, stem, features)
    return f"{wish} {_ending('گا', features)}" if "FUT" in features else wish


def _imperative(lemma: str, stem: str, command: str) -> str:
    if command.startswith("give") and lemma not in _LIGHT_NOT:
        return f"{stem} {'دیں' if command == 'give' else 'دو'}"
    if lemma in ("دینا", "لینا"):
        return stem[0] + ("یں" if command in ("polite", "give") else "و")
    return _joined(stem, "یں" if command in ("polite", "give") else "و")


def _joined(stem: str, ending: str) -> str:
    """A vowel stem puts hamza before an ending that begins with a vowel."""
    if stem.endswith(("ا", "و")):
        return stem + {"یں": "ئیں", "و": "ؤ", "وں": "ؤں", "ے": "ئے"}[ending]
    if stem.endswith("ی") and len(stem) < 4:
        return stem[:-1] + {"یں": "ئیں", "و": "یو", "وں": "یوں", "ے": "ئے"}[ending]
    return stem + ending


def _subjunctive(lemma: str, stem: str, features: frozenset[str]) -> str:
    ending = "وں" if {"1", "SG"} <= features else "یں" if features & {"2", "PL"} else "ے"
    if lemma in ("دینا", "لینا"):
        return stem[0] + ending
    if lemma == "ہونا":
        return {"وں": "ہوں", "یں": "ہوں", "ے": "ہو"}[ending]
    return _joined(stem, ending)


def _perfective(lemma: str, stem: str, features: frozenset[str]) -> str:
    gender = "FEM" if "FEM" in features else "MASC"
    if lemma in _PERFECTIVE:
        short = _PERFECTIVE[lemma]
        if lemma == "ہونا":
            return "ہوئی" if gender == "FEM" else "ہوئے" if "PL" in features else "ہوا"
        if lemma == "جانا":
            return "گئی" if gender == "FEM" else "گئے" if "PL" in features else "گیا"
        return short if gender == "FEM" else short[0] + ("یے" if "PL" in features else "یا")
    masculine = stem + ("یا" if stem.endswith(("ا", "و")) else "ا")
    if stem.endswith(("ا", "و")):
        return stem + "ئی" if gender == "FEM" else stem + "ئے" if "PL" in features else masculine
    return _declined(masculine, gender, "PL" in features)


def _ending(form: str, features: frozenset[str]) -> str:
    return _declined(form, "FEM" if "FEM" in features else "MASC", bool(features & {"PL"}))


def _be(features: frozenset[str]) -> str:
    if "FUT" in features:
        return "ہوگی" if "FEM" in features else "ہوں گے" if "PL" in features else "ہوگا"
    if "PST" in features:
        return "تھی" if "FEM" in features else "تھے" if "PL" in features else "تھا"
    if {"1", "SG"} <= features:
        return "ہوں"
    return "ہیں" if features & {"PL", "2"} else "ہے"


# --- agreement ---

_FEMININE = ("ی", "ت", "ش", "یں", "ں")
_FALSE_ALEF = frozenset("یا کیا سا".split())


def _gender(word: Word, resources: Resources) -> str:
    """From the paradigm table; else by the noun's ending."""
    for cell in resources.inflector.paradigms.cells.get(word.lemma, ()):
        if "FEM" in cell.features:
            return "FEM"
        if "MASC" in cell.features:
            return "MASC"
    return "FEM" if word.form.endswith(_FEMININE) and word.origin != COPY else "MASC"


def _declined(form: str, gender: str, oblique: bool) -> str:
    """An adjective, participle or possessor in -ā: -ī with feminines, -e with masculine plurals and before postpositions."""
    if not form.endswith("ا") or form in _FALSE_ALEF or len(form) < 2:
        return form
    if form == "نیا":
        return "نئی" if gender == "FEM" else "نئے" if oblique else form
    return form[:-1] + ("ی" if gender == "FEM" else "ے" if oblique else "ا")


def agree(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Nouns in the plural and before postpositions; adjectives, کا and میرا agree with the noun that follows them."""
    words = list(pair.words)
    gender, many, oblique, after = "MASC", False, False, None
    for k in range(len(words) - 1, -1, -1):
        word = words[k]
        governed = after is not None and after.upos == "ADP"
        if word.upos in _NOUNS:
            if after is None or after.upos not in _NOUNS:
                time = bool(word.source) and _lemma(pair, word) in _TIMES
                gender, many, oblique = _gender(word, resources), "PL" in word.features, governed or time
                counted = time and k > 0 and words[k - 1].upos == "NUM" and _lemma(pair, word) in _UNITS
                words[k] = _noun(word, gender, many, oblique and not counted, resources)
        elif word.upos == "VERB" and governed and word.form.endswith("نا"):
            words[k] = replace(word, form=word.form[:-1] + "ے")
        elif word.upos in ("ADJ", "DET", "PRON", "ADP", "NUM") and word.origin != COPY:
            if governed and word.upos in ("DET", "PRON") or oblique and word.form in _OBLIQUE:
                words[k] = replace(word, form=_OBLIQUE.get(word.form, word.form))
            elif word.form.endswith("ا"):
                words[k] = replace(word, form=_declined(word.form, gender, many or oblique))
        elif word.upos in ("ADV", "SCONJ", "CCONJ"):
            gender, many, oblique = "MASC", False, False
        after = words[k]
    return pair.with_words(words)


def _noun(word: Word, gender: str, many: bool, oblique: bool, resources: Resources) -> Word:
    if word.origin == COPY or not (many or oblique):
        return word
    wanted = frozenset({"N", "ACC" if oblique else "NOM", "PL" if many else "SG"})
    for cell in resources.inflector.paradigms.cells.get(word.lemma, ()):
        if wanted <= cell.features:
            return replace(word, form=cell.form, origin="paradigm:table")
    return word
