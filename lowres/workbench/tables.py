"""Tables as HTML, which screen readers read and narrow screens scroll: every text escaped, with its language and direction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lowres.language import Direction
from lowres.workbench.markup import safe

TABLE_STYLE = """<style>
.lr-scroll {overflow-x: auto; margin: .2rem 0 .8rem}
[data-testid="stMain"] .lr-scroll table {display: table; overflow: visible}
.lr-table {border-collapse: collapse; font-size: .9rem; line-height: 1.45}
.lr-table caption {text-align: start; max-width: calc(100vw - 2.2rem); font-size: .85rem; opacity: .8; padding: 0 0 .3rem;
  caption-side: top}
.lr-table th, .lr-table td {padding: .25rem .7rem .25rem .2rem; border-bottom: 1px solid rgb(128 128 128 / .35); text-align: start;
  vertical-align: top; unicode-bidi: isolate}
.lr-table thead th {font-weight: 600; vertical-align: bottom}
.lr-table tbody th {font-weight: 500}
.lr-table .lr-w {white-space: nowrap}
.lr-table td.lr-n {text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap}
.lr-card table {border-collapse: collapse; font-size: .9rem; overflow-wrap: normal}
.lr-card th, .lr-card td {padding: .2rem .7rem .2rem .2rem; border-bottom: 1px solid rgb(128 128 128 / .35); text-align: start}
.lr-card pre {white-space: pre-wrap; padding: .6rem; border-radius: .4rem; background: rgb(128 128 128 / .12); font-size: .8rem}
.lr-card code {font-size: .85em; overflow-wrap: anywhere}
.lr-card h3, .lr-card h4, .lr-card h5, .lr-card h6 {font-size: 1.05rem; margin: .9rem 0 .2rem; padding: 0}
.lr-card {overflow-wrap: anywhere; line-height: 1.5; font-size: .95rem}
@media (max-width: 640px) {
  .lr-table {width: max-content}
  .lr-table :is(th, td):not(.lr-n) {max-width: 13rem}
}
</style>"""


@dataclass(frozen=True, slots=True)
class Text:
    """A cell that holds a text of a language: BCP 47 tag and direction."""

    text: str
    lang: str
    direction: Direction | str = "auto"


@dataclass(frozen=True, slots=True)
class Number:
    """A cell that holds a figure, as it is written."""

    text: str


Cell = str | Text | Number
_SHORT = 32  # characters


def html_table(caption: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table whose first column names its rows."""
    heads = "".join(f'<th scope="col">{safe(cell)}</th>' for cell in head)
    body = "".join(f"<tr>{_row(cells)}</tr>" for cells in rows)
    table = f'<table class="lr-table"><caption>{safe(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="lr-scroll" tabindex="0" role="region" aria-label="{safe(caption)}">{table}</div>'


def _row(cells: Sequence[Cell]) -> str:
    first, *others = cells
    name = f'<th scope="row"{_attributes(first)}>{_inside(first)}</th>'
    return name + "".join(f"<td{_attributes(one)}>{_inside(one)}</td>" for one in others)


def _attributes(cell: Cell) -> str:
    if isinstance(cell, Text):
        return f' dir="{safe(cell.direction)}" lang="{safe(cell.lang)}"'
    if isinstance(cell, Number):
        return ' class="lr-n"'
    return ' class="lr-w"' if " " not in cell and len(cell) <= _SHORT else ""  # a name breaks at its hyphens otherwise


def _inside(cell: Cell) -> str:
    return safe(cell if isinstance(cell, str) else cell.text)
