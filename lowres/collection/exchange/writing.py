"""Files and folders that are there whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO
from uuid import uuid4

from lowres.errors import LowresError


@contextmanager
def whole_file(path: Path, encoding: str = "utf-8") -> Iterator[TextIO]:
    """A text file to write, line ends as they are written; it takes its place when all is written."""
    partial = _partial(path)
    with _said(path, partial):
        with open(partial, "x", encoding=encoding, newline="") as file:
            yield file
        os.replace(partial, path)


@contextmanager
def whole_folder(path: Path, own: frozenset[str]) -> Iterator[Path]:
    """A folder to fill, which takes the place of one of before. A folder that holds files other than `own` is left alone."""
    inside = {one.relative_to(path).as_posix() for one in path.rglob("*") if one.is_file()}
    if path.is_file() or inside - own:
        strange = min(inside - own, default="other content")
        raise LowresError(path, f"there already, with {strange}", "a new folder, or one of an earlier export")
    partial, before = _partial(path), _partial(path)
    with _said(path, partial):
        partial.mkdir(parents=True)
        yield partial
        if path.exists():
            path.rename(before)
        partial.rename(path)
        shutil.rmtree(before, ignore_errors=True)


def _partial(path: Path) -> Path:
    return path.with_name(f".{path.name}.{uuid4().hex[:8]}.partial")


@contextmanager
def _said(path: Path, partial: Path) -> Iterator[None]:
    """Nothing is left of what failed, and the disk's errors are said in one line."""
    try:
        yield
    except OSError as error:
        raise LowresError(path, f"cannot be written ({error.strerror or error})", "a disk with room that can be written") from None
    finally:
        shutil.rmtree(partial, ignore_errors=True) if partial.is_dir() else partial.unlink(missing_ok=True)
