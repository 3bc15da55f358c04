"""Marked text: what is marked stays so, whatever becomes of the text around it."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.marks import Marked, Span, join, listed

LETTERS = st.text(st.sampled_from("ab1 \n\t\u2028\u00a0\x1c*é🙂"), max_size=30)
SPANS = st.lists(st.tuples(st.integers(-2, 32), st.integers(-2, 32)), max_size=4).map(tuple)
MARKED = st.builds(Marked, LETTERS, SPANS)


def words(given_: Marked, *, spaces: bool = True) -> str:
    found = "".join(piece for piece, is_marked in given_.pieces() if is_marked)
    return found if spaces else "".join(found.split())


@given(LETTERS, SPANS)
def test_spans_come_in_order_apart_and_within_the_text(text: str, spans: tuple[Span, ...]) -> None:
    held = Marked(text, spans).spans
    assert all(0 <= a < b <= len(text) for a, b in held)
    assert all(before[1] < after[0] for before, after in pairwise(held))
    inside = {at for a, b in spans for at in range(max(a, 0), min(b, len(text)))}
    assert {at for a, b in held for at in range(a, b)} == inside


@given(MARKED)
def test_the_pieces_are_the_text_and_none_is_empty(text: Marked) -> None:
    pieces = text.pieces()
    assert "".join(piece for piece, _ in pieces) == text.text
    assert all(piece for piece, _ in pieces)
    assert [piece for piece, is_marked in pieces if is_marked] == [text.text[a:b] for a, b in text.spans]


@given(MARKED)
def test_on_one_line_the_same_words_are_marked_and_no_space_at_their_ends(text: Marked) -> None:
    line = text.on_one_line()
    assert line.text == " ".join(text.text.split())
    assert words(line, spaces=False) == words(text, spaces=False)
    assert all(line.text[a:b].strip() == line.text[a:b] for a, b in line.spans)
    assert line.on_one_line() == line


def test_a_mark_that_goes_over_a_line_is_one_mark() -> None:
    text = "  lit on\n\n 3 March \t 1911  , she"
    start = text.index("3")
    assert Marked(text, ((start - 1, start + 15),)).on_one_line() == Marked("lit on 3 March 1911 , she", ((7, 19),))


@given(MARKED, st.sampled_from([r"[ab]+", r"\s", r"\d|\*", r"(?<=a)b", "a."]), st.sampled_from(["", "x", r"[\g<0>]"]))
def test_a_substitution_gives_the_text_that_it_gives_without_marks(text: Marked, pattern: str, new: str) -> None:
    compiled = re.compile(pattern)
    assert text.sub(compiled, new).text == compiled.sub(new, text.text)


@given(MARKED)
def test_characters_that_are_taken_away_or_doubled_leave_the_others_marked(text: Marked) -> None:
    assert words(text.sub(re.compile("[a*]"), "")) == re.sub("[a*]", "", words(text))
    assert words(text.sub(re.compile("[a*]"), r"\\\g<0>")) == re.sub("[a*]", r"\\\g<0>", words(text))


def test_what_is_marked_in_part_only_is_marked_up_to_what_replaces_it() -> None:
    text = Marked("one two three", ((2, 6),))
    assert words(text.sub(re.compile("two"), "2")) == "e "
    assert words(Marked("one two three", ((5, 13),)).sub(re.compile("two"), "2")) == "2 three"


@given(MARKED, st.integers(0, 32), st.integers(0, 32))
def test_a_part_keeps_its_marks(text: Marked, start: int, end: int) -> None:
    part = text.cut(start, end)
    assert part.text == text.text[start:end]
    assert {start + at for a, b in part.spans for at in range(a, b)} == {
        at for a, b in text.spans for at in range(a, b) if start <= at < end
    }


@given(st.lists(MARKED, max_size=4), st.sampled_from(["", " ", ", "]))
def test_joined_texts_keep_their_marks(parts: list[Marked], separator: str) -> None:
    made = join(separator, parts)
    assert made.text == separator.join(part.text for part in parts)
    assert words(made) == "".join(words(part) for part in parts)


def test_plain_text_may_be_joined_with_marked_text() -> None:
    assert join("", ("a", Marked("bc", ((0, 1),)), "d")) == Marked("abcd", ((1, 2),))


@pytest.mark.parametrize(
    ("spans", "rows"), [((), []), (((4, 9), (12, 13)), [{"start": 4, "end": 9}, {"start": 12, "end": 13}])]
)
def test_spans_are_listed_by_start_and_end(spans: tuple[Span, ...], rows: list[dict[str, int]]) -> None:
    assert listed(spans) == rows


def test_the_parts_between_separators_keep_their_marks() -> None:
    parts = Marked("ab\n\ncd\n\n", ((1, 5),)).split("\n\n")
    assert [(part.text, part.spans) for part in parts] == [("ab", ((1, 2),)), ("cd", ((0, 1),)), ("", ())]
    assert Marked("ab").split("\n\n") == [Marked("ab")]
