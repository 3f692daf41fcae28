"""CoNLL-U treebanks (universaldependencies.org/format.html)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import regex

from lowres.errors import LowresError, at
from lowres.formats.lines import read_numbered

_ID = regex.compile(r"[0-9]+([-.][0-9]+)?")  # a word, a multiword range or an empty node


@dataclass(frozen=True, slots=True)
class TreebankWord:
    """A syntactic word: FORM, LEMMA, UPOS and the FEATS column as it stands."""

    form: str
    lemma: str
    upos: str
    features: str


def read_conllu(path: Path) -> Iterator[list[TreebankWord]]:
    """Sentences; multiword ranges and empty nodes are skipped."""
    return (words for _, words in _sentences(path))


def read_conllu_text(path: Path) -> Iterator[tuple[str, str]]:
    """(sent_id or place from 1, text) of each sentence; the words joined by spaces where there is no text comment."""
    for place, (comments, words) in enumerate(_sentences(path), 1):
        yield comments.get("sent_id", str(place)), comments.get("text") or " ".join(word.form for word in words)


def _sentences(path: Path) -> Iterator[tuple[dict[str, str], list[TreebankWord]]]:
    comments: dict[str, str] = {}
    words: list[TreebankWord] = []
    for number, line in chain(read_numbered(path), [(0, "")]):
        if line.startswith("#"):
            key, _, value = line[1:].partition("=")
            comments[key.strip()] = value.strip()
        elif line.strip():
            words += _words(line, at(path, number))
        else:
            if words:
                yield comments, words
            comments, words = {}, []


def _words(line: str, where: str) -> list[TreebankWord]:
    columns = line.split("\t")
    if len(columns) != 10:
        raise LowresError(where, f"{len(columns)} columns", "10 columns separated by tabs")
    if not _ID.fullmatch(columns[0]) or not columns[1].strip():
        raise LowresError(where, f"{line[:40]!r}", "a number and a form in the first two columns")
    return [TreebankWord(columns[1], columns[2], columns[3], columns[5])] if columns[0].isdigit() else []
