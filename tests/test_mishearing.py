"""Near spellings: letters of near sound, single and double ones, real words; what is left alone."""

import random
from importlib.util import find_spec

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from lowres.errors import LowresError
from lowres.language import read_language
from lowres.mishearing import Mishearing, learn_mishearing

pytestmark = pytest.mark.skipif(find_spec("epitran") is None, reason="epitran is not installed: pip install 'lowres[sound]'")
WORDS = "tasa dasa taza sauti zauti nyota ghali kahawa chumba shamba jumba kali gali moja taa pumba fumba vumba letu".split()


@pytest.fixture(scope="module")
def swahili():
    return learn_mishearing(read_language("swh"), WORDS)


def test_letters_of_near_sound_stand_for_each_other(swahili):
    assert {"d"} <= swahili.near["t"].keys() and {"z"} <= swahili.near["s"].keys()
    assert swahili.near["s"]["z"] > swahili.near["t"]["d"] > 0
    assert "a" not in swahili.near["s"] and "s" not in swahili.near["s"]


def test_letters_that_the_language_does_not_write_are_no_choice():
    assert "c" not in learn_mishearing(read_language("isl"), ["kaka", "saga"]).near


def test_near_spellings_have_one_change_or_are_words(swahili):
    forms, totals = swahili.spellings("tasa")
    assert {"dasa", "taza", "tassa"} <= set(forms) and "tasa" not in forms
    assert list(totals) == sorted(totals) and len(totals) == len(forms)


def test_a_real_word_is_likelier_than_another_respelling(swahili):
    forms, totals = swahili.spellings("tasa")
    weights = dict(zip(forms, [b - a for a, b in zip((0, *totals), totals, strict=False)], strict=True))
    assert weights["dasa"] > weights.get("pasa", 0) + 0.4


def test_a_double_letter_is_heard_as_one(swahili):
    assert "ta" in swahili.spellings("taa")[0]


@pytest.mark.parametrize("word", ["", "42", "naïve", "\u0301", "a" * 10_000, "ሰላም", "x-ray"])
def test_what_the_table_lacks_is_left_alone(swahili, word):
    assert swahili.misheard(word, random.Random(1)) == word


def test_the_same_draw_gives_the_same_word(swahili):
    drawn = [swahili.misheard("kahawa", random.Random(seed)) for seed in range(40)]
    assert drawn == [swahili.misheard("kahawa", random.Random(seed)) for seed in range(40)]
    assert len(set(drawn)) > 5


def test_without_a_table_one_line_says_what_to_write():
    with pytest.raises(LowresError, match=r"no table eng-Latn.*languages/eng/ipa\.csv"):
        learn_mishearing(read_language("eng"))


@settings(max_examples=60, deadline=None)
@given(word=st.text(max_size=70), seed=st.integers(0, 99))
def test_any_word_gives_a_word(swahili, word, seed):
    made = swahili.misheard(word, random.Random(seed))
    assert bool(made) == bool(word) or len(word) == 1


def test_no_word_is_heard_to_begin_with_a_vowel_sign():
    letters = regex.compile("[इतिए]")
    known = Mishearing(letters, {"इ": {"ि": 1.0, "ए": 0.5}})
    assert known.spellings("इत")[0] == ("एत",)
