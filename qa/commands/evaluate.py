"""`qa eval`: measures the answers to questions whose answers are known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.commands.options import Answerer, Json
from qa.exits import Exit
from vectorstore.errors import AppError, UsageError

if TYPE_CHECKING:
    from qa.cli_context import CliContext
    from qa.evaluate.expected import Case

HINT = "A row has a question and what is expected: articles, answer, gold or answerable."


def evaluate(
    context: typer.Context,
    questions: Annotated[list[Path], typer.Argument(metavar="QUESTIONS|-", help="JSONL or CSV with expected answers.")],
    as_json: Json = False,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Also write an HTML page with charts.")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="FIELD", help="Ignore a field of the rows.")] = None,
    answerer: Answerer = None,
) -> None:
    """Measure retrieval, answers, citations and abstentions on questions whose answers you know."""
    from qa.evaluate.outcomes import run
    from qa.evaluate.report import page
    from qa.evaluate.results import evaluation_json, evaluation_text
    from qa.render import dumped

    asked = read(questions, ignore or ())
    session: CliContext = context.obj
    narrator = session.narrator()
    with session.archive(answerer) as archive:
        outcomes = narrator.follow(run(archive.assistant(), asked))
    print(dumped(evaluation_json(outcomes)) if as_json else evaluation_text(outcomes), flush=True)
    if report:
        title = ", ".join(path.name for path in questions)
        _report(report, page(outcomes, title, archive.wiring.config.answer.min_confidence))
        narrator.say(f"Wrote {report}.")
    if len(outcomes) < len(asked):
        narrator.say(f"Only {len(outcomes)} of {len(asked)} questions were asked; the figures cover these.")
        raise typer.Exit(Exit.INTERRUPTED)
    if any(outcome.error for outcome in outcomes):
        raise typer.Exit(Exit.FAILED)


def read(files: Sequence[Path], ignore: Sequence[str] = ()) -> list[Case]:
    """Return the cases in the files; raises UsageError for an empty file, an invalid row or a field not to ignore."""
    from qa import cli_input
    from qa.batch_input import kind_of, rows
    from qa.evaluate.expected import IGNORABLE, cases

    for name in ignore:
        if name not in IGNORABLE:
            raise UsageError(f"{name} cannot be ignored.", f"Fields that can: {', '.join(IGNORABLE)}.")
    found: list[Case] = []
    for path in files:
        piped = path == Path("-")
        given = rows(cli_input.text(None if piped else path), kind_of(path, "jsonl" if piped else None))
        if not given:
            raise UsageError(f"There are no questions in {path}.", HINT)
        several = len(files) > 1
        found += cases(given, ignore, path.stem if several else "", path.name if several else "")
    if not any(case.expected.answerable is not None for case in found):
        raise UsageError("No row says what is expected, so nothing can be measured.", HINT)
    return found


def _report(path: Path, html: str) -> None:
    try:
        path.write_text(html, encoding="utf-8", errors="replace")
    except OSError as error:
        raise AppError(f"{path} cannot be written: {error.strerror}.", "Choose another file with --report.") from error
