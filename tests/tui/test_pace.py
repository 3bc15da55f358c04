"""An estimate needs a basis, counts down, and does not jump."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tui.pace import BASIS, Pace, in_words


class Clock:
    """A clock that is set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_there_is_no_estimate_before_there_is_a_basis_for_one() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert pace.left("read", 10, None) is None
    assert pace.left("embed", 0, 100) is None
    clock.now = 1.0
    assert pace.left("embed", 4, 100) is None  # too soon
    clock.now = BASIS + 10
    assert pace.left("embed", 4, 100) is None  # one group tells nothing of the next
    assert pace.left("embed", 10, 100) == pytest.approx(9 * clock.now)


def test_between_groups_it_counts_down_and_never_below_nothing() -> None:
    clock = Clock()
    pace = Pace(clock)
    for clock.now, done in ((0.0, 0), (5.0, 10), (10.0, 20)):
        left = pace.left("embed", done, 40)
    assert left == pytest.approx(10.0)
    clock.now = 14.0
    assert pace.left("embed", 20, 40) == pytest.approx(6.0)
    clock.now = 99.0
    assert pace.left("embed", 20, 40) == 0.0


def test_groups_of_uneven_length_make_it_drift_not_jump() -> None:
    clock = Clock()
    pace, told = Pace(clock), []
    pace.left("embed", 0, 3200)
    for group in range(1, 60):
        clock.now += (2.0, 8.0)[group % 2]  # short articles, long ones
        left = pace.left("embed", 32 * group, 3200)
        if left is not None:
            told.append(left)
    assert max(abs(one - other) / one for one, other in pairwise(told)) < 0.2


def test_another_stage_begins_without_an_estimate() -> None:
    clock = Clock()
    pace = Pace(clock)
    for clock.now, done in ((0.0, 0), (5.0, 10), (10.0, 20)):
        pace.left("embed", done, 40)
    assert pace.left("index", 1, 2) is None


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, ""),
        (12.0, "less than a minute left"),
        (70.0, "about 1 minute left"),
        (200.0, "about 3 minutes left"),
        (7000.0, "about 2 hours left"),
    ],
)
def test_a_time_is_said_in_steps_that_do_not_flicker(seconds: float | None, said: str) -> None:
    assert in_words(seconds) == said
