"""Backing an archive up, checking a backup, and restoring one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.sanitize import line

if TYPE_CHECKING:
    from qa.backup import BackupManifest
    from qa.cli_context import CliContext

File = Annotated[Path, typer.Argument(metavar="FILE", help="The backup, such as archive.tar.gz.")]


def backup(context: typer.Context, file: File) -> None:
    """Write the archive, its conversations and notes to one file, even while another process writes."""
    from qa.backup import backup as written

    session: CliContext = context.obj
    print(line(f"{file}: {_told(written(session.archive().in_a_folder('qa backup'), file))}."))


def restore(
    context: typer.Context,
    file: File,
    yes: Annotated[bool, typer.Option("--yes", help="Replace existing articles without asking.")] = False,
) -> None:
    """Replace the archive with the one in a backup, in one step."""
    from qa.backup import restore as restored
    from vectorstore.articles import counted
    from vectorstore.copies import articles_in

    session: CliContext = context.obj
    folder, there = session.archive().in_a_folder("qa restore"), 0
    if not yes:
        there = articles_in(folder)
    question = f"{folder} holds {counted(there, 'article')}. Replace what is there with the backup’s?"
    replace = yes or bool(there and session.narrator().agrees(question))
    print(line(f"{folder}: {_told(restored(file, folder, replace=replace))} restored."))


def verify_backup(context: typer.Context, file: File) -> None:  # noqa: ARG001 - every command has it
    """Check that a backup is complete and unchanged."""
    from qa.backup import verify

    print(line(f"{file}: {_told(verify(file))}, whole."))


def _told(manifest: BackupManifest) -> str:
    from vectorstore.articles import counted

    return f"{counted(manifest.articles, 'article')} of {manifest.made}"
