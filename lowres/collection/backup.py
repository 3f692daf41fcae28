"""Backup and restore: all events as gzipped lines of JSON, the same for either kind of database."""

import gzip
import json
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from lowres.collection.events import format_event, parse_event
from lowres.collection.journal import EVENTS, Journal
from lowres.errors import LowresError, at

_CHUNK = 20_000


def back_up(journal: Journal, path: Path) -> int:
    """Write all events, gzipped JSON lines; returns how many. What is written after it began is not in it."""
    partial = path.with_name(f".{path.name}.partial")
    events = journal.read()
    with gzip.open(partial, "wt", encoding="utf-8") as file:
        file.writelines(f"{json.dumps({'number': number} | json.loads(format_event(one)), ensure_ascii=False)}\n" for number, one in events)
    os.replace(partial, path)
    return len(events)


def restore(journal: Journal, path: Path) -> int:
    """Put a backup's events, with their numbers, into an empty database; returns how many. Nothing is left of a broken backup."""
    with journal.writing() as writing:
        if writing.connection.execute(sa.select(EVENTS.c.number).limit(1)).first():
            raise LowresError("database", "holds events already", "an empty one: a backup is never mixed into another")
        n_events = 0
        for rows in _chunks(_backed_up(path)):
            writing.connection.execute(sa.insert(EVENTS), rows)
            n_events += len(rows)
        if n_events and journal.engine.dialect.name == "postgresql":
            writing.connection.execute(sa.text("SELECT setval(pg_get_serial_sequence('event', 'number'), (SELECT max(number) FROM event))"))
        return n_events


def _backed_up(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line, text in enumerate(file, 1):
                yield _backed_up_row(text, at(path, line))
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise LowresError(path, f"no whole backup ({error})", "a file that `lowres collection backup` wrote") from None


def _backed_up_row(text: str, where: str) -> dict[str, Any]:
    try:
        record = json.loads(text)
        number = int(record.pop("number"))
        event = parse_event(json.dumps(record))
    except (ValueError, KeyError, TypeError, AttributeError, LowresError) as error:
        raise LowresError(where, f"no event ({error})", "a line that `lowres collection backup` wrote") from None
    return {"number": number, "key": event.key, "kind": event.kind, "body": format_event(event)}


def _chunks(rows: Iterator[dict]) -> Iterator[list[dict]]:
    while some := list(islice(rows, _CHUNK)):
        yield some
