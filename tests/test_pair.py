"""What a pair says of its words: source lemma and form, and whether a word may go."""

import pytest

from lowres.pair import Word, changed, inserted, read_pair
from lowres.utterance import Slot, Utterance


@pytest.fixture
def pair():
    return read_pair(Utterance(id="t", text="Turning off alarm clocks", locale="en", slots=(Slot(name="device", start=12, end=24),)))


def test_a_word_begins_with_a_source_lemma_and_form(pair):
    verb = changed(pair.words[0], source=(0, 1), upos="VERB")
    assert (pair.lemma(verb), pair.head_lemma(verb), pair.form(verb)) == ("turn", "turn", "turning")
    noun = changed(pair.words[2], source=(2, 3), upos="NOUN")
    assert (pair.lemma(noun), pair.head_lemma(noun)) == ("alarm", "clock")


def test_an_inserted_word_stands_for_nothing(pair):
    word = inserted("ya", "ADP", "rule:x", features=frozenset({"SG"}))
    assert (word.key, pair.lemma(word), pair.head_lemma(word), pair.form(word), pair.slot(word)) == ("", "", "", "", -1)
    assert (word.form, word.lemma, word.features, word.origin) == ("ya", "ya", {"SG"}, "rule:x")
    assert pair.slot(inserted("ya", "ADP", "rule:x", (2,))) == 0


def test_a_word_that_is_all_of_its_slot_stays(pair):
    outside, part = pair.words[0], pair.words[2]
    assert pair.may_go(outside) and pair.may_go(part)
    assert not pair.may_go(changed(part, source=(2, 3)))


def test_the_key_is_the_gloss_in_lower_case():
    assert Word("x", "x", gloss="How Many").key == "how many"
