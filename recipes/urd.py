"""Urdu: words that look like names, articles, clock, dates and possessors. `urd_clauses` and `urd_verbs` follow."""

import random
from itertools import pairwise

from lowres.clock import Clock, retell
from lowres.pair import COPY, NOTHING, Pair, Word, changed
from lowres.rules import Resources

_TIMES = frozenset((
    "today tomorrow yesterday tonight now week weekend month year morning afternoon evening night noon midnight day "
    "hour minute monday tuesday wednesday thursday friday saturday sunday january february march april june july "
    "august september october november december am pm a.m. p.m. weekday daily weekly monthly currently"
).split())  # fmt: skip
_MONTHS = frozenset("january february march april may june july august september october november december".split())
_CALLS = frozenset("please hey hi hello ok okay olly alexa siri google now kindly can could would you".split())
_NOUNS = frozenset({"NOUN", "PROPN"})
_PHRASE = frozenset({"NOUN", "PROPN", "ADJ", "DET", "NUM", "PRON", "X", "SYM", "PART"})


def _lemma(pair: Pair, word: Word) -> str:
    return pair.tokens[word.source[0]].lemma if word.source else ""


def _source(pair: Pair, word: Word) -> str:
    return pair.tokens[word.source[0]].form.lower() if word.source else ""


def _made(form: str, upos: str, rule: str, source: tuple[int, ...] = (), features: frozenset[str] = NOTHING) -> Word:
    return Word(form, form, upos, features, source, f"rule:urd.{rule}")


# --- words that the tagger took for names ---


def common_words(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Read a word that was taken for a name as the word that the lexicon has; an opening one as a command.

    Speech has no capitals, so that "cancel the alarm" and "jazz" look like names.
    """
    words, opening = list(pair.words), True
    for k, word in enumerate(words):
        letter = _source(pair, word) if len(word.source) == 1 else ""
        if len(letter) == 2 and letter[1] == "." and f"^{letter[0]}$" in resources.letters:
            words[k] = _made(resources.letters[f"^{letter[0]}$"], "PROPN", "common_words", word.source)
        elif word.features & {"CMPR", "SPRL"} and len(word.source) == 1 and word.upos == "ADJ":
            words[k] = _compared(pair, word, resources)
        elif word.upos == "VERB" and word.source and _is_adjective(pair, word):
            found = _reread(pair, word, resources, False, ("ADJ",))
            words[k] = changed(found, features=NOTHING) if found is not word else word
        elif (
            word.origin == COPY and len(word.source) == 1 and word.upos in ("PROPN", "X", "INTJ", "VERB", "ADJ", "ADV")
        ):
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
        return changed(word, form=options[0].form, lemma=options[0].form, origin=options[0].lexicon)
    more = "زیادہ" if "CMPR" in word.features else "سب سے"
    return word if word.origin == COPY else changed(word, form=f"{more} {word.form}", origin="rule:urd.common_words")


def _is_mistaken(pair: Pair, word: Word, resources: Resources) -> bool:
    """Whether an opening "noun" is a command: only a collected lexicon has it as a noun ("play music"), or a
    determiner, a pronoun or a name follows it ("book uber")."""
    if word.upos not in ("NOUN", "ADJ") or not word.source:
        return False
    options, _ = resources.lexicon.ranked((_lemma(pair, word),), "NOUN")
    i = word.source[-1] + 1
    following = pair.tokens[i].upos if i < len(pair.tokens) else ""
    return (
        following in ("DET", "PRON", "PROPN")
        or word.upos == "NOUN"
        and not any(one.upos == "NOUN" and one.score > 2 for one in options)
    )


def _is_adjective(pair: Pair, word: Word) -> bool:
    """Whether a participle may be an adjective before its noun ("the following events")."""
    i = word.source[-1] + 1
    token = pair.tokens[word.source[0]]
    return token.form != token.lemma and i < len(pair.tokens) and pair.tokens[i].upos in ("NOUN", "PROPN", "ADJ")


def _reread(
    pair: Pair, word: Word, resources: Resources, opening: bool, kinds: tuple[str, ...] = ("NOUN", "ADJ", "VERB")
) -> Word:
    lemma, form = _lemma(pair, word), _source(pair, word)
    inside = pair.slot(word) >= 0
    for upos in ("VERB", "NOUN", "ADJ") if opening else kinds[:2] if inside else kinds:
        options, _ = resources.lexicon.ranked((form,) if kinds == ("ADJ",) else (lemma, form), upos)
        if options and options[0].upos == upos and options[0].score > 2:
            best = options[0]
            features = frozenset({"IMP", "2"}) if upos == "VERB" and opening else word.features - {"SG"}
            return Word(best.form, best.form, upos, features, word.source, best.lexicon, word.gloss)
    return _loan_verb(pair, word) if opening else word


def _loan_verb(pair: Pair, word: Word) -> Word:
    """An opening word that no lexicon has, before an article or a pronoun, is a command as well."""
    i = word.source[-1] + 1
    if word.origin == COPY and i < len(pair.tokens) and pair.tokens[i].upos in ("DET", "PRON"):
        return changed(word, upos="VERB", features=frozenset({"IMP", "2"}))
    return word


def articles(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """No "the"; "a" is 'one' where a speaker says it at all, about once in five."""
    out = []
    for word in pair.words:
        lemma = _lemma(pair, word) if word.upos == "DET" or word.origin == COPY else ""
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
_DAY_WORDS = _MONTHS | _ORDINAL.keys()
_CLOCK_WORDS = frozenset("one two three four five six seven eight nine ten eleven twelve noon midday midnight".split())


def clock(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Tell the hour with بجے, the part of the day before it; ساڑھے is half past, سوا and پونے are the quarters."""
    if not any(token.form in _CLOCK_WORDS or token.form[0].isdigit() for token in pair.tokens):
        return pair
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
        if _lemma(pair, first) in _MONTHS and _is_day(pair, second) and pair.slot(first) == pair.slot(second):
            words[k], words[k + 1] = second, first
        elif _is_day(pair, first) and [_lemma(pair, one) in _MONTHS for one in words[k + 2 : k + 3]] == [True]:
            if _lemma(pair, second) == "of" and pair.slot(first) == pair.slot(second):
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
    tens = {"twenty": 20, "thirty": 30}.get(_source(pair, word), 0) if len(word.source) == 2 else 0
    form = _NUMBERS[tens + number]
    return changed(word, form=form, lemma=form, upos="NUM", origin="rule:urd.dates")


def _by_month(pair: Pair, word: Word) -> bool:
    """Whether a month stands within two tokens, or nothing follows that the ordinal could count."""
    i, tokens = word.source[0], pair.tokens
    near = {token.lemma for token in tokens[max(0, i - 2) : i + 3]}
    last = i + 1 == len(tokens) or tokens[i + 1].upos not in _PHRASE
    return bool(near & (_MONTHS - {"may"})) or last


def possessors(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """ "'s" is کا after its noun; a noun that qualifies another often takes it too (موسم کی خبر)."""
    out: list[Word] = []
    for k, word in enumerate(pair.words):
        following = pair.words[k + 1] if k + 1 < len(pair.words) else None
        if word.upos == "PART" and _lemma(pair, word) == "'s":
            out.append(changed(word, form="کا", lemma="کا", upos="ADP", origin="rule:urd.possessors"))
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
    return (
        both and _lemma(pair, word) not in _TIMES and _lemma(pair, following) not in _TIMES and bool(following.source)
    )
