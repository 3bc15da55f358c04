"""The article's page: spans survive cleaning and wrapping, and the reader's place survives a new width."""

from __future__ import annotations

from pathlib import Path

from tests.tui.fakes import LIGHTHOUSE, article
from tests.tui.harness import running
from tui.widgets.article import ArticleView, rewrap, typeset
from vectorstore.articles import Article, BlockKind


def test_marks_and_blocks_stay_on_their_words_when_the_text_is_cleaned() -> None:
    text = "A\x1b[31m head\n\nSome \u202ewords to\x00 mark here."
    start = text.index("words")
    page = typeset(Article("/a", text, article(text, "a", None, None).blocks), [(start, start + 9)], 20)
    assert [page.text[a:b] for a, b in page.marks] == ["words to"]
    assert [(page.text[a:b], kind) for a, b, kind in page.kinds] == [("A head", BlockKind.HEADING)]


def test_the_words_that_answer_stay_marked_at_every_width() -> None:
    text = "A\x1b[31m head\n\nSome \u202ewords to\x00 mark here."
    quote, words = text.index("words"), text.index("mark")
    page = typeset(Article("/a", text, ()), [(quote, len(text))], 20, [(words, words + 4)])
    for again in (page, rewrap(page, 5)):
        assert [again.text[a:b] for a, b in again.answers] == ["mark"]
        assert [again.text[a:b] for a, b in again.marks] == ["words to mark here."]


def test_the_line_of_the_first_mark_is_found_at_every_width() -> None:
    one = article(LIGHTHOUSE, "lamp.md", None, None)
    start = one.text.index("The lens weighed")
    page = typeset(one, [(start, start + 10)], 80)
    for width in (12, 30, 200):
        again = rewrap(page, width)
        a, b = again.lines[again.first_mark or 0]
        assert a <= again.marks[0][0] < b


async def test_a_reader_who_has_scrolled_keeps_the_place_when_the_window_changes(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
        view = ui.main.query_one(ArticleView)
        long = Article("/a", "\n".join(f"paragraph {number} " + "word " * 30 for number in range(200)), ())
        view.show(typeset(long, [(0, 9)], view.text_width))
        view.scroll_to(0, 300, animate=False, force=True)
        await ui.until(lambda: view.scroll_offset.y == 300)
        seen = ui.text(view).split()[0:4]
        await ui.pilot.resize_terminal(140, 40)
        await ui.until(lambda: view.page and view.page.width == view.text_width)
        await ui.until(lambda: " ".join(seen) in " ".join(ui.text(view).split()))


async def test_selected_text_is_copied_from_the_article(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
        view = ui.main.query_one(ArticleView)
        await ui.until(lambda: "It was made in Paris" in " ".join(ui.text(view).split()))
        view.text_select_all()
        await ui.until(ui.main.get_selected_text)
        assert "The lens weighed four tonnes" in (ui.main.get_selected_text() or "").replace("\n", " ")
