"""Spelling learnt from pairs: alignment, what is carried over, what is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowres.spelling import MAX_LETTERS, Speller, apart, learn, learn_alike, sample
from lowres.text import join_syllables

CYRILLIC = dict(zip("abdeiklmnorstuvz", "абдеиклмнорстувз", strict=True))
PLACES = """astana samara omsk moskva tomsk minsk odesa london berlin madrid roma milano sidnei irlandia islandia amerika
    italia albania armenia estonia litva latvia serbia slovakia slovenia rumania makedonia katar irak iran livan oman
    shanti sharik chad chili chita sasha masha dasha shuma chum chulan sochi achinsk ishim dushanbe sharon""".split()


def spelt(word: str) -> str:
    return "".join(CYRILLIC.get(one, one) for one in word.replace("sh", "ш").replace("ch", "ч"))


PAIRS = [(place, spelt(place)) for place in PLACES]
SPELLER = learn(PAIRS)


@pytest.fixture(scope="module")
def speller() -> Speller:
    return SPELLER


@pytest.mark.parametrize("word", ["ankara", "kasan", "shamil", "chaika", "tashkent", "varna", "tirana"])
def test_unseen_names_are_spelt_by_the_letters_learnt(speller, word):
    assert speller.spell(word) == spelt(word)


def test_two_letters_that_make_one_are_learnt_as_such(speller):
    assert speller.chances["sh", "ш"] > 10 * speller.chances.get(("s", "ш"), 0)
    assert speller.spell("shch") == "шч"


def test_letters_never_met_stay(speller):
    assert speller.spell("w-9") == "w-9"
    assert not speller.has_met("w") and speller.has_met("sh")


def test_kin_are_likelier_than_strangers(speller):
    assert speller.likeness("samarkand", "самарканд") > -3 > speller.likeness("samarkand", "ноутбук")
    assert speller.may_start("samara", "самара") and not speller.may_start("samara", "комод")


def test_strangers_among_the_pairs_teach_nothing():
    strangers = [("roma", "шкаф"), ("saturn", "вулкан"), ("island", "комод")]
    learnt = learn_alike(PAIRS + strangers, [("balkan", "балкан"), ("kitchen", "холодильник")])
    assert learnt.spell("romashka") == "ромашка"
    assert n_words(learnt) == n_words(learn_alike(PAIRS)) + 1 >= len(PAIRS) - 3


def n_words(speller: Speller) -> int:
    """How many words taught it."""
    return speller.counts[(("^", "$"),)]


def test_letters_put_in_once_are_chance():
    made = learn([*PAIRS, ("god", "құдай")])
    assert n_words(made) == n_words(SPELLER) and made.spell("gorod") == "gород"


def test_a_language_without_pairs_changes_nothing():
    assert learn([]).spell("berlin") == learn_alike([]).spell("berlin") == "berlin"


@pytest.mark.parametrize("word", ["", "a" * (MAX_LETTERS + 1), "\u0301", "a" * 10_000])
def test_what_is_no_word_stays(speller, word):
    assert speller.spell(word) == word


def test_unusable_pairs_teach_nothing():
    unusable = [("", "а"), ("a", ""), ("new york", "нью йорк"), ("a" * 10_000, "а" * 10_000)]
    assert learn(PAIRS + unusable).chances == learn(PAIRS).chances


def test_learning_does_not_depend_on_the_run():
    assert learn(PAIRS).counts == learn(PAIRS).counts


@pytest.mark.parametrize(("whole", "n"), [("ሰላም", 6), ("한국", 6), ("é", 2), ("abc", 3)])
def test_letters_are_taken_apart_by_sound(whole, n):
    assert len(apart(whole)) == n and join_syllables(apart(whole)) == whole


@given(st.text(st.characters(exclude_categories=["Co", "Cs"])))
def test_taking_apart_is_undone(text):
    import unicodedata

    assert join_syllables(apart(text)) == unicodedata.normalize("NFC", text)


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("abdeiklmnorstuvzshc'9\u0301"), min_size=1, max_size=20))
def test_some_spelling_is_always_found(text):
    found = SPELLER.spellings(text)
    assert SPELLER.spell(text) and len(found) == len(set(found)) <= 8


@given(st.lists(st.integers()), st.integers(1, 50))
def test_a_sample_is_no_larger_than_asked_and_in_order(rows, n):
    some = sample(rows, n)
    assert len(some) <= n and (len(some) == len(rows) or len(rows) > n)
