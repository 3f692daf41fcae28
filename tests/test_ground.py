"""The ground floors: labels and slots, formats, lexicon, paradigms."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowres.errors import LowresError
from lowres.formats.massive import format_massive, parse_annotation, read_massive, write_massive
from lowres.formats.unimorph import read_unimorph
from lowres.lexicon import Entry, SourcedEntry, build_lexicon, clean_gloss
from lowres.morphology import Inflection, Inflector, build_paradigms, parse_features
from lowres.utterance import label_slots


def test_a_run_of_one_label_is_one_slot():
    slots = label_slots("wake me at five am", ["O", "O", "O", "time", "time"])
    assert [(s.name, s.start, s.end) for s in slots] == [("time", 11, 18)]


def test_annotation_gives_text_and_offsets():
    text, slots = parse_annotation("wake me at [time : five am] please", "here")
    assert text == "wake me at five am please"
    assert text[slots[0].start : slots[0].end] == "five am"


def test_an_annotation_that_does_not_close_is_refused():
    with pytest.raises(LowresError, match="bracket"):
        parse_annotation("wake me at [time : five am", "here")


def test_massive_survives_a_round_trip(tmp_path):
    record = {"id": "1", "locale": "en-US", "partition": "train", "intent": "a", "worker_id": "9"}
    record |= {"utt": "at five", "annot_utt": "at [time : five]"}
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(record).encode() + b"\r\n")
    found = list(read_massive(path))
    assert format_massive(found[0]) == record
    write_massive(tmp_path / "b.jsonl", found)
    assert list(read_massive(tmp_path / "b.jsonl")) == found


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(data)
    for reader in (read_massive, read_unimorph):
        try:
            list(reader(path))
        except LowresError as error:
            assert "\n" not in str(error)


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
