"""Word alignment: the first rounds by hand, and data whose right answer is known."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowres import alignment
from lowres.alignment import NULL, SPARSE, align, expected


def digamma(x: float) -> float:
    """The slope of log gamma, from the standard library."""
    return (math.lgamma(x + 1e-5) - math.lgamma(x - 1e-5)) / 2e-5


@pytest.mark.parametrize("x", [0.01, 0.5, 1.0, 3.7, 200.0])
def test_expected_is_the_exponential_of_digamma(x):
    assert expected(x) == pytest.approx(math.exp(digamma(x)), rel=1e-4)


TWO = [(["a", "b"], ["x", "y"])]
NEAR, FAR = 1 / (1 + math.exp(-2)), math.exp(-2) / (1 + math.exp(-2))  # half a sentence off: e to the -4 * 0.5


def test_before_any_round_only_places_count():
    found = align(TWO, iterations=(0, 0))
    assert found.counts["a", "x"] == pytest.approx(((1 - NULL) * NEAR) ** 2, rel=1e-5)
    assert ("a", "y") not in found.counts  # 0.012, below what is kept
    assert found.links == [[(0, 0), (1, 1)]]


def test_one_round_by_hand():
    """Posteriors of 2 × 2: 0.92 * NEAR on the diagonal, 0.92 * FAR off it; no link 0.08, so p(x | nothing) stays 1/2."""
    right, wrong = (1 - NULL) * NEAR, (1 - NULL) * FAR
    total = math.exp(digamma(right + wrong + 2 * SPARSE))
    on, off = (math.exp(digamma(count + SPARSE)) / total for count in (right, wrong))
    posterior = right * on / (right * on + wrong * off + NULL / 2)
    assert align(TWO, iterations=(0, 1)).counts["b", "y"] == pytest.approx(posterior**2, rel=1e-4)


def shuffled(n_sentences: int, seed: int = 1) -> list[tuple[list[str], list[str]]]:
    """Sentences whose translation is word for word in any order: word 7 is always form 7."""
    rng = random.Random(seed)
    pairs = []
    for _ in range(n_sentences):
        left = rng.sample(range(40), 6)
        pairs.append(([f"w{i}" for i in left], [f"f{i}" for i in rng.sample(left, 6)]))
    return pairs


def test_a_dictionary_is_found_again_whatever_the_order():
    found = align(shuffled(300))
    for i in range(40):
        best = max((count, right) for (left, right), count in found.counts.items() if left == f"w{i}")
        assert best[1] == f"f{i}" and found.forward(f"w{i}", f"f{i}") > 0.5 and found.backward(f"w{i}", f"f{i}") > 0.5


def test_words_that_render_nothing_stay_alone():
    found = align([([*left, "the"], right) for left, right in shuffled(300)])
    assert sum(count for (left, _), count in found.counts.items() if left == "the") < 0.1 * found.left["the"]


sentence = st.lists(st.sampled_from("abcdef"), max_size=5)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(sentence, sentence), max_size=6))
def test_counts_never_exceed_the_words(pairs):
    found = align(pairs)
    assert len(found.links) == len(pairs)
    for side, units in ((0, found.left), (1, found.right)):
        for unit, times in units.items():
            assert sum(count for key, count in found.counts.items() if key[side] == unit) <= times + 1e-6
            assert times == sum(pair[side].count(unit) for pair in pairs if all(pair))


def test_what_is_too_long_is_left_out(monkeypatch):
    long = (["a"] * 101, ["x"])
    assert align([long, *TWO]).links == [[], [(0, 0), (1, 1)]]
    monkeypatch.setattr(alignment, "MAX_LINKS", 5)
    assert align([*TWO, *TWO]).left == {"a": 1, "b": 1}
    assert align([]).counts == {}
