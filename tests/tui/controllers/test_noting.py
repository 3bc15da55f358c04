"""The notebook: n keeps a quote with its reference, and what was kept is read, remarked, deleted and exported."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Input, OptionList

from tests.tui.controllers.test_reading import highlighted
from tests.tui.fakes import lamp_answer
from tests.tui.harness import NARROW, Ui, running
from tui.screens.dialogs import AskLine
from tui.screens.notebook import NotebookScreen


async def open_notebook(ui: Ui) -> OptionList:
    """Open the notebook and return its list."""
    await ui.press("ctrl+o")
    await ui.until(lambda: isinstance(ui.app.screen, NotebookScreen))
    return ui.app.screen.query_one(OptionList)


async def test_a_quote_of_an_answer_is_kept_with_its_reference_and_question(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.press("ctrl+o")
        await ui.until(lambda: "The notebook is empty" in ui.notices())
        await ui.ask()
        await ui.press("shift+tab", "right", "n")
        await ui.until(lambda: "Kept in the notebook: 1 note. Ctrl+O shows them." in ui.notices())
        (note,) = ui.services.notes.list()
        cited = lamp_answer().citations[1]
        assert (note.quote, note.article, note.start) == (cited.quote, cited.article, cited.start)
        assert note.question == "When was the lamp lit?"
        await ui.press("n")
        await ui.until(lambda: "has this quote already: 1 note" in ui.notices())
        await open_notebook(ui)
        assert "It had been out of service" in ui.text()
        assert "— Harrow Bay Post, 6 November 2021" in ui.text()


async def test_a_note_is_read_in_its_article_remarked_deleted_and_brought_back(tmp_path: Path) -> None:
    async with running(tmp_path, NARROW) as ui:
        ui.services.notes.keep(lamp_answer().citations[1])
        await open_notebook(ui)
        await ui.press("r")
        await ui.until(lambda: isinstance(ui.app.screen, AskLine))
        ui.app.screen.query_one(Input).value = "for the opening"
        await ui.press("enter")
        await ui.until(lambda: isinstance(ui.app.screen, NotebookScreen) and "for the opening" in ui.text())
        await ui.press("delete")
        await ui.until(lambda: "Ctrl+Z brings it back" in ui.notices())
        assert ui.services.notes.list() == []
        await ui.press("ctrl+z")
        await ui.until(lambda: isinstance(ui.app.screen, NotebookScreen))
        assert [note.remark for note in ui.services.notes.list()] == ["for the opening"]
        await ui.press("enter")
        await ui.until(lambda: highlighted(ui).startswith("It had been out of service"))


async def test_the_notebook_is_exported_as_markdown(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        ui.services.notes.keep(lamp_answer().citations[0])
        await open_notebook(ui)
        await ui.press("e")
        await ui.until(lambda: isinstance(ui.app.screen, AskLine))
        await ui.press("enter")
        await ui.until(lambda: "Exported to" in ui.notices())
        assert "> “The keeper of Sorrel Point" in (tmp_path / "notes.md").read_text()


async def test_without_a_quote_nothing_is_kept(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.do("note.keep")
        await ui.until(lambda: "There is no quote to keep" in ui.notices())
