"""CoNLL with BIO slots: rows of number, piece, slot and code points, separated by tabs, below comments such as "# text = …".

A piece is a word, or a part of one where a slot begins or ends inside it, so that every slot is exact; '_' stands for white
space at a slot's edge. The last column says which code points of the text a piece covers ("8:11", the end excluded).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import regex

from lowres.errors import LowresError, at
from lowres.formats.lines import read_numbered
from lowres.formats.records import make_utterance
from lowres.text import nfc, word_spans
from lowres.utterance import Slot, Utterance

COMMENT = regex.compile(r"# ([^\s=]+) =(?: (.*))?", regex.DOTALL)
_SPAN = regex.compile(r"([0-9]{1,6}):([0-9]{1,6})")
_ALLOWED = "number, piece, BIO slot and perhaps code points (8:11), separated by tabs"
_READ = ("id", "text", "intent", "locale", "partition")
_FILLER = "_"
_Row = tuple[str, str, str, str]  # where, piece, BIO slot, span or ''


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """What one block of lines says: `comments` by key, as they stand; `text` in NFC; `where` is the `path:line` it begins at."""

    where: str
    comments: Mapping[str, str]
    text: str
    slots: tuple[Slot, ...]


def read_conll(path: Path, *, locale: str = "und", partition: str | None = None) -> Iterator[Utterance]:
    """Utterances; the arguments fill in what the comments do not say, ids count from 1. White space at a slot's ends is outside it."""
    seen: set[str] = set()
    for number, one in enumerate(read_sentences(path), 1):
        name = one.comments.get("id") or str(number)
        if name in seen:
            raise LowresError(one.where, f"the id {name!r:.80} again", "each id once")
        seen.add(name)
        yield _utterance(one, name, locale, partition)


def _utterance(one: Sentence, name: str, locale: str, partition: str | None) -> Utterance:
    said = one.comments
    if not said.get("intent"):
        raise LowresError(one.where, "no '# intent = …'", "a comment with the intent of the utterance")
    locale, part = said.get("locale") or locale, said.get("partition") or partition
    extra = {key: value for key, value in said.items() if key not in _READ}
    slots = tuple(_trimmed(one.text, one.slots))
    return make_utterance(
        one.where, id=name, text=one.text, locale=locale, intent=said["intent"], slots=slots, partition=part, extra=extra
    )


def _trimmed(text: str, slots: Sequence[Slot]) -> Iterator[Slot]:
    for slot in slots:
        covered = text[slot.start : slot.end]
        start = slot.start + len(covered) - len(covered.lstrip())
        if covered.strip():
            yield Slot(name=nfc(slot.name), start=start, end=start + len(covered.strip()))


def read_sentences(path: Path) -> Iterator[Sentence]:
    """The blocks of a file in order; comments at its head, of no utterance, are passed over."""
    comments: dict[str, str] = {}
    rows: list[_Row] = []
    count = first = 0
    for number, line in chain(read_numbered(path, normal=False), [(0, "")]):
        if not line.strip():
            if rows or "text" in comments:
                count += 1
                yield _sentence(comments, rows, at(path, first))
            comments, rows, first = {}, [], 0
            continue
        first = first or number
        if line.startswith("#"):
            _take_comment(line, comments, rows, at(path, number))
        else:
            rows.append(_row(line, at(path, number)))
    if not count:
        raise LowresError(path, "no utterance", _ALLOWED)


def _take_comment(line: str, comments: dict[str, str], rows: list[_Row], where: str) -> None:
    if rows:
        raise LowresError(where, "a comment below words", "an empty line between utterances")
    if found := COMMENT.fullmatch(line):
        if found[1] in comments:
            raise LowresError(where, f"'# {found[1]:.40}' again", "each comment once for an utterance")
        comments[found[1]] = found[2] or ""


def _row(line: str, where: str) -> _Row:
    cells = line.split("\t")
    if len(cells) not in (3, 4) or not all(cells[:3]):
        raise LowresError(where, f"{line[:60]!r}", _ALLOWED)
    tag = cells[2]
    if tag != "O" and not (tag[:2] in ("B-", "I-") and tag[2:].strip()):
        raise LowresError(where, f"the slot {tag[:40]!r}", "O, B-name or I-name")
    span = cells[3].strip() if len(cells) == 4 else ""
    return where, nfc(cells[1]), tag, "" if span == _FILLER else span


def _sentence(comments: dict[str, str], rows: list[_Row], where: str) -> Sentence:
    if "text" in comments:
        text = nfc(comments["text"])
    else:
        text, rows = nfc(" ".join(piece for _, piece, _, _ in rows)), [(*row[:3], "") for row in rows]
    slots: list[Slot] = []
    position, inside = 0, False
    for place, piece, tag, span in rows:
        start, end = _located(text, position, piece, span, place)
        if tag.startswith("I-") and inside and slots[-1].name == tag[2:]:
            slots[-1] = Slot(name=tag[2:], start=slots[-1].start, end=end)
        elif tag != "O":
            slots.append(Slot(name=tag[2:], start=start, end=end))
        position, inside = end, tag != "O"
    return Sentence(where=where, comments=comments, text=text, slots=tuple(slots))


def _located(text: str, position: int, piece: str, span: str, where: str) -> tuple[int, int]:
    """Where the piece is: at its span, which is checked, or next in the text."""
    if not span:
        start = text.find(piece, position)
        if start < 0 or word_spans(text[position:start]):
            raise LowresError(where, f"{piece[:40]!r} does not come next in the text", "the words of '# text = …' in order")
        return start, start + len(piece)
    found = _SPAN.fullmatch(span)
    start, end = (int(found[1]), int(found[2])) if found else (0, 0)
    if not position <= start < end <= len(text):
        raise LowresError(where, f"code points {span[:40]!r} of {len(text)}", "start:end, in order, inside the text")
    covered = text[start:end]
    if covered != piece and not (piece == _FILLER and not word_spans(covered)):
        raise LowresError(where, f"the text has {covered[:40]!r} at {start}:{end}, not {piece[:40]!r}", "the piece that is there")
    return start, end


def format_sentence(text: str, slots: Sequence[Slot], comments: Mapping[str, str]) -> str:
    """A block with its empty line; `read_sentences` is its inverse, where no comment but `text` is `text` and none has a line end."""
    lines = [f"# {key} = {value}" for key, value in comments.items()]
    for number, (start, end, tag) in enumerate(_pieces(text, slots), 1):
        piece = text[start:end] if word_spans(text[start:end]) else _FILLER
        lines.append(f"{number}\t{piece}\t{tag}\t{start}:{end}")
    return "\n".join([*lines, "", ""])


def _pieces(text: str, slots: Sequence[Slot]) -> Iterator[tuple[int, int, str]]:
    spans, position = word_spans(text), 0
    for slot in slots:
        yield from ((start, end, "O") for start, end in _within(spans, position, slot.start))
        inner = _within(spans, slot.start, slot.end) or [(slot.start, slot.end)]
        edges = [(slot.start, inner[0][0]), *inner, (inner[-1][1], slot.end)]
        for number, (start, end) in enumerate((start, end) for start, end in edges if start < end):
            yield start, end, f"{'I' if number else 'B'}-{slot.name}"
        position = slot.end
    yield from ((start, end, "O") for start, end in _within(spans, position, len(text)))


def _within(spans: Sequence[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """The parts of words between two places."""
    return [(max(left, start), min(right, end)) for left, right in spans if max(left, start) < min(right, end)]
