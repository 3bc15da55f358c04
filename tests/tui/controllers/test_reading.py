"""Sources: markers lead to them, they open at their place, and what is taken out of them is right."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import OptionList

from tests.tui.fakes import FakeArchive, FakeAsker, articles, lamp_answer, model_answer
from tests.tui.harness import MEDIUM, NARROW, Ui, running
from tui.controllers.reading import BrowserCopied
from tui.widgets.article import ArticleView
from tui.widgets.exchange import Exchange
from vectorstore.articles import Article


def highlighted(ui: Ui) -> str:
    """What is highlighted in the article."""
    page = ui.main.query_one(ArticleView).page
    return " | ".join(page.text[a:b] for a, b in page.marks) if page else ""


async def test_the_first_source_is_shown_with_its_quote_highlighted(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        exchange = await ui.ask()
        await ui.until(lambda: highlighted(ui).startswith("The keeper of Sorrel Point"))
        assert exchange.current == 1


async def test_walking_through_the_markers_shows_each_passage(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        exchange = await ui.ask()
        exchange.focus()
        await ui.press("right")
        await ui.until(lambda: highlighted(ui).startswith("It had been out of service"))
        assert exchange.current == 2
        await ui.press("right")
        await ui.until(lambda: highlighted(ui).startswith("The keeper"))
        await ui.press("left")
        await ui.until(lambda: exchange.current == 2)


async def test_a_click_on_a_marker_shows_its_passage(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        exchange = await ui.ask()
        await click_text(ui, exchange, "[2]")
        await ui.until(lambda: highlighted(ui).startswith("It had been out of service"))


async def test_moving_over_a_marker_shows_its_passage(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        exchange = await ui.ask()
        await ui.pilot.hover(offset=place(ui, exchange, "[2]"))
        await ui.until(lambda: highlighted(ui).startswith("It had been out of service"))


async def test_enter_on_an_answer_goes_to_the_article(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        exchange = await ui.ask()
        exchange.focus()
        await ui.press("enter")
        await ui.until(lambda: isinstance(ui.main.focused, ArticleView))


async def test_on_a_narrow_screen_a_click_on_a_marker_opens_the_sources_and_escape_goes_back(tmp_path: Path) -> None:
    async with running(tmp_path, NARROW) as ui:
        exchange = await ui.ask()
        assert not ui.panes.sources.display
        await click_text(ui, exchange, "[2]")
        await ui.until(lambda: ui.panes.sources.display and not ui.panes.view.parent.display)  # type: ignore[union-attr]
        await ui.until(lambda: "service for nine weeks" in ui.text())
        await ui.press("escape")
        await ui.until(lambda: ui.panes.prompt.region.width > 70 and not ui.panes.sources.display)


async def test_the_source_list_is_reached_by_keyboard_and_shows_what_is_highlighted(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
        await ui.press("f4", "down")
        await ui.until(lambda: highlighted(ui).startswith("It had been out of service"))


async def test_a_passage_offered_under_an_abstention_can_be_clicked(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        exchange = await ui.ask("And the moon?")
        await click_text(ui, exchange, "City bees")
        await ui.until(lambda: highlighted(ui).startswith("Hives on the roofs"))


async def test_o_opens_the_link_in_the_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path) as ui:
        opened: list[str] = []
        monkeypatch.setattr(ui.app, "open_url", opened.append)
        (await ui.ask()).focus()
        await ui.until(lambda: highlighted(ui))
        await ui.press("shift+tab", "o")
        assert opened == ["https://gazette.example/lamp"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "https://a b.example/", "-x", None])
async def test_only_web_addresses_and_files_that_are_there_are_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str | None
) -> None:
    archive = FakeArchive([replace(one, url=url) for one in articles()])
    async with running(tmp_path, archive=archive) as ui:
        opened: list[str] = []
        monkeypatch.setattr(ui.app, "open_url", opened.append)
        ui.main.reading.read(archive.articles(ui.main.filtering.scope)[0])
        await ui.until(lambda: ui.main.query_one(ArticleView).page)
        await ui.press("shift+tab", "o")
        await ui.until(lambda: "no link" in ui.notices())
        assert opened == []


@pytest.mark.parametrize(("name", "row"), [("an article.txt", ""), ("C#.txt", ""), ("dump #1.jsonl", "#12")])
async def test_o_opens_the_file_where_there_is_no_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, row: str
) -> None:
    path = tmp_path / name
    path.write_text("x")
    archive = FakeArchive([Article(f"{path}{row}", "x", ())])
    async with running(tmp_path, archive=archive) as ui:
        opened: list[str] = []
        monkeypatch.setattr(ui.app, "open_url", opened.append)
        ui.main.reading.read(archive.articles(ui.main.filtering.scope)[0])
        await ui.until(lambda: ui.main.query_one(ArticleView).page)
        await ui.press("shift+tab", "o")
        await ui.until(lambda: opened == [path.as_uri()])
        monkeypatch.setattr(type(ui.app), "is_web", True)  # no page may open a file
        ui.main.reading.open_source()
        await ui.until(lambda: f"runs qa web: {path.as_uri()}" in ui.notices())
        assert len(opened) == 1


async def test_y_copies_the_quote_with_its_reference(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        (await ui.ask()).focus()
        await ui.until(lambda: highlighted(ui))
        await ui.press("shift+tab", "y")
        await ui.until(lambda: "The quote is in " in ui.notices() and "does not tell whether it did" in ui.notices())
        text = copied(ui, tmp_path)
        assert text.startswith("“The keeper of Sorrel Point lit the lamp on 3 March 1911")
        assert "Coast Gazette, “The lamp that would not go out”, 3 March 2019, https://gazette.example/lamp" in text


async def test_in_a_browser_copied_is_said_when_the_browser_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
        await ui.until(lambda: highlighted(ui))
        monkeypatch.setattr(type(ui.app), "is_web", True)
        for done, said in ((True, "Copied the quote."), (False, "The browser did not copy the quote.")):
            ui.main.reading.copy_quote()
            await ui.until(lambda: "lit the lamp" in ui.app.clipboard)
            assert said not in ui.notices()
            ui.app.post_message(BrowserCopied(done))
            await ui.until(lambda said=said: said in ui.notices())
        assert not list(tmp_path.glob("*.md"))  # nor is there a file on the machine that serves
        ui.app.post_message(BrowserCopied(True))  # of a text that was selected
        await ui.pilot.pause()
        assert ui.notices().count("Copied the quote.") == 1


async def test_a_terminal_around_tmux_is_asked_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path) as ui:
        written: list[str] = []
        monkeypatch.setattr(ui.app._driver, "write", written.append)
        ui.app.copy_to_clipboard("quote")
        monkeypatch.setenv("TMUX", "/tmp/tmux")
        ui.app.copy_to_clipboard("quote")
        assert [text.startswith("\x1bPtmux;") for text in written if "52;c;" in text] == [False, False, True]


async def test_shift_y_copies_the_answer_with_its_footnotes(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        (await ui.ask()).focus()
        await ui.press("shift+tab", "Y")
        await ui.until(lambda: "The answer is in " in ui.notices())
        assert "[^1]: “The keeper" in copied(ui, tmp_path)


async def test_related_articles_are_listed_above_the_sources(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        (await ui.ask()).focus()
        await ui.until(lambda: highlighted(ui))
        await ui.press("shift+tab", "r")
        await ui.until(lambda: "Same story" in ui.text(ui.panes.sources))
        await ui.until(lambda: "Ferry service" in ui.text(ui.main.query_one(ArticleView)))


async def test_up_and_down_go_from_answer_to_answer_and_back_to_the_prompt(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        first = await ui.ask("one")
        second = await ui.ask("two")
        second.focus()
        await ui.press("up")
        await ui.until(lambda: ui.main.reading.chosen is first)
        await ui.press("down", "down")
        await ui.until(lambda: ui.panes.prompt.has_focus)


async def test_a_quote_that_moved_is_marked_and_found_again(tmp_path: Path) -> None:
    archive = FakeArchive()
    async with running(tmp_path, archive=archive) as ui:
        await ui.ask()
        await ui.press("ctrl+n")
        await ui.until(lambda: not ui.panes.view.exchanges)
        lamp = archive.held[0]
        archive.held[0] = replace(lamp, text="A line put in.\n\n" + lamp.text, blocks=())
        await reopen(ui)
        await ui.until(lambda: "changed since" in ui.text(ui.panes.sources))
        await ui.until(lambda: highlighted(ui).startswith("The keeper of Sorrel Point lit the lamp"))


async def test_a_citation_of_a_removed_article_still_shows_its_quote(tmp_path: Path) -> None:
    archive = FakeArchive()
    async with running(tmp_path, archive=archive) as ui:
        await ui.ask()
        await ui.press("ctrl+n")
        await ui.until(lambda: not ui.panes.view.exchanges)
        del archive.held[0]
        await reopen(ui)
        await ui.until(lambda: "no longer in the" in ui.text(ui.panes.sources))
        assert "The keeper of Sorrel Point lit" in ui.text(ui.panes.sources)


async def test_the_article_is_wrapped_again_when_the_window_changes(tmp_path: Path) -> None:
    async with running(tmp_path, MEDIUM) as ui:
        await ui.ask()
        await ui.until(lambda: highlighted(ui))
        view = ui.main.query_one(ArticleView)
        before = view.page.width  # type: ignore[union-attr]
        await ui.pilot.resize_terminal(140, 40)
        await ui.until(lambda: view.page and view.page.width > before)
        assert highlighted(ui).startswith("The keeper")


async def reopen(ui: Ui) -> None:
    """Continue the only saved conversation."""
    await ui.press("f2")
    await ui.until(lambda: ui.main.query_one("#conversation-list", OptionList).option_count == 1)
    await ui.press("home", "enter")
    await ui.until(lambda: ui.panes.view.exchanges)


def copied(ui: Ui, folder: Path) -> str:
    """What was copied, into Textual's clipboard or the file."""
    file = folder / "footnote-clipboard.md"
    return file.read_text() if file.exists() else ui.app.clipboard


def place(ui: Ui, exchange: Exchange, text: str) -> tuple[int, int]:
    """Where a text stands on screen."""
    x, y, _, _ = exchange.region
    for row, line in enumerate(ui.text(exchange).split("\n")):
        if text in line:
            return x + line.index(text) + 1, y + row
    raise AssertionError(f"{text} is not on screen")


async def click_text(ui: Ui, exchange: Exchange, text: str) -> None:
    """Click where a text stands, once it stands still and answers to a click."""
    seen: list[tuple[int, int]] = []

    def still() -> bool:
        seen.append(place(ui, exchange, text))
        return seen[-2:-1] == seen[-1:] and "@click" in ui.app.screen.get_style_at(*seen[-1]).meta

    await ui.until(still)
    await ui.pilot.click(offset=seen[-1])


async def test_quotes_stand_under_their_article_and_what_was_found_besides_is_folded(tmp_path: Path) -> None:
    async with running(tmp_path, asker=FakeAsker(lambda question: model_answer(question.text))) as ui:
        await ui.ask()
        await ui.press("f4")
        listed = ui.text(ui.main.query_one("#source-list"))
        assert listed.count("The lamp that would not go out") == 1
        assert listed.count("Coast Gazette, 3 March 2019") == 1
        assert "[1] The keeper of Sorrel Point" in listed
        assert "[2] The lens weighed four tonnes" in listed


async def test_an_article_without_a_date_is_called_undated(tmp_path: Path) -> None:
    undated = [replace(one, published=None) for one in articles()]
    asker = FakeAsker(lambda question: lamp_answer(question.text, undated))
    async with running(tmp_path, asker=asker, archive=FakeArchive(undated)) as ui:
        await ui.ask()
        await ui.until(lambda: "Coast Gazette, undated" in ui.text(ui.panes.sources))


async def test_what_was_found_besides_is_unfolded_by_enter(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
        await ui.press("f4")
        assert "▸ Also found · 1 passage of 1 article" in ui.text()
        assert "City bees" not in ui.text()
        await ui.press("end", "enter")
        await ui.until(lambda: "▾ Also found" in ui.text())
        await ui.press("down")
        await ui.until(lambda: highlighted(ui).startswith("Hives on the roofs"))
        assert "City bees make more honey" in ui.text()
