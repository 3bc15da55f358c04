"""Small screens: every pane keeps five lines, dialogs scroll to their buttons, notices leave the prompt free."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from textual.widget import Widget
from textual.widgets import Button, Input

from tests.tui.fakes import FakeArchive
from tests.tui.harness import MEDIUM, Ui, running
from tui.screens.dialogs import ReportDialog
from tui.screens.filters import FilterScreen
from tui.screens.help import Help
from tui.widgets.article import ArticleView
from tui.widgets.conversation import ConversationView
from tui.widgets.library import ArchiveTree, ConversationList
from vectorstore.articles import Filter

TINY = (60, 15)
FIVE = 5


def lines(ui: Ui, kind: type[Widget]) -> int:
    """How many lines of a widget are on screen."""
    return ui.main.query_one(kind).region.intersection(ui.main.region).height


async def test_every_pane_shows_five_lines_on_a_tiny_screen_also_while_an_import_runs(tmp_path: Path) -> None:
    gate = threading.Event()
    async with running(tmp_path, TINY, archive=FakeArchive(gate=gate)) as ui:
        await ui.ask()
        await ui.until(lambda: ui.main.query_one(ArticleView).page)
        ui.panes.demo.display = True  # every line that may be there is
        ui.main.filtering.set(Filter(("Coast Gazette",)))
        ui.main.archiving.add(["/articles"])
        await ui.until(lambda: ui.panes.imports.display and ui.panes.chips.display)
        await ui.type("a question\nof three\nlines")
        assert lines(ui, ConversationView) >= FIVE
        await ui.press("f4", "enter")
        await ui.until(lambda: ui.main.query_one(ArticleView).has_focus)
        assert lines(ui, ArticleView) >= FIVE
        await ui.press("slash")
        await ui.until(lambda: isinstance(ui.main.focused, Input))
        assert lines(ui, ArticleView) >= FIVE
        await ui.press("escape", "f2")
        await ui.until(lambda: ui.panes.library.in_conversations and lines(ui, ConversationList) >= FIVE)
        ui.main.query_one(ArchiveTree).focus()
        await ui.until(lambda: lines(ui, ArchiveTree) >= FIVE)
        gate.set()


async def test_an_answer_longer_than_the_pane_is_shown_from_its_top(tmp_path: Path) -> None:
    async with running(tmp_path, TINY) as ui:
        await ui.ask()
        view = ui.main.query_one(ConversationView)
        assert ui.last.outer_size.height > view.size.height
        await ui.until(lambda: ui.last.region.y == view.region.y)
        assert "lit the lamp" in ui.text(view)


async def test_the_hint_line_names_the_letters_where_no_pane_does(tmp_path: Path) -> None:
    async with running(tmp_path, TINY) as ui:
        await ui.ask()
        await ui.press("shift+tab")
        await ui.until(lambda: "Y copy answer" in ui.text(ui.panes.status))


async def test_every_dialog_scrolls_to_its_buttons_on_a_tiny_screen(tmp_path: Path) -> None:
    async with running(tmp_path, TINY) as ui:
        dialogs = (
            FilterScreen(Filter(), ["Coast Gazette"]),
            ReportDialog("Report", "line\n" * 60),
            Help("x " * 400, [], [("f1", "Help")]),
        )
        for dialog in dialogs:
            await ui.app.push_screen(dialog)
            last = dialog.query(Button).last()
            last.focus()
            await ui.until(
                lambda dialog=dialog, last=last: dialog.region.contains_region(last.region), type(dialog).__name__
            )
            assert ui.text(last).strip()
            dialog.dismiss(None)
            await ui.until(lambda: ui.app.screen is ui.main)


@pytest.mark.parametrize("size", [TINY, (80, 24), MEDIUM])
async def test_of_many_long_notices_the_newest_is_seen_and_none_covers_the_prompt(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with running(tmp_path, size, toasts=True) as ui:
        await ui.type("Who lit the lamp?\n" * 10)
        for number in range(4):
            ui.main.context.say(f"{number}. " + "A notice takes its time to say what it is about. " * 12)
        await ui.until(lambda: "3. A notice" in ui.text())
        assert "notice" not in ui.text(ui.panes.prompt)
        assert ui.text(ui.panes.prompt).count("Who lit the lamp?") >= 2


@pytest.mark.parametrize("size", [TINY, MEDIUM])
async def test_f10_gives_the_focused_pane_the_whole_screen_and_restores_it(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with running(tmp_path, size) as ui:
        await ui.ask()
        await ui.until(lambda: ui.main.query_one(ArticleView).page)
        await ui.press("f4")
        await ui.until(lambda: ui.panes.sources.has_focus_within)
        before = ui.panes.sources.region
        await ui.press("f10")
        await ui.until(lambda: ui.panes.sources.size.width >= size[0] - 2 and not ui.panes.top.display)
        assert ui.panes.sources.region.height > before.height
        assert not ui.main.query_one("#chat").display
        await ui.press("f10")
        await ui.until(lambda: ui.panes.sources.region == before and ui.panes.top.display)
        await ui.press("f10", *"only")  # a letter restores the screen and goes to the prompt
        await ui.until(lambda: ui.panes.prompt.region and ui.panes.top.display)
        assert ui.panes.prompt.text == "only"
