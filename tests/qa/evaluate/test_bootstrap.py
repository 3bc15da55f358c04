from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from qa.evaluate.bootstrap import auroc, calibration_error, gain, mean, quantile, ratio, refused
from qa.evaluate.curves import reliability

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


def test_a_set_that_is_right_as_often_as_it_is_sure_has_no_calibration_error() -> None:
    scores, right = [0.25] * 4 + [0.75] * 4, [True, False, False, False, False, True, True, True]
    figure = calibration_error(scores, right)
    assert figure is not None
    assert (figure.value, figure.low, figure.count) == (0.0, 0.0, 8)
    assert figure.high > 0.0  # of other questions chance would not leave it so


def test_the_calibration_error_weighs_the_gap_of_each_bin_by_its_answers() -> None:
    # bin of 0.9: three, two right: 3 · |2/3 − 0.9| = 0.7; bin of 0.55 and 0.59: both right: 2 − 1.14 = 0.86
    figure = calibration_error([0.9, 0.9, 0.9, 0.55, 0.59], [True, True, False, True, True])
    assert figure is not None
    assert figure.value == pytest.approx((0.7 + 0.86) / 5)


def test_gaps_of_two_bins_do_not_cancel_but_those_within_one_do() -> None:
    apart, together = calibration_error([0.3, 0.7], [True, False]), calibration_error([0.5, 0.5], [True, False])
    assert apart is not None
    assert together is not None
    assert apart.value == pytest.approx(0.7)
    assert together.value == 0.0


@pytest.mark.parametrize(("right", "value"), [(True, 0.2), (False, 0.8)])
def test_where_all_or_none_is_right_the_calibration_error_is_what_the_confidence_lacks(
    right: bool, value: float
) -> None:
    figure = calibration_error([0.8] * 5, [right] * 5)
    assert figure is not None
    assert (figure.value, figure.low, figure.high) == pytest.approx((value, value, value))


def test_without_answers_there_is_no_calibration_error() -> None:
    assert calibration_error([], []) is None


@given(scored, st.randoms())
def test_the_calibration_error_is_that_of_its_bins_in_whatever_order(
    pairs: list[tuple[float, bool]], chance: Random
) -> None:
    bins = reliability([s for s, _ in pairs], [p for _, p in pairs])
    chance.shuffle(pairs)
    figure = calibration_error([s for s, _ in pairs], [p for _, p in pairs])
    assert figure is not None
    assert figure.value == pytest.approx(sum(b.count * abs(b.share - b.confidence) for b in bins) / len(pairs))
    assert figure.low <= figure.value <= figure.high


def test_the_median_lies_in_its_interval() -> None:
    figure = quantile([1.0, 2.0, 3.0, 4.0, 5.0], 0.5)
    assert figure is not None
    assert (figure.value, figure.count) == (3.0, 5)
    assert figure.low <= 3.0 <= figure.high
