"""Files at an fsspec URL: a folder, S3, or a static HTTP host that can only be read."""

import os
import re
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from lowres.errors import LowresError
from lowres.registry.package import Refused

_CHUNK = 1 << 18
_EXTRAS = {"s3": "s3fs", "http": "aiohttp", "https": "aiohttp"}
_ALLOWED = "a folder, s3://bucket/prefix, https://host/path (read only) or hf://ORG"


class Store:
    """Named files under one URL; every name is relative to it."""

    def __init__(self, url: str) -> None:
        """`url` is a folder or an fsspec URL; LowresError names a protocol or a package that is missing."""
        self.url = re.sub(r"//[^/@]*@", "//", url)  # a password is nobody's to read in a message
        self.fs, self.root = _filesystem(url)
        self.local = "file" in _protocols(self.fs)
        self.writable = self.lists = "http" not in _protocols(self.fs)

    def read(self, name: str, most: int, *, packed: bool = False) -> bytes | None:
        """All bytes of a file, None where there is none; Refused beyond `most`. `packed`: zlib's, to be unpacked."""
        found = bytearray()

        def collect(chunk: bytes) -> None:
            found.extend(chunk)

        return bytes(found) if self._stream(name, most, collect, packed) else None

    def fetch(self, name: str, target: Path, most: int, on_bytes: Callable[[int], None] = lambda n: None, *, packed: bool = False) -> None:
        """Copy a file to `target`, unpacked; Refused where it is missing or longer than `most`."""
        with open(target, "wb") as file:

            def write(chunk: bytes) -> None:
                file.write(chunk)
                on_bytes(len(chunk))

            if not self._stream(name, most, write, packed):
                raise Refused(f"{self.url}/{name}", "file: missing", "the registry as it was published")
            file.flush()
            os.fsync(file.fileno())

    def _stream(self, name: str, most: int, use: Callable[[bytes], Any], packed: bool) -> bool:
        """Hand over a file in pieces; whether it is there. Never asks for a range: hosts that ignore one send wrong bytes."""
        where = f"{self.url}/{name}"
        try:
            with self.fs.open(self._full(name), "rb", **({} if self.local else {"block_size": 0, "cache_type": "none"})) as file:
                chunks = iter(lambda: file.read(_CHUNK), b"")
                for chunk in capped(_unpacked(chunks, where) if packed else chunks, most, where):
                    use(chunk)
        except FileNotFoundError as error:
            if not self.lists and _unreachable(error):
                raise self._failed("read", name, error.__cause__ or error) from error
            return False
        except LowresError:
            raise
        except Exception as error:  # every backend raises kinds of its own
            raise self._failed("read", name, error) from error
        return True

    def create(self, name: str, data: bytes) -> bool:
        """Write a file that is not there yet, whole or not at all; False where it is."""
        self.check_writable()
        try:
            if self.local:
                return _link_new(Path(self._full(name)), data)
            with self.fs.open(self._full(name), "xb") as file:
                file.write(data)
        except FileExistsError:
            return False
        except Exception as error:
            raise self._failed("written", name, error) from error
        return True

    def put(self, name: str, data: bytes) -> None:
        """Write or replace a file, whole or not at all."""
        self.check_writable()
        try:
            if self.local:
                _replace(Path(self._full(name)), data)
            else:
                self.fs.pipe_file(self._full(name), data)
        except Exception as error:
            raise self._failed("written", name, error) from error

    def names(self, folder: str) -> list[str]:
        """The files below `folder`, sorted; of a host that lists."""
        self.fs.invalidate_cache()
        try:
            found = self.fs.find(self._full(folder))
        except FileNotFoundError:
            return []
        except Exception as error:
            raise self._failed("listed", folder, error) from error
        inside = (path[len(self._full("")) :] for path in found)
        return sorted(path for path in inside if not path.rpartition("/")[2].startswith("."))

    def _full(self, name: str) -> str:
        return f"{self.root.rstrip('/')}/{name}"

    def check_writable(self) -> None:
        """LowresError where the host can only be read."""
        if not self.writable:
            raise LowresError(self.url, "a static host is read only", "publish into the folder that it serves, or s3://, hf://")

    def _failed(self, what: str, name: str, error: Exception) -> LowresError:
        first = (str(error).splitlines() or [type(error).__name__])[0][:120]
        return LowresError(f"{self.url}/{name}", f"cannot be {what} ({first})", "a registry that can be reached")


def capped(chunks: Iterable[bytes], most: int, where: object) -> Iterator[bytes]:
    """The chunks, as long as they are at most so many bytes together; Refused beyond."""
    left = most
    for chunk in chunks:
        if (left := left - len(chunk)) < 0:
            raise Refused(where, f"size: more than {most:,} bytes", "the registry as it was published")
        yield chunk


def _unpacked(chunks: Iterable[bytes], where: object) -> Iterator[bytes]:
    """What zlib packed, in pieces of bounded size however well it was packed; Refused where it is broken, cut or followed by more."""
    unpack = zlib.decompressobj()
    try:
        for chunk in chunks:
            while chunk:
                yield unpack.decompress(chunk, _CHUNK)
                chunk = unpack.unconsumed_tail
        if not unpack.eof or unpack.unused_data:
            raise zlib.error("cut short, or something behind it")
    except zlib.error as error:
        raise Refused(where, f"content: not packed as it should be ({error})", "the registry as it was published") from None


def _unreachable(error: BaseException) -> bool:
    """fsspec calls a host that does not answer a missing file, too; one that does answer gave a status."""
    cause = error.__cause__ or error.__context__
    return cause is not None and getattr(cause, "status", None) not in (404, 410)


def _protocols(fs: Any) -> tuple[str, ...]:
    return (fs.protocol,) if isinstance(fs.protocol, str) else tuple(fs.protocol)


def _filesystem(url: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs

    protocol = url.partition("://")[0] if "://" in url else "file"
    if protocol not in ("file", *_EXTRAS):
        raise LowresError(f"registry {url}", f"protocol '{protocol}'", _ALLOWED)
    try:
        return url_to_fs(
            url if "://" in url else str(Path(url).expanduser().absolute()), **({"use_listings_cache": False} if protocol == "s3" else {})
        )
    except ImportError:
        raise LowresError(f"registry {url}", f"{_EXTRAS[protocol]} is not installed", 'pip install "lowres[registry]"') from None


def _written(path: Path, data: bytes) -> Path:
    """A temporary file beside `path` with the data on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".partial-")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(name, 0o644)
    return Path(name)


def _link_new(path: Path, data: bytes) -> bool:
    """A hard link is the one way to make a file that is whole at once and exclusively new."""
    if path.exists():
        return False
    partial = _written(path, data)
    try:
        os.link(partial, path)
    except FileExistsError:
        return False
    finally:
        partial.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return True


def _replace(path: Path, data: bytes) -> None:
    partial = _written(path, data)
    try:
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # not every system opens a folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
