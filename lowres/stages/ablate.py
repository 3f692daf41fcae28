"""`lowres ablate`: a recipe with each of its rules left out, scored on the human dev part; never on test.

Every row is a run of its own in `<run>/ablate/<row>-<seed>/`, made by the stages that make any run, so it is resumed and
kept like one. All rows train for the same number of steps.
"""

import json as json_module
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from lowres.catalog import Reference
from lowres.errors import LowresError, nearest
from lowres.evaluation import (
    Counts,
    Interval,
    SystemScores,
    count,
    mean_counts,
    proportion,
    proportion_difference,
    read_predictions,
    score,
    score_difference,
    write_predictions,
)
from lowres.evaluation.markdown import difference, each_score, percent, plain, table
from lowres.evaluation.scores import SCORES
from lowres.fluency import spoken
from lowres.rules import load_rules
from lowres.run import Run, Stage, copy_recipe, do_stage, write_whole
from lowres.stages.adapt import ADAPT
from lowres.stages.data import dev_of, partitions, read_resources, read_source, read_test, test_digests
from lowres.stages.evaluate import PREDICTIONS
from lowres.stages.synthesize import SYNTHESIZE, NothingKept, synthesize_inputs
from lowres.stages.systems import answer, read_adapter_system
from lowres.synthesis import synthesize
from lowres.tally import Tally
from lowres.utterance import Utterance

ALL, FOLDER, REPORT = "all", "ablate", "report.json"
TOGETHER = "+"  # between rules that a row leaves out together


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to leave out (every rule where none is named; "a+b": both together), and how long each row is trained."""

    rules: tuple[str, ...] = ()
    epochs: int = 1
    variants: int = 1
    limit: int | None = None  # source utterances
    seeds: int = 1
    closeness_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The recipe without one rule ('all': with every rule); `loss` is this row minus 'all', paired, None in 'all'.

    `closeness` is the share of the words of human dev translations that the synthetic ones hold; None where the
    utterances of source and target share no ids. `note`: why there is no score.
    """

    name: str
    scores: SystemScores | None = None
    loss: SystemScores | None = None
    closeness: Interval | None = None
    closeness_loss: Interval | None = None
    note: str = ""


def ablate(run: Run, plan: Plan, on_row: Callable[[int, int, str], None] = lambda done, total, name: None) -> list[Row]:
    """All rows, 'all' first; `on_row` is told (rows done, rows in all, name) before each row of each seed."""
    names = [ALL, *_left_out(run, plan.rules)]
    dev = _dev(run)
    run.folder.mkdir(parents=True, exist_ok=True)
    copy_recipe(run)  # so that the folder is known as this recipe's run
    made: dict[str, list[Run]] = {name: [] for name in names}
    notes: dict[str, str] = {}
    for i, (seed, name) in enumerate((seed, name) for seed in range(plan.seeds) for name in names):
        on_row(i, len(names) * plan.seeds, name)
        row = _row_run(run, plan, name, seed, dev)
        try:
            _make(row, plan)
        except NothingKept as error:
            if name == ALL:
                raise
            notes[name] = error.found
        made[name].append(row)
    rows = _rows(made, notes, plan)
    values = json_module.dumps(format_ablation(run, plan, dev, rows), indent=1, ensure_ascii=False)
    write_whole(run.folder / FOLDER / REPORT, values + "\n")
    write_whole(run.folder / FOLDER / "report.md", render_ablation(run, plan, dev, rows))
    return rows


def print_ablation(run: Run, plan: Plan, rows: Sequence[Row], *, json: bool = False) -> None:
    """Print the table as Markdown, or as JSON."""
    dev = _dev(run)
    values = format_ablation(run, plan, dev, rows)
    print(json_module.dumps(values, indent=1, ensure_ascii=False) if json else render_ablation(run, plan, dev, rows))


def _left_out(run: Run, names: Sequence[str]) -> list[str]:
    known = list(dict.fromkeys(run.recipe.synthesize.rules))
    for name in [one for row in names for one in row.split(TOGETHER)]:
        if name not in known:
            raise LowresError("ablate --rules", f"no rule '{name}' in {run.recipe.name}", nearest(name, known))
    return list(dict.fromkeys(names)) or known


def _dev(run: Run) -> Reference:
    """The dev part of what the recipe is tested on; refused where there is none: rules are not chosen on test."""
    found = dev_of(run, run.recipe.evaluate[0]) if run.recipe.evaluate else None
    if found is None:
        where = run.file.document.where("evaluate")
        raise LowresError(where, "no human dev utterances", "a data set with a dev part: rules are not chosen on test")
    return found


def _row_run(run: Run, plan: Plan, name: str, seed: int, dev: Reference) -> Run:
    """The run of a row: the recipe with other rules, trained shortly, tested on dev."""
    recipe = run.recipe
    rules = tuple(rule for rule in recipe.synthesize.rules if rule not in name.split(TOGETHER))
    n_source = min(plan.limit or math.inf, len(read_source(run)))
    steps = math.ceil(n_source * plan.variants / recipe.adapt.batch_size)
    changed = recipe.model_copy(update={
        "synthesize": recipe.synthesize.model_copy(update={
            "rules": rules, "variants": plan.variants, "seed": recipe.synthesize.seed + seed}),
        "adapt": recipe.adapt.model_copy(update={"epochs": plan.epochs, "steps": steps, "seed": recipe.adapt.seed + seed}),
        "evaluate": (dev,), "control": None, "skyline": None, "out_of_domain": None,
    })  # fmt: skip
    folder = run.folder / FOLDER / f"{name}-{recipe.adapt.seed + seed}"
    return Run(file=replace(run.file, recipe=changed), folder=folder, mirror=run.mirror, jobs=run.jobs, limit=plan.limit)


def _make(row: Run, plan: Plan) -> None:
    do_stage(replace(row, limit=None), CLOSENESS)
    if not plan.closeness_only:
        for stage in (SYNTHESIZE, ADAPT, SCORE):
            do_stage(row, stage)


def _score(run: Run, folder: Path) -> None:
    system = read_adapter_system(run)
    write_predictions(folder / PREDICTIONS, answer(system, read_test(run, run.recipe.evaluate[0])))


SCORE = Stage(name="score", inputs=lambda run: {"test": test_digests(run)}, work=_score, after=(SYNTHESIZE, ADAPT))


def _closeness(run: Run, folder: Path) -> None:
    """Per human utterance of dev: its words, and how many of them its synthetic counterpart holds."""
    reference = run.recipe.evaluate[0]
    human = {one.id: spoken(one.text) for one in read_test(run, reference)}
    ours = {id: spoken(text) for id, text in _rendered(run, [one for one in _dev_source(run) if one.id in human])}
    if ours:
        counts = [[id, (Counter(ours.get(id, ())) & Counter(words)).total(), len(words)] for id, words in human.items()]
    write_whole(folder / REPORT, json_module.dumps(counts if ours else []) + "\n")


def _dev_source(run: Run) -> list[Utterance]:
    """The source's dev part where it has one, else what is trained on."""
    source = run.recipe.source
    has_dev = source.partition is not None and "dev" in partitions(source, run.file.folder, run.mirror)
    return read_test(run, source.model_copy(update={"partition": "dev"})) if has_dev else read_source(run)


def _rendered(run: Run, source: Sequence[Utterance]) -> list[tuple[str, str]]:
    """(source id, target text) of the first variant of each utterance that is not rejected."""
    rules, settings = load_rules(run.recipe.synthesize.rules, run.file.folder), run.recipe.synthesize
    kept = synthesize(
        source, rules, read_resources(run), locale=run.file.locale, variants=1, min_coverage=0.0, seed=settings.seed,
        tally=Tally(),
    )  # fmt: skip
    return [(one.utterance.id.rpartition(":")[0], one.utterance.text) for one in kept]


CLOSENESS = Stage(name="closeness", inputs=lambda run: {**synthesize_inputs(run), "test": test_digests(run)}, work=_closeness)


def _rows(made: dict[str, list[Run]], notes: dict[str, str], plan: Plan) -> list[Row]:
    trained = {name: None if plan.closeness_only or name in notes else _counts(runs) for name, runs in made.items()}
    found = {name: runs[0].folder / CLOSENESS.name / REPORT for name, runs in made.items()}
    close = {name: json_module.loads(path.read_text(encoding="utf-8")) for name, path in found.items()}
    return [_row(name, trained, close, notes.get(name, "")) for name in made]


def _counts(runs: Sequence[Run]) -> Counts:
    """The counts of a row, means over its seeds."""
    return mean_counts([count(read_predictions(run.folder / SCORE.name / PREDICTIONS)) for run in runs])


def _row(name: str, trained: dict[str, Counts | None], close: dict[str, list], note: str) -> Row:
    counts, whole = trained[name], trained[ALL]
    shared, whole_shared = ([n for _, n, _ in close[key]] for key in (name, ALL))
    totals = [n for *_, n in close[ALL]]
    near, other = bool(shared), name != ALL
    return Row(
        name=name,
        scores=score(counts) if counts else None,
        loss=score_difference(whole, counts) if counts and whole and other else None,
        closeness=proportion(shared, totals) if near else None,
        closeness_loss=proportion_difference(whole_shared, shared, totals) if near and other else None,
        note=note or ("" if near else "source and human utterances share no ids"),
    )


def format_ablation(run: Run, plan: Plan, dev: Reference, rows: Sequence[Row]) -> dict[str, Any]:
    """The table as plain values."""
    return {"recipe": run.recipe.name, "version": run.recipe.version, "test": dev.model_dump(mode="json", exclude_none=True),
            "plan": asdict(plan), "rows": [asdict(row) for row in rows]}  # fmt: skip


def render_ablation(run: Run, plan: Plan, dev: Reference, rows: Sequence[Row]) -> str:
    """The table in Markdown: scores of the full list, then what each rule is worth (the full list minus the list without it)."""
    trained = any(row.scores for row in rows)
    where = f"{dev.dataset or dev.path} {dev.locale or ''} {dev.partition or ''}"
    lines = [f"# Ablation: {plain(run.recipe.name)}", "", f"On {plain(where)}, percent with 95 % paired bootstrap intervals. "
             f"{_training(run, plan) if trained else 'Nothing was trained.'}", "",
             "A row is the list without that rule, minus the full list: below 0 the rule pays for itself.", ""]
    head = ["rules", *(SCORES.values() if trained else ()), "words of human translations found", ""]
    return "\n".join([*lines, *table(head, [_cells(row, trained) for row in rows])])


def _training(run: Run, plan: Plan) -> str:
    amount = f"{plan.limit:,}" if plan.limit else "all"
    return (f"Each row trained on {plan.variants} variant(s) of {amount} source utterances, {plan.epochs} epoch(s), "
            f"the same number of steps, {plan.seeds} seed(s).")  # fmt: skip


def _cells(row: Row, trained: bool) -> list[str]:
    scores, close = row.scores, row.closeness
    if row.name != ALL:
        scores, close = row.loss, row.closeness_loss
    show = percent if row.name == ALL else difference
    cells = [show(one) for one in each_score(scores)] if scores else ["–"] * 3
    name = row.name if row.name == ALL else f"without {row.name}"
    return [plain(name), *(cells if trained else ()), show(close) if close else "–", plain(row.note)]
