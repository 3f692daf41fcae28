"""MASSIVE's JSON lines: an utterance a line, slots in `annot_utt` as "[name : words]" (github.com/alexa/massive)."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import regex

from lowres.errors import LowresError, at
from lowres.formats.lines import read_numbered
from lowres.text import nfc
from lowres.utterance import Slot, Utterance

_SLOT = regex.compile(r"\[\s*([^\[\]:]+?)\s*:\s*([^\[\]]*?)\s*\]")
_READ = {"id", "locale", "partition", "intent", "utt", "annot_utt"}


def read_massive(path: Path) -> Iterator[Utterance]:
    """Utterances with their text as in `annot_utt` without brackets (in ja-JP and zh-CN `utt` has fewer spaces)."""
    for number, line in read_numbered(path):
        if line.strip():
            yield parse_massive(_record(line, path, number), at(path, number))


def _record(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise LowresError(at(path, number), f"not JSON ({error})", "one JSON object a line") from None
    wrong = [key for key in ("id", "locale", "intent", "annot_utt") if not isinstance(_get(record, key), str)]
    if wrong:
        raise LowresError(at(path, number), f"no text '{wrong[0]}'", "id, locale, partition, intent, utt, annot_utt")
    return record


def _get(record: Any, key: str) -> Any:
    return record.get(key) if isinstance(record, dict) else None


def parse_massive(record: dict[str, Any], where: str) -> Utterance:
    """The utterance of one record; `where` is named in errors."""
    text, slots = parse_annotation(record["annot_utt"], where)
    extra = {key: value for key, value in record.items() if key not in _READ}
    partition = record.get("partition")
    if partition is not None and not isinstance(partition, str):
        raise LowresError(where, f"partition {partition!r}", "train, dev or test")
    try:
        return Utterance(
            id=record["id"], text=text, locale=record["locale"], intent=record["intent"],
            slots=slots, partition=partition, extra=extra,
        )  # fmt: skip
    except LowresError as error:
        raise LowresError(where, error.found, error.allowed) from None


def parse_annotation(annotated: str, where: str) -> tuple[str, tuple[Slot, ...]]:
    """Text and slots of "wake me at [time : five am]"."""
    annotated = nfc(annotated)
    parts: list[str] = []
    slots: list[Slot] = []
    length = position = 0
    for match in _SLOT.finditer(annotated):
        parts += [annotated[position : match.start()], match[2]]
        start = length + match.start() - position
        length = start + len(match[2])
        position = match.end()
        if match[2]:
            slots.append(Slot(name=match[1], start=start, end=length))
    text = "".join([*parts, annotated[position:]])
    if "[" in text or "]" in text:
        raise LowresError(where, f"a bracket that does not close or open in {annotated!r}", "[slot : words]")
    lead = len(text) - len(text.lstrip())
    moved = tuple(Slot(name=slot.name, start=slot.start - lead, end=slot.end - lead) for slot in slots)
    return nfc(text.strip()), moved


def write_massive(path: Path, utterances: Iterable[Utterance]) -> None:
    """The inverse of `read_massive`."""
    lines = (json.dumps(format_massive(one), ensure_ascii=False) + "\n" for one in utterances)
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def format_massive(utterance: Utterance) -> dict[str, Any]:
    """One record with MASSIVE's fields."""
    annotated, position = [], 0
    for slot in utterance.slots:
        annotated.append(f"{utterance.text[position : slot.start]}[{slot.name} : {utterance.slot_text(slot)}]")
        position = slot.end
    record = {"id": utterance.id, "locale": utterance.locale, "partition": utterance.partition, "intent": utterance.intent}
    texts = {"utt": utterance.text, "annot_utt": "".join([*annotated, utterance.text[position:]])}
    return record | dict(utterance.extra) | texts
