"""The measures, each over the questions to which it applies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.evaluate.bootstrap import Figure, auroc, calibration_error, mean, quantile, ratio, refused
from qa.evaluate.outcomes import CaseOutcome
from qa.retrieve.search import EVIDENCE

Share = tuple[float, float]  # what a question adds to the part and to the whole
DEEPEST = 10
FALSE_ABSTENTIONS = 0.1

Table = dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Measure:
    """A share of the questions: `of` returns a question's part and whole, or None if it does not apply."""

    name: str
    group: str
    of: Callable[[CaseOutcome], Share | None]

    def figure(self, outcomes: Sequence[CaseOutcome]) -> Figure | None:
        """Return the figure over all questions; None if it applies to none."""
        shares = [share for outcome in outcomes if (share := self.of(outcome)) is not None]
        return ratio([part for part, _ in shares], [whole for _, whole in shares])


def hits(k: int) -> Callable[[CaseOutcome], Share | None]:
    """Count questions with an expected article among the first k articles."""
    return lambda o: (float(o.rank is not None and o.rank <= k), 1.0) if _placed(o) else None


def reciprocal(o: CaseOutcome) -> Share | None:
    """One over the rank of the first expected article; 0 beyond DEEPEST."""
    return (reciprocal_rank(o.rank), 1.0) if _placed(o) else None


def reciprocal_rank(rank: int | None) -> float:
    """Return a question's reciprocal rank, cut off at DEEPEST."""
    return 1.0 / rank if rank is not None and rank <= DEEPEST else 0.0


def within(k: int) -> Callable[[CaseOutcome], Share | None]:
    """Count questions whose answer is in one of the first k passages."""
    return lambda o: (float(o.passage is not None and o.passage <= k), 1.0) if o.case.expected.checkable else None


def _placed(o: CaseOutcome) -> bool:
    return bool(o.case.expected.answerable and o.case.expected.articles)


def _checked(
    part: Callable[[CaseOutcome], bool], *, if_answered: bool = False
) -> Callable[[CaseOutcome], Share | None]:
    def share(o: CaseOutcome) -> Share | None:
        judged = o.case.expected.checkable and (o.answered or not if_answered)
        return (float(part(o)), 1.0) if judged else None

    return share


def _abstained(o: CaseOutcome) -> bool:
    return not o.answered and not o.error


def _when(answerable: bool, part: Callable[[CaseOutcome], bool]) -> Callable[[CaseOutcome], Share | None]:
    return lambda o: (float(part(o)), 1.0) if o.case.expected.answerable is answerable else None


def _precision(o: CaseOutcome) -> Share | None:
    """Of the abstentions, those on questions that the archive does not answer."""
    if o.case.expected.answerable is None:
        return None
    return (float(not o.case.expected.answerable and _abstained(o)), float(_abstained(o)))


MEASURES = (
    *(Measure(f"hits@{k}", "articles", hits(k)) for k in (1, 3, 5, 10)),
    Measure(f"mrr@{DEEPEST}", "articles", reciprocal),
    *(Measure(f"passage recall@{k}", "passages", within(k)) for k in (1, 5, EVIDENCE)),
    Measure("answer in text", "answers", _checked(lambda o: o.told)),
    Measure("answer in first quote", "answers", _checked(lambda o: o.first)),
    Measure("answer in a quote", "answers", _checked(lambda o: o.quoted)),
    Measure("first quote, if answered", "answers", _checked(lambda o: o.first, if_answered=True)),
    Measure("a quote, if answered", "answers", _checked(lambda o: o.quoted, if_answered=True)),
    Measure("citation precision", "citations", lambda o: (o.right, o.cited) if _placed(o) else None),
    Measure("citation recall", "citations", lambda o: (o.found, 1.0) if _placed(o) else None),
    Measure("citations an answer", "citations", lambda o: (o.cited, 1.0) if o.answered else None),
    Measure("abstention precision", "abstention", _precision),
    Measure("abstention recall", "abstention", _when(False, _abstained)),
    Measure("false abstentions", "abstention", _when(True, _abstained)),
)
AUROC, REFUSED = "abstention AUROC", f"refused at {FALSE_ABSTENTIONS:.0%} false"
ECE, BRIER = "calibration error (ECE)", "Brier score"
GROUPS = {measure.name: measure.group for measure in MEASURES} | dict.fromkeys(
    (AUROC, REFUSED, ECE, BRIER), "abstention"
)
LATENCIES = {"p50": 0.5, "p95": 0.95}


def figures(outcomes: Sequence[CaseOutcome]) -> Table:
    """Return every measure that applies, by name; `seconds` has the times."""
    scores, positive = confidences(outcomes)
    found = {measure.name: measure.figure(outcomes) for measure in MEASURES}
    found |= {AUROC: auroc(scores, positive), REFUSED: refused(scores, positive, FALSE_ABSTENTIONS)}
    sure, right = first_quotes(outcomes)
    found |= {ECE: calibration_error(sure, right), BRIER: brier(sure, right)}
    return {name: figure for name, figure in found.items() if figure is not None}


def seconds(outcomes: Sequence[CaseOutcome]) -> Table:
    """Return how long an answer took: the median and the 95th percentile."""
    taken = [o.answer.seconds for o in outcomes if o.answer]
    return {name: figure for name, share in LATENCIES.items() if (figure := quantile(taken, share)) is not None}


def confidences(outcomes: Sequence[CaseOutcome]) -> tuple[list[float], list[bool]]:
    """Return the confidences, and whether the archive has the answer, for the questions where that is known."""
    judged = [o for o in outcomes if o.answer and o.case.expected.answerable is not None]
    return [o.answer.confidence for o in judged if o.answer], [bool(o.case.expected.answerable) for o in judged]


def first_quotes(outcomes: Sequence[CaseOutcome]) -> tuple[list[float], list[bool]]:
    """Return the confidences of answers, and whether their first quote is right, for the questions where that is known.

    No quote is right if the archive has no answer. Abstentions have no first quote and are left out.
    """
    judged = [o for o in outcomes if o.answered and (o.case.expected.checkable or o.case.expected.answerable is False)]
    return [o.answer.confidence for o in judged if o.answer], [o.first for o in judged]


def brier(scores: Sequence[float], right: Sequence[bool]) -> Figure | None:
    """Return the mean squared difference of the confidence from 1 if right, from 0 if wrong (Brier, 1950)."""
    return mean([(score - good) ** 2 for score, good in zip(scores, right, strict=True)])


def kinds(outcomes: Sequence[CaseOutcome]) -> dict[str, list[CaseOutcome]]:
    """Return the outcomes by kind of question, in order of first appearance; {} if there is only one kind."""
    grouped: dict[str, list[CaseOutcome]] = {}
    for outcome in outcomes:
        grouped.setdefault(outcome.case.expected.kind, []).append(outcome)
    return grouped if len(grouped) > 1 else {}
