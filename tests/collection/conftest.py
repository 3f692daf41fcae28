"""Every test of the journal runs on SQLite and on PostgreSQL."""

import subprocess
from contextlib import ExitStack
from itertools import count

import pytest
import sqlalchemy as sa

from lowres.catalog import Reference
from lowres.collection import acts
from lowres.collection.book import Book
from lowres.collection.events import ROLES, Granted, Opened
from lowres.collection.journal import Journal
from tests import postgres

_NUMBERS = count()


@pytest.fixture(scope="session")
def server():
    if postgres.programs() is None or postgres.as_whom() is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with ExitStack() as running:
        try:
            url = running.enter_context(postgres.cluster())
        except subprocess.SubprocessError as error:
            pytest.skip(f"PostgreSQL does not start here: {getattr(error, 'stderr', b'')!r:.300}")
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return str(tmp_path / "collections.db")
    server, name = request.getfixturevalue("server"), f"test{next(_NUMBERS)}"
    admin = sa.create_engine(f"{server}/postgres".replace("postgresql", "postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return f"{server}/{name}"


@pytest.fixture
def book(url) -> Book:
    """`staffed`, and ann and ben have agreed."""
    book = staffed(url)
    for whom in ("ann", "ben"):
        acts.consent(book, whom, "home")
    return book


def staffed(url: str) -> Book:
    """A collection 'home' of Swahili; ann, ben, cat and dan may contribute, judge and adjudicate, root is admin, eve nothing."""
    book = Book(Journal(url))
    with book.deciding() as turn:
        turn.append(Granted(person="root", whom="root", role="admin", language="*"))
        for whom in ("ann", "ben", "cat", "dan"):
            for role in ROLES[:3]:
                turn.append(Granted(person="root", whom=whom, role=role, language="swh"))
    acts.open_collection(book, opened())
    return book


def opened(**more) -> Opened:
    prompts = Reference(path="resources:demo/en-US.jsonl", format="massive", licence="CC0-1.0", locale="en-US")
    settings = {"title": "Home", "language": "swh", "locale": "sw-KE", "prompts": prompts, "consent": "I agree.", "train_share": 0.3}
    return Opened(**{"person": "root", "collection": "home"} | settings | more)
