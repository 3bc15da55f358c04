"""One question and its answer, from waiting to done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import var
from textual.widgets import Static

from qa.sanitize import clean
from qa.types import Answer, Event, Retrieved, Statement, Token, Verified
from tui.widgets.answer_footer import About, Closest, broken, so_far, summary
from tui.widgets.body import Body
from tui.widgets.names import describe_scope
from tui.widgets.verdicts import HREF, LEGEND
from vectorstore.articles import Filter, Hit

if TYPE_CHECKING:
    from textual.content import Content
    from textual.widgets.markdown import Markdown


class State(StrEnum):
    """How far a question has come; also the CSS class of its exchange."""

    WAITING = "waiting"
    SEARCHING = "searching"
    READING = "reading"
    WRITING = "writing"
    ANSWERED = "answered"
    ABSTAINED = "abstained"
    STOPPED = "stopped"
    FAILED = "failed"


RUNNING = frozenset({State.SEARCHING, State.READING, State.WRITING})


class Exchange(Vertical, can_focus=True):
    """Shows one question with its answer and keeps which of its markers is the current one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "step(-1)", "Previous source", id="answer.previous_source"),
        Binding("right,l", "step(1)", "Next source", id="answer.next_source"),
        Binding("enter", "open_current", "Read the source", id="answer.read"),
        Binding("up,k", "neighbour(-1)", "Previous answer", id="answer.up"),
        Binding("down,j", "neighbour(1)", "Next answer", id="answer.down"),
    ]
    HELP = (
        "An answer. Left and Right walk through its sources [1], [2] …; Enter reads the source in its article; "
        "y copies the quote, Y the whole answer, o opens the link; Up and Down go to the other answers.\n\n"
        f"{LEGEND}"
    )

    state: var[State] = var(State.WAITING)

    @dataclass
    class Chosen(Message):
        """This exchange is the one to look at; `number` is its current marker, None for none."""

        exchange: Exchange
        number: int | None
        open: bool = False

    @dataclass
    class PassageChosen(Message):
        """A passage offered under an abstention was chosen."""

        exchange: Exchange
        at: int

    @dataclass
    class LeftOutRequested(Message):
        """The reader wants to see what was left out of the answer."""

        exchange: Exchange

    @dataclass
    class NeighbourRequested(Message):
        """The reader wants the exchange `step` further on."""

        exchange: Exchange
        step: int

    def __init__(self, question: str, scope: Filter = Filter(), as_typed: bool = False) -> None:  # noqa: B008 - frozen
        super().__init__()
        self.question = question
        self.scope, self.as_typed = scope, as_typed
        self.answer: Answer | None = None
        self.passages: tuple[Hit, ...] = ()
        self._notice, self._failure = "", ""

    def compose(self) -> ComposeResult:
        """The question, what is going on, the answer, and a line about it."""
        yield Static(clean(self.question), classes="question", markup=False)
        yield Static(describe_scope(self.scope, self.as_typed), classes="scope", markup=False)
        yield Body()
        yield Closest("", markup=False)
        yield About("", classes="about", markup=False)

    def on_mount(self) -> None:
        """Hide what is empty."""
        self.query_one(".scope").display = bool(self.scope) or self.as_typed
        self._redraw()

    @property
    def _body(self) -> Body:
        return self.query_one(Body)

    @property
    def sentences(self) -> Sequence[Statement]:
        """What was said so far, also what was left out."""
        return self.answer.sentences if self.answer is not None else self._body.said

    @property
    def current(self) -> int | None:
        """The number of the current marker."""
        return self._body.text.current

    @property
    def running(self) -> bool:
        """Whether an answer is being made."""
        return self.state in RUNNING

    def watch_state(self, old: State, new: State) -> None:
        """Wear the state as a CSS class."""
        self.remove_class(old.value)
        self.add_class(new.value)
        if self.is_mounted:
            self._redraw()

    def start(self) -> None:
        """Say that the search has begun."""
        self.state = State.SEARCHING

    async def show(self, event: Event) -> None:
        """Show one event of the answer."""
        if isinstance(event, Retrieved):
            self.passages, self._notice = event.passages, event.notice
            self.state = State.READING
            self._redraw()
        elif isinstance(event, Token):
            self._pend(event.text)
        elif isinstance(event, Verified):
            await self._body.settle(event.statement)
            self.state = State.WRITING
            self._redraw()
        else:
            await self.finish(event.answer)

    def _pend(self, piece: str) -> None:
        """Show a piece of a draft; there may be hundreds in a second, and only the first changes what is said."""
        if piece:
            began = not self._body.drafting
            self._body.draft(piece)
            self.state = State.WRITING
            if began:
                self._redraw()

    async def finish(self, answer: Answer) -> None:
        """Show the whole answer."""
        self.answer, self.passages = answer, answer.passages
        await self._body.finish(answer)
        self.query_one(About).tooltip = f"Confidence {answer.confidence:.2f}, from 0 to 1"
        self.state = State.ANSWERED if answer.answered else State.ABSTAINED

    async def stop(self) -> None:
        """Keep what was verified and say that it was stopped."""
        await self._body.end()
        self.state = State.STOPPED

    async def fail(self, message: str, hint: str) -> None:
        """Keep what was verified and show what went wrong."""
        await self._body.end()
        self._failure = f"{message}\n{hint}".strip()
        self.state = State.FAILED

    def choose(self, number: int | None) -> None:
        """Make this marker the current one."""
        self._body.text.mark(number)

    def _redraw(self) -> None:
        self.query_one(About).update(self._about())
        closest = self.query_one(Closest)
        closest.display = self.state is State.ABSTAINED and bool(self.passages)
        if closest.display:
            closest.show(self.passages)

    def _about(self) -> Content | str:
        if self.answer is not None:
            return summary(self.answer)
        if self.running and self.state is not State.SEARCHING:
            return so_far(len(self.passages), self._notice, self._body.said, self._body.drafting)
        kept = self._body.kept
        if self.state is State.FAILED:
            return broken(self._failure, kept)
        if self.state is State.STOPPED:
            return broken("Stopped. Send the question again to have it answered.", kept)
        return "Searching …" if self.state is State.SEARCHING else "Waiting for the answer before …"

    def action_step(self, step: int) -> None:
        """Go to the next or previous marker."""
        markers = [number for number in self._body.text.markers() if self._cites(number)]
        if markers:
            at = markers.index(self.current) + step if self.current in markers else (0 if step > 0 else -1)
            self.post_message(self.Chosen(self, markers[at % len(markers)]))

    def action_open_current(self) -> None:
        """Go to the source of the current marker."""
        self.post_message(self.Chosen(self, self.current or (1 if self._cites(1) else None), open=True))

    def action_neighbour(self, step: int) -> None:
        """Ask for the exchange before or after."""
        self.post_message(self.NeighbourRequested(self, step))

    @on(About.LeftOutClicked)
    def _listed(self, event: About.LeftOutClicked) -> None:
        event.stop()
        self.post_message(self.LeftOutRequested(self))

    @on(Closest.PassageClicked)
    def _picked(self, event: Closest.PassageClicked) -> None:
        event.stop()
        self.post_message(self.PassageChosen(self, event.at))

    def _cites(self, number: int) -> bool:
        return self.answer is not None and any(c.number == number for c in self.answer.citations)

    def on_markdown_link_clicked(self, event: Markdown.LinkClicked) -> None:
        """Show the passage of a marker that was clicked."""
        event.stop()
        number = int(event.href.removeprefix(HREF))
        if self._cites(number):
            self.post_message(self.Chosen(self, number, open=True))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show the passage of the marker under the mouse."""
        click = str(event.style.meta.get("@click", ""))
        if HREF not in click:
            return
        number = int("".join(filter(str.isdigit, click)) or 0)
        if number != self.current and self._cites(number):
            self.post_message(self.Chosen(self, number))

    def on_focus(self) -> None:
        """Become the exchange to look at."""
        self.post_message(self.Chosen(self, self.current))
