"""The questions on the seeds: our figures, and those of the scorer beside the data."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.bench import Bench, line, ours
from benchmarks.reading import taken_in
from benchmarks.tables import Row
from qa.commands.evaluate import read
from qa.evaluate.outcomes import CaseOutcome
from qa.render import answer_json, dumped

HERE = Path(__file__).parent


def seeds(bench: Bench) -> Iterator[Row]:
    """The development questions and our own on the five real texts, and on the digests that ship."""
    real, digests = bench.shared / "seeds", HERE.parent / "seeds"
    yield from _scored(bench, "seeds_dev", real, bench.shared / "eval" / "seeds_dev.jsonl")
    yield from _scored(bench, "press", real, HERE / "press_questions.jsonl")
    yield from _scored(bench, "digests", digests, HERE / "seeds_questions.jsonl")


def _scored(bench: Bench, name: str, articles: Path, questions: Path) -> Iterator[Row]:
    folder = taken_in(articles, bench.stores / name)
    outcomes = bench.ask(name, folder, read([questions]))
    yield from ours(name, outcomes)
    yield from scores(bench.shared / "eval" / "score.py", name, questions, outcomes, articles)


def scores(scorer: Path, name: str, questions: Path, outcomes: Sequence[CaseOutcome], articles: Path) -> Iterator[Row]:
    """Yield the measures of the scorer; it reads answers as `qa batch` writes them."""
    with tempfile.TemporaryDirectory() as folder:
        answers = Path(folder) / "answers.jsonl"
        rows = (dumped(answer_json(o.answer, o.case.row.key)) for o in outcomes if o.answer)
        answers.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
        command = [sys.executable, str(scorer), str(questions), str(answers), "--articles", str(articles)]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for measure, _hits, of, share in (row.replace("/", " ").split() for row in said.splitlines()):
        yield line(name, "ours", f"scorer: {measure}", None, float(share)) | {"questions": int(of)}
