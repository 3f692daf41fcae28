"""Choosing the words of a sentence together; draws and their temperature."""

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowres.fluency import Fluency
from lowres.lexicon import Translation
from lowres.pair import make_word
from lowres.rules import look_up
from lowres.rules.decode import best_path, decode, link
from lowres.rules.grammar import inflect
from lowres.rules.lookup import draw
from tests.test_rules import forms, pair_of, resources_of

ROWS = [("strong", "gul"), ("strong", "pira"), ("tea", "sha"), ("wind", "huu")]
TEXT = ["pira sha", "gul huu", "pira sha", "gul huu", "sha", "huu"]  # tea is "pira", wind is "gul"


def resources(text=TEXT, rows=ROWS, temperature=0.0):
    entries = resources_of(*[(source, target) for source, target in rows])
    return replace(entries, fluency=Fluency.learn(text) if text else None, temperature=temperature)


@pytest.mark.parametrize(("said", "fluent"), [("strong tea", "pira sha"), ("strong wind", "gul huu")])
def test_the_neighbour_decides_between_translations_of_like_weight(said, fluent):
    rows = [("strong", "gul", "ADJ"), ("strong", "pira", "ADJ"), ("tea", "sha", "NOUN"), ("wind", "huu", "NOUN")]
    even = replace(resources_of(*rows), temperature=0.0)
    options = even.lexicon.translations["strong"]
    even.lexicon.translations["strong"] = tuple(replace(one, score=1.0) for one in options)
    assert forms(said, replace(even, fluency=Fluency.learn(TEXT)), look_up, decode) == fluent
    backwards = Fluency.learn([line.replace("pira", "_").replace("gul", "pira").replace("_", "gul") for line in TEXT])
    assert forms(said, replace(even, fluency=backwards), look_up, decode) != fluent


def test_a_much_better_translation_stays():
    rows = [("strong", "gul"), *[(f"filler {i}", "x") for i in range(30)], ("strong", "pira"), ("tea", "sha")]
    assert forms("strong tea", resources(rows=rows), look_up, decode) == "gul sha"


def test_without_a_text_nothing_changes():
    pair = look_up(pair_of("strong tea"), resources(text=None), random.Random(1))
    assert decode(pair, resources(text=None), random.Random(1)) is pair


def test_alternatives_are_inflected_as_the_word_is():
    toy = resources_of(("open", "bopa", "VERB"), ("open", "leko", "VERB"), ("doors", "veli", "NOUN"))
    found = replace(toy, fluency=Fluency.learn(["eleko velisu"] * 9 + ["velisu"] * 9), temperature=0.0)
    found.lexicon.translations["open"] = tuple(replace(one, score=1.0) for one in found.lexicon.translations["open"])
    found.lexicon._ranked.clear()
    assert forms("open doors", found, look_up, inflect) == "bopa velisu"
    assert forms("open doors", found, look_up, inflect, decode) == "eleko velisu"


def test_words_of_other_rules_and_copies_stay():
    made = resources()
    pair = look_up(pair_of("strong zorp"), made, random.Random(1))
    ruled = pair.with_words([replace(pair.words[0], form="hand-made", origin="rule:own"), pair.words[1]])
    assert decode(ruled, made, random.Random(1)).words == ruled.words


def test_noise_makes_of_the_best_path_a_draw():
    """Without the model's voice decode draws as look_up does: in proportion to the squared weights."""
    made = resources(text=["unrelated words only"], temperature=1.0)
    pair = look_up(pair_of("strong"), made, random.Random(1))
    _, weights = made.lexicon.ranked(("strong",), "ADJ")
    counts = Counter(decode(pair, made, random.Random(i)).words[0].form for i in range(4000))
    share = weights[0] ** 2 / sum(weight**2 for weight in weights)
    assert counts.most_common(1)[0][1] / 4000 == pytest.approx(share, abs=0.03)


def test_after_a_word_that_no_text_has_every_word_is_as_likely_as_anywhere():
    made = resources()
    assert link(made, "zorp", "sha") == 0 and link(made, "pira", "sha") > 0 > link(made, "gul", "sha")


def test_noise_draws_among_three_as_look_up_does():
    """Gumbel noise, not its mirror image: with two options nobody could tell."""
    rows = [("strong", "gul"), ("strong", "pira"), ("strong", "dalo")]
    made = resources(text=["unrelated words only"], rows=rows, temperature=1.0)
    pair = look_up(pair_of("strong"), made, random.Random(1))
    options, weights = made.lexicon.ranked(("strong",), "ADJ")
    counts = Counter(decode(pair, made, random.Random(i)).words[0].form for i in range(4000))
    total = sum(weight**2 for weight in weights)
    for option, weight in zip(options, weights, strict=True):
        assert counts[option.form] / 4000 == pytest.approx(weight**2 / total, abs=0.025)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.tuples(st.sampled_from("abc"), st.floats(-3, 0)), min_size=1, max_size=3), min_size=1, max_size=4))
def test_the_best_path_is_the_best_of_all(columns):
    from itertools import product

    made = resources(text=["a b c", "b c a", "a c"])
    lattice = [[(make_word(form, form), form, weight) for form, weight in column] for column in columns]

    def value(path):
        befores = ["", *[form for _, form, _ in path]]
        return sum(weight + 0.15 * link(made, before, form) for before, (_, form, weight) in zip(befores, path, strict=False))

    found = [word.form for word in best_path(lattice, made)]
    most = max(value(path) for path in product(*lattice))
    if any(len(column) > 1 for column in lattice):
        assert max(value(p) for p in product(*lattice) if [f for _, f, _ in p] == found) == pytest.approx(most)


OPTIONS = (Translation("a", "", 2.0, "x"), Translation("b", "", 1.0, "x"))


@pytest.mark.parametrize(("temperature", "share"), [(0, 1.0), (0.5, 16 / 17), (1, 0.8), (2, 2 / 3), (10, 2**0.2 / (1 + 2**0.2))])
def test_temperature_flattens_the_draw(temperature, share):
    rng = random.Random(1)
    drawn = [draw(OPTIONS, (2.0, 1.0), rng, temperature).form for _ in range(4000)]
    assert drawn.count("a") / 4000 == pytest.approx(share, abs=0.03)


def test_what_is_weighed_for_a_noun_is_not_kept_for_a_verb():
    """The same word drawn for both, and the same weights, of options in another order."""
    made = resources(text=["unrelated words only"], rows=[("book", "kita"), ("book", "soma")])
    options = [replace(one, upos=upos, score=1.0) for one, upos in zip(made.lexicon.translations["book"], ("NOUN", "VERB"), strict=True)]
    made.lexicon.translations["book"] = tuple(options)
    start = pair_of("book")
    drawn = make_word("kita", "kita", "NOUN", start.tokens[0].features, (0,), options[0].lexicon, "book")
    for upos, best in (("NOUN", "kita"), ("VERB", "soma"), ("NOUN", "kita")):
        pair = replace(start, tokens=(replace(start.tokens[0], upos=upos),), words=(drawn,))
        assert decode(pair, made, random.Random(1)).words[0].form == best
