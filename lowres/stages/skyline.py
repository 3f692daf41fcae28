"""Stage `skyline`: the ceiling, the same base trained as long on human utterances of the language. Nothing else reads them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from lowres.recipe import Adapt, Recipe
from lowres.run import Run, Stage
from lowres.sources import digest
from lowres.stages.adapt import train_on
from lowres.stages.data import base_digest, lexicon_inputs, read_test, test_digests, test_texts
from lowres.text import fold


def _skyline_inputs(run: Run) -> dict[str, Any]:
    recipe = run.recipe
    if recipe.skyline is None:
        return {"skyline": None}
    inputs = {"adapt": skyline_settings(recipe).model_dump(mode="json"), "base": base_digest(run), "test": test_digests(run)}
    return inputs | {"human": digest(recipe.skyline, run.file.folder, run.mirror)} | lexicon_inputs(run)


def skyline_settings(recipe: Recipe) -> Adapt:
    """The adapter's settings, with as many passes over one utterance as the adapter makes over its variants."""
    return recipe.adapt.model_copy(update={"epochs": recipe.adapt.epochs * recipe.synthesize.variants})


def _skyline(run: Run, folder: Path) -> None:
    if run.recipe.skyline is None:
        return
    human, test = read_test(run, run.recipe.skyline), test_texts(run)
    target = [replace(one, id=f"{one.id}:human") for one in human if fold(one.text) not in test]
    train_on(run, target, folder, skyline_settings(run.recipe), n_dropped=len(human) - len(target))


SKYLINE = Stage(name="skyline", inputs=_skyline_inputs, work=_skyline, on_demand=True)
