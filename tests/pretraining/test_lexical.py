"""What the lexicons say, and what their words sound like."""

import random
from collections import Counter

import pytest

from lowres.pretraining.corpus import Material
from lowres.pretraining.hearing import hear
from lowres.pretraining.lexical import heaps, meanings, spoken, translations
from lowres.utterance import Utterance

ENTRIES = {
    "zul": [("to run", "gijima"), ("the dog", "inja"), ("very old", "ndala"), ("dog", "umgodoyi"), ("sing", "x y z")],
    "swh": [("dog", "mbwa"), ("run", "inja"), ("house", "nyumba")],
}


def _utterance(text: str, locale: str = "en-US") -> Utterance:
    return Utterance(id=text, text=text, locale=locale, intent="a")


@pytest.fixture
def material() -> Material:
    said = {"d/en-US": [_utterance("run run run run dog."), _utterance("a Dog")], "d/de-DE": [_utterance("nyumba", "de-DE")]}
    return Material(utterances=said, entries=ENTRIES, inflected={"zul": {"gijima": ["bagijima"]}})


def test_single_words_have_translations_and_their_forms(material):
    """Without article and "to"; no gloss of several words, no translation of more than two."""
    assert translations(material) == {
        "zul": {"run": ["gijima", "bagijima"], "dog": ["inja", "umgodoyi"]},
        "swh": {"dog": ["mbwa"], "run": ["inja"], "house": ["nyumba"]},
    }


def test_heaps_hold_the_words_of_the_source_by_the_root_of_how_often_they_are_said(material):
    counted = Counter(word for heap in heaps(material, random.Random(1)) for word in heap.split())
    assert set(counted) == {"run", "dog", "a"} and 3 <= min(len(heap.split()) for heap in heaps(material, random.Random(1)))
    assert counted["run"] / counted["a"] == pytest.approx(2, rel=0.05)
    assert counted["dog"] / counted["a"] == pytest.approx(2**0.5, rel=0.05)
    assert heaps(material, random.Random(1)) == heaps(material, random.Random(1)) and heaps(Material(), random.Random(1)) == []


def test_languages_are_spoken_in_the_words_of_heaps(material):
    found = {language: Counter(text.split()) for language, text in spoken(material, random.Random(1))}
    assert set(found["zul"]) == {"gijima", "bagijima", "inja", "umgodoyi"} and set(found["swh"]) == {"mbwa", "inja"}
    assert found["zul"]["inja"] / found["zul"]["umgodoyi"] == pytest.approx(1, rel=0.1)


def test_a_word_means_what_any_lexicon_says_unless_an_utterance_says_it(material):
    assert meanings(material) == {
        "gijima": ["run"], "bagijima": ["run"], "inja": ["dog", "run"], "umgodoyi": ["dog"], "mbwa": ["dog"],
    }  # nyumba is German here


@pytest.mark.parametrize("name", ["jpn", "cop", "my words", "calls", "ßß"])
def test_what_nobody_has_a_table_for_is_not_heard(name):
    assert hear(["x"], name) is None


def test_words_that_differ_in_voice_differ_in_little_else():
    pata, bada, sisi = hear(["pata", "bada", "sisi"], "swh")
    apart = [sum(abs(x - y) for x, y in zip(pata, other, strict=True)) for other in (bada, sisi)]
    assert len(pata) == 24 and 0 < apart[0] < apart[1] and all(-1 <= x <= 1 for x in pata)
    assert hear(["12", "pata"], "swh") == [None, pata]
