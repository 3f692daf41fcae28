"""Loanwords: words of any script that sound like a word of English, such as Urdu's کیلنڈر, "calendar".

Dictionaries lack most of them, and requests are full of them. Both sides are written down roughly as they sound, with the
consonants alone as the key, and compared letter by letter: vowels cost little, in scripts that leave them out next to nothing.
"""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path

from lowres.text import bare, fold, is_unspaced, script_of, words

MIN_TIMES = 4  # that a word occurs in the source; rarer ones are mostly names, and sound like anything
MIN_LETTERS, MIN_CONSONANTS = 3, 2
MAX_LETTERS = 24  # of a word that is listened to
MAX_WORDS, MAX_ALIKE = 20_000, 64  # words of the source, and those of the same consonants: an adapter's file may be anybody's
MAX_COST = 0.3  # by the root of the English sounds
MAX_COST_SHORT = 0.1  # with two consonants alone
NATIVE = 2  # times that raw text must have a word before it counts as the language's own

# Chosen on dev of ur-PK, hy-AM and am-ET by whether the English word is in the prompt that was translated.
_VOWEL, _GLIDE, _CONSONANT = 0.6, 0.4, 1.5  # a sound too many
_UNWRITTEN, _UNSAID, _SILENT_H = 0.15, 0.5, 0.3  # a vowel of English that is missing: in a script without vowels, in another; an h
_ALIKE, _OTHER_VOWEL, _VOICE, _SEMIVOWEL, _UNLIKE = 0.1, 0.4, 0.35, 0.3, 2.0
_ABJADS = frozenset({"ARABIC", "HEBREW", "SYRIAC"})

_VOWELS = {"a": "a", "e": "i", "i": "i", "y": "i", "o": "u", "u": "u", "w": "u"}
_CONSONANTS = dict(zip("bpfvdtzsSCjgkqhlrmn", "ppffttssssskkkhlrmn", strict=True))  # S as in ship, C as in chip
_ENGLISH = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("tch", "C"), ("sch", "sk"), ("[ts]ion", "Sn"), ("ck", "k"), ("ph", "f"), ("igh", "ai"), ("gh", ""), ("^kn", "n"), ("^wr", "r"),
        ("x", "ks"), ("qu", "kw"), ("q", "k"), ("ch", "C"), ("sh", "S"), ("th", "t"), ("c(?=[eiy])", "s"), ("c", "k"), ("^wh", "w"),
        (r"(.)\1", r"\1"), ("(?<=[^aeiouy])e$", ""), ("ge$", "j"),
    )
]  # fmt: skip
_ROMAN = (("ch", "C"), ("sh", "S"), ("kh", "k"), ("gh", "g"), ("ph", "f"), ("th", "t"), ("zh", "j"), ("x", "ks"), ("q", "k"),
          ("ce", "se"), ("ci", "si"), ("cy", "sy"), ("c", "k"))  # fmt: skip
_LATIN = re.compile(rf"[a-z]{{{MIN_LETTERS},{MAX_LETTERS}}}")
_TWICE = re.compile(r"(.)\1+")


Heard = dict[str, list[tuple[str, str]]]  # consonants -> words and their sounds


@lru_cache(maxsize=16)
def _listen(words: tuple[str, ...]) -> tuple[tuple[str, ...], Heard]:
    """The words and how they sound; one object for all adapters of the same source."""
    heard: Heard = defaultdict(list)
    for word in words:
        sounds = english_sounds(word)
        if len(alike := heard[consonants(sounds)]) < MAX_ALIKE:
            alike.append((word, sounds))
    return words, dict(heard)


@dataclass(slots=True)
class Loans:
    """The source's words, the most frequent first, and other words that only sound like one of them: the language's own, and rare ones
    of the source."""

    words: tuple[str, ...] = ()
    others: frozenset[str] = frozenset()
    _heard: Heard = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.words, self._heard = _listen(self.words)

    def of(self, word: str) -> tuple[str, ...]:
        """The source's word that a folded word sounds like, alone in a tuple; () where it is none, or one of the source's itself.

        What has no letters, and single letters of a script without spaces, sounds like nothing.
        """
        if word in self.others or not self.words or len(word) > MAX_LETTERS or not script_of(word) or is_unspaced(word):
            return ()
        sounds = roman_sounds(word)
        key = consonants(sounds)
        costs = {one: _cost(sounds, other, script_of(word) in _ABJADS) for one, other in self._heard.get(key, ())}
        likeliest = min(costs, key=costs.__getitem__, default=word)  # of two that cost the same the more frequent
        limit = MAX_COST if len(key) > 2 else MAX_COST_SHORT
        return (likeliest,) if likeliest != word and costs[likeliest] <= limit else ()

    @property
    def n_bytes(self) -> int:
        """What is held in memory for this language alone."""
        return sys.getsizeof(self.others) + sum(map(sys.getsizeof, self.others))


def learn_loans(source: Iterable[str], text: Mapping[str, int], known: Container[str] = ()) -> Loans:
    """Loans from the words of English utterances; what raw `text` has NATIVE times is the language's own, unless a dictionary knows it."""
    counts = Counter(fold(bare(word)) for one in source for word in words(one))
    often = sorted((word for word, n in counts.items() if n >= MIN_TIMES and _may_be_heard(word)), key=lambda one: (-counts[one], one))
    loans = Loans(tuple(often[:MAX_WORDS]))
    native = (word for word, n in text.items() if n >= NATIVE and word not in known)
    return Loans(loans.words, frozenset(word for word in chain(native, counts) if loans.of(word)))


def english_sounds(word: str) -> str:
    """Roughly how a lower-case English word sounds: nation -> naSn, calendar -> kalendar."""
    for pattern, sound in _ENGLISH:
        word = pattern.sub(sound, word)
    return word


@lru_cache(maxsize=1 << 14)
def roman_sounds(word: str) -> str:
    """Roughly how a word of any script sounds, by its letters in Latin ones."""
    from anyascii import anyascii

    plain = re.sub("[^a-z]", "", anyascii(word).lower())[: 4 * MAX_LETTERS]
    for letters, sound in _ROMAN:
        plain = plain.replace(letters, sound)
    return _TWICE.sub(r"\1", plain)


def consonants(sounds: str) -> str:
    """The key: consonants alone, voiced and voiceless the same, h left out."""
    return _TWICE.sub(r"\1", "".join(_CONSONANTS[one] for one in sounds if one in _CONSONANTS and one != "h"))


def _cost(said: str, english: str, abjad: bool) -> float:
    """What it takes to make the sounds of `english` into those that were `said`, by the root of their number."""
    row = [0.0]
    for sound in english:
        row.append(row[-1] + _missing(sound, abjad))
    for one in said:
        last, row = row, [row[0] + _added(one)]
        for i, sound in enumerate(english):
            row.append(min(last[i] + _instead(one, sound), last[i + 1] + _added(one), row[i] + _missing(sound, abjad)))
    return row[-1] / max(1, len(english)) ** 0.5


def _added(one: str) -> float:
    return _GLIDE if one in "hyw" else _VOWEL if one in _VOWELS else _CONSONANT


def _missing(sound: str, abjad: bool) -> float:
    if sound in _VOWELS:
        return _UNWRITTEN if abjad else _UNSAID
    return _SILENT_H if sound == "h" else _CONSONANT


def _instead(one: str, sound: str) -> float:
    if one == sound:
        return 0.0
    if one in _VOWELS and sound in _VOWELS:
        return _ALIKE if _VOWELS[one] == _VOWELS[sound] else _OTHER_VOWEL
    if one in _VOWELS or sound in _VOWELS:
        return _SEMIVOWEL if {one, sound} & set("wy") and {one, sound} & set("vfj") else _UNLIKE
    return _VOICE if _CONSONANTS.get(one) == _CONSONANTS.get(sound) else _UNLIKE


def format_loans(loans: Loans) -> str:
    """The source's words, an empty line, the others: one on each line."""
    return "".join(word + "\n" for word in (*loans.words, "", *sorted(loans.others)))


def parse_loans(text: str) -> Loans:
    """The inverse of `format_loans`; ValueError of anything else."""
    words, empty, others = text.partition("\n\n") if not text.startswith("\n") else ("", "\n\n", text[1:])
    if not empty or (others and not others.endswith("\n")):
        raise ValueError(_OTHER)
    return Loans(_parse_words(words), frozenset(others.split("\n")[:-1]))


def read_loans(path: Path) -> Loans:
    """The loans in a file; none where there is no file, as beside older adapters."""
    return parse_loans(path.read_text(encoding="utf-8")) if path.is_file() else Loans()


@lru_cache(maxsize=16)
def _parse_words(text: str) -> tuple[str, ...]:
    listed = tuple(text.split("\n")) if text else ()
    if len(listed) > MAX_WORDS or not all(map(_may_be_heard, listed)):
        raise ValueError(_OTHER)
    return listed


def _may_be_heard(word: str) -> bool:
    return bool(_LATIN.fullmatch(word)) and len(consonants(english_sounds(word))) >= MIN_CONSONANTS


_OTHER = "no loans: English words, an empty line, words that only sound like one"
