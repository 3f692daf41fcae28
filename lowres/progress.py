"""Progress bars on standard error, by rich."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


def _console():
    from rich.console import Console

    return Console(stderr=True)


@contextmanager
def progress_bar(title: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar advanced by counts; shows the time left."""
    from rich.progress import Progress

    with Progress(console=_console(), transient=True, disable=not _console().is_terminal) as progress:
        task = progress.add_task(title, total=total)
        yield lambda n: progress.advance(task, n)


@contextmanager
def bytes_bar(title: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar advanced by bytes; shows how many, how fast, and the time left."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=_console(), transient=True, disable=not _console().is_terminal) as progress:
        task = progress.add_task(title, total=total)
        yield lambda n: progress.advance(task, n)


@contextmanager
def training_bar(title: str, unit: str = "utterances") -> Iterator[Callable[[int, int, float, str], None]]:
    """A bar fed with (steps done, steps in all, units per second, note); shows the time left."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[note]}"), TimeRemainingColumn())
    with Progress(*columns, console=_console(), transient=True, disable=not _console().is_terminal) as progress:
        task = progress.add_task(title, total=None, note="")

        def advance(done: int, total: int, rate: float, note: str) -> None:
            progress.update(task, completed=done, total=total, note=f"{note}, {rate:.0f} {unit}/s")

        yield advance


class DownloadBar:
    """The four methods that pooch asks of a progress bar."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import Progress

        self._progress, self._total = Progress(console=Console(stderr=True)), 0
        self._task = self._progress.add_task("download")

    @property
    def total(self) -> int:
        """Bytes expected."""
        return self._total

    @total.setter
    def total(self, value: int) -> None:
        self._total = value
        self._progress.start()
        self._progress.update(self._task, total=value)

    def update(self, n: int) -> None:
        """`n` more bytes."""
        self._progress.advance(self._task, n)

    def reset(self) -> None:
        """Back to the start."""
        self._progress.reset(self._task)

    def close(self) -> None:
        """Take the bar off the screen."""
        self._progress.stop()
