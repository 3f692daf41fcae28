"""SNIPS's JSON, one file an intent and partition."""

import pytest

from lowres.formats.snips import read_snips
from tests.formats.samples import refusal, rows

TEXT = '{"Play": [{"data": [{"text": "play "}, {"text": " café ", "entity": "song"}, {"text": "\\n"}]}]}'


def test_chunks_are_joined_and_white_space_is_outside_slots(tmp_path):
    one = rows(read_snips, tmp_path, TEXT, locale="en-US", partition="train")[0]
    assert (one.id, one.text, one.intent, one.partition) == ("train-Play-1", "play  café", "Play", "train")
    assert [(slot.name, one.slot_text(slot)) for slot in one.slots] == [("song", "café")]


def test_latin_1_is_read_where_a_file_is_not_utf_8(tmp_path):
    assert rows(read_snips, tmp_path, TEXT.encode("latin-1")) == rows(read_snips, tmp_path, TEXT)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{\n"Play": [\n', "a.tsv:3: not JSON (Expecting value); whole JSON values"),
        ("[]", "a.tsv: no object with something in it; {intent: "),
        ('{"Play": {}}', "a.tsv: Play: no list with something in it"),
        ('{"Play": [{"data": [{"text": 3}]}]}', "a.tsv: Play[1]: 'text' that is int; 'text' with text"),
        ('{"Play": [{"data": [{"text": "a", "entity": null}]}]}', "a.tsv: Play[1]: no 'entity'"),
        ('{"Play": [{"data": [{"text": " "}]}]}', "a.tsv: Play[1]: text ''; NFC text, not empty"),
        ('{"": [{"data": [{"text": "a"}]}]}', "a.tsv: [1]: an empty intent"),
        ("  \n", "a.tsv: an empty file"),
    ],
)
def test_mistakes_are_named_with_their_place(tmp_path, text, message):
    assert refusal(read_snips, tmp_path, text).startswith(message)
