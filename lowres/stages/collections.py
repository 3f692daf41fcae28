"""What a terminal does with collections: list, export, import, back up, restore."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from lowres.collection.backup import back_up, restore
from lowres.collection.book import Book
from lowres.collection.events import Adjudicated, Joined, Judged, Offered, new_id
from lowres.collection.exchange import SUFFIXES, About, Collected, Missing, export_items, import_items
from lowres.collection.journal import Journal
from lowres.collection.snapshot import GOOD, collected, database, find_collection, open_book
from lowres.collection.state import Item, Status
from lowres.errors import LowresError, nearest

STATUSES: tuple[Status, ...] = get_args(Status)


def collection_lines(url: str) -> Iterator[str]:
    """A line for each collection: name, locale, items by status, people."""
    with open_book(url).reading() as state:
        for name, opened in state.collections.items():
            items = list(state.standing(name))
            people = len({one.offered.person for one in items})
            counts = ", ".join(f"{n} {status}" for status in STATUSES if (n := sum(one.status(opened.overlap) == status for one in items)))
            yield f"{name}\t{opened.locale}\t{len(items)} items ({counts or 'none yet'})\t{people} people\t{opened.licence}"


def export_collection(name: str, path: Path, format: str, url: str, statuses: tuple[str, ...] = GOOD) -> int:
    """Write a collection's items to a file or folder; returns how many."""
    if format not in SUFFIXES:
        raise LowresError("--format", f"'{format}'", nearest(format, SUFFIXES))
    if wrong := [one for one in statuses if one not in STATUSES]:
        raise LowresError("--status", f"'{wrong[0]}'", nearest(wrong[0], STATUSES))
    with open_book(url).reading() as state:
        opened = find_collection(state, name)
        items = collected(state, name, statuses)
    if not items:
        raise LowresError(f"collection {name}", f"no item that is {' or '.join(statuses)}", f"--status {','.join(STATUSES)}")
    export_items(items, path, format, About(title=opened.title))
    return len(items)


def import_collection(name: str, path: Path, format: str, url: str, locale: str = "", partition: str = "", licence: str = "") -> int:
    """Add a file's items to a collection, all or none; the collection must be there. Returns how many."""
    if format not in SUFFIXES:
        raise LowresError("--format", f"'{format}'", nearest(format, SUFFIXES))
    book = open_book(url)
    with book.reading() as state:
        opened = find_collection(state, name)
    found = import_items(path, format, Missing(locale=locale or opened.locale, partition=partition, licence=licence or opened.licence))
    add_items(book, name, found, "import")
    return len(found)


def add_items(book: Book, name: str, items: list[Collected], person: str) -> None:
    """Offer items of a file in a collection, all or none; whoever wrote them is known by the pseudonym that the file has.

    The part that the file gives stands: what is tested elsewhere must not be trained on here.
    """
    with book.deciding() as turn:
        overlap = find_collection(turn.state, name).overlap
        if there := [one.id for one in items if one.id in turn.state.items]:
            raise LowresError(f"collection {name}", f"{len(there)} items are in the database already, first {there[0]}", "new items")
        people = {joined.pseudonym: id for id, joined in turn.state.people.items()}
        for one in items:
            author = one.contributor or person
            if author not in people:
                people[author] = new_id("person")
                turn.append(Joined(person=people[author], pseudonym=author, by=person))
            for event in _events(one, people[author], name, overlap, person):
                turn.append(event)


def _events(one: Collected, author: str, name: str, overlap: int, person: str) -> Iterator[Offered | Judged | Adjudicated]:
    """An item, its judgments, and the decision that the file says where these alone do not come to it."""
    offered = Offered(
        person=author, collection=name, item=one.id, reading=one.reading, locale=one.locale, orthography=one.orthography,
        partition=one.partition, prompt=one.prompt, origin="imported", extra=one.extra,
    )  # fmt: skip
    yield offered
    judged = [judged.model_copy(update={"collection": name, "item": one.id}) for judged in one.judgments]
    yield from judged
    if (
        one.status in (*GOOD, "rejected")
        and Item(number=0, offered=offered, judgments=dict(enumerate(judged))).status(overlap) != one.status
    ):
        final = one.reading if one.status == "corrected" else None  # what it was corrected from, the file does not say
        yield Adjudicated(person=person, collection=name, item=one.id, decision=one.status, final=final, note="as imported")


def back_up_collections(path: Path, url: str) -> int:
    """All events of the database into one file."""
    return back_up(open_book(url).journal, path)


def restore_collections(path: Path, url: str) -> int:
    """A backup into a new database."""
    url = url or database()
    return restore(Journal(url), path)
