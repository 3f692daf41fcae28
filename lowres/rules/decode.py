"""The rule that chooses the words of a sentence together: by translation weight and by what sounds right side by side."""

import math
import random
from collections.abc import Sequence

from lowres.fluency import Fluency
from lowres.pair import COPY, Pair, Word, make_word
from lowres.rules.grammar import inflected
from lowres.rules.lookup import candidates
from lowres.rules.resources import Resources
from lowres.text import fold

WIDTH = 4  # translations of a word that are weighed
FLUENCY = 0.15  # of the language model's log probability beside the translation's

Choice = tuple[Word, str, float]  # a word, its folded form, the log of its weight


def decode(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Choose among the translations of all words of the sentence at once, in the forms and the order that they have here.

    The best path through the lattice of translations (Viterbi 1967) maximises squared weights times the probability of each
    word after the one before it, in the language model of the recipe's texts. Noise of the Gumbel distribution on each
    weight makes of the best path a draw: without a model exactly what `look_up` draws. Place it after `look_up` and what
    inflects and orders; words that another rule made stay.
    """
    if resources.fluency is None:
        return pair
    inflects = any([word.origin.startswith("paradigm:") for word in pair.words])
    lattice = [_choices(pair, word, inflects, resources, rng) for word in pair.words]
    return pair.with_words(best_path(lattice, resources))


def _choices(pair: Pair, word: Word, inflects: bool, resources: Resources, rng: random.Random) -> list[Choice]:
    """The word itself, or the noisy best WIDTH of its translations."""
    if word.origin == COPY or word.origin.startswith("rule:") or not word.source:
        return [(word, fold(word.form), 0.0)]
    others = _alternatives(pair, word, inflects, resources)
    if len(others) < 2:
        return [(word, fold(word.form), 0.0)]
    temperature = resources.temperature
    return [(one, form, weight - temperature * math.log(-math.log(rng.random() or 0.5))) for one, form, weight in others]


def _alternatives(pair: Pair, word: Word, inflects: bool, resources: Resources) -> list[Choice]:
    """All renderings of the word's source, inflected where words are; none where it is no translation as it stands."""
    options, weights = candidates(pair, resources.lexicon, word.source)
    if len(options) < 2:
        return []
    asked = (word, weights, inflects)  # weights hash faster than the options that they belong to, which are compared
    known = resources.learnt.setdefault("decoded", {})
    of, found = known.get(asked, (None, []))
    if of != options:
        found = _rendered(word, options, weights, resources if inflects else None)
        known[asked] = options, found
    return found


def _rendered(word: Word, options: Sequence, weights: Sequence[float], inflecting: Resources | None) -> list[Choice]:
    if word.lemma not in {one.form for one in options}:
        return []
    found = []
    for one, weight in zip(options[:WIDTH], weights, strict=False):
        made = make_word(one.form, one.form, one.upos or word.upos, word.features, word.source, one.lexicon, word.gloss)
        if inflecting:
            made = inflected(made, inflecting)
        found.append((made, fold(made.form), 2 * math.log(weight)))
    return found


def best_path(lattice: Sequence[Sequence[Choice]], resources: Resources) -> list[Word]:
    """One word of each column, so that the weights and FLUENCY times the links between neighbours sum to the most."""
    if all(len(column) == 1 for column in lattice):
        return [column[0][0] for column in lattice]
    paths: list[tuple[float, str, tuple | None]] = [(0.0, "", None)]  # score, form before, (word, path before)
    for column in lattice:
        onward = []
        for word, form, weight in column:
            scores = [path[0] + FLUENCY * link(resources, path[1], form) for path in paths]
            best = max(scores)
            onward.append((best + weight, form, (word, paths[scores.index(best)][2])))
        paths = onward
    found, words = max(paths, key=lambda path: path[0])[2], []
    while found:
        words.append(found[0])
        found = found[1]
    return words[::-1]


_UNSEEN = "\x00"  # in no text; after a given word all unseen ones are alike, and their spelling costs time


def link(resources: Resources, before: str, form: str) -> float:
    """How much likelier the folded `form` is after `before` than anywhere: log p(form | before) - log p(form)."""
    links = resources.learnt.setdefault("links", {})
    found = links.get((before, form))
    if found is None:
        found = links[before, form] = _link(resources.fluency, before.rsplit(" ", 1)[-1], form.split(" ", 1)[0])
    return found


def _link(fluency: Fluency, before: str, word: str) -> float:
    word = word if word in fluency else _UNSEEN
    return fluency.word(word, before) - fluency.word(word, _UNSEEN)
