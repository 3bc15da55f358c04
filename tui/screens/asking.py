"""Asking: one question at a time in a thread, the next ones waiting, every turn saved as it happens."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date

from textual import on
from textual.message import Message
from textual.worker import Worker, WorkerState, get_current_worker

from qa.types import Answer, Answered, Event, Question, Retrieved, Turn
from tui.ports import Services
from tui.screens.base import Talk
from tui.screens.reading import Reading
from tui.widgets.exchange import Exchange, State
from tui.widgets.prompt import PromptInput
from vectorstore.errors import AppError

GROUP = "ask"


@dataclass
class Came(Message):
    """An event of an answer came."""

    exchange: Exchange
    event: Event


@dataclass
class Broke(Message):
    """An answer could not be made."""

    exchange: Exchange
    error: AppError


@dataclass
class Saved(Message):
    """A turn is saved in the conversation of this id, or could not be; the view may show another meanwhile."""

    talk: Talk
    conversation: str | None
    error: AppError | None = None


class Asking(Reading):
    """The part of the main screen that asks."""

    asking: Worker[None] | None = None

    @on(PromptInput.Sent)
    async def _sent(self, event: PromptInput.Sent) -> None:
        exchange = Exchange(event.text, self.scope)
        await self.view.add(exchange)
        if not any(other.running for other in self.view.exchanges):
            self.look_at(exchange)
        self.ask_next()

    def ask_next(self) -> None:
        """Ask the first waiting question, unless an answer is being made or the archive is not open yet."""
        waiting = next((e for e in self.view.exchanges if e.state is State.WAITING), None)
        if waiting is None or self.services is None or any(e.running for e in self.view.exchanges):
            return
        waiting.start()
        question = Question(waiting.question, self._history(waiting), date.today(), waiting.scope)
        keeper = Keeper(self.services, self.talk, self.post_message)
        answerer = self.answerer
        self.asking = self.run_worker(
            lambda: self._ask(keeper, waiting, question, answerer),
            group=GROUP,
            thread=True,
            exclusive=True,
            exit_on_error=False,
        )

    def _ask(self, keeper: Keeper, exchange: Exchange, question: Question, answerer: str) -> None:
        """Run in a thread: the events of one answer become messages."""
        worker = get_current_worker()
        keeper.begin(question)
        try:
            events = keeper.services.asker.ask(question, answerer)
            with closing(events):  # type: ignore[type-var]  # a generator, which closing cancels
                for event in events:
                    if worker.is_cancelled:
                        return
                    if isinstance(event, Answered):
                        keeper.end(event.answer)
                    self.post_message(Came(exchange, event))
        except AppError as error:
            self.post_message(Broke(exchange, error))

    def _history(self, exchange: Exchange) -> tuple[Turn, ...]:
        before = self.view.exchanges[: self.view.exchanges.index(exchange)]
        return tuple(e.answer.turn for e in before if e.answer is not None)

    @on(Came)
    async def _came(self, message: Came) -> None:
        exchange, event = message.exchange, message.event
        if not exchange.is_attached or not exchange.running:
            return  # stopped, or its conversation is no longer shown
        await exchange.show(event)
        if isinstance(event, Answered):
            self.status.status = replace(self.status.status, seconds=event.answer.seconds)
            self.ask_next()
        if isinstance(event, Retrieved | Answered) and exchange is self.chosen:
            self.look_at(exchange)

    @on(Broke)
    async def _broke(self, message: Broke) -> None:
        if message.exchange.is_attached and message.exchange.running:
            await message.exchange.fail(message.error.message, message.error.hint)
            self.ask_next()

    @on(Saved)
    def _saved(self, message: Saved) -> None:
        if message.error is not None:
            self.complain(message.error)
        else:
            message.talk.id = message.conversation
            self.refresh_conversations()

    async def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say so where an answer ended in a defect of the program; nothing else would."""
        if event.state is not WorkerState.ERROR:
            return
        error = event.worker.error
        self.log.error(repr(error))
        for exchange in self.view.exchanges if event.worker.group == GROUP else ():
            if exchange.running:
                await exchange.fail(f"A defect of the program: {error!r}", "Please report it.")
        if event.worker.group == GROUP:
            self.ask_next()
        else:
            self.complain(AppError(f"A defect of the program: {error!r}", "Please report it."))

    async def stop_asking(self) -> bool:
        """Stop the answer that is being made; tell whether there was one."""
        running = [exchange for exchange in self.view.exchanges if exchange.running]
        if self.asking is not None:
            self.asking.cancel()
        for exchange in running:
            await exchange.stop()
        self.ask_next()
        return bool(running)

    async def action_stop(self) -> None:
        """Stop the answer; where there is none, go back to the conversation and the prompt."""
        if not await self.stop_asking():
            self.go_to_prompt()

    async def action_ask_again(self) -> None:
        """Ask the chosen question once more."""
        if self.chosen is not None:
            await self._sent(PromptInput.Sent(self.chosen.question))

    def answer_with(self, name: str) -> None:
        """Have the next questions answered by this answerer, as long as the program runs."""
        self.answerer = name
        self.status.status = replace(self.status.status, answerer=name)

    def refresh_conversations(self) -> None:
        """List the conversations again; the part that shows them does it."""
        raise NotImplementedError


@dataclass
class Keeper:
    """Saves one turn; that saving fails never costs the answer."""

    services: Services
    talk: Talk
    post: Callable[[Message], object]
    conversation: str | None = None
    position: int | None = None

    def begin(self, question: Question) -> None:
        """Save the question, in a new conversation where there is none."""
        from qa.conversations import SavedTurn  # SQLite costs 15 ms, which the first frame must not wait for

        try:
            conversations = self.services.conversations
            self.conversation = self.talk.id or conversations.create(scope=question.filter)
            self.position = conversations.append(self.conversation, SavedTurn(question.text, None, question.filter))
            self.post(Saved(self.talk, self.conversation))
        except AppError as error:
            self.post(Saved(self.talk, None, error))

    def end(self, answer: Answer) -> None:
        """Save the answer beside its question."""
        if self.conversation is None or self.position is None:
            return
        try:
            self.services.conversations.answer(self.conversation, self.position, answer)
            self.post(Saved(self.talk, self.conversation))
        except AppError as error:
            self.post(Saved(self.talk, None, error))
