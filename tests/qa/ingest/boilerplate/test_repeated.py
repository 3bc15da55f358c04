from qa.ingest.boilerplate.repeated import BUCKET, LineCounts, prose_lines, shared_lines, shared_prose, short_lines
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


def counted(articles: int) -> LineCounts:
    """Each article has its own line, every fiftieth a common one, and those of the last fifth a late one."""
    counts = LineCounts()
    for number in range(articles):
        often = {"common"} if number % 50 == 0 else set()
        late = {"late"} if number >= articles * 0.8 and number % 10 == 0 else set()
        counts.add({f"own {number}", "always", *often, *late}, {f"Prose {number}", "always prose"})
    return counts


def test_lines_of_few_articles_are_counted_exactly() -> None:
    counts = counted(BUCKET - 1)
    assert (counts.short["always"], counts.short["common"], counts.short["own 7"]) == (BUCKET - 1, BUCKET // 50, 1)


def test_the_lines_of_many_articles_take_no_more_memory_and_the_shared_ones_are_found() -> None:
    counts = counted(20 * BUCKET)
    assert len(counts.short) + len(counts.prose) <= 2 * BUCKET + 4
    assert counts.shared() == {"always", "common", "late", "always prose"}
