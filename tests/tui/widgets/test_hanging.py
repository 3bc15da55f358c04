"""Lines that hang: set in below their beginning, broken between words."""

from __future__ import annotations

from pathlib import Path

from textual.content import Content
from textual.selection import Selection

from tests.tui.harness import running
from tui.widgets.hanging import PARTING, hung
from tui.widgets.markdown import AnswerText, CitedParagraph


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


def test_what_parts_the_parts_of_a_line_is_left_out_where_it_breaks() -> None:
    parts = Content(f"{PARTING} ").join([Content("4 quotes"), Content("2 articles"), Content("likely")])
    assert hung(parts, 23, PARTING).plain == "4 quotes\u00a0· 2 articles\nlikely"
    assert hung(parts, 12, PARTING).plain == "4 quotes\u00a0· 2\narticles\nlikely"


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


async def test_an_answer_hangs_and_stands_there_once_whole_when_it_is_selected(tmp_path: Path) -> None:
    async with running(tmp_path, (60, 15)) as ui:
        await ui.ask()
        await ui.until(lambda: ui.text(ui.panes.view).count("nine weeks") == 1)
        (first, _) = ui.last.query(CitedParagraph)
        assert first.get_selection(Selection(None, None)) == (
            "“The keeper of Sorrel Point lit the lamp on 3 March 1911 and recorded it in the station log.”\n"
            "— Coast Gazette, 3 March 2019 [1]",
            "\n",
        )
        assert len(ui.last.query_one(AnswerText).children) == 2
