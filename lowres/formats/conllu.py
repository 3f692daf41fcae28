"""CoNLL-U treebanks (universaldependencies.org/format.html)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import regex

from lowres.errors import LowresError, at
from lowres.formats.lines import read_numbered
from lowres.formats.parts import TAGS

_ID = regex.compile(r"[0-9]+([-.][0-9]+)?")  # a word, a multiword range or an empty node


@dataclass(frozen=True, slots=True)
class TreebankWord:
    """A syntactic word: FORM, LEMMA, UPOS and the FEATS column as it stands."""

    form: str
    lemma: str
    upos: str
    features: str


Row = tuple[str, TreebankWord]  # ID column: a word, a range such as 3-4, or an empty node such as 8.1


def read_conllu(path: Path) -> Iterator[list[TreebankWord]]:
    """Sentences in syntactic words; multiword ranges and empty nodes are skipped."""
    return ([word for place, word in rows if place.isdigit()] for _, rows in _sentences(path))


def read_conllu_written(path: Path) -> Iterator[list[TreebankWord]]:
    """Sentences in words as written: a multiword range (du = de + le) is one word, read as its first content word."""
    return (_written(rows) for _, rows in _sentences(path))


_CONTENT = frozenset(("NOUN", "PROPN", "VERB", "ADJ", "ADV", "NUM"))


def _written(rows: list[Row]) -> list[TreebankWord]:
    words, end = [], 0
    for place, word in rows:
        first, _, last = place.partition("-")
        if last:
            end = int(last)
            parts = [part for number, part in rows if number.isdigit() and int(first) <= int(number) <= end]
            chosen = next((part for part in parts if part.upos in _CONTENT), (parts or [word])[0])
            words.append(TreebankWord(word.form, chosen.lemma, chosen.upos, chosen.features))
        elif place.isdigit() and int(place) > end:
            words.append(word)
    return words


def read_conllu_text(path: Path) -> Iterator[tuple[str, str]]:
    """(sent_id or place from 1, text) of each sentence; the words joined by spaces where there is no text comment."""
    for number, (comments, rows) in enumerate(_sentences(path), 1):
        written = " ".join(word.form for place, word in rows if place.isdigit())
        yield comments.get("sent_id", str(number)), comments.get("text") or written


def _sentences(path: Path) -> Iterator[tuple[dict[str, str], list[Row]]]:
    comments: dict[str, str] = {}
    rows: list[Row] = []
    for number, line in chain(read_numbered(path), [(0, "")]):
        if line.startswith("#"):
            key, _, value = line[1:].partition("=")
            comments[key.strip()] = value.strip()
        elif line.strip():
            rows.append(_row(line, at(path, number)))
        else:
            if any(place.isdigit() for place, _ in rows):
                yield comments, rows
            comments, rows = {}, []


def _row(line: str, where: str) -> Row:
    columns = line.split("\t")
    if len(columns) != 10:
        raise LowresError(where, f"{len(columns)} columns", "10 columns separated by tabs")
    if not _ID.fullmatch(columns[0]) or not columns[1].strip():
        raise LowresError(where, f"{line[:40]!r}", "a number and a form in the first two columns")
    if columns[3] not in TAGS and columns[3] != "_":
        raise LowresError(where, f"the part of speech '{columns[3][:20]}'", f"one of {', '.join(TAGS)}, or _")
    return columns[0], TreebankWord(columns[1], columns[2], columns[3], columns[5])
