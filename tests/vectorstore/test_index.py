"""Exact search, Chroma in a folder and a Chroma server give the same neighbours."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from tests.chroma import Chroma
from tests.vectorstore.build import matrix_of
from vectorstore.chroma import ChromaIndex, ChromaRows
from vectorstore.chroma_http import ChromaServer
from vectorstore.chroma_server import ChromaServerIndex
from vectorstore.exact import ExactIndex
from vectorstore.index import VectorIndex

DIMENSION = 16
MATRIX = matrix_of(DIMENSION)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaIndex]:
    index = ChromaIndex.create(tmp_path_factory.mktemp("chroma") / "generation", DIMENSION)
    list(index.add(MATRIX.passages.tolist(), MATRIX.vectors))
    yield index
    index.close()


@pytest.fixture(scope="module")
def server(chroma: Chroma) -> Iterator[ChromaServerIndex]:
    index = ChromaServerIndex.make(ChromaServer(chroma.address), "conformance", DIMENSION)
    list(index.add(MATRIX.passages.tolist(), MATRIX.vectors, MATRIX.articles.tolist()))
    yield index
    index.close()


@pytest.fixture(params=["folder", "server"])
def rows(request: pytest.FixtureRequest) -> ChromaRows:
    index: ChromaRows = request.getfixturevalue(request.param)
    return index


@pytest.fixture(params=["exact", "folder", "server"])
def index(request: pytest.FixtureRequest) -> VectorIndex:
    if request.param == "exact":
        return ExactIndex(MATRIX)
    chosen: VectorIndex = request.getfixturevalue(request.param)
    return chosen


def test_a_vector_finds_itself_first(index: VectorIndex) -> None:
    for row in (0, 42, 299):
        (passage, score), *_ = index.search(MATRIX.vectors[row], 5)
        assert (passage, score) == (MATRIX.passages[row], pytest.approx(1.0, abs=1e-5))
    assert index.count() == 300


def test_the_nearest_are_those_with_the_highest_cosine(index: VectorIndex) -> None:
    query = MATRIX.vectors[5] * 0.8 + MATRIX.vectors[50] * 0.6
    query /= np.linalg.norm(query)
    cosines = MATRIX.vectors @ query
    best = np.argsort(-cosines)[:10]
    found = index.search(query, 10)
    assert [passage for passage, _ in found] == MATRIX.passages[best].tolist()
    assert [score for _, score in found] == pytest.approx(cosines[best].tolist(), abs=1e-5)


def test_equal_cosines_stand_in_the_order_of_ids(index: VectorIndex) -> None:
    found = index.search(MATRIX.vectors[10], 10)
    assert [passage for passage, _ in found] == sorted(MATRIX.passages[10:20].tolist())


@pytest.mark.parametrize(("k", "number"), [(0, 0), (-1, 0), (1, 1), (300, 300), (1000, 300)])
def test_as_many_come_as_are_asked_and_there(index: VectorIndex, k: int, number: int) -> None:
    assert len(index.search(MATRIX.vectors[0], k)) == number


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_a_query_that_is_not_finite_is_refused(index: VectorIndex, wrong: float) -> None:
    with pytest.raises(ValueError, match="not finite"):
        index.search(np.full(DIMENSION, wrong, np.float32), 3)


def test_a_query_of_another_dimension_is_refused(index: VectorIndex) -> None:
    with pytest.raises(ValueError, match="dimension"):
        index.search(np.ones(DIMENSION + 1, np.float32), 3)


def test_what_is_stored_comes_back_by_id(rows: ChromaRows) -> None:
    assert sorted(rows.ids()) == sorted(MATRIX.passages.tolist())
    found = rows.vectors([1000, 4711, 701])
    assert found.keys() == {1000, 701}
    assert found[1000] == pytest.approx(MATRIX.vectors[0])
    assert rows.vectors([]) == {}


def test_ids_come_page_by_page(rows: ChromaRows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vectorstore.chroma.BATCH", 100)
    assert sorted(rows.ids()) == sorted(MATRIX.passages.tolist())
