"""Two searches as one by their scores alone."""

from __future__ import annotations

import pytest

from benchmarks.fused import Fused, scaled
from qa.retrieve.search import DEPTH
from qa.retrieve.understand import Query
from tests.qa.retrieve.build import Fixed, hit

QUERY = Query("where did snow fall?")


@pytest.mark.parametrize(
    ("scores", "expected"),
    [([], []), ([3.0], [1.0]), ([2.0, 2.0], [1.0, 1.0]), ([4.0, 3.0, 2.0], [1.0, 0.5, 0.0]), ([-1.0, 1.0], [0.0, 1.0])],
)
def test_scores_are_scaled_over_themselves(scores: list[float], expected: list[float]) -> None:
    assert scaled(scores) == expected


def test_fusion_adds_the_weighted_scaled_scores() -> None:
    one = Fixed(hit(1, 0.9), hit(2, 0.8), hit(3, 0.5))
    two = Fixed(hit(3, 20.0), hit(2, 15.0), hit(4, 10.0))
    found = Fused([(one, 3.0), (two, 1.0)]).search(QUERY, 10)
    assert [(h.passage, pytest.approx(h.score)) for h in found] == [(1, 0.75), (2, 0.6875), (3, 0.25), (4, 0.0)]


def test_equal_scores_are_ordered_by_passage() -> None:
    found = Fused([(Fixed(hit(9), hit(2), hit(5)), 1.0)]).search(QUERY, 10)
    assert [h.passage for h in found] == [2, 5, 9]


def test_fused_scores_are_between_0_and_1_and_fall() -> None:
    parts = [(Fixed(*(hit(n, float(n % 5)) for n in range(9))), 0.7), (Fixed(hit(3, -2.0)), 0.3)]
    scores = [h.score for h in Fused(parts).search(QUERY, 10)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_each_part_is_asked_for_the_same_depth() -> None:
    part = Fixed(hit(1))
    Fused([(part, 1.0)]).search(QUERY, 1)
    assert part.asked == [(QUERY, DEPTH)]
