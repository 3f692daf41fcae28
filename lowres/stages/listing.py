"""`lowres list` and `lowres schema`: what there is to name in a recipe."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from lowres.errors import LowresError, nearest
from lowres.resources import bundled_folder, resources_folder


def listing(what: str, runs: Path) -> str:
    """A line for each language, recipe, data set, format, rule, base or run; adapters are `lowres.registry`'s."""
    kinds: dict[str, Callable[[], Iterable[str]]] = {
        "languages": _languages, "recipes": _recipes, "datasets": _datasets, "formats": _formats,
        "rules": _rules, "bases": _bases, "runs": lambda: _runs(runs),
    }  # fmt: skip
    if what not in kinds:
        raise LowresError("list", f"no kind '{what}'", nearest(what, kinds))
    return "\n".join(kinds[what]())


def _languages() -> Iterable[str]:
    from lowres.language import read_card

    for path in sorted((resources_folder() / "languages").glob("*/card.yaml")):
        card = read_card(path)
        yield f"{card.iso639_3}\t{card.bcp47}\t{card.script}\t{card.name}"


def _recipes() -> Iterable[str]:
    for path in sorted({*bundled_folder("recipes").glob("*.yaml"), *Path("recipes").glob("*.yaml")}, key=lambda p: p.name):
        lines = path.read_text(encoding="utf-8").splitlines()
        yield f"{path.stem}\t{lines[0].lstrip('# ') if lines else ''}"


def _datasets() -> Iterable[str]:
    from lowres.catalog import read_catalog

    for one in read_catalog().values():
        yield f"{one.name}\t{one.kind}\t{one.licence}\t{' '.join(one.languages)}"


def _formats() -> Iterable[str]:
    from lowres.formats import LEXICONS, PARADIGMS, TEXTS, UTTERANCES

    for kind, readers in {"utterances": UTTERANCES, "lexicon": LEXICONS, "paradigms": PARADIGMS, "text": TEXTS}.items():
        for name, reader in readers.items():
            yield f"{name}\t{kind}\t{_first(reader)}"


def _rules() -> Iterable[str]:
    from lowres.rules import BUILT_IN, module_rules

    for name, rule in BUILT_IN.items():
        yield f"{name}\t{_first(rule)}"
    for path in sorted(bundled_folder("recipes").glob("*.py")):
        for name, rule in module_rules(path).items():
            yield f"{name}\t{_first(rule)}"


def _first(function) -> str:
    return (function.__doc__ or "").strip().splitlines()[0] if function.__doc__ else ""


def _bases() -> Iterable[str]:
    for path in sorted((resources_folder() / "models").glob("*/config.json")):
        yield path.parent.name


def _runs(runs: Path) -> Iterable[str]:
    from lowres.run import read_stamp

    for path in sorted(runs.glob("*/recipe.yaml")):
        stages = [stage for stage in ("synthesize", "adapt", "control", "evaluate") if read_stamp(path.parent / stage)]
        yield f"{path.parent.name}\t{' '.join(stages) or 'nothing finished'}"


def schema_of(what: str) -> str:
    """The JSON Schema of a kind of settings file."""
    from lowres.recipe import recipe_schema

    if what == "recipe":
        return json.dumps(recipe_schema(), indent=1)
    from lowres.pretraining import DistilConfig, PretrainConfig

    models = {"pretrain": PretrainConfig, "distil": DistilConfig}
    if what not in models:
        raise LowresError("schema", f"no kind '{what}'", nearest(what, ("recipe", *models)))
    return json.dumps(models[what].model_json_schema(), indent=1)
