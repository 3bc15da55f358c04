from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from qa.evaluate.bootstrap import auroc, gain, mean, quantile, ratio, refused

scored = st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.3, 0.7]), st.booleans()), min_size=2, max_size=30).filter(
    lambda pairs: len({positive for _, positive in pairs}) == 2
)


def test_a_mean_stands_within_its_interval_and_counts_its_questions() -> None:
    figure = mean([1.0] * 60 + [0.0] * 40)
    assert figure is not None
    assert (figure.value, figure.count) == (0.6, 100)
    # the normal approximation: 0.6 ± 1.96 · √(0.6 · 0.4 / 100)
    assert figure.low == pytest.approx(0.504, abs=0.015)
    assert figure.high == pytest.approx(0.696, abs=0.015)


def test_the_interval_is_the_same_every_time() -> None:
    assert mean([0.0, 1.0, 1.0]) == mean([0.0, 1.0, 1.0])


def test_more_questions_of_the_same_kind_narrow_the_interval() -> None:
    few, many = mean([1.0, 0.0] * 10), mean([1.0, 0.0] * 200)
    assert few is not None
    assert many is not None
    assert many.high - many.low < (few.high - few.low) / 3


def test_a_ratio_weighs_questions_by_their_wholes_and_counts_those_that_have_one() -> None:
    figure = ratio([1, 0, 3], [2, 0, 4])
    assert figure is not None
    assert figure.value == pytest.approx(4 / 6)
    assert figure.count == 2


def test_without_a_whole_there_is_no_figure() -> None:
    assert ratio([0, 0], [0, 0]) is None
    assert mean([]) is None
    assert quantile([], 0.5) is None


def test_a_gain_is_paired_so_that_a_steady_one_is_sure_though_the_questions_differ_widely() -> None:
    theirs = [0.0, 1.0, 0.0, 1.0, 0.5, 0.2] * 5
    figure = gain([value + 0.1 for value in theirs], theirs)
    assert figure is not None
    assert figure.low == pytest.approx(0.1)


def test_auroc_counts_the_pairs_that_are_in_order_and_ties_by_half() -> None:
    figure = auroc([0.9, 0.4, 0.4, 0.1], [True, True, False, False])
    assert figure is not None
    assert figure.value == 3.5 / 4


@given(scored)
def test_auroc_is_what_scikit_learn_says(pairs: list[tuple[float, bool]]) -> None:
    scores, positive = [s for s, _ in pairs], [p for _, p in pairs]
    figure = auroc(scores, positive)
    assert figure is not None
    assert figure.value == pytest.approx(roc_auc_score(positive, scores))


def test_the_threshold_may_lose_a_tenth_of_the_positives_and_refuses_what_is_below_it() -> None:
    positives = [(score / 10, True) for score in range(1, 11)]  # 0.1 … 1.0: a threshold at 0.2 loses one of ten
    others = [(0.05, False), (0.15, False), (0.25, False), (0.2, False)]
    scores, positive = zip(*positives, *others, strict=True)
    figure = refused(scores, positive, 0.1)
    assert figure is not None
    assert (figure.value, figure.count) == (0.5, 4)


@given(scored)
def test_no_threshold_within_bounds_refuses_more(pairs: list[tuple[float, bool]]) -> None:
    scores, positive = [s for s, _ in pairs], [p for _, p in pairs]
    figure = refused(scores, positive, 0.1)
    lost = sum(positive)
    shares = [
        sum(s < t and not p for s, p in pairs) / (len(pairs) - lost)
        for t in scores
        if sum(s < t and p for s, p in pairs) <= 0.1 * lost
    ]
    assert figure is not None
    assert figure.value == pytest.approx(max(shares, default=0.0))


def test_one_kind_of_question_alone_cannot_be_told_from_the_other() -> None:
    assert auroc([0.1, 0.2], [True, True]) is None
    assert refused([0.1, 0.2], [False, False]) is None


def test_the_median_lies_in_its_interval() -> None:
    figure = quantile([1.0, 2.0, 3.0, 4.0, 5.0], 0.5)
    assert figure is not None
    assert (figure.value, figure.count) == (3.0, 5)
    assert figure.low <= 3.0 <= figure.high
