"""Text files line by line: the border that every line-based reader stands on."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from lowres.errors import LowresError, at
from lowres.text import nfc


def read_numbered(path: Path, encoding: str = "utf-8") -> Iterator[tuple[int, str]]:
    """(line number from 1, line in NFC without its end); BOM and CR are read as if they were not there.

    Gzip is opened transparently. An empty file, a wrong encoding, NUL bytes and a broken archive are errors.
    """
    number = 0
    try:
        with (gzip.open(path, "rb") if path.suffix == ".gz" else open(path, "rb")) as file:
            for number, raw in enumerate(file, 1):
                yield number, _decoded(raw, path, number, encoding)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise LowresError(at(path, number + 1), f"broken gzip data ({error})", "a whole .gz file") from None
    except OSError as error:
        raise LowresError(path, error.strerror or str(error), "a file that can be read") from None
    if number == 0:
        raise LowresError(path, "an empty file", "at least one line")


def _decoded(raw: bytes, path: Path, number: int, encoding: str) -> str:
    if b"\0" in raw:
        raise LowresError(at(path, number), "a NUL byte", "text")
    try:
        line = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise LowresError(at(path, number), f"byte {error.start} is not {encoding}", f"{encoding} text") from None
    if number == 1:
        line = line.removeprefix("\ufeff")
    return nfc(line.rstrip("\r\n"))


def read_lines(path: Path) -> Iterator[str]:
    """Non-empty lines of plain text."""
    return (line for _, line in read_numbered(path) if line.strip())
