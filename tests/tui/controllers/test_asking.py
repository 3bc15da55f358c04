"""Asking: events in, exchanges out, nothing waits for anything."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from qa.types import NO_ANSWER, Answer, Question
from tests.tui.fakes import FakeAsker, lamp_answer
from tests.tui.harness import MEDIUM, NARROW, WIDE, running
from tui.widgets.article import ArticleView
from tui.widgets.exchange import State
from tui.widgets.prompt import PromptInput

SIZES = [NARROW, MEDIUM, WIDE]


@pytest.mark.parametrize("size", SIZES)
async def test_a_question_is_answered_with_markers_and_its_sources_are_listed(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with running(tmp_path, size) as ui:
        await ui.press(*"When was the lamp lit?", "enter")
        await ui.until(lambda: ui.panes.view.last and ui.last.answer, "the answer")
        exchange = ui.last
        assert exchange.state is State.ANSWERED
        assert "[1]" in ui.text(ui.panes.view)
        assert "[2]" in ui.text(ui.panes.view)
        if size == NARROW:
            await ui.press("f4")
        await ui.until(lambda: "Coast Gazette" in ui.text(ui.panes.sources), "the source")
        await ui.until(lambda: "lit the lamp on" in ui.text(ui.app.main.query_one(ArticleView)), "the article")


async def test_the_prompt_has_the_focus_at_the_start(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        assert isinstance(ui.main.focused, PromptInput)


async def test_passages_are_listed_before_the_answer_is_there(tmp_path: Path) -> None:
    asker = FakeAsker(hold=threading.Event(), notice="lexical search only")
    async with running(tmp_path, asker=asker) as ui:
        await ui.type("When was the lamp lit?")
        await ui.press("enter")
        await ui.until(lambda: "Found so far" in ui.text(ui.panes.sources), "the passages")
        assert "lexical search only" in ui.text(ui.last)
        assert ui.last.answer is None
        asker.hold.set()  # type: ignore[union-attr]
        await ui.until(lambda: ui.last.state is State.ANSWERED)


async def test_escape_stops_an_answer_at_once_and_closes_its_events(tmp_path: Path) -> None:
    asker = FakeAsker(hold=threading.Event())
    async with running(tmp_path, asker=asker) as ui:
        await ui.type("When was the lamp lit?")
        await ui.press("enter")
        await ui.until(lambda: ui.panes.view.last and ui.last.running)
        await ui.press("escape")
        await ui.until(lambda: ui.last.state is State.STOPPED)
        await ui.until(lambda: asker.closed, "the generator closed")
        assert "Stopped" in ui.text(ui.last)


async def test_the_next_question_can_be_typed_and_sent_while_an_answer_runs(tmp_path: Path) -> None:
    asker = FakeAsker(hold=threading.Event())
    async with running(tmp_path, asker=asker) as ui:
        await ui.type("When was the lamp lit?")
        await ui.press("enter")
        await ui.until(lambda: ui.panes.view.last and ui.last.running)
        await ui.type("And the moon?")
        await ui.press("enter")
        await ui.until(lambda: len(ui.panes.view.exchanges) == 2)
        assert ui.last.state is State.WAITING
        asker.hold.set()  # type: ignore[union-attr]
        await ui.until(lambda: ui.last.state is State.ABSTAINED)
        assert [question.text for question in asker.asked] == ["When was the lamp lit?", "And the moon?"]
        assert asker.asked[1].history[0].question == "When was the lamp lit?"


async def test_an_abstention_looks_different_and_offers_the_closest_passages(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        exchange = await ui.ask("What about the moon?")
        assert exchange.state is State.ABSTAINED
        assert exchange.has_class("abstained")
        assert NO_ANSWER in ui.text(exchange)
        assert "Closest, but not an answer" in ui.text(exchange)
        assert "Closest, but not an answer" in ui.text(ui.panes.sources)


async def test_a_failure_is_shown_with_its_hint_and_the_next_question_works(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        exchange = await ui.ask("explode")
        assert exchange.state is State.FAILED
        assert "on fire" in ui.text(exchange)
        assert "fire brigade" in ui.text(exchange)
        assert (await ui.ask()).state is State.ANSWERED


async def test_a_defect_in_the_core_is_shown_and_does_not_end_the_program(tmp_path: Path) -> None:
    def broken(question: Question) -> Answer:
        raise KeyError(question.text)

    async with running(tmp_path, asker=FakeAsker(answers=broken)) as ui:
        exchange = await ui.ask()
        assert exchange.state is State.FAILED
        assert "KeyError" in ui.text(exchange)


async def test_ctrl_j_breaks_the_line_and_enter_sends_both_lines(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.type("one")
        await ui.press("ctrl+j")
        await ui.type("two")
        await ui.press("enter")
        await ui.until(lambda: ui.asker.asked)
        assert ui.asker.asked[0].text == "one\ntwo"


async def test_an_empty_question_is_not_sent(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.press("space", "enter")
        assert ui.panes.view.exchanges == []


async def test_up_brings_back_earlier_questions_and_down_the_draft(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask("first")
        await ui.ask("second")
        await ui.type("draft")
        await ui.press("up", "up")
        assert ui.panes.prompt.text == "first"
        await ui.press("down", "down")
        assert ui.panes.prompt.text == "draft"


async def test_questions_of_the_last_session_are_in_the_history(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask("an old question")
    async with running(tmp_path) as ui:
        await ui.until(lambda: ui.panes.prompt._history)
        await ui.press("up")
        assert ui.panes.prompt.text == "an old question"


async def test_asking_again_sends_the_chosen_question_once_more(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
        await ui.do("ask.again")
        await ui.until(lambda: len(ui.asker.asked) == 2 and ui.last.state is State.ANSWERED)


async def test_a_question_understood_otherwise_is_asked_as_typed_by_one_key(tmp_path: Path) -> None:
    def answers(question: Question) -> Answer:
        return replace(lamp_answer(question.text), rewritten=None if question.as_typed else "When was the lamp lit?")

    async with running(tmp_path, asker=FakeAsker(answers)) as ui:
        await ui.ask("And when?")
        assert "understood as: When was the lamp lit?" in ui.text(ui.last)
        assert "ask as typed" in ui.text(ui.last)
        await ui.press("ctrl+t")
        await ui.until(lambda: len(ui.panes.view.exchanges) == 2 and ui.last.answer)
        assert [question.as_typed for question in ui.asker.asked] == [False, True]
        assert ui.asker.asked[1].text == "And when?"
        assert "understood as" not in ui.text(ui.last)
        await ui.until(lambda: ui.main.reading.chosen is ui.last)
        await ui.press("ctrl+t")
        await ui.until(lambda: "understood otherwise" in ui.notices())


async def test_the_time_of_an_answer_stands_under_it_and_not_in_the_status_line_too(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
        await ui.until(lambda: "0.04 s" in ui.text(ui.panes.view))
        assert "0.04 s" not in ui.text(ui.panes.status)
        assert "3 articles" in ui.text(ui.panes.status)
        assert "extractive" in ui.text(ui.panes.status)
