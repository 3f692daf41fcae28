"""What to ask next: the queue keeps its promises, and the estimate is right on the mean and says how sure it is."""

import json
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowres.collection.asking import FLOOR, estimate, order_prompts, plan, quotas, uncertainties
from lowres.errors import LowresError
from lowres.evaluation import Answer
from lowres.utterance import Slot, Utterance, format_utterance

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "asking.py"

INTENTS = ["alarm_set"] * 6 + ["play_music"] * 3 + ["weather_query"] * 2 + ["joke"]


def prompt(id: str, intent: str | None = "alarm_set", *slots: str) -> Utterance:
    text = " ".join(["wake", *slots])
    starts = [text.index(slot, 4) for slot in slots]
    marked = tuple(Slot(name=slot, start=start, end=start + len(slot)) for slot, start in zip(slots, starts, strict=True))
    return Utterance(id=id, text=text, locale="en-US", intent=intent, slots=marked)


def many(n: int, seed: int = 0) -> tuple[list[Utterance], dict[str, float], dict[str, float]]:
    """Prompts, their uncertainty, and outcomes that follow it as badly as real ones do."""
    rng = random.Random(seed)
    prompts = [prompt(str(i), rng.choice(INTENTS), *(["time"] if rng.random() < 0.4 else [])) for i in range(n)]
    doubt = {one.id: rng.choice([1.0, rng.random(), rng.random() ** 3]) for one in prompts}
    return prompts, doubt, {one.id: float(rng.random() > 0.15 + 0.7 * doubt[one.id]) for one in prompts}


def answer(id: str, said: str, confidence: float) -> Answer:
    return Answer(gold=prompt(id), predicted=prompt(id, said), confidence=confidence)


# --- uncertainty


def test_uncertainty_is_one_where_the_reading_is_wrong_however_sure():
    found = uncertainties([[answer("a", "alarm_set", 0.9), answer("b", "joke", 0.99)], [answer("a", "alarm_set", 0.5)]])
    assert found == {"a": pytest.approx(0.3), "b": 1.0}


@pytest.mark.parametrize("wrong", [-0.1, 1.1, float("inf")])
def test_what_is_no_probability_is_refused(wrong):
    with pytest.raises(LowresError, match="0 to 1"):
        plan([prompt("a")], {"a": wrong})


def test_an_id_twice_is_refused():
    with pytest.raises(LowresError, match="id a twice"):
        plan([prompt("b"), prompt("a"), prompt("a")], {})


# --- the queue


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_the_queue_holds_all_that_is_left_once_and_the_skipped_last(data):
    prompts, doubt, _ = many(data.draw(st.integers(0, 40)), data.draw(st.integers(0, 5)))
    ids = [one.id for one in prompts]
    some = st.lists(st.sampled_from([*ids, "unknown"]), unique=True)
    collected, skipped = data.draw(some), data.draw(some)
    order = order_prompts(prompts, collected=collected, skipped=skipped, uncertainty=doubt, person=data.draw(st.text()))
    assert sorted(order) == sorted(set(ids) - set(collected))
    late = [one for one in skipped if one in ids and one not in collected]
    assert order[len(order) - len(late) :] == late


def test_the_same_person_is_asked_the_same_and_another_something_else():
    prompts, doubt, _ = many(300)
    first, again, other = (order_prompts(prompts, collected=[], uncertainty=doubt, person=who) for who in ("ann", "ann", "ben"))
    assert first == again and first != other
    assert len(set(first[:50]) & set(other[:50])) < 25


def test_a_plan_gives_the_order_of_its_prompts():
    prompts, doubt, _ = many(100)
    given_plan = order_prompts(plan(prompts, doubt), collected=["3"], person="ann")
    assert given_plan == order_prompts(prompts, collected=["3"], uncertainty=doubt, person="ann")


def test_what_others_collected_leaves_the_rest_of_an_intent_in_its_order():
    prompts, doubt, _ = many(200)
    intents = {one.id: one.intent for one in prompts}
    before = order_prompts(prompts, collected=[], uncertainty=doubt, person="ann")
    gone = set(before[5:60:3])
    after = order_prompts(prompts, collected=gone, uncertainty=doubt, person="ann")
    for intent in set(INTENTS):
        left = [one for one in before if one not in gone and intents[one] == intent]
        assert left == [one for one in after if intents[one] == intent]


def test_any_beginning_has_every_intent_at_its_pace():
    prompts, _, _ = many(600)
    shares = Counter(one.intent for one in prompts)
    intents = {one.id: one.intent for one in prompts}
    order = order_prompts(prompts, collected=[], person="ann")
    for n in (12, 60, 240):
        heard = Counter(intents[one] for one in order[:n])
        assert all(abs(heard[intent] - n * share / len(prompts)) <= 1.5 for intent, share in shares.items())


def test_the_intent_that_the_collection_lacks_comes_first():
    prompts, _, _ = many(240)
    intents = {one.id: one.intent for one in prompts}
    without = [one.id for one in prompts if one.intent != "joke"][:150]
    order = order_prompts(prompts, collected=without, person="ann")
    assert [intents[one] for one in order[:5]] == ["joke"] * 5


def test_a_label_that_few_prompts_have_comes_sooner():
    prompts = [prompt(str(i), "alarm_set", *(["place"] if i in (17, 256) else [])) for i in range(400)]
    places = [min(map(order_prompts(prompts, collected=[], person=f"p{k}").index, ("17", "256"))) for k in range(100)]
    assert np.mean(places) < 110  # in a random order 133


def test_what_is_open_is_asked_more_often_than_what_is_clear():
    prompts = [prompt(str(i)) for i in range(900)]
    doubt = {one.id: (0.0, 0.5, 1.0)[i % 3] for i, one in enumerate(prompts)}
    order = order_prompts(prompts, collected=[], uncertainty=doubt, person="ann")
    asked = Counter(doubt[one] for one in order[:110])
    assert asked[0.5] > 1.5 * asked[0.0] and abs(asked[0.0] - asked[1.0]) <= 2


def test_twelve_thousand_prompts_are_ordered_between_two_clicks():
    prompts, doubt, _ = many(12_000)
    seen = plan(prompts, doubt)
    spent = []
    for _ in range(5):
        start = process_time()
        order_prompts(seen, collected=[str(i) for i in range(1000)], person="ann")
        spent.append(process_time() - start)
    assert min(spent) < 0.1


# --- quotas


def test_quotas_follow_the_prompts_with_a_floor_and_never_ask_for_more_than_there_are():
    prompts = [prompt(f"a{i}", "alarm_set", "time") for i in range(196)] + [prompt(f"b{i}", "joke") for i in range(3)] + [prompt("c", None)]
    found = {(one.kind, one.name): one for one in quotas(prompts, ["a1", "a1", "b1", "elsewhere"], target=100)}
    assert found["intent", "alarm_set"].target == found["slot", "time"].target == 98 and found["slot", "time"].missing == 97
    assert (found["intent", "joke"].target, found["intent", "joke"].missing) == (FLOOR, FLOOR - 1)
    assert found["intent", ""].target == 1


def test_what_lacks_most_is_named_first_and_nothing_lacks_in_the_end():
    prompts, _, _ = many(300)
    missing = [one.missing for one in quotas(prompts, [])]
    assert missing == sorted(missing, reverse=True) and missing[0] > missing[-1] > 0
    assert {one.missing for one in quotas(prompts, [one.id for one in prompts])} == {0}
    assert quotas([], []) == ()


# --- estimate


def test_all_prompts_give_their_mean_and_no_doubt():
    prompts, doubt, outcomes = many(300)
    found = estimate(prompts, outcomes, doubt)
    truth = np.mean(list(outcomes.values()))
    assert (found.score.value, found.score.low, found.score.high) == tuple([pytest.approx(truth)] * 3)
    assert found.n == found.n_prompts == 300


def test_without_uncertainty_a_random_sample_gives_its_mean_as_it_is():
    prompts, _, outcomes = many(300)
    some = {one: outcomes[one] for one in list(outcomes)[:100]}
    found = estimate(prompts, some, by_queue=False)
    assert found.score.value == pytest.approx(np.mean(list(some.values()))) and found.plain == pytest.approx(found.score.value)
    assert found.worth == pytest.approx(100, rel=0.05)


@pytest.fixture(scope="module")
def trials():
    """(truth, by queue, at random and plain) of 150 samples of 120, over several populations."""
    rows = []
    for seed in range(10):
        prompts, doubt, outcomes = many(1500, seed)
        seen, truth = plan(prompts, doubt), np.mean(list(outcomes.values()))
        for k in range(15):
            asked = order_prompts(seen, collected=[], person=f"person {k}")[:120]
            drawn = random.Random(k).sample(list(outcomes), 120)
            by_queue = estimate(seen, {one: outcomes[one] for one in asked})
            at_random = estimate(prompts, {one: outcomes[one] for one in drawn}, by_queue=False)
            rows.append((truth, by_queue, at_random))
    return rows


def test_the_estimate_is_right_on_the_mean_although_the_queue_prefers_some_prompts(trials):
    assert abs(np.mean([one.score.value - truth for truth, one, _ in trials])) < 0.012


def test_the_estimate_is_nearer_to_the_truth_than_a_random_sample(trials):
    ours, theirs = (np.mean([abs(row[k].score.value - row[0]) for row in trials]) for k in (1, 2))
    assert ours < 0.9 * theirs


def test_the_interval_has_the_truth_as_often_as_it_says(trials):
    for k in (1, 2):
        assert np.mean([row[k].score.low <= row[0] <= row[k].score.high for row in trials]) >= 0.9
    assert np.mean([one.worth for _, one, _ in trials]) > 1.2 * 120


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(0, 3), st.sampled_from([0.0, 1.0, None]), st.booleans())
def test_an_estimate_of_however_few_stays_between_none_and_all(n, seed, always, by_queue):
    prompts, doubt, outcomes = many(60, seed)
    some = {one: outcomes[one] if always is None else always for one in random.Random(seed).sample(list(outcomes), n)}
    found = estimate(prompts, some, doubt, by_queue=by_queue)
    assert 0 <= found.score.low <= found.score.value <= found.score.high <= 1
    assert found.score.high > found.score.low or n == 60


def test_nothing_collected_is_said():
    with pytest.raises(LowresError, match="no collected prompt"):
        estimate([prompt("a")], {"b": 1.0})


# --- the benchmark


def test_the_benchmark_prints_the_error_of_each_way(tmp_path):
    prompts, doubt, outcomes = many(400)
    rows = [
        {"prompt": format_utterance(one), "exact": outcomes[one.id] > 0, "doubt": {"english": doubt[one.id]}} for one in prompts
    ]
    (tmp_path / "swh-massive-dev.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    command = [sys.executable, BENCHMARK, "swh-massive", "--cache", tmp_path, "--repetitions", "30", "--utterances", "60"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "400 prompts, exact match" in done.stdout
    table = dict(line.strip("| ").split(" | ", 1) for line in done.stdout.splitlines() if line.startswith(("| at", "| queue")))
    errors = {way: float(cells.split(" | ")[0]) for way, cells in table.items()}
    assert len(errors) == 5 and errors["at random, estimate"] < errors["at random, plain mean"]
