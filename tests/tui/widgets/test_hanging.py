"""Lines that hang: set in below their beginning, broken between words."""

from __future__ import annotations

from textual.content import Content

from tui.widgets.hanging import hung


def test_what_goes_on_below_stands_under_the_beginning_of_its_text() -> None:
    text = Content("“The keeper lit the lamp on 3 March.”\n— Coast Gazette, 3 March 2019 [1]\n  · A title that is long")
    assert hung(text, 20).plain.split("\n") == [
        "“The keeper lit the",
        " lamp on 3 March.”",
        "— Coast Gazette, 3",
        "  March 2019 [1]",
        "  · A title that is",
        "    long",
    ]


def test_no_word_is_cut_unless_it_is_longer_than_the_line() -> None:
    words = "a quotation of ordinary words, none of which is as long as a line"
    assert " ".join(hung(Content(f"“{words}”"), 16).plain.split()) == f"“{words}”"
    assert all(len(row) <= 16 for row in hung(Content("“" + "x" * 40), 16).plain.split("\n"))


def test_what_is_marked_stays_marked() -> None:
    text = Content("— Coast Gazette, ").append(Content.styled("3 March 2019", "bold"))
    shown = hung(text, 20)
    assert [shown.plain[span.start : span.end] for span in shown.spans] == ["3", "March 2019"]


def test_empty_lines_stay() -> None:
    assert hung(Content("one\n\ntwo"), 20).plain == "one\n\ntwo"
