import tempfile
import tracemalloc
from contextlib import closing

import pytest

from qa.ingest.boilerplate.tally import LineTally

LONE = "Read on \ud800"  # a lone surrogate, as some dumps have them


def tallied(room: int) -> LineTally:
    """Sixty publishers, in turn, of forty articles with lines of their own; every second one has furniture."""
    tally = LineTally(room)
    for number in range(2_400):
        publisher = number % 60
        shared = {LONE, f"Menu {publisher}"} if publisher % 2 else set()
        tally.add(f"Quay {publisher} \ud801", {f"own {number}", *shared}, {f"Prose {number}", f"Notice {publisher}"})
    return tally


def test_lines_that_went_to_the_disk_are_counted_with_the_others() -> None:
    with closing(tallied(room=500)) as cramped, closing(tallied(room=1_000_000)) as roomy:
        shared = cramped.shared()
        assert shared == roomy.shared()
    assert len(shared) == 30
    assert shared["Quay 7 \ud801"] == {LONE, "Menu 7", "Notice 7"}


def test_memory_grows_neither_with_the_articles_nor_with_the_publishers() -> None:
    tracemalloc.start()
    with closing(LineTally(room=200)) as tally:
        for number in range(2_000):
            tally.add(f"Quay {number}", {f"own {number}"}, set())
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert held < 200_000  # without the disk over 1 MB
        assert tally.shared() == {}


def test_the_furniture_of_many_articles_is_found_wherever_they_were_counted() -> None:
    with closing(LineTally(room=700)) as tally:
        for number in range(6_000):
            often = {"often"} if number % 30 == 0 else set()
            tally.add(f"Quay {number % 3}", {f"own {number}", "always", *often}, set())
        assert tally.shared() == {"Quay 0": {"always", "often"}, "Quay 1": {"always"}, "Quay 2": {"always"}}


def test_where_python_finds_no_room_for_temporary_files_sqlite_looks_for_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nowhere() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", nowhere)
    with closing(tallied(room=500)) as cramped:
        assert len(cramped.shared()) == 30
