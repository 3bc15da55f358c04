"""Exact search decides ties by id, and takes the passages of some articles alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from tests.vectorstore.build import matrix_of
from vectorstore.articles import Matrix
from vectorstore.exact import FEW, LARGE, ExactIndex

MATRIX = matrix_of(16)


def large(passages: int) -> Matrix:
    """Return the vectors of so many passages, ten of an article; some are the same as others."""
    rng = np.random.default_rng(3)
    vectors = rng.standard_normal((passages, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[passages - 40 :] = vectors[:40].repeat(4, axis=0)[:40]
    return Matrix(rng.permutation(passages), np.arange(passages, dtype=np.int64) // 10, vectors, 1)


def sieved(matrix: Matrix) -> ExactIndex:
    """Return an index that has been searched so often that it sieves."""
    index = ExactIndex(matrix)
    while not index.sieve.complete:
        index.search(matrix.vectors[0], 1)
    return index


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


def test_a_large_archive_is_sieved_after_some_searches_and_a_small_one_never() -> None:
    index, small = ExactIndex(large(LARGE)), ExactIndex(MATRIX)
    for often in (False, False, True):
        index.search(np.eye(1, 32, dtype=np.float32)[0], 1)
        assert index.sieve.complete is often
    for vector in MATRIX.vectors[:9]:
        small.search(vector, 1)
    assert not small.sieve.complete


def test_a_sieve_changes_no_rank_no_score_and_no_tie() -> None:
    matrix = large(LARGE + 7)
    index = sieved(matrix)
    half, few = index.rows_of(np.arange(0, LARGE // 10, 2)), index.rows_of(np.arange(FEW // 10))
    for vector in (matrix.vectors[0], matrix.vectors[-1], -matrix.vectors[5]):
        for among, k in ((None, 3), (None, 100), (None, LARGE * 2), (half, 3), (half, 100), (few, 100)):
            # the first search of an index compares with all
            assert index.search(vector, k, among) == ExactIndex(matrix).search(vector, k, among)


def test_threads_that_search_while_a_sieve_is_made_find_the_same() -> None:
    matrix = large(LARGE)
    index, asked = ExactIndex(matrix), [*matrix.vectors[:6]] * 2
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda vector: index.search(vector, 20), asked))
    assert found == [ExactIndex(matrix).search(vector, 20) for vector in asked]
