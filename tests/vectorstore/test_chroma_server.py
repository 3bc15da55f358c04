"""A Chroma server's collection takes passages as often as they come, finds those of some articles, and comes back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.chroma import Chroma, serving
from tests.vectorstore.build import matrix_of
from vectorstore.chroma_http import ChromaServer
from vectorstore.chroma_server import ChromaServerIndex
from vectorstore.index import IndexUnusable

DIMENSION = 16
MATRIX = matrix_of(DIMENSION)
IDS, ARTICLES = MATRIX.passages.tolist(), MATRIX.articles.tolist()


@pytest.fixture
def index(chroma: Chroma, request: pytest.FixtureRequest) -> Iterator[ChromaServerIndex]:
    made = ChromaServerIndex.make(ChromaServer(chroma.address), f"{request.node.name[:60]}x", DIMENSION)
    yield made
    made.close()


def test_passages_that_come_twice_are_there_once(index: ChromaServerIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_batch", 200)
    assert list(index.add(IDS, MATRIX.vectors, ARTICLES)) == [200, 300]
    list(index.add(IDS[:2], MATRIX.vectors[2:4], ARTICLES[:2]))
    assert index.count() == 300
    assert index.vectors(IDS[:1])[IDS[0]] == pytest.approx(MATRIX.vectors[2])


def test_what_is_removed_is_gone_and_what_never_was_does_no_harm(index: ChromaServerIndex) -> None:
    list(index.add(IDS, MATRIX.vectors, ARTICLES))
    assert list(index.delete([*IDS[:20], 4711])) == [21]
    assert sorted(index.ids()) == sorted(IDS[20:])
    assert IDS[0] not in dict(index.search(MATRIX.vectors[0], 50))


def test_only_the_passages_of_the_articles_asked_for_are_found(index: ChromaServerIndex) -> None:
    list(index.add(IDS, MATRIX.vectors, ARTICLES))
    found = index.search(MATRIX.vectors[0], 50, np.array([7, 9]))
    assert {passage for passage, _ in found} == {IDS[row] for row in (21, 22, 23, 27, 28, 29)}
    assert index.search(MATRIX.vectors[0], 50, []) == []


def test_archives_of_one_server_do_not_see_each_other(chroma: Chroma, index: ChromaServerIndex) -> None:
    other = ChromaServerIndex.make(ChromaServer(chroma.address), "another-archive", DIMENSION)
    list(index.add(IDS, MATRIX.vectors, ARTICLES))
    assert other.search(MATRIX.vectors[0], 3) == []
    other.close()


def test_a_dropped_collection_is_unusable_until_it_is_made_again(chroma: Chroma, index: ChromaServerIndex) -> None:
    server = ChromaServer(chroma.address)
    list(index.add(IDS[:5], MATRIX.vectors[:5], ARTICLES[:5]))
    index.drop()
    with pytest.raises(IndexUnusable, match="failed"):
        index.count()
    with pytest.raises(IndexUnusable, match="no vectors of this archive"):
        ChromaServerIndex.open(server, "never-made", DIMENSION)


def test_two_that_make_a_collection_at_once_get_the_same(chroma: Chroma) -> None:
    made: list[ChromaServerIndex] = []

    def make() -> None:
        made.append(ChromaServerIndex.make(ChromaServer(chroma.address), "made-by-four", DIMENSION))

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    list(made[0].add(IDS[:5], MATRIX.vectors[:5], ARTICLES[:5]))
    assert [index.count() for index in made] == [5] * 4
    for index in made:
        index.close()


def test_a_server_that_stops_is_unusable_and_used_again_when_it_is_back(tmp_path: Path) -> None:
    with serving(tmp_path) as own:
        index = ChromaServerIndex.make(ChromaServer(own.address), "stopped", DIMENSION)
        list(index.add(IDS, MATRIX.vectors, ARTICLES))
        own.stop()
        with pytest.raises(IndexUnusable, match=r"\[vectorstore\] chroma\) cannot be reached: connection refused"):
            index.search(MATRIX.vectors[0], 3)
        own.start()
        assert index.search(MATRIX.vectors[0], 1)[0][0] == IDS[0]
        assert index.count() == 300
        index.close()
