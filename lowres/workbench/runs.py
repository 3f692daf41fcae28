"""Runs as the workbench lists them: which stages are fresh, what the scores are, what the lexicon missed."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from lowres import __version__
from lowres.catalog import Member, Reference, cache_folder, dataset
from lowres.errors import LowresError
from lowres.evaluation import Report, read_reports
from lowres.language import Language, read_copied_card
from lowres.recipe import RecipeFile, read_recipe, references
from lowres.resources import bundled_folder
from lowres.run import RECIPE, Run, Stage, read_stamp, why_stale
from lowres.stages import STAGES
from lowres.stages.data import PAIRS

State = Literal["fresh", "stale", "not made"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageState:
    """Whether a stage's result is there and still holds; `why` says what is wrong, '' when it is fresh."""

    name: str
    state: State
    why: str = ""
    finished: str = ""  # ISO 8601
    core_minutes: float | None = None
    in_work: bool = False  # or interrupted


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """The stages in order, and in one line what they were compared with."""

    stages: tuple[StageState, ...]
    compared_with: str


def list_runs(runs: Path) -> list[Path]:
    """The run folders in `runs`, by name; none where `runs` is not there."""
    return sorted(path.parent for path in runs.glob(f"*/{RECIPE}"))


def make_demo_pairs(runs: Path) -> None:
    """The first stage of the bundled demo's run; nothing is fetched."""
    from lowres.run import do_stage, open_run

    run = open_run(read_recipe("swh-demo"), runs)
    do_stage(run, STAGES["synthesize"])


def find_recipe(folder: Path) -> Path | None:
    """The recipe that a run is of: in the working folder, beside the runs, or a bundled one."""
    name = f"{folder.name}.yaml"
    places = (
        Path.cwd() / "recipes",
        Path.cwd(),
        folder.parent.parent,
        folder.parent.parent / "recipes",
        bundled_folder("recipes"),
    )
    return next((place / name for place in places if (place / name).is_file()), None)


def freshness(folder: Path) -> Freshness:
    """Every stage of the run against its recipe and data as they are now.

    Never fetches anything: where recipe or data are not on this machine, stages are only compared with each other.
    """
    path = find_recipe(folder)
    if path is None:
        return _by_stamps(
            folder, f"no recipe {folder.name}.yaml was found, so the stages are only compared with each other"
        )
    try:
        file = read_recipe(path)
        absent = next((one.dataset for _, one in references(file.recipe) if not is_local(one)), None)
        if absent:
            return _by_stamps(
                folder, f"{absent} is not on this machine, so the stages are only compared with each other"
            )
        return _by_recipe(folder, file)
    except LowresError as error:
        return _by_stamps(folder, f"{error}; so the stages are only compared with each other")


def is_local(reference: Reference) -> bool:
    """Whether the data lies in the mirror or the cache already, or is a file of the user's own."""
    if reference.dataset is None:
        return True
    members = [
        one for one in dataset(reference.dataset).files if not one.locale or reference.locale in (None, one.locale)
    ]
    return all(local_path(one) for one in members)


def local_path(member: Member) -> Path | None:
    """Where a file of the catalogue lies in the mirror or the cache; None where it would have to be fetched."""
    mirror = os.environ.get("LOWRES_MIRROR")
    places = [*([Path(mirror)] if mirror else []), cache_folder()]
    return next((path for place in places if (path := place / member.path).is_file()), None)


def _by_recipe(folder: Path, file: RecipeFile) -> Freshness:
    run = Run(file=file, folder=folder)
    states = tuple(_state(folder, stage, why_stale(run, stage)) for stage in STAGES.values())
    return Freshness(stages=states, compared_with=f"compared with {file.path} and its data as they are now")


def _by_stamps(folder: Path, remark: str) -> Freshness:
    states = tuple(_state(folder, stage, _outdated(folder, stage)) for stage in STAGES.values())
    return Freshness(stages=states, compared_with=remark)


def _outdated(folder: Path, stage: Stage) -> str:
    """What makes the stage's result stale as far as the stamps tell; '' for nothing."""
    inputs = read_stamp(folder / stage.name).get("inputs")
    if not isinstance(inputs, dict):
        return "not made yet"
    if inputs.get("version") != __version__:
        return f"made by lowres {inputs.get('version')}"
    after = inputs.get("after") or {}
    changed = [one.name for one in stage.after if _outdated(folder, one) or after.get(one.name) != _digest(folder, one)]
    return f"changed: {', '.join(changed)}" if changed else ""


def _digest(folder: Path, stage: Stage) -> str | None:
    return read_stamp(folder / stage.name).get("digest")


def _state(folder: Path, stage: Stage, why: str) -> StageState:
    stamp = read_stamp(folder / stage.name)
    state = "fresh" if not why else "stale" if stamp else "not made"
    minutes = stamp.get("core_minutes")
    in_work = (folder / f".{stage.name}.partial").is_dir()
    return StageState(
        name=stage.name,
        state=state,
        why=why,
        finished=str(stamp.get("finished", "")),
        core_minutes=minutes,
        in_work=in_work,
    )


def changed_at(*paths: Path) -> int:
    """A number that changes whenever one of the files does: the key of what is cached of them."""
    return hash(tuple(path.stat().st_mtime_ns if path.is_file() else 0 for path in paths))


def read_card_of(folder: Path) -> Language:
    """The language's card as the run used it."""
    return read_copied_card(folder / "language.yaml")


def command_to_make(folder: Path) -> str:
    """What to type so that the run, or the rest of it, is made."""
    return f"lowres run {find_recipe(folder) or folder.name} --runs {folder.parent}"


# --- scores


def read_scores(folder: Path) -> list[Report]:
    """The run's reports, one for each test set; [] where it is not evaluated."""
    path = folder / "evaluate" / "report.json"
    return read_reports(path) if path.is_file() else []


_MORE = re.compile(r"\$|:(?=\w)")  # formulas and directives, which only the page's Markdown reads
_IMAGE = re.compile(r"^!\[(?P<alt>[^\]]*)\]\((?P<file>[^)/]+)\)$")


def report_parts(folder: Path) -> Iterator[tuple[str, str]]:
    """report.md in parts, as ('text', Markdown), ('picture', file name) or ('verbatim', text of a fence)."""
    kept: list[str] = []
    kind = "text"
    for line in (folder / "evaluate" / "report.md").read_text(encoding="utf-8").splitlines():
        picture = _IMAGE.match(line) if kind == "text" else None
        if picture or line.startswith("```"):
            yield from [(kind, "\n".join(kept))] if any(kept) else []
            kept = []
            if picture:
                yield "picture", picture["file"]
            else:
                kind = "text" if kind == "verbatim" else "verbatim"
        else:
            kept.append(line if kind == "verbatim" else _for_page(line))
    yield from [(kind, "\n".join(kept))] if any(kept) else []


def _for_page(line: str) -> str:
    """A line of the report under the page's own headings."""
    return ("##" if line.startswith("#") else "") + _MORE.sub(r"\\\g<0>", line)


# --- what the lexicon missed


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthesis:
    """What a synthesis counted: `misses` are (source word, times), most frequent first; `covered` is 0..1."""

    n_pairs: int
    n_utterances: int
    covered: float
    misses: tuple[tuple[str, int], ...]
    rejected: dict[str, int]
    origins: dict[str, int]


def read_synthesis(folder: Path) -> Synthesis | None:
    """The counts of the run's synthesis; None where it is not made."""
    path = folder / "synthesize" / "report.json"
    if not path.is_file():
        return None
    try:
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Synthesis(
            n_pairs=int(record["n_pairs"]), n_utterances=int(record["n_utterances"]), covered=float(record["coverage"]),
            misses=tuple((str(one["word"]), int(one["count"])) for one in record["misses"]),
            rejected=dict(record["rejected"]), origins=dict(record["origins"]),
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LowresError(
            path, f"no report of a synthesis ({type(error).__name__}: {error})", "as `lowres synthesize` writes it"
        ) from None


def has_pairs(folder: Path) -> bool:
    """Whether the run's synthesis left pairs."""
    return (folder / "synthesize" / PAIRS).is_file()


def source_locale(folder: Path) -> str:
    """BCP 47 tag of the source utterances, from the run's own copy of its recipe; 'en' where it does not say."""
    from lowres.settings import read_document

    source = read_document(folder / RECIPE).value.get("source")
    return str(source.get("locale") or "en") if isinstance(source, dict) else "en"
