"""Copying an archive from one place to another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from qa.cli_context import CliContext

PLACE = "A folder, or the address of a PostgreSQL database."


def copy(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FROM", help=PLACE)],
    target: Annotated[str, typer.Argument(metavar="TO", help=PLACE)],
) -> None:
    """Copy an archive to another folder, or to or from a PostgreSQL database, without embedding it again."""
    from vectorstore.articles import counted

    session: CliContext = replace(context.obj, store=source)
    with session.archive() as archive:
        report = session.narrator().follow(archive.copying(target))
    print(f"{counted(report.articles, 'article')} copied and compared.")
