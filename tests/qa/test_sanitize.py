"""Foreign text reaches the screen without anything that a terminal or an eye would obey."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.marks import Marked
from qa.sanitize import clean, clean_marked, clean_spans, line, line_marked, web_address

OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
NASTY = st.text(alphabet=st.sampled_from("ab [];m\\\n\r\t\x00\x07\x1b\x7f\x90\x9b\x9c\x9d\u202e\u2066é\u0301😀\ud800"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("two\nlines", "two\nlines"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\tb", "a b"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07x", "x"),
        ("\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]52;c;cHduZWQ=\x07", ""),
        ("\x9b31mred", "red"),
        ("\x1bP1$r0m\x1b\\x", "x"),
        ("\x1b]0;never closed", "]0;never closed"),
        ("a\x1b", "a"),
        ("\x1bc reset", " reset"),
        ("abc\u202edef\u202c", "abcdef"),
        ("\u2067x\u2069", "x"),
        ("a\u2028b", "a\nb"),
        ("\ud83d", "�"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("سلام", "سلام"),
        ("[bold]x[/bold] [@click=app.quit]y[/]", "[bold]x[/bold] [@click=app.quit]y[/]"),
    ],
)
def test_what_would_be_obeyed_is_gone_and_what_is_read_stays(text: str, shown: str) -> None:
    assert clean(text) == shown


@given(NASTY)
def test_nothing_that_is_obeyed_survives_and_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert OBEYED.search(once) is None
    assert clean(once) == once


@given(NASTY, st.integers(0, 40), st.integers(0, 40))
def test_a_span_is_carried_over_to_the_cleaned_text(text: str, start: int, length: int) -> None:
    cleaned, ((a, b),) = clean_spans(text, [(start, start + length)])
    assert cleaned == clean(text)
    assert 0 <= a <= b <= len(cleaned)


@given(st.text(st.sampled_from("ab \n\r\t\x07\u202eé😀\ud800")), st.integers(0, 40), st.integers(0, 40))
def test_a_span_that_cuts_no_sequence_is_carried_over_to_its_words(text: str, start: int, length: int) -> None:
    text = text.replace("\r\n", "\n")
    cleaned, ((a, b),) = clean_spans(text, [(start, start + length)])
    assert cleaned[a:b] == clean(text[start : start + length])


def test_a_span_that_begins_within_a_sequence_begins_behind_it() -> None:
    assert clean_marked(Marked("a\x1b[31mred\x1b[0m b", ((3, 9),))) == Marked("ared b", ((1, 4),))


def test_spans_outside_the_text_are_cut_to_it() -> None:
    assert clean_spans("abc", [(-5, 2), (2, 99), (50, 60)]) == ("abc", [(0, 2), (2, 3), (3, 3)])


def test_a_line_is_one_line_and_cut_with_an_ellipsis() -> None:
    assert line("a\n\n b\x1b[1m  c") == "a b c"
    assert line("x" * 400, 10) == "xxxxxxxxx…"
    assert line(None) == ""


@given(NASTY, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=3), st.integers(2, 12))
def test_a_marked_line_is_the_same_line(text: str, spans: list[tuple[int, int]], limit: int) -> None:
    assert line_marked(Marked(text, tuple(spans)), limit).text == line(text, limit)


def test_a_line_that_is_cut_keeps_the_marks_that_are_left() -> None:
    text = Marked("one \x1b[1mtwo\n three", ((8, 11), (13, 18)))
    assert line_marked(text).pieces() == [("one ", False), ("two", True), (" ", False), ("three", True)]
    assert line_marked(text, 9).pieces() == [("one ", False), ("two", True), ("…", False)]


def test_a_sequence_that_never_ends_is_cleaned_in_linear_time() -> None:
    assert "\x1b" not in clean("\x1b]" * 200_000)
    assert "\x9d" not in clean("\x9d" * 200_000)


@pytest.mark.parametrize(
    ("url", "is_web"),
    [
        ("https://a.example/x?y=1#z", True),
        ("HTTP://a.example", True),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("https://user:pass@a.example/", False),
        ("https://a b.example/", False),
        ("https://a.example/\x1b[31m", False),
        ("https://a.example/\u202e", False),
        ("//a.example", False),
        ("", False),
        (None, False),
    ],
)
def test_only_plain_web_addresses_go_to_a_browser(url: str | None, is_web: bool) -> None:
    assert (web_address(url) == url) is (is_web or url is None)
