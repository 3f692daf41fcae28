"""Fluency: proper distributions, never minus infinity, real order above shuffled order, quick enough."""

import math
import random
import time
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowres.fluency import Fluency, Spelling, spoken
from lowres.formats.verses import read_verses

TEXT = ["the cat sat on the mat", "the dog sat on the cat", "a cat and a dog", "sit on the mat, dog!"]
UNSEEN = 0x110000  # code points that one unseen letter stands for


def strings(letters: str, longest: int):
    for size in range(longest + 1):
        yield from map("".join, product(letters, repeat=size))


@given(st.lists(st.text("ab ", max_size=6), max_size=6), st.sampled_from(["", "a", "ab", "zz"]))
@settings(max_examples=25, deadline=None)
def test_probabilities_of_all_words_and_the_end_sum_to_one(sentences, before):
    model = Fluency.learn([*sentences, "a b ab aab", "ab a", "b b"])
    total = sum(math.exp(model.word(form, before)) * UNSEEN ** form.count("x") for form in strings("abx", 9))
    assert 0.98 < total < 1 + 1e-9


def test_spellings_sum_to_one_and_unseen_letters_share_one_place():
    model = Spelling(["a", "b", "ab", "ba"])
    total = sum(math.exp(model.log(form)) * UNSEEN ** form.count("x") for form in strings("abx", 10))
    assert 0.995 < total < 1 + 1e-9
    assert model.log("x") == model.log("я") < model.log("ab")


@given(st.lists(st.text(max_size=30), max_size=5), st.text(max_size=80), st.text(max_size=5))
@settings(deadline=None)
def test_no_string_is_impossible_whatever_was_learnt(sentences, form, before):
    model = Fluency.learn(sentences)
    assert -math.inf < model.word(form, before) <= 1e-9
    assert -math.inf < model.sentence([form, before]) <= 1e-9


def test_a_word_of_ten_thousand_letters_and_nothing_at_all_have_a_score():
    model = Fluency.learn(TEXT)
    assert math.isfinite(model.word("a" * 10_000, "the"))
    assert math.isfinite(model.word("\u0301", ""))
    assert math.isfinite(model.sentence([]))
    assert math.isfinite(Fluency.learn([]).sentence(["cat"]))


def test_what_was_read_is_likelier_than_what_was_not():
    model = Fluency.learn(TEXT)
    assert model.word("cat", "the") > model.word("and", "the") > model.word("xyzzy", "the")
    assert model.word("mat", "the") > model.word("mat", "a")
    assert model.word("", "mat") > model.word("", "the")  # '' as a word is the end
    assert model.word("the", "nowhere") > model.word("mat", "nowhere")
    assert model.word("dat", "nowhere") > model.word("tdq", "nowhere")  # unseen words by their spelling
    assert "cat" in model and "xyzzy" not in model


def test_spoken_words_are_folded_and_hold_a_letter_or_digit():
    assert spoken("Sit on the MAT, dog! — 7 ...") == ["sit", "on", "the", "mat", "dog", "7"]


def verses(mirror, code: str) -> list[str]:
    return [text for _, text in read_verses(mirror / "text" / "bible" / f"{code}.tsv")]


@pytest.fixture(scope="module")
def swahili(mirror) -> tuple[Fluency, list[list[str]], float]:
    """A model of four fifths of the verses, the words of 300 others, and the seconds that learning took."""
    text = verses(mirror, "swa")
    start = time.process_time()
    model = Fluency.learn(text[: len(text) * 4 // 5])
    return model, [spoken(verse) for verse in text[-300:]], time.process_time() - start


def test_real_order_scores_above_a_shuffled_one(swahili):
    model, unread, _ = swahili
    rng = random.Random(1)
    better = sum(model.sentence(words) > model.sentence(rng.sample(words, len(words))) for words in unread)
    assert better > 0.9 * len(unread)


def test_real_words_score_above_their_letters_shuffled(swahili):
    model, unread, _ = swahili
    rng = random.Random(1)
    soup = [["".join(rng.sample(word, len(word))) for word in words] for words in unread]
    assert sum(map(model.sentence, unread)) / len(unread) > sum(map(model.sentence, soup)) / len(soup) + 0.5


def test_a_new_testament_is_learnt_in_seconds_and_asked_fast(swahili):
    model, unread, seconds = swahili
    assert seconds < 10
    asked = [(word, before) for words in unread for before, word in pairwise(words)]
    [model.word(*pair) for pair in asked]
    start = time.process_time()
    [model.word(*pair) for pair in asked]
    assert len(asked) / (time.process_time() - start) > 300_000
