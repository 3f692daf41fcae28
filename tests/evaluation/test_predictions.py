"""Pairing, scored spans, and predictions.jsonl in both directions."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowres.errors import LowresError
from lowres.evaluation import Answer, Prediction, answers, read_predictions, slot_spans, write_predictions
from lowres.evaluation.predictions import format_answer
from lowres.utterance import Slot, Utterance
from tests.evaluation.answering import answer, any_answers, utterance


def test_answers_follow_gold():
    gold = [utterance("leo", id="1"), utterance("kesho", id="2")]
    said = [Prediction(utterance=one, confidence=0.1) for one in reversed(gold)]
    assert [a.gold.id for a in answers(gold, said)] == ["1", "2"]


@pytest.mark.parametrize(
    ("ids", "why"), [(["1"], "1 utterances missing, first 2"), (["1", "2", "3"], "unknown"), (["1", "1"], "twice")]
)
def test_every_id_once_and_on_both_sides(ids, why):
    gold = [utterance("leo", id="1"), utterance("leo", id="2")]
    with pytest.raises(LowresError, match=why):
        answers(gold, [Prediction(utterance=utterance("leo", id=i), confidence=0.1) for i in ids])


def test_gold_needs_an_intent_and_the_same_text():
    with pytest.raises(LowresError, match="no gold intent"):
        answer("leo", "leo", (None, "alarm_set"))
    with pytest.raises(LowresError, match="predicted on 'kesho'"):
        Answer(gold=utterance("leo"), predicted=utterance("kesho"), confidence=0.5)


def test_a_slot_off_the_words_counts_as_the_words_it_touches():
    slots = (Slot(name="a", start=1, end=4), Slot(name="b", start=4, end=5))
    torn = Utterance(id="1", text="ab cd ef", locale="sw-KE", slots=slots)
    assert slot_spans(torn) == [("a", 0, 1)]


@given(any_answers())
def test_predictions_survive_a_round_trip(tmp_path_factory, answered):
    path = tmp_path_factory.getbasetemp() / "predictions.jsonl"
    write_predictions(path, answered)
    assert read_predictions(path) == answered


def test_any_script_and_a_separator_inside_survive(tmp_path):
    odd = [answer("صبح [time : سات بجے]", "صبح سات بجے", id="1"), answer("a\u2028b ሰላም", "a\u2028b ሰላም", id="2")]
    write_predictions(tmp_path / "p.jsonl", odd)
    assert read_predictions(tmp_path / "p.jsonl") == odd


def test_crlf_and_a_mark_are_read_as_if_not_there(tmp_path):
    path = tmp_path / "p.jsonl"
    write_predictions(path, [answer("leo", "leo")])
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_predictions(path) == [answer("leo", "leo")]


def read_or_refused(path):
    try:
        return read_predictions(path)
    except LowresError as error:
        assert "\n" not in str(error)
        return None


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    path.write_bytes(data)
    assert read_or_refused(path) is None or not data.strip(b"\xef\xbb\xbf\r\n \t\x0b\x0c\x1c\x1d\x1e\x1f")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(["id", "text", "locale", "partition", "gold", "predicted", "confidence"]), json_values)
def test_any_value_in_any_place_is_read_or_refused(tmp_path_factory, key, value):
    path = tmp_path_factory.getbasetemp() / "value.jsonl"
    path.write_text(json.dumps(format_answer(answer("[date : leo]", "leo")) | {key: value}), encoding="utf-8")
    found = read_or_refused(path)
    assert found is None or [format_answer(one)[key] for one in found] == [value]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"confidence": 1.5}, "confidence 1.5"),
        ({"confidence": True}, "confidence is True"),
        ({"text": ""}, "NFC text, not empty"),
        ({"surplus": 1}, "an object of id, text"),
        ({"gold": {"intent": None, "slots": []}}, "no gold intent"),
        ({"gold": {"intent": "a", "slots": [{"name": "a", "start": 0, "end": 99}]}}, "inside the text"),
        ({"predicted": {"intent": "a", "slots": [{"name": "a", "start": "0", "end": 1}]}}, "start is '0'"),
    ],
)
def test_a_wrong_field_is_named_with_its_line(tmp_path, change, why):
    records = [format_answer(answer("leo", "leo", id="1")), format_answer(answer("leo", "leo", id="2")) | change]
    path = tmp_path / "p.jsonl"
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    with pytest.raises(LowresError, match=f"p.jsonl:2: .*{why}"):
        read_predictions(path)


def test_an_id_again_and_a_missing_file_are_refused(tmp_path):
    write_predictions(tmp_path / "p.jsonl", [answer("leo", "leo"), answer("leo", "leo")])
    with pytest.raises(LowresError, match="p.jsonl:2: id 1 again"):
        read_predictions(tmp_path / "p.jsonl")
    with pytest.raises(LowresError, match="No such file"):
        read_predictions(tmp_path / "none.jsonl")
