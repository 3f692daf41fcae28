"""CoNLL: an item's slots as BIO rows, all else of it as comments."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import regex

from lowres.collection.exchange.item import About, Collected, Missing
from lowres.collection.exchange.rows import EXTRA, FIELDS, item_of, json_cell, own_columns, parse_cell, rest_of, row_of
from lowres.collection.exchange.writing import whole_file
from lowres.errors import LowresError
from lowres.formats.conll import Sentence, format_sentence, read_sentences
from lowres.utterance import Slot

_METHODS = "methods"  # of the slots, in order
_LISTS = {_METHODS: list, "judgments": list, "prompt": dict, EXTRA: dict}  # comments that are JSON
_NAME = regex.compile(r"\w[\w.\-]{0,59}")


def export(items: Sequence[Collected], path: Path, about: About) -> None:
    """A block for each item."""
    with whole_file(path) as file:
        file.writelines(map(_block, items))


def read(path: Path, missing: Missing) -> Iterator[tuple[str, Collected]]:
    """(`path:line` of its block, item); an item without an id has its number, one without an intent ''."""
    for number, one in enumerate(read_sentences(path), 1):
        yield one.where, _item(one, number, missing)


def _block(item: Collected) -> str:
    row, reading = row_of(item), item.reading
    own = own_columns([item], _NAME, (_METHODS,))
    methods = [one.method for one in reading.slots]
    comments = {key: row[key] for key in FIELDS if row[key] and isinstance(row[key], str)} | {key: item.extra[key] for key in own}
    nested = {"prompt": row["prompt"], "judgments": row["judgments"], EXTRA: rest_of(item, own)}
    nested[_METHODS] = methods if any(methods) else []
    comments |= {key: json_cell(value) for key, value in nested.items() if value}
    slots = [Slot(name=one.name, start=one.start, end=one.end) for one in reading.slots]
    return format_sentence(reading.text, slots, comments)


def _item(one: Sentence, number: int, missing: Missing) -> Collected:
    row: dict[str, Any] = dict(one.comments)
    nested = {key: parse_cell(row.pop(key, ""), key, one.where, kind) for key, kind in _LISTS.items()}
    row |= {"text": one.text, "slots": _slots(one, nested[_METHODS]), "judgments": nested["judgments"]}
    row["prompt"] = nested["prompt"] or None
    row["id"] = row.get("id") or str(number)
    return item_of({key: value for key, value in row.items() if value != "" or key not in FIELDS}, one.where, missing, kept=nested[EXTRA])


def _slots(one: Sentence, methods: list[Any]) -> list[dict[str, Any]]:
    if methods and len(methods) != len(one.slots):
        allowed = f"one for each, such as {json.dumps([None] * len(one.slots))}, or no such comment"
        raise LowresError(one.where, f"{_METHODS}: {len(methods)} for {len(one.slots)} slots", allowed)
    return [
        {"name": slot.name, "start": slot.start, "end": slot.end, "surface": one.text[slot.start : slot.end], "method": method}
        for slot, method in zip(one.slots, methods or [None] * len(one.slots), strict=True)
    ]
