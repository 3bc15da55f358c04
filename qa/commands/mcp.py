"""`qa mcp`: the archive as tools for assistants."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from qa.commands.options import Answerer
from qa.commands.serve import Host, Name, Port, Workers, listening, missing

if TYPE_CHECKING:
    from qa.cli_context import CliContext


def mcp(
    context: typer.Context,
    http: Annotated[bool, typer.Option("--http", help="Serve over HTTP instead of standard input and output.")] = False,
    host: Host = "127.0.0.1",
    port: Port = 8011,
    name: Name = None,
    workers: Workers = 2,
    answerer: Answerer = None,
) -> None:
    """Serve the archive to assistants over MCP: ask, search, read_article, list_articles and verify."""
    try:
        from qa.mcp.run import PATH, over_http, over_stdio
        from qa.mcp.server import make_server
        from qa.serve.listen import reserved, serve
    except ModuleNotFoundError as error:
        raise missing(error, "mcp") from None
    from qa.serve.desk import Desk

    session: CliContext = context.obj
    over_web = listening(host, port, name or ()) if http else None
    desk = Desk(workers, waiting=64)
    with ExitStack() as stack:
        archive = stack.enter_context(session.archive(answerer, "auto"))
        _ = archive.store  # this and a port in use are said before anybody waits for models
        socket = stack.enter_context(reserved(over_web[0])) if over_web else None
        server = make_server(archive, desk)
        if not over_web or not socket:
            if sys.stdin.isatty():
                session.narrator().say("An assistant’s client should start this; Ctrl-C ends it.")
            over_stdio(server, desk, archive.assistant)
        address, rules = over_web
        archive.assistant()  # loads the models, and says what is missing
        serve(over_http(server, rules), address, socket, desk.stop, PATH)
        desk.close()
