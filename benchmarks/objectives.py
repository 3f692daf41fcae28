"""What each objective of a pretraining adds: trained with all of them, and with one changed at a time, scored on dev.

    python benchmarks/objectives.py resources/models/lowres-mini.yaml --base lowres-mini --steps 300 --mirror ../shared/data

By default every kind of example that the config gives a weight is left out in turn. A change of one's own is a key under
`training` with its value, or several separated by commas: --change losses.language=-0.1 --change weights.text=0,weights.verses=0.
Everything is read and tokenized once; every row is trained from the same weights with each seed. The scores are of the
base's own labels, likeliest per word, on the dev part of locales of MASSIVE; translations found are centred, of the
first 500 dev utterances against the source's. In brackets the least and the greatest over seeds. Tests are not read.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from _measure import core_seconds

from lowres.evaluation import answers, count, score
from lowres.evaluation.markdown import table
from lowres.pretraining.config import DEVELOPMENT_LOCALES, PretrainConfig, read_pretrain_config
from lowres.utterance import Utterance

SOURCE, AS_IT_IS = "en-US", "all"
Dev = dict[str, list[Utterance]]


@dataclass(frozen=True, slots=True)
class Found:
    """Of one training, in percent: exact match on the source and as a mean over the other locales, translations found there."""

    source: float
    others: float
    translations: float
    core_minutes: float


def changed(config: PretrainConfig, change: str, steps: int, seed: int) -> PretrainConfig:
    """The config with some keys of `training` changed."""
    training = config.training.model_dump() | {"steps": steps, "warmup": min(config.training.warmup, steps // 10), "checkpoint_every": steps}
    for part in filter(None, change.split(",")):
        key, _, value = part.partition("=")
        section, _, name = key.rpartition(".")
        into = training.get(section, {}) if section else training
        if name not in into:
            raise SystemExit(f"--change {change}: no key '{key}' under training")
        try:
            into[name] = json.loads(value)
        except ValueError:
            raise SystemExit(f"--change {change}: '{value}' is no value; a number") from None
    return PretrainConfig.model_validate(config.model_dump(exclude_unset=True) | {"training": training, "seed": seed})


def default_changes(config: PretrainConfig) -> list[str]:
    """Every kind that has a weight, left out."""
    return [f"weights.{kind}=0" for kind, weight in config.training.weights if weight]


def measure(trained, dev: Dev) -> Found:
    """Scores of a training's weights on dev utterances."""
    from lowres.probing import retrieval, sentence_vectors
    from lowres.reading import Reader, predict

    reader = Reader(trained.loop.best.labelled, trained.reader, trained.labels)
    exact = {locale: 100 * score(count(answers(rows, predict(reader, rows)))).exact_match.value for locale, rows in dev.items()}
    vectors = {locale: sentence_vectors(reader, [one.text for one in rows[:500]])[-1] for locale, rows in dev.items()}
    others = [locale for locale in dev if locale != SOURCE]
    found = [100 * retrieval(vectors[locale], vectors[SOURCE]).centred.value for locale in others]
    return Found(exact[SOURCE], _mean([exact[locale] for locale in others]), _mean(found), 0.0)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def row(name: str, found: Sequence[Found], whole: Sequence[Found]) -> list[str]:
    """One line of the table."""
    cells = [name]
    for part in ("others", "source", "translations"):
        mine, theirs = ([getattr(one, part) for one in some] for some in (found, whole))
        cells.append(f"{_mean(mine):.1f} ({min(mine):.1f} to {max(mine):.1f})")
        cells.append("" if found is whole else f"{_mean(mine) - _mean(theirs):+.1f}")
    return [*cells, f"{_mean([one.core_minutes for one in found]):.1f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path)
    parser.add_argument("--base", default="", help="begin at its weights; a name or a folder")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--seed", type=int, action="append", default=[])
    parser.add_argument("--change", action="append", default=[], help="key=value[,key=value]; may be given several times")
    parser.add_argument("--locale", action="append", default=[], help="of MASSIVE; by default those that are kept for measuring")
    parser.add_argument("--mirror", type=Path)
    options = parser.parse_args()
    config = read_pretrain_config(options.config)
    changes, seeds = options.change or default_changes(config), options.seed or [13, 14]
    variants = {name: [changed(config, name.removeprefix(AS_IT_IS), options.steps, seed) for seed in seeds] for name in (AS_IT_IS, *changes)}
    head = ["training", "other locales: exact match", "", f"{SOURCE}: exact match", "", "translations found", "", "core minutes"]
    rows = []
    for one in run(config, variants, options):
        rows.append(row(*one))
        print(" | ".join(rows[-1]), file=sys.stderr, flush=True)  # hours lie between the rows
    print(f"{config.name}, {options.steps} steps, seeds {', '.join(map(str, seeds))}, dev\n")
    print("\n".join(table(head, rows)).rstrip())


def run(config: PretrainConfig, variants: dict[str, list[PretrainConfig]], options: argparse.Namespace):
    """Yields (name, what was found with each seed, what was found with all objectives)."""
    from dataclasses import replace

    from lowres.catalog import Reference
    from lowres.model import base_folder
    from lowres.pretraining.corpus import read_material
    from lowres.pretraining.training import learn, prepare, tokenizer_lines
    from lowres.sources import read_utterances

    silent, data_from = (lambda *_: None), options.config.parent
    base = Path(base_folder(options.base)) if options.base else None
    locales = (SOURCE, *(options.locale or DEVELOPMENT_LOCALES))
    dev = {one: read_utterances(Reference(dataset="massive", locale=one, partition="dev"), Path(), options.mirror) for one in locales}
    sounds = max(one.training.losses.sound for configs in variants.values() for one in configs)
    losses = config.training.losses.model_copy(update={"sound": sounds})
    heard = config.model_copy(update={"training": config.training.model_copy(update={"losses": losses})})
    material = read_material(config.data, data_from, options.mirror, silent)
    with tempfile.TemporaryDirectory() as work:
        lines = tokenizer_lines(config, material, data_from, options.mirror, silent)
        prepared = prepare(heard, material, lines, Path(work), base, silent)
        whole: list[Found] = []
        for name, configs in variants.items():
            found = []
            for number, one in enumerate(configs):
                place = Path(work) / f"{name}-{number}"
                place.mkdir()
                trained: list = []
                spent = core_seconds(lambda one=one, place=place, trained=trained: trained.append(learn(one, prepared, place, base, silent)))
                found.append(replace(measure(trained[0], dev), core_minutes=spent / 60))
            whole = whole or found
            yield name, found, whole


if __name__ == "__main__":
    main()
