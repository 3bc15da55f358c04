"""`python -m tui`: the terminal UI over the configured archive, without the rest of the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tui.main import chat
from vectorstore.errors import AppError, UsageError


def main(argv: Sequence[str] | None = None) -> int:
    """Run the terminal UI and return the exit code: 0 when the user has left, 1 or 2 where it could not begin."""
    parser = argparse.ArgumentParser(prog="python -m tui", description=__doc__)
    parser.add_argument("--store", type=Path, help="folder of the archive")
    parser.add_argument("--config", type=Path, help="configuration file")
    parser.add_argument("--answerer", help="who answers: extractive, ollama, openai, anthropic or llama_cpp")
    given = parser.parse_args(argv)
    try:
        chat(given.store, given.config, given.answerer)
    except AppError as error:
        print(f"{error.message}\n{error.hint}".strip(), file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
