from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from qa.batch import workers
from qa.batch.workers import in_order


def uneven(number: int) -> int:
    time.sleep(0.001 * (number * 7 % 5))
    return number * number


@pytest.mark.parametrize("crew", [1, 2, 8, 50])
@pytest.mark.parametrize("count", [0, 1, 30])
def test_results_come_in_the_order_of_the_items(crew: int, count: int) -> None:
    assert list(in_order(uneven, range(count), crew, threading.Event())) == [n * n for n in range(count)]


def test_as_many_are_under_way_at_once_as_there_are_workers() -> None:
    together = threading.Barrier(4, timeout=10)
    assert len(list(in_order(lambda _: together.wait(), range(8), 4, threading.Event()))) == 8


def test_one_worker_is_no_thread_and_takes_an_item_only_when_its_result_is_wanted() -> None:
    taken = []
    items = (taken.append(n) or n for n in range(3))  # type: ignore[func-returns-value]
    results = in_order(lambda _: threading.current_thread(), items, 1, threading.Event())
    assert next(results) is threading.current_thread()
    assert taken == [0]


def test_what_is_raised_is_raised_where_its_result_would_have_been() -> None:
    def failing(number: int) -> int:
        if number == 3:
            raise ValueError("three")
        return number

    results = in_order(failing, range(9), 4, threading.Event())
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="three"):
        next(results)


def test_what_the_items_raise_is_raised_after_the_results_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    results = in_order(uneven, items(), 3, threading.Event())
    assert next(results) == 1
    with pytest.raises(ValueError, match="no more"):
        next(results)


def test_leaving_sets_the_stop_and_takes_no_further_item() -> None:
    stop, taken = threading.Event(), []

    def work(number: int) -> int:
        taken.append(number)
        if number:
            stop.wait(10)
        return number

    with closing(in_order(work, range(100), 3, stop)) as results:
        assert next(results) == 0
    assert stop.is_set()
    assert len(taken) <= 4


def test_a_thread_that_does_not_stop_is_not_waited_for_longer_than_the_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "GRACE", 0.05)
    release = threading.Event()
    results = in_order(lambda number: release.wait(10) if number else True, range(4), 3, threading.Event())
    next(results)
    began = time.monotonic()
    results.close()
    assert time.monotonic() - began < 1
    release.set()
