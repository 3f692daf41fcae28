"""Rules for Welsh: commands, courtesy and the clock.

Run after `look_up` in the order address, clock, then those of `cym_clauses` and of `cym_nouns`.
"""

import random
from collections.abc import Sequence
from dataclasses import replace

from lowres.clock import Clock, retell
from lowres.lexicon import Translation
from lowres.ordering import slots_whole
from lowres.pair import COPY, NOTHING, Pair, Word
from lowres.rules import Resources

_LENITES = frozenset({"LENITES"})  # for `cym_nouns.mutations`: the next word takes the soft mutation
_PARTICLES = frozenset(("ymlaen", "i ffwrdd", "bant", "i fyny", "i lawr", "allan", "yn ôl", "yn uwch"))
_DEGREES = frozenset(("CMPR", "SPRL"))
_MOMENTS = frozenset(("today", "tomorrow", "tonight", "yesterday", "now"))
_NOMINAL = frozenset(("DET", "NUM", "ADJ", "NOUN", "PROPN"))
_SOFTENED = {"d": "dd", "p": "b", "t": "d"}


def _key(word: Word) -> str:
    return word.gloss.lower()


def _softened(form: str) -> str:
    return _SOFTENED.get(form[0], form[0]) + form[1:]


def _nominal(word: Word) -> bool:
    return (word.upos in _NOMINAL or _key(word) in _OWN) and _key(word) not in _MOMENTS


# --- commands and courtesy ---------------------------------------------------------------------------------------

_OWN = frozenset(("my", "your", "his", "her", "its", "our", "their"))
_CLAUSAL = frozenset(("i", "you", "he", "she", "we", "they", "is", "are", "was", "were", "do", "does", "did"))
_OBJECTS = frozenset(("me", "it", "him", "her", "us", "them"))
_VERBAL_NOUN, _POLITE, _FAMILIAR = range(3)


def address(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Speak to the hearer one way throughout: verbal nouns as commands (gosod), the polite plural (gosodwch, chi) or
    the familiar singular (gosoda, ti). Particles stand after the object (trowch y golau ymlaen), please at the end."""
    draw = rng.random()
    way = _VERBAL_NOUN if draw < 0.45 else _POLITE if draw < 0.75 else _FAMILIAR
    words = _please_last(pair, _unbound(pair, resources), way)
    out: list[Word] = []
    for i, word in enumerate(words):
        word = words[i] = _reread(pair, words, i, resources)
        if _key(word) == "don't" and "IMP" in word.features:
            form = ("peidio â", "peidiwch â", "paid â")[way]
            out.append(replace(word, form=form, upos="ADP", features=NOTHING, origin="rule:cym.address", gloss=""))
        elif word.upos == "VERB" and word.origin != COPY:
            out.extend(_verb(pair, words, i, way, resources))
        elif _key(word) in ("you", "your") and way == _FAMILIAR:
            out.append(replace(word, form="ti" if _key(word) == "you" else "dy"))
        else:
            out.append(word)
    return pair.with_words(_particles_after_object(pair, out))


def _unbound(pair: Pair, resources: Resources) -> list[Word]:
    """Phrases that hide a subject with its verb (i need, is there) word by word again, for `clauses` to see them;
    initials (b. b. c.) as they were."""
    words: list[Word] = []
    for word in pair.words:
        if len(word.gloss) == 2 and word.gloss[1] == ".":
            words.append(Word(word.gloss, word.gloss, "PROPN", NOTHING, word.source, COPY, word.gloss))
            continue
        parts = word.gloss.split() if len(word.source) > 1 else ()
        if len(parts) < 2 or not _CLAUSAL.intersection(parts[:2]) or parts[1] == "to" or parts[0] == "what":
            words.append(word)
            continue
        for k in word.source:
            token = pair.tokens[k]
            found, _ = resources.lexicon.ranked((token.lemma, token.form), token.upos)
            form, origin = (found[0].form, found[0].lexicon) if found else (token.form, COPY)
            words.append(Word(form, form, token.upos, token.features, (k,), origin, token.form))
    return words


def _reread(pair: Pair, words: Sequence[Word], i: int, resources: Resources) -> Word:
    """Comparatives and participles by their own entry (newest: diweddaraf); unknown small words as what they may be."""
    word, lexicon = words[i], resources.lexicon.translations
    key = _key(word)
    if key == "may" and (words[i - 1].upos == "ADP" or i + 1 < len(words) and words[i + 1].upos in ("ADJ", "NUM")):
        month = next((one for one in lexicon.get(key, ()) if one.upos == "PROPN"), None)
        return _entered(word, month, "PROPN") if month is not None else word
    if word.features & _DEGREES and key in lexicon:
        return _entered(word, lexicon[key][0], "ADJ")
    following = words[i + 1] if i + 1 < len(words) else None
    if word.upos == "VERB" and key.endswith(("ing", "ed")) and following is not None and following.upos == "NOUN":
        best = next((one for one in lexicon.get(key, ()) if one.upos == "ADJ"), None)
        return _entered(word, best, "ADJ") if best is not None else word
    if word.upos not in ("PROPN", "NOUN", "ADJ") or pair.slot(word) >= 0:
        return word
    found = lexicon.get(key, ())
    if i == 0 and following is not None and (following.upos in ("DET", "PRON", "PROPN") or pair.slot(following) >= 0):
        best = next((one for one in found if one.upos == "VERB" and one.score >= 0.3 * found[0].score), None)
        if best is not None:
            return replace(_entered(word, best, "VERB"), features=frozenset({"2", "IMP"}))
    return _entered(word, found[0], found[0].upos) if word.origin == COPY and found and key.isalpha() else word


def _entered(word: Word, entry: Translation, upos: str) -> Word:
    return replace(word, form=entry.form, lemma=entry.form, upos=upos or word.upos, origin=entry.lexicon)


def _verb(pair: Pair, words: Sequence[Word], i: int, way: int, resources: Resources) -> list[Word]:
    """The verb in the wanted mood and, apart from it, the rest of its phrase."""
    word = words[i]
    head, _, tail = word.form.partition(" ")
    lenites = NOTHING
    if "IMP" in word.features and way != _VERBAL_NOUN and _commands(words, i):
        form = _cell(resources, head, frozenset({"V", "IMP", "2", "PL" if way == _POLITE else "SG"}))
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
    return not any(_key(word) in ("you", "i", "we") for word in words[max(0, i - 3) : i])


def _cell(resources: Resources, lemma: str, wanted: frozenset[str]) -> str:
    """The table's first form of `lemma` with the wanted features; ''."""
    for cell in resources.inflector.paradigms.cells.get(lemma.casefold(), ()):
        if wanted <= cell.features:
            return cell.form
    return ""


def _please_last(pair: Pair, words: list[Word], way: int) -> list[Word]:
    at = next((i for i, word in enumerate(words) if _key(word) == "please" and pair.slot(word) < 0), None)
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
        while end < len(out) and (_nominal(out[end]) or _key(out[end]) in _OBJECTS):
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
    to = time.minute > 30
    minutes = _MINUTES.get(60 - time.minute if to else time.minute)
    if minutes is None:
        return ""
    hour = (time.hour + to) % 12
    link = f"i {_softened(_HOURS[hour])}" if to else f"wedi {_HOURS[hour]}"
    return " ".join(filter(None, [minutes, link, part]))
