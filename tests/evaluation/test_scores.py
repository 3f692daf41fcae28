"""Scores against seqeval, intervals against a slow loop, differences and flips."""

import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings

from lowres.errors import LowresError
from lowres.evaluation import Answer, Interval, count, flips, iob2_tags, is_exact, score, score_difference, share, slot_flips, wilson
from lowres.evaluation.scores import resampled_sums
from lowres.utterance import Slot, Utterance
from tests.evaluation.answering import answer, any_answers, random_answers


def seqeval_f1(answered):
    from seqeval.metrics import f1_score
    from seqeval.scheme import IOB2

    gold, predicted = ([iob2_tags(getattr(a, side)) for a in answered] for side in ("gold", "predicted"))
    return f1_score(gold, predicted, mode="strict", scheme=IOB2, average="micro", zero_division=0)


def f1(*answered):
    return score(count(answered), n_resamples=2).slot_f1.value


@pytest.mark.filterwarnings("ignore")  # seqeval's own, where there is no slot at all
@settings(max_examples=200, deadline=None)
@given(any_answers())
def test_slot_f1_is_that_of_seqeval(answered):
    assert score(count(answered), n_resamples=2).slot_f1.value == pytest.approx(seqeval_f1(answered))


def test_a_slot_where_gold_has_none_is_a_false_positive():
    right = answer("amka [time : saa tatu]", "amka [time : saa tatu]")
    spurious = answer("leo sitaki", "[date : leo] sitaki", id="2")
    assert f1(right, spurious) == pytest.approx(2 / 3)


def test_neighbouring_slots_of_one_name_are_two():
    assert iob2_tags(answer("[time : saa] [time : tatu]", "saa tatu").gold) == ["B-time", "B-time"]
    assert f1(answer("[time : saa] [time : tatu]", "[time : saa tatu]")) == 0
    assert f1(answer("[time : saa] [time : tatu]", "[time : saa] [time : tatu]")) == 1


def test_a_slot_of_several_words_counts_only_as_a_whole():
    assert f1(answer("[time : saa tatu asubuhi]", "[time : saa tatu] asubuhi")) == 0
    assert f1(answer("[time : saa tatu] [date : leo]", "[time : saa tatu] leo")) == pytest.approx(2 / 3)


def test_no_slots_anywhere_give_an_f1_of_0_and_can_be_exact():
    one = answer("leo", "leo")
    assert f1(one) == 0 and is_exact(one)


def test_exact_match_needs_the_intent_and_all_slots():
    cases = [
        answer("[date : leo] amka", "[date : leo] amka", id="1"),
        answer("[date : leo] amka", "[date : leo] amka", ("alarm_set", "play_music"), id="2"),
        answer("[date : leo] amka", "[date : leo amka]", id="3"),
        answer("leo amka", "[date : leo] amka", id="4"),
    ]
    assert count(cases).exact.tolist() == [is_exact(case) for case in cases] == [True, False, False, False]
    assert count(cases).intent_right.tolist() == [True, False, True, True]


def slow_scores(answered, drawn):
    """(intent accuracy, slot F1, exact match) of the utterances drawn, one by one."""
    right = predicted = gold = intents = exact = 0
    for i in drawn:
        spans = [{(s.name, s.start, s.end) for s in side.slots} for side in (answered[i].gold, answered[i].predicted)]
        same = answered[i].gold.intent == answered[i].predicted.intent
        right, gold, predicted = right + len(spans[0] & spans[1]), gold + len(spans[0]), predicted + len(spans[1])
        intents, exact = intents + same, exact + (same and spans[0] == spans[1])
    return intents / len(drawn), 2 * right / max(1, gold + predicted), exact / len(drawn)


def slow_interval(values):
    """The 2.5th and the 97.5th percentile, interpolated."""
    ordered = sorted(values)

    def at(share):
        place = share * (len(ordered) - 1)
        low = int(place)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (place - low) * (ordered[high] - ordered[low])

    return at(0.025), at(0.975)


def draws(n, n_resamples, seed):
    return np.random.default_rng(seed).integers(n, size=(n_resamples, n)).tolist()


def flat(scores):
    return [(x.low, x.high) for x in (scores.intent_accuracy, scores.slot_f1, scores.exact_match)]


def test_the_bootstrap_is_that_of_a_slow_loop_with_the_same_draws():
    answered = random_answers(60, seed=1)
    drawn = [slow_scores(answered, rows) for rows in draws(60, 80, seed=5)]
    expected = [slow_interval(column) for column in zip(*drawn, strict=True)]
    found = score(count(answered), n_resamples=80, seed=5)
    assert np.allclose(flat(found), expected)
    assert found.exact_match.value == pytest.approx(slow_scores(answered, range(60))[2])


def test_a_difference_is_paired():
    old, new = random_answers(60, seed=1), random_answers(60, seed=2, accuracy=0.8)
    rows = draws(60, 80, seed=5)
    gaps = [np.subtract(slow_scores(new, drawn), slow_scores(old, drawn)) for drawn in rows]
    found = score_difference(count(old), count(new), n_resamples=80, seed=5)
    assert np.allclose(flat(found), [slow_interval(column) for column in zip(*gaps, strict=True)])
    value = slow_scores(new, range(60))[1] - slow_scores(old, range(60))[1]
    assert found.slot_f1.value == pytest.approx(value)


def test_a_system_does_not_differ_from_itself():
    counts = count(random_answers(50, seed=1))
    nothing = Interval(value=0.0, low=0.0, high=0.0)
    found = score_difference(counts, counts)
    assert (found.intent_accuracy, found.slot_f1, found.exact_match) == (nothing, nothing, nothing)


def test_draws_in_batches_are_those_of_one_go(monkeypatch):
    columns = count(random_answers(40, seed=1)).columns
    whole = resampled_sums(columns, 25, 7)
    monkeypatch.setattr("lowres.evaluation.scores._CELLS", 3 * 40)
    assert (resampled_sums(columns, 25, 7) == whole).all()


def test_a_thousand_resamples_of_a_test_set_take_less_than_a_second():
    counts = count(random_answers(3000, seed=1))
    times = []
    for _ in range(3):
        start = time.process_time()
        score(counts, n_resamples=1000)
        times.append(time.process_time() - start)
    assert min(times) < 1


def test_other_utterances_are_refused():
    with pytest.raises(LowresError, match="3 and 2 utterances"):
        score_difference(count(random_answers(3, seed=1)), count(random_answers(2, seed=1)))
    with pytest.raises(LowresError, match="another gold"):
        flips([answer("leo", "leo")], [answer("[date : leo]", "leo")])
    with pytest.raises(LowresError, match="no utterance"):
        count([])


def test_flips_both_ways_and_by_intent():
    right, wrong = ("[date : leo]", "[date : leo]"), ("[date : leo]", "leo")
    old = [answer(*(right if i < 3 else wrong), id=str(i)) for i in range(4)]
    new = [answer(*(right if i in (0, 3) else wrong), id=str(i)) for i in range(4)]
    found = flips(old, list(reversed(new)))
    assert (found.n, found.negative.value, found.positive.value) == (4, 0.5, 0.25)
    assert [(row.intent, row.n, row.n_negative, row.n_positive) for row in found.intents] == [("alarm_set", 4, 2, 1)]
    assert found.negative.low <= 0.5 <= found.negative.high


def test_intents_that_lost_most_come_first():
    texts = ("[date : leo]", "[date : leo]")
    ids = [("alarm_set", "1"), ("play_music", "2"), ("weather_query", "3")]
    old = [answer(*texts, (intent, intent), id) for intent, id in ids]
    new = [answer(texts[0], "leo" if id == "2" else texts[1], (intent, intent), id) for intent, id in ids]
    assert [row.intent for row in flips(old, new).intents] == ["play_music", "alarm_set", "weather_query"]


def test_a_share_has_its_interval():
    found = share(np.array([True] * 30 + [False] * 70))
    assert found.value == 0.3 and 0.2 < found.low < 0.3 < found.high < 0.4


def test_importing_evaluation_loads_nothing_heavy():
    code = "import lowres.evaluation, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "lowres.evaluation" in loaded
    assert not {"torch", "transformers", "matplotlib", "pydantic", "peft"} & set(loaded)


@pytest.mark.parametrize(("n_true", "n", "low", "high"), [(0, 10, 0.0, 0.2775), (1, 10, 0.0179, 0.4042), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0)])
def test_wilson_is_the_textbooks(n_true, n, low, high):
    """Newcombe 1998, method 3."""
    found = wilson(n_true, n)
    assert (found.value, round(found.low, 4), round(found.high, 4)) == (n_true / n, low, high)


def test_slot_flips_count_both_ways():
    old = [one_slot("wake me at five", "at five", "time", predicted="time"), one_slot("in paris now", "paris", "place", predicted=None)]
    new = [one_slot("wake me at five", "at five", "time", predicted=None), one_slot("in paris now", "paris", "place", predicted="place")]
    assert [(row.slot, row.n, row.n_negative, row.n_positive) for row in slot_flips(old, new)] == [("time", 1, 1, 0), ("place", 1, 0, 1)]


def one_slot(text, span, slot, *, predicted):
    """One gold slot, and what was read there."""
    start = text.index(span)

    def labelled(name):
        slots = (Slot(name=name, start=start, end=start + len(span)),) if name else ()
        return Utterance(id=text, text=text, locale="en", intent="x", slots=slots)

    return Answer(gold=labelled(slot), predicted=labelled(predicted), confidence=0.5)
