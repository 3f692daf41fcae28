"""What one client, and all of them together, may ask of the server."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bytes of a body, letters of a text, texts of a request; requests a second of a client, and how many it may save up.

    `batch` texts at most are read together, `queue` wait at most; a body must be whole after `seconds`;
    beyond so many `connections` others are turned away.
    """

    body: int = 64 << 10
    text: int = 1000
    texts: int = 64
    rate: float = 200.0
    burst: int = 400
    clients: int = 10_000
    batch: int = 64
    queue: int = 1024
    wait: float = 0.002
    seconds: float = 10.0
    connections: int = 500


@dataclass(slots=True)
class Rates:
    """A bucket of tokens for each client, the least recently seen forgotten when there are too many."""

    limits: Limits
    now: Callable[[], float] = time.monotonic
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def __len__(self) -> int:
        return len(self._buckets)

    def wait(self, client: str, cost: int = 1) -> float:
        """Seconds until the client may ask this; 0 where it may now, and then it has."""
        now = self.now()
        tokens, seen = self._buckets.pop(client, (float(self.limits.burst), now))
        tokens = min(float(self.limits.burst), tokens + (now - seen) * self.limits.rate)
        enough = tokens >= min(cost, self.limits.burst)
        self._buckets[client] = (tokens - cost if enough else tokens, now)
        if len(self._buckets) > self.limits.clients:
            self._buckets.popitem(last=False)
        return 0.0 if enough else (min(cost, self.limits.burst) - tokens) / max(self.limits.rate, 1e-9)
