"""SIB-200's topics of sentences: index_id, category, text (github.com/dadelani/sib-200)."""

from collections.abc import Iterator
from pathlib import Path

from lowres.errors import at
from lowres.formats.records import make_utterance
from lowres.formats.tables import read_rows
from lowres.utterance import Utterance

_COLUMNS = ("index_id", "category", "text")


def read_sib200(path: Path, *, locale: str = "und", partition: str | None = None) -> Iterator[Utterance]:
    """Sentences whose intent is their category; ids are parallel between the languages."""
    for number, row in read_rows(path, _COLUMNS, (), quoted=True):
        where, text = at(path, number), row["text"].strip()
        yield make_utterance(
            where, id=row["index_id"], text=text, locale=locale, intent=row["category"], partition=partition
        )


def read_sib200_text(path: Path) -> Iterator[tuple[str, str]]:
    """(index_id, text): aligned with other languages by the id."""
    return ((one.id, one.text) for one in read_sib200(path))
