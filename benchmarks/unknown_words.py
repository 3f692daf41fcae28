"""What is gained by looking inside words that no dictionary has: one adapter, read with and without each way, on human dev utterances.

    LOWRES_MIRROR=../shared/data python benchmarks/unknown_words.py swh-massive cym-massive

The adapter is trained for one epoch on one pair per source utterance, as in adapt_options.py. Each row adds a way to find a gloss:
borders that change, English words that are heard in them, and roots at the side on which words do not grow. No test
utterance is read but to keep its text out of training.
"""

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from _measure import CHOICE, open_recipe
from adapt_options import one_epoch

from lowres.affixes import learn_affixes
from lowres.evaluation import SCORES, answers, count, score, score_difference
from lowres.evaluation.markdown import difference, each_score, percent, table
from lowres.gloss import Glosser
from lowres.run import Run
from lowres.stages.adapt import train_adapter
from lowres.stages.data import read_lexicon, read_test, read_vocabulary
from lowres.stages.synthesize import make_pairs
from lowres.text import words
from lowres.utterance import Utterance


def ways(glosser: Glosser, run: Run) -> Iterator[tuple[str, Glosser]]:
    """The glosser as it would be without the ways, with one, two, and all."""
    lexicon, paradigms = read_lexicon(run)
    plain = learn_affixes(paradigms, lexicon.glosses, read_vocabulary(run))
    yield "affixes, marks, parts", Glosser(glosser.glosses, plain)
    borders = replace(glosser.affixes, grows="")
    yield "and changed borders", Glosser(glosser.glosses, borders)
    yield "and loans", Glosser(glosser.glosses, borders, glosser.loans)
    yield "and roots", Glosser(glosser.glosses, glosser.affixes, glosser.loans)


def measure(run: Run, work: Path, partition: str) -> Iterator[list[str]]:
    """The rows of one recipe."""
    from lowres.adapter import read_adapter
    from lowres.reading import predict

    make_pairs(run, work, run.recipe.synthesize.rules)
    train_adapter(run, work, work, run.recipe.adapt)
    reader = read_adapter(work / "adapter", base_from=run.file.folder)
    dev = read_test(run, run.recipe.evaluate[0].model_copy(update={"partition": partition}))
    first = None
    for name, glosser in ways(reader.glosser, run):
        found = count(answers(dev, predict(replace(reader, glosser=glosser), dev)))
        gained = difference(score_difference(first, found).exact_match) if first else ""
        first = first or found
        yield [run.recipe.name, name, f"{100 * unknown(dev, glosser):.1f}", *map(percent, each_score(score(found))), gained]


def unknown(utterances: list[Utterance], glosser: Glosser) -> float:
    """The share of words without a gloss."""
    said = [word for one in utterances for word in words(one.text)]
    return sum(not glosser.gloss(word) for word in said) / max(1, len(said))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipes", nargs="+", help=CHOICE)
    parser.add_argument("--partition", default="dev", help="human utterances to choose on; not the test part")
    options = parser.parse_args()
    rows = []
    for name in options.recipes:
        with tempfile.TemporaryDirectory() as work:
            rows += measure(one_epoch(open_recipe(name), 1, 1), Path(work), options.partition)
    print("\n".join(table(["recipe", "what is looked for", "words without a gloss", *SCORES.values(), "gained"], rows)).rstrip())


if __name__ == "__main__":
    main()
