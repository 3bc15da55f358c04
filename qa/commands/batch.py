"""`qa batch`: many questions, one answer a line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.commands.options import Answerer
from qa.exits import Exit
from vectorstore.errors import UsageError

if TYPE_CHECKING:
    from qa.session import Session


def batch(
    context: typer.Context,
    questions: Annotated[str, typer.Argument(metavar="QUESTIONS|-", help="JSONL, CSV or one question a line.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="ANSWERS", help="JSONL.")] = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Ask failed rows again.")] = False,
    kind: Annotated[str | None, typer.Option("--format", help="jsonl, csv or text.")] = None,
    answerer: Answerer = None,
) -> None:
    """Answer many questions in order; run again on the same output it goes on where it stopped."""
    from qa import batch as batches
    from qa import typed
    from qa.rows import kind_of, rows

    output = None if output == Path("-") else output
    if retry_failed and output is None:
        raise UsageError("--retry-failed needs the file of answers.", "Name it with -o.")
    path = None if questions == "-" else Path(questions)
    asked = rows(typed.text(path), kind_of(path, kind))
    if not asked:
        raise UsageError(f"There is no question in {questions}.", "One question a line, JSONL or CSV.")
    session: Session = context.obj
    wiring, narrator = session.wiring(answerer), session.narrator()
    with wiring.store(index="auto") as store:
        assistant = wiring.assistant(store)
        done = narrator.follow(batches.run(assistant, asked, output, sys.stdout, retry=retry_failed))
    narrator.say(f"{done.answered} answered, {done.abstained} not in the archive, {done.failed} failed.")
    if done.failed:
        raise typer.Exit(Exit.FAILED)
