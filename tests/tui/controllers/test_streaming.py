"""A model's answer as it comes: drafts are never the answer, verified sentences are."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from qa.types import Answered, Event, Retrieved, Statement, Token, Verdict, Verified
from tests.tui import hostile
from tests.tui.fakes import ScriptedAsker, abstention, model_answer
from tests.tui.harness import MEDIUM, NARROW, WIDE, Ui, running
from tui.screens.dialogs import ReportDialog
from tui.widgets.answer_footer import About
from tui.widgets.exchange import Exchange, State
from tui.widgets.unverified import UnverifiedText
from vectorstore.errors import AppError, ModelSlow

SIZES = [NARROW, MEDIUM, WIDE]
ANSWER = model_answer()
FIRST, SECOND, LIE, MOVED = ANSWER.sentences
FOUND = Retrieved(ANSWER.passages)


def pieces(text: str) -> list[Event]:
    """Cut a text into pieces of a model's size."""
    return [Token(text[at : at + 4]) for at in range(0, len(text), 4)]


def gates(count: int) -> list[threading.Event]:
    """Make points at which a script waits."""
    return [threading.Event() for _ in range(count)]


async def begin(ui: Ui) -> Exchange:
    """Ask and wait until the answer has begun."""
    await ui.type("And who lit it?")
    await ui.press("enter")
    await ui.until(lambda: ui.panes.view.last and ui.last.state is not State.WAITING)
    return ui.last


def draft(ui: Ui) -> str:
    """What is pending on screen, "" where nothing is."""
    widget = ui.last.query_one(UnverifiedText)
    return " ".join(ui.text(widget).split()) if widget.display else ""


def answer(ui: Ui) -> str:
    """The verified text on screen."""
    return " ".join(ui.text(ui.last.query_one("#text")).split())


def words(ui: Ui) -> str:
    """The newest exchange as running text."""
    return " ".join(ui.text(ui.last).replace("▌", " ").split())


@pytest.mark.parametrize("size", SIZES)
async def test_a_draft_is_shown_apart_until_its_sentence_is_verified(tmp_path: Path, size: tuple[int, int]) -> None:
    one, two, three = gates(3)
    steps: Sequence[Event | threading.Event | AppError] = [
        FOUND, *pieces("The keeper of Sorrel Point lit it"), one, *pieces(" on 3 March 1911 [4]. Its le"), two,
        Verified(FIRST), three, Answered(ANSWER),
    ]  # fmt: skip
    async with running(tmp_path, size, ScriptedAsker(steps=steps)) as ui:
        await begin(ui)
        await ui.until(lambda: draft(ui) == "… The keeper of Sorrel Point lit it", "the draft")
        assert answer(ui) == ""
        assert "draft, not verified yet" in ui.text(ui.last)
        one.set()
        await ui.until(lambda: draft(ui).endswith("1911 [4]. Its le"))
        two.set()
        await ui.until(lambda: answer(ui) == FIRST.text, "the verified sentence")
        await ui.until(lambda: draft(ui) == "… Its le", "the rest of the draft")
        three.set()
        await ui.until(lambda: ui.last.state is State.ANSWERED)
        assert draft(ui) == ""


@pytest.mark.parametrize("size", SIZES)
async def test_a_sentence_without_support_vanishes_and_is_counted(tmp_path: Path, size: tuple[int, int]) -> None:
    one, two = gates(2)
    steps = [FOUND, *pieces(FIRST.text), Verified(FIRST), *pieces(LIE.text), one, Verified(LIE), two, Answered(ANSWER)]
    async with running(tmp_path, size, ScriptedAsker(steps=steps)) as ui:
        await begin(ui)
        await ui.until(lambda: "paid in gold" in draft(ui))
        one.set()
        await ui.until(lambda: "1 sentence left out" in ui.text(ui.last))
        assert draft(ui) == ""
        assert "gold" not in ui.text(ui.last)
        assert answer(ui) == FIRST.text
        two.set()
        await ui.until(lambda: ui.last.state is State.ANSWERED)
        assert "gold" not in ui.text(ui.last)


@pytest.mark.parametrize("size", SIZES)
async def test_escape_keeps_what_was_verified_and_drops_the_draft(tmp_path: Path, size: tuple[int, int]) -> None:
    (gate,) = gates(1)
    steps = [FOUND, *pieces(FIRST.text), Verified(FIRST), *pieces("Its lens was among"), gate, Answered(ANSWER)]
    asker = ScriptedAsker(steps=steps)
    async with running(tmp_path, size, asker) as ui:
        await begin(ui)
        await ui.until(lambda: "Its lens" in draft(ui) and answer(ui) == FIRST.text)
        await ui.press("escape")
        await ui.until(lambda: ui.last.state is State.STOPPED)
        await ui.until(lambda: asker.closed == 1, "the generator closed between two empty tokens")
        assert draft(ui) == ""
        assert answer(ui) == FIRST.text
        assert "Stopped" in ui.text(ui.last)
        assert "it is no whole answer" in words(ui)
        assert ui.last.answer is None
        assert ui.services.conversations.load(ui.main.context.talk.id or "").turns[0].answer is None


async def test_escape_before_anything_was_verified_leaves_nothing(tmp_path: Path) -> None:
    (gate,) = gates(1)
    async with running(tmp_path, asker=ScriptedAsker(steps=[FOUND, *pieces("Its lens"), gate])) as ui:
        await begin(ui)
        await ui.until(lambda: "Its lens" in draft(ui))
        await ui.press("escape")
        await ui.until(lambda: ui.last.state is State.STOPPED)
        assert "Its lens" not in ui.text(ui.last)
        assert "whole answer" not in ui.text(ui.last)


async def test_an_answer_is_stopped_while_the_model_says_nothing_at_all(tmp_path: Path) -> None:
    (gate,) = gates(1)
    asker = ScriptedAsker(steps=[FOUND, gate])
    async with running(tmp_path, asker=asker) as ui:
        await begin(ui)
        await ui.until(lambda: ui.last.state is State.READING)
        await ui.press("escape")
        await ui.until(lambda: asker.closed == 1)
        assert ui.last.state is State.STOPPED


@pytest.mark.parametrize("size", SIZES)
async def test_a_stream_that_breaks_off_is_never_shown_as_an_answer(tmp_path: Path, size: tuple[int, int]) -> None:
    broken = ModelSlow("The model took longer than 120 s.", "Raise [answer] deadline.")
    steps = [FOUND, *pieces(FIRST.text), Verified(FIRST), *pieces("Its lens was among"), broken]
    async with running(tmp_path, size, ScriptedAsker(steps=steps)) as ui:
        await begin(ui)
        await ui.until(lambda: ui.last.state is State.FAILED)
        assert draft(ui) == ""
        assert answer(ui) == FIRST.text
        shown = words(ui)
        assert "longer than 120 s. Raise [answer] deadline." in shown
        assert "it is no whole answer" in shown
        assert ui.last.answer is None


@pytest.mark.parametrize("size", SIZES)
async def test_the_lines_under_an_answer_tell_who_made_it_of_what(tmp_path: Path, size: tuple[int, int]) -> None:
    async with running(tmp_path, size, ScriptedAsker(steps=[FOUND, Answered(ANSWER)])) as ui:
        await begin(ui)
        await ui.until(lambda: ui.last.state is State.ANSWERED)
        shown = words(ui)
        assert "coast [2]." in shown
        assert "weeks →[3]." in shown
        about = (
            "3 quotes · 2 articles · likely · Answered by ollama: tiny · 2.50 s · 812+64 tokens · 1 sentence left out"
        )
        assert ui.last.query_one(About).tooltip == "Confidence 0.80, from 0 to 1"
        assert about.replace(" ·", "") in shown.replace(" ·", "")  # where its line breaks, nothing parts the parts
        assert "Not answered: what did it cost?" in shown
        assert "understood as: Who lit the lamp of Sorrel Point, and what did it cost?" in shown
        assert "The model was asked twice." in shown


@pytest.mark.parametrize("size", SIZES)
async def test_what_was_left_out_is_listed_by_a_key_and_by_mouse(tmp_path: Path, size: tuple[int, int]) -> None:
    async with running(tmp_path, size, ScriptedAsker(steps=[FOUND, Answered(ANSWER)])) as ui:
        await begin(ui)
        await ui.until(lambda: ui.last.state is State.ANSWERED)
        ui.last.focus()
        await ui.press("shift+tab", "u")
        await ui.until(lambda: isinstance(ui.app.screen, ReportDialog))
        assert "✗ The keeper was paid in gold" in ui.text()
        await ui.press("escape")
        await ui.until(lambda: ui.app.screen is ui.main)
        about = ui.last.query_one(".about")
        at = [(line.index("left out"), y) for y, line in enumerate(ui.text(about).split("\n")) if "left out" in line]
        await ui.pilot.click(about, offset=at[0])
        await ui.until(lambda: isinstance(ui.app.screen, ReportDialog))


async def test_where_nothing_was_left_out_the_key_says_so(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        (await ui.ask()).focus()
        await ui.press("shift+tab", "u")
        await ui.until(lambda: "No sentence of this answer was left out" in ui.notices())


async def test_an_answer_of_which_nothing_survives_is_an_abstention_that_lists_what_was_said(tmp_path: Path) -> None:
    nothing = replace(abstention("Who?"), sentences=(LIE,))
    async with running(tmp_path, asker=ScriptedAsker(steps=[FOUND, Verified(LIE), Answered(nothing)])) as ui:
        await begin(ui)
        await ui.until(lambda: ui.last.state is State.ABSTAINED)
        assert "1 sentence left out" in ui.text(ui.last)
        assert "gold" not in ui.text(ui.last)


async def test_what_a_model_said_is_there_again_with_its_verdicts(tmp_path: Path) -> None:
    async with running(tmp_path, asker=ScriptedAsker(steps=[FOUND, Answered(ANSWER)])) as ui:
        await begin(ui)
        await ui.until(lambda: ui.last.state is State.ANSWERED)
        key = ui.main.context.talk.id or ""
        await ui.press("ctrl+n")
        await ui.until(lambda: not ui.panes.view.exchanges)
        await ui.main.conversations.restore(ui.services.conversations.load(key))
        await ui.until(lambda: "→[3]" in ui.text(ui.last))
        assert ui.last.sentences == ANSWER.sentences
        assert "812+64 tokens" in ui.text(ui.last)


@pytest.mark.parametrize("size", SIZES)
async def test_nothing_of_a_hostile_model_becomes_an_action_or_reaches_the_terminal(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    (gate,) = gates(1)
    bad = Statement(hostile.EVERYTHING, Verdict.UNSUPPORTED)
    said = replace(ANSWER, sentences=(*ANSWER.sentences, bad), unanswered=(hostile.EVERYTHING,), rewritten=bad.text)
    steps = [FOUND, *pieces(hostile.EVERYTHING), gate, Verified(bad), Answered(said)]
    async with running(tmp_path, size, ScriptedAsker(steps=steps)) as ui:
        await begin(ui)
        await ui.until(lambda: draft(ui))
        assert harmless(ui)
        gate.set()
        await ui.until(lambda: ui.last.state is State.ANSWERED)
        assert harmless(ui)
        ui.last.focus()
        await ui.press("shift+tab", "u")
        await ui.until(lambda: isinstance(ui.app.screen, ReportDialog))
        assert "[@click=app.quit]quit" in "".join(ui.text().split("\n")) or "click" in ui.text()
        assert harmless(ui)
        assert ui.app.is_running


def harmless(ui: Ui) -> bool:
    """Tell whether no control sequence and no foreign action is on screen."""
    screen, (width, height) = ui.app.screen, ui.app.size
    metas = {str(screen.get_style_at(x, y).meta.get("@click")) for y in range(height) for x in range(width)}
    return not any(sign in ui.text() for sign in "\x1b\x9b\x9d\u202e\u2066\x07") and not any(
        "quit" in meta or "evil" in meta or "javascript" in meta for meta in metas
    )
