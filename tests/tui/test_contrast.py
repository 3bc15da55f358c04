"""Both themes of our own can be read in every state: each letter has the contrast that WCAG 2 asks for (AA)."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from textual.widgets import OptionList

from qa.types import Answered, Retrieved, Token, Verified
from tests.tui.contrast import pale
from tests.tui.fakes import FakeArchive, ScriptedAsker, model_answer
from tests.tui.harness import WIDE, running
from tui.ports import Settings
from tui.screens.dialogs import ReportDialog
from tui.screens.welcome import Welcome
from tui.widgets.article import ArticleView

THEMES = ["footnote", "footnote-light"]


@pytest.mark.parametrize("theme", THEMES)
async def test_each_choice_of_the_first_run_is_legible_chosen_or_not(tmp_path: Path, theme: str) -> None:
    async with running(tmp_path, WIDE, archive=FakeArchive([]), settings=Settings(theme=theme)) as ui:
        await ui.until(lambda: isinstance(ui.app.screen, Welcome))
        choices = ui.app.screen.query_one(OptionList)
        for at in range(choices.option_count):
            choices.highlighted = at
            await ui.pilot.pause()
            assert pale(ui, choices) == {}
        ui.app.screen.set_focus(None)
        await ui.until(lambda: not choices.has_focus)
        assert pale(ui, choices) == {}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("focus", ["PromptInput", "Exchange", "#source-list", "#conversation-list", "ArchiveTree"])
async def test_the_main_screen_is_legible_wherever_the_focus_is(tmp_path: Path, theme: str, focus: str) -> None:
    async with running(tmp_path, WIDE, settings=Settings(theme=theme)) as ui:
        assert pale(ui) == {}
        await ui.ask()
        await ui.ask("What about the moon?")
        await ui.until(lambda: ui.main.query_one(ArticleView).page and ui.main.conversations.title)
        ui.main.query(focus).last().focus()
        await ui.press("home")
        await ui.until(lambda: ui.main.focused and ui.main.focused.has_focus)
        assert pale(ui) == {}


@pytest.mark.parametrize("theme", THEMES)
async def test_drafts_verdicts_and_what_was_left_out_are_legible(tmp_path: Path, theme: str) -> None:
    said, gate = model_answer(), threading.Event()
    steps = [Retrieved(said.passages), Verified(said.sentences[2]), Token("Its lens was"), gate, Answered(said)]
    settings = Settings(theme=theme)
    async with running(tmp_path, WIDE, asker=ScriptedAsker(steps=steps), settings=settings) as ui:
        await ui.type("Who lit it?")
        await ui.press("enter")
        await ui.until(lambda: "Its lens was" in ui.text(ui.panes.view))
        assert pale(ui, ui.last) == {}
        gate.set()
        await ui.until(lambda: ui.last.answer)
        await ui.until(lambda: "→[3]" in ui.text(ui.last))
        assert pale(ui, ui.last) == {}
        ui.last.focus()
        await ui.press("shift+tab", "u")
        await ui.until(lambda: isinstance(ui.app.screen, ReportDialog))
        assert pale(ui, ui.app.screen.query_one(".dialog")) == {}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("key", ["f1", "f5", "f6", "ctrl+s"])
async def test_every_dialog_is_legible(tmp_path: Path, theme: str, key: str) -> None:
    async with running(tmp_path, WIDE, settings=Settings(theme=theme)) as ui:
        await ui.ask()
        await ui.until(lambda: ui.main.context.talk.id)
        await ui.press(key)
        await ui.until(lambda: ui.app.screen is not ui.main)
        assert pale(ui, ui.app.screen.query_one(".dialog")) == {}


@pytest.mark.parametrize("theme", THEMES)
async def test_what_is_found_is_legible(tmp_path: Path, theme: str) -> None:
    async with running(tmp_path, WIDE, settings=Settings(theme=theme)) as ui:
        await ui.ask()
        await ui.until(lambda: ui.main.query_one(ArticleView).page)
        ui.main.query_one(ArticleView).focus()
        await ui.press("slash")
        await ui.until(lambda: not isinstance(ui.main.focused, ArticleView))
        await ui.type("the")
        await ui.until(lambda: "1 of" in ui.text(ui.panes.sources))
        assert pale(ui, ui.panes.sources) == {}
        await ui.do("archive.search")
        await ui.until(lambda: ui.app.screen is not ui.main)
        await ui.type("harrow")
        await ui.until(lambda: "Harrow Bay Post" in ui.text(ui.app.screen.query_one(".dialog")))
        assert pale(ui, ui.app.screen.query_one(".dialog")) == {}
