"""The server: the assistant over HTTP, for this machine alone unless it is told otherwise (FastAPI on uvicorn)."""

import importlib.util
import logging
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from lowres.errors import LowresError
from lowres.serving.assistant import Assistant, Broken, Request
from lowres.serving.batching import Answer, Batcher, Failed, Full
from lowres.serving.guard import READ, Guard
from lowres.serving.limits import Limits
from lowres.serving.metrics import Metrics
from lowres.serving.schema import AdapterOut, Ask, ErrorOut, ReplyOut, reply_out

HOST, PORT = "127.0.0.1", 8757
_log = logging.getLogger("lowres")
_REASONS = {
    400: "no JSON in UTF-8", 408: "too slow", 413: "too large", 415: "the body must be application/json", 422: "not what is asked for",
    429: "too many requests", 500: "an adapter is broken, or lowres is", 503: "too many requests wait",
}  # fmt: skip


def make_app(assistant: Assistant, limits: Limits | None = None):
    """The ASGI application."""
    from fastapi import FastAPI

    limits = limits or Limits()
    batcher = Batcher(assistant, limits, lambda size: metrics.batch.observe(size))
    metrics = Metrics(assistant, lambda: batcher.waiting)

    @asynccontextmanager
    async def lifespan(_) -> AsyncIterator[None]:
        await batcher.start()
        yield
        await batcher.stop()

    app = FastAPI(title="lowres", description="Intents and slots in many languages.", version=_version(), lifespan=lifespan)
    app.add_middleware(Guard, limits=limits, metrics=metrics)
    _add_reading(app, batcher, limits, metrics)
    _add_pages(app, assistant, metrics)
    _add_errors(app, metrics)
    return app


def _version() -> str:
    from lowres import __version__

    return __version__


def _add_reading(app, batcher: Batcher, limits: Limits, metrics: Metrics) -> None:
    from fastapi.responses import JSONResponse

    responses = {status: {"model": ErrorOut, "description": reason} for status, reason in _REASONS.items()}

    @app.post(READ, response_model=ReplyOut | list[ReplyOut | ErrorOut], responses=responses)
    async def read(asked: Ask | list[Ask]):
        """Read one text, or a list of them: then each has a reply or an error of its own."""
        wanted = asked if isinstance(asked, list) else [asked]
        problem = _problem(wanted, limits)
        if problem:
            return _refused(422, problem, metrics)
        try:
            answers = await batcher.read([Request(text=one.text, locale=one.locale, adapter=one.adapter) for one in wanted])
        except Full:
            return _refused(503, _REASONS[503], metrics, {"Retry-After": "1"})
        for one in answers:
            _count(one, metrics)
        if isinstance(asked, list):
            return JSONResponse([_body(one) for one in answers])
        return JSONResponse(_body(answers[0]), _status(answers[0]))


def _problem(asked: Sequence[Ask], limits: Limits) -> str:
    """Why a request cannot be read; '' where it can."""
    if not 1 <= len(asked) <= limits.texts:
        return f"{len(asked)} texts; 1 to {limits.texts}"
    longest = max(len(one.text) for one in asked)
    return f"a text of {longest} characters; at most {limits.text}" if longest > limits.text else ""


def _refused(status: int, error: str, metrics: Metrics, headers: dict[str, str] | None = None):
    from fastapi.responses import JSONResponse

    metrics.errors.labels(f"http_{status}").inc()
    return JSONResponse({"error": error}, status, headers)


def _body(answer: Answer) -> dict:
    return {"error": _reason(answer)} if isinstance(answer, LowresError) else reply_out(answer).model_dump()


def _reason(error: LowresError) -> str:
    """One line for the caller; what is wrong inside an adapter is for the log."""
    if isinstance(error, Broken):
        _log.warning("%s", error)
        return f"{error.where} is broken"
    return str(error)


def _status(answer: Answer) -> int:
    return 200 if not isinstance(answer, LowresError) else 500 if isinstance(answer, Broken | Failed) else 422


def _count(answer: Answer, metrics: Metrics) -> None:
    if isinstance(answer, LowresError):
        kinds = {Broken: "broken_adapter", Failed: "failed"}
        metrics.errors.labels(kinds.get(type(answer), answer.where.partition(" ")[0])).inc()
    else:
        metrics.texts.labels(answer.route).inc()


def _add_pages(app, assistant: Assistant, metrics: Metrics) -> None:
    from fastapi import Response

    identified = set(assistant.router.identified)

    @app.get("/v1/adapters")
    async def adapters() -> list[AdapterOut]:
        """The adapters that can be asked for."""
        return [
            AdapterOut(name=one.name, version=one.version, language=one.language, locale=one.locale, identified=one.locale in identified)
            for one in assistant.adapters
        ]

    @app.get("/healthz")
    async def health() -> dict[str, str]:
        """Whether the server is up, and what reads."""
        return {"status": "ok", "base": assistant.engine.base.name, "runs_on": assistant.runs_on}

    @app.get("/metrics", response_class=Response)
    async def counts() -> Response:
        """Counters for Prometheus."""
        body, kind = metrics.page()
        return Response(body, media_type=kind)


def _add_errors(app, metrics: Metrics) -> None:
    """Errors in one line, without the input: it may hold what JSON cannot."""
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException

    @app.exception_handler(RequestValidationError)
    async def wrong(_, error: RequestValidationError):
        first = error.errors()[0]
        if first["type"] == "json_invalid":
            return _refused(400, _REASONS[400], metrics)
        where = ".".join(str(part) for part in first["loc"] if isinstance(part, int) or str(part).isidentifier())
        return _refused(422, _printable(f"{where}: {first['msg']}"), metrics)

    @app.exception_handler(HTTPException)
    async def refused(_, error: HTTPException):
        return _refused(error.status_code, _printable(str(error.detail)), metrics, dict(error.headers or {}))


def _printable(text: str) -> str:
    return " ".join(text.encode("utf-8", "replace").decode().split())[:200]


def _check(host: str, port: int) -> None:
    missing = [name for name in ("fastapi", "uvicorn", "prometheus_client") if importlib.util.find_spec(name) is None]
    if missing:
        raise LowresError("serve", f"{missing[0]} is not installed", "pip install 'lowres[serve]'")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise LowresError(f"{host} port {port}", error.strerror or str(error), "another one: --port N") from None


def serve(assistant: Assistant, *, host: str = HOST, port: int = PORT, limits: Limits | None = None) -> None:
    """Serve until SIGTERM or SIGINT; what was accepted by then is answered. LowresError where it cannot start."""
    _check(host, port)
    import uvicorn

    uvicorn.run(
        make_app(assistant, limits), host=host, port=port, log_level="warning", access_log=False, timeout_graceful_shutdown=30,
        timeout_keep_alive=30, limit_concurrency=limits.connections if limits else Limits().connections, server_header=False, h11_max_incomplete_event_size=16 << 10,
    )  # fmt: skip
