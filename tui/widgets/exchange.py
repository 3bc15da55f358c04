"""One question and its answer, from waiting to done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.style import Style
from textual.widgets import Static

from qa.safe import clean, line
from qa.types import Answer, Answered, Event, Retrieved, Verified
from tui.widgets.names import describe_scope, name_of, origin
from vectorstore.articles import Filter, Hit

if TYPE_CHECKING:
    from textual.widgets.markdown import Markdown, MarkdownStream

    from tui.markdown import AnswerText

HREF = "cite:"  # before the number in the address of a marker
CLOSEST = 3  # articles offered under an abstention


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


class Closest(Static):
    """The passages offered under an abstention."""

    @dataclass
    class Picked(Message):
        """The passage at this place was clicked."""

        at: int

    def action_passage(self, at: int) -> None:
        """Pass a click on."""
        self.post_message(self.Picked(at))


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
        "y copies the quote, Y the whole answer, o opens the link; Up and Down go to the other answers."
    )

    state: var[State] = var(State.WAITING)

    @dataclass
    class Chosen(Message):
        """This exchange is the one to look at; `number` is its current marker, None for none."""

        exchange: Exchange
        number: int | None
        open: bool = False

    @dataclass
    class Passage(Message):
        """A passage offered under an abstention was chosen."""

        exchange: Exchange
        at: int

    @dataclass
    class Neighbour(Message):
        """The reader wants the exchange `step` further on."""

        exchange: Exchange
        step: int

    def __init__(self, question: str, scope: Filter = Filter()) -> None:  # noqa: B008 - frozen
        super().__init__()
        self.question = question
        self.scope = scope
        self.answer: Answer | None = None
        self.passages: tuple[Hit, ...] = ()
        self._stream: MarkdownStream | None = None
        self._written = ""

    def compose(self) -> ComposeResult:
        """The question, what is going on, the answer, and a line about it."""
        yield Static(clean(self.question), classes="question", markup=False)
        yield Static(describe_scope(self.scope), classes="scope", markup=False)
        from tui.markdown import AnswerText  # Markdown costs 50 ms, which the first frame must not wait for

        yield AnswerText(id="text")
        yield Closest("", markup=False)
        yield Static("", classes="about", markup=False)

    def on_mount(self) -> None:
        """Hide what is empty."""
        self.query_one(".scope").display = bool(self.scope)
        self._redraw()

    @property
    def _text(self) -> AnswerText:
        found: AnswerText = self.get_child_by_id("text")  # type: ignore[assignment]  # composed under this id
        return found

    @property
    def current(self) -> int | None:
        """The number of the current marker."""
        return self._text.current

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
            self.passages = event.passages
            self.state = State.READING
            self._about(f"{_count(event.passages)} found" + (f" · {line(event.notice)}" if event.notice else ""))
        elif isinstance(event, Verified):
            if event.statement.shown:
                await self._write(clean(f" {event.statement.text}" if self._written else event.statement.text))
        elif isinstance(event, Answered):
            await self.finish(event.answer)

    async def finish(self, answer: Answer) -> None:
        """Show the whole answer."""
        await self._end_stream()
        self.answer, self.passages = answer, answer.passages
        text = clean(answer.text)
        if text != self._written:  # what was streamed was not the last word
            await self._text.update(text)
        self.state = State.ANSWERED if answer.answered else State.ABSTAINED

    async def stop(self) -> None:
        """Keep what was written and say that it was stopped."""
        await self._end_stream()
        self.state = State.STOPPED

    async def fail(self, message: str, hint: str) -> None:
        """Show what went wrong."""
        await self._end_stream()
        self.state = State.FAILED
        self._about(clean(f"{message}\n{hint}".strip()))

    def choose(self, number: int | None) -> None:
        """Make this marker the current one."""
        self._text.mark(number)

    async def _write(self, text: str) -> None:
        if not text:
            return
        self.state = State.WRITING
        if self._stream is None:
            self._stream = self._text.get_stream(self._text)
        self._written += text
        await self._stream.write(text)

    async def _end_stream(self) -> None:
        if self._stream is not None:
            await self._stream.stop()
            self._stream = None

    def _about(self, text: str) -> None:
        self.query_one(".about", Static).update(text)

    def _redraw(self) -> None:
        texts = {
            State.WAITING: "Waiting for the answer before …",
            State.SEARCHING: "Searching …",
            State.STOPPED: "Stopped. Send the question again to have it answered.",
        }
        if self.state in texts:
            self._about(texts[self.state])
        elif self.answer is not None:
            self._about(_summary(self.answer))
        closest = self.query_one(Closest)
        closest.display = self.state is State.ABSTAINED and bool(self.passages)
        if closest.display:
            closest.update(_closest(self.passages))

    def action_step(self, step: int) -> None:
        """Go to the next or previous marker."""
        markers = [number for number in self._text.markers() if self._cites(number)]
        if markers:
            at = markers.index(self.current) + step if self.current in markers else (0 if step > 0 else -1)
            self.post_message(self.Chosen(self, markers[at % len(markers)]))

    def action_open_current(self) -> None:
        """Go to the source of the current marker."""
        self.post_message(self.Chosen(self, self.current or (1 if self._cites(1) else None), open=True))

    def action_neighbour(self, step: int) -> None:
        """Ask for the exchange before or after."""
        self.post_message(self.Neighbour(self, step))

    @on(Closest.Picked)
    def _picked(self, event: Closest.Picked) -> None:
        event.stop()
        self.post_message(self.Passage(self, event.at))

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


def _count(passages: tuple[Hit, ...]) -> str:
    return f"{len(passages)} passage{'' if len(passages) == 1 else 's'}"


def _summary(answer: Answer) -> str:
    count = len(answer.citations)
    sources = f"{count} source{'' if count == 1 else 's'} · " if answer.answered else ""
    return f"{sources}{line(answer.answerer)} · {answer.seconds:.2f} s"


def _closest(passages: tuple[Hit, ...]) -> Content:
    lines = [Content.styled("Closest, but not an answer:", "dim")]
    first = {hit.article.id: at for at, hit in reversed([*enumerate(passages)])}  # one passage of each article
    for at in sorted(first.values())[:CLOSEST]:
        hit = passages[at]
        where = " — ".join(part for part in (name_of(hit.article), origin(hit.article)) if part)
        lines.append(Content(f"  · {where}").stylize(Style.from_meta({"@click": f"passage({at})"})))
    return Content("\n").join(lines)
