"""The main states look as they were meant to look."""

from __future__ import annotations

import threading
from pathlib import Path

from textual.command import CommandPalette
from textual.widgets import Input, ProgressBar, TextArea

from qa.types import Answered, Retrieved, Token, Verified
from tests.tui.fakes import FakeArchive, FakeAsker, ScriptedAsker, model_answer
from tests.tui.harness import MEDIUM, NARROW, WIDE, Ui, running
from tests.tui.snapshot import same
from tui.ports import Settings
from tui.screens.dialogs import ReportDialog
from tui.screens.filters import FilterScreen
from tui.screens.help import Help
from tui.screens.welcome import Welcome
from tui.widgets.article import ArticleView
from vectorstore.articles import Filter


def still(ui: Ui) -> None:
    """Stop the cursors from blinking, also those behind a dialog."""
    for screen in ui.app.screen_stack:
        for area in screen.query(TextArea):
            area.cursor_blink = False
        for field in screen.query(Input):
            field.cursor_blink = False


async def answered(ui: Ui, question: str = "When was the lamp lit?") -> None:
    """Ask and wait until the first source is open."""
    await ui.ask(question)
    await ui.until(lambda: ui.main.query_one(ArticleView).page)
    await ui.until(lambda: ui.main.conversations.title and not ui.panes.status.status.doing)
    still(ui)


async def test_first_run(tmp_path: Path) -> None:
    async with running(tmp_path, MEDIUM, archive=FakeArchive([])) as ui:
        await ui.until(lambda: isinstance(ui.app.screen, Welcome) and not ui.panes.status.status.doing)
        still(ui)
        await same(ui, "first_run")


async def test_answer_with_sources(tmp_path: Path) -> None:
    async with running(tmp_path, MEDIUM) as ui:
        await answered(ui)
        await same(ui, "answer")


async def test_answer_on_a_large_screen_with_the_library(tmp_path: Path) -> None:
    async with running(tmp_path, WIDE) as ui:
        await answered(ui)
        await ui.until(lambda: "1 question" in ui.text(ui.panes.library))
        await same(ui, "answer_wide")


async def test_answer_on_a_narrow_screen(tmp_path: Path) -> None:
    async with running(tmp_path, NARROW) as ui:
        await answered(ui)
        await same(ui, "answer_narrow")


async def test_article_with_its_highlight_on_a_narrow_screen(tmp_path: Path) -> None:
    async with running(tmp_path, NARROW) as ui:
        await answered(ui)
        await ui.press("f4")
        await ui.until(lambda: "lit the lamp" in ui.text(ui.main.query_one(ArticleView)))
        await same(ui, "article_narrow")


async def test_abstention(tmp_path: Path) -> None:
    async with running(tmp_path, MEDIUM) as ui:
        await answered(ui, "What about the moon?")
        await same(ui, "abstention")


async def test_filter_dialog(tmp_path: Path) -> None:
    async with running(tmp_path, MEDIUM) as ui:
        await answered(ui)
        ui.main.filtering.set(Filter(("Coast Gazette",), since="2018-01-01"))
        await ui.until(lambda: "Coast" in ui.text(ui.panes.chips))
        await ui.press("f5")
        await ui.until(lambda: isinstance(ui.app.screen, FilterScreen))
        still(ui)
        await same(ui, "filter")


async def test_import_running_beside_a_conversation(tmp_path: Path) -> None:
    gate = threading.Event()
    async with running(tmp_path, MEDIUM, archive=FakeArchive(gate=gate)) as ui:
        await answered(ui)
        ui.main.archiving.add(["/articles"])
        await ui.until(lambda: "Taking in" in ui.text(ui.panes.imports))
        await same(ui, "import", [ui.main.query_one(ProgressBar)])
        gate.set()


async def test_error(tmp_path: Path) -> None:
    async with running(tmp_path, MEDIUM) as ui:
        await ui.ask("explode")
        await ui.until(lambda: ui.main.conversations.title and not ui.panes.status.status.doing)
        still(ui)
        await same(ui, "error")


async def test_answer_being_made(tmp_path: Path) -> None:
    asker = FakeAsker(hold=threading.Event(), notice="The models are still loading: lexical search only.")
    async with running(tmp_path, MEDIUM, asker=asker) as ui:
        await ui.type("When was the lamp lit?")
        await ui.press("enter")
        await ui.until(lambda: "lexical" in ui.text(ui.panes.view) and ui.main.query_one(ArticleView).page)
        await ui.until(lambda: ui.main.conversations.title)
        still(ui)
        await same(ui, "searching")
        asker.hold.set()  # type: ignore[union-attr]


async def test_answer_coming_with_a_draft(tmp_path: Path) -> None:
    said = model_answer()
    drafts = [Token("Its lens was among the heaviest of the coast [2]. The keeper was paid")]
    first = [Retrieved(said.passages), Verified(said.sentences[0]), Verified(said.sentences[2])]
    gate = threading.Event()
    asker = ScriptedAsker(steps=[*first, *drafts, gate, Answered(said)])
    async with running(tmp_path, MEDIUM, asker=asker) as ui:
        await ui.type(said.question)
        await ui.press("enter")
        await ui.until(lambda: "was paid" in ui.text(ui.panes.view) and ui.main.query_one(ArticleView).page)
        await ui.until(lambda: ui.main.conversations.title)
        still(ui)
        await same(ui, "draft")
        gate.set()


async def test_answer_with_a_sentence_of_each_verdict(tmp_path: Path) -> None:
    said = model_answer()
    async with running(tmp_path, MEDIUM, asker=FakeAsker(lambda _: said)) as ui:
        await answered(ui, said.question)
        await same(ui, "verdicts")


async def test_sentences_left_out(tmp_path: Path) -> None:
    async with running(tmp_path, MEDIUM, asker=FakeAsker(lambda _: model_answer())) as ui:
        await answered(ui)
        ui.last.focus()
        await ui.press("shift+tab", "u")
        await ui.until(lambda: isinstance(ui.app.screen, ReportDialog))
        await same(ui, "left_out")


async def test_answerers_in_the_palette(tmp_path: Path) -> None:
    async with running(tmp_path, MEDIUM) as ui:
        await answered(ui)
        await ui.press("ctrl+p")
        await ui.until(lambda: isinstance(ui.app.screen, CommandPalette))
        await ui.type("answer with")
        await ui.until(lambda: "Answer with: openai" in ui.text() and "Ask again" not in ui.text())
        still(ui)
        await same(ui, "answerers")


async def test_help(tmp_path: Path) -> None:
    async with running(tmp_path, MEDIUM) as ui:
        await answered(ui)
        ui.last.focus()
        await ui.press("f1")
        await ui.until(lambda: isinstance(ui.app.screen, Help))
        await same(ui, "help")


async def test_light_theme(tmp_path: Path) -> None:
    async with running(tmp_path, MEDIUM, settings=Settings(theme="footnote-light")) as ui:
        await answered(ui)
        await same(ui, "light")
