"""The whole journey by keyboard, in a real terminal under tmux, with the real core: twice, as what was said is kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import SEEDS

TMUX = shutil.which("tmux")
SECONDS = 90
pytestmark = [
    pytest.mark.skipif(TMUX is None, reason="needs tmux: the Debian package `tmux`"),
    pytest.mark.model,
]


class Session:
    """The program in a tmux session of its own server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started = 0

    def tmux(self, *arguments: str) -> str:
        """Run a tmux command and return what it prints."""
        command = [str(TMUX), "-S", str(self._folder / f"tmux{self._started}"), *arguments]
        run = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "TERM": "screen"})
        return run.stdout

    def start(self) -> None:
        """Start the program in a window of 120×40."""
        self._started += 1  # a server that is going down would still take a new session
        program = f"{sys.executable} -m tui --store {self._folder / 'archive'}; echo ended with $?; sleep 600"
        program = f"XDG_CACHE_HOME={_cache(self._folder)} {program}"
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", "120", "-y", "40", "-c", str(self._folder), program)
        self.tmux("set-option", "-g", "set-clipboard", "on")

    def keys(self, *keys: str) -> None:
        """Press keys by tmux's names."""
        self.tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type a text."""
        self.tmux("send-keys", "-l", text)

    def screen(self) -> str:
        """Return what stands on the screen."""
        return self.tmux("capture-pane", "-p")

    def until(self, condition: str | Callable[[str], object]) -> str:
        """Wait until a text is on the screen, or a condition holds for it."""
        deadline = time.monotonic() + SECONDS
        while True:
            screen = self.screen()
            if condition in screen if isinstance(condition, str) else condition(screen):
                return screen
            assert time.monotonic() < deadline, f"{condition} never came:\n{screen}"
            time.sleep(0.1)

    def end(self) -> None:
        """End the program with its server."""
        self.tmux("kill-server")


def _cache(folder: Path) -> Path:
    """Return a cache with the models that are prepared, and a demo archive of the test's own."""
    own, prepared = folder / "cache" / "footnote-qa", Path(os.environ["XDG_CACHE_HOME"]) / "footnote-qa"
    if not own.exists():
        own.mkdir(parents=True)
        for entry in prepared.iterdir() if prepared.exists() else ():
            if entry.name != "demo":
                (own / entry.name).symlink_to(entry)
    return own.parent


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    session = Session(tmp_path)
    yield session
    session.end()


def first_hour(session: Session) -> None:
    """Try the demo out and leave it; add a folder of one's own at the second attempt."""
    session.until("Welcome to Footnote")
    session.keys("Enter")  # the articles that came with the program, in an archive of their own
    session.until("Demo archive")
    session.until("5 added")
    session.until("Try asking")
    session.keys("BTab")
    session.until("Enter ask")
    session.keys("Enter")
    session.until("Answered by quoting")
    session.keys("F9")
    session.until("Welcome to Footnote")  # one's own archive is as empty as before
    session.keys("Down", "Enter")
    session.until("Tab completes")  # the dialog, not the choice that leads to it
    session.type("own artcles")
    session.keys("Enter")
    session.until("Did you mean")
    session.keys("C-u")
    session.until("~/articles")  # empty: a key that is bound may come behind letters typed after it
    session.type("own a")
    session.until("own articles/")
    session.keys("Tab")
    session.until("own\\ articles/")
    session.keys("Enter")
    session.until("5 added")


def test_from_the_first_run_to_a_conversation_that_is_still_there(session: Session, tmp_path: Path) -> None:
    shutil.copytree(SEEDS, tmp_path / "own articles")
    session.start()
    first_hour(session)

    session.type("What did the Kremlin say about the Turkish missile sale?")
    session.keys("Enter")
    session.until(lambda screen: "[1]" in screen and "Answered by quoting" in screen)

    session.type("And what about the Patriot?")
    session.keys("Enter")
    session.until("understood as:")

    session.keys("F4", "Enter")  # to the sources, into the article
    session.until("type to ask")
    session.keys("BTab")  # its letters are commands from here on
    session.until(lambda screen: "y quote" in screen and "type to ask" not in screen)
    session.keys("y")
    session.until("The quote is in tmux")
    assert session.tmux("show-buffer").startswith("“")

    session.keys("C-s")
    session.until("Export the conversation as")
    session.keys("Enter")
    session.until("Export to")
    session.keys("Enter")
    session.until("Exported to")
    copied = tmp_path / "footnote-clipboard.md"  # as the terminal around this tmux has no clipboard
    assert copied.read_text(encoding="utf-8").startswith("“")
    (exported,) = set(tmp_path.glob("*.md")) - {copied}
    assert "[^1-1]: “" in exported.read_text(encoding="utf-8")

    session.keys("C-q")
    session.until("ended with 0")
    session.end()

    session.start()
    session.until("5 articles")
    session.keys("F2")
    session.until(lambda screen: screen.count("2 questions") == 2 and "type to ask" in screen)  # offered, and listed
    session.keys("Enter")
    screen = session.until("And what about the Patriot?")
    assert "Welcome" not in screen
