"""`qa serve`: the archive over HTTP, with a page for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from qa.commands.options import Answerer
from vectorstore.errors import AppError

if TYPE_CHECKING:
    from qa.cli_context import CliContext
    from qa.serve.guard import Gatekeeper
    from qa.serve.listen import Address

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
        from qa.serve.listen import reserved, serve
        from qa.serve.service import Service
    except ModuleNotFoundError as error:
        raise missing(error, "serve") from None
    session: CliContext = context.obj
    address, rules = listening(host, port, name or ())
    with session.archive(answerer, "auto") as archive:
        _ = archive.store  # this and a port in use are said before anybody waits for models
        with reserved(address) as socket:
            service = Service.of(archive, workers)
            session.narrator().say("Loading the models …")
            service.warm()
            serve(make_app(service, rules), address, socket, service.stop)


def listening(host: str, port: int, names: Iterable[str]) -> tuple[Address, Gatekeeper]:
    """Return where to listen, and who may come in there; raises UsageError for what is no port, token or name."""
    from qa.hosts import host_of
    from qa.serve.guard import Gatekeeper
    from qa.serve.listen import Address

    address = Address.of(host, port)
    return address, Gatekeeper(host, frozenset(map(host_of, names)), address.token)


def missing(error: ModuleNotFoundError, extra: str) -> AppError:
    """Return what to say where a package of an extra is not installed."""
    return AppError(f"qa {extra} needs the package {error.name}.", f'Run: pip install "footnote-qa[{extra}]"')
