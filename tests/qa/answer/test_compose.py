"""The words around the quotes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.compose import TITLE, attribution, pieces, quoted, short
from qa.dates import spelled
from qa.types import Citation
from vectorstore.articles import Reference


def citation(number: int, quote: str = "Snow fell.", article: str = "a", **fields: str | None) -> Citation:
    return Citation(number, Reference(article, f"/{article}.txt", **fields), 0, len(quote), quote)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("published", "words"),
    [("2017-10-06", "6 October 2017"), ("2022-12-31", "31 December 2022"), ("2023-04", "April 2023"), ("1998", "1998")],
)
def test_dates_are_spelled_as_far_as_they_are_known(published: str, words: str) -> None:
    assert spelled(published) == words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"publisher": "Press TV", "published": "2017-10-06", "title": "Snow"}, "Press TV (6 October 2017)"),
        ({"publisher": "Press TV", "title": "Snow"}, "Press TV"),
        ({"title": "Snow", "published": "2023-04"}, "“Snow” (April 2023)"),
        ({"title": "Snow"}, "“Snow”"),
        ({"title": "“Snow”, he said"}, "“‘Snow’, he said”"),
        ({"title": "Will it snow?"}, "“Will it snow?”"),
        ({"title": "Snow\n in\tOslo."}, "“Snow in Oslo.”"),
        ({"title": "‘Snow’"}, "“Snow”"),
        ({"title": "“”"}, "“/a.txt”"),
        ({}, "“/a.txt”"),
    ],
)
def test_who_published_it_is_said_or_else_its_title(fields: dict[str, str], words: str) -> None:
    assert attribution(Reference("a", "/a.txt", **fields)) == words  # type: ignore[arg-type]


def test_a_long_title_is_cut_at_a_word() -> None:
    title = "Snow, " + "and more of it, " * 10
    assert short(title) == "Snow, and more of it, and more of it, and more of it, and more of it, and more…"
    assert len(short("x" * 200)) == TITLE + 1
    assert short("x" * TITLE) == "x" * TITLE


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("Snow fell.", '"Snow fell."'),
        ("“Snow,” he said.", '"“Snow,” he said."'),
        ('"Snow," he said.', '“"Snow," he said.”'),
        ('"Snow," she said, “again”.', '«"Snow," she said, “again”.»'),
        ('"a" “b” «c»', '""a" “b” «c»"'),
        ("Snow\n\n  fell.", '"Snow fell."'),
    ],
)
def test_a_quote_stands_in_marks_that_it_does_not_hold(quote: str, shown: str) -> None:
    assert quoted(quote) == shown


def test_neighbouring_sentences_of_one_article_share_the_opening() -> None:
    a = {"publisher": "A"}
    b = {"publisher": "B", "published": "2020"}
    given_ = [citation(1, "One.", "a", **a), citation(2, "Two.", "a", **a), citation(3, "Three.", "b", **b)]
    assert list(pieces(given_)) == [
        'According to A, "One." [1]',
        '"Two." [2]',
        'According to B (2020), "Three." [3]',
    ]


def test_nothing_cited_is_nothing_said() -> None:
    assert list(pieces([])) == []


def test_brackets_in_an_article_are_not_taken_for_markers() -> None:
    (piece,) = pieces([citation(1, "It fell [7] twice [ 8 ].", title="Snow [9]")])
    assert re.findall(r"\[(\d+)\]", piece) == ["1"]


WORDS = st.text(st.sampled_from("ab [1]23.”“\"«»\n'"), min_size=1, max_size=30).filter(str.strip)


@given(st.lists(st.tuples(WORDS, st.sampled_from("abc"), WORDS), max_size=6))
def test_markers_and_numbers_are_the_same_set_one_a_sentence(rows: list[tuple[str, str, str]]) -> None:
    citations = [citation(n, quote, article, title=title) for n, (quote, article, title) in enumerate(rows, 1)]
    said = list(pieces(citations))
    assert [re.findall(r"\[(\d+)\]", piece) for piece in said] == [[str(n)] for n in range(1, len(rows) + 1)]
    assert all(piece.endswith(f" [{n}]") and "\n" not in piece for n, piece in enumerate(said, 1))
