"""xSID's CoNLL: number, word, intent, BIO slot; lines with # are comments (github.com/mainlp/xsid)."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from lowres.errors import LowresError, at
from lowres.formats.lines import read_numbered
from lowres.formats.records import make_utterance
from lowres.utterance import Slot, Utterance


def read_xsid(path: Path, *, locale: str = "und", partition: str | None = None) -> Iterator[Utterance]:
    """Utterances whose text is the words joined by spaces.

    Ids count from 1 behind the partition (test-1), and so are parallel between the languages.
    """
    rows: list[list[str]] = []
    count = first = 0
    for number, line in chain(read_numbered(path), [(0, "")]):
        if line.strip() and not line.startswith("#"):
            first = first if rows else number
            rows.append(_columns(line, at(path, number)))
        elif rows and not line.strip():
            count += 1
            name = f"{partition}-{count}" if partition else str(count)
            yield _utterance(rows, at(path, first), id=name, locale=locale, partition=partition)
            rows = []
    if not count:
        raise LowresError(path, "no utterance", "lines of number, word, intent, BIO slot, separated by tabs")


def _columns(line: str, where: str) -> list[str]:
    columns = [column.strip() for column in line.split("\t")]
    if len(columns) != 4 or not all(columns):
        raise LowresError(where, f"{line[:60]!r}", "number, word, intent, BIO slot, separated by tabs")
    tag = columns[3]
    if tag != "O" and not (tag[:2] in ("B-", "I-") and tag[2:]):
        raise LowresError(where, f"the slot {tag[:40]!r}", "O, B-name or I-name")
    return columns


def _utterance(rows: list[list[str]], where: str, **fields: str | None) -> Utterance:
    intents = {row[2] for row in rows}
    if len(intents) > 1:
        raise LowresError(where, f"the intents {' and '.join(sorted(intents))[:60]}", "one intent an utterance")
    text = " ".join(row[1] for row in rows)
    return make_utterance(where, text=text, slots=_slots(rows), intent=rows[0][2], **fields)


def _slots(rows: list[list[str]]) -> tuple[Slot, ...]:
    position = 0
    slots: list[Slot] = []
    for _, word, _, tag in rows:
        end = position + len(word)
        if tag.startswith("I-") and slots and slots[-1].name == tag[2:] and slots[-1].end == position - 1:
            slots[-1] = Slot(name=tag[2:], start=slots[-1].start, end=end)
        elif tag != "O":
            slots.append(Slot(name=tag[2:], start=position, end=end))
        position = end + 1
    return tuple(slots)
