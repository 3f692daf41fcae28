"""How often the chosen translation is the one that people chose: content words of MASSIVE dev against human translations.

    LOWRES_MIRROR=../shared/data python benchmarks/choice.py recipes/swh-massive.yaml --public

Of every source word tagged NOUN, VERB, ADJ or ADV (names are PROPN) it is asked whether the human translation of its
utterance contains the translation chosen for it; a word without a translation counts as not contained. A target word
contains a lemma where both are the same (folded, punctuation stripped), where the paradigm tables give the lemma for the
word, where the affixes learnt from tables and raw text leave the lemma of it, or where both begin with the same letters:
four or more, and two thirds of the longer one. A translation of several words is contained where all of them are. The
matcher is the same for every row. Rows: uniform choice (the mean over all translations listed), the first one listed by
the first dictionary that has the word, the ranking of the dictionaries (drawn in proportion to squared weights: the
mean; what `look_up`
takes at temperature 0, phrases too), the same with bitexts, what `decode` makes of the latter, and the oracle (any
translation listed). Intervals: bootstrap over
utterances, 1,000 times. Reads dev only.
"""

import argparse
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from lowres.affixes import learn_affixes
from lowres.bitext import stems_of
from lowres.pair import Pair, read_pair
from lowres.recipe import RecipeFile, read_recipe
from lowres.rules import Resources
from lowres.rules.decode import decode
from lowres.rules.lookup import candidates, look_up
from lowres.run import open_run
from lowres.sources import read_entries, read_utterances
from lowres.stages.data import read_lexicon, read_resources, read_vocabulary, read_yardstick, source_language
from lowres.text import bare, fold, words

CONTENT, SHARED = ("NOUN", "VERB", "ADJ", "ADV"), 4
Rows = dict[str, list[tuple[float, int]]]  # row -> (contained, content words) of each utterance


def matcher(run) -> Callable[[str, str], bool]:
    """Whether a folded word of the language is a form of a folded lemma."""
    lexicon, paradigms = read_lexicon(run)
    stems = stems_of(learn_affixes(paradigms, lexicon.glosses, read_vocabulary(run)), paradigms)

    @cache
    def contains(word: str, lemma: str) -> bool:
        if word == lemma or lemma in stems(word):
            return True
        n_same = next((i for i, (a, b) in enumerate(zip(word, lemma, strict=False)) if a != b), min(len(word), len(lemma)))
        return n_same >= SHARED and 3 * n_same >= 2 * max(len(word), len(lemma))

    return contains


def with_resources(file: RecipeFile, *, public: bool, bitexts: bool) -> RecipeFile:
    """The recipe without our own dictionary where `public`, and without bitexts unless asked for."""
    data = file.recipe.resources
    lexicons = tuple(one for one in data.lexicons if one.dataset) if public else data.lexicons
    data = data.model_copy(update={"lexicons": lexicons, "bitexts": data.bitexts if bitexts else ()})
    return replace(file, recipe=file.recipe.model_copy(update={"resources": data}))


def first_listed(run) -> dict[str, tuple[str, ...]]:
    """The form listed first, in the order of the recipe's dictionaries, by folded source word."""
    found: dict[str, str] = {}
    for one in run.recipe.resources.lexicons:
        for row in read_entries(one, run.file.folder, source=source_language(run.recipe), mirror=run.mirror):
            found.setdefault(fold(row.entry.left).removeprefix("to "), row.entry.right)
    return found


def content(pair: Pair) -> Iterator[int]:
    return (i for i, token in enumerate(pair.tokens) if token.upos in CONTENT)


def score(file: RecipeFile, *, public: bool) -> tuple[Rows, float, float]:
    """Rows, and the shares of content words that dictionaries, and dictionaries with bitexts, translate."""
    plain, aligned = (open_run(with_resources(file, public=public, bitexts=on), Path("runs")) for on in (False, True))
    contains, listed = matcher(plain), first_listed(plain)
    before = read_resources(plain)
    after = read_resources(aligned, (read_yardstick(aligned) or (None, []))[0])
    before.temperature = after.temperature = 0.0
    source = read_utterances(file.recipe.source.model_copy(update={"partition": "dev"}), file.folder)
    target = file.recipe.evaluate[0].model_copy(update={"partition": "dev"})
    human = {one.id: [fold(bare(word)) for word in words(one.text)] for one in read_utterances(target, file.folder)}
    rows, covered = defaultdict(list), [0, 0, 0]
    for one in source:
        said, pair = human[one.id], read_pair(one, after.tagger)
        inside = lambda part, said=said: any(contains(word, part) for word in said)  # noqa: E731
        good = cache(lambda form, inside=inside: float(all(map(inside, fold(form).split(" ")))))
        for name, found in chosen(pair, before, after, listed, good).items():
            rows[name].append((sum(found), len(found)))
        for i in content(pair):
            covered[0] += 1
            covered[1] += bool(candidates(pair, before.lexicon, (i,))[0])
            covered[2] += bool(candidates(pair, after.lexicon, (i,))[0])
    return rows, covered[1] / covered[0], covered[2] / covered[0]


def chosen(pair: Pair, before: Resources, after: Resources, listed: dict[str, str], good) -> dict[str, list[float]]:
    """By row, for each content word the probability that its choice is contained."""
    found, rng = defaultdict(list), random.Random(0)
    made = {"ranked, best": look_up(pair, before, rng)}
    made["with bitexts, best"] = look_up(pair, after, rng)
    made["decoded, best"] = decode(made["with bitexts, best"], after, rng)
    words_at = {name: {i: word for word in other.words for i in word.source} for name, other in made.items()}
    for i in content(pair):
        token = pair.tokens[i]
        options = before.lexicon.translations.get(fold(token.lemma)) or before.lexicon.translations.get(token.key, ())
        forms = {one.form for one in options}
        found["uniform"].append(sum(map(good, forms)) / max(1, len(forms)))
        found["first listed"].append(good(listed.get(fold(token.lemma)) or listed.get(token.key) or "\0"))
        for name, resources in (("ranked", before), ("with bitexts", after)):
            options, weights = candidates(pair, resources.lexicon, (i,))
            squares = [weight**2 for weight in weights]
            drawn = sum(weight * good(one.form) for one, weight in zip(options, squares, strict=True))
            found[f"{name}, drawn"].append(drawn / (sum(squares) or 1))
            best = words_at[f"{name}, best"].get(i)
            found[f"{name}, best"].append(good(best.lemma) if best and best.origin != "copy" else 0.0)
        best = words_at["decoded, best"].get(i)
        found["decoded, best"].append(good(best.lemma) if best and best.origin != "copy" else 0.0)
        found["oracle"].append(max([good(o.form) for o in candidates(pair, after.lexicon, (i,))[0]], default=0.0))
    return found


def interval(rows: Sequence[tuple[float, int]], times: int = 1000) -> tuple[float, float, float]:
    """Share in percent with its 95 % interval."""
    import numpy as np

    values = np.array(rows)
    picks = np.random.default_rng(13).integers(0, len(values), (times, len(values)))
    sums = values[picks].sum(axis=1)
    low, high = np.percentile(100 * sums[:, 0] / sums[:, 1], [2.5, 97.5])
    return 100 * values[:, 0].sum() / values[:, 1].sum(), low, high


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipes", nargs="+")
    parser.add_argument("--public", action="store_true", help="without our own dictionaries")
    parser.add_argument("--bitexts", default="", help="data sets for recipes that name none, e.g. bible-swh,bible-hye")
    options = parser.parse_args()
    means = defaultdict(list)
    for path in options.recipes:
        file = read_recipe(path)
        rows, plain, aligned = score(_with_bitexts(file, options.bitexts.split(",")), public=options.public)
        print(f"\n{file.recipe.name}: {len(rows['oracle'])} utterances, {sum(n for _, n in rows['oracle'])} content words, "
              f"translated {plain:.1%}, with bitexts {aligned:.1%}")
        for name, values in rows.items():
            share, low, high = interval(values)
            means[name].append(share)
            print(f"  {name:22} {share:5.1f} [{low:.1f}, {high:.1f}]")
    print("\nmean\n" + "\n".join(f"  {name:22} {sum(v) / len(v):5.1f}" for name, v in means.items()))


def _with_bitexts(file: RecipeFile, names: Sequence[str]) -> RecipeFile:
    from lowres.catalog import Reference, dataset

    fitting = tuple(Reference(dataset=name) for name in names if name and file.recipe.language in dataset(name).languages)
    data = file.recipe.resources
    data = data.model_copy(update={"bitexts": data.bitexts or fitting})
    return replace(file, recipe=file.recipe.model_copy(update={"resources": data}))


if __name__ == "__main__":
    main()
