import threading

import pytest

from vectorstore.crew import Crew, cores


def test_results_come_in_the_order_of_the_items() -> None:
    assert Crew(3).each(lambda item: item * 2, range(20)) == [item * 2 for item in range(20)]


def test_several_items_are_worked_on_at_once() -> None:
    met = threading.Barrier(2, timeout=10)
    assert sorted(Crew(2).each(lambda _: met.wait(), range(2))) == [0, 1]


@pytest.mark.parametrize(("threads", "items"), [(1, 3), (4, 1)])
def test_without_others_to_share_with_the_caller_works_itself(threads: int, items: int) -> None:
    assert set(Crew(threads).each(lambda _: threading.get_ident(), range(items))) == {threading.get_ident()}


def test_an_error_reaches_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        Crew(2).each(lambda item: 1 // item, [1, 0, 1])


def test_there_is_a_thread_for_each_core_unless_told_otherwise() -> None:
    assert Crew().size == cores() >= 1
