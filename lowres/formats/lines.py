"""Text files line by line: the border that every reader stands on."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import BinaryIO

from lowres.errors import LowresError, at
from lowres.text import nfc


def read_numbered(path: Path, encoding: str = "utf-8", *, normal: bool = True) -> Iterator[tuple[int, str]]:
    """(line number from 1, line without its end, in NFC where `normal`); BOM and CR are read as if they were not there.

    Gzip is opened transparently. An empty file, a wrong encoding, NUL bytes and a broken archive are errors.
    """
    number = 0
    with _opened(path) as file:
        for number, raw in enumerate(_lines(file, path), 1):
            line = _decoded(raw, at(path, number), encoding, first=number == 1).rstrip("\r\n")
            yield number, nfc(line) if normal else line
    if number == 0:
        raise LowresError(path, "an empty file", "at least one line")


def read_whole(path: Path, *encodings: str) -> str:
    """All of a text file as it stands, in the first of `encodings` that fits: for JSON files that are one value."""
    with _opened(path) as file:
        raw = b"".join(_lines(file, path))
    if not raw.strip():
        raise LowresError(path, "an empty file", "at least one line")
    for encoding in encodings[:-1]:
        try:
            return _decoded(raw, str(path), encoding, first=True)
        except LowresError:
            continue
    return _decoded(raw, str(path), encodings[-1], first=True)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else open(path, "rb") as file:
            yield file
    except OSError as error:
        raise LowresError(path, error.strerror or str(error), "a file that can be read") from None


def _lines(file: BinaryIO, path: Path) -> Iterator[bytes]:
    number = 0
    try:
        for number, raw in enumerate(file, 1):
            yield raw
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise LowresError(at(path, number + 1), f"broken gzip data ({error})", "a whole .gz file") from None


def _decoded(raw: bytes, where: str, encoding: str, *, first: bool) -> str:
    if b"\0" in raw:
        raise LowresError(where, "a NUL byte", "text")
    try:
        line = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise LowresError(where, f"byte {error.start} is not {encoding}", f"{encoding} text") from None
    return line.removeprefix("\ufeff") if first else line


def read_lines(path: Path) -> Iterator[tuple[str, str]]:
    """(line number, text) of the lines of plain text that are not empty."""
    return ((str(number), line.strip()) for number, line in read_numbered(path) if line.strip())


def read_aligned(left: Path, right: Path) -> Iterator[tuple[str, str, str]]:
    """(line number, left, right) of two files aligned by line; lines that are empty on a side are skipped."""
    for one, other in zip_longest(read_numbered(left), read_numbered(right)):
        if one is None or other is None:
            short, line = (left, other) if one is None else (right, one)
            raise LowresError(
                at(short, line[0]), "the file ends", f"as many lines as {right if short is left else left}"
            )
        if one[1].strip() and other[1].strip():
            yield str(one[0]), one[1].strip(), other[1].strip()
