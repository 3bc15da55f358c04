"""Who answers is chosen in the palette, for this session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.command import CommandPalette

from qa.llm.healthcheck import Standing
from qa.types import Event, Question
from tests.tui.fakes import FakeArchive, FakeAsker, services
from tests.tui.harness import MEDIUM, NARROW, WIDE, Ui, running
from tui.app import FootnoteApp
from tui.ports import Settings
from tui.screens.answerers import Answerers
from tui.widgets.exchange import State
from vectorstore.errors import AnswererMissing


async def choose(ui: Ui, name: str) -> None:
    """Choose an answerer in the palette."""
    await ui.press("ctrl+p")
    await ui.until(lambda: isinstance(ui.app.screen, CommandPalette))
    await ui.type(f"answer with: {name}")
    await ui.until(lambda: f"Answer with: {name}" in ui.text() and "Ask again" not in ui.text())
    await ui.press("enter", "enter")
    await ui.until(lambda: ui.main.asking.answerer == name)


@pytest.mark.parametrize("size", [NARROW, MEDIUM, WIDE])
async def test_the_palette_switches_the_answerer_and_the_status_line_names_it(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with running(tmp_path, size) as ui:
        await ui.ask()
        await choose(ui, "ollama")
        await ui.until(lambda: "ollama" in ui.text(ui.panes.status))
        await ui.ask("And why?")
        await choose(ui, "extractive")
        await ui.ask("And then?")
        assert ui.asker.used == ["extractive", "ollama", "extractive"]


async def test_the_current_answerer_is_marked(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        ui.main.asking.answer_with("openai")
        await ui.until(ui.main.asking.offered)
        titles = [command.title for command in ui.app.get_system_commands(ui.main) if "with:" in command.title]
        assert titles == ["Answer with: extractive", "Answer with: ollama", "Answer with: openai  ✓"]


async def test_the_configured_answerer_is_the_first(tmp_path: Path) -> None:
    async with running(tmp_path, settings=Settings(answerer="ollama", exports=tmp_path)) as ui:
        assert "ollama" in ui.text(ui.panes.status)
        await ui.ask()
        assert ui.asker.used == ["ollama"]


class Missing(FakeAsker):
    """Has one answerer that can be asked."""

    def ask(self, question: Question, answerer: str) -> Iterator[Event]:
        """Refuse all but the extractive one."""
        if answerer != "extractive":
            raise AnswererMissing("Ollama does not answer at http://localhost:11434.", "Start it: ollama serve")
        yield from super().ask(question, answerer)


async def test_an_answerer_that_cannot_be_asked_says_so_and_the_other_can_be_chosen_again(tmp_path: Path) -> None:
    async with running(tmp_path, asker=Missing()) as ui:
        await choose(ui, "ollama")
        failed = await ui.ask()
        assert failed.state is State.FAILED
        assert "Start it: ollama serve" in ui.text(failed)
        assert "Traceback" not in ui.text()
        await choose(ui, "extractive")
        assert (await ui.ask()).state is State.ANSWERED


LACKING = (
    Standing("extractive"),
    Standing("ollama", "Nothing listens at http://localhost:11434.", "Start it with `ollama serve`."),
    Standing("openai", "There is no key for the answerer openai.", "Put the key into the variable OPENAI_API_KEY."),
)


async def test_only_who_can_be_asked_is_offered_and_the_others_are_listed_with_what_they_lack(tmp_path: Path) -> None:
    core = services(tmp_path, standings=LACKING)
    app = FootnoteApp(lambda: core)
    async with app.run_test(size=NARROW) as pilot:
        ui = Ui(app, pilot, core, FakeAsker(), FakeArchive())
        await ui.until(app.main.asking.offered)
        titles = [command.title for command in app.get_system_commands(app.main) if "with:" in command.title]
        assert titles == ["Answer with: extractive  ✓"]
        await ui.do("answerer.choose")
        await ui.until(lambda: isinstance(app.screen, Answerers))
        for one in LACKING[1:]:
            assert one.missing in ui.text()
            assert one.hint in ui.text()
        await ui.press("down", "enter")
        await ui.until(lambda: app.screen is app.main)
        assert app.main.asking.answerer == "extractive"
