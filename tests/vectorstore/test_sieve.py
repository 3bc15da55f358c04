"""A sieve leaves every vector that may be among the nearest, whatever the vectors are."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest

from vectorstore.sieve import RUN, Sieve, copied, reached

if TYPE_CHECKING:
    from vectorstore.embedding import Vectors

COUNT, DIMENSION = 12_345, 48  # a run and a part of one


def units(vectors: Vectors) -> Vectors:
    found: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return found


def anywhere(rng: np.random.Generator) -> Vectors:
    return units(rng.standard_normal((COUNT, DIMENSION)))


def clustered(rng: np.random.Generator) -> Vectors:
    return units(rng.standard_normal((60, DIMENSION))[rng.integers(60, size=COUNT)] + anywhere(rng) / 8)


def lopsided(rng: np.random.Generator) -> Vectors:
    """One component outweighs all others, so that eight bits say little of these."""
    return units(anywhere(rng) + np.eye(1, DIMENSION))


Kind = Callable[[np.random.Generator], "Vectors"]
KINDS: list[Kind] = [anywhere, clustered, lopsided]


def sieve(vectors: Vectors) -> Sieve:
    made = Sieve(vectors)
    made.fill()
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_the_nearest_are_left_and_few_others(kind: Kind) -> None:
    rng = np.random.default_rng(5)
    vectors = kind(rng)
    made = sieve(vectors)
    for vector in (*vectors[:5], *units(rng.standard_normal((5, DIMENSION)))):
        best = np.argsort(-np.vecdot(vectors, vector))[:20]
        left = made.near(vector, 20)
        assert left is None or set(best.tolist()) <= set(left.tolist())
        assert kind is not anywhere or (left is not None and len(left) < 100)


@pytest.mark.parametrize("kind", KINDS)
def test_among_some_rows_the_nearest_of_these_are_left(kind: Kind) -> None:
    rng = np.random.default_rng(6)
    vectors, vector = kind(rng), units(rng.standard_normal((1, DIMENSION)))[0]
    among = np.flatnonzero(rng.random(COUNT) < 0.3)
    best = among[np.argsort(-np.vecdot(vectors[among], vector))[:20]]
    left = sieve(vectors).near(vector, 20, among)
    assert left is None or set(best.tolist()) <= set(left.tolist()) <= set(among.tolist())


def test_a_question_without_length_and_vectors_without_length_are_near_to_all() -> None:
    vectors = anywhere(np.random.default_rng(7))
    assert sieve(vectors).near(np.zeros(DIMENSION, np.float32), 20) is None
    vectors[:10] = 0
    found = sieve(vectors).near(-vectors[20], COUNT - 1)
    assert found is None or set(range(10)) <= set(found.tolist())


@pytest.mark.parametrize("k", [-1, 0, COUNT, COUNT + 1])
def test_where_all_or_none_are_wanted_nothing_is_ruled_out(k: int) -> None:
    assert sieve(anywhere(np.random.default_rng(8))).near(np.eye(1, DIMENSION, dtype=np.float32)[0], k) is None


def test_copies_that_are_furthest_from_each_other_multiply_without_overflow() -> None:
    ones = np.full((2, 1000), 1000**-0.5, np.float32) * [[1], [-1]]
    digits = np.array([[127] * 1000, [127] * 1000], np.uint8)
    assert copied(ones.astype(np.float32)).times(digits) == pytest.approx(
        np.array([1, -1]) * 1000**0.5 * 63 * 129, rel=1e-5
    )


def test_what_is_reached_is_reached_by_so_many_and_hardly_by_more() -> None:
    scores = np.random.default_rng(9).standard_normal(20_007).astype(np.float32)
    for k in (1, 10, 70, 5_000, 20_007):
        assert k <= np.count_nonzero(scores >= reached(scores, k)) <= 1.2 * k + 2


def test_threads_that_grow_one_sieve_copy_each_run_once() -> None:
    vectors = anywhere(np.random.default_rng(10))
    made = Sieve(vectors)
    threads = [threading.Thread(target=made.grow) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    while not made.complete:
        made.grow()
    made.grow()
    left = made.near(vectors[RUN + 5], 1)
    assert left is not None
    assert RUN + 5 in left.tolist()
