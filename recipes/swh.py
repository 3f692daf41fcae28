"""Swahili: numbers as dates and ordinals, and the small words between nouns; the clock is in the card.

What the dictionary found is read again in swh_words.py; nouns and their agreement are in swh_nouns.py, verbs in
swh_objects.py and swh_verbs.py, questions in swh_questions.py.
"""

import random

from lowres.english import MONTHS
from lowres.numerals import Number, find_numbers
from lowres.pair import COPY, NOTHING, Pair, Word, make_word
from lowres.rules import Resources
from lowres.rules.numbers import number_words

# --- numbers and dates ---


def numbers(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Numbers of several words (ishirini na tano), ordinals by -a (ya tatu), days of the month by tarehe."""
    if resources.numerals is None:
        return pair
    words = list(pair.words)
    for start, end, number in find_numbers(pair):
        inside = number_words(words, start, end)
        form = resources.numerals.say(Number(number.value))
        if inside and form:  # else the clock or a longer phrase has it
            said = _numbered(pair, start, end, number, form)
            words[inside[0] : inside[-1] + 1] = [said] if said else words[inside[0] : inside[-1] + 1]
    return pair.with_words(words)


def _numbered(pair: Pair, start: int, end: int, number: Number, form: str) -> Word | None:
    forms = [token.key for token in pair.tokens]
    upos = "NUM"
    if not number.ordinal and start and forms[start - 1] in MONTHS and number.value <= 31:
        form, upos = f"tarehe {form}", "NOUN"
    elif number.ordinal:
        before = next((form for form in reversed(forms[:start]) if form not in ("the", "a")), "")
        follows = pair.tokens[end].upos in ("NOUN", "PROPN", "ADJ") if end < len(forms) else False
        if (
            before in MONTHS
            or (end < len(forms) and forms[end] in ("of", *MONTHS))
            or (start > 0 and forms[start - 1] == "the" and not follows)
        ):
            form, upos = f"tarehe {'mosi' if number.value == 1 else form}", "NOUN"
        elif number.value == 1 and not follows:
            return None
        else:
            form, upos = "ya " + {1: "kwanza", 2: "pili"}.get(number.value, form), "ADJ"
    gloss = " ".join(pair.tokens[k].form for k in range(start, end))
    return make_word(form, form, upos, NOTHING, tuple(range(start, end)), "rule:swh.numbers", gloss)


# --- relations ---

_LINK = dict(zip(
    (f"BANTU{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 16)),
    "wa wa wa ya la ya cha vya ya za wa kwa pa".split(),
    strict=True,
))  # fmt: skip
_DAYS = frozenset("jumatatu jumanne jumatano alhamisi ijumaa jumamosi jumapili".split())
_PARTS = frozenset("asubuhi mchana jioni usiku alasiri".split())
_MONTH_NAMES = frozenset("januari februari machi aprili mei juni julai agosti septemba oktoba novemba desemba".split())
_TELLING = frozenset("tuma tumia andika jibu piga pigia ambia chapisha sema onyesha pa toa soma".split())


def relations(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Adpositions: -a in the class of the noun before, nothing before times, siku ya, katika, kutoka."""
    out: list[Word] = []
    link, verb, sent = "", "", False
    words = pair.words
    for k, word in enumerate(words):
        if word.upos == "VERB":
            link, verb = "", word.lemma.partition(" ")[0]
        for feature in word.features if word.upos == "NOUN" else ():
            link = _LINK.get(feature, link)
        person = _PERSONAL.get((out[-1].form if out else "", word.form))
        if person and word.upos == "PRON" and word.source and pair.slot(out[-1]) == pair.slot(word):
            out[-1] = make_word(
                person, person, "PRON", NOTHING, (*out[-1].source, *word.source), "rule:swh.relations", word.gloss
            )
            continue
        lemma = pair.tokens[word.source[0]].lemma if len(word.source) == 1 else ""
        if lemma not in _RELATIONS or word.upos not in ("ADP", "PART", "SCONJ", "ADV") or k + 1 == len(words):
            out.append(word)
            continue
        said = _relation(pair, lemma, words[k + 1], link if k and words[k - 1].upos != "VERB" else "", verb, sent, rng)
        sent |= lemma == "from"
        same = pair.slot_of[word.source[0]] >= 0
        if said is None:
            out.append(word)
        elif said or same:
            out.append(make_word(said, word.lemma, "ADP", NOTHING, word.source, "rule:swh.relations", word.gloss))
    return pair.with_words(out)


_PERSONAL = {
    (start, who): start + end
    for start, ends in (("kwa", "ngu ko ke ke tu o"), ("na", "mi we ye ye si o"))
    for who, end in zip(("mimi", "wewe", "yeye", "hiyo", "sisi", "wao"), ends.split(), strict=True)
} | {("kwa", "sisi"): "kwetu", ("kwa", "wao"): "kwao", ("na", "hiyo"): "nayo"}
_RELATIONS = frozenset({"of", "for", "at", "on", "in", "to", "from", "by"})


def _relation(pair: Pair, lemma: str, following: Word, link: str, verb: str, sent: bool, rng: random.Random) -> str | None:
    """What an adposition is in Swahili; '' for nothing, None to leave it as the dictionary has it."""
    head = following.form.partition(" ")[0]
    timed = head in _DAYS or head in _PARTS or head in ("saa", "tarehe", "leo", "kesho", "kila")
    name = following.upos == "PROPN" or following.origin == COPY
    draw = rng.random()
    match lemma:
        case "of":
            return link or "ya"
        case "by":
            return (link if draw < 0.5 else "na") if link else None
        case "for":
            if link:
                return link if draw < 0.65 or timed else "kwa"
            return "" if timed and draw < 0.5 else "kwa"
        case "at" | "on" | "in":
            return _place(lemma, following, timed, name, draw)
        case "to":
            return None if following.upos == "VERB" else _goal(link, verb, sent, name, draw)
        case "from":
            person = name and "BANTU1" in following.features
            return "kutoka" if name and not person or draw < 0.3 else "kutoka kwa" if person or draw < 0.7 else "kutoka kwenye"
    return None


def _place(lemma: str, following: Word, timed: bool, name: bool, draw: float) -> str:
    """What "at", "on" and "in" are before a time or a place."""
    head = following.form.partition(" ")[0]
    if head in _DAYS:
        return "siku ya" if draw < 0.5 else ""
    if head in _MONTH_NAMES:
        return "mwezi wa" if draw < 0.5 else ""
    if (
        timed
        and not (lemma == "in" and head == "saa")
        or following.form.endswith("ni")
        and following.origin != COPY
        and following.upos == "NOUN"
    ):
        return ""
    if lemma == "in" and head in ("saa", "dakika", "siku", "wiki", "mwezi"):
        return "baada ya"
    if name and lemma != "on":
        return "huko" if draw < 0.35 else "" if draw < 0.6 else "katika"
    return "kwenye" if draw < 0.45 else "kwa" if draw < 0.7 else "katika"


def _goal(link: str, verb: str, sent: bool, name: bool, draw: float) -> str:
    """What "to" is: who is told, or where the way goes."""
    if verb in _TELLING and not sent:
        return "kwa"
    if sent:
        return "hadi" if draw < 0.8 else "kwenda"
    if name:
        return f"{link} kwenda" if link and draw < 0.5 else "hadi" if draw < 0.6 else "kwa"
    return "kwenye" if draw < 0.5 else "kwa"
