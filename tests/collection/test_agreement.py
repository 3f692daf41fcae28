"""Agreement: alpha against published examples and the library, spans, judges, disputes."""

import random
from time import process_time

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowres.collection.agreement import SCALES, alphas, alphas_of, by_item, disputes, judges, span_agreement
from lowres.collection.events import Judged, MarkedSlot, Reading

RIGHT = {"intent": 2, "slots": 2, "grammar": 4, "spelling": 2, "language": 2}
TIME = MarkedSlot(name="time", start=8, end=16, surface="saa moja")
DATE = MarkedSlot(name="date", start=17, end=22, surface="kesho")
OWN = Reading(text="niamshe saa moja kesho", intent="alarm_set", slots=(TIME, DATE))
LATER = Reading(text="naomba uniamshe saa moja", intent="alarm_set", slots=(TIME.model_copy(update={"start": 16, "end": 24}),))


def judged(item: str, person: str, **values) -> Judged:
    return Judged(item=item, person=person, **RIGHT | values)


def from_table(rows, scale: str) -> list[Judged]:
    """One row a judge, one column an item, None where it was not judged."""
    return [
        judged(f"i{item:02}", f"p{person}", **{scale: value})
        for person, row in enumerate(rows)
        for item, value in enumerate(row)
        if value is not None
    ]


def counts_of(rows, values) -> np.ndarray:
    """How many judges gave each value, (items, values)."""
    return np.array([[sum(row[i] == value for row in rows) for value in values] for i in range(len(rows[0]))])


def coincidences(counts: np.ndarray) -> np.ndarray:
    """The coincidence matrix, counted pair by pair."""
    sums = np.zeros((1, counts.shape[1], counts.shape[1]))
    for row in counts:
        given = np.repeat(np.arange(len(row)), row)
        for a in range(len(given)):
            for b in range(len(given)):
                if a != b:
                    sums[0, given[a], given[b]] += 1 / (len(given) - 1)
    return sums


# --- examples A, B and C of Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability"

MEG, OWEN = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
BEN, GERRY = "aabbdcccedda", "babbbccceddd"
N = None
FOUR = [  # of C: four observers, twelve units, some not judged
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]  # fmt: skip


def test_alpha_of_two_values_is_what_a_hand_computes():
    # four of ten items differ: 4 coincidences of 0 with 1; 14 zeros and 6 ones; alpha = 1 - 19 * 4 / (14 * 6)
    found = alphas(from_table([MEG, OWEN], "intent"))["intent"]
    assert found.alpha.value == pytest.approx(1 - 19 * 4 / (14 * 6)) and round(found.alpha.value, 3) == 0.095
    assert (found.n_items, found.n_judgments, found.level) == (10, 20, "nominal")


def test_alpha_of_the_published_ordinal_example():
    rows = [[value and value - 1 for value in row] for row in FOUR]
    assert round(alphas(from_table(rows, "grammar"))["grammar"].alpha.value, 3) == 0.815


def test_our_alphas_of_matrices_meet_the_published_nominal_examples():
    assert round(float(alphas_of(coincidences(counts_of([BEN, GERRY], "abcde")), "nominal")[0]), 3) == 0.692
    pairable = counts_of(FOUR, range(1, 6))[:11]  # the twelfth unit has one value
    assert round(float(alphas_of(coincidences(pairable), "nominal")[0]), 3) == 0.743
    assert round(float(alphas_of(coincidences(pairable), "ordinal")[0]), 3) == 0.815


# --- properties

TABLES = st.integers(2, 4).flatmap(
    lambda n: st.lists(st.tuples(*[st.one_of(st.none(), st.integers(0, 2))] * n), min_size=1, max_size=12)
)


@settings(max_examples=60, deadline=None)
@given(TABLES, st.sampled_from(["nominal", "ordinal"]))
def test_ours_is_the_library_s(items, level):
    counts = counts_of(list(zip(*items, strict=True)), range(3))
    counts = counts[counts.sum(axis=1) > 1]
    if not len(counts) or (counts.sum(axis=0) > 0).sum() < 2:
        return
    expected = krippendorff.alpha(value_counts=counts, level_of_measurement=level)
    assert alphas_of(coincidences(counts), level)[0] == pytest.approx(expected, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(TABLES, st.randoms(use_true_random=False), st.permutations(range(3)))
def test_neither_the_judges_order_nor_the_names_of_nominal_codes_matter(items, rng, renamed):
    rows = [list(row) for row in zip(*items, strict=True)]
    before = alphas(from_table(rows, "intent"), n_resamples=20)["intent"]
    rng.shuffle(rows)
    again = [[value if value is None else renamed[value] for value in row] for row in rows]
    listed = from_table(again, "intent")
    rng.shuffle(listed)
    after = alphas(listed, n_resamples=20)["intent"]
    assert (before.alpha is None) == (after.alpha is None)
    if before.alpha:
        assert (after.alpha.value, after.alpha.low) == (pytest.approx(before.alpha.value), pytest.approx(before.alpha.low))
        assert before.alpha.low <= before.alpha.value <= before.alpha.high <= 1


def test_a_step_counts_on_an_ordinal_scale_only():
    near, far = [[0, 4, 2, 3, 1], [1, 4, 2, 3, 0]], [[0, 4, 2, 3, 1], [4, 0, 2, 3, 1]]
    found = [alphas(from_table(rows, "grammar"))["grammar"].alpha.value for rows in (near, far)]
    assert found[0] > found[1]


def test_alpha_is_undefined_without_pairs_and_without_variety():
    assert all(one.alpha is None for one in alphas([]).values())
    alone = alphas([judged("a", "ann", intent=0), judged("b", "ben")])
    assert {(one.n_items, one.alpha) for one in alone.values()} == {(0, None)}
    same = alphas([judged("a", "ann"), judged("a", "ben"), judged("b", "ann", intent=0)])  # the 0 has no other to compare with
    assert same["intent"].alpha is None and same["intent"].n_items == 1


def test_the_interval_covers_agreement_by_chance():
    rng = random.Random(5)
    found = alphas(from_table([[rng.randrange(3) for _ in range(80)] for _ in range(3)], "slots"))["slots"].alpha
    assert found.low < 0 < found.high and found.high - found.low < 0.4


def test_the_last_attempt_of_a_person_counts_wherever_it_stands():
    first, second = judged("a", "ann", intent=0), judged("a", "ann", attempt=1)
    for order in ((first, second), (second, first)):
        assert by_item(order) == {"a": [second]}


# --- spans


def test_span_agreement_is_the_f1_of_pairs():
    without_date = OWN.model_copy(update={"slots": (TIME,)})
    rows = [judged("a", "ann"), judged("a", "ben"), judged("a", "cat", corrected=without_date)]
    found = span_agreement(rows, {"a": OWN})
    # ann and ben share 2 of 2 and 2, both share 1 of 2 and 1 with cat: (4 + 2 + 2) / (4 + 3 + 3)
    assert found.f1.value == pytest.approx(0.8) and (found.n_items, found.n_pairs) == (1, 3)


def test_a_corrected_text_moves_no_slot_that_still_says_the_same():
    found = span_agreement([judged("a", "ann"), judged("a", "ben", corrected=LATER)], {"a": OWN})
    assert found.f1.value == pytest.approx(2 / 3)


def test_span_agreement_is_undefined_where_nobody_marks_or_shares():
    bare = {"a": Reading(text="habari", intent="greet")}
    assert span_agreement([judged("a", "ann"), judged("a", "ben")], bare).f1 is None
    assert span_agreement([judged("a", "ann")], bare).n_items == span_agreement([], {}).n_pairs == 0


# --- judges


def test_a_judge_is_seen_beside_the_others():
    rows = [judged(item, person) for item in "abc" for person in ("ann", "ben")]
    rows += [judged(item, "eve", grammar=2, intent=0) for item in "abc"] + [judged("d", "eve")]
    eve, *others = judges(rows)
    assert (eve.person, eve.n_items, eve.n_shared) == ("eve", 4, 3)
    assert eve.scales["grammar"].signed == -2 and eve.scales["grammar"].absolute == 2
    assert eve.scales["intent"].signed is None and eve.scales["intent"].absolute == 1
    assert eve.minority == pytest.approx(2 / 5)  # intent and grammar of five scales
    assert [(one.person, one.minority, one.scales["grammar"].signed) for one in others] == [("ann", 0, 1), ("ben", 0, 1)]


def test_signed_deviations_of_a_full_table_add_up_to_nothing():
    rng = random.Random(3)
    table = [[rng.randrange(5) for _ in range(30)] for _ in range(3)]
    found = judges(from_table(table, "grammar"))
    assert sum(one.scales["grammar"].signed for one in found) == pytest.approx(0)
    assert all(one.scales["grammar"].absolute >= abs(one.scales["grammar"].signed) for one in found)


def test_two_judges_have_no_minority_and_one_alone_no_deviation():
    two = judges([judged("a", "ann"), judged("a", "ben", intent=0)])
    assert [one.minority for one in two] == [None, None]
    assert judges([judged("a", "ann")])[0].scales == {} and judges([]) == ()


# --- disputes


@pytest.mark.parametrize(
    ("values", "reasons"),
    [
        ([{}, {}, {}], ()),
        ([{}, {"grammar": 0}, {"spelling": 0}], ()),
        ([{}, {}, {"intent": 1}], ("disagreement",)),
        ([{}, {"intent": 1}], ("no_majority", "disagreement")),
        ([{"intent": 0}, {"intent": 0}], ("wrong_intent",)),
        ([{}, {"intent": 1}, {"intent": 0}], ("no_majority", "wrong_intent", "disagreement")),
        ([{"slots": 0}], ("wrong_slots",)),
        ([{}, {}, {"corrected": OWN.model_copy(update={"slots": (TIME,)})}], ("disagreement", "correction")),
    ],
)
def test_what_needs_a_decision_and_why(values, reasons):
    rows = [judged("a", f"p{i}", **some) for i, some in enumerate(values)]
    found = disputes(rows, {"a": OWN})
    assert [one.reasons for one in found] == ([reasons] if reasons else [])


def test_what_most_speaks_against_comes_first():
    rows = [judged("a", "ann", intent=1), judged("a", "ben"), judged("a", "cat")]
    rows += [judged("b", "ann", slots=0), judged("b", "ben"), judged("c", "ann")]
    assert [one.item for one in disputes(rows, dict.fromkeys("abc", OWN))] == ["b", "a"]


def test_thousands_of_items_do_not_keep_a_page_waiting():
    rng = random.Random(1)
    rows = [
        Judged.model_construct(item=f"i{i}", person=f"p{j}", **RIGHT | {"grammar": rng.randrange(5), "intent": rng.choice([2, 2, 1])})
        for i in range(4000) for j in range(3)
    ]  # fmt: skip
    start = process_time()
    assert set(alphas(rows)) == set(SCALES) and len(judges(rows)) == 3
    assert process_time() - start < 4  # half a second on an idle core
