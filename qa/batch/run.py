"""Answers many questions in order, writing each answer at once and resuming where it stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from qa.assistant import Assistant
from qa.batch.budget import Budget, Gate
from qa.batch.manifest import Manifest
from qa.batch.output import Answers, appending, replace, resume, writing
from qa.batch.workers import in_order
from qa.batch_input import Row
from qa.render import answer_json, dumped, failed_json
from qa.types import Answered, Progress, Usage
from vectorstore.errors import AppError, StoreMissing, Unreachable


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """How many questions to ask at once, how many a minute at most, and what they may use together."""

    workers: int = 1
    rate: float | None = None
    budget: Budget = Budget()


@dataclass(frozen=True, slots=True)
class Done:
    """A batch's results in rows, and the tokens of all its answers; the budget left `left` rows unasked."""

    answered: int
    abstained: int
    failed: int
    left: int = 0
    usage: Usage = Usage()

    @property
    def rows(self) -> dict[str, int]:
        """The row counts by name."""
        return {name: getattr(self, name) for name in ("answered", "abstained", "failed", "left")}


def run(
    assistant: Assistant,
    rows: Sequence[Row],
    output: Path | None,
    stdout: TextIO,
    *,
    retry: bool = False,
    terms: BatchOptions = BatchOptions(),
    manifest: Manifest | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Generator[Progress | Done, None, None]:
    """Answer the rows in order, yielding Progress and finally Done.

    An existing output is resumed: it keeps its answers, and loses an incomplete last line. `retry` first asks its
    failed rows again and rewrites the file. The manifest goes beside the output. Once `stopped` returns True it ends
    without Done, and leaves the row that is being answered as it was. Raises UsageError if the output holds other
    questions or was started differently, AppError if it cannot be written.
    """
    if output is None:
        yield from _Batch(assistant, rows, terms, stopped).all(
            lambda value: print(dumped(value), file=stdout, flush=True)
        )
        return
    with writing(output):
        earlier = resume(output, rows)
        output.open("ab").close()
        if manifest:
            manifest.begin(continued=bool(earlier))
    batch = _Batch(assistant, rows, terms, stopped, earlier)
    if retry:
        yield from batch.again(output)
    with appending(output) as append:
        for step in batch.all(lambda value: append(dumped(value))):
            if manifest and isinstance(step, Done):
                manifest.end(step.rows, step.usage)
            yield step


class _Batch:
    def __init__(
        self,
        assistant: Assistant,
        rows: Sequence[Row],
        terms: BatchOptions,
        stopped: Callable[[], bool],
        earlier: Answers | None = None,
    ) -> None:
        self._assistant, self._rows, self._terms, self._earlier = assistant, rows, terms, earlier or {}
        self._stopped = stopped
        self._gate = Gate(terms.budget, terms.rate, sum(map(usage_of, self._earlier.values()), Usage()))

    def all(self, write: Callable[[dict[str, Any]], None]) -> Generator[Progress | Done, None, None]:
        """Answer the rows that have no answer yet, and count all rows."""
        answered = failed = at = 0
        with closing(self._asked(self._rows, self._earlier)) as asked:
            for at, (row, value) in enumerate(asked, 1):
                if self._stopped():
                    return
                if row.name not in self._earlier:
                    write(value)
                failed += value.get("status") == "error"
                answered += value.get("status") != "error" and bool(value.get("answered"))
                yield Progress("answer", at, len(self._rows), row.text)
        yield Done(answered, at - failed - answered, failed, self._gate.held, self._gate.usage)

    def again(self, output: Path) -> Generator[Progress, None, None]:
        """Ask the failed rows again and replace their answers; an interruption keeps the answers so far."""
        failed = [row for row in self._rows if self._earlier.get(row.name, {}).get("status") == "error"]
        try:
            with closing(self._asked(failed, {})) as asked:
                for at, (row, value) in enumerate(asked, 1):
                    if self._stopped():
                        return
                    self._earlier[row.name] = value
                    yield Progress("retry", at, len(failed), row.text)
        finally:
            if failed:
                known = [self._earlier[row.name] for row in self._rows if row.name in self._earlier]
                with writing(output):
                    replace(output.resolve(), [dumped(value) for value in known])

    def _asked(self, rows: Sequence[Row], known: Answers) -> Generator[tuple[Row, dict[str, Any]], None, None]:
        """Yield the rows with their answers as far as the budget goes; rows in `known` are not asked again."""
        stop = threading.Event()

        def work(row: Row) -> tuple[Row, dict[str, Any]]:
            if (value := known.get(row.name)) is None:
                value = answer_row(self._assistant, row, lambda: stop.is_set() or self._stopped())
                self._gate.pay(usage_of(value))
            return row, value

        return in_order(work, self._gate.through(rows, known, stop), self._terms.workers, stop)


def answer_row(assistant: Assistant, row: Row, stopped: Callable[[], bool] = lambda: False) -> dict[str, Any]:
    """Return one row's answer as JSON, or the reason why it failed; `stopped` is asked at each event.

    Raises Unreachable where the archive's database does not answer, StoreMissing where the archive is gone.
    """
    try:
        for event in assistant.ask(row.question()):
            if stopped():
                break  # discarding the remaining events stops the model
            if isinstance(event, Answered):
                return answer_json(event.answer, row.key, row.given)
        message = "Interrupted."
    except (Unreachable, StoreMissing):
        raise  # without its database no other row would be answered either: the same command goes on later
    except AppError as error:
        message = f"{error.message} {error.hint}".strip()
    return failed_json(row.text, message, row.key, row.given, assistant.answerer.name)


def usage_of(value: dict[str, Any]) -> Usage:
    """Return the tokens of a row; a file edited by others may hold anything."""
    used = value.get("usage")
    known = used if isinstance(used, dict) else {}
    return Usage(*(n if isinstance(n := known.get(name), int) else 0 for name in ("prompt", "completion", "cached")))
