"""Answers and abstentions, beside a stock baseline.

    python -m benchmarks.answers file QUESTIONS --store DIR [--articles DIR]    any file in the format of seeds_dev
    python -m benchmarks.answers squad2|clapnq|mtrag [--limit N]               sets under --data, archives in --cache

The baseline answers with the one sentence that is most similar to the question by MiniLM, if the cosine reaches
THRESHOLD, and abstains otherwise.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import followups
from benchmarks.reading import Item, Reading, archive, clapnq, squad2
from benchmarks.tables import Row, show
from benchmarks.vectors import cached
from qa import batch
from qa.assistant import Assistant
from qa.config import load
from qa.narrate import Narrator
from qa.rows import rows as read_rows
from qa.types import Question
from qa.wiring import wire
from vectorstore.embedding import Embedder
from vectorstore.store import Store

THRESHOLD = 0.5

Quotes = list[tuple[str | None, str]]  # what is cited: URL and words; nothing when abstaining
Answer = Callable[[str], Quotes]


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of the questions of a set."""

    item: Item
    quotes: Quotes

    @property
    def right(self) -> int:
        """How many of the quotes answer."""
        return sum(self.item.right(url, quote) for url, quote in self.quotes)


def figures(name: str, system: str, tallies: Sequence[Tally]) -> Row:
    """Return shares: answered and right of the answerable, right of all quotes there, abstained of the others."""
    asked = [t for t in tallies if t.item.answers]
    others = [t for t in tallies if not t.item.answers]
    given = [t for t in asked if t.quotes]
    return {
        "set": name,
        "system": system,
        "answerable": len(asked),
        "answered": len(given) / len(asked),
        "right": sum(t.right > 0 for t in asked) / len(asked),
        "right if answered": sum(t.right > 0 for t in given) / max(1, len(given)),
        "unanswerable": len(others),
        "abstained": sum(not t.quotes for t in others) / max(1, len(others)),
        "quotes": sum(len(t.quotes) for t in given) / max(1, len(given)),
    }


def ours(assistant: Assistant) -> Answer:
    """The assistant's citations."""

    def answer(text: str) -> Quotes:
        return [(c.article.url, c.quote) for c in assistant.answer(Question(text)).citations]

    return answer


def nearest(store: Store, embedder: Embedder, cache: Path) -> Answer:
    """The one sentence that is most similar, of all in the archive, if it is similar enough."""
    sentences = [
        (article.url, article.text[sentence.start : sentence.end])
        for listing in store.ledger.articles()
        for article in [store.ledger.article(listing.article.id)]
        for sentence in store.ledger.sentences(article.id)
    ]
    vectors = cached(embedder, [text for _, text in sentences], cache)

    def answer(text: str) -> Quotes:
        cosines = vectors @ embedder.embed_query(text)
        best = int(np.argmax(cosines))
        return [sentences[best]] if cosines[best] >= THRESHOLD else []

    return answer


def reading(found: Reading, cache: Path) -> list[Row]:
    """Return the figures of a question set, the baseline's first."""
    wiring = archive(found.texts, found.name, cache)
    with wiring.store() as store:
        systems = {
            f"nearest sentence ≥ {THRESHOLD}": nearest(store, wiring.embedder(), cache / "vectors"),
            "ours": ours(wiring.assistant(store)),
        }
        return [
            figures(found.name, name, [Tally(item, answer(item.question)) for item in found.items])
            for name, answer in systems.items()
        ]


def scored(questions: Path, store: Path, articles: Path | None, scorer: Path) -> list[Row]:
    """Answer a file of questions and return the scorer's measures; without a scorer, counts."""
    wiring = wire(load(), store)
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "answers.jsonl"
        asked = read_rows(questions.read_text(encoding="utf-8"), "jsonl")
        with wiring.store() as opened:
            Narrator(color=False).follow(batch.run(wiring.assistant(opened), asked, output, sys.stdout))
        if scorer.is_file():
            return _measures([str(scorer), str(questions), str(output)], articles)
        answers = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    return [
        {"measure": "answered", "share": sum(a["answered"] for a in answers) / len(answers), "of": len(answers)},
        {"measure": "citations", "share": sum(len(a["citations"]) for a in answers) / len(answers), "of": len(answers)},
    ]


def _measures(command: list[str], articles: Path | None) -> list[Row]:
    if articles:
        command = [*command, "--articles", str(articles)]
    said = subprocess.run([sys.executable, *command], check=True, capture_output=True, text=True).stdout
    lines = [line.replace("/", " ").split() for line in said.splitlines()]
    return [
        {"measure": name, "hits": int(hits), "of": int(of), "share": float(share)} for name, hits, of, share in lines
    ]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", choices=["file", "squad2", "clapnq", "mtrag"])
    parser.add_argument("questions", type=Path, nargs="?")
    parser.add_argument("--store", type=Path)
    parser.add_argument("--articles", type=Path, help="the article files, for the scorer's check of quotes")
    parser.add_argument("--scorer", type=Path, default=Path("../shared/eval/score.py"))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "footnote-benchmarks")
    parser.add_argument("--limit", type=int, help="about so many questions of a set, evenly spaced")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if given.set == "file":
        if not (given.questions and given.store):
            parser.error("file needs QUESTIONS and --store")
        found = scored(given.questions, given.store, given.articles, given.scorer)
    elif given.set == "mtrag":
        found = followups.rows(given.data, given.cache)
    else:
        sets = {"squad2": squad2, "clapnq": clapnq}
        found = reading(sets[given.set](given.data).sampled(given.limit), given.cache)
    show(found, as_json=given.json)


if __name__ == "__main__":
    main()
