"""Rows, confusions, costs and unknown words on a handful of answers counted by hand."""

import pytest
from hypothesis import given

from lowres.evaluation import (
    costs,
    count,
    intent_confusions,
    intent_rows,
    is_exact,
    slot_confusions,
    slot_rows,
    unknown_words,
)
from tests.evaluation.answering import answer, any_answers, utterance

ANSWERS = [
    answer("amka [time : saa tatu] [date : leo]", "amka [time : saa tatu] [date : leo]", id="1"),
    answer("amka [time : saa tatu] [date : leo]", "amka [time : saa] tatu leo", id="2"),
    answer("cheza [place : leo]", "cheza [date : leo]", ("play_music", "alarm_set"), id="3"),
    answer("cheza leo", "cheza [date : leo]", ("play_music", "play_music"), id="4"),
]


def test_a_row_per_intent():
    alarm, music = intent_rows(ANSWERS)
    assert (alarm.name, alarm.support, alarm.n_predicted) == ("alarm_set", 2, 3)
    assert (alarm.precision, alarm.recall, alarm.f1) == (pytest.approx(2 / 3), 1, pytest.approx(0.8))
    assert (music.accuracy, music.exact_match, alarm.exact_match) == (0.5, 0, 0.5)


def test_a_row_per_slot():
    rows = {row.name: row for row in slot_rows(ANSWERS)}
    assert (rows["time"].support, rows["time"].n_predicted, rows["time"].recall) == (2, 2, 0.5)
    assert (rows["date"].support, rows["date"].n_predicted) == (2, 3)
    assert rows["date"].precision == pytest.approx(1 / 3)
    assert (rows["place"].n_predicted, rows["place"].precision, rows["place"].f1) == (0, 0, 0)
    assert rows["time"].accuracy == rows["time"].exact_match == 0.5


def test_confusions_name_missed_spurious_and_misplaced_slots():
    assert [(c.gold, c.predicted, c.n) for c in intent_confusions(ANSWERS)] == [("play_music", "alarm_set", 1)]
    found = {(c.gold, c.predicted): c.n for c in slot_confusions(ANSWERS)}
    assert found == {("time", "time"): 1, ("date", "O"): 1, ("place", "date"): 1, ("O", "date"): 1}


def test_costs_say_what_to_mend_first():
    first, *others = costs(ANSWERS)
    assert (first.kind, first.name, first.n, first.n_alone, first.share) == ("slot", "date", 2, 1, 0.5)
    assert first.example == "2"
    assert {(c.kind, c.name, c.n, c.n_alone) for c in others} == {
        ("intent", "play_music", 1, 1),
        ("slot", "time", 1, 0),
    }


@given(any_answers())
def test_costs_cover_every_wrong_utterance(answered):
    found = costs(answered)
    wrong = int((~count(answered).exact).sum())
    assert sum(c.n_alone for c in found) <= wrong <= sum(c.n for c in found)
    assert {c.example for c in found} <= {a.gold.id for a in answered if not is_exact(a)}


def test_unknown_words_are_folded_counted_and_hold_letters():
    said = [utterance("Saa tatu 15"), utterance("saa 15 leo", id="2"), utterance("leo ቀን", id="3")]
    assert unknown_words(said, {"leo"}.__contains__) == (("saa", 2), ("tatu", 1), ("ቀን", 1))
    assert unknown_words(said, {"leo"}.__contains__, limit=1) == (("saa", 2),)
