"""Tables with a header, one record a line: a user's own TSV or CSV, and what publishers write in that shape."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

from lowres.errors import LowresError, at, nearest
from lowres.formats.lines import read_numbered
from lowres.formats.massive import parse_annotation
from lowres.formats.records import make_utterance
from lowres.text import nfc
from lowres.utterance import Utterance


def read_rows(
    path: Path, needed: Sequence[str] = (), optional: Sequence[str] | None = None, *, quoted: bool = False,
    late: Sequence[str] = (),
) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, cells by column) of a table; `optional` None allows any other column.

    A file named .csv has commas, any other tabs. Quotation marks quote in .csv and where `quoted`, else they
    are characters like any other; a cell never spans lines. Lines that begin with # before the header are notes.
    Columns of `late` were added later: the last ones may be missing from a line.
    """
    comma = ".csv" in path.suffixes
    header: list[str] = []
    for number, line in read_numbered(path):
        if not line.strip() or (not header and line.startswith("#")):
            continue
        cells = _quoted_cells(line, "," if comma else "\t", at(path, number)) if comma or quoted else line.split("\t")
        if not header:
            header = [cell.strip() for cell in cells]
            _check_header(header, needed, optional, at(path, number))
        elif len(cells) > len(header) or not set(header[len(cells) :]) <= set(late):
            raise LowresError(at(path, number), f"{len(cells)} columns", f"{len(header)}: {', '.join(header)}")
        else:
            yield number, dict(zip_longest(header, cells, fillvalue=""))


def _quoted_cells(line: str, delimiter: str, where: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise LowresError(
            where, f"a cell that cannot be read ({error})", '"…" closed on its line, "" for a quotation mark'
        ) from None


def _check_header(header: list[str], needed: Sequence[str], optional: Sequence[str] | None, where: str) -> None:
    allowed = f"columns {', '.join(needed)}" + (f" and perhaps {', '.join(optional)}" if optional else "")
    if missing := [name for name in needed if name not in header]:
        raise LowresError(where, f"no column '{missing[0]}' in the header", allowed)
    if double := [name for name, n in Counter(header).items() if n > 1]:
        raise LowresError(where, f"the column '{double[0]}' twice", allowed)
    known = (*needed, *(optional or ()))
    if optional is not None and (unknown := [name for name in header if name not in known]):
        raise LowresError(where, f"unknown column '{unknown[0]}'", nearest(unknown[0], known))


def read_utterance_table(path: Path, *, locale: str = "und", partition: str | None = None) -> Iterator[Utterance]:
    """A user's utterances: `intent`, and `text` or `annotated` ("wake me at [time : five am]"); `id`, `partition`.

    An id that is not given is the number of the line; none may occur twice.
    """
    seen: set[str] = set()
    for number, row in read_rows(path, ("intent",), ("id", "text", "annotated", "partition")):
        where = at(path, number)
        if ("text" in row) == ("annotated" in row):
            raise LowresError(at(path, 1), f"the header {', '.join(row)}", "a column 'text' or a column 'annotated'")
        name = row.get("id", "").strip() or str(number)
        if name in seen:
            raise LowresError(where, f"the id {name!r} again", "each id once")
        seen.add(name)
        text, slots = (
            parse_annotation(row["annotated"], where) if "annotated" in row else (nfc(row["text"].strip()), ())
        )
        part = row.get("partition", "").strip() or partition
        yield make_utterance(
            where, id=name, text=text, slots=slots, locale=locale, intent=row["intent"], partition=part
        )


def read_text_table(path: Path) -> Iterator[tuple[str, str]]:
    """A user's text: (`id` or line number, `text`); rows without text are skipped."""
    for number, row in read_rows(path, ("text",), ("id",)):
        if row["text"].strip():
            yield row.get("id", "").strip() or str(number), row["text"].strip()


def read_counted(path: Path) -> Iterator[tuple[str, str]]:
    """(count, sentence) of a frequency list with the columns `sentence`, `count`."""
    for number, row in read_rows(path, ("sentence", "count"), ()):
        if not (row["count"].isascii() and row["count"].isdecimal() and len(row["count"]) < 16):
            raise LowresError(at(path, number), f"count {row['count'][:40]!r}", "a whole number")
        if row["sentence"].strip():
            yield row["count"], row["sentence"].strip()


def read_bitext(path: Path) -> Iterator[tuple[str, str, str]]:
    """(line number, left, right) of a table of two columns named after their languages."""
    for number, row in read_rows(path, quoted=True):
        if len(row) != 2:
            raise LowresError(at(path, number), f"{len(row)} columns", "two, named after their languages")
        left, right = row.values()
        if left.strip() and right.strip():
            yield str(number), left.strip(), right.strip()


def read_columns(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a published table by column, '' where a cell is empty (LinguaMeta, Glottolog)."""
    return (row for _, row in read_rows(path, quoted=True))
