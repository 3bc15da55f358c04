"""Marked text as Markdown and HTML: rendered, it is the text with its marks strong, and nothing else."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from qa.marks import Marked
from qa.markup import as_html, as_markdown

LETTERS = st.text(st.sampled_from("ab 12.-+)(*_~`[]<>&#|$\\!“”€「東é—"), min_size=1, max_size=24)
SPANS = st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24)), max_size=3).map(tuple)
LINES = st.builds(Marked, LETTERS, SPANS).map(Marked.on_one_line).filter(lambda line: bool(line.text))


class Rendered(HTMLParser):
    """What a page shows: its letters, which of them are strong, and the tags that it has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.strong, self.tags, self._within = "", "", set[str](), 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - its signature
        self.tags.add(tag)
        self._within += tag == "strong"

    def handle_endtag(self, tag: str) -> None:
        self._within -= tag == "strong"

    def handle_data(self, data: str) -> None:
        self.text += data
        self.strong += data if self._within else ""


def marked(text: str, words: str) -> Marked:
    start = text.index(words)
    return Marked(text, ((start, start + len(words)),))


@given(LINES)
def test_rendered_markdown_reads_word_for_word_and_what_is_marked_is_strong(line: Marked) -> None:
    shown = Rendered(MarkdownIt("commonmark").render(f"“{as_markdown(line)}”"))
    wanted = "".join(piece for piece, strong in line.pieces() if strong)
    assert shown.text.strip() == f"“{line.text}”"
    assert shown.tags <= {"p", "strong"}
    assert [c for c in shown.strong if c.isalnum()] == [c for c in wanted if c.isalnum()]


@given(LINES)
def test_rendered_markdown_reads_word_for_word_at_the_beginning_of_a_paragraph(line: Marked) -> None:
    shown = Rendered(MarkdownIt("commonmark").render(as_markdown(line.text)))
    assert (shown.text.strip(), shown.tags) == (line.text, {"p"})


@given(LINES)
def test_html_reads_word_for_word_and_exactly_what_is_marked_is_strong(line: Marked) -> None:
    shown = Rendered(as_html(line))
    assert shown.text == line.text
    assert shown.strong == "".join(piece for piece, strong in line.pieces() if strong)
    assert shown.tags <= {"strong"}


@pytest.mark.parametrize(
    ("line", "written"),
    [
        (marked("It cost $5 then.", "$5"), r"It cost **\$5** then."),
        (marked("It cost US$5 then.", "$5"), r"It cost US\$**5** then."),
        (marked("the U.S.-led force", "U.S."), "the **U.S.**-led force"),
        (marked("He said (twice)that.", "(twice)"), "He said **(twice**)that."),
        (marked("東京「大阪」です", "「大阪」"), "東京「**大阪**」です"),
        (marked("a - b", "-"), "a **-** b"),
        (marked("a-b", "-"), "a-b"),
        (marked("50% of it", "50%"), "**50%** of it"),
        (marked("2*3*4", "3"), r"2\***3**\*4"),
        (Marked("a b", ((0, 1), (2, 3))), "**a** **b**"),
        (Marked("plain [7] & <b>"), r"plain \[7\] \& \<b\>"),
    ],
)
def test_marks_are_narrowed_only_where_markdown_would_not_read_them(line: Marked, written: str) -> None:
    assert as_markdown(line) == written


@pytest.mark.parametrize(
    ("line", "written"), [("1. one", "1\\. one"), ("- a", "\\- a"), ("12) a\n+ b", "12\\) a\\\n\\+ b")]
)
def test_what_begins_like_a_list_is_none(line: str, written: str) -> None:
    assert as_markdown(line) == written


def test_markers_are_written_as_footnotes_outside_of_marks() -> None:
    line = marked("It *fell* [1] & rose [20].", "fell")
    assert as_markdown(line, lambda number: f"[^{number}]") == r"It \***fell**\* [^1] \& rose [^20]."
    assert as_html(line, lambda number: f"<sup>{number}</sup>") == (
        "It *<strong>fell</strong>* <sup>1</sup> &amp; rose <sup>20</sup>."
    )
