"""Where the console script begins: straight to the screens where nothing else is asked for."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command that was typed and exit."""
    try:
        _begin()
    except KeyboardInterrupt:  # while modules load, before there is anything to say or to save
        sys.exit(130)


def _begin() -> None:
    command, *rest = sys.argv[1:] or ["chat"]
    if command == "chat" and len(rest) <= 1 and not any(one.startswith("-") for one in rest):
        from tui.__main__ import leave
        from tui.__main__ import main as screens

        leave(screens(rest))
    gc.set_threshold(10_000)  # what a start makes stays: looking through it costs a question 0.03 s
    from tui.command import main as run  # typer costs 0.16 s, which the first frame need not wait for

    run()
