"""MASSIVE's JSON lines with our own fields beside them; plain files of MASSIVE are read, too (github.com/alexa/massive).

`text` and `slots` are exact. MASSIVE's own fields say the same for its readers, so far as they can: `annot_utt` has round
brackets where the text has square ones. As somebody else wrote them they are kept in `extra` while they say the same.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lowres.collection.events import Judged
from lowres.collection.exchange.item import About, Collected, Missing
from lowres.collection.exchange.rows import EXTRA, FIELDS, item_of, row_of
from lowres.collection.exchange.writing import whole_file
from lowres.errors import LowresError
from lowres.formats.massive import format_massive, parse_annotation
from lowres.formats.records import read_records, text_of
from lowres.text import nfc
from lowres.utterance import Slot, Utterance

_SAID_TWICE = ("utt", "annot_utt", "slot_method", "judgments")  # MASSIVE's fields of what our own say exactly
_OURS = {*FIELDS, *_SAID_TWICE, "worker_id", EXTRA}
_SCORES = {"intent_score": "intent", "slots_score": "slots", "grammar_score": "grammar", "spelling_score": "spelling"}
_LANGUAGES = ("other", "target|other", "target")  # by our score
_METHODS = ("translation", "localization", "unchanged")
_SQUARE = str.maketrans("[]", "()")


def export(items: Sequence[Collected], path: Path, about: About) -> None:
    """A line for each item."""
    with whole_file(path) as file:
        file.writelines(f"{json.dumps(_record(one), ensure_ascii=False)}\n" for one in items)


def read(path: Path, missing: Missing) -> Iterator[tuple[str, Collected]]:
    """(`path:line`, item) of our files and of MASSIVE's own."""
    for where, record in read_records(path):
        yield where, _item(record, where, missing)


def _record(item: Collected) -> dict[str, Any]:
    twice = _said_twice(item)
    kept = {key: item.extra[key] for key in _SAID_TWICE if _as_published(key, item, twice)}
    flat = {key: value for key, value in item.extra.items() if key not in _OURS}
    nested = {key: value for key, value in item.extra.items() if key not in flat and key not in kept}
    row = row_of(item)
    ours = {key: value for key, value in row.items() if key not in ("contributor", "judgments")}
    record = {"id": item.id, "locale": item.locale, "partition": item.partition, "intent": item.reading.intent}
    record |= flat | twice | kept | {"worker_id": item.contributor} | ours
    return record | ({EXTRA: nested} if nested else {})


def _as_published(key: str, item: Collected, twice: Mapping[str, Any]) -> bool:
    """Whether `extra` has the field as somebody else wrote it, in other words than ours but still true."""
    return key in item.extra and item.extra[key] != twice[key] and _same(key, item.extra[key], twice[key], item)


def _said_twice(item: Collected) -> dict[str, Any]:
    reading = item.reading
    return {
        "utt": reading.text,
        "annot_utt": _annotated(item),
        "slot_method": [{"slot": one.name, "method": one.method} for one in reading.slots if one.method],
        "judgments": [_judgment(one, item.id) for one in item.judgments],
    }


def _annotated(item: Collected) -> str:
    slots = tuple(
        Slot(name=re.sub(r"[\[\]:]", "_", one.name).strip() or "_", start=one.start, end=one.end) for one in item.reading.slots
    )
    view = Utterance(id=item.id, text=item.reading.text.translate(_SQUARE), locale=item.locale, intent="", slots=slots)
    return format_massive(view)["annot_utt"]


def _judgment(judged: Judged, item: str) -> dict[str, Any]:
    said = judged.model_dump(mode="json")
    record = {"worker_id": judged.person} | {theirs: said[ours] for theirs, ours in _SCORES.items()}
    record["language_identification"] = _LANGUAGES[judged.language]
    usual = {"at": "", "collection": "", "item": item, "attempt": 0, "corrected": None, "note": ""}
    return record | {key: said[key] for key, value in usual.items() if said[key] != value}


def _item(record: dict[str, Any], where: str, missing: Missing) -> Collected:
    kept = record.get(EXTRA, {})
    if not isinstance(kept, dict):
        raise LowresError(where, f"{EXTRA}: no object", "{…}")
    own = "text" in record and "slots" in record
    row = {key: value for key, value in record.items() if key not in (*_SAID_TWICE, EXTRA, "worker_id", "contributor")}
    if not own:
        row |= _plain_reading(record, where)
    row["contributor"] = text_of(record, "worker_id", where) if "worker_id" in record else ""
    row["judgments"] = [_judged(one, where) for one in record.get("judgments") or ()]
    item = item_of(row, where, missing, kept=kept)
    return _with_published(item, record, where, own)


def _with_published(item: Collected, record: dict[str, Any], where: str, own: bool) -> Collected:
    """The item with the fields of `record` that say the same in other words than ours in its `extra`."""
    twice = _said_twice(item)
    for key in _SAID_TWICE:
        if key in record and record[key] != twice[key]:
            if own and not _same(key, record[key], twice[key], item):
                raise LowresError(where, f"{key}: not what 'text' and 'slots' say", "one of both changed as the other, or without 'slots'")
            item.extra[key] = record[key]
    return item


def _plain_reading(record: dict[str, Any], where: str) -> dict[str, Any]:
    text, slots = parse_annotation(text_of(record, "annot_utt", where), where)
    methods = _methods(record.get("slot_method"), [one.name for one in slots])
    marked = [
        {"name": one.name, "start": one.start, "end": one.end, "surface": text[one.start : one.end], "method": method}
        for one, method in zip(slots, methods, strict=True)
    ]
    return {"text": text, "slots": marked, "intent": text_of(record, "intent", where)}


def _methods(field: Any, names: Sequence[str]) -> list[str | None]:
    """The method of each slot: of several with one name each has its own, or all the last; None where MASSIVE names another."""
    said: dict[str, list[str | None]] = {}
    for one in field if isinstance(field, list) else ():
        if isinstance(one, dict) and isinstance(one.get("slot"), str):
            said.setdefault(nfc(one["slot"]), []).append(one["method"] if one.get("method") in _METHODS else None)
    return [_next(said.get(name)) for name in names]


def _next(methods: list[str | None] | None) -> str | None:
    if not methods:
        return None
    return methods.pop(0) if len(methods) > 1 else methods[0]


def _judged(record: Any, where: str) -> dict[str, Any]:
    if not isinstance(record, dict):
        raise LowresError(where, "judgments: not objects", "[{worker_id, intent_score, …}, …]")
    spoken = record.get("language_identification")
    if not isinstance(spoken, str):
        raise LowresError(where, "judgments: no language_identification", "target, other, or several with | between")
    found = {"person": text_of(record, "worker_id", where), "language": _language_score(spoken.split("|"))}
    found |= {ours: record.get(theirs) for theirs, ours in _SCORES.items()}
    return found | {key: record[key] for key in ("at", "collection", "item", "attempt", "corrected", "note") if key in record}


def _language_score(spoken: Iterable[str]) -> int:
    """2 the target, 1 the target and others, 0 others."""
    names = {one.strip() for one in spoken}
    return 2 if names == {"target"} else int("target" in names)


def _same(key: str, published: Any, ours: Any, item: Collected) -> bool:
    """Whether a field, as somebody else wrote it, says what ours does."""
    try:
        if key == "utt":
            return isinstance(published, str) and _letters(published) == _letters(ours)
        if key == "annot_utt":
            return isinstance(published, str) and parse_annotation(published, "") == parse_annotation(ours, "")
        if key == "slot_method":
            return _methods(published, [one.name for one in item.reading.slots]) == [one.method for one in item.reading.slots]
        return _judgments(published or (), item.id) == item.judgments
    except (LowresError, ValueError, TypeError):
        return False


def _letters(text: str) -> str:
    """In some languages MASSIVE's `utt` has fewer spaces than `annot_utt`."""
    return "".join(nfc(text).split())


def _judgments(published: Iterable[Any], item: str) -> tuple[Judged, ...]:
    return tuple(Judged.model_validate({"at": "", "item": item} | _judged(one, "")) for one in published)
