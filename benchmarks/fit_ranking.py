"""Fit the weights of qa/retrieve/hybrid.py, and say what they find on questions that they were not fitted on.

    python -m benchmarks.fit_ranking --store NEWS_STORE [--data ../shared/data] [--cache DIR] [--limit 300]

Each of about --limit questions of data/reader (those for training), squad2 and clapnq gives a list: the candidates of
both searches with their numbers, and which of them are of the right article. The weights are those under which a
candidate that is right is likeliest drawn (ListNet’s loss, Cao et al., ICML 2007, p. 129), less for large ones.
Printed are the articles found by ten fitted parts, each judged on the tenth that it did not see, and by the other sets
alone; then the weights.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from benchmarks.news import load as load_news
from benchmarks.news import reader_questions
from benchmarks.reading import archive, clapnq, squad2
from benchmarks.tables import Row, show
from qa.config import load
from qa.retrieve.hybrid import WEIGHTS, HybridRetriever
from qa.retrieve.search import DenseRetriever, LexicalRetriever
from qa.retrieve.understand import understand
from qa.types import Question
from qa.wiring import Wiring, wire
from vectorstore.articles import Hit

PENALTY = 0.003  # on the square of a weight, its feature scaled to a deviation of one
PARTS = 10
TOP = 25.0  # about what the best passage has: the weights are divided by it, so that scores are about 0 … 1

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Listed:
    """A question's candidates: features (n, features), which are right, and the article of each."""

    features: Numbers
    right: npt.NDArray[np.bool_]
    articles: Sequence[str]


def listed(wiring: Wiring, questions: Sequence[tuple[str, frozenset[str]]]) -> list[Listed]:
    """Return the lists of an archive's questions, each with the URLs of the articles that are right."""
    embedder = wiring.embedder()
    with wiring.store() as store:
        hybrid = HybridRetriever(DenseRetriever(store, embedder), LexicalRetriever(store), store)
        found = []
        for text, gold in questions:
            query = understand(Question(text), publishers=store.ledger.publishers())
            said = hybrid.found(query)
            numbers = said.features(store.ledger.articles_of({*said.cosine, *said.passage}))
            pool = store.hits(list(numbers))
            rows = np.array([numbers[hit.passage] for hit in pool])
            right = np.array([bool(_urls(hit) & gold) for hit in pool])
            found.append(Listed(rows, right, [hit.article.page for hit in pool]))
        return found


def _urls(hit: Hit) -> frozenset[str | None]:
    return frozenset([hit.article.url, *(other.url for other in hit.also)])


def fitted(lists: Sequence[Listed], weights: Sequence[float]) -> Numbers:
    """Return the weights of the features under which the right candidates are likeliest."""
    chosen = [(one, weight) for one, weight in zip(lists, weights, strict=True) if one.right.any()]
    scale = np.sqrt(np.mean([one.features.var(axis=0) for one, _ in chosen], axis=0)) + 1e-9
    whole = sum(weight for _, weight in chosen)

    def loss(at: Numbers) -> tuple[float, Numbers]:
        value, slope = PENALTY * float(at @ at), 2 * PENALTY * at
        for one, weight in chosen:
            table = one.features / scale
            odds = table @ at
            chances = np.exp(odds - odds.max())
            drawn = chances / chances.sum()
            right = chances * one.right
            value += weight / whole * -np.log(right.sum() / chances.sum() + 1e-300)
            slope = slope + weight / whole * (table.T @ (drawn - right / (right.sum() + 1e-300)))
        return value, slope

    return np.asarray(minimize(loss, np.ones(len(scale)), jac=True, method="L-BFGS-B").x / scale)


def places(lists: Sequence[Listed], weights: Numbers) -> list[int]:
    """Return at which place, from 0, each list has its first right article; a large number where it has none."""
    return [_place(one, one.features @ weights) for one in lists]


def _place(one: Listed, scores: Numbers) -> int:
    order = np.argsort(-scores, kind="stable")
    first = {one.articles[at]: None for at in order.tolist()}
    right = {one.articles[at] for at in np.flatnonzero(one.right).tolist()}
    return next((place for place, article in enumerate(first) if article in right), 10**6)


def figures(name: str, found: Sequence[int]) -> Row:
    """Return shares of questions whose article is among the first, and the mean reciprocal rank."""
    at = np.array(found)
    row: Row = {"fitted on": name, "questions": len(at)}
    for k in (1, 3, 10):
        row[f"hits@{k}"] = round(float((at < k).mean()), 3)
    row["mrr@10"] = round(float(np.where(at < 10, 1 / (at + 1.0), 0).mean()), 3)
    return row


def crossed(lists: Sequence[Listed]) -> list[int]:
    """Return the places of each list under weights that were fitted on the other parts."""
    order = np.random.default_rng(0).permutation(len(lists))
    found = [0] * len(lists)
    for part in range(PARTS):
        held = set(order[part::PARTS].tolist())
        rest = [one for at, one in enumerate(lists) if at not in held]
        weights = fitted(rest, [1.0] * len(rest))
        for at in held:
            (found[at],) = places([lists[at]], weights)
    return found


def main() -> None:
    """Print the figures of each set, then the weights fitted on all, each set counting alike."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, required=True, help="an archive of the news")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "footnote-benchmarks")
    parser.add_argument("--limit", type=int, default=300, help="questions of each set, about")
    given = parser.parse_args()
    stories = load_news(given.data / "news").stories
    questions = reader_questions(given.data / "reader" / "questions_train.jsonl", stories)
    drawn = questions[:: max(1, len(questions) // given.limit)]
    sets = {"news": listed(wire(load(), given.store), [(q.text, q.gold) for q in drawn])}
    for reading in (squad2(given.data), clapnq(given.data)):
        items = reading.sampled(given.limit).items
        asked = [(item.question, frozenset([item.url])) for item in items if item.url]
        sets[reading.name] = listed(archive(reading.texts, reading.name, given.cache), asked)
    rows = []
    for name, lists in sets.items():
        others = [one for other, found in sets.items() if other != name for one in found]
        rows.append({"set": name, **figures("nine tenths of it", crossed(lists))})
        rows.append({"set": name, **figures("the other sets", places(lists, fitted(others, [1.0] * len(others))))})
    every = [(one, 1 / len(lists)) for lists in sets.values() for one in lists]
    weights = fitted([one for one, _ in every], [weight for _, weight in every])
    rows += [{"set": name, **figures("all sets", places(lists, weights))} for name, lists in sets.items()]
    show(rows, as_json=False)
    print(json.dumps({n: round(float(w / TOP), 3) for n, w in zip(WEIGHTS, weights, strict=True)}, indent=4))


if __name__ == "__main__":
    main()
