"""Is a package what its publisher made, does it fit its base, is it safe to read? It fails closed, at the first doubt."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from lowres.affixes import parse_affixes
from lowres.errors import LowresError
from lowres.identifier import read_profile
from lowres.loans import parse_loans
from lowres.registry.base import check_base
from lowres.registry.keys import Key, signer
from lowres.registry.package import (
    FILES,
    LABELS,
    MANIFEST,
    MAX_BYTES,
    OWN,
    PROFILE,
    SIGNATURE,
    WEIGHTS,
    Package,
    Refused,
    adapter_digest,
    read_package,
)

CONFIG = "adapter_config.json"
_LABEL, _RANK, _GLOSSES, _GLOSS_LINE = 100, 256, 8, 2048
_HEADS = {"intent_head", "slot_head"}
_MODULE = re.compile(r"[A-Za-z0-9_.]{1,200}")
_LORA = {  # what must be so, where it is said at all
    "peft_type": "LORA", "bias": "none", "exclude_modules": None, "rank_pattern": {}, "alpha_pattern": {}, "layers_pattern": None,
    "layers_to_transform": None, "init_lora_weights": True, "use_dora": False, "use_rslora": False, "lora_bias": False, "fan_in_fan_out": False,
    "layer_replication": None, "megatron_config": None, "target_parameters": None, "use_qalora": False, "alora_invocation_tokens": None,
}  # fmt: skip
_HEADER = 16 << 20  # bytes that the header of a safetensors file may have
_TYPES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A package that passed; `key` is the known key that signed it."""

    package: Package
    key: Key | None


def verify(folder: Path, *, signed: bool = False, base_from: Path | None = None, most: int = MAX_BYTES) -> Verified:
    """Every check on a package folder, the base of that name on this machine among them; Refused names the check and the file.

    `signed` asks for a signature by a known key.
    """
    package = read_package(folder)
    _check_names(folder, package)
    _check_sizes(folder, package, most)
    _check_hashes(folder, package)
    _check_contents(folder, package)
    check_base(package.base, folder / MANIFEST, base_from)
    return Verified(package=package, key=check_signature(folder, signed=signed))


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
    _check_config(folder / CONFIG, shapes[WEIGHTS])
    _check_glosses(folder / "glosses.tsv")
    _check_parsed(folder / "affixes.tsv", parse_affixes)
    _check_parsed(folder / "loans.txt", parse_loans)
    _check_profile(folder / PROFILE, package)
    labels = _read_json(folder / LABELS)
    for head, names in (("intent_head", "intents"), ("slot_head", "slots")):
        listed = labels.get(names)
        if not isinstance(listed, list) or not all(map(_is_label, listed)) or len(set(listed)) < len(listed):
            raise Refused(folder / LABELS, f"labels: {names} are no list of names", "labels.json of lowres")
        rows = next((shape[0] for key, shape in shapes[WEIGHTS].items() if key.endswith(f"{head}.weight") and shape), len(listed))
        if rows != len(listed):
            raise Refused(folder / LABELS, f"labels: {len(listed)} {names} for a head of {rows} rows", "labels of these weights")
    settings = _read_json(folder / "lowres.json")
    if str(settings.get("base", "")).partition("@")[0] != package.base.name:
        raise Refused(folder / "lowres.json", f"base: '{settings.get('base')}'", f"{package.base.name} as in package.json")


def _check_parsed(path: Path, parse: Callable[[str], object]) -> None:
    """Refused where a file is there and not as its writer writes it."""
    if path.is_file():
        try:
            parse(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise Refused(path, f"contents: {error}", "as lowres adapt writes it") from None


def _is_label(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LABEL and value.isprintable()


def _check_config(path: Path, shapes: dict[str, list[int]]) -> None:
    """PEFT's settings are LoRA's formula and nothing else: it takes patterns of names, classes and numbers on trust."""
    config = _read_json(path)
    wrong = [key for key, value in _LORA.items() if config.get(key, value) != value]
    rank, alpha, rows = config.get("r"), config.get("lora_alpha"), config.get("trainable_token_indices") or {}
    targets, saved = config.get("target_modules"), config.get("modules_to_save") or []
    plain, heads = _are_names(targets), _are_names(saved) and set(saved) <= _HEADS
    fitting = all(shape[:1] == [rank] for name, shape in shapes.items() if ".lora_A." in name)
    checks = {
        **dict.fromkeys(wrong, False), "target_modules": plain, "r": type(rank) is int and 1 <= rank <= _RANK and fitting,
        "lora_alpha": type(alpha) in (int, float) and 0 <= alpha <= 1e6, "modules_to_save": heads,
        "trainable_token_indices": isinstance(rows, dict) and all(map(_are_rows, rows.values())),
    }  # fmt: skip
    if bad := next((key for key, right in checks.items() if not right), None):
        raise Refused(path, f"content: {bad} {str(config.get(bad))[:60]}", "LoRA as `lowres adapt` writes it")


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and _MODULE.fullmatch(one) for one in value)


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and all(type(one) is int and 0 <= one < 1 << 24 for one in value)


def _check_glosses(path: Path) -> None:
    """A word has a few short glosses: a table without bounds would hold up whoever reads with it."""
    if not path.is_file():
        return
    with open(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            if len(line) > _GLOSS_LINE or line.count(b"\t") > _GLOSSES:
                raise Refused(f"{path}:{number}", "content: more than a word and its glosses", f"{_GLOSSES} glosses at most")


def _check_profile(path: Path, package: Package) -> None:
    try:
        name = read_profile(path).name
    except LowresError as error:
        raise Refused(path, f"content: {error.found}", error.allowed) from None
    if name != package.locale:
        raise Refused(path, f"content: the profile of {name[:40]}", package.locale)


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
