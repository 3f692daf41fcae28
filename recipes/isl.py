"""Rules for Icelandic: commands, courtesy, questions, verbs and the clock.

Run after `look_up` in the order address, clock, clauses, then those of `isl_nouns`, which give nouns their cases.
"""

import random
from collections.abc import Sequence
from dataclasses import replace

from lowres.clock import Clock, retell
from lowres.english import QUESTIONS
from lowres.pair import COPY, NOTHING, Pair, Word
from lowres.rules import Resources
from lowres.rules.grammar import conjugated
from lowres.rules.rereading import small_word, unbound, unclipped

# --- commands and courtesy ---------------------------------------------------------------------------------------

_CLAUSAL = frozenset(("i", "you", "he", "she", "we", "they", "is", "are", "was", "were", "do", "does", "did"))
_REQUESTS = {
    "can": ("geturðu", "V.CVB"),
    "could": ("gætirðu", "V.CVB"),
    "will": ("viltu", ""),
    "would": ("myndirðu vilja", ""),
}


def address(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Commands as the imperative with its pronoun (spilaðu, kveiktu á) or as the bare infinitive; can you: geturðu
    with the supine; please as vinsamlegast in front or takk at the end."""
    imperative = rng.random() < 0.7
    thanks = rng.random() < (0.3 if pair.words[0].key == "please" else 0.8)
    plain = unbound(pair, resources, lambda word, parts: _hides_subject(pair, word, parts))
    plain = unclipped(plain, "rule:isl.address", {"ca": "can", "wo": "will"}, ("ekki", "PART"))
    words = _reread(pair, plain, resources)
    out: list[Word] = []
    supine = ""
    skip = -1
    for i, word in enumerate(words):
        key = word.key
        if i == skip:
            continue
        if key in _REQUESTS and i + 1 < len(words) and words[i + 1].key == "you" and _opens(words, i):
            form, supine = _REQUESTS[key]
            source = word.source + words[i + 1].source
            out.append(Word(form, form, "AUX", NOTHING, source, "rule:isl.address"))
            skip = i + 1
        elif key == "do" and "IMP" in word.features and [one.key for one in words[i + 1 : i + 2]] == ["n't"]:
            continue  # don't open: ekki opna
        elif key == "please" and pair.slot(word) < 0:
            out.append(replace(word, form="" if thanks else "vinsamlegast", upos="INTJ"))
        elif word.upos == "VERB" and word.origin != COPY and ("IMP" in word.features or _called(words, i)):
            word = replace(word, features=word.features | {"IMP"})
            requested = any(one.origin == "rule:isl.address" for one in out)
            out.append(_command(word, resources, supine, imperative and not requested))
        else:
            out.append(word)
    asked = next((word for word in out if word.key == "please" and not word.form), None)
    if asked is not None:
        out = [word for word in out if word is not asked] + [replace(asked, form="takk")]
    return pair.with_words(_particle_after_pronoun(out))


def _opens(words: Sequence[Word], i: int) -> bool:
    """Whether a request starts at `i`, not a question about what the hearer can do ("how can you")."""
    return not any(word.key.partition(" ")[0] in QUESTIONS for word in words[:i])


def _called(words: Sequence[Word], i: int) -> bool:
    """Whether the verb follows the name of the one who is spoken to ("alexa turn off")."""
    first = words[0]
    return i == 1 and first.origin == COPY and first.upos == "PROPN" and not words[i].features & {"PST", "3", "V.PTCP", "V.MSDR"}


def _command(word: Word, resources: Resources, supine: str, imperative: bool) -> Word:
    if supine:
        known = resources.inflector.paradigms.form(word.lemma.partition(" ")[0], "SUP")
        return conjugated(word, resources, "SUP" if known else "V.CVB")
    return conjugated(word, resources, "IMP", "2", "SG") if imperative else word


def _particle_after_pronoun(words: list[Word]) -> list[Word]:
    """minntu mig á: the particle of a verb with a person as its object follows the person."""
    out: list[Word] = []
    held: Word | None = None
    for word in words:
        out.append(word)
        if held is not None:
            out.append(held)
            held = None
        if word.upos == "VERB" and word.lemma == "minna á":
            form, _, particle = word.form.partition(" ")
            out[-1] = replace(word, form=form)
            held = Word(particle, particle, "ADP", NOTHING, word.source, word.origin, "remind")
    return out + ([held] if held else [])


def _hides_subject(pair: Pair, word: Word, parts: Sequence[str]) -> bool:
    asked = "me" in parts and pair.tokens[word.source[0]].upos in ("VERB", "INTJ")
    clausal = asked or not _CLAUSAL.isdisjoint(parts)
    return clausal and parts[1] != "to" and parts[0] not in QUESTIONS


def _reread(pair: Pair, words: list[Word], resources: Resources) -> list[Word]:
    """Small words as what they may be."""
    for i, word in enumerate(words):
        if len(word.source) == 1:
            words[i] = small_word(pair, word, words[i + 1] if i + 1 < len(words) else None, resources, i == 0)
    return words


# --- the clock ---------------------------------------------------------------------------------------------------

_HOURS = ("tólf", "eitt", "tvö", "þrjú", "fjögur", "fimm", "sex", "sjö", "átta", "níu", "tíu", "ellefu")
_MINUTES = {5: "fimm mínútur", 10: "tíu mínútur", 15: "korter", 20: "tuttugu mínútur", 25: "tuttugu og fimm mínútur"}
_PARTS = {"morning": "um morguninn", "afternoon": "síðdegis", "evening": "um kvöldið", "night": "um kvöldið"}


def clock(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Say the time as Icelandic does: klukkan sjö, hálf sjö (half past six), korter í níu, f. h. and e. h."""
    short = rng.random() < 0.6
    told = retell(pair, lambda time: _say(time, short), "rule:isl.clock")
    words = list(told.words)
    for i in range(len(words) - 1):
        if words[i].key == "at" and words[i + 1].origin == "rule:isl.clock" and words[i + 1].form != "á hádegi":
            words[i] = replace(words[i], form="klukkan", lemma="klukkan", upos="ADV", origin="rule:isl.clock")
    return told.with_words(words)


def _say(time: Clock, short: bool) -> str:
    if time.period in ("noon", "midnight"):
        return "á hádegi" if time.period == "noon" else "á miðnætti"
    part = _PARTS.get(time.part, "")
    if time.period in ("am", "pm"):
        part = ("f. h." if time.period == "am" else "e. h.") if short else _spelt(time.period)
    hour = _HOURS[time.hour % 12]
    next_hour = _HOURS[(time.hour + 1) % 12]
    if time.minute == 0:
        return f"{hour} {part}".strip()
    if time.minute == 30:
        return f"hálf {next_hour} {part}".strip()
    minutes = _MINUTES.get(time.distance)
    if minutes is None:
        return ""
    return f"{minutes} {'í ' + next_hour if time.to else 'yfir ' + hour} {part}".strip()


def _spelt(period: str) -> str:
    return "fyrir hádegi" if period == "am" else "eftir hádegi"
