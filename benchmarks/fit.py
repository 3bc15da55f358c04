"""Fit the weights of qa/answer/weights.py, and show what floors would do: answered of the answerable,
abstained of the others.

    python -m benchmarks.fit [--shared ../shared] [--cache DIR] [--limit 240]

Each sentence of the evidence for a question is a row: its features, and whether it answers. Logistic regression over
clapnq and the seeds' questions, those of the seeds counted thrice: they are the news and few. squad2 is only judged:
its unanswerable questions were made to look answerable, and fitting them cost the other sets .03 to .07 of AUC. Each
set is also judged by weights fitted on the others alone, so that a weight that only suits its own set shows.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from benchmarks.reading import archive, clapnq, squad2
from benchmarks.tables import Row, show
from qa.answer.extract import Spot, rows, spots
from qa.answer.features import NAMES
from qa.assistant import Assistant
from qa.config import load
from qa.ingest.pipeline import ingest
from qa.ingest.survey import Request
from qa.narrate import Narrator
from qa.types import Question, Turn
from qa.wiring import Wiring, wire

Right = Callable[[Spot], bool]
FLOORS = (-3.0, -2.5, -2.2, -1.9, -1.6, -1.3)
COUNTS = {"squad2": 0.0, "clapnq": 1.0}
SEEDS_COUNT = 3.0


@dataclass(frozen=True, slots=True)
class Judged:
    """A question's candidates: features (n, len(NAMES)), and which of them answer it."""

    features: npt.NDArray[np.float64]
    right: npt.NDArray[np.bool_]
    answerable: bool


@dataclass(frozen=True, slots=True)
class Set:
    """A question set with what its rows count in the fit."""

    name: str
    questions: tuple[Judged, ...]
    weight: float = 1.0


def judged(assistant: Assistant, question: Question, right: Right | None) -> Judged:
    """Return the candidates of a question; `right` tells an answering sentence, None where nothing answers."""
    asked, hits = assistant.evidence(question)
    likely, features = rows(asked, spots(hits), assistant.embedder)
    marks = [bool(right and right(spot)) for spot in likely]
    return Judged(np.array(features).reshape(-1, len(NAMES)), np.array(marks, dtype=bool), right is not None)


def reading_set(name: str, wiring: Wiring, items: Sequence[tuple[str, Right | None]]) -> Set:
    """Return the judged questions of a set whose texts are an archive."""
    with wiring.store() as store:
        assistant = wiring.assistant(store)
        return Set(name, tuple(judged(assistant, Question(text), right) for text, right in items))


def seeds_set(name: str, articles: Path, questions: Path, folder: Path) -> Set:
    """Return the judged questions of a file in the format of seeds_dev over a folder of articles."""
    wiring = wire(load(), folder / f"{name}.store")
    Narrator(color=False).follow(ingest(wiring.folder, Request((articles,)), wiring.embedder))
    lines = questions.read_text(encoding="utf-8").splitlines()
    given = [json.loads(line) for line in lines if line.strip()]
    with wiring.store() as store:
        assistant = wiring.assistant(store)
        return Set(name, tuple(_seed(assistant, row) for row in given), SEEDS_COUNT)


def _seed(assistant: Assistant, row: dict[str, object]) -> Judged:
    gold = [re.compile(str(pattern), re.IGNORECASE) for pattern in _list(row["gold"])]
    stems = {str(stem) for stem in _list(row["sources"])}

    def right(spot: Spot) -> bool:
        return Path(spot.hit.article.source).stem in stems and any(pattern.search(spot.text) for pattern in gold)

    history = tuple(Turn(str(turn)) for turn in _list(row.get("history") or []))
    return judged(assistant, Question(str(row["question"]), history), right if row["answerable"] else None)


def _list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


def fitted(sets: Sequence[Set]) -> LogisticRegression:
    """Return the regression over all rows of the sets."""
    parts = [
        (q.features, q.right, np.full(len(q.right), s.weight))
        for s in sets
        if s.weight
        for q in s.questions
        if len(q.right)
    ]
    features, right, weights = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return LogisticRegression(max_iter=5000).fit(features, right, sample_weight=weights)


def judgement(judged_set: Set, model: LogisticRegression) -> Row:
    """Return how often the likeliest sentence is right, and how well its log-odds tell answerable questions."""
    scores = [model.decision_function(q.features) for q in judged_set.questions if len(q.right)]
    asked = [q for q in judged_set.questions if len(q.right)]
    answerable = [(q, s) for q, s in zip(asked, scores, strict=True) if q.answerable]
    return {
        "set": judged_set.name,
        "first": round(float(np.mean([q.right[np.argmax(s)] for q, s in answerable])), 3),
        "in three": round(float(np.mean([q.right[np.argsort(-s)[:3]].any() for q, s in answerable])), 3),
        "AUC": round(float(roc_auc_score([q.answerable for q in asked], [s.max() for s in scores])), 3),
        **{f"at {f}": _floor(asked, scores, f) for f in FLOORS},
    }


def _floor(asked: Sequence[Judged], scores: Sequence[npt.NDArray[np.float64]], floor: float) -> str:
    over = [(q.answerable, s.max() >= floor) for q, s in zip(asked, scores, strict=True)]
    answered = np.mean([up for answerable, up in over if answerable])
    abstained = np.mean([not up for answerable, up in over if not answerable])
    return f"{answered:.2f}/{abstained:.2f}"


def main() -> None:
    """Judge the sets, print what each is worth to the others, then the weights fitted on all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "footnote-fit")
    parser.add_argument("--limit", type=int, default=240, help="questions of squad2 and clapnq, about")
    options = parser.parse_args()
    here = Path(__file__).parent
    sets = []
    for reading in (squad2(options.shared / "data"), clapnq(options.shared / "data")):
        wiring = archive(reading.texts, reading.name, options.cache)
        items = [
            (item.question, (lambda s, item=item: item.right(s.hit.article.url, s.text)) if item.answers else None)
            for item in reading.sampled(options.limit).items
        ]
        sets.append(reading_set(reading.name, wiring, items))
    sets = [replace(s, weight=COUNTS[s.name]) for s in sets]
    real = options.shared / "seeds"
    sets.append(seeds_set("seeds_dev", real, options.shared / "eval" / "seeds_dev.jsonl", options.cache))
    sets.append(seeds_set("press", real, here / "press_questions.jsonl", options.cache))
    sets.append(seeds_set("digests", here.parent / "seeds", here / "seeds_questions.jsonl", options.cache))
    others = [judgement(s, fitted([other for other in sets if other is not s])) for s in sets]
    print("fitted on the other sets")
    show(others, as_json=False)
    model = fitted(sets)
    print("fitted on all sets")
    show([judgement(s, model) for s in sets], as_json=False)
    print(f"BIAS = {model.intercept_[0]:.2f}")
    print(json.dumps({n: round(float(v), 2) for n, v in zip(NAMES, model.coef_[0], strict=True)}, indent=4))


if __name__ == "__main__":
    main()
