"""InjongoIntent's JSON lines."""

import json

import pytest

from lowres.formats.injongo import read_injongo
from lowres.utterance import Slot
from tests.formats.samples import refusal, rows


def record(text="niamshe saa tatu", spans=((8, 16, "TIME"),), **fields):
    listed = [{"start_byte": a, "limit_byte": b, "label": c} for a, b, c in spans]
    return json.dumps({"example_id": "train-0", "intent": "alarm", "text": text, "spans": listed} | fields)


def test_offsets_count_characters_of_the_text_as_published(tmp_path):
    text = "a\u0301a\u0301 ago me\u0301ta "  # decomposed, as some published Yoruba is
    one = rows(read_injongo, tmp_path, record(text, [(5, 14, "TIME")]).replace("\\u0301", "\u0301"))[0]
    assert one.text == "\u00e1\u00e1 ago m\u00e9ta"
    assert one.slot_text(one.slots[0]) == "ago m\u00e9ta"


def test_locale_and_partition_are_given(tmp_path):
    one = rows(read_injongo, tmp_path, record(), "mine.jsonl", locale="sw-KE", partition="test")[0]
    assert (one.locale, one.partition, one.slots) == ("sw-KE", "test", (Slot(name="TIME", start=8, end=16),))


def test_ids_that_start_anew_with_each_intent_are_told_apart(tmp_path):
    found = rows(read_injongo, tmp_path, record() + "\n" + record(intent="music"))
    assert [one.id for one in found] == ["train-0-alarm", "train-0-music"]


def test_a_span_that_overlaps_an_earlier_one_is_left_out(tmp_path):
    one = rows(read_injongo, tmp_path, record(spans=[(8, 16, "TIME"), (12, 16, "NUMBER")]))[0]
    assert [slot.name for slot in one.slots] == ["TIME"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (record(spans=[(True, 16, "T")]), "a.tsv:1: a span from True to 16; whole numbers from 0 to 16, in order"),
        (record(spans=[(0.0, 16, "T")]), "a.tsv:1: a span from 0.0 to 16"),
        (record(spans=[(-1, 16, "T")]), "a.tsv:1: a span from -1 to 16"),
        (record(spans=[(4, 4, "T")]), "a.tsv:1: a span from 4 to 4"),
        (record(spans=[(0, 17, "T")]), "a.tsv:1: a span from 0 to 17"),
        (record(spans=[(0, 16, None)]), "a.tsv:1: no 'label'; 'label' with text"),
        (record(spans=[(0, 16, 3)]), "a.tsv:1: 'label' that is int"),
        (record(text=None), "a.tsv:1: no 'text'; 'text' with text"),
        ('{"text": "a", "spans": {}}', "a.tsv:1: no list 'spans'; spans: [{start_byte, limit_byte, label}, …]"),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path, line, message):
    assert refusal(read_injongo, tmp_path, line).startswith(message)
