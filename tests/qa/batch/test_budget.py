from __future__ import annotations

import threading

import pytest

from qa.batch.budget import Budget, Gate, Price
from qa.batch_input import Row, rows
from qa.types import Usage

ASKED = rows("a?\nb?\nc?\nd?", "text")


def through(gate: Gate, *free: Row, took: int = 0) -> list[str]:
    passed = []
    for row in gate.through(ASKED, [row.name for row in free], threading.Event()):
        passed.append(row.text)
        gate.pay(Usage(took - took // 3, took // 3))
    return passed


def test_a_price_is_for_a_million_tokens_and_cached_ones_cost_nothing() -> None:
    assert Price(2.0, 8.0).of(Usage(500_000, 250_000, 9_000_000)) == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("budget", "spent"),
    [
        (Budget(), False),
        (Budget(tokens=11), False),
        (Budget(tokens=10), True),
        (Budget(cost=0.0001, price=Price(1.0, 1.0)), False),
        (Budget(cost=0.00001, price=Price(1.0, 1.0)), True),
        (Budget(cost=0.00001), False),
        (Budget(cost=0.0, price=Price(0.0, 0.0)), True),
    ],
)
def test_a_budget_is_spent_when_nothing_is_left_of_it(budget: Budget, spent: bool) -> None:
    assert budget.spent(Usage(7, 3, 1_000)) == spent


def test_rows_pass_until_the_budget_is_spent_and_the_others_are_counted() -> None:
    gate = Gate(Budget(tokens=15), None, Usage())
    assert through(gate, took=10) == ["a?", "b?"]
    assert (gate.held, gate.usage) == (2, Usage(14, 6))


def test_rows_that_cost_nothing_pass_a_spent_budget() -> None:
    gate = Gate(Budget(tokens=1), None, Usage(5))
    assert through(gate, ASKED[0], ASKED[2]) == ["a?", "c?"]
    assert gate.held == 2


class Clock(threading.Event):
    """A clock that waiting moves, and the event that is waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 100.0

    def wait(self, timeout: float | None = None) -> bool:
        self.now += timeout or 0
        return False


def test_rows_pass_no_faster_than_the_rate_and_free_ones_do_not_wait() -> None:
    clock = Clock()
    gate = Gate(Budget(), 30, Usage(), lambda: clock.now)
    assert [clock.now for _ in gate.through(ASKED, [ASKED[1].name], clock)] == [100.0, 100.0, 102.0, 104.0]


def test_time_that_an_answer_took_counts_as_waited() -> None:
    clock = Clock()
    gate = Gate(Budget(), 30, Usage(), lambda: clock.now)
    times = []
    for _ in gate.through(ASKED, [], clock):
        times.append(clock.now)
        clock.now += 5
    assert times == [100.0, 105.0, 110.0, 115.0]


def test_a_stop_ends_the_waiting() -> None:
    gate, stop = Gate(Budget(), 0.01, Usage()), threading.Event()
    stop.set()
    assert len(list(gate.through(ASKED, [], stop))) == 4
