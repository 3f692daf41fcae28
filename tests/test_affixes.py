"""Affixes: learnt from tables and from text, lemmas found under them, and their file form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowres.affixes import (
    MAX_AFFIX,
    MIN_STEM,
    MIN_VOTES,
    MIN_WORDS,
    Affixes,
    format_affixes,
    learn_affixes,
    parse_affixes,
    with_changed_borders,
)
from lowres.morphology import Inflection, Paradigms, build_paradigms, parse_features

LEMMAS = ("soma", "pika", "lala", "cheza", "andika")
letters = st.text(st.characters(categories=("L", "M")), max_size=MAX_AFFIX)
affix_tables = st.dictionaries(
    st.tuples(letters, letters), st.dictionaries(st.tuples(letters, letters), st.integers(1, 10_000), min_size=1, max_size=3), max_size=12
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
    assert affixes.votes == {("", "ni"): {("", ""): len(known)}}
    assert affixes.stems("dukani")[0][0] == "duka"


def test_a_known_word_of_text_and_a_dictionary_form_shorter_than_half_do_not_vote():
    known = {"a", "ba", "mezani", "kitabuni", "nyumbani", "shuleni", "meza", "kitabu", "nyumba", "shule"}
    assert not learn_affixes(Paradigms(), known, ["mezani", "kitabuni", "nyumbani", "shuleni"] + ["baxxxx"] * 9).votes


def test_frequent_affixes_and_long_stems_come_first():
    affixes = Affixes({("a", ""): {("", ""): 1000}, ("ab", ""): {("", ""): 5}, ("", ""): {("", ""): 5}})
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
            for (before, after), instead in votes.items()
            for opening, cut in instead
            if word.startswith(before) and word.endswith(after) and lemma.startswith(opening) and lemma[len(opening) :].endswith(cut)
            and before + lemma[len(opening) : len(lemma) - len(cut)] + after == word
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


def test_affixes_of_older_files_have_no_opening():
    assert parse_affixes("ni\te\ta\t7\n").votes == {("ni", "e"): {("", "a"): 7}}
    assert format_affixes(Affixes({("ni", "e"): {("", "a"): 7}})) == "ni\te\ta\t7\n"


# --- borders that change


SOFT = {"c": "g", "p": "b", "t": "d", "gw": "w"}
RESTS = {
    "c": ("llen", "rwyd", "stell", "ntor"), "p": ("ndrum", "sgod", "lltu", "ffyr"),
    "t": ("fodl", "ngwyr", "chwed", "miri"), "gw": ("rthyd", "dodd", "blun", "ddfa"),
}  # fmt: skip
NOUNS = [f"{first}{vowel}{rest}" for first in SOFT for vowel in "aeo" for rest in RESTS[first]]
SOFTENED = [SOFT[first] + word[len(first) :] for word in NOUNS for first in SOFT if word.startswith(first)]


def test_text_shows_how_words_begin_otherwise():
    affixes = with_changed_borders(Affixes(), NOUNS, [*NOUNS, *SOFTENED])
    assert affixes.votes == {(new, ""): {(old, ""): 12} for old, new in SOFT.items()}
    assert [affixes.stems(word)[0][0] for word in SOFTENED] == NOUNS


def test_text_shows_how_words_end_otherwise():
    stems = [f"{first}a{middle}" for first in "bdfgk" for middle in ("rt", "lm", "st")]
    affixes = with_changed_borders(Affixes(), [f"{stem}ur" for stem in stems], [f"{stem}ar" for stem in stems])
    assert affixes.votes == {("", "ar"): {("", "ur"): len(stems)}} and affixes.stems("hestar")[0][0] == "hestur"


def test_what_affixes_explain_votes_for_no_border():
    plain = Affixes({("", "ni"): {("", ""): 9}})
    assert with_changed_borders(plain, NOUNS, [f"{word}ni" for word in NOUNS]).votes == plain.votes


@pytest.mark.parametrize("n", [MIN_WORDS - 1, MIN_WORDS])
def test_few_words_change_no_border(n):
    assert bool(with_changed_borders(Affixes(), NOUNS, SOFTENED[:n]).votes) == (n >= MIN_WORDS)


def test_a_change_that_explains_few_of_the_words_that_begin_so_is_chance():
    others = [f"g{a}{b}{c}xyz" for a in "aeiou" for b in "lmnrst" for c in "bdfgk"]
    assert ("g", "") not in with_changed_borders(Affixes(), NOUNS, [*SOFTENED, *others]).votes


def test_affixes_that_were_learnt_keep_their_votes_and_are_not_changed_in_place():
    plain = Affixes({("", "ar"): {("", "ur"): 99}, ("g", ""): {("", ""): 4}})
    before = format_affixes(plain)
    found = with_changed_borders(plain, NOUNS, [word for word in SOFTENED if not word.startswith("g")])
    assert format_affixes(plain) == before and found.votes["", "ar"] == {("", "ur"): 99} and found.votes["b", ""] == {("p", ""): 12}


@given(st.lists(st.text("abcd", min_size=1, max_size=7), max_size=30), st.lists(st.text("abcd", min_size=1, max_size=7), max_size=30))
def test_a_border_is_never_empty_and_at_most_three_letters(known, text):
    for (new, ending), instead in with_changed_borders(Affixes(), set(known), text).votes.items():
        for opening, cut in instead:
            assert bool(new) == bool(opening) != bool(ending) == bool(cut)
            assert max(map(len, (new, opening, ending, cut))) <= 3
