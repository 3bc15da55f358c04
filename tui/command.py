"""The whole command: what `qa.cli` offers, and the screens."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from qa.cli import app, run
from qa.cli_context import CliContext
from qa.commands.options import Answerer


@app.command("chat")
def chat(context: typer.Context, answerer: Answerer = None) -> None:
    """Ask in the terminal UI; this is also what qa alone does."""
    from tui.main import chat as chatting

    session: CliContext = context.obj
    chatting(session.store, session.config, answerer)


@app.command()
def web(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to serve on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to serve on.")] = 8000,
    answerer: Answerer = None,
) -> None:
    """Serve the terminal UI to a browser, on this machine only unless --host says otherwise."""
    from tui.main import serve

    session: CliContext = context.obj
    paths = [("--store", session.store), ("--config", session.config)]
    given = [*((name, str(path.resolve())) for name, path in paths if path), ("--answerer", answerer)]
    options = [part for name, value in given if value for part in (name, value)]
    serve([sys.executable, "-m", "tui", *options], host, port)


def main(arguments: list[str] | None = None) -> None:
    """Run the command and exit."""
    sys.exit(run(arguments))


if __name__ == "__main__":
    main()
