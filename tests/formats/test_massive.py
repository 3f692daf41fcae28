"""MASSIVE's JSON lines: round trip, annotation, typical mistakes."""

import json

import pytest

from lowres.errors import LowresError
from lowres.formats.massive import compact_line, format_massive, parse_annotation, read_massive, write_massive
from lowres.utterance import Slot
from tests.formats.samples import refusal, rows

RECORD = {"id": "1", "locale": "en-US", "partition": "train", "intent": "a", "worker_id": "9"}
RECORD |= {"utt": "at five", "annot_utt": "at [time : five]"}


def test_annotation_gives_text_and_offsets():
    text, slots = parse_annotation("wake me at [time : five am] please", "here")
    assert text == "wake me at five am please"
    assert slots == (Slot(name="time", start=11, end=18),)


def test_offsets_count_composed_characters():
    text, slots = parse_annotation("  cafe\u0301 [place : cafe\u0301 noir]", "here")
    assert text == "caf\u00e9 caf\u00e9 noir"
    assert text[slots[0].start : slots[0].end] == "caf\u00e9 noir"


@pytest.mark.parametrize("annotated", ["at [time : five am", "at time : five am]", "at [five]", "[a : [b : c]"])
def test_an_annotation_that_does_not_close_is_refused(annotated):
    with pytest.raises(LowresError, match="a bracket that does not close or open"):
        parse_annotation(annotated, "here")


def test_a_slot_may_not_split_a_character():
    with pytest.raises(LowresError, match="combining mark"):
        parse_annotation("e[a : \u0301x]", "here")


def test_a_long_run_of_spaces_in_a_bracket_is_read_quickly():
    with pytest.raises(LowresError, match="bracket"):
        parse_annotation("[" + " " * 200_000, "here")


def test_it_survives_a_round_trip(tmp_path):
    found = rows(read_massive, tmp_path, json.dumps(RECORD) + "\n")
    assert format_massive(found[0]) == RECORD
    write_massive(tmp_path / "b.jsonl", found)
    assert list(read_massive(tmp_path / "b.jsonl")) == found


def test_locale_and_partition_fill_in_what_a_record_leaves_out(tmp_path):
    bare = {key: value for key, value in RECORD.items() if key not in ("locale", "partition")}
    text = json.dumps(RECORD) + "\n" + json.dumps(bare)
    found = rows(read_massive, tmp_path, text, locale="sw-KE", partition="test")
    assert [(one.locale, one.partition) for one in found] == [("en-US", "train"), ("sw-KE", "test")]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "a.tsv:2: not JSON (Expecting property name enclosed in double quotes); whole JSON values"),
        ("[" * 100_000, "a.tsv:2: not JSON (maximum recursion depth exceeded"),
        ('{"id": ' + "9" * 5000 + "}", "a.tsv:2: not JSON (Exceeds the limit"),
        ("[]", "a.tsv:2: JSON that is a list; one JSON object a line"),
        ('{"id": 7}', "a.tsv:2: 'id' that is int; 'id' with text"),
        (json.dumps(RECORD | {"partition": "validation"}), "a.tsv:2: partition 'validation'; train, dev or test"),
        (json.dumps(RECORD | {"intent": " "}), "a.tsv:2: an empty intent; the intent's name"),
        (json.dumps(RECORD | {"annot_utt": " "}), "a.tsv:2: text ''; NFC text, not empty"),
        (json.dumps(RECORD | {"id": "\ud800"}), "a.tsv:2: half of a surrogate pair; characters of Unicode"),
        (json.dumps(RECORD | {"id": "a\0"}), "a.tsv:2: not JSON (a NUL character)"),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path, line, message):
    assert refusal(read_massive, tmp_path, json.dumps(RECORD) + "\n" + line).startswith(message)


def test_a_backslash_before_u0000_is_no_nul(tmp_path):
    assert rows(read_massive, tmp_path, json.dumps(RECORD | {"id": "\\u0000"}))[0].id == "\\u0000"


def test_a_compact_line_keeps_seven_fields_in_the_publishers_spelling():
    record = {
        "id": "0",
        "locale": "sw-KE",
        "partition": "dev",
        "scenario": "s",
        "intent": "i",
        "utt": "é",
        "annot_utt": "é",
    }
    line = json.dumps(record | {"worker_id": "1"}).encode()
    assert compact_line(line, "a", 1) == (json.dumps(record, ensure_ascii=False) + "\n").encode()
    with pytest.raises(LowresError, match="a:3: not a MASSIVE record"):
        compact_line(b"{}", "a", 3)
