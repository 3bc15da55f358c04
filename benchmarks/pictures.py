"""Draw the pictures of the screens: the real core on the articles that come with the program.

python -m benchmarks.pictures [FOLDER]        FOLDER is docs/screens unless given
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from textual.pilot import Pilot

from qa.types import Answered, Event, Question, Statement, Usage, Verdict, Verified
from tui.app import FootnoteApp
from tui.main import opened
from tui.ports import Asker
from tui.widgets.article import ArticleView
from tui.widgets.exchange import State
from vectorstore.articles import Filter

LONG = "What has Putin said about weapons for friendly states and about military ties with China?"
SHORT = "What can the S-400 shoot down?"
UNANSWERED = "How many S-400 batteries will Saudi Arabia receive?"
SAID = (
    Statement("Putin said that Russia would supply friendly states with its latest arms [1].", citations=(1,)),
    Statement("The defence ministers praised the military ties of their countries [2].", citations=(2,)),
    Statement("Russia and China will hold twelve exercises this year [3].", Verdict.UNSUPPORTED),
    Statement("The two armies exchange information and train together [3].", Verdict.WRONG_SOURCE, (3,)),
)
DONE = {State.ANSWERED, State.ABSTAINED, State.FAILED}
FONTS = "Fira Code, DejaVu Sans Mono, Menlo, Consolas, monospace"


class Studio:
    """The application over one archive, and a folder for its pictures."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.home, self.folder = home, folder

    @asynccontextmanager
    async def app(
        self, size: tuple[int, int], store: str = "archive"
    ) -> AsyncIterator[tuple[FootnoteApp, Pilot[None]]]:
        """Run the application until its models are there."""
        app = FootnoteApp(lambda: opened(self.home / store, None))
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: app.main.context.services and not app.main.panes.status.status.doing)
            app.main.panes.prompt.cursor_blink = False
            yield app, pilot

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


async def until(pilot: Pilot[None], condition: Callable[[], object]) -> None:
    """Wait for a condition, at most a minute."""
    async with asyncio.timeout(60):
        while not condition():
            await pilot.pause(0.02)
    await pilot.pause(0.3)


async def ask(app: FootnoteApp, pilot: Pilot[None], question: str) -> None:
    """Ask a question and wait until its first source is open."""
    before = len(app.main.panes.view.exchanges)
    app.main.panes.prompt.replace_text(question)
    app.main.panes.prompt.action_send()
    await until(
        pilot, lambda: len(app.main.panes.view.exchanges) > before and app.main.panes.view.exchanges[-1].state in DONE
    )
    await until(pilot, lambda: app.main.query_one(ArticleView).page)


async def draw(studio: Studio) -> None:
    """Take the pictures one after another."""
    async with studio.app((118, 34), "empty") as (app, pilot):
        await until(pilot, lambda: app.screen is not app.main)
        studio.take(app, "first-run")
    async with studio.app((118, 34)) as (app, pilot):
        await ask(app, pilot, SHORT)
        await ask(app, pilot, LONG)
        app.main.panes.view.exchanges[-1].focus()
        await pilot.press("right")
        await pilot.pause(0.5)
        studio.take(app, "answer")
        await pilot.press("ctrl+p")
        await pilot.pause(1)
        studio.take(app, "commands")
        await pilot.press("escape")
        await pilot.press("f1")
        await pilot.pause(0.5)
        studio.take(app, "help")
        await pilot.press("escape")
        app.theme = "footnote-light"
        await pilot.pause(0.5)
        studio.take(app, "light")
    async with studio.app((118, 34)) as (app, pilot):
        await ask(app, pilot, UNANSWERED)
        studio.take(app, "abstention")
        app.main.filtering.set(Filter(since="2017-10-01", until="2018-12-31"))
        await ask(app, pilot, SHORT)
        await pilot.press("f5")
        await pilot.pause(0.5)
        studio.take(app, "filter")
    async with studio.app((118, 34)) as (app, pilot):
        core = app.main.context.services
        assert core is not None
        app.main.context.services = replace(core, asker=Model(core.asker))
        app.main.asking.answer_with("ollama")
        await ask(app, pilot, f"{LONG[:-1]}, and what does India pay for them?")
        app.main.panes.view.exchanges[-1].focus()
        await pilot.pause(0.5)
        studio.take(app, "verdicts")
    async with studio.app((80, 24)) as (app, pilot):
        await ask(app, pilot, SHORT)
        await pilot.press("f4", "enter")
        await pilot.pause(0.5)
        studio.take(app, "narrow")
    async with studio.app((180, 46)) as (app, pilot):
        await ask(app, pilot, LONG)
        studio.take(app, "wide")


def main() -> None:
    """Make an archive in a home of its own and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    screens = Path(__file__).parent.parent / "docs" / "screens"
    parser.add_argument("folder", type=Path, nargs="?", default=screens, metavar="FOLDER")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
        os.environ.update(HOME=home, XDG_CACHE_HOME=cache)  # no picture shows a path of this machine
        archive = opened(Path(home) / "archive", None).archive
        shutil.copytree(archive.seeds(), Path(home) / "articles")
        list(archive.ingest([str(Path(home) / "articles")]))
        asyncio.run(draw(Studio(Path(home), folder)))


if __name__ == "__main__":
    main()
