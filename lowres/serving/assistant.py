"""The assistant: utterances in, intents and slots in the caller's own strings out, whatever the language."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lowres.errors import LowresError
from lowres.identifier import SURE, LanguageProfile
from lowres.model import base_folder
from lowres.serving.base import Base, open_base
from lowres.serving.blocks import Forward
from lowres.serving.decoding import Found
from lowres.serving.engine import MEMORY, Engine
from lowres.serving.installed import Installed, check_installed
from lowres.serving.offsets import Clean, clean
from lowres.serving.routing import Route, Router, Way, base_profiles, launched_locales

_log = logging.getLogger("lowres")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody said, in any form of Unicode; where neither adapter (name or name@version) nor locale is given, it is identified."""

    text: str
    locale: str | None = None
    adapter: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A slot: code points `start` to `end` (exclusive) of the caller's own string, which hold `text`."""

    name: str
    start: int
    end: int
    text: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What was read. `confidence` is that all of it is right; `adapter` and `version` are '' for the base; `locale` '' is unknown."""

    intent: str
    intent_confidence: float
    slots: tuple[Span, ...]
    confidence: float
    adapter: str
    version: str
    locale: str
    route: Way


class Broken(LowresError):
    """An adapter that cannot be served, through no fault of the caller."""


class Assistant:
    """One base and any number of adapters over it, in at most `memory` bytes; threads may share it.

    `fast` asks for ONNX Runtime: True raises LowresError where it cannot be, None goes on in torch without it. `launched`
    are the base's own locales and `profiles` what they are identified by; both are read from the base's folder.
    """

    def __init__(
        self,
        base: str = "lowres-mini",
        adapters: Iterable[Installed] = (),
        *,
        memory: int = MEMORY,
        fast: bool | None = None,
        threads: int = 1,
        sure: float = SURE,
        launched: Sequence[str] | None = None,
        profiles: Iterable[LanguageProfile] | None = None,
        base_from: Path | None = None,
    ) -> None:
        opened, place = open_base(base, base_from), Path(base_folder(base, base_from))
        launched = launched_locales(place) if launched is None else launched
        self.router = Router(adapters, launched, base_profiles(place) if profiles is None else profiles, sure)
        self.runs_on, forward = _forward(opened, fast, threads)
        listed = {one.folder: one for one in self.adapters}
        self.engine = Engine(opened, memory=memory, forward=forward, check=lambda folder: check_installed(listed[folder]))

    @property
    def adapters(self) -> tuple[Installed, ...]:
        """What can be asked for."""
        return self.router.adapters

    def read(self, requests: Sequence[Request]) -> list[Reply]:
        """A reply to each request, in their order; LowresError of the first that has none."""
        found = self.read_each(requests)
        for one in found:
            if isinstance(one, LowresError):
                raise one
        return found

    def read_each(self, requests: Sequence[Request]) -> list[Reply | LowresError]:
        """A reply or an error to each request: one that fails fails alone. `Broken` is the fault of an adapter."""
        found: dict[int, Reply | LowresError] = {}
        ready: dict[int, tuple[Clean, Route]] = {}
        for i, request in enumerate(requests):
            try:
                ready[i] = _checked(request), self.router.route(request.text, request.locale, request.adapter)
            except LowresError as error:
                found[i] = error
        folders = [route.adapter.folder if route.adapter else None for _, route in ready.values()]
        answers = self.engine.read([text.text for text, _ in ready.values()], folders)
        for (i, (text, route)), answer in zip(ready.items(), answers, strict=True):
            found[i] = _reply(requests[i], text, route, answer)
        return [found[i] for i in range(len(requests))]


def _forward(base: Base, fast: bool | None, threads: int) -> tuple[Literal["onnxruntime", "torch"], Forward]:
    from lowres.serving.graph import open_graph

    if fast is not False:
        try:
            return "onnxruntime", open_graph(base.encoder, base.table.shape[1], threads)
        except LowresError as error:
            if fast:
                raise
            _log.info("read in torch: %s", error)
    return "torch", base.encoder.read


def _checked(request: Request) -> Clean:
    try:
        request.text.encode()
    except UnicodeEncodeError:
        raise LowresError("text", "half of a surrogate pair", "Unicode text") from None
    if "\0" in request.text:
        raise LowresError("text", "a NUL character", "text that somebody said")
    text = clean(request.text)
    if not text.text:
        raise LowresError("text", "nothing in it", "text that somebody said")
    return text


def _reply(request: Request, text: Clean, route: Route, found: Found | LowresError) -> Reply | LowresError:
    if isinstance(found, LowresError):
        name = f"adapter {route.adapter.name} {route.adapter.version}" if route.adapter else "base"
        return Broken(name, f"cannot be used ({found})")
    slots = []
    for slot, confidence in zip(found.slots, found.slot_confidences, strict=True):
        start, end = text.span(slot.start, slot.end)
        slots.append(Span(name=slot.name, start=start, end=end, text=request.text[start:end], confidence=confidence))
    return Reply(
        intent=found.intent, intent_confidence=found.intent_confidence, slots=tuple(slots), confidence=found.confidence,
        adapter=route.adapter.name if route.adapter else "", version=route.adapter.version if route.adapter else "",
        locale=route.locale, route=route.way,
    )  # fmt: skip
