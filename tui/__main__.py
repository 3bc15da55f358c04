"""`python -m tui`: the terminal UI over the configured archive, without the rest of the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str] | None = None) -> int:
    """Run the terminal UI and return the exit code: 0 when the user has left, 1 or 2 where it could not begin."""
    from qa.config import load
    from qa.exits import code_of
    from qa.wiring import wire
    from tui.core import loader
    from tui.main import run, settings

    parser = argparse.ArgumentParser(prog="python -m tui", description=__doc__)
    parser.add_argument("--store", type=Path, help="folder of the archive")
    parser.add_argument("--config", type=Path, help="configuration file")
    given = parser.parse_args(argv)
    return code_of(lambda: run(loader(wire(load(given.config), given.store)), settings()))


if __name__ == "__main__":
    sys.exit(main())
