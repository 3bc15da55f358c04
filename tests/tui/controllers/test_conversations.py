"""Conversations are kept as they happen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList

from qa.conversations import SavedTurn
from qa.types import Turn
from tests.tui.fakes import lamp_answer
from tests.tui.harness import MEDIUM, NARROW, WIDE, Ui, running
from tui.controllers.keeper import TurnSaved
from tui.screens.dialogs import AskLine, Choose, Confirm

SIZES = [NARROW, MEDIUM, WIDE]


def listed(ui: Ui) -> int:
    """The number of conversations in the list."""
    return ui.main.query_one("#conversation-list", OptionList).option_count


@pytest.mark.parametrize("size", SIZES)
async def test_a_conversation_is_there_again_after_the_program_was_closed(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with running(tmp_path, size) as ui:
        await ui.ask()
        await ui.ask("And the moon?")
    async with running(tmp_path, size) as ui:
        await ui.press("f2")
        await ui.until(lambda: listed(ui) == 1)
        if size == WIDE:  # there the library was open already, and the key has closed it
            await ui.press("f2")
        await ui.press("enter")
        await ui.until(lambda: len(ui.panes.view.exchanges) == 2)
        await ui.until(lambda: ui.panes.prompt.has_focus)
        assert [exchange.state.value for exchange in ui.panes.view.exchanges] == ["answered", "abstained"]
        await ui.until(lambda: "When was the lamp lit?" in ui.text())
        await ui.ask("How heavy was it?")
        quotes = tuple(citation.quote for citation in lamp_answer().citations)
        assert ui.asker.asked[-1].history == (Turn("When was the lamp lit?", quotes), Turn("And the moon?", ()))
        assert len(ui.services.conversations.list()) == 1


async def test_a_question_is_saved_before_its_answer_is_there(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask("explode")
        (summary,) = ui.services.conversations.list()
        (turn,) = ui.services.conversations.load(summary.id).turns
        assert (turn.question, turn.answer) == ("explode", None)


async def test_a_new_conversation_begins_empty_and_the_old_one_stays_in_the_list(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
        await ui.press("ctrl+n")
        await ui.until(lambda: not ui.panes.view.exchanges)
        await ui.ask("Another one")
        assert ui.asker.asked[-1].history == ()
        assert len(ui.services.conversations.list()) == 2


async def test_a_turn_that_is_saved_late_does_not_join_the_conversation_that_was_begun_since(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        left = ui.main.context.talk
        await ui.press("ctrl+n")
        await ui.until(lambda: ui.main.context.talk is not left)
        key = ui.services.conversations.create("Left")
        ui.main.post_message(TurnSaved(left, key))
        await ui.until(lambda: listed(ui) == 1)
        await ui.ask("Another one")
        assert ui.main.context.talk.id != key
        assert ui.services.conversations.load(key).turns == ()


async def test_a_conversation_is_renamed(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
        await ui.press("f6")
        await ui.until(lambda: isinstance(ui.app.screen, AskLine))
        ui.app.screen.query_one(Input).value = "The lamp"
        await ui.press("enter")
        await ui.until(lambda: ui.main.conversations.title == "The lamp")
        assert ui.services.conversations.list()[0].title == "The lamp"


@pytest.mark.parametrize(("key", "left"), [("y", 0), ("escape", 1)])
async def test_a_conversation_is_deleted_only_after_a_yes(tmp_path: Path, key: str, left: int) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
        await ui.press("f2")
        await ui.until(lambda: listed(ui) == 1)
        await ui.press("home", "delete")
        await ui.until(lambda: isinstance(ui.app.screen, Confirm))
        await ui.press(key)
        await ui.until(lambda: listed(ui) == left)
        assert len(ui.services.conversations.list()) == left


async def test_a_deleted_conversation_is_named_and_comes_back_with_its_answers(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
        before = ui.services.conversations.load(ui.services.conversations.list()[0].id)
        await ui.do("conversation.delete")
        await ui.until(lambda: isinstance(ui.app.screen, Confirm))
        asked = ui.text(ui.app.screen.query_one(".dialog-title"))
        assert " ".join(asked.split()) == "Delete the conversation “When was the lamp lit?” with 1 question?"
        await ui.press("y")
        await ui.until(lambda: "Ctrl+Z brings it back" in ui.notices())
        assert not ui.panes.view.exchanges
        await ui.press("ctrl+z")  # the prompt has the focus, and nothing of its own to undo
        await ui.until(lambda: ui.panes.view.exchanges)
        assert ui.services.conversations.load(before.id) == before
        await ui.do("app.undo")
        await ui.until(lambda: "Nothing was deleted" in ui.notices())


async def test_undo_in_the_prompt_takes_back_what_was_typed(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.type("Who lit it?")
        await ui.press("ctrl+z")
        await ui.until(lambda: not ui.panes.prompt.text)
        assert not ui.notices()


async def test_the_last_conversation_is_offered_at_the_start_and_one_key_goes_on_with_it(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
    async with running(tmp_path) as ui:
        await ui.until(lambda: "Ctrl+R goes on with “When was the lamp lit?” (1 question" in ui.text())
        await ui.press("ctrl+r")
        await ui.until(lambda: ui.panes.view.exchanges)
        assert "goes on with" not in ui.text()
        await ui.press("ctrl+r")
        await ui.until(lambda: "There is no earlier conversation" in ui.notices())


async def test_without_an_earlier_conversation_none_is_offered(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        assert "goes on with" not in ui.text()


async def test_a_question_to_begin_with_is_asked_as_soon_as_the_archive_is_open(tmp_path: Path) -> None:
    async with running(tmp_path, question="When was the lamp lit?") as ui:
        await ui.until(lambda: ui.panes.view.last and ui.last.answer)
        assert [one.text for one in ui.asker.asked] == ["When was the lamp lit?"]


async def test_conversations_are_searched_by_what_was_asked_and_answered(tmp_path: Path) -> None:
    async with running(tmp_path, WIDE) as ui:
        await ui.ask()
        await ui.press("ctrl+n")
        await ui.ask("And the moon?")
        await ui.until(lambda: listed(ui) == 2)
        ui.main.query_one("#conversation-search", Input).value = "keeper sorrel"
        await ui.until(lambda: listed(ui) == 1)


@pytest.mark.parametrize(("ending", "sign"), [("md", "[^1-1]: “The keeper"), ("html", "<q>The keeper"), ("json", "")])
async def test_a_conversation_is_exported_with_its_footnotes(tmp_path: Path, ending: str, sign: str) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
        await ui.press("ctrl+s")
        await ui.until(lambda: isinstance(ui.app.screen, Choose))
        await ui.press("home", *["down"] * ["md", "html", "json"].index(ending), "enter")
        await ui.until(lambda: isinstance(ui.app.screen, AskLine))
        await ui.press("enter")
        path = tmp_path / f"when-was-the-lamp-lit.{ending}"
        await ui.until(path.exists)
        await ui.until(lambda: "Exported to" in ui.notices())
        text = path.read_text(encoding="utf-8")
        assert sign in text
        if ending == "json":
            assert json.loads(text)["turns"][0]["answer"]["citations"][0]["quote"].startswith("The keeper")


@pytest.mark.parametrize(
    ("name", "said"), [("when-was-the-lamp-lit.md", "already there"), ("~nosuchuser/a.md", "Unknown home folder")]
)
async def test_an_export_goes_over_no_file_and_into_nobodys_home(tmp_path: Path, name: str, said: str) -> None:
    path = tmp_path / "when-was-the-lamp-lit.md"
    path.write_text("mine")
    async with running(tmp_path) as ui:
        await ui.ask()
        await ui.press("ctrl+s")
        await ui.until(lambda: isinstance(ui.app.screen, Choose))
        await ui.press("home", "enter")
        await ui.until(lambda: isinstance(ui.app.screen, AskLine))
        ui.app.screen.query_one(Input).value = name if name.startswith("~") else str(tmp_path / name)
        await ui.press("enter")
        await ui.until(lambda: said in ui.notices())
        assert path.read_text() == "mine"


async def test_a_long_conversation_shows_its_end_and_the_rest_on_demand(tmp_path: Path) -> None:
    async with running(tmp_path, WIDE) as ui:
        conversations = ui.services.conversations
        key = conversations.create("Long")
        for number in range(30):
            conversations.append(key, SavedTurn(f"question {number}"))
        ui.main.conversations.refresh()
        await ui.until(lambda: listed(ui) == 1)
        ui.main.query_one("#conversation-list").focus()
        await ui.press("home", "enter")
        await ui.until(lambda: len(ui.panes.view.exchanges) == 20)
        assert ui.panes.view.exchanges[-1].question == "question 29"
        ui.panes.view.scroll_home(animate=False)
        await ui.pilot.pause()
        await ui.pilot.click(".earlier")
        await ui.until(lambda: len(ui.panes.view.exchanges) == 30)
        assert ui.panes.view.exchanges[0].question == "question 0"


async def test_a_tab_goes_on_with_its_conversation_and_shows_its_end(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
        for _ in range(5):
            await ui.ask("And the moon?")
        key = ui.main.context.talk.id
    async with running(tmp_path, conversation=key) as ui:
        await ui.until(lambda: len(ui.panes.view.exchanges) == 6)
        await ui.until(lambda: ui.panes.view.is_vertical_scroll_end)
        await ui.until(lambda: ui.panes.prompt.has_focus)
        assert ui.main.context.talk.id == key


async def test_a_tab_whose_conversation_is_gone_begins_a_new_one_without_a_complaint(tmp_path: Path) -> None:
    async with running(tmp_path, conversation="0" * 32) as ui:
        await ui.ask()
        assert len(ui.services.conversations.list()) == 1
        assert not ui.notices()


async def test_a_tab_is_told_which_conversation_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str | None] = []
    async with running(tmp_path) as ui:
        monkeypatch.setattr(ui.app, "tell_tab", told.append)
        await ui.ask()
        key = ui.main.context.talk.id
        await ui.press("ctrl+n")
        await ui.until(lambda: told[-1] is None)
        assert key
        ui.main.conversations.resume(key)
        await ui.until(lambda: told[-1] == key)
