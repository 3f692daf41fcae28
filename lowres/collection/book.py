"""The book of a database: its journal, and the state that follows from it, one of both in a process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import RLock

from lowres.collection.events import Event
from lowres.collection.journal import Journal, Writing
from lowres.collection.state import State


@dataclass(slots=True)
class Book:
    """Threads may share it; a state is only looked at, and only inside `reading` or `deciding`."""

    journal: Journal
    _state: State = field(default_factory=State)
    _lock: RLock = field(default_factory=RLock)

    @contextmanager
    def reading(self) -> Iterator[State]:
        """The state with all events of this moment."""
        with self._lock:
            self._catch_up(self.journal)
            yield self._state

    @contextmanager
    def deciding(self) -> Iterator["Turn"]:
        """The turn to write: nobody else's event comes between what is read and what is appended."""
        with self._lock:  # most of it before the turn, so that nobody waits for what can be read beforehand
            self._catch_up(self.journal)
        # the database first: who waits for it must not keep the readers of this process waiting
        with self.journal.writing() as writing, self._lock:
            self._catch_up(writing)
            yield Turn(self._state, writing)

    def _catch_up(self, source: Journal | Writing) -> None:
        for number, event in source.read(self._state.last):
            self._state.apply(number, event)


@dataclass(frozen=True, slots=True)
class Turn:
    """A state, and the right to append: what is appended is folded in by whoever reads next, once it is on the disk."""

    state: State
    writing: Writing

    def append(self, event: Event) -> int:
        """The number of the event."""
        return self.writing.append(event)
