"""How close synthesis comes to what people said: English dev utterances rendered by a recipe, against their human translations.

    LOWRES_MIRROR=../shared/data python benchmarks/closeness.py recipes/swh-massive.yaml --show 20

A quick guide while writing rules (seconds, no training): word and bigram F1, character F-score (sacrebleu's chrF where it
is installed), F1 of the words inside each kind of slot. Needs a source whose utterance ids are parallel to the target's.
Reads dev only.
"""

import argparse
import random
from collections import Counter, defaultdict
from pathlib import Path

from lowres.pair import Rejected, read_pair, render
from lowres.recipe import read_recipe
from lowres.rules import load_rules
from lowres.run import open_run
from lowres.sources import read_utterances
from lowres.stages.data import read_resources
from lowres.synthesis import apply
from lowres.text import fold, words


def f1(ours: Counter, theirs: Counter) -> tuple[int, int, int]:
    return (ours & theirs).total(), ours.total(), theirs.total()


def grams(text: str, n: int) -> Counter:
    found = fold(text).split()
    return Counter(zip(*(found[i:] for i in range(n)), strict=False))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe")
    parser.add_argument("--rules", help="rules instead of the recipe's, separated by commas")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--intent", default="", help="show only this intent")
    parser.add_argument("--slot", default="", help="show only utterances with this slot")
    options = parser.parse_args()
    file = read_recipe(options.recipe)
    run = open_run(file, Path("runs"))
    names = options.rules.split(",") if options.rules else file.recipe.synthesize.rules
    rules, resources = load_rules(names, file.folder), read_resources(run)
    source = read_utterances(file.recipe.source.model_copy(update={"partition": "dev"}), file.folder)
    target = file.recipe.evaluate[0].model_copy(update={"partition": "dev"})
    human = {one.id: one for one in read_utterances(target, file.folder)}
    sums, slots, rejected, shown = defaultdict(Counter), defaultdict(Counter), Counter(), []
    for one in source:
        try:
            pair = apply(rules, read_pair(one, resources.tagger), resources, random.Random(f"13:{one.id}:0"))
            made = render(pair, id=one.id, locale=target.locale or "und")
        except Rejected as error:
            rejected[error.reason] += 1
            continue
        meant = human[one.id]
        for n in (1, 2):
            for key, value in zip(("right", "ours", "theirs"), f1(grams(made.text, n), grams(meant.text, n)), strict=True):
                sums[n][key] += value
        for name in {s.name for s in (*made.slots, *meant.slots)}:
            a, b = (Counter(w for s in u.slots if s.name == name for w in words(fold(u.slot_text(s)))) for u in (made, meant))
            for key, value in zip(("right", "ours", "theirs"), f1(a, b), strict=True):
                slots[name][key] += value
        shown.append((one, pair, made, meant))
    score = lambda c: 200 * c["right"] / max(1, c["ours"] + c["theirs"])  # noqa: E731
    print(f"word F1 {score(sums[1]):.1f}, bigram F1 {score(sums[2]):.1f}, words per utterance ours "
          f"{sums[1]['ours'] / len(shown):.2f} theirs {sums[1]['theirs'] / len(shown):.2f}, rejected {dict(rejected)}")
    try:
        from sacrebleu.metrics import CHRF

        print(f"chrF {CHRF().corpus_score([m.text for *_, m, _ in shown], [[h.text for *_, h in shown]]).score:.1f}")
    except ImportError:
        pass
    print("  ".join(f"{name} {score(c):.0f} ({c['theirs']})" for name, c in sorted(slots.items(), key=lambda i: -i[1]["theirs"])[:24]))
    random.Random(1).shuffle(shown)
    keep = lambda u: (not options.intent or u.intent == options.intent) and (not options.slot or options.slot in {s.name for s in u.slots})  # noqa: E731
    for one, pair, made, meant in [row for row in shown if keep(row[0])][: options.show]:
        print(f"\n{one.id} {one.intent}\n  en    {one.text}\n  gloss {' '.join(w.gloss or w.form for w in pair.words)}\n  ours  {made.text}\n  human {meant.text}")
        print("  " + " ".join(f"[{s.name}: {made.slot_text(s)}]" for s in made.slots), "|", " ".join(f"[{s.name}: {meant.slot_text(s)}]" for s in meant.slots))


if __name__ == "__main__":
    main()
