"""SNIPS's JSON: {intent: [{"data": [{"text": words, "entity": slot}, ...]}, ...]} (github.com/sonos/nlu-benchmark)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lowres.errors import LowresError
from lowres.formats.lines import read_whole
from lowres.formats.records import join_chunks, make_utterance, parse_json, text_of
from lowres.utterance import Utterance

_SHAPE = '{intent: [{"data": [{"text": …, "entity": …}, …]}, …]}'


def read_snips(path: Path, *, locale: str = "und", partition: str | None = None) -> Iterator[Utterance]:
    """Utterances, with ids such as train-PlayMusic-1; the file is one JSON value and is read whole.

    What is not UTF-8 is read as Latin-1: train_PlayMusic_full.json is published so.
    """
    value = parse_json(read_whole(path, "utf-8", "latin-1"), path)
    for intent, items in _items(value, dict, str(path)).items():
        for number, item in enumerate(_items(items, list, f"{path}: {intent}"), 1):
            where = f"{path}: {intent}[{number}]"
            text, slots = join_chunks(_chunks(item, where), where)
            name = "-".join(filter(None, (partition, intent, str(number))))
            yield make_utterance(
                where, id=name, text=text, slots=slots, locale=locale, intent=intent, partition=partition
            )


def _items(value: Any, kind: type, where: str) -> Any:
    if not isinstance(value, kind) or not value:
        raise LowresError(where, f"no {'object' if kind is dict else 'list'} with something in it", _SHAPE)
    return value


def _chunks(item: Any, where: str) -> Iterator[tuple[str, str]]:
    for chunk in _items(_items(item, dict, where).get("data"), list, where):
        chunk = _items(chunk, dict, where)
        yield text_of(chunk, "text", where), text_of(chunk, "entity", where) if "entity" in chunk else ""
