"""Affixes: learnt from tables and from text, lemmas found under them, and their file form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowres.affixes import (
    LEFT,
    MAX_AFFIX,
    MIN_ROOT,
    MIN_STEM,
    MIN_VOTES,
    MIN_WORDS,
    RIGHT,
    Affixes,
    format_affixes,
    learn_affixes,
    parse_affixes,
    with_changed_borders,
    with_roots,
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


@given(affix_tables, st.sampled_from(["", LEFT, RIGHT]), st.lists(st.text("abу", min_size=1, max_size=3), max_size=2))
def test_affixes_survive_their_file_form(votes, grows, listed):
    affixes = Affixes(votes, grows, tuple(listed))
    assert parse_affixes(format_affixes(affixes)) == affixes


@given(affix_tables)
def test_equal_affixes_give_equal_bytes_whatever_their_order(votes):
    assert format_affixes(Affixes(votes)) == format_affixes(Affixes(dict(reversed(votes.items()))))


def test_no_affixes_are_an_empty_file():
    assert format_affixes(Affixes()) == ""
    assert parse_affixes("").votes == {}


@pytest.mark.parametrize("text", [
    "a\tb\tc\t0\n", "a\tb\tc\t-3\n", "a\tb\tc\tx\n", "a\tb\tc\t1\td\te\n", "a\tb\n", "a\n",
    "listed\ta\n" * 4, "listed\tabcd\n", "grows\tup\n", "grows\tleft\n" * 2])  # fmt: skip
def test_another_file_is_refused(text):
    with pytest.raises(ValueError):
        parse_affixes(text)


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


# --- roots


TURKISH = [f"{first}{vowel}{middle}" for first in "bdkst" for vowel in "aeiou" for middle in ("lmak", "rmek", "ndır", "vuz")]


def test_turkish_words_grow_to_the_right_and_its_verbs_end_in_two_ways():
    known = [f"{word}{ending}" for word in TURKISH for ending in ("ol", "an")]
    text = [f"{word}{suffix}" for word in known for suffix in ("lar", "ım")]
    verbs = [f"{stem}{ending}" for ending in ("mek", "mak") for stem in TURKISH[:40]]
    affixes = with_roots(Affixes(), known, verbs, text)
    assert affixes.grows == RIGHT and affixes.listed == ("mak", "mek")
    assert list(affixes.roots("alarmın"))[:6] == ["alarmınmak", "alarmınmek", "alarmı", "alarmımak", "alarmımek", "alarm"]


def test_swahili_words_grow_to_the_left_and_no_ending_is_given_back():
    known = [f"{word}a" for word in TURKISH]
    affixes = with_roots(Affixes(), known, known, [f"{prefix}{word}" for word in known for prefix in ("nina", "tuli")])
    assert affixes.grows == LEFT and affixes.listed == ("a",)
    assert list(affixes.roots("ninasoma")) == ["inasoma", "nasoma", "asoma", "soma"]


def test_without_text_the_dictionary_shows_where_words_grow():
    known = [*TURKISH, *(f"{word}ecek" for word in TURKISH)]
    assert with_roots(Affixes(), [f"{word}e" for word in known], (), ()).grows == RIGHT
    assert with_roots(Affixes(), (), (), ()) == Affixes()


def test_words_that_grow_on_both_sides_have_no_roots():
    known = [f"{word}st" for word in TURKISH]
    text = [f"{word}en" for word in known] + [f"en{word}" for word in known]
    affixes = with_roots(Affixes(), known, (), text)
    assert affixes.grows == "" and list(affixes.roots("alarmın")) == []


def test_verbs_that_are_listed_in_two_ways_need_not_be_as_many():
    verbs = [f"{stem}{'mek' if i % 8 < 5 else 'mak'}" for i, stem in enumerate(TURKISH)]
    assert with_roots(Affixes(), (), verbs, ()).listed == ("mek", "mak")


def test_no_root_is_looked_for_in_a_word_without_end():
    assert list(Affixes({}, RIGHT, ("mak",)).roots("a" * 49)) == []


def test_an_ending_of_all_longer_ones_is_not_listed_and_few_verbs_list_none():
    assert with_roots(Affixes(), (), [f"{word}алу" if i % 3 else f"{word}у" for i, word in enumerate(TURKISH)], ()).listed == ("у",)
    assert with_roots(Affixes(), (), [f"{word}у" for word in TURKISH[:29]], ()).listed == ()


@given(st.text(max_size=12), st.sampled_from(["", LEFT, RIGHT]), st.lists(st.text(min_size=1, max_size=3), max_size=2))
def test_a_root_is_an_end_of_the_word_and_never_shorter_than_the_least(word, grows, listed):
    for root in Affixes({}, grows, tuple(listed)).roots(word):
        plain = [root, *(root.removesuffix(ending) for ending in listed)]
        assert any(word.startswith(one) if grows == RIGHT else word.endswith(one) for one in plain)
        assert len(root) >= min(MIN_ROOT, len(word))
