"""Asking: one question at a time in a thread, the next ones waiting, every turn saved as it happens."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported
from textual.content import Content
from textual.message import Message
from textual.worker import Worker, get_current_worker

from qa.sanitize import line
from qa.types import Answered, Event, Question, Retrieved, Turn
from tui.controllers.context import Context
from tui.controllers.filtering import FilteringController
from tui.controllers.keeper import Keeper
from tui.controllers.reading import ReadingController
from tui.editor import edit
from tui.find import Found, holds
from tui.ports import Asker
from tui.widgets.exchange import Exchange, State
from vectorstore.errors import AppError

if TYPE_CHECKING:
    from qa.llm.healthcheck import Standing

GROUP = "ask"
SUGGESTING = "suggest"


@dataclass
class EventArrived(Message):
    """An event of an answer came."""

    exchange: Exchange
    event: Event


@dataclass
class AnswerFailed(Message):
    """An answer could not be made."""

    exchange: Exchange
    error: AppError


@dataclass
class QuestionFound(Message):
    """A question that the archive answers was found, to be offered."""

    question: str


class AskingController:
    """Turns questions into answers."""

    def __init__(self, context: Context, reading: ReadingController, filtering: FilteringController) -> None:
        self._context, self._reading, self._filtering = context, reading, filtering
        self._worker: Worker[None] | None = None
        self.answerer = ""  # who answers the next question
        self._standings: Sequence[Standing] = ()

    async def ask(self, text: str, as_typed: bool = False) -> None:
        """Take a question; it waits where an answer is being made."""
        exchange, view = Exchange(text, self._filtering.scope, as_typed), self._context.panes.view
        await view.add(exchange)
        if not any(other.running for other in view.exchanges):
            self._reading.look_at(exchange)
        self.ask_next()

    def ask_next(self) -> None:
        """Ask the first waiting question, unless an answer is being made or the archive is not open yet."""
        context, exchanges = self._context, self._context.panes.view.exchanges
        waiting = next((e for e in exchanges if e.state is State.WAITING), None)
        if waiting is None or context.services is None or any(e.running for e in exchanges):
            return
        waiting.start()
        question = Question(waiting.question, self._history(waiting), date.today(), waiting.scope, waiting.as_typed)
        keeper, answerer = Keeper(context.services, context.talk, context.post), self.answerer
        self._worker = context.work(GROUP, lambda: self._answer(keeper, waiting, question, answerer))

    def _answer(self, keeper: Keeper, exchange: Exchange, question: Question, answerer: str) -> None:
        """Run in a thread: the events of one answer become messages."""
        worker, post = get_current_worker(), self._context.post
        keeper.begin(question)
        try:
            events = keeper.services.asker.ask(question, answerer)
            with closing(events):  # type: ignore[type-var]  # a generator, which closing cancels
                for event in events:
                    if worker.is_cancelled:
                        return
                    if isinstance(event, Answered):
                        keeper.end(event.answer)
                    post(EventArrived(exchange, event))
        except AppError as error:
            post(AnswerFailed(exchange, error))

    def _history(self, exchange: Exchange) -> tuple[Turn, ...]:
        exchanges = self._context.panes.view.exchanges
        before = exchanges[: exchanges.index(exchange)]
        return tuple(e.answer.turn for e in before if e.answer is not None)

    async def show(self, exchange: Exchange, event: Event) -> None:
        """Show an event of an answer."""
        if not exchange.is_attached or not exchange.running:
            return  # stopped, or its conversation is no longer shown
        await exchange.show(event)
        if isinstance(event, Answered):
            self._context.panes.view.show_whole(exchange)
            self.ask_next()
        if isinstance(event, Retrieved | Answered) and exchange is self._reading.chosen:
            self._reading.look_at(exchange)

    async def fail(self, exchange: Exchange, error: AppError) -> None:
        """Show why there is no answer, and go on with the next question."""
        if exchange.is_attached and exchange.running:
            await exchange.fail(error.message, error.hint)
            self.ask_next()

    async def fail_running(self, error: AppError) -> None:
        """Show why there is no answer where nobody knows whose answer it is."""
        for exchange in self._running():
            await exchange.fail(error.message, error.hint)
        self.ask_next()

    def _running(self) -> list[Exchange]:
        return [exchange for exchange in self._context.panes.view.exchanges if exchange.running]

    async def cancel(self) -> bool:
        """Stop the answer that is being made; tell whether there was one."""
        running = self._running()
        if self._worker is not None:
            self._worker.cancel()
        for exchange in running:
            await exchange.stop()
        return bool(running)

    async def stop(self) -> None:
        """Stop the answer and go on with the next question; without one, go back to the conversation and the prompt."""
        stopped = await self.cancel()
        self.ask_next()
        if not stopped:
            self._context.panes.show_prompt()

    async def ask_again(self) -> None:
        """Ask the chosen question once more."""
        if self._reading.chosen is not None:
            await self.ask(self._reading.chosen.question)

    async def ask_as_typed(self) -> None:
        """Ask the chosen question again, word for word, where it was understood otherwise."""
        chosen = self._reading.chosen
        if chosen is None or chosen.answer is None or not chosen.answer.rewritten:
            self._context.say(
                "There is no answer to a question that was understood otherwise than typed.", warning=True
            )
        else:
            await self.ask(chosen.question, as_typed=True)

    def list_earlier(self) -> None:
        """Let the user find an earlier question, of any conversation, to be put in the prompt."""
        questions = self._context.panes.prompt.earlier

        def find(words: str) -> Sequence[Found[str]]:
            return [Found(Content(line(one, 200)), one) for one in questions if holds(one, words)]

        self._context.dialogs.pick("Earlier questions", find, self._take, "words of a question", "None yet.")

    def _take(self, question: str) -> None:
        self._context.panes.prompt.replace_text(question)
        self._context.panes.show_prompt()

    def answer_with(self, name: str) -> None:
        """Have the next questions answered by this answerer, as long as the program runs."""
        status = self._context.panes.status
        self.answerer = name
        status.status = replace(status.status, answerer=name)

    def suggest(self, sources: Sequence[str]) -> None:
        """Offer questions that the articles of these sources answer, as they are found."""
        self._context.panes.suggestions.clear()
        if self._context.services is not None and sources:
            asker = self._context.services.asker
            self._context.work(SUGGESTING, lambda: self._find_questions(asker, sources))

    def _find_questions(self, asker: Asker, sources: Sequence[str]) -> None:
        worker = get_current_worker()
        with suppress(AppError), closing(asker.suggest(sources)) as questions:  # type: ignore[type-var]  # a generator
            for question in questions:
                if worker.is_cancelled:
                    return
                self._context.post(QuestionFound(question))

    def stop_suggesting(self) -> None:
        """Offer no more questions: the user has one."""
        self._context.screen.workers.cancel_group(self._context.screen, SUGGESTING)
        self._context.panes.suggestions.clear()

    def look_who_answers(self) -> None:
        """Look, in the background, which answerers can be asked."""
        if self._context.services is not None:
            self._context.fetch("standings", self._context.services.standings, self._learn)

    def _learn(self, standings: Sequence[Standing]) -> None:
        self._standings = standings

    def offered(self) -> list[str]:
        """Return the answerers that could be asked when it was last looked."""
        return [one.name for one in self._standings if not one.missing]

    def choose_answerer(self) -> None:
        """Have the user choose who answers, and show what the others lack."""
        if self._context.services is None:
            return

        def choose(standings: Sequence[Standing]) -> None:
            self._learn(standings)
            self._context.dialogs.answerers(standings, self.answerer, self.answer_with)

        self._context.fetch("standings", self._context.services.standings, choose)

    def write_in_editor(self) -> None:
        """Let the user write the question in an editor."""
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if not editor:
            self._context.say("Set $EDITOR to the editor of your choice.", warning=True)
            return
        prompt = self._context.panes.prompt
        try:
            command = shlex.split(editor)
            with self._context.screen.app.suspend():
                text = edit(command, prompt.text)
        except (SuspendNotSupported, OSError, ValueError) as error:
            self._context.say(f"The editor cannot be started here: {error}", warning=True)
            return
        prompt.replace_text(text)
        self._context.panes.show_prompt()
