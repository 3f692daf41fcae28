"""Pulling: from a registry into this machine's shelf of adapters, whole and checked or not at all."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lowres.catalog import cache_folder
from lowres.errors import LowresError, nearest
from lowres.registry import memory
from lowres.registry.check import check_signature, check_size, hash_file, verify
from lowres.registry.package import MANIFEST, MAX_BYTES, PROFILE, SIGNATURE, Package, Refused, read_package, version_key
from lowres.registry.release import Release, parse_spec
from lowres.resources import resources_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """An adapter on the shelf, as a package folder."""

    package: Package
    folder: Path

    @property
    def profile(self) -> Path:
        """What its language's texts look like."""
        return self.folder / PROFILE


def open_registry(url: str) -> Any:
    """The registry at a URL; hf:// is the Hub, '' the one that comes with lowres."""
    if url.startswith("hf://"):
        from lowres.registry.hub import HubRegistry

        return HubRegistry(url)
    from lowres.registry.files import FileRegistry

    return FileRegistry(url or str(bundled_registry()))


def bundled_registry() -> Path:
    """The registry that comes with lowres."""
    return resources_folder() / "registry"


def shelf_folder() -> Path:
    """Where pulled adapters are, <name>/<version>."""
    return cache_folder() / "adapters"


def shelf() -> list[Pulled]:
    """The newest version of every adapter that was pulled, by name; a folder that is none is passed over."""
    found: dict[str, Pulled] = {}
    for path in shelf_folder().glob(f"*/[!.]*/{MANIFEST}"):
        try:
            one = Pulled(package=read_package(path.parent), folder=path.parent)
        except LowresError:
            continue
        best = found.get(one.package.name)
        if best is None or version_key(one.package.version) > version_key(best.package.version):
            found[one.package.name] = one
    return [found[name] for name in sorted(found)]


def from_shelf(spec: str, *, signed: bool = False) -> Pulled:
    """NAME[@VERSION] or a locale of the shelf, verified once more; LowresError names the nearest."""
    everything = shelf()
    named = [one for one in everything if spec in (one.package.name, one.package.spec)]
    if "@" in spec and not named:
        name, version = parse_spec(spec)
        folder = shelf_folder() / name / str(version)
        named = [Pulled(package=read_package(folder), folder=folder)] if folder.is_dir() else []
    matching = named or of_locale(everything, spec)
    if not matching:
        known = [*(one.package.name for one in everything), *(one.package.locale for one in everything)]
        raise LowresError(f"adapter {spec}", "not pulled", f"lowres pull NAME; {nearest(spec, known)}")
    verify(matching[0].folder, signed=signed)
    return matching[0]


def of_locale(adapters: list[Pulled], locale: str) -> list[Pulled]:
    """The adapters of a locale, else those of its language."""
    exact = [one for one in adapters if one.package.locale.lower() == locale.lower()]
    short = locale.lower().partition("-")[0]
    return exact or [one for one in adapters if short in (one.package.locale.lower().partition("-")[0], one.package.language)]


# --- pulling


def pull(
    spec: str, url: str = "", *, signed: bool = False, most: int = MAX_BYTES,
    progress: Callable[[str, int], Any] = lambda title, total: nullcontext(lambda n: None),
) -> Pulled:  # fmt: skip
    """Bring NAME[@VERSION], the newest that is not yanked, to the shelf. An interrupted pull goes on with the files it lacks.

    Whatever a check refuses is deleted: nothing of it stays on the shelf.
    """
    registry = open_registry(url)
    name, version = parse_spec(spec)
    with _locked(name):
        release = registry.release(name, version or registry.versions(name)[-1])
        memory.check_release(registry.url, release)
        final = shelf_folder() / name / release.package.version
        if final.is_dir():
            return _again(final, release, signed)
        partial = final.with_name(f".{final.name}.partial")
        with _nothing_left(partial):
            _write_manifest(partial, release, most)
            with progress(release.package.spec, release.package.bytes) as advance:
                _fetch_files(registry, release.package, partial, advance)
            verify(partial, signed=signed, most=most)
        partial.rename(final)
        memory.remember_release(registry.url, release)
    return Pulled(package=release.package, folder=final)


def _again(final: Path, release: Release, signed: bool) -> Pulled:
    """What is on the shelf already, if it is the same and whole; else it is taken off."""
    same = (final / MANIFEST).is_file() and (final / MANIFEST).read_text(encoding="utf-8") == release.manifest
    if not same:
        raise Refused(final, "version: other bytes under this name are here already", "delete that folder, or another version")
    with _nothing_left(final):
        verify(final)
    check_signature(final, signed=signed)  # what is whole stays, although it may not be what is asked for now
    return Pulled(package=release.package, folder=final)


@contextmanager
def _locked(name: str) -> Iterator[None]:
    from filelock import FileLock

    locks = cache_folder() / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    with FileLock(locks / f"{name}.lock"):
        try:
            yield
        finally:
            with suppress(OSError):  # a name of which nothing was pulled leaves no folder
                (shelf_folder() / name).rmdir()


@contextmanager
def _nothing_left(folder: Path) -> Iterator[None]:
    try:
        yield
    except Refused:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    except (ValueError, TypeError, ArithmeticError, LookupError, RecursionError) as error:  # whatever a stranger's bytes lead to
        shutil.rmtree(folder, ignore_errors=True)
        raise Refused(folder, f"content: {type(error).__name__} {str(error)[:80]}", "a package of lowres") from error


def _write_manifest(partial: Path, release: Release, most: int) -> None:
    """package.json and package.sig; files of another try that are not listed, and what is too large, never begin."""
    if release.package.bytes > most:
        raise Refused(f"adapter {release.package.spec}", f"size: {release.package.bytes:,} bytes in all", f"{most:,} at most")
    if partial.is_symlink():
        partial.unlink()
    partial.mkdir(parents=True, exist_ok=True)
    for path in partial.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.is_symlink() or path.name not in release.package.files:
            path.unlink()
    (partial / MANIFEST).write_text(release.manifest, encoding="utf-8", newline="")
    if release.signature is not None:
        (partial / SIGNATURE).write_text(release.signature, encoding="utf-8", newline="")


def _fetch_files(registry: Any, package: Package, partial: Path, advance: Callable[[int], None]) -> None:
    for name, one in package.files.items():
        check_size(f"{package.spec}/{name}", name, one.bytes)
        path = partial / name
        if path.is_file() and hash_file(path) == one.sha256:
            advance(one.bytes)
            continue
        arriving = partial / f".{name}.arriving"
        registry.fetch(package, name, arriving, advance)
        if (found := hash_file(arriving)) != one.sha256:
            raise Refused(f"{registry.url}/{package.spec}/{name}", f"hash: sha256 {found[:12]}…", f"{one.sha256[:12]}… as in package.json")
        os.replace(arriving, path)
