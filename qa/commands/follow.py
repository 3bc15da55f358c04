"""Following feeds and sitemaps: what is new in them is taken in when the command is run, never by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli_context import CliContext
from qa.commands.ingest import tell_counts
from qa.commands.options import AllowPrivate, Json
from qa.exits import Exit

if TYPE_CHECKING:
    from qa.ingest.web.following import Followed


def follow(
    context: typer.Context,
    addresses: Annotated[
        list[str] | None, typer.Argument(metavar="URL", help="Feeds, sitemaps, or pages that name their feed.")
    ] = None,
    as_list: Annotated[bool, typer.Option("--list", help="List what is followed, and fetch nothing.")] = False,
    remove: Annotated[
        list[str] | None, typer.Option(metavar="URL", help="Stop following it, but keep its articles.")
    ] = None,
    allow_private: AllowPrivate = False,
    as_json: Json = False,
) -> None:
    """Ingest what is new in the feeds you follow; with a URL, follow it from now on."""
    from qa.incoming import catching_up
    from qa.ingest.web.following import Following
    from qa.render import dumped, report_json

    session: CliContext = context.obj
    archive, narrator = session.archive(), session.narrator()
    following = Following(archive.folder)
    if as_list:
        _list(following.list(), as_json)
        return
    with following.held():
        for address in remove or ():
            following.remove(address)
        if remove and not addresses:
            return
        report = narrator.follow(catching_up(archive, following, addresses or [], allow_private=allow_private))
    if as_json:
        print(dumped(report_json(report)))
    tell_counts(report, narrator)
    if report.failed:
        raise typer.Exit(Exit.FAILED)


def _list(followed: list[Followed], as_json: bool) -> None:
    from qa.render import dumped
    from qa.sanitize import line

    rows = [{"address": one.address, "title": one.title, "looked": one.looked or None} for one in followed]
    if as_json:
        print(dumped(rows))
    else:
        told = [f"{one.address}  {line(one.title)}  {one.looked or 'not fetched yet'}" for one in followed]
        print("\n".join(told) or "Nothing is followed yet.")
