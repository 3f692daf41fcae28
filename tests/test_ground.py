"""The ground floors: labels and slots, lexicon, paradigms."""

from lowres.lexicon import Entry, SourcedEntry, build_lexicon, clean_gloss
from lowres.morphology import Inflection, Inflector, build_paradigms, parse_features
from lowres.utterance import label_slots


def test_a_run_of_one_label_is_one_slot():
    slots = label_slots("wake me at five am", ["O", "O", "O", "time", "time"])
    assert [(s.name, s.start, s.end) for s in slots] == [("time", 11, 18)]


def test_glosses_are_cleaned():
    assert clean_gloss("(transitive) to set up, to found", "VERB") == ("set up", "found")
    assert clean_gloss("Alternative form of x", "NOUN") == ()


def test_part_of_speech_decides_between_translations():
    rows = [Entry("book", "kitabu", "NOUN"), Entry("book", "agiza", "VERB", 1)]
    lexicon = build_lexicon(SourcedEntry(row, "a") for row in rows)
    assert lexicon.ranked(("book",), "VERB")[0][0].form == "agiza"
    assert lexicon.ranked(("book",), "NOUN")[0][0].form == "kitabu"


def test_the_table_comes_first_and_unseen_lemmas_follow_their_neighbours():
    cells = [("play", "played"), ("stay", "stayed"), ("go", "went")]
    inflector = Inflector(build_paradigms(Inflection(a, b, parse_features("V;PST")) for a, b in cells))
    assert inflector.inflect("go", frozenset({"PST"})) == ("went", "table")
    assert inflector.inflect("pray", frozenset({"PST"})) == ("prayed", "learnt")
