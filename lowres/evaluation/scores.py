"""Intent accuracy, slot F1 and exact match with bootstrap intervals, and what flipped between two systems.

Slot F1 is seqeval's: micro average over spans, strict, IOB2. A predicted span where gold has none is a
false positive, which MASSIVE's first evaluator forgot.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lowres.errors import LowresError
from lowres.evaluation.predictions import Answer, same_utterances, slot_spans

RESAMPLES = 1000
SEED = 13
SCORES = {"intent_accuracy": "intent accuracy", "slot_f1": "slot F1", "exact_match": "exact match"}  # field: name
_CELLS = 4_000_000  # of the matrix of draws held at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A figure and its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemScores:
    """The three scores, 0..1; or their differences between two systems, -1..1."""

    intent_accuracy: Interval
    slot_f1: Interval
    exact_match: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What scores are made of, one row per utterance: all arrays are (utterances,)."""

    intent_right: NDArray[np.bool_]
    exact: NDArray[np.bool_]
    n_right: NDArray[np.int64]  # slots both in gold and predicted
    n_predicted: NDArray[np.int64]
    n_gold: NDArray[np.int64]

    @property
    def columns(self) -> NDArray[np.float64]:
        """All counts and a column of ones, (utterances, 6); sums of it stay exact."""
        fields = (self.intent_right, self.exact, self.n_right, self.n_predicted, self.n_gold)
        return np.column_stack([*fields, np.ones(len(self.exact))]).astype(np.float64)


def count(answered: Sequence[Answer]) -> Counts:
    """Reduce answers to counts, in their order."""
    if not answered:
        raise LowresError("evaluation", "no utterance", "at least one")
    rows = [_row(answer) for answer in answered]
    intent, exact, right, predicted, gold = np.array(rows, dtype=np.int64).T
    return Counts(intent_right=intent > 0, exact=exact > 0, n_right=right, n_predicted=predicted, n_gold=gold)


def _row(answer: Answer) -> tuple[bool, bool, int, int, int]:
    gold, predicted = set(slot_spans(answer.gold)), set(slot_spans(answer.predicted))
    intent = answer.gold.intent == answer.predicted.intent
    return intent, intent and gold == predicted, len(gold & predicted), len(predicted), len(gold)


def resampled_sums(columns: NDArray[np.float64], n_resamples: int, seed: int) -> NDArray[np.float64]:
    """Column sums over utterances drawn with replacement, (resamples, columns).

    The draws depend on the number of utterances and the seed only: systems scored on the same
    utterances see the same draws, which is what makes a difference of two paired.
    """
    n, rng, sums = len(columns), np.random.default_rng(seed), []
    batch = max(1, _CELLS // n)
    for start in range(0, n_resamples, batch):
        rows = min(batch, n_resamples - start)
        drawn = rng.integers(n, size=(rows, n)) + n * np.arange(rows)[:, None]
        times = np.bincount(drawn.ravel(), minlength=rows * n).reshape(rows, n)
        sums.append(times @ columns)
    return np.concatenate(sums)


def _rates(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Intent accuracy, slot F1, exact match from sums of `Counts.columns`, (..., 3); F1 of no slots at all is 0."""
    intent, exact, right, predicted, gold, n = np.moveaxis(sums, -1, 0)
    f1 = 2 * right / np.maximum(predicted + gold, 1)
    return np.stack([intent / n, f1, exact / n], axis=-1)


def _intervals(values: NDArray[np.float64], draws: NDArray[np.float64]) -> list[Interval]:
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    return [Interval(value=float(v), low=float(a), high=float(b)) for v, a, b in zip(values, low, high, strict=True)]


def _system_scores(intervals: list[Interval]) -> SystemScores:
    return SystemScores(intent_accuracy=intervals[0], slot_f1=intervals[1], exact_match=intervals[2])


def score(counts: Counts, *, n_resamples: int = RESAMPLES, seed: int = SEED) -> SystemScores:
    """The three scores with percentile bootstrap intervals over utterances."""
    columns = counts.columns
    draws = _rates(resampled_sums(columns, n_resamples, seed))
    return _system_scores(_intervals(_rates(columns.sum(axis=0)), draws))


def score_difference(old: Counts, new: Counts, *, n_resamples: int = RESAMPLES, seed: int = SEED) -> SystemScores:
    """New minus old with paired bootstrap intervals; both count the same utterances in the same order."""
    _same_length(old, new)
    a, b = old.columns, new.columns
    draws = _rates(resampled_sums(b, n_resamples, seed)) - _rates(resampled_sums(a, n_resamples, seed))
    return _system_scores(_intervals(_rates(b.sum(axis=0)) - _rates(a.sum(axis=0)), draws))


def _same_length(old: Counts, new: Counts) -> None:
    if len(old.exact) != len(new.exact) or (old.n_gold != new.n_gold).any():
        found = f"{len(old.exact)} and {len(new.exact)} utterances"
        raise LowresError("evaluation", found, "the same utterances in the same order on both sides")


def mean_counts(seeds: Sequence[Counts]) -> Counts:
    """The mean of what several seeds of one system counted on the same utterances: intervals are over utterances, not seeds."""
    for other in seeds[1:]:
        _same_length(seeds[0], other)
    fields = ("intent_right", "exact", "n_right", "n_predicted", "n_gold")
    return Counts(**{name: np.mean([getattr(one, name) for one in seeds], axis=0) for name in fields})


def proportion(parts: Sequence[int], wholes: Sequence[int]) -> Interval:
    """Sum of parts by sum of wholes over utterances, with its interval."""
    columns = np.array([parts, wholes], dtype=np.float64).T
    draws = resampled_sums(columns, RESAMPLES, SEED)
    return _intervals(_quotients(columns.sum(axis=0)), _quotients(draws))[0]


def proportion_difference(old: Sequence[int], new: Sequence[int], wholes: Sequence[int]) -> Interval:
    """New minus old proportion of the same wholes, with its paired interval."""
    return proportion(np.subtract(new, old), wholes)


def _quotients(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    return sums[..., :1] / np.maximum(sums[..., 1:], 1)


def share(true: NDArray[np.bool_], *, n_resamples: int = RESAMPLES, seed: int = SEED) -> Interval:
    """The share of True with its interval."""
    if not len(true):
        raise LowresError("evaluation", "no utterance", "at least one")
    column = np.asarray(true, dtype=np.float64)[:, None]
    draws = resampled_sums(column, n_resamples, seed) / len(column)
    return _intervals(column.mean(axis=0), draws)[0]


def wilson(n_true: int, n: int) -> Interval:
    """The share of True among n independent trials and its 95 % score interval (Wilson 1927), which is right for few and for none, too."""
    if not n:
        raise LowresError("evaluation", "no utterance", "at least one")
    value, z = n_true / n, 1.959964
    centre, spread = value + z * z / (2 * n), z * (value * (1 - value) / n + z * z / (4 * n * n)) ** 0.5
    low, high = ((centre + sign * spread) / (1 + z * z / n) for sign in (-1, 1))
    return Interval(value=value, low=max(0.0, low), high=min(1.0, high))


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentFlips:
    """Flips among the utterances of one gold intent; shares are of `n`."""

    intent: str
    n: int
    n_negative: int
    n_positive: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotFlips:
    """Gold spans of one slot that only the old system (negative) or only the new one (positive) found."""

    slot: str
    n: int
    n_negative: int
    n_positive: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Flips:
    """Shares of all utterances that only the old system (negative) or only the new one (positive) had exactly right."""

    n: int
    negative: Interval
    positive: Interval
    intents: tuple[IntentFlips, ...]  # most negative flips first

    @property
    def lost(self) -> Interval:
        """The negative flips with an interval that holds where there are none, too."""
        return wilson(sum(row.n_negative for row in self.intents), self.n)


def flips(old: Sequence[Answer], new: Sequence[Answer], *, n_resamples: int = RESAMPLES, seed: int = SEED) -> Flips:
    """What changed between two systems on the same utterances (Yan et al. 2021)."""
    new = same_utterances("flips", old, new)
    before, after = count(old).exact, count(new).exact
    negative, positive = before & ~after, after & ~before
    return Flips(
        n=len(old),
        negative=share(negative, n_resamples=n_resamples, seed=seed),
        positive=share(positive, n_resamples=n_resamples, seed=seed),
        intents=_intent_flips([str(answer.gold.intent) for answer in old], negative, positive),
    )


def slot_flips(old: Sequence[Answer], new: Sequence[Answer]) -> tuple[SlotFlips, ...]:
    """What changed per slot between two systems on the same utterances; most negative flips first."""
    rows: dict[str, list[int]] = {}
    for before, after in zip(old, same_utterances("flips", old, new), strict=True):
        had, has = set(slot_spans(before.predicted)), set(slot_spans(after.predicted))
        for span in slot_spans(before.gold):
            row = rows.setdefault(span[0], [0, 0, 0])
            row[0] += 1
            row[1] += span in had - has
            row[2] += span in has - had
    made = [SlotFlips(slot=name, n=n, n_negative=a, n_positive=b) for name, (n, a, b) in rows.items()]
    return tuple(sorted(made, key=lambda row: (-row.n_negative, row.slot)))


def _intent_flips(
    intents: list[str], negative: NDArray[np.bool_], positive: NDArray[np.bool_]
) -> tuple[IntentFlips, ...]:
    names, index, sizes = np.unique(np.array(intents), return_inverse=True, return_counts=True)
    lost = np.bincount(index, weights=negative, minlength=len(names)).astype(int)
    won = np.bincount(index, weights=positive, minlength=len(names)).astype(int)
    rows = zip(names.tolist(), sizes.tolist(), lost.tolist(), won.tolist(), strict=True)
    made = [IntentFlips(intent=name, n=n, n_negative=a, n_positive=b) for name, n, a, b in rows]
    return tuple(sorted(made, key=lambda row: (-row.n_negative, row.intent)))
