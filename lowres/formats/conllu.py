"""CoNLL-U treebanks (universaldependencies.org/format.html)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lowres.errors import LowresError, at
from lowres.formats.lines import read_numbered


@dataclass(frozen=True, slots=True)
class TreebankWord:
    """A syntactic word: FORM, LEMMA, UPOS and the FEATS column as it stands."""

    form: str
    lemma: str
    upos: str
    features: str


def read_conllu(path: Path) -> Iterator[list[TreebankWord]]:
    """Sentences; multiword ranges and empty nodes are skipped."""
    sentence: list[TreebankWord] = []
    for number, line in read_numbered(path):
        if line.startswith("#"):
            continue
        if not line.strip():
            if sentence:
                yield sentence
            sentence = []
            continue
        columns = line.split("\t")
        if len(columns) != 10:
            raise LowresError(at(path, number), f"{len(columns)} columns", "10 columns separated by tabs")
        if columns[0].isdigit():
            sentence.append(TreebankWord(columns[1], columns[2], columns[3], columns[5]))
    if sentence:
        yield sentence
