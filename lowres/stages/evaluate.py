"""Stage `evaluate`: the adapter and its controls on human utterances; predictions.jsonl, report.json, report.md, plots."""

from pathlib import Path
from typing import Any

from lowres.run import Run, Stage
from lowres.stages.adapt import ADAPT
from lowres.stages.control import CONTROL
from lowres.stages.data import read_test, test_digests


def _evaluate_inputs(run: Run) -> dict[str, Any]:
    recipe = run.recipe
    out = recipe.out_of_domain.model_dump(mode="json") if recipe.out_of_domain else None
    return {"evaluate": [one.model_dump(mode="json") for one in recipe.evaluate], "out_of_domain": out, "test": test_digests(run)}


def _evaluate(run: Run, folder: Path) -> None:
    from lowres.evaluation import count, score, write_predictions
    from lowres.stages.systems import answer, read_systems

    systems = read_systems(run)
    for reference in run.recipe.evaluate:
        test = read_test(run, reference)
        for name, system in systems.items():
            answered = answer(system, test)
            s = score(count(answered))
            print(name, *(f"{100 * x.value:.1f} ({100 * x.low:.1f}-{100 * x.high:.1f})" for x in (s.intent_accuracy, s.slot_f1, s.exact_match)))
            if name == "adapter":
                write_predictions(folder / "predictions.jsonl", answered)


EVALUATE = Stage(name="evaluate", inputs=_evaluate_inputs, work=_evaluate, after=(ADAPT, CONTROL))
