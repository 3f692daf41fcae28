"""What the transducer sees of lemmas and of the forms that it has written so far, as numbered symbols in slots."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

PAD, OTHER = 0, 1
MARGIN = 6
_COUNTS = 16
_START, _FINISH = 4, 5
AROUND = np.arange(-4, 5) + MARGIN  # columns of the lemma about the reading position
_WRITTEN = np.arange(-6, 0) + MARGIN
N_AROUND = len(AROUND)
N_FIXED = _START + _FINISH + 2
N_SLOTS = N_AROUND + N_FIXED + len(_WRITTEN) + 4


@dataclass(slots=True)
class Alphabet:
    """Numbers of letters, features and actions."""

    letters: dict[str, int]
    features: dict[str, int]
    actions: list[str]
    vowels: frozenset[str]

    @property
    def n_symbols(self) -> int:
        return len(self.letters) + 2 + _COUNTS

    def is_vowel(self) -> np.ndarray:
        """By symbol."""
        table = np.zeros(self.n_symbols, np.bool_)
        table[[number for letter, number in self.letters.items() if letter in self.vowels]] = True
        return table

    def count(self, number: np.ndarray) -> np.ndarray:
        """The symbol of a number; large ones share the last."""
        return len(self.letters) + 2 + np.minimum(number, _COUNTS - 1)

    @property
    def n_features(self) -> int:
        return len(self.features) + len(self.vowels)

    def bundles(self, lemmas: Sequence[str], bundles: Sequence[frozenset[str]]) -> np.ndarray:
        """(cells, features), 1 for what a cell has: its features, as far as they are known, and the vowels of its lemma."""
        numbers = {vowel: len(self.features) + n for n, vowel in enumerate(sorted(self.vowels))}
        table = np.zeros((len(bundles), self.n_features), np.float32)
        for row, lemma, bundle in zip(table, lemmas, bundles, strict=True):
            row[[self.features[one] for one in bundle if one in self.features]] = 1
            row[[numbers[one] for one in lemma if one in self.vowels]] = 1
        return table


@dataclass(slots=True)
class Texts:
    """Symbols of lemmas and forms, MARGIN of padding on both sides, and what follows from them."""

    lemma: np.ndarray
    sizes: np.ndarray
    written: np.ndarray
    lemma_vowel: np.ndarray  # the lemma's last one
    n_vowels: np.ndarray
    vowel1: np.ndarray  # the last vowel before each position of `written`, and the one before it
    vowel2: np.ndarray


def encode(alphabet: Alphabet, lemmas: Sequence[str], forms: Sequence[str] = (), room: int = 0) -> Texts:
    """Lemmas and forms; or lemmas and `room` for forms that are still to be written."""
    height = max([room, *map(len, forms)])
    return complete(
        alphabet,
        _symbols(alphabet, lemmas, max(map(len, lemmas)), len(lemmas)),
        np.array([len(one) for one in lemmas]),
        _symbols(alphabet, forms, height, len(lemmas)),
    )


def _symbols(alphabet: Alphabet, texts: Sequence[str], size: int, n: int) -> np.ndarray:
    table = np.full((n, size + 2 * MARGIN), PAD, np.int32)
    for row, text in zip(table, texts, strict=False):
        row[MARGIN : MARGIN + len(text)] = [alphabet.letters.get(letter, OTHER) for letter in text]
    return table


def complete(alphabet: Alphabet, lemma: np.ndarray, sizes: np.ndarray, written: np.ndarray) -> Texts:
    """Texts with their vowels noted."""
    vowel, last = alphabet.is_vowel(), np.zeros(len(lemma), np.int32)
    for column in lemma.T:
        last = np.where(vowel[column], column, last)
    n_vowels = alphabet.count(vowel[lemma].sum(1))
    texts = Texts(lemma, sizes, written, last, n_vowels, np.zeros_like(written), np.zeros_like(written))
    everyone = np.arange(len(lemma))
    for at in range(written.shape[1] - 1 if written.any() else 0):
        note_vowel(texts, vowel, everyone, np.full(len(lemma), at))
    return texts


def note_vowel(texts: Texts, vowel: np.ndarray, rows: np.ndarray, at: np.ndarray) -> None:
    """Bring the last vowels up to the columns `at` of `written`."""
    symbol, before = texts.written[rows, at], texts.vowel1[rows, at]
    texts.vowel1[rows, at + 1] = np.where(vowel[symbol], symbol, before)
    texts.vowel2[rows, at + 1] = np.where(vowel[symbol], before, texts.vowel2[rows, at])


def around(texts: Texts, row: np.ndarray, read: np.ndarray) -> np.ndarray:
    """Slots of the lemma about the reading position, (rows, N_AROUND)."""
    return texts.lemma[row[:, None], read[:, None] + AROUND]


def fixed(texts: Texts, row: np.ndarray | None = None) -> np.ndarray:
    """Slots of the lemma's two ends and vowels, (rows, N_FIXED); of all rows unless some are given."""
    row = np.arange(len(texts.lemma)) if row is None else row
    finish = texts.sizes[row][:, None] + np.arange(MARGIN - _FINISH, MARGIN)
    vowels = np.stack([texts.lemma_vowel[row], texts.n_vowels[row]], 1)
    return np.concatenate([texts.lemma[row, MARGIN : MARGIN + _START], texts.lemma[row[:, None], finish], vowels], 1)


def state(
    texts: Texts, alphabet: Alphabet, row: np.ndarray, read: np.ndarray, written: np.ndarray, inserted: np.ndarray
) -> np.ndarray:
    """Slots of what was written, its last two vowels, the letters left to read, those inserted since the last was read."""
    last = texts.written[row[:, None], written[:, None] + _WRITTEN]
    vowels = texts.vowel1[row, written + MARGIN], texts.vowel2[row, written + MARGIN]
    counts = alphabet.count(texts.sizes[row] - read), alphabet.count(inserted)
    return np.concatenate([last, np.stack([*vowels, *counts], 1)], 1)
