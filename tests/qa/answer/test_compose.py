"""The words around the quotes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.compose import TITLE, attribution, marked, pieces, quoted, short, shown
from qa.dates import spelled
from qa.types import NO_ANSWER, Answer, Citation, Statement, Verdict, run_together
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
        ({"publisher": "Press TV", "published": "2017-10-06", "title": "Snow"}, "Press TV, 6 October 2017"),
        ({"publisher": "Press TV", "title": "Snow"}, "Press TV, undated"),
        ({"publisher": "edition.cnn.com", "published": "2022-06-11"}, "CNN, 11 June 2022"),
        ({"publisher": "gazette.example"}, "gazette.example, undated"),
        ({"title": "Snow", "published": "2023-04"}, "“Snow”, April 2023"),
        ({"title": "Snow"}, "“Snow”, undated"),
        ({"title": "“Snow”, he said"}, "“‘Snow’, he said”, undated"),
        ({"title": "Will it snow?"}, "“Will it snow?”, undated"),
        ({"title": "Snow\n in\tOslo."}, "“Snow in Oslo.”, undated"),
        ({"title": "‘Snow’"}, "“Snow”, undated"),
        ({"title": "“”"}, "“/a.txt”, undated"),
        ({}, "“/a.txt”, undated"),
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
        ("Snow fell.", "“Snow fell.”"),
        ("“Snow,” he said.", "“Snow,” he said."),
        ('"Snow," he said.', '"Snow," he said.'),
        ("He said “snow”.", '"He said “snow”."'),
        ('It was "snow", “again”.', '«It was "snow", “again”.»'),
        ('b "a" “b” «c»', '“b "a" “b” «c»”'),
        ("Snow\n\n  fell.", "“Snow fell.”"),
    ],
)
def test_a_quote_stands_in_marks_that_it_does_not_hold_or_in_its_own(quote: str, shown: str) -> None:
    assert quoted(quote) == shown


def test_quotes_of_one_article_share_the_line_that_says_whose_they_are() -> None:
    a = {"publisher": "A"}
    b = {"publisher": "B", "published": "2020"}
    given_ = [citation(1, "One.", "a", **a), citation(2, "Two.", "a", **a), citation(3, "Three.", "b", **b)]
    assert list(pieces(given_)) == [
        "“One.” [1]",
        "\n“Two.” [2]\n— A, undated",
        "\n\n“Three.”\n— B, 2020 [3]",
    ]


def test_nothing_cited_is_nothing_said() -> None:
    assert list(pieces([])) == []


def test_brackets_in_an_article_are_not_taken_for_markers() -> None:
    (piece,) = pieces([citation(1, "It fell [7] twice [ 8 ].", title="Snow [9]")])
    assert re.findall(r"\[(\d+)\]", piece) == ["1"]


def answer(*citations: Citation, text: str | None = None) -> Answer:
    said = tuple(Statement(piece, citations=(c.number,)) for piece, c in zip(pieces(citations), citations, strict=True))
    whole = run_together(statement.text for statement in said) if text is None else text
    return Answer("When?", True, whole, "extractive", citations, (), sentences=said)


def strong(given: Answer) -> list[str]:
    return [piece for piece, is_marked in marked(given).pieces() if is_marked]


def test_the_words_that_answer_are_marked_where_the_quote_is_shown() -> None:
    place = Reference("a", "/a.txt", publisher="Snow fell on")  # its name holds the words of the quote
    one = Citation(1, place, 10, 38, "Snow fell\n\n on 3  May, twice", ((25, 31), (33, 38)))
    two = Citation(2, place, 50, 60, "Snow fell.", ((50, 54),))
    made = answer(one, two)
    assert marked(made).text == made.text
    assert strong(made) == ["3 May", "twice", "Snow"]
    assert marked(made).text.startswith("“Snow fell on 3 May, twice” [1]\n“Snow fell.” [2]\n— Snow fell on")


def test_a_number_in_brackets_can_be_what_answers() -> None:
    assert strong(answer(Citation(1, Reference("a", "/a"), 0, 10, "It fell [7]", ((9, 10),)))) == ["7"]


@pytest.mark.parametrize(
    "changed",
    [
        {"sentences": ()},
        {"text": NO_ANSWER, "answered": False},
        {"citations": ()},
        {"text": "Snow [1]", "sentences": (Statement("Snow [1]", citations=(1,)),)},
        {"text": '"Snow fell." [1][2]', "sentences": (Statement('"Snow fell." [1][2]', citations=(1, 2)),)},
    ],
)
def test_what_is_no_quote_of_its_citation_is_not_marked(changed: dict[str, Any]) -> None:
    cited = (Citation(1, Reference("a", "/a"), 0, 10, "Snow fell.", ((0, 4),)), citation(2))
    made = replace(answer(*cited), **changed)
    assert marked(made).text == made.text
    assert strong(made) == []


def test_what_is_left_out_is_not_marked_and_a_sentence_may_be_spelled_otherwise() -> None:
    made = answer(Citation(1, Reference("a", "/a"), 0, 10, "Snow fell.", ((0, 4),)))
    told = replace(made, sentences=(Statement("A lie", Verdict.UNSUPPORTED), *made.sentences))
    assert strong(told) == ["Snow"]
    assert marked(told, lambda statement: f"{statement.text} !").text == f"{made.text} !"


WORDS = st.text(st.sampled_from("ab [1]23.”“\"«»\n'"), min_size=1, max_size=30).filter(str.strip)


@given(WORDS, st.integers(0, 30), st.integers(0, 30), st.integers(0, 99))
def test_a_quote_is_shown_with_exactly_its_answers_marked(quote: str, start: int, length: int, at: int) -> None:
    one = Citation(1, Reference("a", "/a"), at, at + len(quote), quote, ((at + start, at + start + length),))
    made = shown(one)
    words = "".join(piece for piece, is_marked in made.pieces() if is_marked)
    wanted = re.sub(r"\[(\d+)\]", r"(\1)", " ".join(quote.split()))
    assert made.text == quoted(wanted)
    assert [c for c in words if c not in "[]()" and c.strip()] == [
        c for c in quote[start : start + length] if c not in "[]" and c.strip()
    ]


@given(st.lists(st.tuples(WORDS, st.sampled_from("abc"), WORDS), max_size=6))
def test_markers_and_numbers_are_the_same_set_one_a_sentence(rows: list[tuple[str, str, str]]) -> None:
    citations = [citation(n, quote, article, title=title) for n, (quote, article, title) in enumerate(rows, 1)]
    said = list(pieces(citations))
    assert [re.findall(r"\[(\d+)\]", piece) for piece in said] == [[str(n)] for n in range(1, len(rows) + 1)]
    assert all(piece.count("\n— ") <= 1 for piece in said)
