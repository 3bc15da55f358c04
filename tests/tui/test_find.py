"""Finding: in a text, in the article, in the lists, in the full text of the archive, among earlier questions."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input, OptionList

from tests.tui.fakes import FakeArchive
from tests.tui.harness import running
from tui.controllers.searching import entry
from tui.find import holds, occurrences, snippet
from tui.screens.pick import Pick
from tui.widgets.article import ArticleView
from tui.widgets.findbar import FindBar
from tui.widgets.library import ArchiveTree, ConversationList
from tui.widgets.sourcelist import SourceList


def test_words_are_found_whatever_their_case_and_across_lines() -> None:
    assert occurrences("The Lamp\nburned. A lamp burned.", "lamp burned") == ((4, 15), (19, 30))
    assert occurrences("Anything.", "  ") == ()
    assert occurrences("1.5 (a) [b]", "(a) [") == ((4, 9),)


def test_a_list_holds_each_word_in_any_order() -> None:
    assert holds("Harrow Bay Post · 6 November 2021", "2021 harrow")
    assert not holds("Harrow Bay Post", "harrow gazette")


def test_a_snippet_begins_and_ends_at_words_and_keeps_its_first_place() -> None:
    text = "one two three four five six seven eight nine ten"
    shown, places = snippet(text, [(24, 27)], 24)
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert [shown[a:b] for a, b in places] == ["six"]
    assert set(shown.split()) <= {*text.split(), "…"}
    assert snippet("short", (), 24) == ("short", ())


async def test_slash_finds_in_the_article_counts_goes_on_and_ends(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
        article, bar = ui.main.query_one(ArticleView), ui.main.query_one(FindBar)
        await ui.until(lambda: article.page)
        article.focus()
        await ui.until(lambda: article.has_focus)
        await ui.press("slash")
        await ui.until(lambda: bar.query_one(Input).has_focus)
        await ui.type("the lens")
        await ui.until(lambda: "1 of 3" in ui.text(bar))
        assert article.page
        assert [article.page.text[a:b] for a, b in article.found] == ["the lens", "The lens", "the lens"]
        await ui.press("enter")
        await ui.until(lambda: "2 of 3" in ui.text(bar))
        await ui.press("up", "up")
        await ui.until(lambda: "3 of 3" in ui.text(bar))
        bar.query_one(Input).value = "whale"
        await ui.until(lambda: "nothing found" in ui.text(bar))
        await ui.press("escape")
        await ui.until(lambda: article.has_focus and not bar.display)
        assert article.found == ()


async def test_slash_keeps_the_sources_that_have_the_words_until_escape(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
        listing = ui.main.query_one(SourceList)
        await ui.press("f4")
        await ui.until(lambda: listing.has_focus)
        whole = listing.option_count
        await ui.press("slash")
        await ui.type("ferry")
        await ui.until(lambda: listing.option_count == 2)  # the article's title, and its quote
        await ui.until(lambda: ui.panes.sources.current and "Ferry" in ui.panes.sources.current.article.title)
        await ui.press("enter")
        await ui.until(lambda: listing.has_focus and listing.option_count == 2)
        await ui.press("escape")
        await ui.until(lambda: listing.option_count == whole and listing.has_focus)


async def test_slash_in_the_library_finds_conversations_and_the_full_text_of_the_archive(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.press("f2")
        await ui.until(lambda: ui.main.query_one(ConversationList).has_focus)
        await ui.press("slash")
        await ui.until(lambda: ui.main.query_one("#conversation-search").has_focus)
        ui.main.query_one(ArchiveTree).focus()
        await ui.until(lambda: ui.panes.library.in_archive)
        await ui.press("slash")
        await ui.until(lambda: isinstance(ui.app.screen, Pick))
        await ui.type("mercury")
        await ui.until(lambda: ui.app.screen.query_one(OptionList).option_count == 1)
        for told in ("The lamp that would not go out", "Coast Gazette", "3 March 2019", "floated on mercury"):
            assert told in ui.text()
        await ui.press("enter")
        article = ui.main.query_one(ArticleView)
        await ui.until(lambda: article.has_focus and article.page)
        assert article.page
        assert [article.page.text[a:b] for a, b in article.page.answers] == ["mercury"]


async def test_f8_finds_earlier_questions_of_every_conversation_for_the_prompt(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask("When was the lamp lit?")
        await ui.press("ctrl+n")
        await ui.until(lambda: not ui.panes.view.exchanges)
        await ui.ask("What about the moon?")
        await ui.press("f8")
        await ui.until(lambda: isinstance(ui.app.screen, Pick))
        await ui.until(lambda: ui.app.screen.query_one(OptionList).option_count == 2)
        await ui.type("lamp")
        await ui.until(lambda: ui.app.screen.query_one(OptionList).option_count == 1)
        await ui.press("enter")
        await ui.until(lambda: ui.panes.prompt.text == "When was the lamp lit?" and ui.panes.prompt.has_focus)


@pytest.mark.parametrize("end", ["escape", "enter"])
async def test_a_search_that_finds_nothing_says_so_and_goes_back(tmp_path: Path, end: str) -> None:
    async with running(tmp_path) as ui:
        await ui.do("archive.search")
        await ui.until(lambda: isinstance(ui.app.screen, Pick))
        await ui.type("zeppelin")
        await ui.until(lambda: "Nothing found." in ui.text())
        await ui.press(end, "escape")
        await ui.until(lambda: ui.app.screen is ui.main)


def test_a_passage_is_listed_on_one_line_with_its_words_in_colour() -> None:
    (match,) = FakeArchive().find("museum in")
    shown = entry(match)
    assert shown.plain.count("\n") == 1
    assert "museum in Harrow Bay" in shown.plain
