from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from qa.ingest.ahead import ahead


def test_items_come_in_order_and_are_made_by_another_thread() -> None:
    makers = list(ahead((threading.get_ident() for _ in range(1)), 2))
    assert makers != [threading.get_ident()]
    assert list(ahead(iter(range(50)), 3)) == list(range(50))
    assert list(ahead(iter(()), 3)) == []


def test_no_more_are_made_ahead_than_wanted() -> None:
    made: list[int] = []
    fourth = threading.Event()

    def items() -> Iterator[int]:
        for number in range(10):
            made.append(number)
            if number == 3:
                fourth.set()
            yield number

    with closing(ahead(items(), 2)) as line:
        assert next(line) == 0
        assert not fourth.wait(0.05)
        assert next(line) == 1
        assert fourth.wait(10)
    assert made == [0, 1, 2, 3]


def test_what_making_them_raises_comes_in_its_place() -> None:
    line = ahead((1 // number for number in (1, 0)), 2)
    assert next(line) == 1
    with pytest.raises(ZeroDivisionError):
        next(line)
