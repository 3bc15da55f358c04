"""Taking articles in, from files, from standard input and from the web, and telling what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli_context import CliContext
from qa.commands.options import AllowPrivate, Json
from qa.exits import Exit
from vectorstore.articles import counted
from vectorstore.errors import AppError

if TYPE_CHECKING:
    from qa.ingest.web.fetched import Fetched, Missed
    from qa.progress import ProgressNarrator
    from qa.types import IngestReport, Progress


def ingest(
    context: typer.Context,
    names: Annotated[
        list[str], typer.Argument(metavar="PATH|URL...", help="Files, folders, web pages, or - for standard input.")
    ],
    as_json: Json = False,
    prune: Annotated[bool, typer.Option("--prune", help="Remove articles whose files are gone.")] = False,
    exclude: Annotated[list[str] | None, typer.Option(metavar="GLOB", help="Skip files, as in .gitignore.")] = None,
    allow_private: AllowPrivate = False,
) -> None:
    """Add articles to the archive, skipping those that have not changed."""
    from qa.cli_input import piped
    from qa.ingest.web.addresses import is_web_address
    from qa.render import dumped, report_json

    session: CliContext = context.obj
    archive, narrator = session.archive(), session.narrator()
    paths = [Path(name) for name in names if name != "-" and not is_web_address(name)]
    taking = partial(archive.ingesting, paths, exclude=exclude or (), prune=prune)
    stdin = piped() if "-" in names else None
    pages = _fetched(list(filter(is_web_address, names)), allow_private)
    report = narrator.follow(_steps(pages, partial(taking, stdin=stdin)))
    if as_json:
        print(dumped(report_json(report)))
    tell(report, narrator, archive.folder)


def tell(report: IngestReport, narrator: ProgressNarrator, folder: Path) -> None:
    """Say what an ingest came to; raises AppError where there was nothing, Exit where something failed."""
    tell_counts(report, narrator)
    size = f"{counted(report.articles, 'article')} in {counted(report.passages, 'passage')}"
    narrator.say(f"{folder}: {size}, {report.seconds:.1f} s.")
    if not (report.added or report.changed or report.unchanged or report.removed or report.failed):
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


def _steps(
    pages: Iterator[Progress | Fetched | Missed], taking: Callable[..., Iterator[Progress | IngestReport]]
) -> Iterator[Progress | IngestReport]:
    """Fetch first, then ingest what was fetched along with the files."""
    from qa.types import Progress

    fetched = []
    for step in pages:
        if isinstance(step, Progress):
            yield step
        else:
            fetched.append(step)
    yield from taking(fetched=fetched)


def _fetched(addresses: Sequence[str], allow_private: bool) -> Iterator[Progress | Fetched | Missed]:
    if addresses:
        from qa.ingest.web.fetch import Fetcher  # httpx takes 0.2 s

        with Fetcher(allow_private=allow_private) as web:
            yield from web.each(list(dict.fromkeys(addresses)))
