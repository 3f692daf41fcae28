"""What each rule of a recipe adds: closeness to human translations as the list of rules grows one by one.

    LOWRES_MIRROR=../shared/data python benchmarks/ablation.py recipes/swh-massive.yaml
    LOWRES_MIRROR=../shared/data python benchmarks/ablation.py recipes/swh-massive.yaml --rules word_for_word,order

Dev utterances are rendered once by each set of rules and compared with what people said: F1 of words and of pairs of
neighbouring words over whole utterances (see closeness.py), F1 of the words inside of slots, and the share of
utterances that are rejected. No training; needs a source whose utterance ids are parallel to the target's.
"""

import argparse
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from _measure import CHOICE, open_recipe
from closeness import f1, grams

from lowres.evaluation.markdown import table
from lowres.pair import Pair, Rejected, read_pair, render
from lowres.rules import Resources, load_rules
from lowres.sources import read_utterances
from lowres.stages.data import read_resources
from lowres.synthesis import apply
from lowres.text import fold, words
from lowres.utterance import Utterance

Totals = tuple[int, int, int]  # shared, ours, theirs


def rendered(pair: Pair, rules, resources: Resources, locale: str) -> Utterance | None:
    """The first variant of a pair; None where it is rejected."""
    try:
        done = apply(rules, pair, resources, random.Random(f"13:{pair.utterance.id}:0"))
        return render(done, id=pair.utterance.id, locale=locale)
    except Rejected:
        return None


def slot_words(utterance: Utterance) -> Counter:
    """(slot name, folded word) of all words inside of slots."""
    return Counter((slot.name, word) for slot in utterance.slots for word in words(fold(utterance.slot_text(slot))))


def close(made: Sequence[Utterance], human: Mapping[str, Utterance]) -> list[float]:
    """F1 of words, of word pairs, and of words inside of slots, in percent."""
    pairs = [(one, human[one.id]) for one in made]
    measures = (lambda u: grams(u.text, 1), lambda u: grams(u.text, 2), slot_words)
    return [percent_f1([f1(measure(a), measure(b)) for a, b in pairs]) for measure in measures]


def percent_f1(totals: Sequence[Totals]) -> float:
    shared, ours, theirs = (sum(column) for column in zip((0, 0, 0), *totals, strict=True))
    return 200 * shared / max(1, ours + theirs)


def figures(scores: Sequence[float], before: Sequence[float] | None) -> list[str]:
    """Each score, and what changed since the rule before."""
    if before is None:
        return [f"{now:.1f}" for now in scores]
    return [f"{now:.1f} ({now - then:+.1f})" for now, then in zip(scores, before, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe", help=CHOICE)
    parser.add_argument("--rules", help="rules instead of the recipe's, separated by commas")
    parser.add_argument("--limit", type=int, help="dev utterances, the first of the file; all where not given")
    options = parser.parse_args()
    run = open_recipe(options.recipe)
    recipe, folder = run.recipe, run.file.folder
    names = options.rules.split(",") if options.rules else list(recipe.synthesize.rules)
    rules, resources = load_rules(names, folder), read_resources(run)
    pairs = [read_pair(one) for one in dev(recipe.source, folder)[: options.limit]]
    human = {one.id: one for one in dev(recipe.evaluate[0], folder)}
    rows, before = [], None
    for size, name in enumerate(names, 1):
        made = [one for one in (rendered(pair, rules[:size], resources, run.file.locale) for pair in pairs) if one]
        scores = close(made, human)
        rows.append([f"+ {name}" if before else name, *figures(scores, before), f"{1 - len(made) / len(pairs):.1%}"])
        before = scores
    print(f"{recipe.name}: {len(pairs):,} dev utterances; F1 in percent, in brackets the change that the rule brings\n")
    print("\n".join(table(["rules", "words", "word pairs", "words in slots", "rejected"], rows)).rstrip())


def dev(reference, folder: Path) -> list[Utterance]:
    """The dev part of a reference."""
    return read_utterances(reference.model_copy(update={"partition": "dev"}), folder)


if __name__ == "__main__":
    main()
