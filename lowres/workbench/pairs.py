"""Synthetic pairs to be browsed: what there is to filter by, and the filter."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lowres.synthesis import Kept
from lowres.text import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """How many pairs have each intent, each slot name, and a word of each origin; most frequent first."""

    intents: dict[str, int]
    slots: dict[str, int]
    origins: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a pair must have; an empty set asks for nothing. Coverage is 0..1, both ends included."""

    intents: frozenset[str] = frozenset()
    slots: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    low: float = 0.0
    high: float = 1.0
    text: str = ""


def facets(pairs: Iterable[Kept]) -> Facets:
    """Count what the pairs have; a pair counts once for each of its slots and origins."""
    intents, slots, origins = Counter(), Counter(), Counter()
    for pair in pairs:
        intents[pair.utterance.intent or ""] += 1
        slots.update({slot.name for slot in pair.utterance.slots})
        origins.update({word.origin for word in pair.words})
    return Facets(intents=_ranked(intents), slots=_ranked(slots), origins=_ranked(origins))


def _ranked(counts: Counter) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def select(pairs: Sequence[Kept], wanted: Wanted) -> list[Kept]:
    """The pairs that have one of the intents, one of the slots, one of the origins, and the text on either side."""
    sought = fold(wanted.text)
    return [pair for pair in pairs if _fits(pair, wanted) and (not sought or _holds(pair, sought))]


def _fits(pair: Kept, wanted: Wanted) -> bool:
    return (
        wanted.low <= pair.coverage <= wanted.high
        and (not wanted.intents or (pair.utterance.intent or "") in wanted.intents)
        and (not wanted.slots or any(slot.name in wanted.slots for slot in pair.utterance.slots))
        and (not wanted.origins or any(word.origin in wanted.origins for word in pair.words))
    )


def _holds(pair: Kept, sought: str) -> bool:
    return sought in fold(pair.source) or sought in fold(pair.utterance.text)
