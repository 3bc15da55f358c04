from qa.ingest.boilerplate.repeated import prose_lines, shared_lines, shared_prose, short_lines
from qa.ingest.canonical import squash

FIRST = "The harbour council has voted to rebuild the old lighthouse, which was damaged last spring."


def test_only_short_lines_that_are_no_prose_are_counted_as_furniture() -> None:
    assert short_lines(["The Coast  Today", FIRST, "x" * 300]) == {"the coast today"}


def test_a_line_is_furniture_when_three_articles_and_one_in_a_hundred_share_it() -> None:
    assert shared_lines({"a": 2, "b": 3, "c": 5}, 4) == {"b", "c"}
    assert shared_lines({"a": 2, "b": 3, "c": 5}, 500) == {"c"}


def test_sentences_on_half_of_a_sites_pages_are_furniture_only_where_short_lines_are_too() -> None:
    counts = {"cookies": 4, "a quote": 2}
    assert shared_prose(counts, 5, furniture={"menu of the herald"}) == {"cookies"}
    assert shared_prose(counts, 5, furniture=()) == set()
    assert shared_prose({"cookies": 4}, 9, furniture={"menu of the herald"}) == set()


def test_only_sentences_are_counted_as_prose() -> None:
    assert prose_lines(["Old Harbour", FIRST, "x " * 400]) == {squash(FIRST)}
