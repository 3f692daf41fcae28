"""Rules for Icelandic: commands, courtesy, questions, verbs and the clock.

Run after `look_up` in the order address, clock, clauses, then those of `isl_nouns`, which give nouns their cases.
"""

import random
from collections.abc import Sequence
from dataclasses import replace

from lowres.clock import Clock, retell
from lowres.lexicon import Translation
from lowres.pair import COPY, NOTHING, Pair, Word
from lowres.rules import Resources

_DEGREES = frozenset(("CMPR", "SPRL"))
_NOMINAL = frozenset(("DET", "NUM", "ADJ", "NOUN", "PROPN"))
_OWN = frozenset(("my", "your", "his", "her", "its", "our", "their"))
_MOMENTS = frozenset(("today", "tomorrow", "tonight", "yesterday", "now"))
_PERSONS = {"i": "1", "you": "2", "he": "3", "she": "3", "it": "3", "we": "PL", "they": "PL"}
_ASKING = frozenset(("what", "who", "where", "when", "how", "why", "which"))
_CLITICS = ("'s", "'m", "'re", "'ve", "'ll", "'d", "n't")


def _key(word: Word) -> str:
    return word.gloss.lower()


def _nominal(word: Word) -> bool:
    return (word.upos in _NOMINAL or _key(word) in _OWN) and _key(word) not in _MOMENTS


def _cell(resources: Resources, lemma: str, *wanted: str) -> str:
    """The table's first form of `lemma` with the wanted features; ''."""
    for cell in resources.inflector.paradigms.cells.get(lemma.casefold(), ()):
        if cell.features.issuperset(wanted):
            return cell.form
    return ""


def _verb(word: Word, resources: Resources, *wanted: str) -> Word:
    """A verb, perhaps with a particle, in the wanted form, or as it is where the table lacks it."""
    head, space, tail = word.lemma.partition(" ")
    form = _cell(resources, head, "V", *wanted)
    return replace(word, form=form + space + tail, origin="paradigm:table") if form else word


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
    thanks = rng.random() < (0.3 if _key(pair.words[0]) == "please" else 0.8)
    words = _reread(pair, _unclipped(_unbound(pair, resources)), resources)
    out: list[Word] = []
    supine = ""
    skip = -1
    for i, word in enumerate(words):
        key = _key(word)
        if i == skip:
            continue
        if key in _REQUESTS and i + 1 < len(words) and _key(words[i + 1]) == "you" and _opens(words, i):
            form, supine = _REQUESTS[key]
            source = word.source + words[i + 1].source
            out.append(Word(form, form, "AUX", NOTHING, source, "rule:isl.address"))
            skip = i + 1
        elif key == "do" and "IMP" in word.features and [_key(one) for one in words[i + 1 : i + 2]] == ["n't"]:
            continue  # don't open: ekki opna
        elif key == "please" and pair.slot(word) < 0:
            out.append(replace(word, form="" if thanks else "vinsamlegast", upos="INTJ"))
        elif word.upos == "VERB" and word.origin != COPY and ("IMP" in word.features or _called(words, i)):
            word = replace(word, features=word.features | {"IMP"})
            requested = any(one.origin == "rule:isl.address" for one in out)
            out.append(_command(word, resources, supine, imperative and not requested))
        else:
            out.append(word)
    asked = next((word for word in out if _key(word) == "please" and not word.form), None)
    if asked is not None:
        out = [word for word in out if word is not asked] + [replace(asked, form="takk")]
    return pair.with_words(_particle_after_pronoun(out))


def _opens(words: Sequence[Word], i: int) -> bool:
    """Whether a request starts at `i`, not a question about what the hearer can do ("how can you")."""
    return not any(_key(word).partition(" ")[0] in _ASKING for word in words[:i])


def _called(words: Sequence[Word], i: int) -> bool:
    """Whether the verb follows the name of the one who is spoken to ("alexa turn off")."""
    first = words[0]
    return (
        i == 1
        and first.origin == COPY
        and first.upos == "PROPN"
        and not words[i].features & {"PST", "3", "V.PTCP", "V.MSDR"}
    )


def _command(word: Word, resources: Resources, supine: str, imperative: bool) -> Word:
    if supine:
        return (
            _verb(word, resources, "SUP")
            if _cell(resources, word.lemma.partition(" ")[0], "SUP")
            else _verb(word, resources, "V.CVB")
        )
    return _verb(word, resources, "IMP", "2", "SG") if imperative else word


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


def _unbound(pair: Pair, resources: Resources) -> list[Word]:
    """Phrases that hide a subject with its verb (i need, is there) word by word again, for `clauses` to see them;
    initials (b. b. c.) as they were."""
    words: list[Word] = []
    for word in pair.words:
        if len(word.gloss) == 2 and word.gloss[1] == ".":
            words.append(Word(word.gloss, word.gloss, "PROPN", NOTHING, word.source, COPY, word.gloss))
            continue
        parts = word.gloss.split() if len(word.source) > 1 else ()
        asked = "me" in parts and pair.tokens[word.source[0]].upos in ("VERB", "INTJ")
        if len(parts) < 2 or not (asked or _CLAUSAL.intersection(parts)) or parts[1] == "to" or parts[0] in _ASKING:
            words.append(word)
            continue
        for k in word.source:
            token = pair.tokens[k]
            found, _ = resources.lexicon.ranked((token.lemma, token.form), token.upos)
            form, origin = (found[0].form, found[0].lexicon) if found else (token.form, COPY)
            words.append(Word(form, form, token.upos, token.features, (k,), origin, token.form))
    return words


def _unclipped(bound: Sequence[Word]) -> list[Word]:
    """Clitics as words of their own: what's, i'm, don't."""
    words: list[Word] = []
    for word in bound:
        key = _key(word)
        clitic = next((c for c in _CLITICS if key.endswith(c)), "") if "'" in key and "PSS" not in word.features else ""
        if not clitic or len(word.source) != 1:
            words.append(word)
            continue
        host = key[: -len(clitic)]
        words.append(replace(word, gloss={"ca": "can", "wo": "will"}.get(host, host) if clitic == "n't" else host))
        form = "ekki" if clitic == "n't" else clitic
        words.append(
            Word(form, form, "PART" if clitic == "n't" else "AUX", NOTHING, word.source, "rule:isl.address", clitic)
        )
    return words


def _reread(pair: Pair, words: list[Word], resources: Resources) -> list[Word]:
    """Comparatives and participles by their own entry (newest: nýjastur); an unknown small word as what it may be."""
    lexicon = resources.lexicon.translations
    for i, word in enumerate(words):
        key = _key(word)
        found = lexicon.get(key, ())
        following = words[i + 1] if i + 1 < len(words) else None
        if not found or len(word.source) != 1:
            continue
        if word.features & _DEGREES:
            words[i] = _entered(word, found[0], "ADJ")
        elif word.upos == "VERB" and key.endswith(("ing", "ed")) and following is not None and following.upos == "NOUN":
            best = next((one for one in found if one.upos == "ADJ"), None)
            words[i] = _entered(word, best, "ADJ") if best is not None else word
        elif word.upos in ("PROPN", "NOUN", "ADJ") and pair.slot(word) < 0:
            words[i] = _small(pair, word, found, following if i == 0 else None)
    return words


def _small(pair: Pair, word: Word, found: Sequence[Translation], following: Word | None) -> Word:
    """A first word before an object is a command; another that nothing was found for takes its first entry."""
    if following is not None and (following.upos in ("DET", "PRON", "PROPN") or pair.slot(following) >= 0):
        best = next((one for one in found if one.upos == "VERB" and one.score >= 0.3 * found[0].score), None)
        if best is not None:
            return replace(_entered(word, best, "VERB"), features=frozenset({"2", "IMP"}))
    return _entered(word, found[0], found[0].upos) if word.origin == COPY and _key(word).isalpha() else word


def _entered(word: Word, entry: Translation, upos: str) -> Word:
    return replace(word, form=entry.form, lemma=entry.form, upos=upos or word.upos, origin=entry.lexicon)


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
        if _key(words[i]) == "at" and words[i + 1].origin == "rule:isl.clock" and words[i + 1].form != "á hádegi":
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
    to = time.minute > 30
    minutes = _MINUTES.get(60 - time.minute if to else time.minute)
    if minutes is None:
        return ""
    return f"{minutes} {'í ' + next_hour if to else 'yfir ' + hour} {part}".strip()


def _spelt(period: str) -> str:
    return "fyrir hádegi" if period == "am" else "eftir hádegi"
