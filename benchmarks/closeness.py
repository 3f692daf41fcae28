"""How close synthesis comes to what people said: English dev utterances rendered by a recipe, against their human translations.

    LOWRES_MIRROR=../shared/data python benchmarks/closeness.py recipes/swh-massive.yaml --show 20

A quick guide while writing rules (seconds, no training): word and bigram F1, character F-score (sacrebleu's chrF where it
is installed), F1 of the words inside each kind of slot. Needs a source whose utterance ids are parallel to the target's.
Reads dev only.
"""

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from lowres.pair import Pair, Rejected, read_pair, render
from lowres.recipe import read_recipe
from lowres.rules import load_rules
from lowres.run import Run, open_run
from lowres.sources import read_utterances
from lowres.stages.data import read_resources
from lowres.synthesis import apply, draws
from lowres.text import fold, words
from lowres.utterance import Utterance

Rendered = tuple[Utterance, Pair, Utterance, Utterance]  # source, the pair made of it, its text, what a human said


def f1(ours: Counter, theirs: Counter) -> Counter:
    """Counts from which `percent` makes an F1."""
    return Counter(right=(ours & theirs).total(), ours=ours.total(), theirs=theirs.total())


def percent(counts: Counter) -> float:
    return 200 * counts["right"] / max(1, counts["ours"] + counts["theirs"])


def grams(text: str, n: int) -> Counter:
    found = fold(text).split()
    return Counter(zip(*(found[i:] for i in range(n)), strict=False))


def inside(utterance: Utterance, slot: str) -> Counter:
    """The words of all slots of that name."""
    return Counter(word for one in utterance.slots if one.name == slot for word in words(fold(utterance.slot_text(one))))


def rendered(run: Run, names: Sequence[str], rejected: Counter) -> Iterator[Rendered]:
    """The source's dev utterances by the rules `names`, beside their human translations."""
    recipe, folder = run.recipe, run.file.folder
    rules, resources = load_rules(names, folder), read_resources(run)
    target = recipe.evaluate[0].model_copy(update={"partition": "dev"})
    human = {one.id: one for one in read_utterances(target, folder)}
    for one in read_utterances(recipe.source.model_copy(update={"partition": "dev"}), folder):
        try:
            pair = apply(rules, read_pair(one, resources.tagger), resources, draws(13, f"{one.id}:0"))
            yield one, pair, render(pair, id=one.id, locale=target.locale or "und"), human[one.id]
        except Rejected as error:
            rejected[error.reason] += 1


def print_scores(rows: Sequence[Rendered], rejected: Counter) -> None:
    """Words, bigrams, characters, and the words inside each kind of slot."""
    sums: dict[int, Counter] = {n: Counter() for n in (1, 2)}
    slots: dict[str, Counter] = defaultdict(Counter)
    for _, _, made, meant in rows:
        for n, counts in sums.items():
            counts.update(f1(grams(made.text, n), grams(meant.text, n)))
        for name in {slot.name for slot in (*made.slots, *meant.slots)}:
            slots[name].update(f1(inside(made, name), inside(meant, name)))
    ours, theirs = (sums[1][side] / len(rows) for side in ("ours", "theirs"))
    print(f"word F1 {percent(sums[1]):.1f}, bigram F1 {percent(sums[2]):.1f}, words per utterance ours {ours:.2f} "
          f"theirs {theirs:.2f}, rejected {dict(rejected)}")  # fmt: skip
    if find_spec("sacrebleu"):
        from sacrebleu.metrics import CHRF

        print(f"chrF {CHRF().corpus_score([made.text for *_, made, _ in rows], [[meant.text for *_, meant in rows]]).score:.1f}")
    often = sorted(slots.items(), key=lambda item: -item[1]["theirs"])[:24]
    print("  ".join(f"{name} {percent(counts):.0f} ({counts['theirs']})" for name, counts in often))


def print_pairs(rows: Sequence[Rendered], n: int, intent: str, slot: str) -> None:
    """`n` pairs at random, of an intent or with a slot where one is given."""
    fit = [row for row in rows if intent in ("", row[0].intent) and (not slot or slot in {one.name for one in row[0].slots})]
    random.Random(1).shuffle(fit)
    for one, pair, made, meant in fit[:n]:
        gloss = " ".join(word.gloss or word.form for word in pair.words)
        print(f"\n{one.id} {one.intent}\n  en    {one.text}\n  gloss {gloss}\n  ours  {made.text}\n  human {meant.text}")
        print("  " + " | ".join(" ".join(f"[{s.name}: {u.slot_text(s)}]" for s in u.slots) for u in (made, meant)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe")
    parser.add_argument("--rules", help="rules instead of the recipe's, separated by commas")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--intent", default="", help="show only this intent")
    parser.add_argument("--slot", default="", help="show only utterances with this slot")
    options = parser.parse_args()
    run, rejected = open_run(read_recipe(options.recipe), Path("runs")), Counter()
    names = options.rules.split(",") if options.rules else run.recipe.synthesize.rules
    rows = list(rendered(run, names, rejected))
    print_scores(rows, rejected)
    print_pairs(rows, options.show, options.intent, options.slot)


if __name__ == "__main__":
    main()
