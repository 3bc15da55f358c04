"""Follow-ups of mtrag rewritten by a language model, beside the rules: recall of the passages among the first five.

    python -m benchmarks.rewriting [--model smollm2|qwen] [--limit N] [--store DIR] [--json]

The model is one that benchmarks.models finds in a package, run in process; the turns before are told with their
answers. The gain is over the rules, with the 95 % interval of a paired bootstrap.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.followups import Talk, found, mtrag
from benchmarks.models import model_file
from benchmarks.reading import dumped, taken_in
from benchmarks.tables import Row, show
from qa.answer.extractive import Extractive
from qa.assistant import Assistant
from qa.config import load
from qa.evaluate.bootstrap import gain, mean
from qa.llm.language_model import language_model
from qa.llm.rewrite import Rewriter
from qa.settings import AnswerPart
from qa.types import Question
from qa.wiring import wire


def recalls(assistant: Assistant, talks: list[Talk]) -> list[float]:
    """Return each turn's recall."""
    return [talk.recall(found(assistant, Question(talk.text, talk.before))) for talk in talks]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=["smollm2", "qwen"], default="smollm2")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--store", type=Path, help="folder for the archive of mtrag's passages")
    parser.add_argument("--limit", type=int, help="about so many turns, evenly spaced")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    texts, talks = mtrag(given.data)
    talks = talks[:: max(1, len(talks) // given.limit) if given.limit else 1]
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.store or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        archive = taken_in(dumped(texts, folder / "mtrag.jsonl"), folder / "mtrag")
        path = model_file(given.model, Path(temporary))
        settings = AnswerPart.model_validate({"llama_cpp": {"path": str(path), "context": 1024}, "max_tokens": 60})
        wiring = wire(load(), archive)
        embedder = wiring.embedder()
        with wiring.store() as store:
            retriever, reader = wiring.retriever(store, embedder), wiring.reader()
            rules = recalls(Assistant(store, retriever, reader, Extractive(store)), talks)
            rewriter = Rewriter(language_model(settings, "llama_cpp"))
            model = recalls(Assistant(store, retriever, reader, Extractive(store), rewriter=rewriter), talks)
    figures = {"by rule": mean(rules), given.model: mean(model), "gained": gain(model, rules)}
    rows: list[Row] = [
        {"follow-ups": name, "recall@5": figure.value, "low": figure.low, "high": figure.high, "n": len(talks)}
        for name, figure in figures.items()
        if figure is not None
    ]
    show(rows, as_json=given.json)


if __name__ == "__main__":
    main()
