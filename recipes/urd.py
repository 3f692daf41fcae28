"""Urdu: words that look like names, articles, clock, dates and possessors. `urd_clauses` and `urd_verbs` follow."""

import random
from itertools import pairwise

from lowres.clock import Clock, retell
from lowres.english import MONTHS, OPENERS, WHEN
from lowres.pair import COPY, NOTHING, Pair, Word, changed, inserted
from lowres.rules import Resources
from lowres.rules.phrases import NOUNS
from lowres.rules.rereading import COMPARED, by_entry, common_word, compared, spelt_letter

_TIMES = WHEN | frozenset("am pm a.m. p.m. daily weekly monthly".split())

_PHRASE = frozenset({"NOUN", "PROPN", "ADJ", "DET", "NUM", "PRON", "X", "SYM", "PART"})


# --- words that the tagger took for names ---

_COMMON, _POSSESSORS = "rule:urd.common_words", "rule:urd.possessors"


def common_words(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Read a word that was taken for a name as the word that the lexicon has; an opening one as a command.

    Speech has no capitals, so that "cancel the alarm" and "jazz" look like names.
    """
    words, opening = list(pair.words), True
    for k, word in enumerate(words):
        if letter := spelt_letter(pair, word, resources):
            words[k] = inserted(letter, "PROPN", _COMMON, word.source)
        elif word.features & COMPARED and len(word.source) == 1 and word.upos == "ADJ":
            words[k] = compared(pair, word, resources, _COMMON, "زیادہ ", "سب سے ")
        elif word.upos == "VERB" and word.source and _is_adjective(pair, word):
            found = by_entry(pair, word, resources, ("ADJ",), (pair.form(word),))
            words[k] = changed(found, features=NOTHING) if found is not word else word
        else:
            words[k] = common_word(pair, word, resources, opening and k + 1 < len(words))
        opening = opening and pair.lemma(word) in OPENERS
    return pair.with_words(words)


def _is_adjective(pair: Pair, word: Word) -> bool:
    """Whether a participle may be an adjective before its noun ("the following events")."""
    i = word.source[-1] + 1
    token = pair.tokens[word.source[0]]
    return token.form != token.lemma and i < len(pair.tokens) and pair.tokens[i].upos in ("NOUN", "PROPN", "ADJ")


def articles(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """No "the"; "a" is 'one' where a speaker says it at all, about once in five."""
    out = []
    for word in pair.words:
        lemma = pair.lemma(word) if word.upos == "DET" or word.origin == COPY else ""
        if lemma in ("a", "an") and len(word.source) == 1 and rng.random() < 0.2:
            out.append(changed(word, form="ایک", lemma="ایک", upos="NUM", origin="rule:urd.articles"))
        elif lemma not in ("a", "an", "the") or len(word.source) != 1:
            out.append(word)
    return pair.with_words(out)


# --- clock and dates ---

_NUMBERS = (
    "بارہ ایک دو تین چار پانچ چھ سات آٹھ نو دس گیارہ بارہ تیرہ چودہ پندرہ سولہ سترہ اٹھارہ انیس بیس اکیس بائیس تئیس "
    "چوبیس پچیس چھبیس ستائیس اٹھائیس انتیس تیس اکتیس بتیس تینتیس چونتیس پینتیس چھتیس سینتیس اڑتیس انتالیس چالیس "
    "اکتالیس بیالیس تینتالیس چوالیس پینتالیس چھیالیس سینتالیس اڑتالیس انچاس پچاس اکاون باون ترپن چون پچپن چھپن ستاون "
    "اٹھاون انسٹھ"
).split()
_ORDINAL = {name: number for number, name in enumerate(
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split()
)} | {"thirtieth": 30}  # fmt: skip
_DAY_WORDS = MONTHS | _ORDINAL.keys()


def clock(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Tell the hour with بجے, the part of the day before it; ساڑھے is half past, سوا and پونے are the quarters."""
    return retell(pair, _say, "rule:urd.clock")


def _say(time: Clock) -> str:
    if time.period in ("noon", "midnight") and time.minute == 0:
        return "دوپہر بارہ بجے" if time.period == "noon" else "رات بارہ بجے"
    hour = time.hour12
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
    if time.period in ("evening", "night"):
        return "شام" if time.period == "evening" else "رات"
    hour = time.hour24
    return "صبح" if 4 <= hour < 12 else "دوپہر" if 12 <= hour < 16 else "شام" if 16 <= hour < 19 else "رات"


def dates(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Put the day, as a plain number, before the month: "june twenty seventh" is ستائیس جون."""
    if not any(token.form in _DAY_WORDS for token in pair.tokens):
        return pair
    words = [_cardinal(pair, word) for word in pair.words]
    for k, (first, second) in enumerate(pairwise(words)):
        if pair.lemma(first) in MONTHS and _is_day(pair, second) and pair.slot(first) == pair.slot(second):
            words[k], words[k + 1] = second, first
        elif _is_day(pair, first) and [pair.lemma(one) in MONTHS for one in words[k + 2 : k + 3]] == [True]:
            if pair.lemma(second) == "of" and pair.slot(first) == pair.slot(second):
                words[k + 1] = changed(second, form="")
    return pair.with_words([word for word in words if word.form])


def _is_day(pair: Pair, word: Word) -> bool:
    return word.upos == "NUM" or "rule:urd.dates" in word.origin


def _cardinal(pair: Pair, word: Word) -> Word:
    """An ordinal next to a month, or one said alone as a date, as a number."""
    if not word.source or word.upos == "NUM":
        return word
    number = _ORDINAL.get(pair.tokens[word.source[-1]].form)
    if number is None or (len(word.source) == 1 and not _by_month(pair, word)):
        return word
    tens = {"twenty": 20, "thirty": 30}.get(pair.form(word), 0) if len(word.source) == 2 else 0
    form = _NUMBERS[tens + number]
    return changed(word, form=form, lemma=form, upos="NUM", origin="rule:urd.dates")


def _by_month(pair: Pair, word: Word) -> bool:
    """Whether a month stands within two tokens, or nothing follows that the ordinal could count."""
    i, tokens = word.source[0], pair.tokens
    near = {token.lemma for token in tokens[max(0, i - 2) : i + 3]}
    last = i + 1 == len(tokens) or tokens[i + 1].upos not in _PHRASE
    return bool(near & (MONTHS - {"may"})) or last


def possessors(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """ "'s" is کا after its noun; a noun that qualifies another often takes it too (موسم کی خبر)."""
    out: list[Word] = []
    for k, word in enumerate(pair.words):
        following = pair.words[k + 1] if k + 1 < len(pair.words) else None
        if word.upos == "PART" and pair.lemma(word) == "'s":
            out.append(changed(word, form="کا", lemma="کا", upos="ADP", origin=_POSSESSORS))
            continue
        out.append(word)
        if word.upos in NOUNS and word.source:
            owner = "PSS" in pair.tokens[word.source[-1]].features and following is not None
            if owner or following is not None and _qualifies(pair, word, following) and rng.random() < 0.5:
                out.append(inserted("کا", "ADP", _POSSESSORS, word.source[-1:] if _inside(pair, word, following) else ()))
    return pair.with_words(out)


def _inside(pair: Pair, word: Word, following: Word | None) -> bool:
    """Whether کا belongs to the slot of its noun: where English has "'s", and between two words of one slot."""
    slot = pair.slot(word)
    return slot >= 0 and ("PSS" in word.features or following is not None and pair.slot(following) == slot)


def _qualifies(pair: Pair, word: Word, following: Word) -> bool:
    both = word.upos == "NOUN" and following.upos == "NOUN" and following.origin != COPY and word.origin != COPY
    return both and pair.lemma(word) not in _TIMES and pair.lemma(following) not in _TIMES and bool(following.source)
