"""Exact search decides ties by id, and takes the passages of some articles alone."""

from __future__ import annotations

import numpy as np

from tests.vectorstore.build import matrix_of
from vectorstore.exact import ExactIndex

MATRIX = matrix_of(16)


def test_ties_at_the_cut_are_decided_by_id() -> None:
    found = ExactIndex(MATRIX).search(MATRIX.vectors[10], 4)
    assert [passage for passage, _ in found] == sorted(MATRIX.passages[10:20].tolist())[:4]


def test_only_the_articles_asked_for_are_searched() -> None:
    index = ExactIndex(MATRIX)
    found = index.search(MATRIX.vectors[0], 50, index.rows_of(np.array([7, 9], np.int64)))
    assert {passage for passage, _ in found} == set(MATRIX.passages[[21, 22, 23, 27, 28, 29]].tolist())
    assert index.search(MATRIX.vectors[0], 50, index.rows_of(np.array([], np.int64))) == []


def test_the_cosines_of_named_passages_are_those_of_a_search() -> None:
    index, query = ExactIndex(MATRIX), MATRIX.vectors[5]
    found = dict(index.search(query, 300))
    assert index.cosines(query, [1000, 701, 12, 5000, 850]) == {passage: found[passage] for passage in (1000, 701, 850)}
    assert index.cosines(query, []) == {}
