"""InjongoIntent's JSON lines (github.com/masakhane-io/masakhane-nlu)."""

import json
from collections.abc import Iterator
from pathlib import Path

from lowres.errors import LowresError, at
from lowres.formats.lines import read_numbered
from lowres.utterance import Slot, Utterance


def read_injongo(path: Path, locale: str = "und") -> Iterator[Utterance]:
    """Utterances; `start_byte` and `limit_byte` are character offsets in spite of their names.

    A span that overlaps an earlier one is left out (two published utterances have such).
    """
    for number, line in read_numbered(path):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            spans = sorted((s["start_byte"], s["limit_byte"], s["label"]) for s in record["spans"])
            yield Utterance(
                id=record["example_id"], text=record["text"], locale=locale, intent=record["intent"],
                slots=_disjoint(spans), partition=path.name.split(".")[0],
            )  # fmt: skip
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise LowresError(at(path, number), f"not a record ({error!r})", "intent, text, spans, example_id") from None
        except LowresError as error:
            raise LowresError(at(path, number), error.found, error.allowed) from None


def _disjoint(spans: list[tuple[int, int, str]]) -> tuple[Slot, ...]:
    slots: list[Slot] = []
    for start, end, name in spans:
        if not slots or start >= slots[-1].end:
            slots.append(Slot(name=name, start=start, end=end))
    return tuple(slots)
