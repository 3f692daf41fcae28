"""What an option of `adapt` adds: one adapter per option, from the same pairs and seed, on human dev utterances.

    LOWRES_MIRROR=../shared/data python benchmarks/adapt_options.py swh-massive --option gloss=beside --option new_words=2000

An option is a key of the recipe's `adapt` section with its value, or several separated by commas: remember=1,source_share=0.5,
lora.r=4.
Each adapter trains for one epoch on one pair per source utterance, which takes a minute or two; --epochs and --variants
ask for more. The table holds the three scores, the paired difference of exact match to the recipe as it is (95 %
bootstrap interval), the calibration error, which share of the source's dev utterances is lost and won against the base,
and core minutes of training. No test utterance is read but to keep its text out of training.
"""

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from _measure import CHOICE, core_seconds, open_recipe
from pydantic import ValidationError

from lowres.evaluation import SCORES, Answer, answers, calibrate, count, flips, score, score_difference
from lowres.evaluation.markdown import difference, each_score, percent, table
from lowres.recipe import Adapt
from lowres.run import Run
from lowres.stages.adapt import train_adapter
from lowres.stages.data import partitions, read_test
from lowres.stages.synthesize import make_pairs
from lowres.stages.systems import answer, source_system
from lowres.utterance import Utterance

AS_IT_IS = "the recipe"
Answers = tuple[list[Answer], list[Answer]]  # on the target's dev utterances, on the source's


def parse_option(text: str) -> dict[str, object]:
    """Settings of a text such as "gloss=beside,remember=1"; values are JSON, or words as they stand."""
    found: dict[str, object] = {}
    for part in text.split(","):
        key, _, value = part.partition("=")
        section, _, inner = key.rpartition(".")
        into = found.setdefault(section, {}) if section else found
        try:
            into[inner] = json.loads(value)
        except ValueError:
            into[inner] = value
    return found


def changed(adapt: Adapt, chosen: dict[str, object]) -> Adapt:
    """The settings with some changed; of a section only those that are named."""
    own = adapt.model_dump()
    return Adapt.model_validate(own | {key: own[key] | new if isinstance(new, dict) else new for key, new in chosen.items()})


def one_epoch(run: Run, variants: int, epochs: int) -> Run:
    """The run with fewer pairs and passes."""
    recipe = run.recipe
    synthesize = recipe.synthesize.model_copy(update={"variants": variants})
    adapt = recipe.adapt.model_copy(update={"epochs": epochs})
    changed = recipe.model_copy(update={"synthesize": synthesize, "adapt": adapt})
    return replace(run, file=replace(run.file, recipe=changed))


def trained(run: Run, pairs: Path, folder: Path, settings: Adapt, dev: Sequence[Utterance], source: Sequence[Utterance]):
    """What an adapter of these settings answers, and the core seconds of its training."""
    from lowres.adapter import read_adapter
    from lowres.reading import predict

    folder.mkdir()
    spent = core_seconds(lambda: train_adapter(run, pairs, folder, settings))
    reader = read_adapter(folder / "adapter", base_from=run.file.folder)
    return (answers(dev, predict(reader, dev)), answers(source, predict(reader, source)) if source else []), spent


def row(name: str, found: Answers, whole: Answers, base: list[Answer], spent: float) -> list[str]:
    """One line of the table."""
    mine, theirs = count(found[0]), count(whole[0])
    gain = "" if found is whole else difference(score_difference(theirs, mine).exact_match)
    error = calibrate([one.confidence for one in found[0]], mine.exact).error
    changed = flips(base, found[1]) if base else None
    lost = [percent(changed.negative), percent(changed.positive)] if changed else ["not measured"] * 2
    return [name, *map(percent, each_score(score(mine))), gain, f"{error:.3f}", *lost, f"{spent / 60:.1f}"]


def measure(run: Run, options: Sequence[str], work: Path, partition: str) -> list[list[str]]:
    """The table's rows: the recipe as it is, then each option."""
    make_pairs(run, work, run.recipe.synthesize.rules)
    dev = _part(run, run.recipe.evaluate[0], partition)
    source = _source_part(run, partition)
    base = _base(run, source)
    rows, whole = [], None
    for i, name in enumerate([AS_IT_IS, *options]):
        chosen = {} if i == 0 else parse_option(name)
        settings = changed(run.recipe.adapt, chosen)
        found, spent = trained(run, work, work / str(i), settings, dev, source)
        whole = whole or found
        rows.append(row(name, found, whole, base, spent))
    return rows


def _part(run: Run, reference, partition: str) -> list[Utterance]:
    return read_test(run, reference.model_copy(update={"partition": partition}))


def _source_part(run: Run, partition: str) -> list[Utterance]:
    """The source's utterances of that part; none where it has no such part, or trains on it."""
    reference = run.recipe.source
    if reference.partition in (None, partition) or partition not in partitions(reference, run.file.folder, run.mirror):
        return []
    return _part(run, reference, partition)


def _base(run: Run, source: Sequence[Utterance]) -> list[Answer]:
    """The base's answers on the source's utterances; none where it has no heads for these labels."""
    from lowres.model import base_labels, collect_labels

    known = source and base_labels(run.recipe.adapt.base, run.file.folder).covers(collect_labels(source))
    return answer(source_system(run), source) if known else []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe", help=CHOICE)
    parser.add_argument("--option", action="append", default=[], help="key=value[,key=value]; may be given several times")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--variants", type=int, default=1, help="pairs per source utterance")
    parser.add_argument("--partition", default="dev", help="human utterances to choose on; not the test part")
    options = parser.parse_args()
    run = one_epoch(open_recipe(options.recipe), options.variants, options.epochs)
    _check(options.option, run.recipe.adapt, parser.error)
    with tempfile.TemporaryDirectory() as work:
        rows = measure(run, options.option, Path(work), options.partition)
    head = ["adapt", *SCORES.values(), "exact match gained", "calibration error", "source lost", "source won", "core minutes"]
    print(f"{run.recipe.name}: {options.variants} variant, {options.epochs} epoch, {run.file.locale} {options.partition}\n")
    print("\n".join(table(head, rows)).rstrip())


def _check(options: Sequence[str], adapt: Adapt, refuse: Callable[[str], object]) -> None:
    """Refuse a setting that `adapt` does not have before anything is trained."""
    for text in options:
        try:
            changed(adapt, parse_option(text))
        except KeyError as error:
            refuse(f"--option {text}: adapt has no {error}")
        except ValidationError as error:
            refuse(f"--option {text}: {error.errors()[0]['msg']}")


if __name__ == "__main__":
    main()
