"""What stands before the application: the size of bodies, how fast a client asks, and the count of it all (ASGI)."""

import asyncio
import json
import math
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from lowres.serving.limits import Limits, Rates
from lowres.serving.metrics import Metrics

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
READ = "/v1/read"
_PATHS = {READ, "/v1/adapters", "/healthz", "/metrics"}


class _Refused(Exception):
    def __init__(self, status: int, error: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(error)
        self.status, self.error, self.headers = status, error, headers or {}


class Guard:
    """An application that sees only whole bodies of a size that is allowed, from clients that are not too fast."""

    def __init__(self, app: App, limits: Limits, metrics: Metrics) -> None:
        self.app, self._limits, self._metrics, self.rates = app, limits, metrics, Rates(limits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; other scopes pass."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def counted(message: Message) -> None:
            nonlocal status
            status = message["status"] if message["type"] == "http.response.start" else status
            await send(message)

        try:
            await self._serve(scope, receive, counted)
        finally:
            self._count(scope["path"], status, time.perf_counter() - started)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if scope["path"] == READ:
                self._check_rate(scope)
                _check_kind(scope)
                receive = _replay(await self._body(scope, receive))
        except _Refused as refused:
            self._metrics.errors.labels(f"http_{refused.status}").inc()
            await _answer(send, refused)
        else:
            await self.app(scope, receive, send)

    def _check_rate(self, scope: Scope) -> None:
        seconds = self.rates.wait((scope.get("client") or ("",))[0])
        if seconds:
            raise _Refused(429, "too many requests", {"retry-after": str(math.ceil(seconds))})

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        """The whole body; refused as soon as it is known to be too large."""
        most = self._limits.body
        told = dict(scope["headers"]).get(b"content-length", b"")
        if told.isdigit() and int(told[:20]) > most:
            raise _Refused(413, f"a body of more than {most} bytes")
        try:
            return await asyncio.wait_for(_collect(receive, most), self._limits.seconds)
        except TimeoutError:
            raise _Refused(408, f"the body was not there after {self._limits.seconds:g} seconds") from None

    def _count(self, path: str, status: int, seconds: float) -> None:
        known = path if path in _PATHS else "other"  # so that a client cannot make labels
        self._metrics.requests.labels(known, str(status)).inc()
        self._metrics.seconds.labels(known).observe(seconds)


def _check_kind(scope: Scope) -> None:
    kind = dict(scope["headers"]).get(b"content-type", b"").partition(b";")[0].strip().lower()
    if scope["method"] == "POST" and kind != b"application/json":
        raise _Refused(415, "the body must be application/json")


async def _collect(receive: Receive, most: int) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Refused(400, "the client went away")
        body += message.get("body", b"")
        if len(body) > most:
            raise _Refused(413, f"a body of more than {most} bytes")
        if not message.get("more_body"):
            return bytes(body)


def _replay(body: bytes) -> Receive:
    """What hands on a body that was read already."""
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            await asyncio.Future()  # nothing more will come; whoever waits is cancelled
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _answer(send: Send, refused: _Refused) -> None:
    body = json.dumps({"error": refused.error}).encode()
    headers = {"content-type": "application/json", "content-length": str(len(body)), "connection": "close", **refused.headers}
    await send({"type": "http.response.start", "status": refused.status, "headers": [(k.encode(), v.encode()) for k, v in headers.items()]})
    await send({"type": "http.response.body", "body": body})
