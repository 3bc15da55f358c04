"""The application with the real core over the articles that come with the program, to be brought into a state."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from textual.pilot import Pilot

from qa.types import Answered, Event, Question, Statement, Usage, Verdict, Verified
from tui.actions import call_of
from tui.app import FootnoteApp
from tui.main import opened
from tui.ports import Asker
from tui.widgets.article import ArticleView
from tui.widgets.exchange import State

LONG = "What has Putin said about weapons for friendly states and about military ties with China?"
SAID = (
    Statement("Putin said that Russia would supply friendly states with its latest arms [1].", citations=(1,)),
    Statement("The defence ministers praised the military ties of their countries [2].", citations=(2,)),
    Statement("Russia and China will hold twelve exercises this year [3].", Verdict.UNSUPPORTED),
    Statement("The two armies exchange information and train together [3].", Verdict.WRONG_SOURCE, (3,)),
)
DONE = {State.ANSWERED, State.ABSTAINED, State.FAILED}
FONTS = "Fira Code, DejaVu Sans Mono, Menlo, Consolas, monospace"
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Sitting:
    """The running application, and what a reader does with it."""

    app: FootnoteApp
    pilot: Pilot[None]

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait for a condition, at most a minute, and for the screen to come to rest."""
        async with asyncio.timeout(SECONDS):
            while not condition():
                await self.pilot.pause(0.02)
        await self.pilot.pause(0.3)

    async def ask(self, question: str) -> None:
        """Ask a question and wait until its first source is open."""
        panes = self.app.main.panes
        before = len(panes.view.exchanges)
        panes.prompt.replace_text(question)
        panes.prompt.action_send()
        await self.until(lambda: len(panes.view.exchanges) > before and panes.view.exchanges[-1].state in DONE)
        await self.until(lambda: self.app.main.query_one(ArticleView).page)

    async def press(self, *keys: str) -> None:
        """Press keys and wait for what they bring about."""
        for key in keys:
            await self.pilot.press(key)
            await self.pilot.pause(0.3)

    async def type(self, text: str) -> None:
        """Type a text where the focus is."""
        await self.pilot.press(*("space" if letter == " " else letter for letter in text))
        await self.pilot.pause(0.3)

    async def do(self, action: str) -> None:
        """Do an action by its name."""
        await self.app.main.run_action(call_of(action))
        await self.pilot.pause(0.5)

    async def dialog(self) -> None:
        """Wait for a dialog."""
        await self.until(lambda: self.app.screen is not self.app.main)


class Studio:
    """The application over archives in a home of its own, and a folder for its pictures."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.home, self.folder = home, folder

    @asynccontextmanager
    async def sitting(self, size: tuple[int, int], store: str, light: bool) -> AsyncIterator[Sitting]:
        """Run the application until its models are there."""
        app = FootnoteApp(lambda: opened(str(self.home / store), None))
        async with app.run_test(size=size, notifications=True) as pilot:
            app.theme = "footnote-light" if light else "footnote"
            sitting = Sitting(app, pilot)
            await sitting.until(lambda: app.main.context.services and not app.main.panes.status.status.doing)
            app.main.panes.prompt.cursor_blink = False
            yield sitting

    def take(self, app: FootnoteApp, name: str) -> None:
        """Write the picture; it names fonts of the reader's machine and fetches none."""
        svg = re.sub(r"@font-face\s*\{.*?\}", "", app.export_screenshot(title="Footnote"), flags=re.DOTALL)
        (self.folder / f"{name}.svg").write_text(svg.replace("Fira Code", FONTS), encoding="utf-8")
        print(self.folder / f"{name}.svg")


class Model:
    """Plays a language model, so that the picture needs none: the core's sources, and sentences of each verdict."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    def ask(self, question: Question, answerer: str) -> Iterator[Event]:
        """Yield the core's events, the answer told in other words."""
        for event in self._asker.ask(replace(question, text=LONG), "extractive"):
            if isinstance(event, Answered):
                said = event.answer
                cited = tuple(replace(citation, number=at) for at, citation in enumerate(said.citations[:3], 1))
                text = " ".join(sentence.text for sentence in SAID if sentence.shown)
                yield Answered(
                    replace(
                        said, question=question.text, text=text, answerer=f"{answerer}: played",
                        citations=cited, sentences=SAID, unanswered=("what does India pay for them?",),
                        usage=Usage(1840, 71), seconds=6.4,
                    )
                )  # fmt: skip
            elif not isinstance(event, Verified):
                yield event

    def suggest(self, sources: Sequence[str]) -> Iterator[str]:
        """Yield the core's suggestions."""
        return self._asker.suggest(sources)
