"""Rules for Welsh: commands, courtesy and the clock.

Run after `look_up` in the order address, clock, then those of `cym_clauses` and of `cym_nouns`.
"""

import random
from collections.abc import Sequence
from dataclasses import replace

from lowres.clock import Clock, retell
from lowres.ordering import slots_whole
from lowres.pair import COPY, NOTHING, Pair, Word
from lowres.rules import Resources
from lowres.rules.phrases import is_nominal
from lowres.rules.rereading import entered, small_word, unbound

_LENITES = frozenset({"LENITES"})  # for `cym_nouns.mutations`: the next word takes the soft mutation
_PARTICLES = frozenset(("ymlaen", "i ffwrdd", "bant", "i fyny", "i lawr", "allan", "yn ôl", "yn uwch"))
_SOFTENED = {"d": "dd", "p": "b", "t": "d"}


def _softened(form: str) -> str:
    return _SOFTENED.get(form[0], form[0]) + form[1:]


# --- commands and courtesy ---------------------------------------------------------------------------------------

_CLAUSAL = frozenset(("i", "you", "he", "she", "we", "they", "is", "are", "was", "were", "do", "does", "did"))
_OBJECTS = frozenset(("me", "it", "him", "her", "us", "them"))
_VERBAL_NOUN, _POLITE, _FAMILIAR = range(3)


def address(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Speak to the hearer one way throughout: verbal nouns as commands (gosod), the polite plural (gosodwch, chi) or
    the familiar singular (gosoda, ti). Particles stand after the object (trowch y golau ymlaen), please at the end."""
    draw = rng.random()
    way = _VERBAL_NOUN if draw < 0.45 else _POLITE if draw < 0.75 else _FAMILIAR
    words = _please_last(pair, unbound(pair, resources, _hides_subject), way)
    out: list[Word] = []
    for i, word in enumerate(words):
        word = words[i] = _reread(pair, words, i, resources)
        if word.key == "don't" and "IMP" in word.features:
            form = ("peidio â", "peidiwch â", "paid â")[way]
            out.append(replace(word, form=form, upos="ADP", features=NOTHING, origin="rule:cym.address", gloss=""))
        elif word.upos == "VERB" and word.origin != COPY:
            out.extend(_verb(pair, words, i, way, resources))
        elif word.key in ("you", "your") and way == _FAMILIAR:
            out.append(replace(word, form="ti" if word.key == "you" else "dy"))
        else:
            out.append(word)
    return pair.with_words(_particles_after_object(pair, out))


def _reread(pair: Pair, words: Sequence[Word], i: int, resources: Resources) -> Word:
    """The month may, else a small word as what it may be."""
    word, following = words[i], words[i + 1] if i + 1 < len(words) else None
    if word.key == "may" and (words[i - 1].upos == "ADP" or following is not None and following.upos in ("ADJ", "NUM")):
        found = resources.lexicon.translations.get("may", ())
        month = next((one for one in found if one.upos == "PROPN"), None)
        return entered(word, month, "PROPN") if month is not None else word
    return small_word(pair, word, following, resources, i == 0)


def _hides_subject(word: Word, parts: Sequence[str]) -> bool:
    return bool(_CLAUSAL.intersection(parts[:2])) and parts[1] != "to" and parts[0] != "what"


def _verb(pair: Pair, words: Sequence[Word], i: int, way: int, resources: Resources) -> list[Word]:
    """The verb in the wanted mood and, apart from it, the rest of its phrase."""
    word = words[i]
    head, _, tail = word.form.partition(" ")
    lenites = NOTHING
    if "IMP" in word.features and way != _VERBAL_NOUN and _commands(words, i):
        form = resources.inflector.paradigms.form(head, "V", "IMP", "2", "PL" if way == _POLITE else "SG")
        lenites = _LENITES if form else NOTHING
        head = form or head
    first = replace(word, form=head, lemma=word.form.partition(" ")[0], features=word.features | lenites)
    if not tail:
        return [first]
    particle = len(word.source) > 1 and tail in _PARTICLES
    source = word.source[-1:] if particle else word.source
    rest = Word(tail, tail, "PARTICLE" if tail in _PARTICLES else "ADP", NOTHING, source, word.origin, word.gloss)
    return [replace(first, source=word.source[:-1] if particle else word.source), rest]


def _commands(words: Sequence[Word], i: int) -> bool:
    """A request with a modal (can you ...) keeps its verb a verbal noun."""
    return not any(word.key in ("you", "i", "we") for word in words[max(0, i - 3) : i])


def _please_last(pair: Pair, words: list[Word], way: int) -> list[Word]:
    at = next((i for i, word in enumerate(words) if word.key == "please" and pair.slot(word) < 0), None)
    if at is None:
        return words
    form = "os gweli di'n dda" if way == _FAMILIAR else "os gwelwch yn dda"
    word = replace(words.pop(at), form=form, upos="INTJ", origin="rule:cym.address")
    return [*words, word]


def _particles_after_object(pair: Pair, words: list[Word]) -> list[Word]:
    out = list(words)
    for i in range(len(words) - 1, -1, -1):
        if words[i].upos != "PARTICLE":
            continue
        end = i + 1
        while end < len(out) and (is_nominal(out[end]) or out[end].key in _OBJECTS):
            end += 1
        moved = [*out[:i], *out[i + 1 : end], out[i], *out[end:]]
        out = moved if slots_whole(pair, moved) else out
    return out


# --- the clock ---------------------------------------------------------------------------------------------------

_HOURS = ("deuddeg", "un", "dau", "tri", "pedwar", "pump", "chwech", "saith", "wyth", "naw", "deg", "un ar ddeg")
_MINUTES = {
    5: "pum munud",
    10: "deng munud",
    15: "chwarter",
    20: "ugain munud",
    25: "pum munud ar hugain",
    30: "hanner awr",
}
_PARTS = {"morning": "y bore", "afternoon": "y prynhawn", "evening": "yr hwyr", "night": "y nos"}


def clock(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Say the time as Welsh does: saith o'r gloch y bore, hanner awr wedi chwech, chwarter i naw."""
    full = rng.random() < 0.6
    return retell(pair, lambda time: _say(time, full), "rule:cym.clock")


def _say(time: Clock, full: bool) -> str:
    if time.period in ("noon", "midnight"):
        return "hanner dydd" if time.period == "noon" else "hanner nos"
    part = _PARTS.get(time.part, "")
    if time.minute == 0:
        return " ".join(filter(None, [_HOURS[time.hour % 12], "o'r gloch" if full else "", part]))
    minutes = _MINUTES.get(time.distance)
    if minutes is None:
        return ""
    hour = _HOURS[(time.hour + time.to) % 12]
    return " ".join(filter(None, [minutes, f"i {_softened(hour)}" if time.to else f"wedi {hour}", part]))
