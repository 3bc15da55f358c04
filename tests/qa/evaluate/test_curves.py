from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluate.curves import Bin, Point, bin_of, curve, reliability, spread

pairs = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


def test_the_curve_goes_from_the_surest_answer_to_all() -> None:
    points = curve([0.9, 0.5, 0.5, 0.1], [True, True, False, False])
    assert points == [Point(0.9, 0.25, 1.0), Point(0.5, 0.75, 2 / 3), Point(0.1, 1.0, 0.5)]


@given(pairs)
def test_answering_all_covers_all(given: list[tuple[float, bool]]) -> None:
    scores, positive = [s for s, _ in given], [p for _, p in given]
    points = curve(scores, positive)
    assert points[-1].coverage == 1.0
    assert points[-1].precision == sum(positive) / len(positive)
    assert [p.coverage for p in points] == sorted({p.coverage for p in points})


def test_bins_tell_the_mean_confidence_and_the_share_that_is_right() -> None:
    assert reliability([0.05, 0.25, 0.25, 1.0], [False, True, False, True]) == [
        Bin(0, 0.05, 0.0, 1),
        Bin(2, 0.25, 0.5, 2),
        Bin(9, 1.0, 1.0, 1),
    ]


def test_a_bin_has_its_lower_bound_and_the_last_both() -> None:
    assert [bin_of(tenth / 10) for tenth in range(11)] == [*range(10), 9]


def test_equal_confidences_share_a_bin_and_without_answers_there_is_none() -> None:
    assert [(b.at, b.count) for b in reliability([0.7] * 3 + [0.1], [True, False, True, False])] == [(1, 1), (7, 3)]
    assert reliability([], []) == []


@pytest.mark.parametrize(
    ("share", "count", "low", "high"),
    # 5 of 10, 0 of 10, 1 of 1: as calculators of the score interval have them
    [(0.5, 10, 0.2366, 0.7634), (0.0, 10, 0.0, 0.2775), (1.0, 1, 0.2065, 1.0)],
)
def test_a_share_has_the_interval_of_wilson(share: float, count: int, low: float, high: float) -> None:
    assert Bin(0, 0.5, share, count).interval == pytest.approx((low, high), abs=1e-4)


@given(pairs)
def test_no_question_is_lost_in_bins(given: list[tuple[float, bool]]) -> None:
    scores, positive = [s for s, _ in given], [p for _, p in given]
    assert sum(b.count for b in reliability(scores, positive)) == len(given)
    assert sum(spread(scores, positive, True)) == sum(positive)
    assert sum(spread(scores, positive, False)) == len(given) - sum(positive)
