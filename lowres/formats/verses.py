"""Verse-aligned text: verse id, tab, text; and UD sentences: partition, tab, text."""

from collections.abc import Iterator
from pathlib import Path

from lowres.errors import LowresError, at
from lowres.formats.lines import read_numbered


def read_verses(path: Path) -> Iterator[tuple[str, str]]:
    """(verse id or partition, text) of each line; lines without text are skipped."""
    for number, line in read_numbered(path):
        if line.strip():
            key, tab, text = line.partition("\t")
            if not tab:
                raise LowresError(at(path, number), f"{line[:60]!r}", "an id and a text, separated by a tab")
            if text.strip():
                yield key, text.strip()
