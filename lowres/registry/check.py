"""Is a package what its publisher made, does it fit its base, is it safe to read? It fails closed, at the first doubt."""

import hashlib
import json
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from lowres.registry.base import check_base
from lowres.registry.keys import Key, signer
from lowres.registry.package import (
    FILES,
    LABELS,
    MANIFEST,
    MAX_BYTES,
    OWN,
    SIGNATURE,
    WEIGHTS,
    Package,
    Refused,
    adapter_digest,
    read_package,
)

_HEADER = 16 << 20  # bytes that the header of a safetensors file may have
_TYPES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A package that passed; `key` is the known key that signed it."""

    package: Package
    folder: Path
    key: Key | None


def verify(folder: Path, *, signed: bool = False, base: bool = True, base_from: Path | None = None, most: int = MAX_BYTES) -> Verified:
    """Every check on a package folder; Refused names the check and the file.

    `signed` asks for a signature by a known key; `base` compares the base of that name on this machine, where there is one.
    """
    package = read_package(folder)
    _check_names(folder, package)
    _check_sizes(folder, package, most)
    _check_hashes(folder, package)
    _check_contents(folder, package)
    if base:
        check_base(package.base, folder / MANIFEST, base_from)
    return Verified(package=package, folder=folder, key=check_signature(folder, signed=signed))


def check_signature(folder: Path, *, signed: bool) -> Key | None:
    """The known key that signed the package; Refused where one is asked for and there is none."""
    key = signer(folder)
    if signed and key is None:
        found = "by a key that is not trusted here" if (folder / SIGNATURE).is_file() else "missing"
        raise Refused(folder / SIGNATURE, f"signature: {found}", "one by a key of `lowres keys`")
    return key


def _check_names(folder: Path, package: Package) -> None:
    """The files listed are there, and nothing else is, neither by a link nor in a folder."""
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or not path.is_file():
            raise Refused(path, "file: a link or a folder", "plain files only")
        if path.name not in package.files and path.name not in OWN:
            raise Refused(path, "file: not in package.json", "the files that it lists")
    for name in package.files:
        if not (folder / name).is_file():
            raise Refused(folder / name, "file: missing", "every file that package.json lists")


def _check_sizes(folder: Path, package: Package, most: int) -> None:
    for name, one in package.files.items():
        check_size(folder / name, name, one.bytes)
        if (found := (folder / name).stat().st_size) != one.bytes:
            raise Refused(folder / name, f"size: {found:,} bytes", f"{one.bytes:,} as in package.json")
    if package.bytes > most:
        raise Refused(folder, f"size: {package.bytes:,} bytes in all", f"{most:,} at most")


def check_size(where: object, name: str, n_bytes: int) -> None:
    """Refused where a file of that name may not be so large."""
    if n_bytes > FILES[name]:
        raise Refused(where, f"size: {n_bytes:,} bytes", f"{FILES[name]:,} at most")


def _check_hashes(folder: Path, package: Package) -> None:
    for name, one in package.files.items():
        if (found := hash_file(folder / name)) != one.sha256:
            raise Refused(folder / name, f"hash: sha256 {found[:12]}…", f"{one.sha256[:12]}… as in package.json")
    if adapter_digest({name: one.sha256 for name, one in package.files.items()}) != package.adapter:
        raise Refused(folder / MANIFEST, "hash: of the adapter's files", "the adapter that the report was made by")


def hash_file(path: Path) -> str:
    """SHA-256 of what is in a file now; `catalog.sha256_of` remembers by time and size, which an attacker can set."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_contents(folder: Path, package: Package) -> None:
    """What could be wrong although every hash is right: tensors that are none, labels that fit no head, another adapter's papers."""
    shapes = {name: tensor_shapes(folder / name) for name in package.files if name.endswith(".safetensors")}
    labels = _read_json(folder / LABELS)
    for head, names in (("intent_head", "intents"), ("slot_head", "slots")):
        listed = labels.get(names)
        if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed) or len(set(listed)) < len(listed):
            raise Refused(folder / LABELS, f"labels: {names} are no list of names", "labels.json of lowres")
        rows = next((shape[0] for key, shape in shapes[WEIGHTS].items() if key.endswith(f"{head}.weight") and shape), len(listed))
        if rows != len(listed):
            raise Refused(folder / LABELS, f"labels: {len(listed)} {names} for a head of {rows} rows", "labels of these weights")
    settings = _read_json(folder / "lowres.json")
    if str(settings.get("base", "")).partition("@")[0] != package.base.name:
        raise Refused(folder / "lowres.json", f"base: '{settings.get('base')}'", f"{package.base.name} as in package.json")


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise Refused(path, f"content: not JSON ({str(error)[:80]})", "a file of lowres") from None
    if not isinstance(found, dict):
        raise Refused(path, "content: no JSON object", "a file of lowres")
    return found


def tensor_shapes(path: Path) -> dict[str, list[int]]:
    """Names and shapes in a safetensors file, read from its header alone; Refused where it is none, as a pickle is not."""
    try:
        with open(path, "rb") as file:
            n_header, n_bytes = int.from_bytes(file.read(8), "little"), path.stat().st_size
            if not 2 <= n_header <= min(_HEADER, n_bytes - 8):
                raise ValueError("no header")
            header = json.loads(file.read(n_header))
        header.pop("__metadata__", None)
        _check_offsets(header, n_bytes - 8 - n_header)
        return {name: one["shape"] for name, one in header.items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Refused(path, f"content: not safetensors ({str(error)[:80]})", "tensors and nothing else") from None


def _check_offsets(header: dict[str, Any], n_bytes: int) -> None:
    """The tensors lie one behind the other and fill the file: no room for anything else."""
    at = 0
    for name, one in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, end = one["data_offsets"]
        if begin != at or end - begin != prod(one["shape"]) * _TYPES[one["dtype"]]:
            raise ValueError(f"bytes of {name[:60]}")
        at = end
    if at != n_bytes:
        raise ValueError("bytes behind the tensors")
