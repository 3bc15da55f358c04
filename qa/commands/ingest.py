"""Taking articles in, from files, from standard input and from the web, and telling what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli_context import CliContext
from qa.commands.options import AllowPrivate, Json
from qa.exits import Exit
from vectorstore.articles import counted
from vectorstore.errors import AppError

if TYPE_CHECKING:
    from qa.ingest.survey import Request
    from qa.progress import ProgressNarrator
    from qa.types import IngestReport, Progress
    from qa.wiring import Wiring


def ingest(
    context: typer.Context,
    names: Annotated[
        list[str], typer.Argument(metavar="PATH|URL...", help="Files, folders, pages of the web; - is standard input.")
    ],
    as_json: Json = False,
    prune: Annotated[bool, typer.Option("--prune", help="Remove articles gone from the paths.")] = False,
    exclude: Annotated[list[str] | None, typer.Option(metavar="GLOB", help="Leave out, as in .gitignore.")] = None,
    allow_private: AllowPrivate = False,
) -> None:
    """Take articles into the archive; what has not changed costs nothing."""
    from qa.cli_input import piped
    from qa.ingest.survey import Request
    from qa.ingest.web.addresses import is_web_address
    from qa.render import dumped, report_json

    session: CliContext = context.obj
    wiring, narrator = session.wiring(), session.narrator()
    settings = wiring.config.ingest
    paths = tuple(Path(name) for name in names if name != "-" and not is_web_address(name))
    patterns = (*settings.exclude, *(exclude or ()))
    request = Request(paths, piped() if "-" in names else None, patterns, settings.fields, prune)
    report = narrator.follow(_steps(wiring, request, list(filter(is_web_address, names)), allow_private))
    if as_json:
        print(dumped(report_json(report)))
    tell(report, narrator, wiring.folder)


def tell(report: IngestReport, narrator: ProgressNarrator, folder: Path) -> None:
    """Say what an ingest came to; raises AppError where there was nothing, Exit where something failed."""
    tell_counts(report, narrator)
    size = f"{counted(report.articles, 'article')} in {counted(report.passages, 'passage')}"
    narrator.say(f"{folder}: {size}, {report.seconds:.1f} s.")
    if not (report.added or report.changed or report.unchanged or report.removed or report.failed):
        kinds = ".txt, .md, .html, .pdf, .docx, .epub, .eml, .mbox, .warc, .zip or .jsonl files, and a few more"
        raise AppError("There was nothing to read.", f"Articles are {kinds}: the guide lists them.")
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
    wiring: Wiring, request: Request, addresses: Sequence[str], allow_private: bool
) -> Iterator[Progress | IngestReport]:
    from qa.ingest.pipeline import ingest as taking
    from qa.types import Progress

    pages = []
    if addresses:
        from qa.ingest.web.fetch import Fetcher  # httpx takes 0.2 s

        with Fetcher(allow_private=allow_private) as web:
            for step in web.each(list(dict.fromkeys(addresses))):
                if isinstance(step, Progress):
                    yield step
                else:
                    pages.append(step)
    yield from taking(wiring.folder, replace(request, fetched=tuple(pages)), wiring.embedder)
