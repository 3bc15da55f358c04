"""Where the console script begins: straight to the screens where nothing else is asked for."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command that was typed and exit."""
    if sys.argv[1:] in ([], ["chat"]):
        from tui.__main__ import main as screens

        sys.exit(screens([]))
    from tui.command import main as command  # typer costs 0.16 s, which the first frame need not wait for

    command()
