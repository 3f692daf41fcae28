"""xSID's CoNLL: number, word, intent, BIO slot; comments name the text (github.com/mainlp/xsid)."""

from collections.abc import Iterator
from pathlib import Path

from lowres.errors import LowresError, at
from lowres.formats.lines import read_numbered
from lowres.utterance import Slot, Utterance


def read_xsid(path: Path, locale: str = "und") -> Iterator[Utterance]:
    """Utterances whose text is the words joined by spaces; ids count from 1, parallel between the languages."""
    rows: list[list[str]] = []
    count, first = 0, 1
    for number, line in [*read_numbered(path), (0, "")]:
        if line.startswith("#"):
            continue
        if line.strip():
            columns = line.split("\t")
            if len(columns) != 4 or not (columns[3] == "O" or columns[3][:2] in ("B-", "I-")):
                raise LowresError(at(path, number), f"{line!r}", "number, word, intent, BIO slot, separated by tabs")
            first = number if not rows else first
            rows.append(columns)
        elif rows:
            count += 1
            yield _utterance(rows, str(count), locale, path, first)
            rows = []


def _utterance(rows: list[list[str]], id: str, locale: str, path: Path, line: int) -> Utterance:
    position = 0
    slots: list[Slot] = []
    for _, word, _, tag in rows:
        end = position + len(word)
        if tag[0] == "I" and slots and slots[-1].name == tag[2:] and slots[-1].end == position - 1:
            slots[-1] = Slot(name=tag[2:], start=slots[-1].start, end=end)
        elif tag != "O":
            slots.append(Slot(name=tag[2:], start=position, end=end))
        position = end + 1
    try:
        partition = {"valid": "dev"}.get(path.name.split(".")[1], path.name.split(".")[1])
        text = " ".join(row[1] for row in rows)
        return Utterance(id=id, text=text, locale=locale, intent=rows[0][2], slots=tuple(slots), partition=partition)
    except (LowresError, IndexError) as error:
        raise LowresError(at(path, line), str(error), "<locale>.<partition>.conll with words that are not empty") from None
