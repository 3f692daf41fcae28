"""Making a package: files in a folder, and package.json over them, written last."""

from pathlib import Path
from typing import Any

from lowres.catalog import sha256_of
from lowres.errors import LowresError
from lowres.registry.check import verify
from lowres.registry.package import CARD, FILES, MANIFEST, REQUIRED, File, Package, format_package, hash_adapter


def pack(folder: Path, facts: dict[str, Any], card: Any) -> Package:
    """Write the card that `card(package)` gives, and package.json; `facts` are its fields but for what the files say. The result passes `verify`."""
    package = _package(folder, facts)
    (folder / CARD).write_text(card(package), encoding="utf-8", newline="\n")
    package = _package(folder, facts)
    (folder / MANIFEST).write_text(format_package(package), encoding="utf-8", newline="\n")
    verify(folder)
    return package


def _package(folder: Path, facts: dict[str, Any]) -> Package:
    for path in sorted(folder.iterdir()):
        if path.name not in FILES and path.name != MANIFEST:
            raise LowresError(path, "does not belong into a package", f"only {', '.join(FILES)}")
    if missing := sorted(REQUIRED - {CARD} - {path.name for path in folder.iterdir()}):
        raise LowresError(folder / missing[0], "missing", "all that a package needs")
    files = {
        name: File(sha256=sha256_of(folder / name), bytes=(folder / name).stat().st_size) for name in FILES if (folder / name).is_file()
    }
    return Package(**facts, adapter=hash_adapter(folder), files=files)
