"""`qa serve`: the archive over HTTP, with a page for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from qa.commands.options import Answerer
from vectorstore.errors import AppError

if TYPE_CHECKING:
    from qa.cli_context import CliContext

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on; 0: any free one.")]
Name = Annotated[list[str] | None, typer.Option(help="Another name that this server goes by, such as behind a proxy.")]
Workers = Annotated[int, typer.Option(min=1, max=64, help="How many questions to answer at once.")]


def serve(
    context: typer.Context,
    host: Host = "127.0.0.1",
    port: Port = 8010,
    name: Name = None,
    workers: Workers = 2,
    answerer: Answerer = None,
) -> None:
    """Serve the archive over HTTP, with a web page: on this machine only unless you set --host."""
    try:
        from qa.serve.app import make_app
        from qa.serve.listen import Address, serve
        from qa.serve.service import Service
    except ModuleNotFoundError as error:
        raise missing(error, "serve") from None
    from qa.hosts import host_of
    from qa.serve.guard import Gatekeeper

    session: CliContext = context.obj
    address, names = Address.of(host, port), frozenset(map(host_of, name or ()))
    with session.archive(answerer, "auto") as archive:
        service = Service.of(archive, workers)
        session.narrator().say("Loading the models …")
        service.warm()
        rules = Gatekeeper(host, names, address.token)
        serve(make_app(service, rules), address, service.stop)


def missing(error: ModuleNotFoundError, extra: str) -> AppError:
    """Return what to say where a package of an extra is not installed."""
    return AppError(f"qa {extra} needs the package {error.name}.", f'Run: pip install "footnote-qa[{extra}]"')
