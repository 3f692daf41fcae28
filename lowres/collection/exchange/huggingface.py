"""A folder that `datasets.load_dataset` reads: JSON lines for each part, and a card that names their features.

huggingface.co/docs/hub/datasets-manual-configuration and datasets-cards say what is in the card.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import regex

from lowres.collection.exchange.card import card
from lowres.collection.exchange.item import About, Collected, Missing
from lowres.collection.exchange.rows import EXTRA, item_of, json_cell, own_columns, parse_cell, rest_of, row_of
from lowres.collection.exchange.writing import whole_folder
from lowres.errors import LowresError
from lowres.formats.records import read_records

SPLITS = {"train": "train", "dev": "validation", "test": "test"}  # their names by ours
_OWN = frozenset({"README.md", *(f"data/{split}.jsonl" for split in SPLITS.values())})
_NAME = regex.compile(r"\w([\w .\-]{0,58}[\w.\-])?")


def export(items: Sequence[Collected], path: Path, about: About) -> None:
    """Train, validation and test, each where it has items; the order within is kept."""
    own = own_columns(items, _NAME)
    parts = {part: [one for one in items if one.partition == part] for part in SPLITS}
    with whole_folder(path, _OWN) as folder:
        (folder / "data").mkdir()
        for part, chosen in parts.items():
            if chosen:
                lines = "".join(f"{json.dumps(_row(one, own), ensure_ascii=False)}\n" for one in chosen)
                (folder / "data" / f"{SPLITS[part]}.jsonl").write_text(lines, encoding="utf-8", newline="\n")
        sizes = {SPLITS[part]: len(chosen) for part, chosen in parts.items() if chosen}
        (folder / "README.md").write_text(card(items, sizes, own, about), encoding="utf-8", newline="\n")


def read(path: Path, missing: Missing) -> Iterator[tuple[str, Collected]]:
    """(`path:line`, item): train, then validation, then test."""
    files = {part: path / "data" / f"{split}.jsonl" for part, split in SPLITS.items()}
    if not any(file.is_file() for file in files.values()):
        raise LowresError(path, "no data in it", "data/train.jsonl, data/validation.jsonl or data/test.jsonl")
    for part, file in files.items():
        if file.is_file():
            yield from _part(file, part, missing)


def _part(file: Path, part: str, missing: Missing) -> Iterator[tuple[str, Collected]]:
    for where, record in read_records(file):
        cell = record.pop(EXTRA, "")
        if not isinstance(cell, str | None):
            raise LowresError(where, f"{EXTRA}: no text", "JSON as text")
        kept = parse_cell(cell, EXTRA, where, dict)
        item = item_of({"partition": part} | record, where, missing, kept=kept)
        if item.partition != part:
            raise LowresError(where, f"partition: {item.partition}", f"{part}, the part of its file")
        yield where, item


def _row(item: Collected, own: Sequence[str]) -> dict[str, Any]:
    """All rows have the same columns of the same types."""
    return row_of(item) | {name: item.extra[name] for name in own} | {EXTRA: json_cell(rest_of(item, own))}
