"""The journal on both databases: order, exclusion, what cannot be changed, backup, and writers at once."""

import gzip
import json
import multiprocessing
import os
import signal
import time
from contextlib import suppress

import pytest
import sqlalchemy as sa

from lowres.collection.backup import back_up, restore
from lowres.collection.events import Joined, Skipped
from lowres.collection.journal import EVENTS, Clash, Journal
from lowres.errors import LowresError


def skipped(prompt: object, person: str = "ann") -> Skipped:
    return Skipped(person=person, collection="home", prompt=str(prompt))


def test_events_come_back_in_their_order(url):
    journal = Journal(url)
    numbers = [journal.append(skipped(i)) for i in range(5)]
    assert numbers == sorted(numbers)
    assert [(number, event.prompt) for number, event in journal.read(numbers[1])] == [(n, str(i)) for i, n in enumerate(numbers)][2:]
    assert Journal(url).read() == journal.read()


def test_a_key_is_taken_once(url):
    journal = Journal(url)
    journal.append(Joined(person="ann", pseudonym="Acacia", subject="x"))
    with pytest.raises(Clash, match="done already"):
        journal.append(Joined(person="ben", pseudonym="Baobab", subject="x"))
    assert len(journal.read()) == 1


def test_all_of_a_turn_is_kept_or_nothing(url):
    journal = Journal(url)
    with pytest.raises(Clash), journal.writing() as writing:
        writing.append(Joined(person="ann", pseudonym="Acacia"))
        writing.append(Joined(person="ann", pseudonym="Acacia"))
    assert journal.read() == []


@pytest.mark.parametrize("statement", [sa.delete(EVENTS), sa.update(EVENTS).values(kind="other")])
def test_the_database_itself_refuses_changes(url, statement):
    journal = Journal(url)
    journal.append(skipped(1))
    with pytest.raises(sa.exc.DatabaseError, match="never changed"), journal.engine.begin() as connection:
        connection.execute(statement)
    assert len(journal.read()) == 1


def write(url, person, n, pipe=None):
    journal = Journal(url)
    for i in range(n):
        number = journal.append(skipped(i, person))
        if pipe:
            pipe.send(number)


def test_writers_at_once_lose_nothing_and_readers_see_no_gap(url):
    """A reader that follows by number has seen, in the end, every event."""
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=write, args=(url, f"person {i}", 25)) for i in range(6)]
    for one in workers:
        one.start()
    journal, seen, last = Journal(url), [], 0
    while any(one.is_alive() for one in workers) or journal.read(last):
        for number, event in journal.read(last):
            seen.append((event.person, event.prompt))
            last = number
    assert [one.exitcode for one in workers] == [0] * 6
    assert sorted(seen) == sorted((f"person {i}", str(n)) for i in range(6) for n in range(25))


def test_what_was_acknowledged_survives_a_kill(url):
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    worker = context.Process(target=write, args=(url, "ann", 10_000, theirs))
    worker.start()
    theirs.close()  # so that a worker that does not come up is an error here, not a wait for ever
    acknowledged = [mine.recv() for _ in range(20)]
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    with suppress(EOFError):
        while True:
            acknowledged.append(mine.recv())
    there = {number for number, _ in Journal(url).read()}
    assert set(acknowledged) <= there and len(there) <= len(acknowledged) + 1


def test_processes_that_open_a_new_database_at_once(url):
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=write, args=(url, f"person {i}", 1)) for i in range(5)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert [one.exitcode for one in workers] == [0] * 5
    assert len(Journal(url).read()) == 5


def test_backup_and_restore_keep_numbers_and_what_comes_after(url, tmp_path):
    journal = Journal(url)
    for i in range(30):
        journal.append(skipped(i))
    assert back_up(journal, tmp_path / "events.jsonl.gz") == 30
    other = Journal(str(tmp_path / "other.db"))
    assert restore(other, tmp_path / "events.jsonl.gz") == 30
    assert other.read() == journal.read()
    assert other.append(skipped("new")) > other.read()[-2][0]
    with pytest.raises(LowresError, match="holds events already"):
        restore(other, tmp_path / "events.jsonl.gz")


def test_restore_into_this_database_goes_on_counting(url, tmp_path):
    first = Journal(str(tmp_path / "first.db"))
    for i in range(3):
        first.append(skipped(i))
    back_up(first, tmp_path / "events.jsonl.gz")
    journal = Journal(url)
    restore(journal, tmp_path / "events.jsonl.gz")
    assert journal.append(skipped("new")) == 4


@pytest.mark.parametrize("broken", ["cut", "no gzip", "foreign", "field"])
def test_a_broken_backup_leaves_nothing(url, tmp_path, broken):
    first, path = Journal(str(tmp_path / "first.db")), tmp_path / "events.jsonl.gz"
    for i in range(300):
        first.append(skipped(i))
    back_up(first, path)
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    data = {
        "cut": path.read_bytes()[:-200], "no gzip": b"hello", "foreign": gzip.compress(b'{"number": 1, "kind": "other"}\n'),
        "field": gzip.compress("\n".join([*lines[:-1], json.dumps(json.loads(lines[-1]) | {"surprise": 1})]).encode()),
    }  # fmt: skip
    path.write_bytes(data[broken])
    journal = Journal(url)
    with pytest.raises(LowresError, match=r"events\.jsonl\.gz"):
        restore(journal, path)
    assert journal.read() == []


@pytest.mark.parametrize("bad", ["mysql://u:secret@host/x", "postgresql://u:secret@127.0.0.1:1/x", "sqlite://", "no such://"])
def test_a_database_that_cannot_be_used_is_one_line_without_password(bad):
    with pytest.raises(LowresError) as caught:
        Journal(bad)
    assert "secret" not in str(caught.value) and "\n" not in str(caught.value)


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "notes.db").write_text("hello " * 1000)
    with pytest.raises(LowresError, match=r"notes\.db"):
        Journal(str(tmp_path / "notes.db"))


def test_tables_of_a_newer_lowres_are_left_alone(url):
    journal = Journal(url)
    with journal.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(LowresError, match="another version"):
        Journal(url)


def test_a_write_waits_for_another_writer(url):
    """Longer than SQLite's own default would."""
    journal, began = Journal(url), time.monotonic()
    context = multiprocessing.get_context("spawn")
    with journal.writing() as writing:
        worker = context.Process(target=write, args=(url, "ben", 1))
        worker.start()
        writing.append(skipped("first"))
        time.sleep(max(0.0, 6 - (time.monotonic() - began)))
    worker.join()
    assert worker.exitcode == 0 and [event.person for _, event in journal.read()] == ["ann", "ben"]
