"""Collected utterances in the formats of others, out and in again: what is imported is what was exported, unknown fields and all.

Offsets are code points of NFC text; the surface string travels beside them and is checked on the way in.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lowres.collection.exchange import cldf, conll, huggingface, massive, spreadsheet
from lowres.collection.exchange.item import About, Collected, Missing, Status, utterances
from lowres.collection.exchange.rows import check
from lowres.errors import LowresError, nearest

__all__ = ["EXPORTS", "IMPORTS", "SUFFIXES", "About", "Collected", "Missing", "Status", "export_items", "import_items", "utterances"]

# writer(items, path, about) of items that were checked; `export_items` checks them
EXPORTS: dict[str, Callable[[Sequence[Collected], Path, About], None]] = {
    "massive": massive.export,
    "conll": conll.export,
    "csv": spreadsheet.export,
    "cldf": cldf.export,
    "huggingface": huggingface.export,
}
# reader(path, missing) -> (where it is, item); `import_items` looks for ids that occur twice, too
IMPORTS: dict[str, Callable[[Path, Missing], Iterator[tuple[str, Collected]]]] = {
    "massive": massive.read,
    "conll": conll.read,
    "csv": spreadsheet.read,
    "cldf": cldf.read,
    "huggingface": huggingface.read,
}
SUFFIXES = {"massive": ".jsonl", "conll": ".conll", "csv": ".csv", "cldf": "", "huggingface": ""}  # '' is a folder
_MOST = 10_000_000  # characters of a cell


def export_items(items: Sequence[Collected], path: Path, format: str, about: About | None = None) -> None:
    """Write items to a file, or a folder, that is there whole or not at all; nothing is written where one cannot come back."""
    writer = EXPORTS.get(format)
    if writer is None:
        raise LowresError("format", f"'{format}'", nearest(format, EXPORTS))
    if not items:
        raise LowresError("export", "no items", "one at least")
    seen: set[str] = set()
    for one in items:
        check(one)
        if one.id in seen:
            raise LowresError(f"item {one.id:.80}", "there twice", "each id once")
        seen.add(one.id)
    writer(items, path, about or About())


@contextmanager
def _long_cells() -> Iterator[None]:
    """Judgments of one item fill a cell; the limit is the whole process's, and other readers of CSV have their own idea of it."""
    before = csv.field_size_limit(_MOST)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def import_items(path: Path, format: str, missing: Missing | None = None) -> list[Collected]:
    """The items of a file or folder, in order (huggingface: train before dev before test); LowresError names the first mistake."""
    reader = IMPORTS.get(format)
    if reader is None:
        raise LowresError("format", f"'{format}'", nearest(format, IMPORTS))
    found: dict[str, tuple[str, Collected]] = {}
    with _long_cells():
        for where, one in reader(path, missing or Missing()):
            if one.id in found:
                raise LowresError(where, f"id: {one.id!r:.80} again, first at {found[one.id][0]}", "each id once")
            found[one.id] = where, one
    return [one for _, one in found.values()]
