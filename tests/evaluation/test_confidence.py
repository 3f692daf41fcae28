"""Calibration, thresholds and the area under the ROC curve against counts by hand."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowres.errors import LowresError
from lowres.evaluation import area_under_roc, calibrate, choose_threshold, reject

sure = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), min_size=1, max_size=12)


def test_calibration_by_hand():
    found = calibrate([0.9, 0.2, 0.6, 0.8], [True, False, False, True], n_bins=2)
    assert [(b.n, b.low, b.high) for b in found.bins] == [(2, 0.2, 0.6), (2, 0.8, 0.9)]
    assert [(b.confidence, b.accuracy) for b in found.bins] == [(pytest.approx(0.4), 0), (pytest.approx(0.85), 1)]
    assert found.error == pytest.approx((2 * 0.4 + 2 * 0.15) / 4)
    assert found.brier == pytest.approx((0.01 + 0.04 + 0.36 + 0.04) / 4)


def test_equal_confidences_share_their_accuracy_whatever_their_order():
    one = calibrate([0.5] * 4, [True, True, False, False], n_bins=2)
    other = calibrate([0.5] * 4, [False, True, False, True], n_bins=2)
    assert one == other
    assert one.error == 0 and [b.accuracy for b in one.bins] == [0.5, 0.5]


def test_fewer_utterances_than_bins_leave_no_empty_bin():
    assert [b.n for b in calibrate([0.1, 0.9], [False, True]).bins] == [1, 1]


@pytest.mark.parametrize("wrong", [[], [1.1], [float("nan")], [-0.1]])
def test_what_is_no_confidence_is_refused(wrong):
    with pytest.raises(LowresError, match="confidence"):
        calibrate(wrong, [True] * len(wrong))


def test_each_confidence_needs_its_answer():
    with pytest.raises(LowresError, match="2 confidences for 1 answers"):
        calibrate([0.1, 0.2], [True])


@given(sure, sure)
def test_area_under_roc_is_the_share_of_pairs_in_order(inside, outside):
    wins = sum((a > b) + (a == b) / 2 for a in inside for b in outside)
    assert area_under_roc(inside, outside) == pytest.approx(wins / len(inside) / len(outside))


@given(sure, sure)
def test_no_threshold_separates_better_and_none_as_good_is_lower(inside, outside):
    def gain(threshold):
        refused_out, refused_in = (sum(x < threshold for x in side) for side in (outside, inside))
        return refused_out * len(inside) - refused_in * len(outside)

    chosen = choose_threshold(inside, outside)
    values = sorted({*inside, *outside})
    others = [0.0, *((a + b) / 2 for a, b in pairwise(values))]
    best = max(map(gain, others))
    assert chosen == pytest.approx(min(t for t in others if gain(t) == best))


def test_where_all_is_separable_the_threshold_lies_between():
    assert choose_threshold([0.8, 0.9], [0.1, 0.4]) == pytest.approx(0.6)
    assert choose_threshold([0.1, 0.2], [0.8, 0.9]) == 0  # out of domain is surer: refuse nothing


def test_rejection_counts_both_sides():
    found = reject([0.9, 0.7, 0.3, 0.6], [0.1, 0.5], 0.5)
    assert (found.n_in, found.n_out, found.threshold) == (4, 2, 0.5)
    assert (found.out_rejected.value, found.in_rejected.value) == (0.5, 0.25)
    assert found.area_under_roc == pytest.approx(7 / 8)
