"""Names in a script: pairs found in CLDR and the lexicon, spelling learnt from them, what stays."""

import dataclasses
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowres.language import read_language
from lowres.lexicon import Entry, SourcedEntry, build_lexicon
from lowres.names import country_names, in_script, learn_names, lexicon_pairs, spell_name

KAZAKH = dataclasses.replace(read_language("hye"), iso639_3="kaz", bcp47="kk", script="Cyrl")
ROWS = [("Astana", "Астана", "PROPN"), ("Jane", "Джейн", "PROPN"), ("piano", "пианино", "NOUN"), 
        ("New York", "Нью-Йорк", "PROPN"), ("wiki", "wiki", "NOUN"), ("x-ray", "рентген", "NOUN")]  # fmt: skip
LEXICON = build_lexicon(SourcedEntry(Entry(*row, 0), "lexicon") for row in ROWS)


def test_countries_have_their_names_in_the_languages_script():
    found = dict(country_names(KAZAKH))
    assert found["germany"] == "германия" and found["chad"] == "чад" and len(found) > 100
    assert all(in_script("Cyrl").fullmatch(name) for name in found.values())


def test_cldr_without_the_language_gives_no_pair():
    assert list(country_names(dataclasses.replace(KAZAKH, iso639_3="udm", bcp47="udm"))) == []


def test_pairs_of_single_words_in_the_script_are_taken_from_the_lexicon():
    assert sorted(lexicon_pairs(KAZAKH, LEXICON, names=True)) == [("astana", "астана"), ("jane", "джейн")]
    assert list(lexicon_pairs(KAZAKH, LEXICON, names=False)) == [("piano", "пианино")]


@pytest.fixture(scope="module")
def speller():
    return learn_names(KAZAKH, LEXICON)


@pytest.mark.parametrize(("name", "spelt"), [
    ("barracuda", "барракуда"), ("bazzi", "бази"), ("tina", "тина"), ("alexander", "александер"), ("bob's", "боб"),
    ("r2d2", "р2д2"), ("42", "42"), ("астана", "астана"), ("", ""),
])  # fmt: skip
def test_names_are_spelt_and_what_is_no_latin_letter_stays(speller, name, spelt):
    assert spell_name(name, speller) == spelt


@pytest.mark.parametrize(("name", "size"), [("\u0301", 0), ("\u0301" * 100, 0), ("a" * 10_000, 10_000), ("日本", 2)])
def test_what_is_no_name_makes_no_error(speller, name, size):
    assert len(spell_name(name, speller)) == size


def test_a_vowel_sign_that_opens_a_word_becomes_the_letter():
    rows = [("kira", "किरा"), ("rima", "रिमा"), ("mika", "मिका"), ("kami", "कामि"), ("rika", "रिका")]
    hindi = dataclasses.replace(KAZAKH, iso639_3="hin", bcp47="hi", script="Deva")
    learnt = learn_names(hindi, build_lexicon(SourcedEntry(Entry(a, b, "PROPN", 0), "lexicon") for a, b in rows * 3))
    for name in ("ika", "umi", "era"):
        spelt = spell_name(name, learnt)
        assert unicodedata.category(spelt[0]) == "Lo" and spell_name("k" + name, learnt)[0] == "क", spelt
    assert spell_name("ika", learnt)[0] == "इ"


def test_a_script_without_a_property_of_its_name_is_any_but_latin():
    assert in_script("Jpan").fullmatch("東京") and not in_script("Kore").fullmatch("seoul")


@settings(max_examples=50, deadline=None)
@given(name=st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=1, max_size=15))
def test_no_latin_letter_is_left(speller, name):
    assert not any("a" <= letter <= "z" for letter in spell_name(name, speller))
