"""Fit qa/answer/weights.py: which sentence answers, and how sure an answer may be.

    python -m benchmarks.fit [--shared ../shared] [--news DIR] [--cache DIR] [--limit 400]

Sentences: among those of a question's evidence, the right one should come first, so the fit maximises the chance that
a draw by exp(score) takes a right one (McFadden's conditional logit, 1974), over the questions that have one. Being
compared within their question only, weights mean the same whatever the question.

Confidence: logistic regression over the signals of qa/answer/abstain.py, answerable questions against the others,
each set with an intercept of its own, so that what is fitted tells questions of one set apart and not the sets.

For the confidence, the scores of the sentences come from the fit on all sets, so its folds are not wholly unseen.

Each set counts the same, and is judged in five folds (with the other sets in the fit) and by the others alone. DIR is
an archive of the news (`qa ingest`); without it the sets on it are left out.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from benchmarks.judged import Judged, Set, news_sets, reading_set, seeds_set
from benchmarks.reading import clapnq, squad2
from benchmarks.tables import Row, show
from qa.answer.abstain import SIGNALS, signals
from qa.answer.features import NAMES
from qa.answer.spots import Spot

Floats = npt.NDArray[np.float64]
FOLDS = 5
FALSE = 0.1  # false abstentions at which refusals are compared
RIDGE = 0.3  # the prior's variance, of weights in units of each feature's spread
SHRINK = 0.02  # the same of the signals; a hundred questions a set, so far less would hardly shrink
CAUTIONS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
AGAINST = {
    "gone": "news",
    "gone, asked": "news, asked",
    "elsewhere": "news",
}  # unanswerable questions that are compared with another set's answerable
AGAIN = ("news, asked",)  # the news' questions once more: of their sentences nothing is to be learnt


@dataclass(frozen=True, slots=True)
class Table:
    """A set's questions as signals, shape (n, len(SIGNALS)), and which are answerable."""

    name: str
    signals: Floats
    answerable: npt.NDArray[np.bool_]


def listwise(questions: Sequence[tuple[Judged, float]]) -> Floats:
    """Return the weights of NAMES that put right sentences first; each question counts as its number says."""
    usable = [(q, weight) for q, weight in questions if any(q.right)]
    rows = np.array([spot.marks for q, _ in usable for spot in q.spots])
    right = np.array([mark for q, _ in usable for mark in q.right], dtype=float)
    counts = np.array([weight for _, weight in usable])
    lengths = [len(q.spots) for q, _ in usable]
    starts, owner = np.r_[0, np.cumsum(lengths)[:-1]], np.repeat(np.arange(len(usable)), lengths)
    spread = rows.std(axis=0) + 1e-9
    scaled = rows / spread

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = scaled @ weights
        drawn = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        every, hit = np.add.reduceat(drawn, starts), np.add.reduceat(drawn * right, starts) + 1e-12
        gradient = (counts[owner] * drawn * (right / hit[owner] - 1 / every[owner])) @ scaled
        gained = float(counts @ (np.log(hit) - np.log(every)))
        return float(weights @ weights) / (2 * RIDGE) - gained, weights / RIDGE - gradient

    found = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B")
    return np.asarray(found.x / spread)


def counted(sets: Sequence[Set]) -> list[tuple[Judged, float]]:
    """Return the questions of the sets with what each counts: a hundred for a set, whatever its size."""
    usable = [[q for q in s.questions if any(q.right)] for s in sets]
    return [(q, 100 / len(found)) for found in usable for q in found]


def ranked(question: Judged, weights: Floats) -> list[Spot]:
    """Return a question's sentences scored by these weights, likeliest first."""
    scored = [replace(spot, score=float(np.dot(spot.marks, weights))) for spot in question.spots]
    return sorted(scored, key=lambda spot: (-spot.score, spot.rank, spot.sentence.start))


def firsts(questions: Sequence[Judged], weights: Floats, first: int) -> list[bool]:
    """Return for each question that has a right sentence whether one is among the first."""
    return [
        any(q.right[at] for at in np.argsort([-np.dot(s.marks, weights) for s in q.spots], kind="stable")[:first])
        for q in questions
        if any(q.right)
    ]


def sentence_row(judged_set: Set, others: Sequence[Set]) -> Row:
    """Return how often the likeliest sentence, and one of three, is right: by other sets alone, and in folds."""
    alone = listwise(counted(others))
    row: Row = {"set": judged_set.name, "questions": len(firsts(judged_set.questions, alone, 1))}
    for name, first in (("first", 1), ("in three", 3)):
        folds = [
            mark
            for fold in range(FOLDS)
            for mark in firsts(judged_set.questions[fold::FOLDS], _without_fold(judged_set, others, fold), first)
        ]
        row[f"{name}, others"] = float(np.mean(firsts(judged_set.questions, alone, first)))
        row[f"{name}, folds"] = float(np.mean(folds))
    return row


def _without_fold(judged_set: Set, others: Sequence[Set], fold: int) -> Floats:
    kept = [q for at, q in enumerate(judged_set.questions) if at % FOLDS != fold]
    return listwise(counted([*others, Set(judged_set.name, tuple(kept))]))


def tables(sets: Sequence[Set], weights: Floats) -> list[Table]:
    """Return the signals of each set; sets without answerable questions are compared with those of another."""
    by_name = {s.name: _table(s, weights) for s in sets}
    return [
        _beside(table, by_name[AGAINST[name]]) if name in AGAINST else table
        for name, table in by_name.items()
        if name not in AGAINST.values()
    ]


def _table(judged_set: Set, weights: Floats) -> Table:
    rows = [(signals(q.asked, ranked(q, weights)), q.answerable) for q in judged_set.questions if q.spots]
    return Table(judged_set.name, np.array([row for row, _ in rows]), np.array([up for _, up in rows]))


def _beside(table: Table, other: Table) -> Table:
    asked = other.signals[other.answerable]
    answerable = np.r_[np.ones(len(asked), dtype=bool), table.answerable]
    return Table(table.name, np.vstack([asked, table.signals]), answerable)


def logistic(given: Sequence[Table]) -> tuple[float, Floats]:
    """Return the mean intercept and the weights of SIGNALS; answerable and other questions of a set count the same."""
    own = [np.eye(len(given))[[at] * len(t.answerable)] for at, t in enumerate(given)]
    values, answerable = np.vstack([t.signals for t in given]), np.concatenate([t.answerable for t in given])
    counts = [np.where(t.answerable, 50 / t.answerable.sum(), 50 / (~t.answerable).sum()) for t in given]
    spread = values.std(axis=0) + 1e-9
    model = LogisticRegression(C=SHRINK, max_iter=5000).fit(
        np.hstack([values / spread, np.vstack(own)]), answerable, sample_weight=np.concatenate(counts)
    )
    weights, apart = np.split(model.coef_[0], [len(SIGNALS)])
    return float(model.intercept_[0] + apart.mean()), weights / spread


def confidence_row(table: Table, others: Sequence[Table], fitted: tuple[float, Floats]) -> Row:
    """Return how well confidence tells a set's questions apart, and what each caution would do to it."""
    alone = table.signals @ logistic(others)[1]
    folds = np.zeros(len(alone))
    for fold in range(FOLDS):
        out = np.arange(len(alone)) % FOLDS == fold
        kept = Table(table.name, table.signals[~out], table.answerable[~out])
        folds[out] = table.signals[out] @ logistic([*others, kept])[1]
    sure = 1 / (1 + np.exp(-fitted[0] - table.signals @ fitted[1]))
    return {
        "set": table.name,
        "answerable": int(table.answerable.sum()),
        "others ": int((~table.answerable).sum()),
        "AUROC, others": float(roc_auc_score(table.answerable, alone)),
        "AUROC, folds": float(roc_auc_score(table.answerable, folds)),
        f"refused at {FALSE}": refused(table.answerable, folds),
        **{f"at {c}": _at(table.answerable, sure, c) for c in CAUTIONS},
    }


def refused(answerable: npt.NDArray[np.bool_], sure: Floats) -> float:
    """Return the share of unanswerable questions below the confidence that a tenth of the answerable do not reach."""
    return float(np.mean(sure[~answerable] < np.quantile(sure[answerable], FALSE)))


def _at(answerable: npt.NDArray[np.bool_], sure: Floats, caution: float) -> str:
    return f"{np.mean(sure[answerable] >= caution):.2f}/{np.mean(sure[~answerable] < caution):.2f}"


def gathered(shared: Path, news: Path | None, cache: Path, limit: int) -> list[Set]:
    """Return all question sets; archives are kept in `cache`."""
    here, real, data = Path(__file__).parent, shared / "seeds", shared / "data"
    return [
        seeds_set("seeds_dev", real, shared / "eval" / "seeds_dev.jsonl", cache),
        seeds_set("press", real, here / "press_questions.jsonl", cache),
        seeds_set("digests", here.parent / "seeds", here / "seeds_questions.jsonl", cache),
        reading_set(squad2(data), cache, limit),
        reading_set(clapnq(data), cache, limit),
        *(news_sets(data, news, cache, limit // 2) if news else ()),
    ]


def python(name: str, weights: Sequence[float], names: Sequence[str]) -> str:
    """Return a dictionary of weights as a line or lines of Python."""
    rows = [f'    "{key}": {value:.2f},' for key, value in zip(names, weights, strict=True)]
    return "\n".join([f"{name} = {{", *rows, "}"])


def main() -> None:
    """Judge the sets, and print what each is worth to the others and the weights fitted on all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--news", type=Path, help="an archive of the 4,000 news articles")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "footnote-fit")
    parser.add_argument("--limit", type=int, default=400, help="questions of squad2 and clapnq, about")
    options = parser.parse_args()
    report(gathered(options.shared, options.news, options.cache, options.limit))


def report(sets: Sequence[Set]) -> None:
    """Print the figures and the weights of these sets."""
    answered = [s for s in sets if s.name not in AGAIN and any(q.answerable for q in s.questions)]
    print("the likeliest sentence is right; by weights of the other sets, and in folds")
    show([sentence_row(s, [o for o in answered if o is not s]) for s in answered], as_json=False)
    weights = listwise(counted(answered))
    given = tables(sets, weights)
    fitted = logistic(given)
    print("confidence; at each caution: answered of the answerable / abstained of the others")
    show([confidence_row(t, [o for o in given if o is not t], fitted) for t in given], as_json=False)
    print(python("WEIGHTS", list(weights), NAMES))
    print(f"CONFIDENCE_BIAS = {fitted[0]:.2f}")
    print(python("CONFIDENCE", list(fitted[1]), SIGNALS))


if __name__ == "__main__":
    main()
