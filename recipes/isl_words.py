"""Rule for Icelandic's small words: determiners before nouns, sem, the prepositions of days and parts of the day."""

import random
from collections.abc import Sequence
from dataclasses import replace

from lowres.english import MOMENTS, WEEKDAYS
from lowres.pair import Pair, Word
from lowres.rules import Resources
from lowres.rules.phrases import NOUNS, is_nominal

_POINTING = frozenset(("this", "that", "these", "those"))
_PARTS = {"morning": "um morguninn", "evening": "um kvöldið", "night": "um kvöldið", "afternoon": "síðdegis"}
_IN_PARTS = [["the", part] for part in _PARTS]
_ORDINAL = ("ti", "ði", "ndi", "fyrstur", "annar", "þriðji", "fyrsti")
_STARTING = frozenset(("the", "a", "an", "my", "your", "his", "her", "our", "their", "this", "that"))
_OWN_PREPOSITION = ("í ", "á ", "um ")


def _in_phrase(word: Word) -> bool:
    return is_nominal(word) or word.key == "how many"


def small_words(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """this song takes þessi, what song hvaða, the song that sem, on the tenth þann, in the morning um; an adverb with
    a preposition of its own (í dag) takes no other, nor does a person who is reminded of something."""
    out: list[Word] = []
    for i, word in enumerate(pair.words):
        found = _small(pair.words, i, out)
        if found is not None:
            out.append(found)
    return pair.with_words(out)


def _small(words: Sequence[Word], i: int, out: Sequence[Word]) -> Word | None:
    """The word at `i` as its neighbours ask; None where it falls away."""
    word, key = words[i], words[i].key
    following = words[i + 1] if i + 1 < len(words) else None
    nominal = following is not None and _in_phrase(following)
    if key in ("on", "in"):
        word = _timed(words, i)
        if word is not words[i]:
            return word
    if key in _PARTS and out and out[-1].key in WEEKDAYS | MOMENTS and word.upos == "NOUN":
        return replace(word, form=_PARTS[key], upos="ADV")
    if key in _POINTING and nominal:
        return replace(word, form="þessi", lemma="þessi", upos="DET")
    if key in ("that", "which", "who") and out and out[-1].upos in NOUNS and not nominal and following is not None:
        return replace(word, form="sem", lemma="sem", upos="SCONJ", gloss="")
    if key == "too" and following is not None and following.upos == "ADJ":
        return replace(word, form="of", lemma="of")
    if key in ("what", "which"):
        asks = "hvaða" if nominal and following.key not in _STARTING else "hver" if key == "which" else "hvað"
        return replace(word, form=asks, lemma=asks, upos="DET" if asks == "hvaða" else "PRON")
    if word.upos in ("ADP", "ADV") and key in ("on", "for", "of", "at", "about", "in"):
        return _preposition(word, following, nominal, out)
    return word


def _timed(words: Sequence[Word], i: int) -> Word:
    """on the tenth: þann tíunda; in the morning: um morguninn."""
    keys = [one.key for one in words[i + 1 : i + 3]]
    if words[i].key == "on" and keys[:1] == ["the"] and _dated(words[i + 2 : i + 4]):
        return replace(words[i], form="þann", lemma="þann", upos="ADV")
    if words[i].key == "in" and keys in _IN_PARTS:
        return replace(words[i], form="um", lemma="um", upos="ADP")
    return words[i]


def _dated(words: Sequence[Word]) -> bool:
    """Whether an ordinal without a noun starts `words`: a day of the month."""
    if not words or words[0].upos != "ADJ" or not words[0].lemma.endswith(_ORDINAL):
        return False
    return len(words) < 2 or not _in_phrase(words[1])


def _preposition(word: Word, following: Word | None, nominal: bool, out: Sequence[Word]) -> Word | None:
    key = word.key
    if following is not None and following.form.startswith(_OWN_PREPOSITION) and following.upos in ("ADV", "NOUN", "DET", ""):
        return None
    if key != "on" and out and out[-1].form == "á" and out[-1].gloss == "remind":
        return None
    if not nominal:
        return word
    form = {"in": "í", "on": "á"}.get(key, word.form)
    return replace(word, form=form, lemma=form, upos="ADP")
