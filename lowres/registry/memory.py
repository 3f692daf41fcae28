"""What a registry said before: a version never changes, an index never goes back."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from lowres.catalog import cache_folder
from lowres.errors import LowresError
from lowres.registry.package import Refused
from lowres.registry.release import Release


def check_release(url: str, release: Release) -> None:
    """Refused where a registry sends another release under a name that it sent before."""
    before = _read(_file(url))["releases"].get(release.package.spec, release.sha256)
    if before != release.sha256:
        found = f"release: sha256 {release.sha256[:12]}…, but {before[:12]}… before"
        raise Refused(f"{url}/{release.package.spec}", found, "what was published first: versions never change")


def remember_release(url: str, release: Release) -> None:
    """Note a release that passed every check."""
    with _locked(_file(url)) as path:
        seen = _read(path)
        _write(path, seen | {"releases": seen["releases"] | {release.package.spec: release.sha256}})


def check_serial(url: str, serial: int) -> None:
    """Refused where a registry shows an older index than it showed before; notes a newer one."""
    with _locked(_file(url)) as path:
        seen = _read(path)
        if serial < seen["serial"]:
            raise Refused(f"{url}/index.json.gz", f"index: serial {serial}, but {seen['serial']} before", "an index that does not go back")
        if serial > seen["serial"]:
            _write(path, seen | {"serial": serial})


@contextmanager
def _locked(path: Path) -> Iterator[Path]:
    from filelock import FileLock

    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        yield path


def _file(url: str) -> Path:
    return cache_folder() / "registries" / f"{sha256(url.encode()).hexdigest()[:16]}.json"


def _read(path: Path) -> dict[str, Any]:
    empty: dict[str, Any] = {"serial": 0, "releases": {}}
    if not path.is_file():
        return empty
    try:
        found = empty | json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found["serial"], int) or not isinstance(found["releases"], dict):
            raise ValueError("other fields")
        return found
    except (OSError, ValueError, TypeError, RecursionError):
        raise LowresError(path, "what was seen of a registry cannot be read", "delete it if you trust the registry now") from None


def _write(path: Path, seen: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    partial.write_text(json.dumps(seen, indent=1), encoding="utf-8")
    partial.replace(path)
