"""How far a confidence can be trusted, and the rejection of what no intent covers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lowres.errors import LowresError
from lowres.evaluation.scores import Interval, share


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Utterances of similar confidence: `low` to `high`, their mean `confidence` and their `accuracy`."""

    n: int
    low: float
    high: float
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Expected calibration error over bins of equal mass, and the Brier score; 0 is perfect in both."""

    error: float
    brier: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Out-of-domain input refused below `threshold`, and the price: in-domain input refused with it."""

    threshold: float
    n_in: int
    n_out: int
    out_rejected: Interval
    in_rejected: Interval
    area_under_roc: float


def calibrate(confidences: ArrayLike, right: ArrayLike, *, n_bins: int = 15) -> Calibration:
    """Compare confidences (n,) with what was right (n,).

    Utterances of one confidence share their accuracy, so their order does not matter where a bin cuts through.
    """
    sure = _confidences("calibration", confidences)
    hits = np.asarray(right, dtype=np.float64)
    if hits.shape != sure.shape:
        raise LowresError("calibration", f"{len(sure)} confidences for {len(hits)} answers", "one each")
    _, index, sizes = np.unique(sure, return_inverse=True, return_counts=True)
    shared = (np.bincount(index, weights=hits) / sizes)[index]
    order = np.argsort(sure, kind="stable")
    parts = [part for part in np.array_split(order, n_bins) if len(part)]
    bins = tuple(_bin(sure[part], shared[part]) for part in parts)
    error = sum(b.n * abs(b.accuracy - b.confidence) for b in bins) / len(sure)
    return Calibration(error=error, brier=float(np.mean((sure - hits) ** 2)), bins=bins)


def _bin(sure: NDArray[np.float64], accuracy: NDArray[np.float64]) -> Bin:
    return Bin(
        n=len(sure),
        low=float(sure[0]),
        high=float(sure[-1]),
        confidence=float(sure.mean()),
        accuracy=float(accuracy.mean()),
    )


def _confidences(where: str, values: ArrayLike) -> NDArray[np.float64]:
    sure = np.asarray(values, dtype=np.float64)
    if sure.ndim != 1 or not len(sure):
        raise LowresError(where, "no confidences", "one for every utterance, at least one")
    if not ((sure >= 0) & (sure <= 1)).all():
        raise LowresError(where, "a confidence outside 0 to 1", "0 to 1")
    return sure


def choose_threshold(in_domain: ArrayLike, out_of_domain: ArrayLike) -> float:
    """The threshold that best separates two sets of dev confidences; never call it on test data.

    It maximises out-of-domain rejected minus in-domain rejected (Youden's J) among the midpoints between
    neighbouring confidences; on a tie the lowest, which rejects the fewest. 0 rejects nothing.
    """
    inside = np.sort(_confidences("in-domain dev", in_domain))
    outside = np.sort(_confidences("out-of-domain dev", out_of_domain))
    values = np.unique(np.concatenate([inside, outside]))
    candidates = np.concatenate([[0.0], (values[1:] + values[:-1]) / 2])
    # Over the common denominator: whole numbers, so that ties are ties.
    gain = _below(outside, candidates) * len(inside) - _below(inside, candidates) * len(outside)
    return float(candidates[int(np.argmax(gain))])


def _below(ordered: NDArray[np.float64], thresholds: NDArray[np.float64]) -> NDArray[np.intp]:
    return np.searchsorted(ordered, thresholds, side="left")


def area_under_roc(in_domain: ArrayLike, out_of_domain: ArrayLike) -> float:
    """The chance that an in-domain confidence exceeds an out-of-domain one, ties counting half."""
    inside = _confidences("in-domain", in_domain)
    outside = np.sort(_confidences("out-of-domain", out_of_domain))
    below = np.searchsorted(outside, inside, side="left") + np.searchsorted(outside, inside, side="right")
    return float(below.mean() / 2 / len(outside))


def reject(in_domain: Sequence[float], out_of_domain: Sequence[float], threshold: float) -> Rejection:
    """What a threshold chosen on dev does to test confidences; below it an utterance is rejected."""
    inside = _confidences("in-domain test", in_domain)
    outside = _confidences("out-of-domain test", out_of_domain)
    return Rejection(
        threshold=threshold,
        n_in=len(inside),
        n_out=len(outside),
        out_rejected=share(outside < threshold),
        in_rejected=share(inside < threshold),
        area_under_roc=area_under_roc(inside, outside),
    )
