from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.evaluate.curves import Bin, Point, curve, reliability, spread

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


def test_bins_tell_the_mean_confidence_and_the_share_that_is_answerable() -> None:
    assert reliability([0.05, 0.25, 0.25, 1.0], [False, True, False, True]) == [
        Bin(0.05, 0.0, 1),
        Bin(0.25, 0.5, 2),
        Bin(1.0, 1.0, 1),
    ]


@given(pairs)
def test_no_question_is_lost_in_bins(given: list[tuple[float, bool]]) -> None:
    scores, positive = [s for s, _ in given], [p for _, p in given]
    assert sum(b.count for b in reliability(scores, positive)) == len(given)
    assert sum(spread(scores, positive, True)) == sum(positive)
    assert sum(spread(scores, positive, False)) == len(given) - sum(positive)
