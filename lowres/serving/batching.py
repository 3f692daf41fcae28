"""Requests of many clients read together: a queue, and one thread that reads what waits in it."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from lowres.errors import LowresError
from lowres.serving.assistant import Assistant, Reply, Request
from lowres.serving.limits import Limits

_log = logging.getLogger("lowres")
Answer = Reply | LowresError


class Full(Exception):
    """More waits than may wait."""


class Failed(LowresError):
    """A request that nothing was found for because of a fault in lowres."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    request: Request
    answer: asyncio.Future


class Batcher:
    """Reads requests in batches of at most `limits.batch` in one thread; for one event loop, between `start` and `stop`."""

    def __init__(self, assistant: Assistant, limits: Limits, on_batch: Callable[[int], None] = lambda size: None) -> None:
        self._assistant, self._limits, self._on_batch = assistant, limits, on_batch
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lowres-read")
        self._task: asyncio.Task | None = None

    async def start(self) -> None:
        """Begin to read."""
        self._task = asyncio.create_task(self._work())

    async def stop(self) -> None:
        """Answer all that waits, and end."""
        await self._queue.join()
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._thread.shutdown()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return self._queue.qsize()

    async def read(self, requests: Sequence[Request]) -> list[Answer]:
        """An answer to each request; raises Full where there is no room for all of them."""
        if self.waiting + len(requests) > self._limits.queue:
            raise Full
        loop = asyncio.get_running_loop()
        waiting = [_Waiting(request, loop.create_future()) for request in requests]
        for one in waiting:
            self._queue.put_nowait(one)
        return list(await asyncio.gather(*(one.answer for one in waiting)))

    async def _work(self) -> None:
        crowded = False
        while True:
            batch = [await self._queue.get()]
            if crowded:  # one that comes alone does not wait for others
                await asyncio.sleep(self._limits.wait)
            while len(batch) < self._limits.batch and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            crowded = len(batch) > 1
            await self._read(batch)
            for _ in batch:
                self._queue.task_done()

    async def _read(self, batch: Sequence[_Waiting]) -> None:
        wanted = [one for one in batch if not one.answer.done()]  # a client that went away has cancelled its own
        self._on_batch(len(wanted))
        loop = asyncio.get_running_loop()
        answers = await loop.run_in_executor(self._thread, self._answers, [one.request for one in wanted])
        for one, answer in zip(wanted, answers, strict=True):
            if not one.answer.done():
                one.answer.set_result(answer)

    def _answers(self, requests: Sequence[Request]) -> list[Answer]:
        """Never raises: where a batch fails, each of its requests is read alone, and those that fail again are told."""
        try:
            return self._assistant.read_each(requests)
        except Exception:
            _log.exception("a batch of %d failed", len(requests))
            if len(requests) == 1:
                return [Failed("server", "this text cannot be read")]
            return [answer for request in requests for answer in self._answers([request])]
