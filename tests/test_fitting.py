"""What training hides from the model, so that it can do without."""

import random

import pytest

from lowres.fitting import GLOSS_DROPOUT, SPLIT_SHARE, drop
from lowres.model import Example

WHOLE = Example(pieces=((9,), (4, 5), (9,)), glosses=((1,), (2, 3), ()), intent=1, slots=(0, 1, 0))


def test_some_glosses_are_hidden_and_some_words_split_into_their_pieces():
    rng = random.Random(1)
    drawn = [drop(WHOLE, {(9,): (6, 7, 8)}, rng) for _ in range(2000)]
    assert sum(one.glosses[1] == () for one in drawn) / 2000 == pytest.approx(GLOSS_DROPOUT, abs=0.03)
    assert sum(one.pieces[0] == (6, 7, 8) for one in drawn) / 2000 == pytest.approx(SPLIT_SHARE, abs=0.03)
    assert any(one.pieces[0] != one.pieces[2] for one in drawn)
    assert {one.pieces[1] for one in drawn} == {(4, 5)} and {one.glosses[1] for one in drawn} == {(), (2, 3)}
    assert all((one.intent, one.slots) == (1, (0, 1, 0)) for one in drawn)


def test_without_glosses_and_words_of_its_own_an_example_stays_as_it_is():
    plain = Example(pieces=((4, 5),), intent=1, slots=(0,))
    assert drop(plain, {(9,): (6, 7)}, random.Random(1)) is plain and drop(plain, {}, random.Random(1)) is plain
