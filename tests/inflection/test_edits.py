"""Letters, alignment and edits."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowres.inflection.edits import COPY, DELETE, END, align, spell_out, vowels

TEXTS = st.text("abcxመሰለ ", max_size=8)


def followed(lemma: str, actions: list[str]) -> str:
    """The form that the actions write."""
    form, i = "", 0
    for action in actions:
        if action == COPY:
            form, i = form + lemma[i], i + 1
        elif action == DELETE:
            i += 1
        elif action != END:
            form += action
    return form


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=6))
def test_aligned_letters_are_the_same_and_in_order(pairs):
    found = align([lemma for lemma, _ in pairs], [form for _, form in pairs])
    for (lemma, form), shared in zip(pairs, found, strict=True):
        assert all(lemma[p] == form[q] for p, q in shared)
        assert all(a < c and b < d for (a, b), (c, d) in pairwise(shared))


@given(TEXTS, TEXTS)
def test_the_edits_lead_from_lemma_to_form(lemma, form):
    [shared] = align([lemma], [form])
    assert followed(lemma, spell_out(lemma, form, shared)) == form


@pytest.mark.parametrize(
    ("lemma", "form", "kept"),
    [("soma", "ulisoma", "soma"), ("anza", "anaanza", "anza"), ("sing", "sang", "sng"), ("ab", "", "")],
)
def test_stems_are_kept_in_few_runs(lemma, form, kept):
    [shared] = align([lemma], [form])
    assert "".join(lemma[p] for p, _ in shared) == kept


def test_vowels_are_found_without_a_list():
    assert vowels(["banana", "melodi", "kobena", "lamido", "tekilo", "dumeno"]) >= set("aeio")
    assert vowels([]) == frozenset()
