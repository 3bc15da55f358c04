"""What speaks for a passage."""

from __future__ import annotations

import pytest

from qa.retrieve.features import NAMES, Asking, Found, features, keys
from vectorstore.articles import Hit, Reference

IDF = {"snow": 2.0, "oslo": 4.0, "2018": 2.0}


def hit(number: int, text: str, article: str = "", title: str = "") -> Hit:
    return Hit(number, Reference(article or f"a{number}", f"/{number}", title=title), 0, 1, text, ())


def one(name: str, *hits: Hit, text: str = "Did snow fall in Oslo?", found: Found = Found({}, {})) -> list[float]:  # noqa: B008 - frozen
    idf = {key: weight for key, weight in IDF.items() if key in keys(text)}
    return [row[NAMES.index(name)] for row in features(Asking(text, idf), hits, found)]


def test_each_passage_has_its_scores_and_what_was_not_found_that_of_the_last() -> None:
    pool = [hit(1, ""), hit(2, ""), hit(3, "")]
    found = Found({1: 0.9, 2: 0.4}, {2: 6.0, 3: 3.0})
    assert one("cosine", *pool, found=found) == [0.9, 0.4, 0.4]
    assert one("bm25", *pool, found=found) == [0.5, 1.0, 0.5]


def test_where_all_that_has_a_word_was_found_the_others_have_none() -> None:
    found = Found({}, {2: 6.0}, complete=True)
    assert one("bm25", hit(1, ""), hit(2, ""), found=found) == [0.0, 1.0]


def test_an_article_is_told_by_all_its_passages_and_its_title() -> None:
    apart = one("article", hit(1, "Snow."), hit(2, "Oslo."))
    together = one("article", hit(1, "Snow.", "a"), hit(2, "Oslo.", "a"))
    titled = one("article", hit(1, "Snow.", "a", "Oslo"), hit(2, "It fell.", "a", "Oslo"))
    assert together[0] == together[1] == pytest.approx(sum(apart))
    assert titled[0] == titled[1] > together[0]


def test_more_of_a_word_counts_less_and_less() -> None:
    once, twice, often = (one("article", hit(1, "snow " * count))[0] for count in (1, 2, 50))
    assert once < twice < often < IDF["snow"] / (IDF["snow"] + IDF["oslo"])


def test_names_and_numbers_count_by_how_rare_they_are() -> None:
    text = "Did snow fall in Oslo in 2018?"
    assert one("names", hit(1, "snow"), hit(2, "oslo"), hit(3, "in 2018", title="Oslo"), text=text) == [
        0.0,
        pytest.approx(4 / 6),
        1.0,
    ]


def test_a_question_without_names_prefers_nobody() -> None:
    assert one("names", hit(1, "snow"), hit(2, "rain"), text="Did snow fall?") == [1.0, 1.0]


def test_neighbouring_words_count_where_they_are_neighbours_too() -> None:
    text = "Who saw Oslo snow?"
    assert one(
        "pairs", hit(1, "In Oslo snow fell"), hit(2, "snow in Oslo"), hit(3, "", title="Oslo snow"), text=text
    ) == [
        1.0,
        0.0,
        1.0,
    ]


def test_words_are_matched_by_their_stems_and_numbers_as_written() -> None:
    assert keys("Mice’s 1,600 SNOWING e-mails 5.9") == ["mice", "1600", "snow", "e", "mail", "5.9"]
