"""How far judges agree: Krippendorff's alpha per scale, span F1 between readings, each judge beside the others, what to adjudicate.

Pure functions over judgments; of several by one person on one item the last attempt counts. Alpha: Krippendorff 2011,
"Computing Krippendorff's alpha-reliability"; span F1 instead of a chance-corrected figure: Hripcsak and Rothschild 2005.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lowres.collection.events import Judged, Reading
from lowres.evaluation.scores import RESAMPLES, SEED, Interval, proportion, resampled_sums

Level = Literal["nominal", "ordinal"]
Reason = Literal["no_majority", "wrong_intent", "wrong_slots", "disagreement", "correction"]
# The codes of intent, slots and language are names of answers, no steps of one thing.
SCALES: Mapping[str, tuple[Level, int]] = {  # level, highest value
    "intent": ("nominal", 2), "slots": ("nominal", 2), "grammar": ("ordinal", 4), "spelling": ("ordinal", 2), "language": ("nominal", 2),
}  # fmt: skip
NOMINAL = tuple(scale for scale, (level, _) in SCALES.items() if level == "nominal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alpha:
    """Krippendorff's alpha of one scale over `n_items` items with two judges or more, and the `n_judgments` of them.

    1 is agreement, 0 what chance gives, below 0 worse. None is undefined: fewer than two judges everywhere, or one value only.
    """

    scale: str
    level: Level
    n_items: int
    n_judgments: int
    alpha: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanAgreement:
    """Exact span F1, 0..1, over `n_pairs` pairs of judges of one item; None where nobody marked a span."""

    n_items: int
    n_pairs: int
    f1: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One judge on one scale: means over items of what differs from the other judges of the item, in steps of the scale.

    `signed` is above 0 for who gives more than others do, None on a nominal scale; there `absolute` is the share of
    differing answers.
    """

    signed: float | None
    absolute: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """A person beside the others: `n_items` judged, `n_shared` of them by somebody else, too.

    `minority` is the share of answers (all scales, items with three judges or more) to which another answer was given by
    more judges; None without such items. `scales` is empty where nothing is shared.
    """

    person: str
    n_items: int
    n_shared: int
    minority: float | None
    scales: Mapping[str, Deviation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """An item that somebody has to decide, and why."""

    item: str
    reasons: tuple[Reason, ...]


Panel = Sequence[Judged]  # of one item, one judgment a person


def by_item(judgments: Iterable[Judged]) -> dict[str, list[Judged]]:
    """Judgments of each item, one a person (the last attempt), in the order of the persons' names."""
    last: dict[tuple[str, str], Judged] = {}
    for one in judgments:
        key = one.item, one.person
        if key not in last or last[key].attempt <= one.attempt:
            last[key] = one
    found: dict[str, list[Judged]] = defaultdict(list)
    for item, person in sorted(last):
        found[item].append(last[item, person])
    return dict(found)


# --- alpha


def alphas(judgments: Iterable[Judged], *, n_resamples: int = RESAMPLES, seed: int = SEED) -> dict[str, Alpha]:
    """Alpha of each scale with its percentile bootstrap interval over items."""
    shared = [rows for rows in by_item(judgments).values() if len(rows) > 1]
    counts = {scale: _value_counts(shared, scale) for scale in SCALES}
    draws = _draws(counts, n_resamples, seed) if shared else {}
    n_judgments = sum(map(len, shared))
    return {
        scale: Alpha(scale=scale, level=level, n_items=len(shared), n_judgments=n_judgments,
                     alpha=_interval(counts[scale], level, draws.get(scale)))
        for scale, (level, _) in SCALES.items()
    }  # fmt: skip


def _value_counts(items: Sequence[Panel], scale: str) -> NDArray[np.int64]:
    """How many judges gave each value, (items, values)."""
    counts = np.zeros((len(items), SCALES[scale][1] + 1), dtype=np.int64)
    for row, judged in zip(counts, items, strict=True):
        for one in judged:
            row[getattr(one, scale)] += 1
    return counts


def _interval(counts: NDArray[np.int64], level: Level, draws: NDArray[np.float64] | None) -> Interval | None:
    import krippendorff

    if draws is None or (counts.sum(axis=0) > 0).sum() < 2:
        return None
    value = float(krippendorff.alpha(value_counts=counts, level_of_measurement=level))
    defined = draws[np.isfinite(draws)]  # not where all that was drawn has one value
    low, high = np.quantile(defined, [0.025, 0.975]) if len(defined) else (value, value)
    return Interval(value=value, low=min(float(low), value), high=max(float(high), value))


def _draws(counts: Mapping[str, NDArray[np.int64]], n_resamples: int, seed: int) -> dict[str, NDArray[np.float64]]:
    """Alpha of every scale in the same draws of items: the library knows no weights, and one call a draw takes too long."""
    cells = {scale: _coincidences(one) for scale, one in counts.items()}
    sums = resampled_sums(np.concatenate([one.reshape(len(one), -1) for one in cells.values()], axis=1), n_resamples, seed)
    borders = np.cumsum([one.shape[1] ** 2 for one in cells.values()])[:-1]
    parts = zip(cells, np.split(sums, borders, axis=1), strict=True)
    return {scale: alphas_of(part.reshape(-1, *cells[scale].shape[1:]), SCALES[scale][0]) for scale, part in parts}


def _coincidences(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """What each item, judged at least twice, adds to the coincidence matrix, (items, values, values)."""
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(counts.shape[1], dtype=np.int64)
    return pairs / (counts.sum(axis=1) - 1)[:, None, None]


def alphas_of(coincidences: NDArray[np.float64], level: Level) -> NDArray[np.float64]:
    """Alpha of each coincidence matrix, (n, values, values) to (n,); nan where it is undefined."""
    sizes = coincidences.sum(axis=-1)
    middle = np.cumsum(sizes, axis=-1) - sizes / 2 if level == "ordinal" else None
    apart = 1 - np.eye(sizes.shape[-1]) if middle is None else (middle[:, :, None] - middle[:, None, :]) ** 2
    by_chance = sizes[:, :, None] * sizes[:, None, :] * apart  # the diagonal is 0 in `apart`
    expected = by_chance.sum(axis=(-2, -1)) / np.maximum(sizes.sum(axis=-1) - 1, 1)
    observed = (coincidences * apart).sum(axis=(-2, -1))
    return 1 - np.divide(observed, expected, out=np.full(len(sizes), np.nan), where=expected > 0)


# --- spans


def span_agreement(judgments: Iterable[Judged], readings: Mapping[str, Reading]) -> SpanAgreement:
    """F1 between judges' readings; a judge's is `corrected`, else the item's own in `readings` (by item).

    A mean over pairs of judges of the same item, each pair weighed by the spans that both marked. Slots agree where name,
    start and end do; where one judge corrected the text, too, where name and surface do.
    """
    found, n_pairs = [], 0
    for item, rows in by_item(judgments).items():
        pairs = [_spans_of_pair(a.corrected or readings[item], b.corrected or readings[item]) for a, b in combinations(rows, 2)]
        if pairs:
            found.append(np.sum(pairs, axis=0))
            n_pairs += len(pairs)
    agreeing, marked = np.array(found, dtype=np.int64).reshape(-1, 2).T
    f1 = proportion(agreeing.tolist(), marked.tolist()) if marked.sum() else None
    return SpanAgreement(n_items=len(found), n_pairs=n_pairs, f1=f1)


def _spans_of_pair(one: Reading, other: Reading) -> tuple[int, int]:
    """Twice the spans that two readings share, and the spans of both."""
    same_text = one.text == other.text
    a, b = (Counter((s.name, s.start, s.end) if same_text else (s.name, s.surface) for s in r.slots) for r in (one, other))
    return 2 * (a & b).total(), a.total() + b.total()


# --- judges


def judges(judgments: Iterable[Judged]) -> tuple[Judge, ...]:
    """Every judge beside the others, those who differ most often from a majority first."""
    of_person: dict[str, list[tuple[Judged, Panel]]] = defaultdict(list)
    for rows in by_item(judgments).values():
        for one in rows:
            of_person[one.person].append((one, [other for other in rows if other is not one]))
    made = [_judge(person, rows) for person, rows in of_person.items()]
    return tuple(sorted(made, key=lambda judge: (-(judge.minority or 0), judge.person)))


def _judge(person: str, rows: Sequence[tuple[Judged, Panel]]) -> Judge:
    shared = [(one, others) for one, others in rows if others]
    votes = [_in_minority(one, others, scale) for one, others in shared if len(others) > 1 for scale in SCALES]
    return Judge(
        person=person,
        n_items=len(rows),
        n_shared=len(shared),
        minority=sum(votes) / len(votes) if votes else None,
        scales={scale: _deviation(shared, scale) for scale in SCALES} if shared else {},
    )


def _in_minority(one: Judged, others: Panel, scale: str) -> bool:
    own = getattr(one, scale)
    votes = [own, *(getattr(other, scale) for other in others)]
    return max(map(votes.count, votes)) > votes.count(own)


def _deviation(shared: Sequence[tuple[Judged, Panel]], scale: str) -> Deviation:
    nominal, signed, absolute = SCALES[scale][0] == "nominal", 0.0, 0.0
    for one, others in shared:
        steps = [getattr(one, scale) - getattr(other, scale) for other in others]
        signed += sum(steps) / len(steps)
        absolute += sum(step != 0 if nominal else abs(step) for step in steps) / len(steps)
    return Deviation(signed=None if nominal else signed / len(shared), absolute=absolute / len(shared))


# --- what to adjudicate


def disputes(judgments: Iterable[Judged], readings: Mapping[str, Reading]) -> tuple[Dispute, ...]:
    """The items that need a decision, those with most reasons first.

    Grammar and spelling alone make no dispute: a step more or less there changes nothing of what is exported.
    """
    found = ((item, _reasons(rows, readings[item])) for item, rows in by_item(judgments).items())
    made = [Dispute(item=item, reasons=reasons) for item, reasons in found if reasons]
    return tuple(sorted(made, key=lambda one: (-len(one.reasons), one.item)))


def _reasons(rows: Panel, own: Reading) -> tuple[Reason, ...]:
    votes = [Counter(getattr(one, scale) for one in rows) for scale in NOMINAL]
    readings = {_labels(one.corrected or own) for one in rows}
    tests: dict[Reason, bool] = {
        "no_majority": any(2 * max(vote.values()) <= len(rows) for vote in votes),
        "wrong_intent": any(one.intent == 0 for one in rows),
        "wrong_slots": any(one.slots == 0 for one in rows),
        "disagreement": len(readings) > 1 or any(len(vote) > 1 for vote in votes),
        "correction": any(one.corrected is not None for one in rows),
    }
    return tuple(reason for reason, holds in tests.items() if holds)


def _labels(reading: Reading) -> tuple[object, ...]:
    """What of a reading is compared; how a speaker came to a slot is not."""
    return reading.text, reading.intent, tuple((slot.name, slot.start, slot.end) for slot in reading.slots)
