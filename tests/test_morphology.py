"""Inflection: the table first, then what was learnt from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowres.morphology import Inflection, Inflector, build_paradigms, change_of, parse_features

PAST, PLURAL = frozenset({"V", "PST"}), frozenset({"N", "PL"})


def inflector_of(*rows: tuple[str, str, str], **options) -> Inflector:
    return Inflector(
        build_paradigms(Inflection(lemma, form, parse_features(bundle)) for lemma, form, bundle in rows), **options
    )


@pytest.mark.parametrize(
    ("bundle", "expected"),
    [
        ("V;PRS;3;SG", {"V", "PRS", "3", "SG"}),
        ("V;SG;3;PRES", {"V", "PRS", "3", "SG"}),
        ("N;GEN(1,SG)", {"N", "GEN", "1", "SG"}),
        ("V; PST ;", {"V", "PST"}),
        ("V;SBJV", {"V", "SBJV"}),
        ("V;SUBJ", {"V", "SBJV"}),
        ("", set()),
        (";;", set()),
    ],
)
def test_a_bundle_is_a_set_in_one_spelling(bundle, expected):
    assert parse_features(bundle) == expected


def test_the_table_answers_whatever_the_order_of_features():
    inflector = inflector_of(("go", "went", "V;PST"), ("go", "goes", "3;PRS;V;SG"))
    assert inflector.inflect("go", PAST) == ("went", "table")
    assert inflector.inflect("GO", frozenset({"SG", "V", "3"})) == ("goes", "table")


def test_the_cell_with_fewest_other_features_is_taken():
    inflector = inflector_of(("go", "had gone", "V;PST;PRF"), ("go", "went", "V;PST"), ("go", "gone", "V;PST;V.PTCP"))
    assert inflector.inflect("go", PAST) == ("went", "table")
    assert inflector.inflect("go", PAST | {"PRF"}) == ("had gone", "table")


def test_a_lemma_of_the_table_is_never_guessed():
    inflector = inflector_of(("play", "played", "V;PST"), ("stay", "stayed", "V;PST"), ("may", "may", "V;PRS"))
    assert inflector.inflect("may", PAST) is None


@pytest.mark.parametrize(
    ("rows", "wanted", "lemma", "form"),
    [
        ([("play", "played", "V;PST"), ("stay", "stayed", "V;PST")], PAST, "pray", "prayed"),
        (
            [("leko", "lekiku", "V;PST"), ("sunda", "sundiku", "V;PST"), ("tipo", "tipiku", "V;PST")],
            PAST,
            "miro",
            "miriku",
        ),
        ([("soma", "ulisoma", "V;PST"), ("sema", "ulisema", "V;PST")], PAST, "lima", "ulilima"),
        (
            [("city", "cities", "N;PL"), ("lady", "ladies", "N;PL"), ("dog", "dogs", "N;PL"), ("log", "logs", "N;PL")],
            PLURAL,
            "party",
            "parties",
        ),
        (
            [("city", "cities", "N;PL"), ("lady", "ladies", "N;PL"), ("dog", "dogs", "N;PL"), ("log", "logs", "N;PL")],
            PLURAL,
            "frog",
            "frogs",
        ),
    ],
)
def test_unseen_lemmas_follow_those_with_the_same_ending(rows, wanted, lemma, form):
    assert inflector_of(*rows).inflect(lemma, wanted) == (form, "learnt")


def test_one_example_teaches_nothing():
    rows = [("play", "played", "V;PST")]
    assert inflector_of(*rows).inflect("pray", PAST) is None
    assert inflector_of(*rows, minimum=1).inflect("pray", PAST) == ("prayed", "learnt")


def test_neither_phrases_nor_unknown_bundles_are_inflected():
    inflector = inflector_of(("play", "played", "V;PST"), ("stay", "stayed", "V;PST"))
    assert inflector.inflect("set up", PAST) is None and inflector.inflect("pray", frozenset({"V", "FUT"})) is None


@pytest.mark.parametrize(
    ("lemma", "form", "change"),
    [
        ("play", "played", ("", 0, "ed")),
        ("city", "cities", ("", 1, "ies")),
        ("soma", "ulisoma", ("uli", 0, "")),
        ("go", "went", None),
        ("soma", "nisome", ("ni", 1, "e")),
        ("a", "a", ("", 0, "")),
        ("be", "was", None),
    ],
)
def test_changes_are_prefix_cut_and_ending(lemma, form, change):
    assert change_of(lemma, form) == change


@given(st.text("abc", min_size=1, max_size=7), st.text("abc", max_size=9))
def test_a_change_leads_from_lemma_to_form(lemma, form):
    change = change_of(lemma, form)
    if change is not None:
        prefix, cut, ending = change
        assert prefix + lemma[: len(lemma) - cut] + ending == form


@given(
    st.lists(
        st.tuples(
            st.text("abc", min_size=1, max_size=5),
            st.text("abcd", min_size=1, max_size=6),
            st.sampled_from(["V;PST", "V;FUT"]),
        ),
        max_size=15,
    ),
    st.text("abc", min_size=1, max_size=5),
)
def test_any_table_answers_or_does_not_and_repeats_itself(rows, lemma):
    first, second = inflector_of(*rows), inflector_of(*rows)
    found = first.inflect(lemma, PAST)
    assert found == first.inflect(lemma, PAST) == second.inflect(lemma, PAST)
    cells = {form for one, form, bundle in rows if one == lemma and bundle == "V;PST"}
    assert (
        (found is not None and found[0] in cells and found[1] == "table")
        if cells
        else (found is None or found[1] == "learnt")
    )
