"""What speaks for a passage."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from qa.retrieve.features import LONGEST, NAMES, Asking, Found, features, keys
from vectorstore.articles import Hit, Reference

IDF = {"snow": 2.0, "oslo": 4.0, "2018": 2.0}


def hit(number: int, text: str, article: str = "", title: str = "") -> Hit:
    return Hit(number, Reference(article or f"a{number}", f"/{number}", title=title), 0, 1, text, ())


NONE = Found({}, {})


def one(
    name: str,
    *hits: Hit,
    text: str = "Did snow fall in Oslo?",
    found: Found = NONE,
    texts: Mapping[str, str] | None = None,
) -> list[float]:
    idf = {key: weight for key, weight in IDF.items() if key in keys(text)}
    whole = texts or {hit.article.id: hit.text for hit in hits}
    return [row[NAMES.index(name)] for row in features(Asking(text, idf), hits, found, whole)]


def test_each_passage_has_its_scores_and_what_was_not_found_that_of_the_last() -> None:
    pool = [hit(1, ""), hit(2, ""), hit(3, "")]
    found = Found({1: 0.9, 2: 0.4}, {2: 6.0, 3: 3.0})
    assert one("cosine", *pool, found=found) == [0.9, 0.4, 0.4]
    assert one("bm25", *pool, found=found) == [0.5, 1.0, 0.5]


def test_where_all_that_has_a_word_was_found_the_others_have_none() -> None:
    found = Found({}, {2: 6.0}, complete=True)
    assert one("bm25", hit(1, ""), hit(2, ""), found=found) == [0.0, 1.0]


def test_an_article_is_told_by_all_of_it_and_most_by_its_title() -> None:
    texts = {"one": "Snow fell. It was cold.", "both": "Snow fell. Oslo froze.", "titled": "Snow fell. It was cold."}
    hits = [
        hit(n, "Snow fell.", article, title="Oslo" if article == "titled" else "") for n, article in enumerate(texts)
    ]
    one_, both, titled = one("article", *hits, texts=texts)
    assert one_ < both < titled < 1


def test_a_long_article_must_say_more() -> None:
    texts = {"short": "Snow fell.", "long": "Snow fell." + " It was cold." * 50}
    short, long = one("article", hit(1, "Snow fell.", "short"), hit(2, "Snow fell.", "long"), texts=texts)
    assert short > long


def test_of_a_book_only_the_beginning_is_looked_at() -> None:
    texts = {"book": "x " * LONGEST + "Oslo"}
    assert one("article", hit(1, "x", "book"), texts=texts) == [0.0]


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


def test_a_letter_and_the_accent_behind_it_are_one() -> None:
    assert keys("E\u0301cole, d’e\u0301te\u0301") == keys("École, d’été")


def test_words_are_matched_by_their_stems_and_numbers_as_written() -> None:
    assert keys("Mice’s 1,600 SNOWING e-mails 5.9") == ["mice", "1600", "snow", "e", "mail", "5.9"]
