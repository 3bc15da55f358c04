"""Exact search and Chroma give the same neighbours; Chroma holds nothing that could run."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from vectorstore.articles import Matrix
from vectorstore.index import ChromaIndex, ExactIndex, IndexUnusable, VectorIndex

DIMENSION = 16


@pytest.fixture(scope="module")
def matrix() -> Matrix:
    vectors = np.random.default_rng(7).normal(size=(300, DIMENSION)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[10:20] = vectors[10]  # ten copies
    ids = np.arange(1000, 700, -1, dtype=np.int64)  # not in the order of the rows
    return Matrix(ids, np.arange(300, dtype=np.int64) // 3, vectors, 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, matrix: Matrix) -> Path:
    made = tmp_path_factory.mktemp("chroma") / "generation"
    index = ChromaIndex.create(made, DIMENSION)
    list(index.add(matrix.passages.tolist(), matrix.vectors))
    index.close()
    return made


@pytest.fixture(params=["exact", "chroma"])
def index(request: pytest.FixtureRequest, matrix: Matrix, folder: Path) -> Iterator[VectorIndex]:
    if request.param == "exact":
        yield ExactIndex(matrix)
        return
    chroma = ChromaIndex.open(folder, DIMENSION)
    yield chroma
    chroma.close()


def test_a_vector_finds_itself_first(index: VectorIndex, matrix: Matrix) -> None:
    for row in (0, 42, 299):
        (passage, score), *_ = index.search(matrix.vectors[row], 5)
        assert (passage, score) == (matrix.passages[row], pytest.approx(1.0, abs=1e-5))
    assert index.count() == 300


def test_the_nearest_are_those_with_the_highest_cosine(index: VectorIndex, matrix: Matrix) -> None:
    query = matrix.vectors[5] * 0.8 + matrix.vectors[50] * 0.6
    query /= np.linalg.norm(query)
    cosines = matrix.vectors @ query
    best = np.argsort(-cosines)[:10]
    found = index.search(query, 10)
    assert [passage for passage, _ in found] == matrix.passages[best].tolist()
    assert [score for _, score in found] == pytest.approx(cosines[best].tolist(), abs=1e-5)


def test_equal_cosines_stand_in_the_order_of_ids(index: VectorIndex, matrix: Matrix) -> None:
    found = index.search(matrix.vectors[10], 10)
    assert [passage for passage, _ in found] == sorted(matrix.passages[10:20].tolist())


def test_ties_at_the_cut_are_decided_by_id(matrix: Matrix) -> None:
    found = ExactIndex(matrix).search(matrix.vectors[10], 4)
    assert [passage for passage, _ in found] == sorted(matrix.passages[10:20].tolist())[:4]


@pytest.mark.parametrize(("k", "number"), [(0, 0), (-1, 0), (1, 1), (300, 300), (1000, 300)])
def test_as_many_come_as_are_asked_and_there(index: VectorIndex, matrix: Matrix, k: int, number: int) -> None:
    assert len(index.search(matrix.vectors[0], k)) == number


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_a_query_that_is_not_finite_is_refused(index: VectorIndex, wrong: float) -> None:
    with pytest.raises(ValueError, match="not finite"):
        index.search(np.full(DIMENSION, wrong, np.float32), 3)


def test_a_query_of_another_dimension_is_refused(index: VectorIndex) -> None:
    with pytest.raises(ValueError, match="dimension"):
        index.search(np.ones(DIMENSION + 1, np.float32), 3)


def test_only_the_articles_asked_for_are_searched(matrix: Matrix) -> None:
    index = ExactIndex(matrix)
    found = index.search(matrix.vectors[0], 50, index.rows_of(np.array([7, 9], np.int64)))
    assert {passage for passage, _ in found} == set(matrix.passages[[21, 22, 23, 27, 28, 29]].tolist())
    assert index.search(matrix.vectors[0], 50, index.rows_of(np.array([], np.int64))) == []


def test_chroma_forgets_what_is_deleted_and_keeps_the_rest(tmp_path: Path, matrix: Matrix) -> None:
    index = ChromaIndex.create(tmp_path / "g", DIMENSION)
    list(index.add(matrix.passages[:50].tolist(), matrix.vectors[:50]))
    assert list(index.delete(matrix.passages[:20].tolist())) == [20]
    assert sorted(index.ids()) == sorted(matrix.passages[20:50].tolist())
    assert matrix.passages[0] not in dict(index.search(matrix.vectors[0], 50))
    index.close()


def test_chroma_stores_ids_and_vectors_and_nothing_else(folder: Path) -> None:
    with sqlite3.connect(folder / "chroma.sqlite3") as connection:
        assert connection.execute("SELECT count(*) FROM embedding_metadata").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM collection_metadata").fetchone() == (0,)
    connection.close()


def rewritten(folder: Path, column: str, value: str) -> None:
    connection = sqlite3.connect(folder / "chroma.sqlite3")
    with connection:
        connection.execute(f"UPDATE collections SET {column} = ?", (value,))
    connection.close()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    ChromaIndex.create(tmp_path / "g", DIMENSION).close()
    return tmp_path / "g"


def test_a_collection_that_names_an_embedding_function_is_refused(small: Path) -> None:
    named = {
        "type": "known",
        "name": "sentence_transformer",
        "config": {"model_name": "evil", "trust_remote_code": True},
    }
    rewritten(small, "config_json_str", json.dumps({"embedding_function": named}))
    with pytest.raises(IndexUnusable, match="not made by this program"):
        ChromaIndex.open(small, DIMENSION)


def test_an_embedding_function_deep_in_the_schema_is_refused(small: Path) -> None:
    deep = {
        "keys": {
            "#embedding": {
                "float_list": {"vector_index": {"config": {"embedding_function": {"type": "known", "name": "x"}}}}
            }
        }
    }
    rewritten(small, "schema_str", json.dumps(deep))
    with pytest.raises(IndexUnusable, match="not made by this program"):
        ChromaIndex.open(small, DIMENSION)


def test_another_space_than_cosine_is_refused(small: Path) -> None:
    rewritten(small, "config_json_str", json.dumps({"hnsw": {"space": "l2"}}))
    with pytest.raises(IndexUnusable):
        ChromaIndex.open(small, DIMENSION)


def test_a_collection_of_another_name_is_refused(small: Path) -> None:
    rewritten(small, "name", "theirs")
    with pytest.raises(IndexUnusable):
        ChromaIndex.open(small, DIMENSION)


def test_a_folder_without_chroma_is_refused_and_left_alone(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable):
        ChromaIndex.open(tmp_path / "none", DIMENSION)
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_chroma_that_cannot_be_read_is_unusable(small: Path) -> None:
    (small / "chroma.sqlite3").write_bytes(b"garbage" * 3000)
    with pytest.raises(IndexUnusable):
        ChromaIndex.open(small, DIMENSION)


def test_the_cosines_of_named_passages_are_those_of_a_search(matrix: Matrix) -> None:
    index, query = ExactIndex(matrix), matrix.vectors[5]
    found = dict(index.search(query, 300))
    assert index.cosines(query, [1000, 701, 12, 5000, 850]) == {passage: found[passage] for passage in (1000, 701, 850)}
    assert index.cosines(query, []) == {}
