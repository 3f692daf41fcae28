"""A registry of files: a folder, S3 or a static HTTP host.

    registry.json                          {"format": 1}
    releases/<name>/<version>.json         written once, after its blobs; never changed
    yanks/<name>/<version>.json            hides a release, deletes nothing
    blobs/sha256/<2>/<hash>[.z]            the files of packages under the hash of what they hold; text is packed (zlib)
    index.json.gz                          a cache for hosts that cannot list; written last

A name belongs to one language, which its releases say; so a release is found by name alone and pulling one reads no other.
"""

import hashlib
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from lowres.errors import LowresError, nearest
from lowres.registry import memory
from lowres.registry.package import CARD, MANIFEST, SIGNATURE, File, Package, Refused, version_key
from lowres.registry.release import (
    MAX_INDEX,
    MAX_RELEASE,
    Index,
    Release,
    Row,
    dump,
    format_index,
    format_release,
    is_spec,
    parse_index,
    parse_release,
    row_of,
    serial_of,
)
from lowres.registry.store import Store

INDEX, MARK = "index.json.gz", "registry.json"
_ROUNDS = 5  # of writing the index while others publish, too


class FileRegistry:
    """Publish, list, read and yank; every method reads what is there now."""

    def __init__(self, url: str) -> None:
        self.store = Store(url)
        self.url = self.store.root if self.store.local else self.store.url

    # --- reading

    def rows(self, on_broken: Callable[[LowresError], None] = lambda error: None) -> list[Row]:
        """Every release, by name and version; a broken one is handed to `on_broken` and left out."""
        index = self.index(on_broken)
        if not self.store.lists:
            return list(index.rows)
        known, hidden = {row.spec: row for row in index.rows}, set(self._specs("yanks"))
        found = []
        for spec in self._specs("releases"):
            try:
                row = known.get(spec) or row_of(self.release(*spec.split("@")))
                found.append(row.model_copy(update={"yanked": spec in hidden}))
            except LowresError as error:
                on_broken(error)
        return sorted(found, key=lambda row: (row.name, version_key(row.version)))

    def index(self, on_broken: Callable[[LowresError], None] | None = None) -> Index:
        """The index as it lies there; empty where there is none. Where the host lists, a broken one is nothing but slower."""
        where = f"{self.url}/{INDEX}"
        try:
            data = self.store.read(INDEX, MAX_INDEX)
            if data is None and not self.store.lists:
                raise LowresError(where, "no index, and the host cannot list", "a registry, or NAME@VERSION")
            index = parse_index(data, where) if data is not None else Index()
        except Refused as error:
            if not self.store.lists:
                raise
            if on_broken:
                on_broken(error)
            return Index()
        if not self.store.lists:
            memory.check_serial(self.url, index.serial)
        return index

    def versions(self, name: str) -> list[str]:
        """Versions of a name that are not yanked, oldest first; LowresError names the nearest name."""
        if not self.store.lists:
            rows = self.index().rows
            found = [row.version for row in rows if row.name == name and not row.yanked]
            names = [row.name for row in rows]
        else:
            hidden = set(self._specs(f"yanks/{name}"))
            found = [spec.partition("@")[2] for spec in self._specs(f"releases/{name}") if spec not in hidden]
            names = [] if found else [spec.partition("@")[0] for spec in self._specs("releases")]
        if not found:
            raise LowresError(f"adapter {name}", f"not in {self.url}", nearest(name, names))
        return sorted(found, key=version_key)

    def release(self, name: str, version: str) -> Release:
        """One release, which may be yanked; LowresError where there is none, Refused where it is broken."""
        path = _release_path(name, version)
        data = self.store.read(path, MAX_RELEASE)
        if data is None:
            raise LowresError(f"adapter {name}@{version}", f"not in {self.url}", "a version of `lowres list`")
        return parse_release(data, name, version, f"{self.url}/{path}")

    def fetch(self, package: Package, name: str, target: Path, on_bytes: Callable[[int], None] = lambda n: None) -> None:
        """Copy a file of a package to `target`; what arrives is not checked but for its length."""
        one = package.files[name]
        self.store.fetch(_blob_path(name, one.sha256), target, one.bytes, on_bytes, packed=_is_packed(name))

    def card(self, package: Package) -> str:
        """README.md of a package, checked against its hash."""
        one = package.files[CARD]
        data = self._read_blob(CARD, one)
        if data is None or hashlib.sha256(data).hexdigest() != one.sha256:
            raise Refused(f"{self.url}/{package.spec}/{CARD}", "hash: not the published bytes", "the registry as it was published")
        return data.decode()

    def _specs(self, folder: str) -> list[str]:
        """name@version of the files below releases/ or yanks/."""
        parts = (name.removesuffix(".json").split("/") for name in self.store.names(folder) if name.endswith(".json"))
        return [f"{one[1]}@{one[2]}" for one in parts if len(one) == 3 and is_spec(f"{one[1]}@{one[2]}")]

    # --- writing

    def publish(self, folder: Path, package: Package, on_bytes: Callable[[int], None] = lambda n: None) -> None:
        """Blobs first, then the release by exclusive creation, the index last: killed at any moment, a version is whole or not there."""
        self.store.check_writable()
        self._check_new(package)
        self.store.create(MARK, dump({"format": 1}))
        for name, one in package.files.items():
            self._put_blob(folder / name, one)
            on_bytes(one.bytes)
        signature = folder / SIGNATURE
        text = signature.read_text(encoding="utf-8") if signature.is_file() else None
        data = format_release((folder / MANIFEST).read_text(encoding="utf-8"), text)
        if not self.store.create(_release_path(package.name, package.version), data):
            raise _taken(package)
        self.write_index()

    def _check_new(self, package: Package) -> None:
        versions = [spec.partition("@")[2] for spec in self._specs(f"releases/{package.name}")]
        if package.version in versions:
            raise _taken(package)
        for version in versions[:1]:
            if (other := self.release(package.name, version).package.language) != package.language:
                raise Refused(f"adapter {package.name}", f"name: taken by an adapter of {other}", "another name")

    def _put_blob(self, path: Path, one: File) -> None:
        """Write a blob that is not there; one that is there and damaged is made whole."""
        data, target = path.read_bytes(), _blob_path(path.name, one.sha256)
        stored = zlib.compress(data, 9) if _is_packed(path.name) else data
        if self.store.create(target, stored):
            return
        try:
            found = self._read_blob(path.name, one) or b""
        except Refused:
            found = b""
        if hashlib.sha256(found).hexdigest() != one.sha256:
            self.store.put(target, stored)

    def _read_blob(self, name: str, one: File) -> bytes | None:
        return self.store.read(_blob_path(name, one.sha256), one.bytes, packed=_is_packed(name))

    def yank(self, name: str, version: str, reason: str = "") -> None:
        """Hide a version from lists and from those that name no version."""
        self.release(name, version)
        when = datetime.now(UTC).isoformat(timespec="seconds")
        self.store.create(f"yanks/{name}/{version}.json", dump({"format": 1, "when": when, "reason": reason}))
        self.write_index()

    def write_index(self) -> Index:
        """Write the index of what is there; once more where somebody published meanwhile."""
        for _ in range(_ROUNDS):
            before = self._serial()
            rows = tuple(self.rows())
            index = Index(serial=serial_of(rows), rows=rows)
            self.store.put(INDEX, format_index(index))
            if self._serial() == before:
                break
        return index

    def _serial(self) -> int:
        return len(self._specs("releases")) + len(self._specs("yanks"))


def _release_path(name: str, version: str) -> str:
    return f"releases/{name}/{version}.json"


def _blob_path(name: str, sha256: str) -> str:
    return f"blobs/sha256/{sha256[:2]}/{sha256}{'.z' if _is_packed(name) else ''}"


def _is_packed(name: str) -> bool:
    """Tensors hardly get smaller."""
    return not name.endswith(".safetensors")


def _taken(package: Package) -> Refused:
    return Refused(f"adapter {package.spec}", "version: published already, and versions never change", "a higher `version` in the recipe")
