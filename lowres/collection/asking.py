"""What to ask next, and what the answers say of all prompts.

A collection estimates a model's score on the whole list of prompts from the few that were said in the language so far. What
is known before anybody speaks, how the model reads a prompt in the source language and as synthesis renders it, says much
of how it will read what people say. So prompts whose outcome is open are asked for more often than those that the model
surely reads right, or surely wrong, and `estimate` puts the weights right again, correcting the sample by that knowledge
(generalised regression estimator: Särndal, Swensson and Wretman 1992; for models: Kossen et al. 2021, "Active testing").

Every intent keeps its pace: the next prompt is of the intent that is most behind, counting what all persons collected.
Within an intent the order walks through the prompts from the surest to the least sure in steps of the golden ratio, so
that any beginning of the queue holds sure and unsure ones in their shares.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lowres.errors import LowresError
from lowres.evaluation.predictions import Answer, is_exact
from lowres.evaluation.scores import Interval, wilson
from lowres.utterance import Utterance

TARGET = 200  # utterances that a small test set has
FLOOR = 2  # of them at least, of every intent and slot
MOST = 2.0  # times that a prompt of a rare label is asked for sooner
LUCK = 0.1  # of prompts read wrong before, the share that is read right in the language; of those read right, read wrong
GOLDEN = (5**0.5 - 1) / 2
FEWEST = 20  # utterances from which on an estimate is corrected by what was known before
EQUAL = 1e-9  # variance of doubts below which they count as one
GAIN = 4.0  # times that a corrected estimate can be worth what was collected

Kind = Literal["intent", "slot"]


def uncertainties(readings: Iterable[Iterable[Answer]]) -> dict[str, float]:
    """By prompt, how likely it is read wrong, 0..1, from readings of what is known before anybody speaks.

    Each reading has one answer a prompt at most: of the source text by the base, or by the adapter, or of its synthetic
    rendering. Where the answer is right its doubt counts, else 1; the mean over the readings that have the prompt.
    """
    found: dict[str, list[float]] = defaultdict(list)
    for reading in readings:
        for one in reading:
            found[one.gold.id].append(1 - one.confidence if is_exact(one) else 1.0)
    return {prompt: sum(doubts) / len(doubts) for prompt, doubts in found.items()}


# --- the queue


@dataclass(frozen=True, kw_only=True)  # not slotted: what follows from it is kept
class Plan:
    """Prompts as the queue and the estimate see them; arrays are (prompts,). Build it once with `plan`, it never changes."""

    ids: tuple[str, ...]
    intents: NDArray[np.int64]
    doubt: NDArray[np.float64]  # uncertainty, 0..1
    claim: NDArray[np.float64]  # a prompt of twice the claim is twice as likely among the first

    @cached_property
    def index(self) -> dict[str, int]:
        """Where a prompt is."""
        return {prompt: i for i, prompt in enumerate(self.ids)}

    @cached_property
    def groups(self) -> list[NDArray[np.int64]]:
        """The prompts of each intent, the surest first."""
        order = np.lexsort((np.arange(len(self.ids)), self.doubt, self.intents))
        parts = np.split(order, np.flatnonzero(np.diff(self.intents[order])) + 1)
        return [part for part in parts if len(part)]


def plan(prompts: Sequence[Utterance], uncertainty: Mapping[str, float]) -> Plan:
    """The claims of prompts; one without an uncertainty counts as the mean of the others. LowresError for an id twice."""
    ids = tuple(one.id for one in prompts)
    if len(set(ids)) < len(ids):
        raise LowresError("prompts", f"id {Counter(ids).most_common(1)[0][0]} twice", "each id once")
    known = [uncertainty[prompt] for prompt in ids if prompt in uncertainty]
    doubt = np.array([uncertainty.get(prompt, np.nan) for prompt in ids], dtype=np.float64)
    doubt[np.isnan(doubt)] = np.mean(known) if known else 0.5
    if len(doubt) and not (doubt.min() >= 0 and doubt.max() <= 1):
        raise LowresError("prompts", "an uncertainty outside 0 to 1", "0 to 1")
    intents = np.unique([one.intent or "" for one in prompts], return_inverse=True)[1]
    return Plan(ids=ids, intents=intents, doubt=doubt, claim=_spread(doubt) * _rarity(prompts))


def _spread(doubt: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard deviation of the outcome (Neyman's allocation)."""
    chance = LUCK + (1 - 2 * LUCK) * (1 - doubt)
    return np.sqrt(chance * (1 - chance))


def _rarity(prompts: Sequence[Utterance]) -> NDArray[np.float64]:
    """What brings the rarest label of each prompt up to its floor, 1 to MOST."""
    counts = Counter(label for one in prompts for label in _labels(one))
    lift = {label: min(MOST, max(1.0, FLOOR * len(prompts) / (TARGET * n))) for label, n in counts.items()}
    return np.array([max(lift[label] for label in _labels(one)) for one in prompts], dtype=np.float64)


def _labels(prompt: Utterance) -> set[tuple[Kind, str]]:
    return {("intent", prompt.intent or ""), *(("slot", slot.name) for slot in prompt.slots)}


def order_prompts(
    prompts: Sequence[Utterance] | Plan, *, collected: Collection[str], skipped: Sequence[str] = (),
    uncertainty: Mapping[str, float] | None = None, person: str = "",
) -> list[str]:  # fmt: skip
    """Ids of the prompts that are not `collected`, in the order in which `person` is asked; what they `skipped` last, in that order.

    The same arguments give the same order; persons get orders of their own. `uncertainty` by prompt, see `uncertainties`;
    a `Plan` has it already and saves a third of the time.
    """
    seen = prompts if isinstance(prompts, Plan) else plan(prompts, uncertainty or {})
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(person.encode()).digest()[:8]))
    done, waits = np.zeros(len(seen.ids), dtype=bool), np.ones(len(seen.ids), dtype=bool)
    done[[seen.index[one] for one in collected if one in seen.index]] = True
    late = [seen.index[one] for one in dict.fromkeys(skipped) if one in seen.index and not done[seen.index[one]]]
    waits[late], waits[done] = False, False
    when = np.full(len(seen.ids), np.inf)
    starts = (rng.random() + np.arange(len(seen.groups)) * GOLDEN) % 1
    for group, start in zip(seen.groups, starts, strict=True):
        claims = seen.claim[group]
        walked = group[_walk(claims, start)]
        due = walked[waits[walked]]
        when[due] = (done[group].sum() + np.arange(len(due)) + rng.random()) / claims.sum()
    return [seen.ids[i] for i in [*np.argsort(when, kind="stable")[: waits.sum()], *late]]


def _walk(claims: NDArray[np.float64], start: float) -> NDArray[np.int64]:
    """An order of 0..n-1, laid side by side as wide as their claims, as points in steps of the golden ratio fall on them."""
    edges, n = np.cumsum(claims), len(claims)
    points = (start + np.arange(4 * n) * GOLDEN) % 1 * edges[-1]
    hit = np.minimum(np.searchsorted(edges, points, side="right"), n - 1)
    found, first = np.unique(hit, return_index=True)
    return np.concatenate([found[np.argsort(first)], np.setdiff1d(np.arange(n), found)])


# --- what is lacking


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """Utterances of an intent or a slot that a test set should have, and has; never more than there are prompts."""

    kind: Kind
    name: str
    target: int
    collected: int

    @property
    def missing(self) -> int:
        """How many more are needed."""
        return max(0, self.target - self.collected)


def quotas(prompts: Sequence[Utterance], collected: Collection[str], *, target: int = TARGET, floor: int = FLOOR) -> tuple[Quota, ...]:
    """Of `target` utterances, each label's share among the prompts, at least `floor`; what lacks most first.

    `collected` are ids of prompts.
    """
    done = set(collected)
    there = Counter(label for one in prompts for label in _labels(one))
    have = Counter(label for one in prompts if one.id in done for label in _labels(one))
    made = [
        Quota(kind=kind, name=name, target=min(n, max(floor, round(target * n / len(prompts)))), collected=have[kind, name])
        for (kind, name), n in there.items()
    ]
    return tuple(sorted(made, key=lambda one: (-one.missing, one.kind, one.name)))


# --- what the answers say of all


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A score on all `n_prompts` prompts with its 95 % interval, from `n` of them.

    `plain` is the mean of what was collected; `worth` is how many prompts drawn at random would say as much.
    """

    score: Interval
    n: int
    n_prompts: int
    plain: float
    worth: float


def estimate(
    prompts: Sequence[Utterance] | Plan, outcomes: Mapping[str, float], uncertainty: Mapping[str, float] | None = None, *,
    by_queue: bool = True,
) -> Estimate:  # fmt: skip
    """The mean outcome over all prompts, from `outcomes` (0..1, say 1 for an exact match) of those that were collected.

    `by_queue`: they were asked for in the order of `order_prompts` with the same uncertainty; otherwise each was as likely as
    any other. LowresError where none of the prompts has an outcome.
    """
    seen = prompts if isinstance(prompts, Plan) else plan(prompts, uncertainty or {})
    rows = np.array([i for i, prompt in enumerate(seen.ids) if prompt in outcomes], dtype=np.int64)
    if not len(rows):
        raise LowresError("estimate", "no collected prompt", "at least one")
    found = np.array([outcomes[seen.ids[i]] for i in rows], dtype=np.float64)
    chances = _chances(seen.claim if by_queue else np.ones(len(seen.ids)), len(rows))
    value, variance = _regressed(found, seen.doubt[rows], chances[rows], float(seen.doubt.mean()))
    value = min(1.0, max(0.0, value))
    worth = _worth(value, variance, len(rows), len(seen.ids))
    score = _narrowed(value, worth, len(rows) / len(seen.ids))
    return Estimate(score=score, n=len(rows), n_prompts=len(seen.ids), plain=float(found.mean()), worth=worth)


def _chances(claims: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """How likely each prompt is among n: in proportion to its claim, 1 at most."""
    low, high = 0.0, 1 / claims.min()
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if np.minimum(1, middle * claims).sum() < n else (low, middle)
    return np.minimum(1, high * claims)


def _regressed(
    found: NDArray[np.float64], doubt: NDArray[np.float64], chances: NDArray[np.float64], everywhere: float
) -> tuple[float, float]:
    """Weighted mean of what was found, corrected by how far the doubt is from the mean of all prompts; its variance."""
    share = (1 / chances) / (1 / chances).sum()
    centred = doubt - share @ doubt
    spread = share @ centred**2
    slope = share @ (centred * found) / spread if len(found) >= FEWEST and spread > EQUAL else 0.0
    value = share @ found + slope * (everywhere - share @ doubt)
    rest = found - share @ found - slope * centred
    return float(value), float(share**2 * rest**2 @ (1 - chances) * len(found) / max(1, len(found) - 2))


def _worth(value: float, variance: float, n: int, n_prompts: int) -> float:
    at_random = value * (1 - value) / n * (1 - n / n_prompts)
    gain = at_random / variance if variance > 0 else GAIN
    return n * min(gain, GAIN) if n >= FEWEST and at_random > 0 else float(n)


def _narrowed(value: float, worth: float, seen: float) -> Interval:
    """Wilson's interval of so many random prompts, narrower by what share of all prompts was `seen`."""
    wide, narrower = wilson(value * worth, worth), (1 - seen) ** 0.5
    low, high = value - narrower * (value - wide.low), value + narrower * (wide.high - value)
    return Interval(value=value, low=min(value, low), high=max(value, high))  # equal up to rounding where all are right
