from __future__ import annotations

import pytest

from qa.evaluate.bootstrap import Figure
from qa.evaluate.measures import AUROC, BRIER, ECE, REFUSED, Table, brier, figures, first_quotes, kinds, seconds
from qa.evaluate.outcomes import CaseOutcome
from qa.retrieve.search import EVIDENCE
from tests.qa.evaluate.build import case, outcome

KNOWN = case(answer="rain", articles="a", kind="fact")
UNKNOWN = case(answerable=False, kind="trap")
OUTCOMES = [
    outcome(KNOWN, ("a", "Rain fell."), found="abcd", confidence=0.9, seconds=0.1),  # first, right
    outcome(KNOWN, ("b", "Snow fell."), ("a", "Rain."), found="bca", confidence=0.8, seconds=0.2),  # third; late
    outcome(KNOWN, found="bcdefghijkla", confidence=0.3, seconds=0.3),  # twelfth; abstained
    outcome(KNOWN, ("b", "Snow fell."), found="bc", confidence=0.6, seconds=0.4),  # not found; wrong
    outcome(UNKNOWN, confidence=0.2, seconds=0.5),
    outcome(UNKNOWN, ("b", "Snow fell."), confidence=0.7, seconds=0.6),
]


@pytest.fixture(scope="module")
def table() -> Table:
    return figures(OUTCOMES)


@pytest.mark.parametrize(
    ("name", "value", "count"),
    [
        ("hits@1", 1 / 4, 4),
        ("hits@3", 2 / 4, 4),
        ("hits@5", 2 / 4, 4),
        ("hits@10", 2 / 4, 4),
        ("mrr@10", (1 + 1 / 3) / 4, 4),
        ("answer in text", 2 / 4, 4),
        ("answer in first quote", 1 / 4, 4),
        ("answer in a quote", 2 / 4, 4),
        ("first quote, if answered", 1 / 3, 3),
        ("a quote, if answered", 2 / 3, 3),
        ("citation precision", 2 / 4, 3),
        ("citation recall", 2 / 4, 4),
        ("citations an answer", 5 / 4, 4),
        ("abstention precision", 1 / 2, 2),
        ("abstention recall", 1 / 2, 2),
        ("false abstentions", 1 / 4, 4),
        (AUROC, 6 / 8, 6),
        (REFUSED, 1 / 2, 2),
        (ECE, (0.1 + 0.8 + 0.6 + 0.7) / 4, 4),  # of the four that were answered only the first is right
        (BRIER, (0.01 + 0.64 + 0.36 + 0.49) / 4, 4),
    ],
)
def test_each_measure_is_what_a_hand_computes(table: Table, name: str, value: float, count: int) -> None:
    assert table[name].value == pytest.approx(value)
    assert table[name].count == count


def test_the_first_passages_are_searched_for_the_answer(table: Table) -> None:
    assert table["passage recall@1"].value == 1.0  # every passage of the build says that rain fell
    assert [name for name in table if name.startswith("passage recall@")][-1] == f"passage recall@{EVIDENCE}"


def test_what_does_not_apply_is_left_out() -> None:
    assert set(figures([outcome(case(), ("a", "x"))])) == {"citations an answer"}
    assert AUROC not in figures([outcome(KNOWN)])


def test_a_failure_is_no_abstention_but_misses_its_answer() -> None:
    table = figures([CaseOutcome(KNOWN, error="No."), outcome(UNKNOWN)])
    assert table["abstention precision"].value == 1.0
    assert table["false abstentions"].value == 0.0
    assert table["hits@10"].value == 0.0


def test_the_confidence_is_that_the_first_quote_is_right_and_of_the_unanswerable_none_is() -> None:
    assert first_quotes(OUTCOMES) == ([0.9, 0.8, 0.6, 0.7], [True, False, False, False])


def test_where_nothing_was_answered_or_nothing_tells_what_is_right_the_confidence_is_not_judged() -> None:
    silent, untold = [outcome(KNOWN), outcome(UNKNOWN)], [outcome(case(articles="a"), ("a", "Rain fell."))]
    for some in ([], silent, untold, [CaseOutcome(KNOWN, error="No.")]):
        assert first_quotes(some) == ([], [])
        assert not {ECE, BRIER} & figures(some).keys()


@pytest.mark.parametrize(
    ("scores", "right", "value"),
    [([1.0, 0.0], [True, False], 0.0), ([0.0], [True], 1.0), ([0.5] * 3, [True, False, True], 0.25)],
)
def test_the_brier_score_is_0_where_sure_and_right_and_1_where_sure_and_wrong(
    scores: list[float], right: list[bool], value: float
) -> None:
    figure = brier(scores, right)
    assert figure is not None
    assert figure.value == value


def test_the_order_of_the_questions_is_nothing_to_the_figures(table: Table) -> None:
    other = figures(OUTCOMES[::-1])
    assert {name: figure.value for name, figure in other.items()} == pytest.approx(
        {name: figure.value for name, figure in table.items()}
    )


def test_times_are_apart_from_the_figures(table: Table) -> None:
    times = seconds(OUTCOMES)
    assert times["p50"].value == pytest.approx(0.35)
    assert times["p95"].value == pytest.approx(0.575)
    assert not table.keys() & times.keys()


def test_kinds_are_split_only_where_there_are_several() -> None:
    assert {kind: len(some) for kind, some in kinds(OUTCOMES).items()} == {"fact": 4, "trap": 2}
    assert kinds(OUTCOMES[:4]) == {}


def test_no_figure_leaves_its_interval(table: Table) -> None:
    def holds(figure: Figure) -> bool:
        return figure.low <= figure.value + 1e-9 and figure.value <= figure.high + 1e-9

    assert all(holds(figure) for figure in table.values())
