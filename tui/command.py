"""The `qa` command: everything in `qa.cli`, and the terminal interface."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from qa.cli import app, config_app, config_check
from qa.cli import main as command_line
from qa.cli_context import CliContext
from qa.commands.options import Answerer
from qa.commands.serve import Name
from qa.llm.addresses import is_database


@app.command("chat")
def chat(
    context: typer.Context,
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="What to ask.", show_default=False)] = "",
    answerer: Answerer = None,
) -> None:
    """Open the terminal interface, as `qa` alone does, and ask QUESTION at once."""
    from tui.main import chat as chatting

    session: CliContext = context.obj
    chatting(session.store, session.config, answerer, question=question)


@app.command()
def web(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    name: Name = None,
    answerer: Answerer = None,
) -> None:
    """Serve the terminal interface to browsers, on this machine only unless you set --host."""
    from tui.main import serve

    session: CliContext = context.obj
    paths = [("--store", session.store), ("--config", session.config)]
    given = [*((name, _absolute(str(path))) for name, path in paths if path), ("--answerer", answerer)]
    options = [part for name, value in given if value for part in (name, value)]
    serve([sys.executable, "-m", "tui", *options], host, port, name or ())


@config_app.command("check")
def check(context: typer.Context) -> None:
    """Check the configuration, and say where it comes from."""
    from qa.config import load
    from tui.actions import check_keys  # Textual costs 0.3 s

    check_keys(load(context.obj.config).screen.keys)
    config_check(context)


def _absolute(place: str) -> str:
    return place if is_database(place) else str(Path(place).resolve())


def main(arguments: list[str] | None = None) -> None:
    """Run the command and exit."""
    command_line(arguments)


if __name__ == "__main__":
    main()
