"""Words aligned in two texts of the same content: which target words render a source word, and how surely.

The model is IBM's second with its positions tied to the diagonal (Dyer, Chahuneau and Smith 2013), learnt by expectation
maximisation with a sparse prior on translations, in both directions. A link counts as far as both directions believe in
it: the product of their posteriors (after Liang, Taskar and Klein 2006).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

DIAGONAL, NULL, SPARSE = 4.0, 0.08, 0.01  # pull to the diagonal, share of words that render nothing, Dirichlet parameter
ITERATIONS = 3, 3  # rounds that ignore places, so that words of a distant order find each other, and rounds that do not
MAX_WORDS, MAX_LINKS = 100, 16_000_000  # longer sentences say little; links are cells of sentence by sentence, 30 bytes each
SURE = 0.3  # of a link, from which on it takes part in phrases
Units = Sequence[str]


@dataclass(slots=True)
class Alignment:
    """Expected counts of links by (left unit, right unit), and of units; `links` lists the sure ones of each sentence."""

    counts: dict[tuple[str, str], float] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    right: dict[str, int] = field(default_factory=dict)
    links: list[list[tuple[int, int]]] = field(default_factory=list)

    def forward(self, left: str, right: str) -> float:
        """The share of the left unit's occurrences that the right one renders: p(right | left)."""
        return self.counts.get((left, right), 0.0) / self.left.get(left, 1)

    def backward(self, left: str, right: str) -> float:
        """p(left | right)."""
        return self.counts.get((left, right), 0.0) / self.right.get(right, 1)


def align(pairs: Iterable[tuple[Units, Units]], iterations: tuple[int, int] = ITERATIONS) -> Alignment:
    """Learn from pairs of sentences, each a sequence of words or lemmas; the same input gives the same result.

    Sentences of more than MAX_WORDS and what exceeds MAX_LINKS links in all is left out, with an empty list of links.
    """
    import numpy as np

    grid = _Grid(list(pairs))
    if not grid.n_links:
        return Alignment(links=[[] for _ in grid.sizes])
    to_right = _Direction(grid.pair, grid.left_type, grid.right_type, grid.right_token)
    to_left = _Direction(grid.pair, grid.right_type, grid.left_type, grid.left_token)
    belief = _believed(to_right, grid.near, iterations) * _believed(to_left, grid.near, iterations)
    counts = np.bincount(grid.pair, belief, grid.n_pairs)
    return Alignment(
        {(grid.left_names[a], grid.right_names[b]): float(c)
         for a, b, c in zip(grid.left_of.tolist(), grid.right_of.tolist(), counts.tolist(), strict=True) if c > 0.05},
        dict(zip(grid.left_names, grid.left_counts, strict=True)), dict(zip(grid.right_names, grid.right_counts, strict=True)),
        grid.sure(belief),
    )  # fmt: skip


def _believed(direction: "_Direction", near, iterations: tuple[int, int]):
    """(links,) posteriors of one direction after its rounds."""
    for places, times in zip((near * 0 + 1, near), iterations, strict=True):
        direction.settle(places)
        for _ in range(times):
            direction.step()
    return direction.posterior()


class _Grid:
    """Every cell of sentence by sentence as parallel arrays of shape (links,), sentence by sentence, left word by left word."""

    def __init__(self, pairs: Sequence[tuple[Units, Units]]) -> None:
        import numpy as np

        self.sizes = _sizes(pairs)
        left_ids, right_ids = {}, {}
        blocks: tuple[list, ...] = ([], [], [], [], [])
        n_left = n_right = 0
        for (left, right), (n, m) in zip(pairs, self.sizes, strict=True):
            if not n:
                continue
            a = np.array([left_ids.setdefault(unit, len(left_ids)) for unit in left], np.int32)
            b = np.array([right_ids.setdefault(unit, len(right_ids)) for unit in right], np.int32)
            i, j = np.arange(n, dtype=np.int32), np.arange(m, dtype=np.int32)
            near = np.exp(-DIAGONAL * np.abs((i[:, None] + 0.5) / n - (j + 0.5) / m)).astype(np.float32)
            for block, value in zip(blocks, (np.repeat(a, m), np.tile(b, n), np.repeat(n_left + i, m), np.tile(n_right + j, n),
                                             near.ravel()), strict=True):  # fmt: skip
                block.append(value)
            n_left, n_right = n_left + n, n_right + m
        self.n_links = sum(n * m for n, m in self.sizes)
        if not self.n_links:
            return
        first, second, self.left_token, self.right_token, self.near = (np.concatenate(block) for block in blocks)
        self.left_names, self.right_names = list(left_ids), list(right_ids)
        self._count(first, second, len(right_ids))

    def _count(self, first, second, n_right_types: int) -> None:
        """Number the pairs of types that meet in a sentence, and count the tokens of each type."""
        import numpy as np

        kinds, pair = np.unique(first.astype(np.int64) * n_right_types + second, return_inverse=True)
        self.pair, self.n_pairs = pair.astype(np.int32), len(kinds)
        self.left_of, self.right_of = kinds // n_right_types, kinds % n_right_types
        self.left_type, self.right_type = self.left_of.astype(np.int32), self.right_of.astype(np.int32)
        places = [np.unique(token, return_index=True)[1] for token in (self.left_token, self.right_token)]
        self.left_counts = np.bincount(first[places[0]]).tolist()
        self.right_counts = np.bincount(second[places[1]]).tolist()

    def sure(self, belief) -> list[list[tuple[int, int]]]:
        """The links of each sentence whose belief reaches SURE."""
        import numpy as np

        found: list[list[tuple[int, int]]] = [[] for _ in self.sizes]
        ends = np.cumsum([n * m for n, m in self.sizes])
        places = np.flatnonzero(belief >= SURE)
        for place, sentence in zip(places.tolist(), np.searchsorted(ends, places, side="right").tolist(), strict=True):
            n, m = self.sizes[sentence]
            found[sentence].append(divmod(place - int(ends[sentence]) + n * m, m))
        return found


def _sizes(pairs: Sequence[tuple[Units, Units]]) -> list[tuple[int, int]]:
    """(left words, right words) of each pair; (0, 0) for one that is left out."""
    sizes, total = [], 0
    for left, right in pairs:
        n, m = len(left), len(right)
        fits = 0 < n <= MAX_WORDS and 0 < m <= MAX_WORDS and total + n * m <= MAX_LINKS
        sizes.append((n, m) if fits else (0, 0))
        total += n * m if fits else 0
    return sizes


class _Direction:
    """p(one unit | another): each token of the `told` side is told by one token of the `given` side, or by none."""

    def __init__(self, pair, given, told, token) -> None:
        import numpy as np

        self.pair, self.given, self.told, self.token = pair, given, told, token
        self.told_of_token = np.zeros(int(token.max()) + 1, np.int32)
        self.told_of_token[token] = told[pair]
        self.n_given, self.n_told = int(given.max()) + 1, int(told.max()) + 1
        self.table = np.full(len(given), 1.0 / self.n_told)  # (pairs,) p(told | given)
        self.nothing = np.full(self.n_told, 1.0 / self.n_told)

    def settle(self, near) -> None:
        """Take the (links,) chances of places, one of all the given words' places for each token that is told."""
        import numpy as np

        total = np.bincount(self.token, near)
        self.place = ((1 - NULL) * near / total[self.token]).astype(np.float32)

    def _weights(self):
        """(links,) unnormalised posterior, and (tokens,) its sum with that of no link."""
        import numpy as np

        weight = self.place * self.table[self.pair]
        return weight, np.bincount(self.token, weight) + NULL * self.nothing[self.told_of_token]

    def posterior(self):
        """(links,) the probability of each link given the sentence pair."""
        weight, total = self._weights()
        return weight / total[self.token]

    def step(self) -> None:
        """One round of expectation and (variational, Dirichlet SPARSE) maximisation."""
        import numpy as np

        weight, total = self._weights()
        counts = np.bincount(self.pair, weight / total[self.token], len(self.given))
        sums = np.bincount(self.given, counts, self.n_given)
        self.table = expected(counts + SPARSE) / expected(sums + SPARSE * self.n_told)[self.given]
        missed = NULL * self.nothing[self.told_of_token] / total
        unlinked = np.bincount(self.told_of_token, missed, self.n_told) + 1e-9
        self.nothing = unlinked / unlinked.sum()


def expected(x):
    """exp(digamma(x)) for positive arrays: below 1 it is far less than x, so that what is rarely seen counts little."""
    import numpy as np

    shift = 1 / x + 1 / (x + 1) + 1 / (x + 2) + 1 / (x + 3)
    y = x + 4.0
    return np.exp(np.log(y) - 0.5 / y - 1 / (12 * y**2) + 1 / (120 * y**4) - shift)
