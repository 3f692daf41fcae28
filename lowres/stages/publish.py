"""`lowres publish`: the gate, the package, the registry; and `lowres gate --against`, an update beside what is live."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lowres import __version__
from lowres.catalog import Reference, dataset, sha256_of
from lowres.corrections import LICENCE
from lowres.errors import LowresError
from lowres.evaluation import answers, compare, known_words, read_reports, render_comparison, slot_flips
from lowres.evaluation.markdown import plain, table
from lowres.recipe import read_recipe
from lowres.registry.base import identify_base
from lowres.registry.card import format_card
from lowres.registry.client import Pulled, open_registry, pull
from lowres.registry.keys import sign
from lowres.registry.package import MODEL_FILES, PROFILE, Figure, Flips, Package, Refused, Source, scores_of
from lowres.registry.packing import pack
from lowres.rules import module_paths
from lowres.run import RECIPE, Run, do_stage, is_fresh, open_run, read_stamp, why_stale
from lowres.settings import read_document
from lowres.sources import licence_of, reference_name
from lowres.stages import STAGES
from lowres.stages.data import corrections_of, read_kept, read_test
from lowres.stages.gate import GATE, PROFILE_FILE, read_gate, training_data
from lowres.stages.systems import answer, read_adapter_system

_LIBRARIES = ("torch", "transformers", "peft")
_STRICT = ("NC", "GPL-3", "GPL", "CC-BY-SA-4", "CC-BY-SA", "CC-BY", "")  # the strictest first


def open_run_folder(place: Path, runs: Path, mirror: Path | None) -> Run:
    """The run of a recipe, or of a run folder whose recipe lies in recipes/ or is bundled."""
    if (place / RECIPE).is_file():
        name = read_document(place / RECIPE).value.get("name")
        return open_run(read_recipe(Path("recipes") / f"{name}.yaml"), place.parent, mirror=mirror)
    return open_run(read_recipe(place), runs, mirror=mirror)


def publish_run(
    run: Run, url: str, *, key: str = "", private: bool = False, say: Callable[[str], None] = lambda line: None,
    progress: Callable[[str, int], Any],
) -> Package:  # fmt: skip
    """Gate, pack, sign and publish; Refused with the first check that failed, and nothing is published."""
    if not url:
        raise LowresError("--registry", "none named", "where to publish: a folder, s3:// or hf://ORG")
    for stage in STAGES.values():
        if not is_fresh(run, stage) and not stage.on_demand:
            raise Refused(run.folder / stage.name, f"stale: {why_stale(run, stage)}", f"lowres run {run.file.path}")
    if do_stage(run, GATE):
        say(f"gate: done, {run.folder / GATE.name}")
    refuse(run, private=private)
    folder = run.folder / "publish" / "package"
    package = make_package(run, folder, private=private)
    if key:
        sign(folder, key)
    registry = open_registry(url)
    with progress(package.spec, package.bytes) as advance:
        registry.publish(folder, package, advance)
    return package


def gate_run(run: Run, *, against: str = "", url: str = "", force: bool = False) -> str:
    """gate.md of a run, made where it is not fresh; `against` a released adapter, what changes for its users."""
    if against:
        return against_live(run, pull(against, url))
    do_stage(run, GATE, force=force)
    return (run.folder / GATE.name / "gate.md").read_text(encoding="utf-8")


def against_live(run: Run, live: Pulled) -> str:
    """Markdown: the run's adapter against a released one on the run's first test set: flips both ways, per intent and slot, and the utterances."""
    from lowres.adapter import read_adapter
    from lowres.reading import predict

    if not run.recipe.evaluate:
        raise LowresError(run.file.path, "no test set", "human utterances under `evaluate`")
    test = read_test(run, run.recipe.evaluate[0])
    old = answers(test, predict(read_adapter(live.folder, base_from=run.file.folder), test))
    new = answer(read_adapter_system(run), test)
    known = known_words(read_kept(run.folder / "synthesize"))
    found = compare(old, new, known, known, old_name=live.package.spec, new_name=run.recipe.name)
    rows = [[plain(row.slot), row.n, row.n_negative, row.n_positive] for row in slot_flips(old, new) if row.n_negative + row.n_positive]
    return "\n".join([render_comparison(found), "## Slots", "", *table(["slot", "spans", "lost", "won"], rows)])


def refuse(run: Run, *, private: bool) -> None:
    """Refused with the first check of the gate that failed; a private package may have any licence."""
    for one in read_gate(run.folder / GATE.name)["checks"]:
        if not one["passed"] and not (private and one["name"] == "licences"):
            raise Refused(run.folder / GATE.name, f"gate, {one['name']}: {one['found']}", one["allowed"])


def make_package(run: Run, folder: Path, *, private: bool) -> Package:
    """The package folder of a run, made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in sorted((run.folder / "adapt" / "adapter").iterdir()):
        if path.name not in MODEL_FILES:
            raise Refused(path, "file: does not belong into a package", "an adapter; `adapt.full` trains none")
        shutil.copyfile(path, folder / path.name)
    shutil.copyfile(run.folder / GATE.name / PROFILE_FILE, folder / PROFILE)
    for source in (run.folder / RECIPE, run.folder / "language.yaml", run.folder / "evaluate" / "report.json"):
        shutil.copyfile(source, folder / source.name)
    reports = read_reports(folder / "report.json")
    return pack(folder, _facts(run, reports, private), lambda package: format_card(package, reports))


def _facts(run: Run, reports: list, private: bool) -> dict[str, Any]:
    recipe = run.recipe
    return {
        "name": recipe.name, "version": recipe.version, "language": recipe.language, "locale": run.file.locale,
        "licence": strictest([licence_of(one) for _, one in training_data(run)]), "private": private,
        "created": datetime.now(UTC).isoformat(timespec="seconds"), "lowres": __version__,
        "libraries": {name: version(name) for name in _LIBRARIES}, "base": identify_base(recipe.adapt.base, run.file.folder),
        "sources": (*(_source(*one) for one in training_data(run)), *_corrections(run)), "seed": recipe.adapt.seed,
        "rules": {path.name: sha256_of(path) for path in module_paths(recipe.synthesize.rules, run.file.folder)},
        "core_minutes": {name: read_stamp(run.folder / name).get("core_minutes", 0.0) for name in ("synthesize", "adapt")},
        "scores": tuple(map(scores_of, reports)), "flips": tuple(_flips(run)),
    }  # fmt: skip


def _source(use: str, one: Reference) -> Source:
    citation = dataset(one.dataset).citation if one.dataset else ""
    return Source(name=reference_name(one), use=use, licence=licence_of(one), citation=citation)


def _corrections(run: Run) -> list[Source]:
    """What people corrected in the language's dictionary, who are named."""
    said = corrections_of(run)
    people = ", ".join(dict.fromkeys(one.author for one in said))
    return [Source(name=f"corrections-{run.recipe.language}", use="corrections", licence=LICENCE, citation=people)] if said else []


def _flips(run: Run):
    for one in read_gate(run.folder / GATE.name)["flips"]:
        active, routed = (Figure(**one["lost"][how]) for how in ("active", "routed"))
        yield Flips(locale=one["locale"], n=one["active"]["n"], active=active, routed=routed)


def strictest(licences: list[str]) -> str:
    """An SPDX expression of all licences that ask for something, the strictest first; public domain and CC0 ask for nothing."""
    asking = sorted(
        {one for one in licences if not one.startswith(("CC0", "LicenseRef-public-domain"))}, key=lambda one: (_strictness(one), one)
    )
    return " AND ".join(asking) or "CC0-1.0"


def _strictness(licence: str) -> int:
    return -1 if licence == "unknown" else next(i for i, part in enumerate(_STRICT) if part in licence)
