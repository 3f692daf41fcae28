"""UniMorph tables (lemma, form, features[, origin]) and SIGMORPHON's order (lemma, features, form)."""

from collections.abc import Iterator
from pathlib import Path

from lowres.errors import LowresError, at
from lowres.formats.lines import read_numbered
from lowres.morphology import Inflection, parse_features


def read_unimorph(path: Path) -> Iterator[Inflection]:
    """Cells of a table of three or four columns; blank lines are legal as published."""
    for number, columns in _rows(path, (3, 4)):
        yield _inflection(columns[0], columns[1].translate(_INTONATION) or columns[1], columns[2], path, number)


# some tables write a command as it is called out, which nobody does in writing: Armenian գտի՛ր
_INTONATION = dict.fromkeys(map(ord, "՛!¡"))


def read_sigmorphon(path: Path) -> Iterator[Inflection]:
    """Cells of a shared task's file: lemma, features, form."""
    for number, columns in _rows(path, (3,)):
        yield _inflection(columns[0], columns[2], columns[1], path, number)


def _rows(path: Path, sizes: tuple[int, ...]) -> Iterator[tuple[int, list[str]]]:
    for number, line in read_numbered(path):
        if line.strip():
            columns = line.split("\t")
            if len(columns) not in sizes:
                allowed = " or ".join(map(str, sizes))
                raise LowresError(at(path, number), f"{len(columns)} columns", f"{allowed} columns separated by tabs")
            yield number, columns


def _inflection(lemma: str, form: str, bundle: str, path: Path, number: int) -> Inflection:
    lemma, form, features = lemma.strip(), form.strip(), parse_features(bundle)
    if not (lemma and form and features):
        found = f"lemma {lemma[:40]!r}, form {form[:40]!r}, features {bundle[:40]!r}"
        raise LowresError(at(path, number), found, "a lemma, a form and features such as V;PST")
    return Inflection(lemma, form, features)
