"""Stage `evaluate`: the adapter and its controls on human utterances; predictions, report.json, report.md and its plot."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lowres.catalog import Reference, sha256_of
from lowres.evaluation import (
    Answer,
    Rejection,
    Report,
    build_report,
    choose_threshold,
    reject,
    unknown_words,
    write_predictions,
    write_reports,
)
from lowres.gloss import Glosser
from lowres.progress import progress_bar
from lowres.registry.package import hash_adapter
from lowres.run import Run, Stage, read_stamp, write_whole
from lowres.sources import digest
from lowres.stages.adapt import ADAPT
from lowres.stages.control import CONTROL
from lowres.stages.data import (
    PAIRS,
    base_digest,
    dev_of,
    known_share,
    read_kept,
    read_lexicon,
    read_test,
    source_test,
    test_digests,
)
from lowres.stages.skyline import SKYLINE
from lowres.stages.synthesize import SYNTHESIZE
from lowres.stages.systems import ADAPTER, BASE, System, answer, read_systems, skyline_system
from lowres.text import fold
from lowres.utterance import Utterance

PREDICTIONS = "predictions.jsonl"
_NOTHING = "No human utterances to test on: collect some and name them under 'evaluate'."


def _evaluate_inputs(run: Run) -> dict[str, Any]:
    recipe = run.recipe
    out = digest(recipe.out_of_domain, run.file.folder, run.mirror) if recipe.out_of_domain else None
    evaluate = [one.model_dump(mode="json") for one in recipe.evaluate]
    return {"evaluate": evaluate, "out_of_domain": out, "test": test_digests(run), "recipe_version": recipe.version}


def _evaluate(run: Run, folder: Path) -> None:
    if not run.recipe.evaluate:
        write_whole(folder / "report.md", f"# {run.recipe.name}\n\n{_NOTHING}\n")
        return
    systems, skyline = read_systems(run), skyline_system(run)
    source = _source_answers(run, systems)
    rejection = _rejection(run, systems[ADAPTER])
    reports = []
    for i, reference in enumerate(run.recipe.evaluate):
        test = read_test(run, reference)
        answered = _answers(systems, test)
        ceiling = answer(skyline, test) if skyline and i == 0 else None  # it speaks of the first data set
        reports.append(_report(run, reference, answered, source, rejection, ceiling))
        write_predictions(folder / (PREDICTIONS if i == 0 else f"predictions-{i + 1}.jsonl"), answered[ADAPTER])
        for name, given in answered.items():
            if i == 0 and name != ADAPTER:
                write_predictions(folder / f"predictions.{name}.jsonl", given)
    write_reports(folder, reports)


def _answers(systems: dict[str, System], test: Sequence[Utterance]) -> dict[str, list[Answer]]:
    with progress_bar("evaluate", len(systems)) as advance:
        found = {}
        for name, system in systems.items():
            found[name] = answer(system, test)
            advance(1)
    return found


def _source_answers(run: Run, systems: dict[str, System]) -> dict[str, list[Answer]] | None:
    """The source locale without and with the adapter active."""
    reference = source_test(run)
    if reference is None:
        return None
    test = read_test(run, reference)
    return {name: answer(systems[name], test) for name in (BASE, ADAPTER)}


def _report(run: Run, reference: Reference, answered, source, rejection: Rejection | None, skyline) -> Report:
    recipe = run.recipe
    test = [one.gold for one in answered[ADAPTER]]
    return build_report(
        name=recipe.name, version=recipe.version, language=recipe.language, dataset=_name(reference),
        locale=reference.locale or run.file.locale, partition=reference.partition or "all", systems=answered,
        missing=_missing(run, answered), source=source, source_locale=recipe.source.locale or "", rejection=rejection, skyline=skyline,
        core_minutes=_core_minutes(run), known_share=_known_share(run, test), unknown_words=_unknown(run, _dev(run, reference) or test),
        adapter=_adapter(run), provenance=_provenance(run),
    )  # fmt: skip


def _name(reference: Reference) -> str:
    return reference.dataset or Path(reference.path or "").name


def _missing(run: Run, answered) -> dict[str, str]:
    if run.recipe.control is None:
        return {"word_for_word": "the recipe has no control"}
    return {}


def _provenance(run: Run) -> dict[str, str]:
    pairs = sha256_of(run.folder / SYNTHESIZE.name / PAIRS)
    return {"base": f"{run.recipe.adapt.base}@{base_digest(run)[:8]}", "pairs": pairs[:8], "adapter": _adapter(run)[:8]}


def _adapter(run: Run) -> str:
    return hash_adapter(run.folder / ADAPT.name / "adapter")


def _core_minutes(run: Run) -> dict[str, float]:
    return {stage.name: read_stamp(run.folder / stage.name).get("core_minutes", 0.0) for stage in (SYNTHESIZE, ADAPT, CONTROL)}


def _known_share(run: Run, test: Sequence[Utterance]) -> float:
    lexicon, paradigms = read_lexicon(run)
    return known_share(test, lexicon.glosses.keys() | paradigms.lemmas.keys())


def _unknown(run: Run, test: Sequence[Utterance]) -> list[tuple[str, int]]:
    """The most frequent words that neither dictionary, table nor pairs explain: add these first. Of dev where there is one."""
    from lowres.adapter import read_glosser

    glosser = read_glosser(run.folder / ADAPT.name / "adapter") or Glosser()
    seen = {fold(word.form) for kept in read_kept(run.folder / SYNTHESIZE.name) for word in kept.words}
    seen |= {part for form in seen for part in form.split()}
    return unknown_words(test, lambda word: fold(word) in seen or bool(glosser.gloss(word)))


# --- what no intent covers


@dataclass(frozen=True, slots=True)
class _Domain:
    dev: list[Utterance]
    test: list[Utterance]


def _rejection(run: Run, system: System) -> Rejection | None:
    """In-domain dev and test against out-of-domain dev and test; the threshold is chosen on dev alone."""
    if run.recipe.out_of_domain is None:
        return None
    inside = _inside(run)
    outside = _outside(run, run.recipe.out_of_domain)
    sure = {name: [one.confidence for one in system(part)] for name, part in _parts(inside, outside).items()}
    threshold = choose_threshold(sure["in dev"], sure["out dev"])
    return reject(sure["in test"], sure["out test"], threshold)


def _parts(inside: _Domain, outside: _Domain) -> dict[str, list[Utterance]]:
    return {"in dev": inside.dev, "in test": inside.test, "out dev": outside.dev, "out test": outside.test}


def _inside(run: Run) -> _Domain:
    """The human dev part where there is one, else the synthetic utterances that training held out."""
    from lowres.adapter import held_out

    first = run.recipe.evaluate[0]
    dev = _dev(run, first)
    synthetic = [one.utterance for one in read_kept(run.folder / SYNTHESIZE.name) if held_out(one.utterance.id)]
    return _Domain(dev or synthetic, read_test(run, first))


def _dev(run: Run, reference: Reference) -> list[Utterance]:
    """The human dev part of what is tested on; empty where there is none, or where the test is not apart from it."""
    found = dev_of(run, reference)
    return [] if found in (None, reference) else read_test(run, found)


def _outside(run: Run, reference: Reference) -> _Domain:
    """Dev and test as the data has them; data without both is halved by position."""
    everything = read_test(run, reference.model_copy(update={"partition": None}))
    dev = [one for one in everything if one.partition == "dev"]
    test = [one for one in everything if one.partition == "test"]
    return _Domain(dev, test) if dev and test else _Domain(everything[::2], everything[1::2])


EVALUATE = Stage(name="evaluate", inputs=_evaluate_inputs, work=_evaluate, after=(SYNTHESIZE, ADAPT, CONTROL, SKYLINE))
