"""The folder of a training: `<folder>.partial` while it lasts, `<folder>` only when the result is whole."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lowres.errors import LowresError

STAMP = "pretraining.json"


def finished(folder: Path, stamp: str) -> bool:
    """Whether `folder` holds the result of `stamp`; raises LowresError where it holds anything else."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return False
    if _read_stamp(folder) != stamp:
        raise LowresError(folder, "is not empty, and no base of this config and data", "a new or empty folder")
    return True


def in_work(folder: Path, stamp: str, make: Callable[[Path], Path]) -> Path:
    """`folder` with what `make` writes: it gets the work folder, which keeps what an interrupted run left there, and says
    where in it the result is. A result of `stamp` that is there is left as it is."""
    work = folder.with_name(folder.name + ".partial")
    if not finished(folder, stamp):
        _claim(work, stamp)
        whole = make(work)
        for path in whole.iterdir():
            path.chmod(0o644)  # safetensors writes for the owner alone
        with writing(work):
            whole.replace(folder)  # over an empty folder, if there is one
    shutil.rmtree(work, ignore_errors=True)
    return folder


def _claim(work: Path, stamp: str) -> None:
    """Make the work folder this training's own."""
    with writing(work):
        work.mkdir(parents=True, exist_ok=True)
        begun = any(path.suffix != ".partial" for path in work.iterdir())
        if begun and _read_stamp(work) != stamp:
            raise LowresError(work, "work of another config or other data", "remove it, or name another folder")
        replace(work / STAMP, json.dumps({"stamp": stamp}) + "\n")


def _read_stamp(folder: Path) -> str | None:
    try:
        return json.loads((folder / STAMP).read_text(encoding="utf-8"))["stamp"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def replace(path: Path, text: str) -> None:
    """Write a text file whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8", newline="\n")
    partial.replace(path)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """What goes wrong with a disk as a LowresError."""
    from safetensors import SafetensorError

    try:
        yield
    except (OSError, SafetensorError, RuntimeError) as error:
        # torch and safetensors raise their own kinds where the disk is full
        first = (str(error) or type(error).__name__).splitlines()[0]
        raise LowresError(path, f"cannot be written ({first})", "room for four times the weights") from error
