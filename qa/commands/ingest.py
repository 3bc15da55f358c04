"""Taking articles in, from files, from standard input and from the web, and telling what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli_context import CliContext
from qa.commands.options import AllowPrivate, Json
from qa.exits import Exit
from vectorstore.articles import counted
from vectorstore.errors import AppError

if TYPE_CHECKING:
    from qa.progress import ProgressNarrator
    from qa.types import IngestReport


def ingest(
    context: typer.Context,
    names: Annotated[
        list[str], typer.Argument(metavar="PATH|URL", help="Files, folders, web pages, or - for standard input.")
    ],
    as_json: Json = False,
    prune: Annotated[bool, typer.Option("--prune", help="Remove articles whose files are gone.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Let --prune remove many without asking.")] = False,
    exclude: Annotated[list[str] | None, typer.Option(metavar="GLOB", help="Skip files, as in .gitignore.")] = None,
    follow_links: Annotated[
        bool, typer.Option("--follow-links", help="Follow links that lead out of a folder.")
    ] = False,
    allow_private: AllowPrivate = False,
    shard: Annotated[
        str, typer.Option(metavar="I/N", help="Take the I-th of N shares, as other machines take the others.")
    ] = "",
) -> None:
    """Add articles to the archive, skipping those that have not changed."""
    from qa.cli_input import piped
    from qa.incoming import taking_in
    from qa.render import dumped, report_json

    session: CliContext = context.obj
    archive, narrator = session.archive(), session.narrator()
    stdin = piped() if "-" in names else None
    named = [name for name in names if name != "-"]
    steps = taking_in(
        archive,
        named,
        stdin=stdin,
        exclude=exclude or (),
        prune=prune,
        confirm=lambda doubt: yes or narrator.agrees(f"{doubt} Remove them?"),
        follow_links=follow_links,
        allow_private=allow_private,
        shard=shard,
    )
    report = narrator.follow(steps)
    if as_json:
        print(dumped(report_json(report)))
    tell(report, narrator, archive.name, may_be_empty=bool(shard))


def tell(report: IngestReport, narrator: ProgressNarrator, archive: str, *, may_be_empty: bool = False) -> None:
    """Say what an ingest came to; raises AppError where there had to be something, Exit where some failed."""
    tell_counts(report, narrator)
    size = f"{counted(report.articles, 'article')} in {counted(report.passages, 'passage')}"
    narrator.say(f"{archive}: {size}, {report.seconds:.1f} s.")
    came = report.added or report.changed or report.unchanged or report.removed or report.failed
    if not came and not may_be_empty:
        kinds = ".txt, .md, .html, .pdf, .docx, .epub, .eml, .mbox, .warc, .zip or .jsonl files, and a few more"
        raise AppError("There are no articles to ingest.", f"Articles are {kinds}: the guide lists them.")
    if report.failed:
        raise typer.Exit(Exit.FAILED)


def tell_counts(report: IngestReport, narrator: ProgressNarrator) -> None:
    """Say what was warned of, what failed, and how many articles came and went."""
    for warning in report.warnings:
        narrator.say(f"warning: {warning}")
    narrator.failures(report.failed)
    counts = ", ".join(f"{count} {name}" for name, count in report.counts.items())
    narrator.say(f"{counts}, {len(report.failed)} failed.")
