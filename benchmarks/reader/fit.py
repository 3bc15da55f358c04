"""The few weights that are chosen on the development questions: how both readings add up, and the one confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from benchmarks.reader.measure import FALSE, Seen, Sentence

Floats = npt.NDArray[np.float64]
RANKING = ("late", "close", "whole", "part", "apart", "nearby")
CONFIDENCE = ("score", "lead", "whole", "part", "apart", "nearby")
RIDGE = 0.01
SORTS = ("altered", "relation", "absent", "near")


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights of RANKING and of CONFIDENCE, with the latter's bias."""

    ranking: Floats
    confidence: Floats
    bias: float


def features(sentence: Sentence) -> list[float]:
    """Return what a sentence is ranked by, in the order of RANKING."""
    whole, part, apart = sentence.article
    nearby = sum(sentence.passage) - sum(sentence.article)
    return [sentence.late, sentence.close, -float(whole), -float(part), -float(apart), -float(nearby)]


def fit(questions: Sequence[Seen]) -> Fitted:
    """Return the weights that put right sentences first (conditional logit), and those that tell the answerable."""
    usable = [q for q in questions if q.sort == "answerable" and any(s.right for s in q.sentences)]
    tables = [np.array([features(s) for s in q.sentences]) for q in usable]
    marks = [np.array([s.right for s in q.sentences]) for q in usable]

    def loss(weights: Floats) -> float:
        total = 0.0
        for table, mark in zip(tables, marks, strict=True):
            scores = table @ weights
            total += np.logaddexp.reduce(scores) - np.logaddexp.reduce(scores[mark])
        return float(total / len(tables) + RIDGE * float(weights @ weights))

    ranking = np.asarray(minimize(loss, np.array([0.5, 0.5, 1.0, 0.5, 0.5, 0.1]), method="L-BFGS-B").x)
    known = [q for q in questions if q.sentences and q.sort != "near"]
    rows = np.array([signals(q, ranking) for q in known])
    labels = np.array([q.sort == "answerable" for q in known])
    model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=1000).fit(rows, labels)
    return Fitted(ranking, np.asarray(model.coef_[0]), float(model.intercept_[0]))


def ranked(question: Seen, ranking: Floats) -> list[tuple[float, Sentence]]:
    """Return the sentences with their scores, likeliest first."""
    scored = [(float(np.dot(features(s), ranking)), s) for s in question.sentences]
    return sorted(scored, key=lambda one: -one[0])


def signals(question: Seen, ranking: Floats) -> list[float]:
    """Return what the confidence is made of, in the order of CONFIDENCE."""
    order = ranked(question, ranking)
    score, best = order[0]
    base = float(np.dot([best.late, best.close], ranking[:2]))  # a reading's score, but for the constant
    others = (s for s, one in order if one.page != best.page)
    whole, part, apart = best.article
    nearby = sum(best.passage) - sum(best.article)
    return [base, min(5.0, score - next(others, score - 5.0)), float(whole), float(part), float(apart), float(nearby)]


def confidence(question: Seen, fitted: Fitted) -> float:
    """Return how surely a question is answered, 0 … 1."""
    if not question.sentences:
        return 0.0
    return float(1 / (1 + np.exp(-fitted.bias - np.dot(signals(question, fitted.ranking), fitted.confidence))))


def report(questions: Sequence[Seen], fitted: Fitted) -> dict[str, float]:
    """Return the figures: first and three right, AUROC by sort, and refusals at FALSE."""
    yes = [q for q in questions if q.sort == "answerable"]
    orders = [ranked(q, fitted.ranking) for q in yes]
    sure = np.array([confidence(q, fitted) for q in yes])
    least = float(np.quantile(sure, FALSE))
    firsts = np.array([bool(order) and order[0][1].right for order in orders])
    figures = {
        "late first": float(np.mean([bool(q.sentences) and q.sentences[0].right for q in yes])),
        "first": float(firsts.mean()),
        "two": float(np.mean([any(s.right for _, s in order[:2]) for order in orders])),
        "three": float(np.mean([any(s.right for _, s in order[:3]) for order in orders])),
        "possible": float(np.mean([any(s.right for _, s in order) for order in orders])),
        "least": least,
        "first answered": float((firsts & (sure >= least)).mean()),
    }
    for sort in SORTS:
        no = np.array([confidence(q, fitted) for q in questions if q.sort == sort])
        if len(no):
            labels = np.r_[np.ones(len(sure)), np.zeros(len(no))]
            figures[f"auroc {sort}"] = float(roc_auc_score(labels, np.r_[sure, no]))
            figures[f"refused {sort}"] = float((no < least).mean())
    return figures
