"""A run: the folder in which a recipe's stages leave their results, each fresh or stale, none half-written.

A stage works in `.<stage>.partial` and is renamed when whole. Its stamp, a digest of settings, inputs and
version, is written last; a stage is fresh while its digest is still the same, and a stale one stales those
after it.
"""

import hashlib
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lowres import __version__
from lowres.errors import LowresError
from lowres.recipe import Recipe, RecipeFile

STAMP, RECIPE = "stamp.json", "recipe.yaml"
_ROOM = "a disk with room that can be written"
# torch and safetensors tell of a full disk in words of their own
_FULL = re.compile(r"No space left|File too large|Disk quota|os error (27|28|122)|PytorchStreamWriter|inline_container")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A recipe, the folder of its results, and where data comes from."""

    file: RecipeFile
    folder: Path
    mirror: Path | None = None
    jobs: int = 1
    limit: int | None = None  # source utterances, a sample of them

    @property
    def recipe(self) -> Recipe:
        """The recipe's values."""
        return self.file.recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A step of a run: what it depends on (plain values; equal inputs, equal result), the stages before it, its work.

    `on_demand`: made where a stage after it needs it.
    """

    name: str
    inputs: Callable[[Run], dict[str, Any]]
    work: Callable[[Run, Path], None]
    after: tuple["Stage", ...] = ()
    on_demand: bool = False


def open_run(file: RecipeFile, runs: Path, *, mirror: Path | None = None, jobs: int = 1) -> Run:
    """The run of a recipe in `runs`/<name>; a folder that belongs to something else is refused."""
    folder = runs / file.recipe.name
    # killed in its first moment, a run holds no more than its lock and a partial file
    if folder.is_dir() and any(not one.name.endswith((".lock", ".partial")) for one in folder.iterdir()):
        _check_owner(folder, file.recipe.name)
    return Run(file=file, folder=folder, mirror=mirror, jobs=jobs)


def _check_owner(folder: Path, name: str) -> None:
    from lowres.settings import read_document

    if not (folder / RECIPE).is_file():
        raise LowresError(folder, "not a run folder (no recipe.yaml in it)", "an empty folder, or --runs DIR elsewhere")
    owner = read_document(folder / RECIPE).value.get("name")
    if owner != name:
        raise LowresError(folder, f"the run of another recipe, '{owner}'", "--runs DIR elsewhere, or another name")


def stage_digest(run: Run, stage: Stage) -> tuple[str, dict[str, Any]]:
    """The digest that a fresh result of `stage` carries, and the inputs behind it."""
    inputs = {"version": __version__, **stage.inputs(run)}
    inputs["after"] = {before.name: stage_digest(run, before)[0] for before in stage.after}
    text = json.dumps(inputs, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{stage.name}\n{text}".encode()).hexdigest(), inputs


def read_stamp(folder: Path) -> dict[str, Any]:
    """The stamp of a stage's folder; {} where there is none."""
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def is_fresh(run: Run, stage: Stage) -> bool:
    """Whether the stage's result is there and was made from exactly what the recipe says now."""
    return read_stamp(run.folder / stage.name).get("digest") == stage_digest(run, stage)[0]


def why_stale(run: Run, stage: Stage) -> str:
    """One line: what changed since the stage's result was made; '' when it is fresh."""
    digest, inputs = stage_digest(run, stage)
    stamp = read_stamp(run.folder / stage.name)
    if stamp.get("digest") == digest:
        return ""
    if not stamp:
        return "not made yet"
    before = stamp.get("inputs", {})
    changed = sorted(key for key in inputs.keys() | before.keys() if inputs.get(key) != before.get(key))
    return "changed: " + ", ".join(changed)


def do_stage(run: Run, stage: Stage, *, force: bool = False) -> bool:
    """Make the stage's result unless it is fresh; whether there was work. Needs fresh results of the stages before."""
    stale = [before for before in stage.after if not is_fresh(run, before)]
    for before in stale:
        if not before.on_demand:
            first = f"lowres {before.name} {run.file.path} first, or lowres run"
            raise LowresError(run.folder / before.name, why_stale(run, before), first)
    for before in stale:
        do_stage(run, before)
    with _locked(run.folder):
        copy_recipe(run)
        digest, inputs = stage_digest(run, stage)
        if not force and read_stamp(run.folder / stage.name).get("digest") == digest:
            return False
        _make(run, stage, digest, inputs)
    return True


def _make(run: Run, stage: Stage, digest: str, inputs: dict[str, Any]) -> None:
    partial = run.folder / f".{stage.name}.partial"
    if read_stamp(partial).get("digest") != digest:
        _open_partial(partial, digest)
        started, cpu = time.monotonic(), _core_seconds()
        stage.work(run, partial)
        stamp = {"digest": digest, "finished": datetime.now(UTC).isoformat(timespec="seconds"), "inputs": inputs}
        stamp |= {"minutes": round((time.monotonic() - started) / 60, 3), "core_minutes": round((_core_seconds() - cpu) / 60, 3)}
        stamp |= {"peak_gigabytes": _peak_gigabytes()}
        write_whole(partial / STAMP, json.dumps(stamp, indent=1, ensure_ascii=False) + "\n")
    (partial / "digest").unlink(missing_ok=True)  # after the stamp: killed in between, the work is not lost
    _swap(partial, run.folder / stage.name)


def _open_partial(partial: Path, digest: str) -> None:
    """An unfinished folder is kept where it was begun for the same digest: training goes on from its checkpoint."""
    mark = partial / "digest"
    if partial.exists() and not (mark.is_file() and mark.read_text(encoding="utf-8") == digest):
        shutil.rmtree(partial)
    partial.mkdir(parents=True, exist_ok=True)
    mark.write_text(digest, encoding="utf-8")


def _swap(partial: Path, final: Path) -> None:
    old = final.with_name(f".{final.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if final.exists():
        final.rename(old)
    partial.rename(final)
    shutil.rmtree(old, ignore_errors=True)


def _peak_gigabytes() -> float:
    """The most memory that this process or one of its children has held; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0.0
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return round(most / (1 << 30 if sys.platform == "darwin" else 1 << 20), 2)  # kilobytes, but on a Mac bytes


def _core_seconds() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that it is there whole or not at all."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_text(text, encoding="utf-8", newline="\n")
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise LowresError(path, f"cannot be written ({error.strerror or error})", _ROOM) from error


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=0):
            yield
    except Timeout:
        raise LowresError(folder, "another lowres works on this run", "wait for it to end, or --runs DIR elsewhere") from None
    except OSError as error:
        raise LowresError(error.filename or folder, error.strerror or str(error), _ROOM) from error
    except Exception as error:
        if isinstance(error, LowresError) or not _FULL.search(str(error)):
            raise
        raise LowresError(folder, "cannot be written", _ROOM) from error


def copy_recipe(run: Run) -> None:
    """The recipe, the language's card and its rules beside the results, as used."""
    from lowres.language import card_path
    from lowres.rules import module_paths

    write_whole(run.folder / RECIPE, run.file.text)
    card = card_path(run.recipe.language, run.file.folder)
    write_whole(run.folder / "language.yaml", card.read_text(encoding="utf-8-sig"))
    for path in module_paths(run.recipe.synthesize.rules, run.file.folder):
        write_whole(run.folder / path.name, path.read_text(encoding="utf-8"))
