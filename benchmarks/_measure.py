"""What the benchmarks share: a recipe opened with its data, and core time taken in child processes, interleaved."""

import multiprocessing
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

CHOICE = "any recipe file, or the name of a bundled recipe"


def open_recipe(name: str):
    """The run of a recipe; nothing is written, the data comes from LOWRES_MIRROR or the cache."""
    from lowres.recipe import read_recipe
    from lowres.run import open_run

    return open_run(read_recipe(name), Path("runs"))


def core_seconds(work: Callable[[], object]) -> float:
    """Processor time of `work`: on a busy machine, too, what one core spends on it."""
    started = time.process_time()
    work()
    return time.process_time() - started


def forked(measure: Callable[[], object]) -> object:
    """What `measure` returns in a forked child: it finds what was read before the fork, and leaves no warm cache behind."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=lambda: sender.send(measure()))
    child.start()
    sender.close()
    found = receiver.recv()
    child.join()
    return found


def interleaved(works: Mapping[str, Callable[[], object]], repetitions: int) -> dict[str, float]:
    """Median core seconds of each work; they take turns, each time in a fresh child."""
    spent: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(repetitions):
        for name, work in works.items():
            spent[name].append(forked(lambda work=work: core_seconds(work)))
    return {name: median(seconds) for name, seconds in spent.items()}


def seconds(duration: float) -> str:
    """A duration with the unit that suits it."""
    return f"{duration:.2f} s" if duration >= 1 else f"{1e3 * duration:.3g} ms" if duration >= 1e-3 else f"{1e6 * duration:.3g} µs"


def verdict(reached: bool) -> str:
    """Whether a bar was reached, in a word."""
    return "reached" if reached else "MISSED"
