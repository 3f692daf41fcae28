"""Affixes: learnt from tables and from text, lemmas found under them, and their file form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowres.affixes import MAX_AFFIX, MIN_STEM, MIN_VOTES, Affixes, format_affixes, learn_affixes, parse_affixes
from lowres.morphology import Inflection, Paradigms, build_paradigms, parse_features

LEMMAS = ("soma", "pika", "lala", "cheza", "andika")
letters = st.text(st.characters(categories=("L", "M")), max_size=MAX_AFFIX)
affix_tables = st.dictionaries(
    st.tuples(letters, letters), st.dictionaries(letters, st.integers(1, 10_000), min_size=1, max_size=3), max_size=12
)


def table_of(*changes: tuple[str, str], lemmas=LEMMAS) -> Paradigms:
    """Every lemma in every form that puts something before it and something in the place of its last letter."""
    rows = [(lemma, f"{before}{lemma[:-1]}{after}") for lemma in lemmas for before, after in changes]
    return build_paradigms(Inflection(lemma, form, parse_features("V;PST")) for lemma, form in rows)


def test_a_prefix_of_the_table_uncovers_the_lemma_of_an_unseen_form():
    affixes = learn_affixes(table_of(("nili", "a"), ("ni", "e")), known=())
    assert affixes.stems("nilikimbia")[0][0] == "kimbia"
    assert ("kimbia", pytest.approx(affixes.stems("nikimbie")[0][1])) in affixes.stems("nikimbie")


def test_the_ending_that_was_cut_comes_back():
    affixes = learn_affixes(table_of(("", "e")), known=())
    assert [lemma for lemma, _ in affixes.stems("kimbie")] == ["kimbia"]


@pytest.mark.parametrize("n", [MIN_VOTES - 1, MIN_VOTES])
def test_what_few_lemmas_show_is_no_affix(n):
    affixes = learn_affixes(table_of(("nili", "a"), lemmas=LEMMAS[:n]), known=())
    assert bool(affixes.votes) == (n >= MIN_VOTES)


def test_a_lemma_votes_once_for_a_change_however_many_cells_show_it():
    rows = [("soma", "nilisoma", f"V;PST;{i}") for i in range(2 * MIN_VOTES)]
    paradigms = build_paradigms(Inflection(lemma, form, parse_features(bundle)) for lemma, form, bundle in rows)
    assert not learn_affixes(paradigms, known=()).votes


def test_text_votes_for_what_stands_around_a_dictionary_form():
    known = {"kitabu", "meza", "nyumba", "shule"}
    affixes = learn_affixes(Paradigms(), known, [f"{word}ni" for word in known])
    assert affixes.votes == {("", "ni"): {"": len(known)}}
    assert affixes.stems("dukani")[0][0] == "duka"


def test_a_known_word_of_text_and_a_dictionary_form_shorter_than_half_do_not_vote():
    known = {"a", "ba", "mezani", "kitabuni", "nyumbani", "shuleni", "meza", "kitabu", "nyumba", "shule"}
    assert not learn_affixes(Paradigms(), known, ["mezani", "kitabuni", "nyumbani", "shuleni"] + ["baxxxx"] * 9).votes


def test_frequent_affixes_and_long_stems_come_first():
    affixes = Affixes({("a", ""): {"": 1000}, ("ab", ""): {"": 5}, ("", ""): {"": 5}})
    assert [lemma for lemma, _ in affixes.stems("abcde")] == ["bcde", "abcde", "cde"]


def test_no_affix_is_longer_than_the_limit():
    paradigms = table_of(("x" * (MAX_AFFIX + 1), "a"), ("", "a" + "y" * (MAX_AFFIX + 1)))
    assert not learn_affixes(paradigms, known=()).votes


@given(affix_tables, st.text(max_size=24))
def test_every_stem_comes_from_the_word_by_one_of_the_affixes(votes, word):
    found = Affixes(votes).stems(word)
    assert [weight for _, weight in found] == sorted((weight for _, weight in found), reverse=True)
    for lemma, _ in found:
        kept = [
            word[len(before) : len(word) - len(after)]
            for (before, after), cuts in votes.items()
            for cut in cuts
            if word.startswith(before) and word.endswith(after) and lemma.endswith(cut)
            and before + lemma[: len(lemma) - len(cut)] + after == word
        ]  # fmt: skip
        assert any(len(stem) >= MIN_STEM for stem in kept)


@given(affix_tables)
def test_affixes_survive_their_file_form(votes):
    assert parse_affixes(format_affixes(Affixes(votes))).votes == votes


@given(affix_tables)
def test_equal_affixes_give_equal_bytes_whatever_their_order(votes):
    assert format_affixes(Affixes(votes)) == format_affixes(Affixes(dict(reversed(votes.items()))))


def test_no_affixes_are_an_empty_file():
    assert format_affixes(Affixes()) == ""
    assert parse_affixes("").votes == {}
