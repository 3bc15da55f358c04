"""Chroma in a folder holds ids and vectors, and nothing that could run."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.vectorstore.build import matrix_of
from vectorstore.chroma import ChromaIndex
from vectorstore.index import IndexUnusable

DIMENSION = 16
MATRIX = matrix_of(DIMENSION)


def test_chroma_forgets_what_is_deleted_and_keeps_the_ids_and_vectors_of_the_rest(tmp_path: Path) -> None:
    index = ChromaIndex.create(tmp_path / "g", DIMENSION)
    list(index.add(MATRIX.passages[:50].tolist(), MATRIX.vectors[:50]))
    assert list(index.delete(MATRIX.passages[:20].tolist())) == [20]
    assert sorted(index.ids()) == sorted(MATRIX.passages[20:50].tolist())
    assert MATRIX.passages[0] not in dict(index.search(MATRIX.vectors[0], 50))
    index.close()
    with sqlite3.connect(tmp_path / "g" / "chroma.sqlite3") as connection:
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
