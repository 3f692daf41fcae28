"""Words as they are misheard, or written by people without a standard: letters of near sound, doubled or dropped, near words."""

import math
import unicodedata
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from random import Random

import regex

from lowres.language import Language
from lowres.phonology import letters_of, segment_distances, table_of
from lowres.text import fold

MAX_LETTERS = 64  # of a word that is respelled; longer ones are no words
_NEAR = 1.0  # panphon's weighted feature difference below which two sounds are taken for each other; t and d: 0.5
_DOUBLED, _SINGLE, _DROPPED, _REAL = 0.05, 0.5, 0.05, 0.5  # weights beside a letter of the very same sound, which has 1

Spellings = tuple[tuple[str, ...], tuple[float, ...]]  # near spellings, and running totals of their weights


@dataclass(slots=True)
class Mishearing:
    """What words of a language are taken for. `near` has, by letter, those of near sound with a weight of 0 to 1."""

    pattern: regex.Pattern
    near: dict[str, dict[str, float]]
    words: dict[tuple[str, ...], list[tuple[str, ...]]] = field(default_factory=dict)  # shape -> words of it, in letters
    classes: dict[str, str] = field(default_factory=dict)  # letter -> the first of those that sound like it
    _spellings: dict[str, Spellings] = field(default_factory=dict)

    def misheard(self, word: str, rng: Random) -> str:
        """A near spelling of a folded word, drawn by weight; the word itself where there is none."""
        found = self._spellings.get(word)
        if found is None:
            found = self._spellings[word] = self.spellings(word)
        forms, totals = found
        return forms[bisect(totals, rng.random() * totals[-1], 0, len(forms) - 1)] if forms else word

    def spellings(self, word: str) -> Spellings:
        """All near spellings of a folded word; none of what holds a letter that the table lacks, or is too long."""
        letters = self.letters(word)
        weights: dict[str, float] = defaultdict(float)
        for form, weight in (*self._respelt(letters), *self._real_words(letters)):
            if form != word and unicodedata.category(form[0])[0] != "M":  # a vowel sign opens no word
                weights[form] = max(weight, weights[form])
        return tuple(weights), tuple(accumulate(weights.values()))

    def letters(self, word: str) -> tuple[str, ...]:
        """A folded word in the table's letters; () where it has others."""
        found = tuple(self.pattern.findall(word)) if len(word) <= MAX_LETTERS else ()
        return found if "".join(found) == word else ()

    def _respelt(self, letters: tuple[str, ...]) -> Iterator[tuple[str, float]]:
        for i, letter in enumerate(letters):
            head, tail = "".join(letters[:i]), "".join(letters[i + 1 :])
            for other, weight in self.near.get(letter, {}).items():
                yield head + other + tail, weight
            if i and letters[i - 1] == letter:
                yield head + tail, _SINGLE
            elif 0 < i < len(letters) - 1:
                yield head + letter * 2 + tail, _DOUBLED
                yield head + tail, _DROPPED

    def _real_words(self, letters: tuple[str, ...]) -> Iterator[tuple[str, float]]:
        """Words of the language that differ in one or two letters of near sound."""
        for other in self.words.get(self.shape(letters), ()) if letters else ():
            apart = [(a, b) for a, b in zip(letters, other, strict=True) if a != b]
            chances = [self.near.get(a, {}).get(b, 0.0) for a, b in apart]
            if 0 < len(apart) <= 2 and all(chances):
                yield "".join(other), _REAL + math.prod(chances)

    def shape(self, letters: Iterable[str]) -> tuple[str, ...]:
        """What words have in common that may be taken for each other."""
        return tuple(self.classes.get(letter, letter) for letter in letters)


def learn_mishearing(language: Language, vocabulary: Iterable[str] = (), folder: Path | None = None) -> Mishearing:
    """What is taken for what in a language: its letters by panphon's distance of their sounds, and its words.

    Raises LowresError where nobody has a table of sounds for the language.
    """
    table = letters_of(table_of(language, folder))
    vocabulary = sorted(set(vocabulary))
    spelt = [letter for letter in table if table[letter] and _is_written(letter, vocabulary)]
    near = _near_letters(spelt, segment_distances([table[letter] for letter in spelt]))
    pattern = regex.compile("|".join(map(regex.escape, sorted(spelt, key=lambda one: (-len(one), one)))))
    found = Mishearing(pattern, near, classes=_classes(spelt, near))
    for word in vocabulary:
        if letters := found.letters(word):
            found.words.setdefault(found.shape(letters), []).append(letters)
    return found


def _is_written(letter: str, vocabulary: list[str]) -> bool:
    """Whether the language uses a letter: in one word of a thousand; tables hold foreign and rare ones too."""
    return fold(letter) == letter and 1000 * sum(letter in word for word in vocabulary) >= len(vocabulary)


def _near_letters(letters: list[str], distances) -> dict[str, dict[str, float]]:
    near: dict[str, dict[str, float]] = {}
    for row, letter in enumerate(letters):
        close = [k for k in (distances[row] <= _NEAR).nonzero()[0] if k != row]
        near[letter] = {letters[k]: math.exp(-2 * float(distances[row, k])) for k in close}
    return near


def _classes(letters: list[str], near: dict[str, dict[str, float]]) -> dict[str, str]:
    """Letters joined with all that are near them, and those with theirs; each under the first of its class."""
    found: dict[str, str] = {}
    for first in letters:
        todo = [] if first in found else [first]
        while todo:
            letter = todo.pop()
            if letter not in found:
                found[letter] = first
                todo += near[letter]
    return found
