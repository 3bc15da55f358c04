"""Lines are spans of the text: nothing lost, nothing wider than asked for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from qa.wrap import wrap

TEXTS = st.text(alphabet=st.sampled_from("ab  \n-é日本語😀e\u0301\u200d؟שلa"), max_size=120)


def lines(text: str, width: int) -> list[str]:
    """The lines themselves."""
    return [text[a:b] for a, b in wrap(text, width)]


def test_lines_break_at_spaces() -> None:
    assert lines("one two three", 7) == ["one two", "three"]


def test_a_word_wider_than_the_line_is_cut() -> None:
    assert lines("x" * 7, 3) == ["xxx", "xxx", "x"]


def test_newlines_are_kept_and_empty_lines_too() -> None:
    assert lines("a\n\nb\n", 10) == ["a", "", "b", ""]


def test_wide_characters_take_two_cells() -> None:
    assert lines("日本語日本", 4) == ["日本", "語日", "本"]


def test_combining_marks_stay_with_their_letter() -> None:
    assert lines("e\u0301e\u0301e\u0301", 2) == ["e\u0301e\u0301", "e\u0301"]


@given(TEXTS, st.integers(2, 30))
def test_no_line_is_too_wide_and_only_spaces_and_newlines_are_left_out(text: str, width: int) -> None:
    spans = wrap(text, width)
    assert all(cell_len(text[a:b].rstrip(" ")) <= width for a, b in spans)
    at = 0
    for start, end in spans:
        assert at <= start <= end
        assert text[at:start].strip(" \n") == ""
        at = end
    assert text[at:].strip(" \n") == ""
