"""The text of an answer: what is marked is bold, wherever it stands, and nothing of a text can mark itself."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from markdown_it.token import Token

from qa.marks import Marked
from qa.sanitize import clean_marked
from tests.tui.harness import running
from tui.widgets.article import ArticleView
from tui.widgets.markdown import CLOSE, OPEN, CitedParagraph, parser, source

TEXT = st.text(st.sampled_from(f"ab [1]*\n-.{OPEN}{CLOSE}\x1b\u202e"), max_size=24)
SPANS = st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24)), max_size=3).map(tuple)


def letters(tokens: list[Token]) -> tuple[str, str]:
    """The letters of the parsed text, and those within marks."""
    text, strong, within = "", "", False
    for token in (child for block in tokens for child in block.children or ()):
        if token.type.startswith("strong"):
            within = token.type == "strong_open"
        text += token.content
        strong += token.content if within else ""
    return text, strong


@given(TEXT, SPANS)
def test_what_is_marked_is_strong_and_a_control_character_of_a_text_is_nothing(
    text: str, spans: tuple[tuple[int, int], ...]
) -> None:
    line = Marked(f"“{text}”", spans).on_one_line()
    shown, strong = letters(parser().parse(source(line)))
    wanted = clean_marked(line)
    assert "".join(shown.split()) == "".join(wanted.text.split())
    assert "".join(strong.split()) == "".join("".join(p for p, is_marked in wanted.pieces() if is_marked).split())


def bold(ui_text: CitedParagraph) -> list[str]:
    content = ui_text.render()
    return [content.plain[span.start : span.end] for span in content.spans if span.style == ".strong"]  # type: ignore[union-attr]


async def test_the_words_that_answer_are_bold_in_the_answer_and_in_its_article(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        exchange = await ui.ask()
        await ui.until(lambda: [word for one in exchange.query(CitedParagraph) for word in bold(one)])
        assert [word for one in exchange.query(CitedParagraph) for word in bold(one)] == ["3 March 1911", "nine weeks"]
        assert OPEN not in ui.text()
        page = ui.main.query_one(ArticleView).page
        assert page is not None
        assert [page.text[a:b] for a, b in page.answers] == ["3 March 1911"]


async def test_the_chosen_marker_and_the_marks_are_shown_together(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        exchange = await ui.ask()
        for number in (1, 2, 1):
            exchange.choose(number)
            await ui.pilot.pause()
            assert [word for one in exchange.query(CitedParagraph) for word in bold(one)] == [
                "3 March 1911",
                "nine weeks",
            ]


async def test_an_answer_that_was_streamed_is_shown_once(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        exchange = await ui.ask()
        assert ui.text(exchange).count("The keeper of Sorrel Point lit the lamp") == 1
