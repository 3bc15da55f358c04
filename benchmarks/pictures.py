"""Draw the pictures of the screens: the real core on the articles that come with the program.

python -m benchmarks.pictures [FOLDER] [--only NAME …]        FOLDER is docs/screens unless given
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from textual.widgets import Input

from benchmarks.studio import LONG, Model, Sitting, Studio
from qa.types import IngestReport, Progress
from tui.main import opened
from vectorstore.articles import Filter

SHORT = "What can the S-400 shoot down?"
KREMLIN = "What did the Kremlin say about the Turkish missile sale?"
FOLLOWING = "And what about the Patriot?"
UNANSWERED = "How many S-400 batteries will Saudi Arabia receive?"
TINY, NARROW, MEDIUM, WIDE = (60, 15), (80, 24), (120, 40), (200, 60)


async def welcome(at: Sitting) -> None:
    """An archive that is empty."""
    await at.dialog()


async def demo(at: Sitting) -> None:
    """The demo's archive, with questions to begin with."""
    await at.dialog()
    await at.press("enter")
    await at.until(lambda: at.app.main.archives.is_demo and at.app.main.panes.suggestions.option_count > 3)


async def mistyped(at: Sitting) -> None:
    """A folder that is not there."""
    await at.press("f7")
    await at.dialog()
    at.app.screen.query_one(Input).value = "~/artcles"
    await at.press("enter")
    await at.pilot.pause(0.5)


async def importing(at: Sitting) -> None:
    """An import in its middle."""
    gate = threading.Event()

    def work() -> Iterator[Progress | IngestReport]:
        title = "Putin offers the latest arms to friendly states"
        yield from (Progress("embedding", done, 900, title=title, articles=5 + done) for done in (120, 240, 370))
        gate.wait()
        yield IngestReport()

    await at.ask(SHORT)
    at.app.main.archiving.run(work)
    await at.until(lambda: at.app.main.panes.status.status.articles == 375)
    gate.set()


async def answer(at: Sitting) -> None:
    """An answer of several quotes, and its sources."""
    await at.ask(LONG)


async def steps(at: Sitting) -> None:
    """Two answers; the reader has stepped into the second."""
    await at.ask(SHORT)
    await at.ask(LONG)
    await at.press("shift+tab", "right")


async def followed(at: Sitting) -> None:
    """A follow-up that was understood otherwise than typed."""
    await at.ask(KREMLIN)
    await at.ask(FOLLOWING)


async def abstention(at: Sitting) -> None:
    """A question that the archive does not answer."""
    await at.ask(UNANSWERED)


async def found(at: Sitting) -> None:
    """What was found besides, unfolded."""
    await at.ask(LONG)
    await at.press("f4", "end", "enter")


async def article(at: Sitting) -> None:
    """The article at its quote."""
    await at.ask(SHORT)
    await at.press("f4", "enter")


async def finding(at: Sitting) -> None:
    """Words that are found in the article."""
    await article(at)
    await at.press("slash")
    await at.type("missile")


async def maximised(at: Sitting) -> None:
    """The article alone."""
    await article(at)
    await at.press("f10")


async def earlier(at: Sitting) -> None:
    """Questions that were asked before."""
    await at.ask(SHORT)
    await at.press("f8")
    await at.dialog()


async def notebook(at: Sitting) -> None:
    """Two quotes that were kept."""
    await at.ask(LONG)
    await at.press("f4", "shift+tab", "n", "down", "n")
    at.app.clear_notifications()
    await at.press("ctrl+o")
    await at.dialog()


async def ticks(at: Sitting) -> None:
    """A filter of two publishers and a time."""
    await at.ask(SHORT)
    core = at.app.main.context.services
    assert core is not None
    names = tuple(dict.fromkeys(one.publisher for one in core.archive.articles(Filter(), "") if one.publisher))
    at.app.main.filtering.set(Filter(publishers=names[:2], since="2017-10-01", until="2018-12-31"))
    await at.press("f5")
    await at.dialog()


async def deleted(at: Sitting) -> None:
    """An article was deleted and can be brought back."""
    await at.ask(SHORT)
    await at.do("archive.remove")
    await at.dialog()
    await at.press("y")
    await at.until(lambda: any("Ctrl+Z" in notice.message for notice in at.app._notifications))


async def verdicts(at: Sitting) -> None:
    """A language model's answer with a sentence of each verdict."""
    core = at.app.main.context.services
    assert core is not None
    at.app.main.context.services = replace(core, asker=Model(core.asker))
    at.app.main.asking.answer_with("ollama")
    await at.ask(f"{LONG[:-1]}, and what does India pay for them?")
    await at.press("shift+tab")


async def answerers(at: Sitting) -> None:
    """Who can answer, and what the others lack."""
    await at.do("answerer.choose")
    await at.dialog()


async def feeds(at: Sitting) -> None:
    """The dialog about feeds."""
    await at.do("archive.feeds")
    await at.dialog()


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture: its name, the size of the terminal, what is done before it is taken."""

    name: str
    size: tuple[int, int]
    act: Callable[[Sitting], Awaitable[None]]
    light: bool = False
    store: str = "archive"


SCENES = (
    Scene("answer", MEDIUM, answer),
    Scene("first-run", MEDIUM, welcome, store="empty"),
    Scene("demo", NARROW, demo, store="empty"),
    Scene("mistyped", TINY, mistyped),
    Scene("import", NARROW, importing, light=True),
    Scene("answer-small", TINY, answer),
    Scene("answer-light", MEDIUM, steps, light=True),
    Scene("answer-wide", WIDE, answer),
    Scene("follow-up", NARROW, followed),
    Scene("abstention", MEDIUM, abstention),
    Scene("also-found", WIDE, found, light=True),
    Scene("find", NARROW, finding, light=True),
    Scene("maximised", TINY, maximised),
    Scene("earlier", TINY, earlier, light=True),
    Scene("notebook", MEDIUM, notebook, light=True),
    Scene("filter", MEDIUM, ticks),
    Scene("deleted", NARROW, deleted),
    Scene("verdicts", MEDIUM, verdicts),
    Scene("answerers", NARROW, answerers, light=True),
    Scene("feeds", NARROW, feeds),
)


async def draw(studio: Studio, scenes: Sequence[Scene]) -> None:
    """Take the pictures one after another, each over an archive that is as it was."""
    for scene in scenes:
        home = studio.home / scene.name
        if scene.store == "archive":
            shutil.copytree(studio.home / "first", home)
        async with studio.sitting(scene.size, f"{scene.name}/archive", scene.light) as at:
            await scene.act(at)
            studio.take(at.app, scene.name)


def own_cache(home: Path, cache: Path) -> Path:
    """Return a cache with the prepared models and no demo archive, so that the demo is drawn as on a first run."""
    own, prepared = home / ".cache" / "footnote-qa", cache / "footnote-qa"
    own.mkdir(parents=True)
    for entry in prepared.iterdir() if prepared.exists() else ():
        if entry.name != "demo":
            (own / entry.name).symlink_to(entry)
    return own.parent


def main() -> None:
    """Make an archive in a home of its own and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    screens = Path(__file__).parent.parent / "docs" / "screens"
    parser.add_argument("folder", type=Path, nargs="?", default=screens, metavar="FOLDER")
    parser.add_argument("--only", nargs="+", default=[one.name for one in SCENES], metavar="NAME")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
        os.environ.update(HOME=home, XDG_CACHE_HOME=str(own_cache(Path(home), Path(cache))))  # no path of this machine
        archive = opened(str(Path(home) / "first" / "archive"), None).archive
        shutil.copytree(archive.seeds(), Path(home) / "articles")
        list(archive.ingest([str(Path(home) / "articles")]))
        asyncio.run(draw(Studio(Path(home), given.folder), [one for one in SCENES if one.name in given.only]))


if __name__ == "__main__":
    main()
