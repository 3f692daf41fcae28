"""Spelling learnt from pairs of words that sound alike: names in two scripts, or cognates of two languages.

Letters are aligned by expectation and maximisation over chunks (up to 3 letters against up to 3; Jiampojamarn, Kondrak and
Sherif 2007), and the aligned chunks make an n-gram model of both spellings at once (Bisani and Ney 2008), which a beam reads.
"""

import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from lowres.text import join_syllables, split_syllables

Unit = tuple[str, str]  # source letters, target letters
WordPair = tuple[str, str]

MAX_LETTERS = 64  # of a word that is read; longer ones are no words
N_TAUGHT = 800  # pairs learnt from; more cost seconds and add little
_EDGE: Unit = ("^", "$")
_ORDER = 4  # units, the one that is foretold included
_BEAM = 8
_BAND = 4  # letters that an alignment may stray from the diagonal
_RARE = 1e-6  # chance of a chunk never seen
# Shapes of chunks and their weight before anything is learnt: one letter against one is likelier than what adds or drops some.
_PRIOR = {(1, 1): 1.0, (1, 2): 0.1, (2, 1): 0.1, (1, 0): 0.03, (2, 2): 0.003, (3, 1): 0.003, (1, 3): 0.003, (3, 2): 0.001}


@dataclass(slots=True)
class Speller:
    """Carries words into another spelling; `chances` of chunks align, `counts` of unit sequences foretell the next unit."""

    chances: dict[Unit, float] = field(default_factory=dict)
    counts: dict[tuple[Unit, ...], int] = field(default_factory=dict)
    _after: dict[tuple[Unit, ...], tuple[int, int]] = field(default_factory=dict)  # history -> (times, kinds of units)
    _units: dict[str, tuple[Unit, ...]] = field(default_factory=dict)  # source chunk -> its units
    _known: dict[tuple[Unit, ...], float] = field(default_factory=dict)
    _met: set[str] = field(default_factory=set)  # two source letters that stood together

    def spell(self, word: str) -> str:
        """The likeliest spelling of a folded word; a word that is too long, and letters never met, stay as they are."""
        return next(iter(self.spellings(word)), word)

    def spellings(self, word: str) -> list[str]:
        """Up to eight spellings, likeliest first; [] for a word that is too long."""
        if not self.chances or len(word) > MAX_LETTERS:
            return []
        letters = apart(word)
        beams: list[dict[tuple, float]] = [{} for _ in range(len(letters) + 1)]
        beams[0] = {((_EDGE,), ""): 0.0}
        for i in range(len(letters)):
            for (history, text), score in sorted(beams[i].items(), key=lambda item: (-item[1], item[0][1]))[:_BEAM]:
                for unit in self._continued(letters, i):
                    state = ((*history, unit)[1 - _ORDER :], text + unit[1])
                    new = score + self._log(history, unit)
                    there = beams[i + len(unit[0])]
                    if new > there.get(state, -math.inf):
                        there[state] = new
        ends: dict[str, float] = {}
        for (history, text), score in beams[-1].items():
            made = join_syllables(text)
            ends[made] = max(ends.get(made, -math.inf), score + self._log(history, _EDGE))
        return sorted(filter(None, ends), key=lambda text: (-ends[text], text))[:_BEAM]

    def _continued(self, letters: str, i: int) -> Iterator[Unit]:
        for size in (1, 2, 3):
            chunk = letters[i : i + size]
            if len(chunk) == size:
                yield from self._units.get(chunk, ((chunk, chunk),) if size == 1 else ())

    def _log(self, history: tuple[Unit, ...], unit: Unit) -> float:
        """Log of the chance of a unit after others, histories of every length mixed (Witten and Bell 1991)."""
        key = (*history, unit)
        found = self._known.get(key)
        if found is None:
            chance = _RARE
            for size in range(len(history) + 1):
                before = history[len(history) - size :]
                times, kinds = self._after.get(before, (0, 0))
                if times:
                    chance = (self.counts.get((*before, unit), 0) + kinds * chance) / (times + kinds)
            found = self._known[key] = math.log(chance)
        return found

    def likeness(self, source: str, target: str) -> float:
        """Mean log chance per letter of the best alignment: from -2 for what is spelt after the other to -7 for strangers."""
        source, target = apart(source), apart(target)
        _, score = _best_path(source, target, self.chances)
        return score / max(1, len(source), len(target))

    def has_met(self, letters: str) -> bool:
        """Whether a letter has a spelling of its own, or two stood together in the words learnt from."""
        return letters in self._units or letters in self._met

    def may_start(self, source: str, target: str) -> bool:
        """Whether the first letters ever stood for each other: a quick look that spares most of the strangers an alignment."""
        return self.chances.get((source[:1], apart(target)[:1]), 0.0) > 1e-4


def apart(word: str) -> str:
    """Letters one sound each: marks and jamo apart (NFD), an Ethiopic syllable as its consonant and a mark for its vowel."""
    return split_syllables(unicodedata.normalize("NFD", word))


def learn(pairs: Iterable[WordPair], *, before: Speller | None = None) -> Speller:
    """A speller from pairs of folded words; phrases, empty and too long words teach nothing.

    `before` knows the letters already, so that the alignment needs fewer rounds.
    """
    rows = [(apart(a), apart(b)) for a, b in pairs if _usable(a, b)]
    speller = Speller(_align(rows, before.chances if before else {}, 2 if before else 3))
    paths = [_best_path(source, target, speller.chances)[0] for source, target in rows]
    often = Counter(unit for path in paths for unit in path)
    for path in paths:
        if not any(often[unit] < 2 and len(unit[1]) > len(unit[0]) for unit in path):  # a chance of strangers, no spelling
            _count(speller, path)
            source = "".join(unit[0] for unit in path)
            speller._met.update(map("".join, pairwise(source)))
    _index(speller)
    return speller


def learn_alike(pairs: Sequence[WordPair], maybe: Iterable[WordPair] = ()) -> Speller:
    """A speller from those of `pairs`, most of them alike, and of `maybe`, most of them strangers, that prove alike."""
    some = sample(pairs, N_TAUGHT)
    first = learn(some)
    alike = [pair for pair in some if first.likeness(*pair) > _ALIKE]
    near = (pair for pair in maybe if min(map(len, pair)) > 3 and first.may_start(*pair) and first.likeness(*pair) > _VERY_ALIKE)
    found = [pair for pair, _ in zip(near, range(N_TAUGHT // 2), strict=False)]
    return learn(alike + found, before=first) if alike else first


def sample(pairs: Sequence[WordPair], n: int) -> Sequence[WordPair]:
    """At most `n` pairs, taken at even steps."""
    return pairs[:: -(-len(pairs) // n) or 1]


_ALIKE, _VERY_ALIKE = -4.0, -3.2  # likeness; chosen on names held out of the lexicons


def _usable(source: str, target: str) -> bool:
    return 0 < len(source) <= MAX_LETTERS and 0 < len(target) <= MAX_LETTERS and " " not in source + target


def _align(rows: Sequence[WordPair], chances: Mapping[Unit, float], rounds: int) -> dict[Unit, float]:
    """Chances of chunks, summed to one, after some rounds of expectation and maximisation."""
    for _ in range(rounds):
        found: dict[Unit, float] = defaultdict(float)
        for source, target in rows:
            _expect(source, target, chances, found)
        total = sum(found.values()) or 1.0
        chances = {unit: count / total for unit, count in found.items() if count > 0.01}
    return dict(chances)


_Edge = tuple[int, int, int, int, Unit, float]  # from (i, j) to (k, l) by a chunk, and its chance


def _edges(source: str, target: str, chances: Mapping[Unit, float]) -> list[list[_Edge]]:
    """By source letter, every chunk that may start there; an alignment keeps near the diagonal."""
    n, m = len(source), len(target)
    rows = []
    for i in range(n):
        row = []
        middle = i * m // n
        for j in range(max(0, middle - _BAND), min(m, middle + _BAND) + 1):
            for (a, b), prior in _PRIOR.items():
                if i + a <= n and j + b <= m:
                    unit = (source[i : i + a], target[j : j + b])
                    chance = chances.get(unit, _RARE**a) if chances else prior * (10 if unit[0] == unit[1] else 1)
                    row.append((i, j, i + a, j + b, unit, chance))
        rows.append(row)
    return rows


def _expect(source: str, target: str, chances: Mapping[Unit, float], found: dict[Unit, float]) -> None:
    """Add to `found` how often each chunk is expected in the alignments of one pair (sums forward and backward)."""
    n, m = len(source), len(target)
    rows = _edges(source, target, chances)
    forward = [[0.0] * (m + 1) for _ in range(n + 1)]
    backward = [[0.0] * (m + 1) for _ in range(n + 1)]
    forward[0][0] = backward[n][m] = 1.0
    for row in rows:
        for i, j, k, l, _, chance in row:  # noqa: E741
            forward[k][l] += forward[i][j] * chance
    total = forward[n][m]
    if not total:
        return
    for row in reversed(rows):
        for i, j, k, l, unit, chance in row:  # noqa: E741
            if there := backward[k][l]:
                backward[i][j] += there * chance
                if here := forward[i][j]:
                    found[unit] += here * chance * there / total


def _best_path(source: str, target: str, chances: Mapping[Unit, float]) -> tuple[list[Unit], float]:
    """The likeliest alignment and its log chance; ([], -inf) where the lengths allow none."""
    goal = (len(source), len(target))
    best: dict[tuple[int, int], tuple[float, tuple | None]] = {(0, 0): (0.0, None)}
    for row in _edges(source, target, chances):
        for i, j, k, l, unit, chance in row:  # noqa: E741
            if (i, j) in best:
                score = best[i, j][0] + math.log(chance)
                if (k, l) not in best or score > best[k, l][0]:
                    best[k, l] = (score, (i, j, unit))
    if goal not in best:
        return [], -math.inf
    path, here = [], goal
    while (step := best[here][1]) is not None:
        path.append(step[2])
        here = step[:2]
    return path[::-1], best[goal][0]


def _count(speller: Speller, path: Sequence[Unit]) -> None:
    units = (_EDGE, *path, _EDGE) if path else ()
    for end in range(1, len(units)):
        for size in range(min(_ORDER, end + 1)):
            key = units[end - size : end + 1]
            speller.counts[key] = speller.counts.get(key, 0) + 1


def _index(speller: Speller) -> None:
    times: Counter = Counter()
    kinds: Counter = Counter()
    for units, count in speller.counts.items():
        times[units[:-1]] += count
        kinds[units[:-1]] += 1
    speller._after = {history: (times[history], kinds[history]) for history in times}
    by_chunk: dict[str, list[Unit]] = defaultdict(list)
    for unit in sorted({units[-1] for units in speller.counts} - {_EDGE}):
        by_chunk[unit[0]].append(unit)
    speller._units = {chunk: tuple(units) for chunk, units in by_chunk.items()}
