"""Adapters in memory: read when they are first asked for, and the least recently used put out where they need too many bytes."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from lowres.errors import LowresError
from lowres.serving.base import Resident

_AGAIN = 5.0  # seconds until a broken adapter is read again


@dataclass(slots=True)
class Pool:
    """Residents by folder, at most `most` bytes of them, but always the one used last. Not for two threads at once."""

    read: Callable[[Path], Resident]
    most: int
    n_bytes: int = 0
    n_read: int = 0
    n_evicted: int = 0
    _found: OrderedDict[Path, Resident] = field(default_factory=OrderedDict)
    _broken: dict[Path, tuple[float, LowresError]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._found)

    def get(self, folder: Path) -> Resident:
        """The adapter in `folder`; LowresError where it is broken."""
        found = self._found.get(folder)
        if found is None:
            found = self._found[folder] = self._read(folder)
            self.n_bytes += found.n_bytes
            self._evict()
        self._found.move_to_end(folder)
        return found

    def _read(self, folder: Path) -> Resident:
        until, error = self._broken.get(folder, (0.0, None))
        if error is not None and time.monotonic() < until:
            raise LowresError(error.where, error.found, error.allowed)  # a new one: the old would gather tracebacks
        self.n_read += 1
        try:
            found = self.read(folder)
        except LowresError as raised:
            self._broken[folder] = time.monotonic() + _AGAIN, raised.with_traceback(None)
            raise
        self._broken.pop(folder, None)
        return found

    def _evict(self) -> None:
        while self.n_bytes > self.most and len(self._found) > 1:
            self.n_bytes -= self._found.popitem(last=False)[1].n_bytes
            self.n_evicted += 1
