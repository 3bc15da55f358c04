"""How the terminal UI is started: in this terminal, or in a browser. Nothing heavy is imported before it is."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore.errors import UsageError

if TYPE_CHECKING:
    from tui.ports import Load, Services


def run(load: Load, memory: Path | None = None, conversation: str | None = None, question: str = "") -> None:
    """Run the application in this terminal until the user quits; `load` opens the core behind the first frame.

    `memory` is the file that remembers the theme, `conversation` the id of the one to go on with; `question` is asked
    at once. Raises UsageError where there is no terminal to draw on, and what `load` raised.
    """
    import os

    # Textual draws on stderr; in a browser another driver does
    if "TEXTUAL_DRIVER" not in os.environ and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("This needs a terminal.", "For scripts there are: qa ask and qa batch")
    begun = starting(load)
    from tui.app import FootnoteApp  # Textual costs 0.3 s

    app = FootnoteApp(begun, memory, conversation, question)
    app.run()
    if app.failure is not None:
        raise app.failure


def starting(load: Load) -> Load:
    """Let no garbage be looked for from now until `load`, which is returned to be called instead, is called.

    What a start makes stays: looking through it costs the first frame 40 ms, and again 40 ms in one piece later.
    """
    gc.disable()

    def begun() -> Services:
        gc.freeze()
        gc.enable()
        return load()

    return begun


def chat(
    store: str | None = None,
    config: Path | None = None,
    answerer: str | None = None,
    conversation: str | None = None,
    question: str = "",
) -> None:
    """Run the application over the configured archive, and ask the question where there is one; raises AppError."""
    import platformdirs

    run(
        lambda: opened(store, config, answerer),
        platformdirs.user_state_path("footnote-qa", appauthor=False) / "screen.json",
        conversation,
        question,
    )


def opened(store: str | None, config: Path | None, answerer: str | None = None) -> Services:
    """Read the configuration and return the core; runs behind the first frame, as pydantic costs 0.2 s.

    `answerer` wins over the configured one; raises UsageError where there is none of that name, or where a key is
    bound to no action.
    """
    from qa.config import answered_by, load
    from qa.wiring import wire
    from tui.actions import check_keys
    from tui.core import services
    from tui.ports import Settings

    loaded = load(config)
    chosen = answered_by(loaded, answerer) if answerer else loaded
    check_keys(chosen.screen.keys)
    settings = Settings(chosen.screen.keys, chosen.screen.theme or None, chosen.answer.answerer, Path.cwd())
    return services(wire(chosen, store), settings)


def serve(command: Sequence[str], host: str = "127.0.0.1", port: int = 8000, names: Iterable[str] = ()) -> None:
    """Serve the application that `command` starts to browsers until Ctrl-C; raises UsageError."""
    from tui.web.server import serve as serving

    serving(command, host, port, names)
