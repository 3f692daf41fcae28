"""Bilingual lexicons line by line: Wiktionary extracts, GATITOS, Apertium, plain pairs, and a user's own TSV or CSV."""

import csv
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from lowres.errors import LowresError, at
from lowres.formats.lines import read_numbered
from lowres.formats.parts import upos_of
from lowres.lexicon import Entry


def read_pairs(path: Path) -> Iterator[Entry]:
    """Two columns, tab or white space between; rows whose second side is empty are skipped (AfroMT has 361)."""
    return _entries(path, _two, "two columns")


def read_gatitos(path: Path) -> Iterator[Entry]:
    """English, then one translation or more, separated by tabs."""
    return _entries(path, lambda line: [(c[0], t, "") for c in [line.split("\t")] if len(c) > 1 for t in c[1:]] or None, "columns")


def read_wiktionary(path: Path) -> Iterator[Entry]:
    """Headword, part of speech, one English gloss."""
    return _entries(path, _three, "headword, part of speech, gloss")


def read_apertium(path: Path) -> Iterator[Entry]:
    """Left, left tags, right, right tags, direction."""
    return _entries(path, _apertium, "left, tags, right, tags, direction")


def _entries(path: Path, parse: Callable[[str], list[tuple[str, str, str]] | None], allowed: str) -> Iterator[Entry]:
    ranks: Counter = Counter()
    for number, line in read_numbered(path):
        if not line.strip():
            continue
        rows = parse(_printable(line))
        if rows is None:
            raise LowresError(at(path, number), f"{line[:60]!r}", f"{allowed}, separated by tabs")
        for left, right, upos in rows:
            if left.strip() and right.strip():
                yield Entry(left.strip(), right.strip(), upos, ranks[left])
                ranks[left] += 1


def _printable(line: str) -> str:
    """Without control characters other than tabs (GATITOS en_om has some)."""
    if line.isprintable():
        return line
    return "".join(c for c in line if c == "\t" or unicodedata.category(c) != "Cc")


def _two(line: str) -> list[tuple[str, str, str]] | None:
    columns = line.split("\t") if "\t" in line else line.split(" ", 1)
    if len(columns) == 2:
        return [(columns[0], columns[1], "")]
    return None


def _three(line: str) -> list[tuple[str, str, str]] | None:
    columns = line.split("\t")
    return [(columns[0], columns[2], upos_of(columns[1]))] if len(columns) == 3 else None


def _apertium(line: str) -> list[tuple[str, str, str]] | None:
    columns = line.split("\t")
    return [(columns[0], columns[2], upos_of(columns[1]))] if len(columns) in (4, 5) else None


def read_table(path: Path) -> Iterator[Entry]:
    """A user's TSV or CSV with a header: `source`, `target`, and `upos` where there is one."""
    lines = read_numbered(path)
    delimiter = "," if path.suffix == ".csv" else "\t"
    ranks: Counter = Counter()
    header: list[str] | None = None
    for number, line in lines:
        if not line.strip():
            continue
        columns = next(csv.reader([line], delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if delimiter == "," else csv.QUOTE_NONE))
        if header is None:
            header = columns
            if not {"source", "target"} <= set(header):
                raise LowresError(at(path, number), f"the header {', '.join(header)[:80]}", "columns source, target[, upos]")
            continue
        if len(columns) != len(header):
            raise LowresError(at(path, number), f"{len(columns)} columns", f"{len(header)}: {', '.join(header)}")
        row = dict(zip(header, columns, strict=True))
        if row["source"].strip() and row["target"].strip():
            yield Entry(row["source"].strip(), row["target"].strip(), row.get("upos", ""), ranks[row["source"]])
            ranks[row["source"]] += 1
