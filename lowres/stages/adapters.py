"""What a registry holds, for people: a line or a JSON object per adapter, a card, what a check found."""

import json as json_module
from collections.abc import Callable, Iterator
from pathlib import Path

from lowres.errors import LowresError, printable
from lowres.evaluation.markdown import percent
from lowres.registry.check import verify
from lowres.registry.client import open_registry, shelf
from lowres.registry.files import FileRegistry
from lowres.registry.keys import list_keys
from lowres.registry.package import Package
from lowres.registry.release import Row, parse_spec


def list_adapters(url: str, *, language: str, everything: bool, json: bool, warn: Callable[[str], None]) -> str:
    """The rows of a registry that are not yanked; broken releases are warned of."""
    rows = open_registry(url).rows(lambda error: warn(f"lowres: passed over: {error}"))
    shown = [row for row in rows if (everything or not row.yanked) and _of_language(row, language)]
    return "".join(_json(row) if json else _line(row) for row in shown)


def _of_language(row: Row, language: str) -> bool:
    wanted = language.lower()
    return not wanted or wanted in (row.language, row.locale.lower(), row.locale.lower().partition("-")[0])


def _json(row: Row) -> str:
    return json_module.dumps(row.model_dump(mode="json"), ensure_ascii=False) + "\n"


def _line(row: Row) -> str:
    marks = [mark for mark, yes in (("private", row.private), ("yanked", row.yanked), ("signed", row.signed)) if yes]
    score = f"exact match {percent(row.exact_match)}" if row.exact_match else "not measured"
    return (
        "\t".join(printable(cell) for cell in [row.spec, row.locale, row.base, f"{row.bytes / 1e6:.1f} MB", score, row.licence, *marks])
        + "\n"
    )


def show_adapter(spec: str, url: str) -> str:
    """The card of NAME[@VERSION] in a registry, and what package.json adds."""
    registry = open_registry(url)
    name, version = parse_spec(spec)
    release = registry.release(name, version or registry.versions(name)[-1])
    card = "\n".join(map(printable, registry.card(release.package).split("\n")))
    return card + "\n" + "\n".join(_facts(release.package, release.signature is not None)) + "\n"


def _facts(package: Package, signed: bool) -> Iterator[str]:
    yield f"package: {package.spec}, {len(package.files)} files, {package.bytes:,} bytes, {'signed' if signed else 'not signed'}"
    yield f"base: {package.base.name} {package.base.revision}, weights {package.base.weights}"
    yield f"rules: {', '.join(package.rules) or 'none of its own'}"


def verify_place(place: str, *, signed: bool) -> str:
    """Every check on a package folder, or on an adapter of the shelf."""
    folder = Path(place)
    if not folder.is_dir():
        folder = next((one.folder for one in shelf() if place in (one.package.name, one.package.spec)), folder)
    if not folder.is_dir():
        raise LowresError(place, "no such folder, and no adapter of that name was pulled", "a package folder, or NAME[@VERSION]")
    found = verify(folder, signed=signed)
    who = f"signed by {found.key.name} ({found.key.fingerprint[:16]}…)" if found.key else "not signed by a known key"
    return f"{found.package.spec}: {len(found.package.files)} files as published, fits {found.package.base.name}; {who}"


def keys_lines() -> list[str]:
    """Name, whose, fingerprint."""
    return [f"{one.name}\t{'own' if one.own else 'trusted'}\t{one.fingerprint}" for one in list_keys()]


def rewrite_index(url: str) -> str:
    """Write the index of a registry of files anew."""
    registry = open_registry(url)
    if not isinstance(registry, FileRegistry):
        raise LowresError(url, "the Hub keeps its own index", "a folder or s3://")
    index = registry.write_index()
    return f"{len(index.rows)} releases, serial {index.serial}"
