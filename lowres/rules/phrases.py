"""Where noun phrases and subjects begin and end, read from what the words stand for; for a language's own rules."""

from collections.abc import Sequence

from lowres.english import DETERMINERS, MOMENTS, POSSESSIVES
from lowres.pair import Word

NOUNS = frozenset({"NOUN", "PROPN"})
NOMINAL = NOUNS | {"DET", "NUM", "ADJ"}
SUBJECTS = frozenset("i you he she it we they".split())


def is_nominal(word: Word, *, moments: bool = False) -> bool:
    """Whether a word may stand in a noun phrase; "today", "now" only with `moments`."""
    key = word.key
    return (word.upos in NOMINAL or key in POSSESSIVES) and (moments or key not in MOMENTS)


def begins_phrase(word: Word, before: Word) -> bool:
    """Whether a determiner after a noun starts a phrase of its own."""
    starts = word.key in POSSESSIVES or word.key in DETERMINERS
    return starts and before.upos in NOUNS and "PSS" not in before.features


def past_subject(words: Sequence[Word], i: int) -> int:
    """Past the subject that starts at `i`: a pronoun, or a noun phrase with what hangs on it by "of"."""
    if i < len(words) and words[i].key in SUBJECTS:
        return i + 1
    end = i
    while end < len(words) and (is_nominal(words[end]) or end > i and words[end].key == "of"):
        end += 1
    while end > i + 1 and words[end - 1].upos == "ADJ" and any(word.upos in NOUNS for word in words[i : end - 1]):
        end -= 1  # an adjective after the noun is the predicate
    return end
