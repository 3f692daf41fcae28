"""Lemma and form as two strings of letters, and the edits that lead from one to the other."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

COPY, DELETE, END = "copy", "delete", "end"  # every other action is a letter to insert
_INNER_GAP = 0.7  # a copied letter counts 1, a gap between two runs of copied letters so much less


def align(lemmas: Sequence[str], forms: Sequence[str]) -> list[list[tuple[int, int]]]:
    """For every lemma and form the positions of the letters that they share, in order: as many as can be in few runs.

    All pairs at once, position by position: `best[j]` are the scores of the first i letters against the first j, `ran[j]`
    where the last letter of both is shared.
    """
    width, height = max(map(len, lemmas), default=0), max(map(len, forms), default=0)
    a, b = _codes(lemmas, width, 0), _codes(forms, height, 1)
    sizes = np.array([len(lemma) for lemma in lemmas]), np.array([len(form) for form in forms])
    low = np.full(len(lemmas), -9e9, np.float32)
    ran, best = [low] * (height + 1), [low * 0] * (height + 1)
    starts = np.zeros((width + 1, height + 1, len(lemmas)), np.bool_)
    sources = np.zeros((width + 1, height + 1, len(lemmas)), np.int8)
    for i in range(1, width + 1):
        ran_before, best_before, ran, best = ran, best, [low], [low * 0]
        for j in range(1, height + 1):
            fresh = best_before[j - 1] + 1 - np.where(best_before[j - 1] > 0, _INNER_GAP, 0)
            goes_on = ran_before[j - 1] + 1
            starts[i, j] = fresh > goes_on
            ran.append(np.where(a[i - 1] == b[j - 1], np.maximum(fresh, goes_on), low))
            options = np.stack([best_before[j], best[j - 1], ran[j]])
            sources[i, j] = options.argmax(0)
            best.append(options.max(0))
    return [_traced(n, sizes[0][n], sizes[1][n], sources, starts) for n in range(len(lemmas))]


def _codes(texts: Sequence[str], size: int, filler: int) -> np.ndarray:
    """Code points (size, texts); beyond a text's end a filler that equals nothing."""
    table = np.full((size, len(texts)), -1 - filler, np.int32)
    for n, text in enumerate(texts):
        table[: len(text), n] = [ord(letter) for letter in text]
    return table


def _traced(n: int, i: int, j: int, sources: np.ndarray, starts: np.ndarray) -> list[tuple[int, int]]:
    shared: list[tuple[int, int]] = []
    running = False
    while i and j:
        source = 2 if running else sources[i, j, n]
        if source == 2:
            shared.append((int(i) - 1, int(j) - 1))
            running = not starts[i, j, n]
            i, j = i - 1, j - 1
        else:
            i, j = (i - 1, j) if source == 0 else (i, j - 1)
    return shared[::-1]


def vowels(words: Iterable[str]) -> frozenset[str]:
    """The letters that are vowels by Sukhotin's algorithm (1962): what stands beside other letters most, taken in turns."""
    beside: dict[str, Counter] = {}
    for word in words:
        for one, other in pairwise(word):
            if one != other and one.isalpha() and other.isalpha():
                beside.setdefault(one, Counter())[other] += 1
                beside.setdefault(other, Counter())[one] += 1
    weight = {letter: sum(counts.values()) for letter, counts in beside.items()}
    found: set[str] = set()
    while weight and (top := max(sorted(weight), key=weight.get)) and weight[top] > 0:
        found.add(top)
        del weight[top]
        for letter in weight:
            weight[letter] -= 2 * beside[top][letter]
    return frozenset(found)


def spell_out(lemma: str, form: str, shared: Sequence[tuple[int, int]]) -> list[str]:
    """The actions from lemma to form; between two shared letters, deletions come first."""
    actions: list[str] = []
    i = j = 0
    for p, q in [*shared, (len(lemma), len(form))]:
        actions += [DELETE] * (p - i) + list(form[j:q])
        if p < len(lemma):
            actions.append(COPY)
        i, j = p + 1, q + 1
    return [*actions, END]
