"""`qa batch`: answers many questions, one answer per line."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.commands.options import Answerer
from qa.exits import Exit
from vectorstore.errors import AppError, UsageError

if TYPE_CHECKING:
    from qa.batch.budget import Budget
    from qa.batch.run import Done
    from qa.batch_input import Row
    from qa.cli_context import CliContext
    from qa.settings import Config

QUOTING = 2  # questions at once: while one is read by all cores, the passages of the next are sought


def batch(
    context: typer.Context,
    questions: Annotated[str, typer.Argument(metavar="QUESTIONS|-", help="JSONL, CSV, or one question per line.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="ANSWERS", help="JSONL file to write or resume.")
    ] = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Ask the failed rows again.")] = False,
    kind: Annotated[str | None, typer.Option("--format", help="jsonl, csv or text.")] = None,
    answerer: Answerer = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="How many questions to ask at once.", show_default="1, or 2 for extractive"),
    ] = None,
    rate: Annotated[float | None, typer.Option(min=0.01, help="The most questions per minute.")] = None,
    max_tokens: Annotated[
        int | None, typer.Option(min=1, help="Stop asking once the answers have used this many tokens.")
    ] = None,
    max_cost: Annotated[
        float | None, typer.Option(min=0, help="Stop asking once they have cost this much, by the configured prices.")
    ] = None,
) -> None:
    """Answer many questions in order; run it again on the same output to resume."""
    from qa.batch.manifest import Manifest, Provenance
    from qa.batch.run import BatchOptions, run

    output = None if output == Path("-") else output
    if retry_failed and output is None:
        raise UsageError("--retry-failed needs the file of answers.", "Name it with -o.")
    asked, source = _rows(questions, kind)
    session: CliContext = context.obj
    narrator = session.narrator()
    with session.archive(answerer, "auto", cached=True) as archive:
        assistant, config = archive.assistant(), archive.wiring.config
        name = assistant.answerer.name
        budget = priced(config, name, max_tokens, max_cost)
        manifest = None
        if output and (output.is_file() or not output.exists()):  # a device has no folder for one
            manifest = Manifest(output, Provenance.of(archive.store, name, config), source, budget.price)
        terms = BatchOptions(workers or (QUOTING if name == "extractive" else 1), rate, budget)
        steps = run(assistant, asked, output, sys.stdout, retry=retry_failed, terms=terms, manifest=manifest)
        with closing(steps):
            done = narrator.follow(steps)
    narrator.say(told(done, budget))
    if done.left:
        raise AppError(
            f"The budget is spent: {done.left} of {len(asked)} questions were not asked.",
            "To continue, run the same command with a higher --max-tokens or --max-cost.",
        )
    if done.failed:
        raise typer.Exit(Exit.FAILED)


def _rows(questions: str, kind: str | None) -> tuple[list[Row], dict[str, Any]]:
    """Return the rows to ask, and a description of their file."""
    from qa import cli_input
    from qa.batch.manifest import counted
    from qa.batch_input import kind_of, rows

    path = None if questions == "-" else Path(questions)
    text = cli_input.text(path)
    asked = rows(text, kind_of(path, kind))
    if not asked:
        raise UsageError(f"There are no questions in {questions}.", "Write JSONL, CSV, or one question per line.")
    return asked, counted(text, path, len(asked))


def priced(config: Config, answerer: str, tokens: int | None, cost: float | None) -> Budget:
    """Return the budget; raises UsageError for a limit in money if the answerer has no price."""
    from qa.batch.budget import Budget, Price

    price = config.answer.prices.get(answerer)
    if cost is not None and price is None and answerer != "extractive":
        raise UsageError(f"{answerer} has no price.", f'Set one: [answer] prices = {{ "{answerer}" = [0.1, 0.5] }}.')
    return Budget(tokens, cost, Price(*price) if price else None)


def told(done: Done, budget: Budget) -> str:
    """Return a batch's results in words: rows, tokens and, if there are prices, the cost."""
    said = f"{done.answered} answered, {done.abstained} not in the archive, {done.failed} failed."
    used = done.usage
    if used.prompt or used.completion or used.cached:
        cached = f", {used.cached:,} from the cache" if used.cached else ""
        said += f" Tokens: {used.prompt:,} in, {used.completion:,} out{cached}."
    return said + (f" Cost: {budget.price.of(used):.4f}." if budget.price else "")
