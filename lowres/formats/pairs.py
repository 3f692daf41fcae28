"""Bilingual lexicons line by line: Wiktionary extracts, GATITOS, Apertium, plain pairs, and a user's own TSV or CSV."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import regex

from lowres.errors import LowresError, at
from lowres.formats.lines import read_numbered
from lowres.formats.parts import parse_upos, upos_of
from lowres.formats.tables import read_rows
from lowres.lexicon import Entry

SIGNED = ("author", "date")
_Row = tuple[str, str, str]
_CONTROL = regex.compile(r"(?!\t)\p{Cc}+")  # GATITOS en_om has some


def read_pairs(path: Path) -> Iterator[Entry]:
    """Two columns, tab or white space between; rows whose second side is empty are skipped (AfroMT has 361)."""
    return _entries(path, _two, "two columns")


def read_gatitos(path: Path) -> Iterator[Entry]:
    """English, then one translation or more."""
    return _entries(path, _many, "English and its translations")


def read_wiktionary(path: Path) -> Iterator[Entry]:
    """Headword, part of speech, one English gloss."""
    return _entries(path, _three, "headword, part of speech, gloss")


def read_apertium(path: Path) -> Iterator[Entry]:
    """Left, left tags, right, right tags, direction."""
    return _entries(path, _apertium, "left, tags, right, tags, direction")


def read_table(path: Path) -> Iterator[Entry]:
    """A user's TSV or CSV: `source`, `target`, and perhaps `upos` (a UD tag or a dictionary's name for it).

    `author` and `date` say who corrected a word in the workbench, and when.
    """
    ranks: Counter = Counter()
    for number, row in read_rows(path, ("source", "target"), ("upos", *SIGNED), late=SIGNED):
        source, target = row["source"].strip(), row["target"].strip()
        upos = parse_upos(row.get("upos", ""), at(path, number))
        if source and target:
            yield Entry(source, target, upos, ranks[source, upos])
            ranks[source, upos] += 1


def _entries(path: Path, parse: Callable[[str], list[_Row] | None], allowed: str) -> Iterator[Entry]:
    ranks: Counter = Counter()
    for number, line in read_numbered(path):
        if not line.strip():
            continue
        rows = parse(_CONTROL.sub("", line))
        if rows is None:
            raise LowresError(at(path, number), f"{line[:60]!r}", f"{allowed}, separated by tabs")
        for left, right, upos in rows:
            left, right = left.strip(), right.strip()
            if left and right:
                yield Entry(left, right, upos, ranks[left])
                ranks[left] += 1


def _two(line: str) -> list[_Row] | None:
    columns = line.split("\t") if "\t" in line else line.split(" ", 1)
    return [(columns[0], columns[1], "")] if len(columns) == 2 else None


def _many(line: str) -> list[_Row] | None:
    first, *others = line.split("\t")
    return [(first, other, "") for other in others] or None


def _three(line: str) -> list[_Row] | None:
    columns = line.split("\t")
    return [(columns[0], columns[2], upos_of(columns[1]))] if len(columns) == 3 else None


def _apertium(line: str) -> list[_Row] | None:
    columns = line.split("\t")
    return [(columns[0], columns[2], upos_of(columns[1]))] if len(columns) in (4, 5) else None
