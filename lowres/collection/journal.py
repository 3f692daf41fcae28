"""The journal: events in a database, SQLite or PostgreSQL, numbered in the order in which they were taken, never changed.

One writer at a time: SQLite's own lock, on PostgreSQL an advisory one; so a reader who has seen number n has seen all before n.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from lowres.collection.events import Event, format_event, parse_event
from lowres.errors import LowresError

VERSION = "0001"  # of the tables; the newest file of migrations/versions
EVENTS = sa.Table(
    "event",
    sa.MetaData(),
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("key", sa.Text, unique=True, comment="events of one key exclude each other"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False, comment="JSON of the event"),
)
_LOCK = 0x6C6F77726573  # of PostgreSQL's advisory locks, ours alone
_WAIT = 30  # seconds for another writer


class Clash(LowresError):
    """Another event of the same key was taken before: done already, by somebody or by oneself."""


@dataclass(frozen=True, slots=True)
class Writing:
    """The one writer of the moment: what it reads is still true when it appends."""

    connection: Any

    def read(self, after: int = 0) -> list[tuple[int, Event]]:
        """Numbers and events after a number, in order."""
        return _rows(self.connection, after)

    def append(self, event: Event) -> int:
        """The number of the event; Clash where its key is taken."""
        row = {"key": event.key, "kind": event.kind, "body": format_event(event)}
        if event.key and self.connection.execute(sa.select(EVENTS.c.number).where(EVENTS.c.key == event.key)).first():
            raise Clash(f"{event.kind} of {event.person}", "done already", "nothing was changed")
        return self.connection.execute(sa.insert(EVENTS).values(row)).inserted_primary_key[0]


class Journal:
    """Events of all collections of one database; threads and processes may share it."""

    def __init__(self, url: str) -> None:
        """`url` is SQLAlchemy's, or a path of an SQLite file; the tables are made or brought up to date."""
        self.engine = _engine(url)
        try:
            _upgrade(self.engine)
        except sa.exc.SQLAlchemyError as error:
            raise LowresError(
                _shown(url), f"cannot be used ({_reason(error)})", "an SQLite file or a PostgreSQL database of your own"
            ) from None

    def read(self, after: int = 0) -> list[tuple[int, Event]]:
        """Numbers and events after a number, in order."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            return _rows(connection, after)

    def append(self, event: Event) -> int:
        """The number of the event, which is on the disk when this returns; Clash where its key is taken."""
        with self.writing() as writing:
            return writing.append(event)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """The turn to write; all that is appended in it is kept, or nothing where it ends in an error."""
        with self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            yield Writing(connection)


def _rows(connection: Any, after: int) -> list[tuple[int, Event]]:
    query = sa.select(EVENTS.c.number, EVENTS.c.body).where(EVENTS.c.number > after).order_by(EVENTS.c.number)
    return [(number, parse_event(body)) for number, body in connection.execute(query)]


def _engine(url: str) -> sa.Engine:
    if "://" not in url:
        path = Path(url).expanduser().absolute()
        path.parent.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{path}"
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise LowresError("database", f"'{_shown(url)}' is no address", _ALLOWED) from None
    if parsed.get_backend_name() == "postgresql":
        return _postgres(parsed.set(drivername="postgresql+psycopg"))
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise LowresError("database", f"'{_shown(url)}'", _ALLOWED)
    engine = sa.create_engine(parsed, connect_args={"timeout": _WAIT}, pool_size=8, max_overflow=56)  # writers wait, each on its own
    sa.event.listen(engine, "connect", _tune_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


_ALLOWED = "a path of an SQLite file, or postgresql://…"


def _postgres(url: sa.URL) -> sa.Engine:
    try:
        return sa.create_engine(url, pool_pre_ping=True)
    except ModuleNotFoundError:
        raise LowresError("database", "psycopg is not installed", 'pip install "lowres[app]"') from None


def _tune_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say so
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={_WAIT * 1000}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _upgrade(engine: sa.Engine) -> None:
    """The tables as this version has them."""
    if _version(engine) == VERSION:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise LowresError(_shown(str(engine.url)), f"tables of another version ({error})", "a newer lowres") from None


def _version(engine: sa.Engine) -> str:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() or "")


def _shown(url: str) -> str:
    """The address without its password."""
    try:
        return sa.make_url(url).render_as_string(hide_password=True) if "://" in url else url
    except sa.exc.ArgumentError:
        return url.rpartition("@")[2]


def _reason(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0][:120]
