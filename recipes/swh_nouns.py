"""Swahili nouns: the noun comes first, what modifies it follows and agrees with its class."""

import random
from functools import lru_cache

from lowres.morphology import Inflector
from lowres.ordering import slot_units
from lowres.pair import COPY, NOTHING, Pair, Word, changed, make_word
from lowres.rules import Resources
from lowres.rules.grammar import is_article
from lowres.rules.phrases import NOMINAL, NOUNS

_ORIGIN = "rule:swh_nouns.nouns"

# --- noun classes and agreement ---

# class: subject prefix, consonant before -a and possessives, -o of reference, 'this', 'that', adjective prefix
_CLASSES = {
    int(row[0]): row[1:]
    for row in (
        line.split()
        for line in """1 a w ye huyu huyo m
        2 wa w o hawa hao wa
        3 u w o huu huo m
        4 i y yo hii hiyo mi
        5 li l lo hili hilo -
        6 ya y yo haya hayo ma
        7 ki ch cho hiki hicho ki
        8 vi vy vyo hivi hivyo vi
        9 i y yo hii hiyo n
        10 zi z zo hizi hizo n
        11 u w o huu huo m
        15 ku kw ko huku huko ku
        16 pa p po hapa hapo pa""".splitlines()
    )
}
_PLURAL = {1: 2, 3: 4, 5: 6, 7: 8, 9: 10, 11: 10}
_PLURALS = frozenset({2, 4, 6, 8, 10})
_TAGS = {number: frozenset({f"BANTU{number}"}) for number in _CLASSES}
_NUMBER_OF = {f"BANTU{number}": number for number in _CLASSES}
_CLASS_FEATURES = frozenset(_NUMBER_OF)
_LINKS = frozenset(f"{row[1]}a" for row in _CLASSES.values())
_VOWELS = frozenset("aeiou")
_SHAPES = {
    "ki": ("vi", 7), "vi": ("vi", 8), "ma": ("ma", 6), "mi": ("mi", 4), "ku": ("ku", 15), "wa": ("wa", 2),
    "u": ("u", 11),
}  # fmt: skip


def _class_of(word: Word) -> int:
    """The noun class that `nouns` gave to the head of a phrase; 0 for any other word."""
    for feature in word.features:
        if feature in _NUMBER_OF:
            return _NUMBER_OF[feature]
    return 0


def _class_in(words: list[Word]) -> int:
    """The class of the first word that has one; 9, that of most loanwords, where none has."""
    return next((number for number in map(_class_of, words) if number), 9)


@lru_cache(maxsize=1 << 14)
def _noun(noun: str, plural: bool, inflector: Inflector) -> tuple[str, int]:
    """(form, class) by the paradigm table, else guessed from the noun's shape; a phrase's head is its first word."""
    head, space, rest = noun.partition(" ")
    number = "PL" if plural else "SG"
    form, found = head, 0
    for cell in inflector.paradigms.cells.get(head, ()):
        if number in cell.features:
            form, found = cell.form, next((_NUMBER_OF[f] for f in cell.features if f in _NUMBER_OF), 0)
            break
    for lemma in () if found else inflector.paradigms.lemmas.get(head, ()):
        cells = inflector.paradigms.cells.get(lemma, ())
        found = next((_NUMBER_OF[f] for c in cells if c.form == head for f in c.features if f in _NUMBER_OF), 0)
    if not found:
        form, found = _guessed(head, plural)
    link, _, others = rest.partition(" ")
    return form + space + (f"{_CLASSES[found][1]}a {others}" if link in _LINKS and others else rest), found


def _guessed(head: str, plural: bool) -> tuple[str, int]:
    prefix, (many, number) = "", ("", 9)
    if len(head) > 4 and not head.endswith("ni"):
        if head[0] == "m" and head[1] not in _VOWELS:
            prefix, (many, number) = "m", ("mi", 3)
        else:
            prefix = next((one for one in _SHAPES if head.startswith(one)), "")
            many, number = _SHAPES.get(prefix, ("", 9))
    return (many + head[len(prefix) :], _PLURAL.get(number, number)) if plural else (head, number)


_STEMS = frozenset((
    "zuri baya kubwa dogo refu fupi pya gumu tamu kali chache chafu ekundu eusi eupe epesi embamba zito pana nene kavu "
    "bichi bivu bovu geni gonjwa changa jinga kuu ema erevu pumbavu tupu vivu zima takatifu chungu vumilivu tulivu zee"
).split())  # fmt: skip
_COUNTED = {"moja": "moja", "mbili": "wili", "tatu": "tatu", "nne": "nne", "tano": "tano", "nane": "nane"}
_OTHER = {
    1: "mw",
    2: "we",
    3: "mw",
    4: "mi",
    5: "li",
    6: "me",
    7: "ki",
    8: "vi",
    9: "nyi",
    10: "nyi",
    11: "mw",
    15: "kwi",
    16: "pe",
}
_MANY = {
    1: "mwi",
    2: "we",
    3: "mwi",
    4: "mi",
    5: "ji",
    6: "me",
    7: "ki",
    8: "vi",
    9: "nyi",
    10: "nyi",
    11: "mwi",
    15: "kwi",
    16: "pe",
}
_POSSESSIVES = frozenset({"angu", "ako", "ake", "etu", "enu", "ao"})


@lru_cache(maxsize=1 << 14)
def _agree(form: str, number: int) -> str:
    """A modifier's citation form in agreement with a noun of that class; what does not agree stays."""
    subject, link, reference, this, that, _ = _CLASSES[number]
    first, space, rest = form.partition(" ")
    if first == "ya" and rest:
        return f"{link}a {rest}"
    if first in _POSSESSIVES or first in ("ote", "enye", "enyewe"):
        person = "mw" if number == 1 and first[0] == "e" and first != "etu" and first != "enu" else link
        return person + form
    if first == "oyote":
        return ("yeyote" if number == 1 else f"{link}o{link}ote") + space + rest
    if first in ("hii", "hizi", "hiyo", "hizo"):
        return this if first in ("hii", "hizi") else that
    if first in ("ingine", "ingi"):
        return (_OTHER[number] + "ngine" if first == "ingine" else _MANY[number] + "ngi") + space + rest
    if first == "ipi":
        return {1: "yu", 2: "we"}.get(number, subject) + "pi"
    if first == "ngapi":
        return {2: "wa", 4: "mi", 6: "ma", 8: "vi"}.get(number, "") + form
    return _relative(form, subject, reference) or _adjective(first, number) + space + rest


def _relative(form: str, subject: str, reference: str) -> str:
    """A verb that modifies a noun, cited in class 9 (iliyopita, inayofuata, ijayo); '' for other words."""
    for start, tense in (("iliyo", "li"), ("inayo", "na"), ("isiyo", "si"), ("ijayo", "ja")):
        if form.startswith(start):
            return f"{subject}{tense}{reference}{form[5:]}"
    if form.startswith("ninayoi"):
        return f"nina{reference}{'m' if subject == 'a' else subject}{form[7:]}"
    return f"amba{reference}{form[6:]}" if form.startswith("ambayo") else ""


def _adjective(stem: str, number: int) -> str:
    prefix = _CLASSES[number][5]
    if stem in _COUNTED:
        if number in (9, 10) or number == 5:
            return stem
        return ("m" if number in (1, 3, 11) else prefix) + _COUNTED[stem]
    if stem not in _STEMS:
        return stem
    if stem[0] == "e":
        start = {
            "m": "mw",
            "wa": "w",
            "mi": "my",
            "-": "j",
            "ma": "m",
            "ki": "ch",
            "vi": "vy",
            "n": "ny",
            "ku": "kw",
            "pa": "p",
        }
        return "njema" if stem == "ema" and number in (9, 10) else start[prefix] + stem
    if stem == "pya" and prefix in ("n", "-"):
        return "mpya" if prefix == "n" else "jipya"
    if prefix == "-":
        return stem
    if prefix == "n":
        nasal = {"b": "m", "d": "n", "g": "n", "z": "n", "v": "m"}.get(stem[0], "")
        return "ndefu" if stem == "refu" else nasal + stem
    return prefix + stem


# --- noun phrases ---

_KIN = frozenset("mama baba dada kaka rafiki marafiki bibi babu shangazi binamu nyanya ndugu mbwa paka".split())
_FIRST = frozenset({"kila", "baadhi ya", "hakuna", "aina gani ya", "mojawapo ya"})
_QUANTITIES = frozenset({"ote", "oyote"})
_LATER = frozenset({"gani", "ngapi", "ipi", "hii", "hizi", "hiyo", "hizo", "zaidi", "kadhaa", "fulani"})
_TIME_HEADS = frozenset((
    "leo kesho jana jumatatu jumanne jumatano alhamisi ijumaa jumamosi jumapili asubuhi mchana jioni usiku alasiri "
    "wikendi wiki mwezi mwaka saa tarehe januari februari machi aprili mei juni julai agosti septemba oktoba novemba "
    "desemba"
).split())  # fmt: skip
_PARTS = frozenset({"asubuhi", "mchana", "jioni", "usiku", "alasiri"})
_OF_TIME = ("ili", "ija", "ina", "hii", "kila", "hiyo", "hizi", "ya mwisho", "ya kwanza")


def _head(form: str) -> str:
    return form.partition(" ")[0]


def _is_time(word: Word) -> bool:
    return _head(word.form) in _TIME_HEADS and word.gloss not in ("time", "hour", "hours", "clock", "watch")


def nouns(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """No articles; the noun comes first and its possessor, adjective, number and demonstrative follow in its class.

    Noun upon noun is joined by -a in the first one's class: orodha ya nyimbo, wimbo wa kanisa.
    """
    out: list[Word] = []
    run: list[Word] = []
    for word in pair.words:
        if is_article(pair, word):
            continue
        if word.upos in NOMINAL or "PSS" in word.features or word.form in _POSSESSIVES:
            run.append(word)
            continue
        if run:
            out.extend(_phrases(pair, run, resources))
            run = []
        out.append(word)
    if run:
        out.extend(_phrases(pair, run, resources))
    return pair.with_words(out)


def _phrases(pair: Pair, run: list[Word], resources: Resources) -> list[Word]:
    """A run of modifiers and nouns as phrases: a word of time after other words starts its own."""
    if len(run) == 1 and run[0].upos in NOUNS:
        return [_named(run[0]) if _is_time(run[0]) else _head_noun(run[0], [], resources)]
    out: list[Word] = []
    start = 0
    for i in range(1, len(run)):
        if _is_time(run[i]) and not _is_time(run[i - 1]) and not run[i - 1].form.startswith(_OF_TIME):
            same = (
                pair.slot_of[run[i].source[0]] == pair.slot_of[run[i - 1].source[0]] >= 0
                if run[i].source and run[i - 1].source
                else False
            )
            later = any(w.upos in NOUNS and not _is_time(w) for w in run[i + 1 :])
            if not later and not same and run[i - 1].upos != "NUM":
                out.extend(_closed(pair, run[start:i], resources))
                start = i
    return out + _closed(pair, run[start:], resources)


def _closed(pair: Pair, run: list[Word], resources: Resources) -> list[Word]:
    last = max((i for i, word in enumerate(run) if word.upos in NOUNS), default=-1)
    head = _phrase(pair, run[: last + 1], resources) if last >= 0 else []
    number = _class_in(head)
    return head + [_modifier(word, number) for word in run[last + 1 :]]


def _modifier(word: Word, number: int) -> Word:
    form = _agree(word.form, number) if word.origin != COPY else word.form
    return word if form == word.form else changed(word, form=form, origin=_ORIGIN)


def _phrase(pair: Pair, run: list[Word], resources: Resources) -> list[Word]:
    """One noun phrase in Swahili order; its first noun gets the class as a feature."""
    units = slot_units(pair, run)
    if len(units) == 1:
        units = [[word] for word in run]
    *before, last = units
    if _is_name(run) or all(_is_time(word) for word in run):
        return [_bare(word) if k else _named(word) for k, word in enumerate(run)]
    if len(last) > 1:
        head = _phrase(pair, last, resources)
    else:
        head = [_head_noun(last[0], [w for unit in before for w in unit], resources)]
    number = _class_in(head)
    places: tuple[list[Word], ...] = ([], [], [], [], [], [])
    for unit in reversed(before):
        place, words = _placed(pair, unit, head[0], number, resources)
        places[place].extend(words)
    first, possessor, adjectives, numerals, later, linked = places
    if possessor and len(head) == 1:
        head, rest = _opened(pair, head[0])
        possessor += rest
    return [*reversed(first), *head, *possessor, *adjectives, *numerals, *later, *linked]


def _opened(pair: Pair, head: Word) -> tuple[list[Word], list[Word]]:
    """A noun with its own -a phrase lets the possessive between: orodha *yangu* ya ununuzi; a slot is never opened."""
    noun, _, rest = head.form.partition(" ")
    link, _, others = rest.partition(" ")
    if link not in _LINKS or not others or pair.slot(head) >= 0:
        return [head], []
    modifier, _, gloss = head.gloss.rpartition(" ")
    tail = make_word(rest, others, "NOUN", NOTHING, head.source, head.origin, modifier)
    return [changed(head, form=noun, gloss=gloss)], [tail] if modifier else [changed(tail, gloss=gloss)]


def _placed(pair: Pair, unit: list[Word], head: Word, number: int, resources: Resources) -> tuple[int, list[Word]]:
    """(place, words) of a modifier; 0 before the noun, 1 possessive, 2 adjective, 3 number, 4 later, 5 joined by -a."""
    word = unit[0]
    if len(unit) == 1 and word.upos not in NOUNS and not (word.origin == COPY and word.upos == "ADJ") and not _is_time(word):
        if word.form in _POSSESSIVES and _head(head.form) in _KIN:
            number = 9 if number == 1 else 10
        agreed = _modifier(word, number)
        if word.form in _FIRST:
            return 0, [agreed]
        if word.form in _POSSESSIVES or _head(word.form) in _QUANTITIES:
            return 1, [agreed]
        if _head(word.form) in _LATER:
            return 4, [agreed]
        return (3 if word.upos == "NUM" else 5 if word.form.startswith("ya ") else 2), [agreed]
    inner = _phrase(pair, unit, resources) if len(unit) > 1 else [_bare(word)]
    inner = [changed(one, features=one.features - _CLASS_FEATURES) if _class_of(one) else one for one in inner]
    return 5, [_link(pair, head, inner[0], number), *inner]


def _link(pair: Pair, head: Word, modifier: Word, number: int) -> Word:
    """The connective -a; inside a slot it belongs to the slot."""
    same = head.source and modifier.source and pair.slot(head) == pair.slot(modifier) >= 0
    form = _CLASSES[number][1] + "a"
    return make_word(form, "a", "ADP", NOTHING, modifier.source[:1] if same else (), _ORIGIN, "of")


def _is_name(run: list[Word]) -> bool:
    """Copied or proper nouns in a row are a name, which keeps its order."""
    return len(run) > 1 and run[-1].origin == COPY and all(w.upos == "PROPN" or w.origin == COPY for w in run)


def _bare(word: Word) -> Word:
    """Without the English possessive 's."""
    if word.origin == COPY and word.form.endswith(("'s", "’s")):
        return changed(word, form=word.form[:-2], origin=_ORIGIN)
    return word


def _named(word: Word) -> Word:
    """A name's first word: a person's (class 1) where no dictionary has it."""
    word = _bare(word)
    if _class_of(word):
        return word
    return changed(word, features=word.features | _TAGS[1 if word.upos == "PROPN" and word.origin == COPY else 9])


def _head_noun(word: Word, before: list[Word], resources: Resources) -> Word:
    if word.origin == COPY or word.upos == "PROPN":
        return _named(word)
    many = any(
        w.form in ("ingi", "ngapi", "chache", "kadhaa") or (w.upos == "NUM" and w.form != "moja" and not _is_time(w))
        for w in before
    )
    form, number = _noun(word.form, many or "PL" in word.features, resources.inflector)
    origin = _ORIGIN if form != word.form else word.origin
    return changed(word, form=form, features=word.features | _TAGS[number], origin=origin)
