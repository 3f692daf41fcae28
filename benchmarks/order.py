"""How near our words' order comes to people's: Kendall's tau against human dev translations, before and after `order`.

    LOWRES_MIRROR=../shared/data python benchmarks/order.py swh-massive cym-massive urd-massive

English dev utterances are rendered by a list of rules. A word is aligned with the one word of the human translation that
equals a translation of its English, or begins with one or holds one (four letters and more), as the dictionary and the
affixes learnt from paradigms and raw text have it; nothing is fitted to what people said. tau = (pairs of aligned words in
the same order - pairs in the opposite order) / all such pairs, over the utterances that have such a pair. Beside it the
share of rendered words that are aligned. Dev only; needs utterance ids that are parallel.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

from _measure import open_recipe

from lowres.affixes import Affixes, learn_affixes
from lowres.evaluation.markdown import table
from lowres.pair import Pair, Rejected, Word, read_pair
from lowres.rules import Resources, load_rules
from lowres.rules.script import transliterated
from lowres.sources import read_utterances
from lowres.stages.data import read_resources, read_vocabulary
from lowres.synthesis import apply
from lowres.text import bare, fold, words

RULES = "look_up,auxiliaries,subject_person,cases,agree,drop_articles,inflect"
SHORTEST = 4  # letters of a translation that may stand inside of a word


def candidates(pair: Pair, word: Word, resources: Resources) -> set[str]:
    """Folded words that a human translation may have for `word`: all translations of its source, and itself."""
    tokens = [pair.tokens[i] for i in word.source]
    phrases = {" ".join(token.key for token in tokens), " ".join(token.lemma for token in tokens)}
    found = {fold(option.form) for phrase in phrases for option in resources.lexicon.translations.get(phrase, ())}
    named = {fold(word.form), fold(word.lemma)}
    if resources.letters:
        named |= {transliterated(phrase, resources.letters) for phrase in phrases}
    return {one.split()[0] for one in found | named if one.split()}


def fits(said: str, wanted: set[str], affixes: Affixes) -> bool:
    """Whether a word of a human translation is one of `wanted`, perhaps inflected."""
    if said in wanted or any(len(one) >= SHORTEST and one in said for one in wanted):
        return True
    return any(stem in wanted for stem, _ in affixes.stems(said)[:3])


def aligned(pair: Pair, human: Sequence[str], resources: Resources, affixes: Affixes) -> dict[tuple[int, ...], int]:
    """Source of a word -> place of the human word, where both have no other partner."""
    found: dict[tuple[int, ...], list[int]] = {}
    for word in pair.words:
        if word.source:
            wanted = candidates(pair, word, resources)
            found[word.source] = [i for i, said in enumerate(human) if fits(said, wanted, affixes)]
    places = [place for many in found.values() for place in many]
    return {source: many[0] for source, many in found.items() if len(many) == 1 and places.count(many[0]) == 1}


def agreement(pair: Pair, places: dict[tuple[int, ...], int]) -> tuple[int, int]:
    """(pairs in the same order less pairs in the opposite one, pairs)."""
    order = [places[word.source] for word in pair.words if word.source in places]
    signs = [1 if first < second else -1 for first, second in combinations(order, 2)]
    return sum(signs), len(signs)


def rendered(run, names: str, limit: int | None) -> Iterator[tuple[Pair, str]]:
    """Dev pairs after the rules `names`, with their human translations."""
    recipe, folder = run.recipe, run.file.folder
    resources, rules = read_resources(run), load_rules(names.split(","), folder)
    human = {one.id: one for one in dev(recipe.evaluate[0], folder)}
    for one in dev(recipe.source, folder)[:limit]:
        try:
            yield apply(rules, read_pair(one), resources, random.Random(f"13:{one.id}:0")), human[one.id].text
        except Rejected:
            continue


def row(run, names: str, limit: int | None) -> list[str]:
    """The figures of one recipe's language."""
    resources = read_resources(run)
    affixes = learn_affixes(resources.inflector.paradigms, resources.lexicon.glosses, read_vocabulary(run))
    order, memory = load_rules(["order"], run.file.folder), {}
    sums, n_words, n_aligned = [0, 0, 0], 0, 0
    for pair, said in rendered(run, names, limit):
        human = [memory.setdefault(word, fold(bare(word))) for word in words(said)]
        places = aligned(pair, human, resources, affixes)
        before, total = agreement(pair, places)
        after, _ = agreement(apply(order, pair, resources, random.Random(1)), places)
        sums = [a + b for a, b in zip(sums, (before, after, total), strict=True)]
        n_words, n_aligned = n_words + sum(bool(word.source) for word in pair.words), n_aligned + len(places)
    before, after = (value / max(1, sums[2]) for value in sums[:2])
    name = f"{resources.language.name} ({run.file.locale})"
    return [name, f"{sums[2]:,}", f"{n_aligned / max(1, n_words):.0%}", f"{before:.3f}", f"{after:.3f}", f"{after - before:+.3f}"]


def dev(reference, folder: Path):
    """The dev part of a reference."""
    return read_utterances(reference.model_copy(update={"partition": "dev"}), folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipes", nargs="+", help="recipe files, or names of bundled recipes")
    parser.add_argument("--rules", default=RULES, help="rules before `order`, separated by commas")
    parser.add_argument("--limit", type=int, help="dev utterances, the first of the file; all where not given")
    options = parser.parse_args()
    rows = [row(open_recipe(name), options.rules, options.limit) for name in options.recipes]
    print("\n".join(table(["language", "pairs of words", "aligned", "tau before", "tau after", "change"], rows)).rstrip())


if __name__ == "__main__":
    main()
