"""The main screen: panes by width, help, palette, keys, themes, editor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.command import CommandPalette
from textual.widgets import Static

from tests.tui.harness import MEDIUM, NARROW, WIDE, Ui, running
from tui.actions import ACTIONS
from tui.keynames import key_name
from tui.ports import Settings
from tui.screens.help import Help
from tui.widgets.article import ArticleView
from tui.widgets.sourcelist import SourceList


def panes(ui: Ui) -> list[str]:
    """The panes on screen, from left to right."""
    shown = {"library": ui.panes.library, "chat": ui.main.query_one("#chat"), "sources": ui.panes.sources}
    return [name for name, widget in shown.items() if widget.display]


@pytest.mark.parametrize(
    ("size", "first", "library", "sources"),
    [
        (NARROW, ["chat"], ["library"], ["sources"]),
        (MEDIUM, ["chat", "sources"], ["library", "chat", "sources"], ["library", "chat", "sources"]),
        (WIDE, ["library", "chat", "sources"], ["chat", "sources"], ["chat", "sources"]),
    ],
)
async def test_panes_share_a_wide_screen_and_take_turns_on_a_narrow_one(
    tmp_path: Path, size: tuple[int, int], first: list[str], library: list[str], sources: list[str]
) -> None:
    async with running(tmp_path, size) as ui:
        assert panes(ui) == first
        await ui.press("f2")
        await ui.until(lambda: panes(ui) == library)
        await ui.press("f4")
        await ui.until(lambda: panes(ui) == sources)
        await ui.press("f3")
        assert "chat" in panes(ui)
        assert ui.panes.prompt.has_focus


async def test_the_sources_are_hidden_by_the_key_that_leads_to_them(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
        await ui.press("f4")
        await ui.until(lambda: isinstance(ui.main.focused, SourceList))
        await ui.press("f4")
        await ui.until(lambda: panes(ui) == ["chat"])
        await ui.press("f4")
        await ui.until(lambda: panes(ui) == ["chat", "sources"])


@pytest.mark.parametrize("size", [NARROW, MEDIUM, WIDE])
async def test_the_menu_reaches_every_pane_and_dialog_by_mouse(tmp_path: Path, size: tuple[int, int]) -> None:
    async with running(tmp_path, size) as ui:
        await ui.ask()
        await click_menu(ui, "Sources")
        await ui.until(lambda: "sources" in panes(ui))
        await click_menu(ui, "Footnote")  # and back
        await ui.until(lambda: "chat" in panes(ui) and ui.panes.prompt.has_focus)
        await click_menu(ui, "Help")
        await ui.until(lambda: isinstance(ui.app.screen, Help))
        await ui.pilot.click("#no")
        await ui.until(lambda: ui.app.screen is ui.main)
        await click_menu(ui, "Commands")
        await ui.until(lambda: isinstance(ui.app.screen, CommandPalette))


async def test_the_palette_has_every_action_by_its_name(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        titles = {command.title for command in ui.app.get_system_commands(ui.main)}
        answerers = {"Answer with: extractive  ✓", "Answer with: ollama", "Answer with: openai"}
        assert titles == {action.label for action in ACTIONS if action.name != "app.palette"} | answerers


async def test_an_action_of_the_palette_is_done(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
        await ui.press("ctrl+p")
        await ui.until(lambda: isinstance(ui.app.screen, CommandPalette))
        await ui.type("new conversation")
        await ui.until(lambda: "Begin a new conversation" in ui.text())
        await ui.press("enter", "enter")
        await ui.until(lambda: not ui.panes.view.exchanges)


async def test_every_action_has_a_name_of_its_own_and_a_route_to_what_does_it(tmp_path: Path) -> None:
    names = [action.name for action in ACTIONS]
    assert len(set(names)) == len(names)
    async with running(tmp_path) as ui:
        assert set(ui.main.routes) == set(names)


def test_no_key_does_two_things() -> None:
    keys = [key for action in ACTIONS for key in action.keys.split(",") if key]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("focus", "words"),
    [
        ("PromptInput", "Type a question and press Enter"),
        ("SourceList", "The sources of the chosen answer"),
        ("ArticleView", "The highlighted words are the quote"),
        ("ConversationList", "Saved conversations, newest first"),
        ("Exchange", "Left and Right walk through its sources"),
    ],
)
async def test_help_is_about_what_has_the_focus(tmp_path: Path, focus: str, words: str) -> None:
    async with running(tmp_path, WIDE) as ui:
        await ui.ask()
        await ui.until(lambda: ui.main.query_one(ArticleView).page)
        ui.main.query(focus).first().focus()
        await ui.press("f1")
        await ui.until(lambda: isinstance(ui.app.screen, Help))
        assert words in " ".join(ui.text().split())
        assert any("Every action by name" in str(part.content) for part in ui.app.screen.query(Static))
        await ui.press("escape")
        await ui.until(lambda: ui.app.screen is ui.main)


def test_keys_are_named_as_on_a_keyboard() -> None:
    assert key_name("ctrl+p") == "Ctrl+P"
    assert key_name("f2,ctrl+b") == "F2, Ctrl+B"
    assert key_name("left,h") == "←, h"
    assert key_name("Y") == "Y"


async def test_keys_come_from_the_configuration(tmp_path: Path) -> None:
    settings = Settings(keys={"conversation.new": "f9", "prompt.send": "ctrl+d"}, exports=tmp_path)
    async with running(tmp_path, settings=settings) as ui:
        await ui.type("When was the lamp lit?")
        await ui.press("ctrl+d")
        await ui.until(lambda: ui.panes.view.exchanges and ui.last.answer)
        await ui.press("ctrl+n")
        assert ui.panes.view.exchanges
        await ui.press("f9")
        await ui.until(lambda: not ui.panes.view.exchanges)


async def test_the_theme_is_remembered(tmp_path: Path) -> None:
    memory = tmp_path / "state" / "tui.json"
    async with running(tmp_path, memory=memory) as ui:
        assert ui.app.theme == "footnote"
        ui.app.theme = "nord"
        await ui.until(memory.exists)
        assert json.loads(memory.read_text()) == {"theme": "nord"}
    async with running(tmp_path, memory=memory) as ui:
        assert ui.app.theme == "nord"


async def test_a_theme_that_is_none_falls_back_to_the_default(tmp_path: Path) -> None:
    async with running(tmp_path, settings=Settings(theme="no such theme")) as ui:
        assert ui.app.theme == "footnote"


async def test_every_theme_can_be_chosen(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
        for name in ui.app.available_themes:
            ui.app.theme = name
            await ui.pilot.pause()
        await ui.do("app.theme")
        await ui.until(lambda: ui.app.screen is not ui.main)


async def test_without_an_editor_the_user_is_told_how_to_set_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    async with running(tmp_path) as ui:
        await ui.press("ctrl+g")
        await ui.until(lambda: "Set $EDITOR" in ui.notices())


@pytest.mark.parametrize(("editor", "said"), [("true", ""), ("vi '", "No closing quotation")])
async def test_where_the_editor_cannot_be_started_the_question_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, editor: str, said: str
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", editor)
    async with running(tmp_path) as ui:
        await ui.type("half a question")
        await ui.press("ctrl+g")
        await ui.until(lambda: f"cannot be started here: {said}" in ui.notices())
        assert ui.panes.prompt.text == "half a question"


async def test_tab_leads_from_the_prompt_through_every_pane(tmp_path: Path) -> None:
    async with running(tmp_path, WIDE) as ui:
        await ui.ask()
        await ui.until(lambda: ui.main.query_one(ArticleView).page)
        seen = set()
        for _ in range(12):
            seen.add(type(ui.main.focused).__name__)
            await ui.press("tab")
        assert {
            "PromptInput",
            "Exchange",
            "SourceList",
            "ArticleView",
            "ConversationList",
            "ArchiveTree",
            "Input",
        } <= seen


async def test_quitting_ends_the_program(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.press("ctrl+q")
        await ui.until(lambda: not ui.app.is_running)


async def click_menu(ui: Ui, word: str) -> None:
    """Click a word of the menu at the top."""
    await ui.until(lambda: word in ui.text().split("\n")[0])
    await ui.pilot.click(offset=(ui.text().split("\n")[0].index(word) + 1, 0))
