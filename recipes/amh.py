"""Amharic: the clock that starts at dawn, dates, noun endings, prefixes, head-final order (verbs: amh_verbs.py)."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from lowres.clock import Clock, retell
from lowres.english import MONTHS, WHEN
from lowres.ordering import slots_whole
from lowres.pair import COPY, NOTHING, Pair, Word
from lowres.rules import Resources
from lowres.rules.phrases import NOUNS

_U, _E, _SIXTH, _O = 1, 4, 5, 6  # places of the vowels in a consonant's row of eight syllable signs
_WH = frozenset({"what", "who", "whom", "when", "where", "why", "how"})
_TIMES = (WHEN - MONTHS - {"weekday"}) | frozenset("daily weekly monthly later here outside nearby".split())
_ORDER = "rule:amh.order"
_WHEN = _TIMES | MONTHS
_CARDINALS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
_ORDINALS = dict(zip(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth thirtieth".split(),
    [*_CARDINALS, "seventeen", "eighteen", "nineteen", "twenty", "thirty"],
    strict=True,
)) | {"twelveth": "twelve"}  # fmt: skip
# Before and after the phrase; the first is the usual one.
_AROUND = {
    "in": (("በ", "ውስጥ"), ("", "ውስጥ"), ("", "ላይ"), ("በ", "")),
    "on": (("", "ላይ"), ("በ", "ላይ"), ("በ", "")),
    "at": (("", "ላይ"), ("በ", "")),
    "to": (("ወደ", ""), ("ለ", "")),
    "around": (("በ", "አካባቢ"), ("በ", "ዙሪያ")),
    "near": (("በ", "አቅራቢያ"), ("በ", "አካባቢ")),
    "of": (("የ", ""),), "for": (("ለ", ""),), "from": (("ከ", ""),), "about": (("ስለ", ""),), "by": (("በ", ""),),
    "off": (("ከ", ""),), "with": (("ከ", "ጋር"),), "after": (("ከ", "በኋላ"),), "before": (("ከ", "በፊት"),),
    "between": (("በ", "መካከል"),), "since": (("ከ", "ጀምሮ"),), "under": (("ከ", "በታች"),), "above": (("ከ", "በላይ"),),
    "over": (("ከ", "በላይ"),), "during": (("በ", "ጊዜ"),), "within": (("በ", "ውስጥ"),), "inside": (("በ", "ውስጥ"),),
    "through": (("በ", "በኩል"),), "except": (("ከ", "በስተቀር"),),
}  # fmt: skip
_ATTACHED = frozenset("በ ለ ከ የ".split())
_PHRASE = frozenset({"NOUN", "PROPN", "ADJ", "DET", "NUM", "PRON", "X", "SYM"})
_NUMBERS = ("", *"አንድ ሁለት ሶስት አራት አምስት ስድስት ሰባት ስምንት ዘጠኝ".split())
_TENS = ("", "አስራ", "ሃያ", "ሰላሳ", "አርባ", "ሃምሳ")


def _number(value: int) -> str:
    if value in (0, 10):
        return "አስር" if value else "ዜሮ"
    return f"{_TENS[value // 10]} {_NUMBERS[value % 10]}".strip()


def clock(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Tell the time: hours count from six in the morning and the part of the day goes first (ከጠዋቱ አንድ ሰዓት 'seven am').

    Times that were heard in English are as often repeated by the foreign dial (ሰባት ኤ. ኤም.), so some are told so.
    """
    return retell(pair, lambda time: _dawn(time, rng) if rng.random() < 0.4 else _dial(time, rng), "rule:amh.clock")


def _dawn(time: Clock, rng: random.Random) -> str:
    hour = (time.hour24 - 6) % 12 or 12
    return f"{_part(time, rng)}{_number(hour)} ሰዓት{_minutes(time.minute)}"


def _part(time: Clock, rng: random.Random) -> str:
    if not time.period:
        return ""
    part = next(name for end, name in _PARTS if time.hour24 < end)
    return f"{part} " if rng.random() < 0.4 else f"{_OF_PART[part]} "


_PARTS = ((4, "ሌሊት"), (6, "ንጋት"), (12, "ጠዋት"), (18, "ከሰዓት"), (20, "ምሽት"), (25, "ማታ"))
_OF_PART = {"ሌሊት": "ከሌሊቱ", "ንጋት": "ከንጋቱ", "ጠዋት": "ከጠዋቱ", "ከሰዓት": "ከሰዓት", "ምሽት": "ከምሽቱ", "ማታ": "ከምሽቱ"}


def _minutes(minute: int, half: str = " ተኩል") -> str:
    return {0: "", 15: " ከሩብ", 30: half}.get(minute) or (f" ከ{_number(minute)}" if minute else "")


def _dial(time: Clock, rng: random.Random) -> str:
    if time.period in _MIDDLE:
        return _MIDDLE[time.period]
    told = _number(time.hour12) + _minutes(time.minute, " ተኩል" if rng.random() < 0.3 else " ከሰላሳ")
    half = {"am": " ኤ. ኤም.", "pm": " ፒ. ኤም."}.get(time.period, "")
    if time.period and not half:
        return f"{_part(time, rng)}{told} ሰዓት"
    return told + (" ሰዓት" if rng.random() < 0.3 else "") + half


_MIDDLE = {"noon": "እኩለ ቀን", "midnight": "እኩለ ሌሊት"}


def dates(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """The month before the day, and the day a plain number: መጋቢት አምስት 'the fifth of March'."""
    words = list(pair.words)
    for k, word in enumerate(words):
        if word.source and _lemma(pair, word) in MONTHS and word.upos == "PROPN":
            start, end = _day(pair, words, k)
            if start < end:
                day = [_cardinal(pair, one, resources) for one in words[start:end] if one.upos in ("NUM", "ADJ")]
                low, high = min(start, k), max(end, k + 1)
                words[low:high] = [word, *day]
    return pair.with_words(words)


def _day(pair: Pair, words: Sequence[Word], k: int) -> tuple[int, int]:
    """The number words beside the month at `k`, in the month's slot: after it, or before it with "of" between."""
    slot = pair.slot(words[k])
    end = k + 1
    while end < len(words) and end < k + 3 and _counts(pair, words[end], slot):
        end += 1
    if end > k + 1:
        return k + 1, end
    start = stop = k - 1 if k and _lemma(pair, words[k - 1]) == "of" and pair.slot(words[k - 1]) == slot else k
    while start and stop - start < 2 and _counts(pair, words[start - 1], slot):
        start -= 1
    return (start, k) if start < stop else (k, k)


def _counts(pair: Pair, word: Word, slot: int) -> bool:
    return pair.slot(word) == slot and (word.upos == "NUM" or pair.form(word) in _ORDINALS)


def _cardinal(pair: Pair, word: Word, resources: Resources) -> Word:
    number = _ORDINALS.get(pair.form(word))
    options = resources.lexicon.ranked((number,), "NUM")[0] if number else ()
    return replace(word, form=options[0].form, upos="NUM", origin="rule:amh.dates") if options else word


def nouns(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Plurals in -ኦች, "the" as an ending with the object's -ን in commands, "my" before the noun or as its ending."""
    words: list[Word] = []
    command = definite = owned = False
    for word, following in zip(pair.words, [*pair.words[1:], None], strict=False):
        lemma = _lemma(pair, word)
        noun_next = following is not None and following.upos == "NOUN"
        governed = bool(words) and words[-1].upos == "ADP"
        command |= word.upos == "VERB" and "IMP" in word.features
        if lemma == "the" and pair.slot(word) < 0:
            definite = command and not governed
        elif lemma == "my" and pair.slot(word) < 0 and noun_next and rng.random() < 0.3:
            owned = True
        elif lemma in ("this", "that") and noun_next:
            words.append(_pointing(word, lemma, command and not governed))
        elif word.upos == "NOUN" and word.origin != COPY:
            head = following is None or following.upos not in NOUNS or _lemma(pair, following) in _TIMES
            words.append(_ended(pair, word, definite and head and lemma not in _TIMES, owned and head))
            definite, owned = definite and not head, owned and not head
        else:
            definite, owned = (definite, owned) if word.upos in _PHRASE else (False, False)
            words.append(word)
    return pair.with_words(words)


def _pointing(word: Word, lemma: str, is_object: bool) -> Word:
    """This and that before a noun; what a command acts on has the object's form."""
    forms = ("ይህ", "ይህን") if lemma == "this" else ("ያ", "ያንን")
    return replace(word, form=forms[is_object], upos="DET", origin="rule:amh.nouns")


_PLURALS = ("ች", "ዜና", "እንስሳት", "ቃላት", "መጻሕፍት", "ሩፒ", "ዶላር")


def _ended(pair: Pair, word: Word, definite: bool, owned: bool) -> Word:
    form = word.form
    token = pair.tokens[word.source[-1]] if word.source else None
    if token and "PL" in token.features and token.form.lower() != token.lemma and not form.endswith(_PLURALS):
        form = _with_vowel(form, _O) + "ች" if _ends_in_consonant(form) else form + "ዎች"
    if owned:
        form = _with_vowel(form, _E) if _ends_in_consonant(form) else form + "ዬ"
    elif definite:
        form = (_with_vowel(form, _U) if _ends_in_consonant(form) else form + "ው") + "ን"
    return replace(word, form=form, origin="rule:amh.nouns") if form != word.form else word


def order(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Head-final order: greeting, time and place, objects, question word, then the verbs with the first one last.

    "of" turns its two phrases round under the prefix የ-; the other prefixes are written on the phrase or, before a
    slot, as often apart from it.
    """
    clauses = sorted(_clauses(pair), key=lambda clause: not (clause and _lemma(pair, clause[0]) == "if"))
    words = [word for clause in clauses for word in _arranged(pair, clause, rng)]
    return pair.with_words(words) if slots_whole(pair, words) else pair


def _clauses(pair: Pair) -> Iterable[list[Word]]:
    """Runs of words up to a conjunction that begins another clause."""
    clause: list[Word] = []
    for k, word in enumerate(pair.words):
        joins = word.upos in ("CCONJ", "SCONJ") and pair.slot(word) < 0
        if joins and _has_verb(clause) and _has_verb(pair.words[k + 1 :]):
            yield clause
            clause = []
        clause.append(word)
    yield clause


def _has_verb(words: Iterable[Word]) -> bool:
    return any(word.upos in ("VERB", "AUX") for word in words)


def _arranged(pair: Pair, clause: list[Word], rng: random.Random) -> list[Word]:
    """The clause's phrases sorted by what they do; each sort keeps its order, the verbs turn theirs round."""
    first, places, asked, verbs = [], [], [], []
    things: list[list[Word]] = []
    for phrase in _phrases(pair, clause):
        head, lemma = phrase[-1], _lemma(pair, phrase[0])
        alone = len(phrase) == 1
        if phrase[0].upos == "ADP" and not alone:
            said = _adposition(pair, phrase, rng, things[-1] if things else [])
            if lemma == "of" and things:
                things[-1] = [*said, *things[-1]]
            else:
                places += said
        elif head.upos == "VERB" and alone:
            verbs.append(phrase)
        elif head.upos == "AUX":
            _add_helper(verbs, head)
        elif alone and (lemma == "please" or (head.upos in ("INTJ", "CCONJ", "SCONJ") and not things and not places)):
            first += phrase
        elif alone and lemma in _WH and head.upos in ("PRON", "ADV", "DET", "SCONJ"):
            asked += phrase
        elif _lemma(pair, head) in _TIMES and "PSS" not in head.features:
            places += phrase
        else:
            things.append(_linked(pair, phrase, rng))
    nouns, ends = [word for thing in things for word in thing], [word for group in reversed(verbs) for word in group]
    if len(asked) == 1 and asked[0].form == "ምን" and ends and ends[0].upos == "AUX":
        asked, ends = _asked(pair, nouns, asked[0], ends, rng)
    return [*first, *places, *nouns, *asked, *ends]


def _add_helper(verbs: list[list[Word]], helper: Word) -> None:
    """An inserted auxiliary follows its verb; a copula ends its clause: the sentence, or what is told in it."""
    if helper.form == "እንደሆነ":
        verbs.append([helper])
    elif verbs and helper.lemma != "ነው":
        verbs[-1].append(helper)
    else:
        verbs.insert(0, [helper])


def _asked(pair: Pair, things: list[Word], what: Word, ends: list[Word], rng: random.Random) -> tuple[list[Word], list[Word]]:
    """'What is' asks how much (ስንት) of what can be counted, what it looks like of a state, else ምንድን."""
    copula, *rest = ends
    lemma = next((_lemma(pair, word) for word in reversed(things) if word.source), "")
    many = any("PL" in word.features and word.upos == "NOUN" for word in things[-1:])
    if lemma in _COUNTED:
        return [replace(what, form="ስንት")], [replace(copula, form="ነው") if copula.form == "ናቸው" else copula, *rest]
    if copula.form not in ("ነው", "ናቸው"):
        return [replace(what, form="ምንድን")] if copula.form == "ነበር" else [what], ends
    if lemma in _STATES and rng.random() < 0.7:
        what, copula = (("ምን", "ይመስላል"), ("እንዴት", "ነው"))[rng.random() < 0.4]
        return [replace(ends[0], form=what, source=())], [replace(ends[0], form=copula), *rest]
    if rng.random() < 0.3:
        return [], [replace(copula, form="ምንድናቸው" if many else "ምንድነው"), *rest]
    return [replace(what, form="ምንድን")], [replace(copula, form="ናቸው" if many else copula.form), *rest]


_COUNTED = frozenset("time date price rate cost number temperature age population height distance value exchange".split())
_STATES = frozenset("weather forecast status condition situation temperature traffic climate".split())


def _phrases(pair: Pair, clause: Sequence[Word]) -> list[list[Word]]:
    """Slots and runs of modifiers up to their noun, with an adposition before them; all other words alone."""
    phrases: list[list[Word]] = []
    for k, word in enumerate(clause):
        before = clause[k - 1] if k else None
        slot = pair.slot(word)
        joined = before is not None and (
            (slot >= 0 and slot == pair.slot(before))
            or (before.upos == "ADP" and (word.upos in _PHRASE or slot >= 0) and pair.slot(before) < 0)
            or (_modifies(pair, before, word))
        )
        if joined:
            phrases[-1].append(word)
        else:
            phrases.append([word])
    return phrases


def _modifies(pair: Pair, before: Word, word: Word) -> bool:
    if before.upos not in _PHRASE or word.upos not in _PHRASE or word.upos in ("DET", "PRON"):
        return False
    if _lemma(pair, before) in _WH and before.upos == "PRON" and word.upos not in NOUNS:
        return False
    if before.upos == "PRON" and _lemma(pair, before) == "what" and word.source[:1] != (before.source[-1] + 1,):
        return False
    timely = _lemma(pair, word) in _TIMES and _lemma(pair, before) not in _TIMES and before.upos in NOUNS
    return not timely and (before.upos != "PRON" or _lemma(pair, before) in ("what", "my"))


def _linked(pair: Pair, phrase: list[Word], rng: random.Random) -> list[Word]:
    """Owners in -'s and, more often than not, nouns before nouns take the prefix የ-."""
    out: list[Word] = []
    for word, following in pairwise([*phrase, None]):
        owner = "PSS" in word.features and word.upos in NOUNS
        if owner or (
            following is not None
            and word.upos == "NOUN"
            and following.upos == "NOUN"
            and pair.slot(word) != pair.slot(following)
            and not word.form.startswith("የ")
            and rng.random() < 0.4
        ):
            out += _prefixed(pair, "የ", [word], rng)
        else:
            out.append(word)
    return out


def _adposition(pair: Pair, phrase: list[Word], rng: random.Random, thing: list[Word]) -> list[Word]:
    """A phrase with what stands before and after it in place of the English preposition.

    A place that tells which `thing` is meant may end in ያለ- 'that is'.
    """
    adposition, *rest = phrase
    before, after = _around(pair, adposition, rest, rng)
    source = () if pair.slot(adposition) < 0 else adposition.source
    rest = _linked(pair, rest, rng)
    said = _prefixed(pair, before, rest, rng, source) if before else list(rest)
    if after:
        said.append(Word(after, after, "ADP", NOTHING, source, _ORDER, adposition.gloss))
    if thing and after in ("ውስጥ", "ላይ") and rng.random() < 0.15:
        which = "ያሉ" if "PL" in thing[-1].features else "ያለው"
        said.append(Word(which, which, "ADP", NOTHING, source, _ORDER, ""))
    return said


def _around(pair: Pair, adposition: Word, rest: list[Word], rng: random.Random) -> tuple[str, str]:
    """(before, after) the phrase; times often go without anything, people are addressed with ለ-."""
    lemma = _lemma(pair, adposition)
    choices = _AROUND.get(lemma, ((adposition.form, ""),))
    times = {_lemma(pair, rest[0]), _lemma(pair, rest[-1])} & _WHEN
    if lemma in ("on", "at", "in", "for") and times:
        return ("", "") if rng.random() < 0.5 else ("በ", "")
    return choices[0] if rng.random() < 0.5 else choices[int(rng.random() * len(choices))]


def _prefixed(pair: Pair, prefix: str, phrase: list[Word], rng: random.Random, source: tuple[int, ...] = ()) -> list[Word]:
    """`phrase` with a prefix: on its first word, or as a word of its own (always so for the longer ones)."""
    first, *rest = phrase
    apart = prefix not in _ATTACHED or (pair.slot(first) >= 0 and not source and rng.random() < 0.5)
    if apart:
        return [Word(prefix, prefix, "ADP", NOTHING, source, _ORDER, ""), *phrase]
    form = _AFTER_PREFIX.get(first.form, first.form)
    return [replace(first, form=_once(prefix, form), source=(*source, *first.source), origin=_ORDER), *rest]


_AFTER_PREFIX = {"ይህ": "ዚህ", "ይህን": "ዚህ", "ያ": "ዚያ", "ያንን": "ዚያ"}


def _once(prefix: str, form: str) -> str:
    """A prefix on a form; a genitive keeps its የ- only where no other prefix comes before it."""
    if form[:1] == "የ" and len(form) > 1 and form not in ("የካቲት", "የን", "የት"):
        return form if prefix == "የ" else prefix + form[1:]
    return prefix + form


def _lemma(pair: Pair, word: Word) -> str:
    """The source lemma that a word begins with, a possessive's form ("my"); '' for inserted words."""
    if not word.source:
        return ""
    token = pair.tokens[word.source[0]]
    return token.form.lower() if "PSS" in token.features and token.upos in ("PRON", "DET") else token.lemma


def _with_vowel(form: str, vowel: int) -> str:
    return form[:-1] + chr((ord(form[-1]) & ~7) + vowel)


def _ends_in_consonant(form: str) -> bool:
    return bool(form) and "\u1200" <= form[-1] < "\u1358" and ord(form[-1]) % 8 == _SIXTH
