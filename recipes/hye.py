"""Eastern Armenian: words that look like names, the clock and dates. `hye_verbs` and `hye_nouns` follow."""

import random

from lowres.clock import Clock, retell
from lowres.pair import COPY, NOTHING, Pair, Word, changed
from lowres.rules import Resources

_MONTHS = frozenset("january february march april may june july august september october november december".split())
_CALLS = frozenset("please hey hi hello ok okay olly alexa siri google now kindly can could would you".split())


def _lemma(pair: Pair, word: Word) -> str:
    return pair.tokens[word.source[0]].lemma if word.source else ""


def _source(pair: Pair, word: Word) -> str:
    return pair.tokens[word.source[0]].form.lower() if word.source else ""


def _made(form: str, upos: str, rule: str, source: tuple[int, ...] = ()) -> Word:
    return Word(form, form, upos, NOTHING, source, f"rule:hye.{rule}")


# --- words that the tagger took for names ---


def common_words(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Read a word that was taken for a name as the word that the lexicon has; an opening one as a command.

    Speech has no capitals, so that "cancel the alarm" and "jazz" look like names. Spelt letters are named one by one.
    """
    words, opening = list(pair.words), True
    for k, word in enumerate(words):
        if word.form[:1].isupper() and word.source and _source_is_lower(pair, word):
            words[k] = word = changed(word, form=word.form.lower(), lemma=word.lemma.lower())
        if len(word.source) == 1:
            words[k] = _reread(pair, word, resources, opening and k + 1 < len(words))
        opening = opening and _lemma(pair, word) in _CALLS
    return pair.with_words(words)


def _source_is_lower(pair: Pair, word: Word) -> bool:
    return pair.tokens[word.source[0]].form.islower()


def _reread(pair: Pair, word: Word, resources: Resources, opening: bool) -> Word:
    form = _source(pair, word)
    following = pair.tokens[word.source[0] + 1] if word.source[0] + 1 < len(pair.tokens) else None
    if word.upos == "PRON" and form in _NEAR and following is not None and following.upos in ("NOUN", "ADJ"):
        return changed(word, form=_NEAR[form], lemma=_NEAR[form], upos="DET")
    if word.upos == "VERB" and following is not None and following.upos in _NOMINAL and form != _lemma(pair, word):
        options, _ = resources.lexicon.ranked((form,), "ADJ")
        if options and options[0].upos == "ADJ" and options[0].score > 2:
            return changed(word, form=options[0].form, lemma=options[0].form, upos="ADJ", features=NOTHING)
    if word.upos == "VERB" and word.source[0] and _is_noun(pair, word):
        found = _common(pair, word, resources, False, ("NOUN",))
        return changed(found, features=NOTHING) if found is not word else word
    if len(form) == 2 and form[1] == "." and f"^{form[0]}$" in resources.letters:
        return _made(resources.letters[f"^{form[0]}$"], "PROPN", "common_words", word.source)
    if word.upos in ("ADJ", "ADV") and word.features & {"CMPR", "SPRL"}:
        return _compared(pair, word, resources)
    if word.origin == COPY and word.upos in ("PROPN", "X", "INTJ", "VERB", "ADJ", "ADV"):
        return _common(pair, word, resources, opening)
    return _common(pair, word, resources, True) if opening and _is_mistaken(pair, word, resources) else word


_NOMINAL = frozenset({"NOUN", "PROPN", "ADJ"})
_NEAR = {"this": "այս", "that": "այդ", "these": "այս", "those": "այդ"}


def _is_noun(pair: Pair, word: Word) -> bool:
    """Whether a bare "verb" stands where only a noun can: after a determiner, an adjective or a possessor."""
    token, before = pair.tokens[word.source[0]], pair.tokens[word.source[0] - 1]
    return token.form == token.lemma and (
        before.upos in ("DET", "ADJ") or "PSS" in before.features or before.form == "do"
    )


def _is_mistaken(pair: Pair, word: Word, resources: Resources) -> bool:
    """Whether an opening "noun" is a command: only a collected lexicon has it as a noun ("play music"), or a
    determiner, a pronoun or a name follows it ("book uber")."""
    if word.upos not in ("NOUN", "ADJ"):
        return False
    options, _ = resources.lexicon.ranked((_lemma(pair, word),), "NOUN")
    i = word.source[-1] + 1
    following = pair.tokens[i].upos if i < len(pair.tokens) else ""
    return (
        following in ("DET", "PRON", "PROPN")
        or word.upos == "NOUN"
        and not any(one.upos == "NOUN" and one.score > 2 for one in options)
    )


def _common(
    pair: Pair, word: Word, resources: Resources, opening: bool, kinds: tuple[str, ...] = ("NOUN", "ADJ", "VERB")
) -> Word:
    keys, inside = (_lemma(pair, word), _source(pair, word)), pair.slot(word) >= 0
    for upos in ("VERB", "NOUN", "ADJ") if opening else kinds[:2] if inside else kinds:
        options, _ = resources.lexicon.ranked(keys, upos)
        if options and options[0].upos == upos and options[0].score > 2:
            features = frozenset({"IMP", "2"}) if upos == "VERB" and opening else word.features - {"SG"}
            return Word(options[0].form, options[0].form, upos, features, word.source, options[0].lexicon, word.gloss)
    return _loan_verb(pair, word) if opening else word


def _loan_verb(pair: Pair, word: Word) -> Word:
    """An opening word that no lexicon has, before an article or a pronoun, is a command as well."""
    i = word.source[-1] + 1
    if word.origin == COPY and i < len(pair.tokens) and pair.tokens[i].upos in ("DET", "PRON"):
        return changed(word, upos="VERB", features=frozenset({"IMP", "2"}))
    return word


def _compared(pair: Pair, word: Word, resources: Resources) -> Word:
    """A comparative by its own entry; else with ավելի 'more', a superlative with ամենա- 'most'."""
    options, _ = resources.lexicon.ranked((_source(pair, word),), word.upos)
    if options:
        return changed(word, form=options[0].form, lemma=options[0].form, origin=options[0].lexicon)
    more = "ավելի " if "CMPR" in word.features else "ամենա"
    return word if word.origin == COPY else changed(word, form=more + word.form, origin="rule:hye.common_words")


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
_DAY_WORDS = _MONTHS | _ORDINAL.keys()
_CLOCK_WORDS = frozenset(_CARDINAL) | {"noon", "midday", "midnight", "half", "quarter"}


def _at(number: int) -> str:
    """A number in the dative, as days and hours are told: քսանմեկին."""
    if number <= 20:
        return _DATIVE_NUMBERS[number]
    tens, unit = divmod(number, 10)
    return _TENS[tens] + (_DATIVE_NUMBERS[unit] if unit else "ին")


def clock(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Tell the hour in the dative after the part of the day (առավոտյան ութին), half past as անց կես."""
    if not any(token.form in _CLOCK_WORDS or token.form[0].isdigit() for token in pair.tokens):
        return pair
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
    if not any(token.form in _DAY_WORDS for token in pair.tokens):
        return pair
    words = [_day(pair, word) for word in pair.words]
    for k in range(len(words) - 1):
        if _lemma(pair, words[k + 1]) == "of" and k + 2 < len(words) and _lemma(pair, words[k + 2]) in _MONTHS:
            if words[k].origin == _DATE and pair.slot(words[k]) == pair.slot(words[k + 2]):
                words[k], words[k + 1], words[k + 2] = _month(words[k + 2]), changed(words[k + 1], form=""), words[k]
        elif words[k].origin == _DATE and _lemma(pair, words[k + 1]) in _MONTHS:
            words[k], words[k + 1] = _month(words[k + 1]), words[k]
        elif words[k + 1].origin == _DATE and _lemma(pair, words[k]) in _MONTHS:
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
    tens = {"twenty": 20, "thirty": 30}.get(_source(pair, word), 0) if len(word.source) == 2 else 0
    return changed(word, form=_at(tens + number), upos="NUM", origin=_DATE)


def _is_date(pair: Pair, word: Word, ordinal: bool) -> bool:
    """Beside a month; an ordinal also where nothing follows that it could count."""
    tokens, first, last = pair.tokens, word.source[0], word.source[-1]
    before = tokens[first - 1].lemma if first else ""
    after = [token.lemma for token in tokens[last + 1 : last + 3]]
    if before in _MONTHS or after[:1] and after[0] in _MONTHS or after[:1] == ["of"] and after[-1] in _MONTHS:
        return not (before == "may" or after[:1] == ["may"]) or ordinal
    nominal = last + 1 < len(tokens) and tokens[last + 1].upos in ("NOUN", "PROPN", "ADJ", "NUM")
    return ordinal and not nominal
