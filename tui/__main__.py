"""`python -m tui`: the terminal UI over the configured archive, without the rest of the command line."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from qa.exits import code_of, open_streams
from tui.main import chat


def main(argv: Sequence[str] | None = None) -> int:
    """Run the terminal UI and return the exit code: 0 when the user has left, 1 or 2 where it could not begin."""
    parser = argparse.ArgumentParser(prog="python -m tui", description=__doc__)
    parser.add_argument("question", nargs="?", default="", help="a question to begin with")
    parser.add_argument("--store", help="folder of the archive, or its PostgreSQL database")
    parser.add_argument("--config", type=Path, help="configuration file")
    parser.add_argument("--answerer", help="who answers: extractive, ollama, openai, anthropic or llama_cpp")
    parser.add_argument("--conversation", help="the saved conversation to go on with")
    open_streams()
    given = parser.parse_args(argv)
    return code_of(lambda: chat(given.store, given.config, given.answerer, given.conversation, given.question))


def leave(code: int) -> NoReturn:
    """Exit, at once if a model is still being loaded: a thread inside a native library would abort the process."""
    if any(thread.daemon for thread in threading.enumerate()):
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    leave(main())
