"""What ingesting and asking cost, ours and the stock pipeline in turn in one run; `make bench` runs it.

    python -m benchmarks.performance [--articles DUMP] [-n 100] [--runs 3] [--questions FILE] [--json]

--articles is a dump, a JSON object with title and text a line (also gzip), of which the first -n are written as text
files that all systems read. Ingests and cold questions are processes of their own: what is counted is their time from
start to end, on the processor too, and their peak memory. `encoder` embeds our passages, sorted by length, and does
nothing else: `of limit` is our speed as a share of its. Stock has chunks of 1,024 tokens, of which its model reads the
first 256; `stock, our length` has chunks of 200, and embeds all of the text, as ours does. Then one process asks each
question of both: `retrieval` ends with the passages, `answer` with the cited answer; stock, without a language model,
has none.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from benchmarks.cold import QUESTION, Run, interleaved
from benchmarks.latency import interleaved as asked_in_turn
from benchmarks.latency import ours
from benchmarks.tables import Row, show
from qa.config import load
from qa.types import Question
from qa.wiring import Wiring

DATA = Path("../shared/data")
TOKENS = "200"  # of a chunk: as many as our passages have at most


def written(dump: Path, number: int, folder: Path) -> Path:
    """Write the first articles of a dump as text files; returns their folder."""
    folder.mkdir()
    opened = gzip.open if dump.suffix == ".gz" else open
    with opened(dump, "rt", encoding="utf-8") as lines:
        for at, line in enumerate(islice(lines, number)):
            article = json.loads(line)
            (folder / f"{at:05}.txt").write_text(f"{article['title']}\n\n{article['text']}\n", encoding="utf-8")
    return folder


def ingesting(articles: Path, made: Path) -> dict[str, list[str]]:
    """Return the commands that ingest the articles, each into a place that is empty before."""
    qa, stock = [str(Path(sys.executable).with_name("qa"))], [sys.executable, "-m", "benchmarks.stock", "build"]
    ours = [*qa, "--quiet", "--store"]
    return {
        "ours": [*ours, str(made / "store"), "ingest", str(articles)],
        "encoder": [sys.executable, "-m", "benchmarks.encoder", str(made / "store")],
        "ours, int8": ["env", "QA_EMBEDDING__PRECISION=int8", *ours, str(made / "int8"), "ingest", str(articles)],
        "stock, our length": [*stock, str(articles), str(made / "short"), "--tokens", TOKENS],
        "stock": [*stock, str(articles), str(made / "index")],
    }


def asking(made: Path) -> dict[str, list[str]]:
    """Return the commands that ask one question of what was ingested."""
    qa, stock = [str(Path(sys.executable).with_name("qa"))], [sys.executable, "-m", "benchmarks.stock"]
    return {
        "ours": [*qa, "--store", str(made / "store"), "ask", QUESTION],
        "stock": [*stock, "ask", str(made / "index"), QUESTION],
    }


def processes(what: str, runs: Mapping[str, Sequence[Run]]) -> Iterator[Row]:
    """Yield a row of medians for each system, and its shares of stock's, the last, and of the encoder's."""
    medians = {name: _medians(each) for name, each in runs.items()}
    *_, stock = medians.values()
    for name, own in medians.items():
        limit = medians.get("encoder") if name == "ours" else None
        yield row(what, name, own, stock, len(runs[name]), round(own[2]), limit)


def row(
    what: str,
    system: str,
    own: Sequence[float],
    stock: Sequence[float] | None,
    runs: int,
    memory: int | None = None,
    limit: Sequence[float] | None = None,
) -> Row:
    """Return a row; without stock, there are no shares of it, and without a limit no share of its speed."""
    return {
        "what": what,
        "system": system,
        "runs": runs,
        "seconds": own[0],
        "of stock": own[0] / stock[0] if stock else None,
        "cpu": own[1],
        "of stock’s": own[1] / stock[1] if stock else None,
        "MiB": memory,
        "of limit": limit[0] / own[0] if limit else None,
    }


def _medians(runs: Sequence[Run]) -> tuple[float, float, float]:
    return (
        statistics.median(run.seconds for run in runs),
        statistics.median(run.cpu for run in runs),
        statistics.median(run.memory for run in runs),
    )


def questions(made: Path, texts: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of questions to processes that have everything loaded."""
    from benchmarks.stock import retriever

    wiring = Wiring(load(), made / "store")
    with wiring.store("auto") as store:
        assistant = wiring.assistant(store)
        took = asked_in_turn(
            {
                "stock": retriever(made / "index").retrieve,
                "ours": ours(assistant),
                "answer": lambda text: assistant.answer(Question(text)),
            },
            texts,
        )
    medians = {name: [statistics.median(one[at] for one in each) for at in (0, 1)] for name, each in took.items()}
    for name in ("ours", "stock"):
        yield row("retrieval", name, medians[name], medians["stock"], len(took[name]))
    yield row("answer", "ours", medians["answer"], None, len(took["answer"]))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=Path, default=DATA / "news" / "articles.jsonl.gz")
    parser.add_argument("-n", type=int, default=100)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--questions", type=Path, default=DATA / "reader" / "questions_dev.jsonl")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    lines = given.questions.read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["question"] for line in lines[:: max(1, len(lines) // 25)]]
    with tempfile.TemporaryDirectory() as folder:
        articles = written(given.articles, given.n, Path(folder, "articles"))
        made = [Path(folder, str(turn)) for turn in range(given.runs)]
        runs: dict[str, list[Run]] = {}
        for place in made:
            for name, (run,) in interleaved(ingesting(articles, place), 1, warm=False).items():
                runs.setdefault(name, []).append(run)
        found = [*processes(f"ingest of {given.n}", runs)]
        found += processes("cold question", interleaved(asking(made[0]), 3 * given.runs))
        found += questions(made[0], texts)
    show(found, as_json=given.json)


if __name__ == "__main__":
    main()
