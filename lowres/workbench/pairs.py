"""Synthetic pairs to be browsed: an index of what can be asked of them, made once, and the filter.

The index keeps the pairs as lines, and makes objects only of those that are shown: tens of thousands take seconds to make.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from lowres.errors import LowresError, at
from lowres.formats.lines import read_numbered
from lowres.stages.data import PAIRS
from lowres.synthesis import Kept, parse_kept
from lowres.text import fold

KINDS = ("intents", "slots", "origins", "rules")
_ALLOWED = "a line that `lowres synthesize` wrote"


@dataclass(frozen=True, slots=True, kw_only=True)
class PairIndex:
    """A run's pairs in order. `facets`: kind, then name, most frequent first -> positions of the pairs that have it.

    `texts` are folded, the source, a line's end, the target; `coverage` is 0..1. Nothing of it is to be changed.
    """

    lines: Sequence[str]
    where: Path
    positions: Mapping[str, int]  # id -> position
    texts: Sequence[str]
    coverage: np.ndarray
    facets: Mapping[str, Mapping[str, np.ndarray]]

    def __len__(self) -> int:
        return len(self.lines)

    def pair(self, position: int) -> Kept:
        """The pair at a position; raises LowresError where its line is none."""
        try:
            return parse_kept(json.loads(self.lines[position]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LowresError(at(self.where, position + 1), f"no pair ({error})", _ALLOWED) from None

    def counts(self, kind: str) -> dict[str, int]:
        """How many pairs have each name of a kind, most frequent first."""
        return {name: len(found) for name, found in self.facets[kind].items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a pair must have; an empty set asks for nothing. Coverage is 0..1, both ends included."""

    intents: frozenset[str] = frozenset()
    slots: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    low: float = 0.0
    high: float = 1.0
    text: str = ""


@dataclass(slots=True)
class _Growing:
    """The columns of an index while lines are read."""

    positions: dict[str, int] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    coverage: list[float] = field(default_factory=list)
    facets: dict[str, dict[str, list[int]]] = field(default_factory=lambda: {kind: defaultdict(list) for kind in KINDS})

    def add(self, record: Mapping[str, Any]) -> None:
        position = len(self.texts)
        self.positions[record["id"]] = position
        # not through the cache of `fold`: it holds words, and a sentence is asked for once
        self.texts.append(f"{fold.__wrapped__(record['source'])}\n{fold.__wrapped__(record['text'])}")
        self.coverage.append(float(record["coverage"]))
        found = {
            "intents": {record["intent"] or ""}, "slots": {slot["name"] for slot in record["slots"]},
            "origins": {word["origin"] for word in record["words"]}, "rules": set(record.get("rules", ())),
        }  # fmt: skip
        for kind, names in found.items():
            for name in names:
                self.facets[kind][name].append(position)


def read_index(folder: Path) -> PairIndex:
    """The pairs of a finished synthesis; LowresError names a line that is none."""
    return build_index((line for _, line in read_numbered(folder / PAIRS, normal=False)), folder / PAIRS)


def build_index(lines: Iterable[str], where: Path = Path(PAIRS)) -> PairIndex:
    """The index of lines of pairs.jsonl."""
    kept, growing = list(lines), _Growing()
    for number, line in enumerate(kept, 1):
        try:
            growing.add(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LowresError(at(where, number), f"no pair ({error})", _ALLOWED) from None
    facets = {kind: _ranked(names) for kind, names in growing.facets.items()}
    return PairIndex(
        lines=kept, where=where, positions=growing.positions, texts=growing.texts,
        coverage=np.array(growing.coverage), facets=facets,
    )  # fmt: skip


def _ranked(names: Mapping[str, list[int]]) -> dict[str, np.ndarray]:
    often = sorted(names.items(), key=lambda item: (-len(item[1]), item[0]))
    return {name: np.array(positions, dtype=np.int32) for name, positions in often}


def select(index: PairIndex, wanted: Wanted) -> list[int]:
    """Positions of the pairs that have one of the intents, one of the slots, of the origins and of the rules, and the text."""
    fits = (wanted.low <= index.coverage) & (index.coverage <= wanted.high)
    for kind in KINDS:
        if names := getattr(wanted, kind):
            fits &= _having(index, kind, names)
    found = np.flatnonzero(fits).tolist()
    sought = fold(wanted.text)
    return [position for position in found if sought in index.texts[position]] if sought else found


def _having(index: PairIndex, kind: str, names: Iterable[str]) -> np.ndarray:
    mask = np.zeros(len(index), dtype=bool)
    for name in names:
        mask[index.facets[kind].get(name, [])] = True
    return mask
