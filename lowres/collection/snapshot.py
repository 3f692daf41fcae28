"""A collection as it stands: its items to be exported, and the file that a recipe reads where it says collection:NAME."""

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from lowres.catalog import COLLECTION, cache_folder, sha256_of
from lowres.collection.book import Book
from lowres.collection.events import Opened
from lowres.collection.exchange.item import Collected
from lowres.collection.journal import Journal
from lowres.collection.state import Item, State, Status
from lowres.errors import LowresError, nearest

DATABASE = "LOWRES_DATABASE"
GOOD: tuple[Status, ...] = ("accepted", "corrected")


def collected(state: State, collection: str, statuses: Iterable[Status] = GOOD) -> list[Collected]:
    """The items of a collection with one of those statuses, in the order in which they were offered."""
    opened, wanted = state.collections[collection], frozenset(statuses)
    return [_collected(state, one, opened) for one in state.standing(collection) if one.status(opened.overlap) in wanted]


def _collected(state: State, item: Item, opened: Opened) -> Collected:
    offered = item.offered
    joined = state.people.get(offered.person)
    contributor = joined.pseudonym if joined else offered.person
    return Collected(
        id=offered.item, reading=item.reading, locale=offered.locale, language=opened.language, orthography=offered.orthography,
        partition=offered.partition, prompt=offered.prompt, origin=offered.origin, contributor=contributor,
        licence=opened.licence, judgments=tuple(item.judgments.values()), status=item.status(opened.overlap), extra=offered.extra,
    )  # fmt: skip


def database() -> str:
    """Where collections are: LOWRES_DATABASE, else a file among the runs of the working folder."""
    return os.environ.get(DATABASE) or "runs/collections.db"


def open_book(url: str = "") -> Book:
    """The book of a database that is there already."""
    url = url or database()
    if "://" not in url and not Path(url).is_file():
        raise LowresError("database", f"no file {url}", f"--database URL or {DATABASE}: what `lowres app` works on")
    return Book(Journal(url))


def find_collection(state: State, name: str) -> Opened:
    """The settings of a collection; LowresError names the nearest one."""
    if name not in state.collections:
        raise LowresError(f"collection {name}", "not in the database", nearest(name, state.collections))
    return state.collections[name]


def snapshot(reference: str) -> tuple[Path, Opened]:
    """The accepted items of "collection:NAME" as a CoNLL file, named by its content; and the collection's settings.

    Only text, labels and prompts are in it, so that it changes where one of these does, and not with each judgment.
    """
    from lowres.collection.exchange import export_items

    name = reference.removeprefix(COLLECTION)
    with open_book().reading() as state:
        opened = find_collection(state, name)
        items = [replace(one, judgments=(), status="accepted", contributor="") for one in collected(state, name)]
    if not items:
        raise LowresError(f"collection {name}", "no item was accepted yet", "judges and adjudicators, at work in `lowres app`")
    folder = cache_folder() / "collections"
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".{name}.{os.getpid()}"
    export_items(items, partial, "conll")
    path = folder / f"{name}-{sha256_of(partial)[:16]}.conll"
    os.replace(partial, path)
    return path, opened
