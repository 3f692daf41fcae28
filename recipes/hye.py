"""Eastern Armenian: words that look like names, the clock and dates. `hye_verbs` and `hye_nouns` follow."""

import random

from lowres.clock import Clock, retell
from lowres.english import MONTHS, OPENERS
from lowres.numerals import CARDINALS
from lowres.pair import NOTHING, Pair, Word, changed, inserted
from lowres.rules import Resources
from lowres.rules.rereading import COMPARED, by_entry, common_word, compared, spelt_letter

# --- words that the tagger took for names ---

_COMMON = "rule:hye.common_words"


def common_words(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Read a word that was taken for a name as the word that the lexicon has; an opening one as a command.

    Speech has no capitals, so that "cancel the alarm" and "jazz" look like names. Spelt letters are named one by one.
    """
    words, opening = list(pair.words), True
    for k, word in enumerate(words):
        if word.form[:1].isupper() and word.source and pair.tokens[word.source[0]].form.islower():
            words[k] = word = changed(word, form=word.form.lower(), lemma=word.lemma.lower())
        if len(word.source) == 1:
            words[k] = _reread(pair, word, resources, opening and k + 1 < len(words))
        opening = opening and pair.lemma(word) in OPENERS
    return pair.with_words(words)


def _reread(pair: Pair, word: Word, resources: Resources, opening: bool) -> Word:
    form = pair.form(word)
    following = pair.tokens[word.source[0] + 1] if word.source[0] + 1 < len(pair.tokens) else None
    if word.upos == "PRON" and form in _NEAR and following is not None and following.upos in ("NOUN", "ADJ"):
        return changed(word, form=_NEAR[form], lemma=_NEAR[form], upos="DET")
    if word.upos == "VERB" and following is not None and following.upos in _NOMINAL and form != pair.lemma(word):
        options, _ = resources.lexicon.ranked((form,), "ADJ")
        if options and options[0].upos == "ADJ" and options[0].score > 2:
            return changed(word, form=options[0].form, lemma=options[0].form, upos="ADJ", features=NOTHING)
    if word.upos == "VERB" and word.source[0] and _is_noun(pair, word):
        found = by_entry(pair, word, resources, ("NOUN",))
        return changed(found, features=NOTHING) if found is not word else word
    if letter := spelt_letter(pair, word, resources):
        return inserted(letter, "PROPN", _COMMON, word.source)
    if word.upos in ("ADJ", "ADV") and word.features & COMPARED:
        return compared(pair, word, resources, _COMMON, "ավելի ", "ամենա")
    return common_word(pair, word, resources, opening)


_NOMINAL = frozenset({"NOUN", "PROPN", "ADJ"})
_NEAR = {"this": "այս", "that": "այդ", "these": "այս", "those": "այդ"}


def _is_noun(pair: Pair, word: Word) -> bool:
    """Whether a bare "verb" stands where only a noun can: after a determiner, an adjective or a possessor."""
    token, before = pair.tokens[word.source[0]], pair.tokens[word.source[0] - 1]
    return token.form == token.lemma and (before.upos in ("DET", "ADJ") or "PSS" in before.features or before.form == "do")


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
_CARDINAL = {word: number for word, number in CARDINALS.items() if number <= 30}
_DAY_WORDS = MONTHS | _ORDINAL.keys()


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
    hour = time.hour12
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
    if not any(token.form in _DAY_WORDS for token in pair.tokens):
        return pair
    words = [_day(pair, word) for word in pair.words]
    for k in range(len(words) - 1):
        if pair.lemma(words[k + 1]) == "of" and k + 2 < len(words) and pair.lemma(words[k + 2]) in MONTHS:
            if words[k].origin == _DATE and pair.slot(words[k]) == pair.slot(words[k + 2]):
                words[k], words[k + 1], words[k + 2] = _month(words[k + 2]), changed(words[k + 1], form=""), words[k]
        elif words[k].origin == _DATE and pair.lemma(words[k + 1]) in MONTHS:
            words[k], words[k + 1] = _month(words[k + 1]), words[k]
        elif words[k + 1].origin == _DATE and pair.lemma(words[k]) in MONTHS:
            words[k] = _month(words[k])
    return pair.with_words([word for word in words if word.form])


_DATE = "rule:hye.dates"


def _month(word: Word) -> Word:
    form = word.lemma if word.lemma.endswith("ի") else word.lemma + "ի"
    return changed(word, form=form.replace("հունվարի", "հունվարի"), upos="ADJ", origin="rule:hye.month")


def _day(pair: Pair, word: Word) -> Word:
    """An ordinal as a date, or a number beside a month, in the dative."""
    if not word.source or len(word.source) > 2:
        return word
    last = pair.tokens[word.source[-1]].form
    number = _ORDINAL.get(last) or (_CARDINAL.get(last) if word.upos == "NUM" else None)
    if number is None or not _is_date(pair, word, last in _ORDINAL):
        return word
    tens = {"twenty": 20, "thirty": 30}.get(pair.form(word), 0) if len(word.source) == 2 else 0
    return changed(word, form=_at(tens + number), upos="NUM", origin=_DATE)


def _is_date(pair: Pair, word: Word, ordinal: bool) -> bool:
    """Beside a month; an ordinal also where nothing follows that it could count."""
    tokens, first, last = pair.tokens, word.source[0], word.source[-1]
    before = tokens[first - 1].lemma if first else ""
    after = [token.lemma for token in tokens[last + 1 : last + 3]]
    if before in MONTHS or after[:1] and after[0] in MONTHS or after[:1] == ["of"] and after[-1] in MONTHS:
        return not (before == "may" or after[:1] == ["may"]) or ordinal
    nominal = last + 1 < len(tokens) and tokens[last + 1].upos in ("NOUN", "PROPN", "ADJ", "NUM")
    return ordinal and not nominal
