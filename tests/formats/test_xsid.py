"""xSID's CoNLL with BIO slots."""

import pytest

from lowres.formats.xsid import read_xsid
from lowres.utterance import Slot
from tests.formats.samples import refusal, rows

TEXT = "# id = 1\n1\twake\talarm\tO\n2\tfive\talarm\tB-time\n3\tam\talarm\tI-time\n\n1\tstop\tstop\tO\n"


def test_words_are_joined_and_ids_stand_behind_the_partition(tmp_path):
    found = rows(read_xsid, tmp_path, TEXT, "mine.txt", locale="kk", partition="test")
    assert [(one.id, one.text, one.locale, one.partition) for one in found] == [
        ("test-1", "wake five am", "kk", "test"),
        ("test-2", "stop", "kk", "test"),
    ]
    assert found[0].slots == (Slot(name="time", start=5, end=12),)
    assert rows(read_xsid, tmp_path, TEXT)[0].id == "1"


def test_an_i_without_its_b_opens_a_slot(tmp_path):
    one = rows(read_xsid, tmp_path, "1\ta\tx\tI-p\n2\tb\tx\tI-q\n3\tc\tx\tB-q\n")[0]
    assert [(slot.name, one.slot_text(slot)) for slot in one.slots] == [("p", "a"), ("q", "b"), ("q", "c")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1\ta\tx\t\n", "a.tsv:1: '1\\ta\\tx\\t'; number, word, intent, BIO slot"),
        ("1\ta\tx\tB-\n", "a.tsv:1: the slot 'B-'; O, B-name or I-name"),
        ("1\ta\tx\tE-time\n", "a.tsv:1: the slot 'E-time'"),
        ("1\ta\tx\n", "a.tsv:1: '1\\ta\\tx'; number, word, intent, BIO slot, separated by tabs"),
        ("1\ta\tx\tO\n2\tb\ty\tO\n", "a.tsv:1: the intents x and y; one intent an utterance"),
        ("# only a comment\n", "a.tsv: no utterance"),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path, text, message):
    assert refusal(read_xsid, tmp_path, text).startswith(message)
