"""CSV (RFC 4180), a row for each item, with slots, prompt and judgments as JSON; nothing in it is a formula to a spreadsheet.

A cell that one would compute has an apostrophe before it, which is taken away on the way back (OWASP, "CSV Injection").
"""

import csv
import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import regex

from lowres.collection.exchange.item import About, Collected, Missing
from lowres.collection.exchange.rows import EXTRA, FIELDS, item_of, json_cell, own_columns, parse_cell, rest_of, row_of
from lowres.collection.exchange.writing import whole_file
from lowres.errors import LowresError, at, nearest
from lowres.formats.lines import read_numbered

_NEEDED = ("id", "text", "intent")
_LISTS = {"slots": list, "judgments": list, "prompt": dict, EXTRA: dict}  # columns of JSON
_NAME = regex.compile(r"\w([\w .\-]{0,58}[\w.\-])?")
_FORMULA = regex.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_GUARDED = regex.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def export(items: Sequence[Collected], path: Path, about: About, *, bom: bool = True) -> None:
    """A header and a row for each item; `bom`: begins with the mark by which Excel knows UTF-8."""
    own = [name for name in own_columns(items, _NAME) if not _meant(name)]
    with whole_file(path, "utf-8-sig" if bom else "utf-8") as file:
        table = csv.writer(file)
        table.writerow([*FIELDS, *own, EXTRA])
        table.writerows([guarded(cell) for cell in _cells(one, own)] for one in items)


def read(path: Path, missing: Missing) -> Iterator[tuple[str, Collected]]:
    """(`path:line`, item) of a table with commas, semicolons or tabs."""
    for where, cells in _rows(path):
        nested = {key: parse_cell(cells.pop(key, ""), key, where, kind) for key, kind in _LISTS.items()}
        row: dict[str, Any] = {key: value for key, value in cells.items() if value != "" or key not in FIELDS}
        row |= {"slots": nested["slots"], "judgments": nested["judgments"], "prompt": nested["prompt"] or None}
        yield where, item_of(row, where, missing, kept=nested[EXTRA])


def guarded(cell: str) -> str:
    """A cell that no spreadsheet computes; `unguarded` is the inverse."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell as it was."""
    return cell[1:] if _GUARDED.match(cell) else cell


def _cells(item: Collected, own: Sequence[str]) -> list[str]:
    row = row_of(item)
    cells = [json_cell(row[key]) if key in _LISTS else row[key] for key in FIELDS]
    return [*cells, *(item.extra[name] for name in own), json_cell(rest_of(item, own))]


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    lines = [f"{line}\n" for _, line in read_numbered(path, normal=False)]
    delimiter = max(",;\t", key=lines[0].count)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    header: list[str] = []
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise LowresError(at(path, number), f"a cell that cannot be read ({error})", '"…", "" for a quotation mark') from None
        if not header:
            header = [unguarded(cell.strip()) for cell in cells]
            _check_header(header, at(path, number))
        elif cells:
            yield at(path, number), _row(header, cells, at(path, number))


def _row(header: Sequence[str], cells: Sequence[str], where: str) -> dict[str, str]:
    if len(cells) != len(header):
        raise LowresError(where, f"{len(cells)} columns", f"{len(header)}: {', '.join(header)}")
    return {key: unguarded(cell) for key, cell in zip(header, cells, strict=True)}


def _check_header(header: Sequence[str], where: str) -> None:
    if double := [name for name, n in Counter(header).items() if n > 1]:
        raise LowresError(where, f"the column '{double[0]}' twice", "each once")
    if wrong := [(name, meant) for name in header if (meant := _meant(name)) and meant not in header]:
        raise LowresError(where, f"a column '{wrong[0][0]}'", f"did you mean '{wrong[0][1]}'?")
    if missing := [name for name in _NEEDED if name not in header]:
        raise LowresError(where, f"no column '{missing[0]}'", f"columns {', '.join(_NEEDED)} at least; {nearest(missing[0], header)}")


def _meant(name: str) -> str:
    """The column of ours that a strange one is a misspelling of, ''."""
    known = (*FIELDS, EXTRA)
    if name in known:
        return ""
    return next(iter(difflib.get_close_matches(name.casefold().strip(), known, n=1, cutoff=0.8)), "")
