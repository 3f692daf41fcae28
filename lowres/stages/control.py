"""Stage `control`: what a recipe must beat, trained on the same dictionaries with the same steps."""

from pathlib import Path
from typing import Any

from lowres.recipe import Adapt, Control, Recipe
from lowres.run import Run, Stage
from lowres.sources import digest
from lowres.stages.adapt import human_inputs, train_adapter
from lowres.stages.data import base_digest, read_source, test_digests, test_texts
from lowres.stages.synthesize import make_pairs, synthesize_inputs
from lowres.text import fold
from lowres.utterance import Utterance

PAIRS_FOLDER, TRAINED, SOURCE = "pairs", "trained", "source"


def _control_inputs(run: Run) -> dict[str, Any]:
    control, recipe = run.recipe.control, run.recipe
    shared = {"adapt": recipe.adapt.model_dump(mode="json"), "base": base_digest(run), "test": test_digests(run)} | human_inputs(run)
    if control is None:
        return {"control": None, "source": digest(recipe.source, run.file.folder, run.mirror), **shared}
    return {"control": control.model_dump(mode="json"), **shared, **synthesize_inputs(run, control.rules)}


def control_settings(recipe: Recipe, control: Control) -> Adapt:
    """The adapter's settings with the control's own learning rate and reading of glosses."""
    return recipe.adapt.model_copy(update={"learning_rate": control.learning_rate, "gloss": control.gloss, "new_words": 0})


def _control(run: Run, folder: Path) -> None:
    """`word_for_word`: its own pairs and adapter; `source`: the model of the source language where the base has none."""
    from lowres.model import base_labels, collect_labels

    control = run.recipe.control
    if control is not None:
        pairs = folder / PAIRS_FOLDER
        if not (pairs / "report.md").is_file():  # written last
            pairs.mkdir(exist_ok=True)
            make_pairs(run, pairs, control.rules)
        work = folder / TRAINED
        work.mkdir(exist_ok=True)
        train_adapter(run, pairs, work, control_settings(run.recipe, control))
    source = read_source(run)
    if not base_labels(run.recipe.adapt.base, run.file.folder).covers(collect_labels(source)):
        _train_source(run, source, folder / SOURCE)


def _train_source(run: Run, source: list[Utterance], folder: Path) -> None:
    from lowres.adapter import SETTINGS_FILE, adapt
    from lowres.fitting import CHECKPOINT
    from lowres.progress import training_bar

    if (folder / "adapter" / SETTINGS_FILE).is_file():
        return
    folder.mkdir(exist_ok=True)
    test = test_texts(run)
    settings = run.recipe.adapt.model_copy(update={"source_share": 0.0, "gloss": False, "new_words": 0})
    with training_bar("source") as on_progress:
        adapt([one for one in source if fold(one.text) not in test], (), settings, folder,
              base_from=run.file.folder, on_progress=on_progress)  # fmt: skip
    (folder / CHECKPOINT).unlink(missing_ok=True)


CONTROL = Stage(name="control", inputs=_control_inputs, work=_control, on_demand=True)
