"""What the utterance formats share: strict JSON, fields that are text, chunks joined to text and slots."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import regex

from lowres.errors import LowresError, at
from lowres.formats.lines import read_numbered
from lowres.text import nfc
from lowres.utterance import Slot, Utterance

PARTITIONS = ("train", "dev", "test")
_NUL = regex.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def read_records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """(`path:line`, object) of a JSON lines file; strings stand as the file has them, since offsets may count them."""
    for number, line in read_numbered(path, normal=False):
        if line.strip():
            record = parse_json(line, path, number)
            if not isinstance(record, dict):
                raise LowresError(at(path, number), f"JSON that is {_kind(record)}", "one JSON object a line")
            yield at(path, number), record


def parse_json(text: str, path: Path, line: int = 1) -> Any:
    """`text`, which begins at `line` of `path`, as a value all of whose strings can be written as UTF-8 without NUL."""
    try:
        value = json.loads(text)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()
            if _NUL.search(text):
                raise ValueError("a NUL character")
    except json.JSONDecodeError as error:
        raise LowresError(at(path, line + error.lineno - 1), f"not JSON ({error.msg})", "whole JSON values") from None
    except UnicodeEncodeError:
        raise LowresError(at(path, line), "half of a surrogate pair", "characters of Unicode") from None
    except (ValueError, RecursionError) as error:
        raise LowresError(at(path, line), f"not JSON ({error})", "whole JSON values") from None
    return value


def _kind(value: object) -> str:
    return {list: "a list", str: "text", type(None): "null", bool: "a truth value"}.get(type(value), "a number")


def text_of(record: Mapping[str, Any], key: str, where: str) -> str:
    """The field `key`, which must be text."""
    value = record.get(key)
    if not isinstance(value, str):
        found = f"no '{key}'" if value is None else f"'{key}' that is {type(value).__name__}"
        raise LowresError(where, found, f"'{key}' with text")
    return value


def join_chunks(chunks: Iterable[tuple[str, str]], where: str) -> tuple[str, tuple[Slot, ...]]:
    """Text and slots of (words, slot name or '') pieces in order; white space at a slot's ends is outside it."""
    text, slots = "", []
    for piece, name in chunks:
        piece = nfc(piece)
        start = len(text) + len(piece) - len(piece.lstrip())
        if name and piece.strip():
            slots.append((nfc(name), start, start + len(piece.strip())))
        text += piece
    if nfc(text) != text:
        raise LowresError(where, "a slot that begins with a combining mark", "slots of whole characters")
    lead = len(text) - len(text.lstrip())
    return text.strip(), tuple(Slot(name=name, start=start - lead, end=end - lead) for name, start, end in slots)


def make_utterance(where: str, *, partition: str | None, intent: str | None, **fields: Any) -> Utterance:
    """An utterance whose mistakes are reported at `where`."""
    if partition not in (None, *PARTITIONS):
        raise LowresError(where, f"partition {partition!r}", "train, dev or test")
    if intent is not None and not intent.strip():
        raise LowresError(where, "an empty intent", "the intent's name")
    try:
        return Utterance(partition=partition, intent=intent and nfc(intent.strip()), **fields)
    except LowresError as error:
        raise LowresError(where, error.found, error.allowed) from None
