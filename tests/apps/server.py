"""A workbench served by `lowres app`, as users start it, for browser tests and for those of its addresses."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Served:
    """A running workbench: `url` without a slash at its end, its runs, its database (a path or URL), and what it prints."""

    url: str
    runs: Path
    database: str
    log: Path
    process: subprocess.Popen

    def invitation(self, role: str, language: str = "*", uses: int = 1) -> str:
        """A link for a new person in that role; the server must have been started with `--sign-in`."""
        from lowres.collection.book import Book
        from lowres.collection.journal import Journal
        from lowres.workbench.people import invite, local_person
        from lowres.workbench.tokens import find_secret

        book = Book(Journal(self.database))
        token = invite(book, find_secret(self.database), local_person(book).id, role, language, uses=uses)
        return f"{self.url}/enter?token={token}"

    def kill(self) -> None:
        """As `kill -9` does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=20)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serve(
    folder: Path, *, runs: Path | None = None, database: str = "", options: tuple[str, ...] = (), port: int = 0, **env: str
) -> Iterator[Served]:
    """A server with its files in `folder`; `options` go to `lowres app`, `env` to its environment."""
    port = port or free_port()
    runs, database, log = runs or folder / "runs", database or str(folder / "collections.db"), folder / f"server-{port}.txt"
    command = [sys.executable, "-m", "lowres", "app", "--runs", str(runs), "--database", database, "--port", str(port), *options]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "HOME": str(folder)} | env
    with log.open("w") as file:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=file, stderr=file)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", process, log)
        yield Served(f"http://127.0.0.1:{port}", runs, database, log, process)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_for(url: str, process: subprocess.Popen, log: Path, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, f"the server ended: {log.read_text()}"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer: {log.read_text()}")
