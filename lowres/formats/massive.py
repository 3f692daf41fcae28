"""MASSIVE's JSON lines: an utterance a line, slots in `annot_utt` as "[name : words]" (github.com/alexa/massive)."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import regex

from lowres.errors import LowresError, at
from lowres.formats.records import join_chunks, make_utterance, read_records, text_of
from lowres.utterance import Slot, Utterance

_SLOT = regex.compile(r"\[([^\[\]:]*):([^\[\]]*)\]")
_COMPACT = ("id", "locale", "partition", "scenario", "intent", "utt", "annot_utt")
_READ = {"id", "locale", "partition", "intent", "utt", "annot_utt"}


def read_massive(path: Path, *, locale: str = "und", partition: str | None = None) -> Iterator[Utterance]:
    """Utterances with their text as in `annot_utt` without brackets (in ja-JP and zh-CN `utt` has fewer spaces).

    What a record says about its locale and partition stands; the arguments fill in where it says nothing.
    """
    for where, record in read_records(path):
        yield parse_massive({"locale": locale, "partition": partition} | record, where)


def parse_massive(record: dict[str, Any], where: str) -> Utterance:
    """The utterance of one record; `where` is named in errors."""
    name, locale, intent, annotated = (text_of(record, key, where) for key in ("id", "locale", "intent", "annot_utt"))
    text, slots = parse_annotation(annotated, where)
    extra = {key: value for key, value in record.items() if key not in _READ}
    partition = record.get("partition")
    return make_utterance(
        where, id=name, text=text, locale=locale, intent=intent, slots=slots, partition=partition, extra=extra
    )


def parse_annotation(annotated: str, where: str) -> tuple[str, tuple[Slot, ...]]:
    """Text and slots of "wake me at [time : five am]"."""
    return join_chunks(_chunks(annotated, where), where)


def _chunks(annotated: str, where: str) -> Iterator[tuple[str, str]]:
    position = 0
    for match in _SLOT.finditer(annotated):
        yield _plain(annotated[position : match.start()], where), ""
        if not match[1].strip():
            raise LowresError(where, f"a slot without a name, {match[0][:40]!r}", "[slot : words]")
        yield match[2].strip(), match[1].strip()
        position = match.end()
    yield _plain(annotated[position:], where), ""


def _plain(text: str, where: str) -> str:
    if "[" in text or "]" in text:
        raise LowresError(where, f"a bracket that does not close or open in {text[:60]!r}", "[slot : words]")
    return text


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
    record = {
        "id": utterance.id,
        "locale": utterance.locale,
        "partition": utterance.partition,
        "intent": utterance.intent,
    }
    texts = {"utt": utterance.text, "annot_utt": "".join([*annotated, utterance.text[position:]])}
    return record | dict(utterance.extra) | texts


def compact_line(line: bytes, path: Path | str, number: int) -> bytes:
    """A published line with the seven fields that lowres reads, written as the publisher writes JSON."""
    try:
        record = json.loads(line)
        return (json.dumps({key: record[key] for key in _COMPACT}, ensure_ascii=False) + "\n").encode()
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise LowresError(at(path, number), f"not a MASSIVE record ({error!r:.80})", ", ".join(_COMPACT)) from None
