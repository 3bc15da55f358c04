"""Many write to a shared archive and many read it: nothing is lost or there twice, and Chroma follows."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import psycopg
import pytest

from tests.chroma import Chroma, Front, fronted, serving
from tests.vectorstore.build import EMBEDDER, IDENTITY, filled, many, record
from vectorstore import store as stores
from vectorstore.articles import Filter, article_id
from vectorstore.chroma_http import ChromaServer
from vectorstore.doctor import examine, treat
from vectorstore.errors import StoreLocked
from vectorstore.fulltext import TextQuery, anyof
from vectorstore.postgres import searching
from vectorstore.postgres.shared import Shared
from vectorstore.store import Store

WORDS = ("heron", "river", "storm", "budget", "S-400", "cats", "election", "votes", "élan", "the", "of", "茶园")
WRITER = """
import sys
from tests.vectorstore.build import IDENTITY, many
from vectorstore.postgres.shared import Shared
from vectorstore.store import Store
articles = many(60)
with Store.writing(Shared(sys.argv[1]), IDENTITY) as writer:
    for start in range(0, 60, 4):
        at = (start * int(sys.argv[2])) % 60
        writer.add(articles[at:at + 4])
        print(start, flush=True)
"""


def faults(place: Shared) -> list[str]:
    return [f"{check.name}: {check.detail}" for check in examine(place) if not check.ok]


def texts(seed: int) -> Iterator[str]:
    chosen = random.Random(seed)
    for _ in range(60):
        yield ". ".join(" ".join(chosen.choices(WORDS, k=chosen.randint(1, 30))) for _ in range(3))


def test_words_are_scored_as_in_a_folder(shared: Shared, tmp_path: Path) -> None:
    records = [
        record(f"/{n}", text, title=text[:20], publisher=["One", "Élan Post", None][n % 3], published="2020")
        for n, text in enumerate(texts(7))
    ]
    queries = [anyof(WORDS[n : n + 4]) for n in range(0, 12, 3)]
    queries += [TextQuery((("heron",), ("river", "S-400"))), TextQuery((("bud",),), beginning=True)]
    queries += [TextQuery((("river storm",),)), TextQuery((("élan",),), columns=("title", "body")), anyof(["?!"])]
    with Store.open(filled(tmp_path / "a", *records)) as one, Store.open(filled(shared, *records)) as other:
        for query in queries:
            for weights in ((1.0, 1.0, 1.0), (2.0, 0.5, 1.0)):
                expected = one.ledger.lexical(query, 30, weights=weights)
                found = other.ledger.lexical(query, 30, weights=weights)
                assert [score for _, score in found] == pytest.approx([score for _, score in expected]), query
        for question in (WORDS[:3], WORDS[3:7], WORDS):
            expected, found = (store.ledger.ranked_articles(question, 10) for store in (one, other))
            assert [score for _, score in found] == pytest.approx([score for _, score in expected])
        assert one.ledger.vocabulary("e", 2, 9) == other.ledger.vocabulary("e", 2, 9) != []
        assert one.ledger.digest() == other.ledger.digest()


def test_several_who_write_the_same_articles_leave_each_once_and_never_collide(
    shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "COLLISIONS", 0)
    failed: list[BaseException] = []

    def write(step: int) -> None:
        try:
            with Store.writing(shared, IDENTITY) as writer:
                articles = many(24)
                for start in range(0, 24, 3):
                    at = (start * step) % 24
                    writer.add(articles[at : at + 3][::step])
        except BaseException as error:  # noqa: BLE001 - told by the test
            failed.append(error)

    threads = [threading.Thread(target=write, args=(step,)) for step in (1, -1, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert faults(shared) == []
    with Store.open(shared) as store:
        assert store.ledger.count() == (24, 72)


def test_of_four_writers_two_are_killed_and_begin_again_and_nothing_is_lost(shared: Shared) -> None:
    def begun(step: int) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", WRITER, shared.url, str(step)], stdout=subprocess.PIPE, text=True
        )

    writers = {step: begun(step) for step in (1, 7, 11, 13)}
    for step in (7, 13):
        assert writers[step].stdout.readline()  # type: ignore[union-attr]
        time.sleep(0.05)
        writers[step].kill()
        writers[step].communicate()
        writers[step] = begun(step)
    for writer in writers.values():
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    assert faults(shared) == []
    with Store.open(shared) as store:
        assert store.ledger.count() == (60, 180)
        assert store.ledger.document_frequency(["item"]) == {"item": 180}


def test_a_question_sees_one_state_while_others_remove(shared: Shared) -> None:
    filled(shared, *many(6))
    with Store.open(shared) as store, store.reading():
        before = store.hits(store.ledger.passage_ids())
        with Store.writing(shared) as writer:
            writer.remove([store.ledger.known()[f"/news/{n}.txt"].id for n in range(6)])
        assert store.hits(store.ledger.passage_ids()) == before
        assert len(store.dense(before and EMBEDDER.embed_query(before[0].text), 5)) == 5
    with Store.open(shared) as store:
        assert store.ledger.count() == (0, 0)


def test_a_rebuild_is_put_in_place_at_once_and_lets_nobody_else_write(shared: Shared) -> None:
    filled(shared, *many(3))
    other = replace(IDENTITY, passages="sentences")
    with Store.open(shared) as reader:
        before = reader.ledger.passage_ids()
        with Store.writing(shared) as writer, writer.rebuilding(other) as fresh:
            fresh.add(many(3))
            with pytest.raises(StoreLocked, match="Somebody else is writing"), Store.writing(shared):
                pass
            assert reader.ledger.passage_ids() == before
        assert (reader.ledger.count(), reader.ledger.identity) == ((3, 9), other)
        assert min(reader.ledger.passage_ids()) > max(before)
    assert faults(shared) == []
    with Store.writing(shared, other) as writer:
        writer.add([record("/new", "A new one.")])
    assert faults(shared) == []


def test_a_rebuild_that_breaks_off_changes_nothing_and_goes_on(shared: Shared) -> None:
    filled(shared, *many(3))
    other = replace(IDENTITY, passages="sentences")
    with suppress(KeyboardInterrupt), Store.writing(shared) as writer, writer.rebuilding(other) as fresh:
        fresh.add(many(2))
        raise KeyboardInterrupt
    with Store.writing(shared) as writer:
        assert writer.ledger.identity == IDENTITY
        with writer.rebuilding(other) as fresh:
            assert len(fresh.ledger.known()) == 2
            fresh.add(many(3)[2:])
        assert writer.ledger.count() == (3, 9)
    assert faults(shared) == []


@pytest.fixture
def served(shared: Shared, chroma: Chroma) -> Shared:
    """A shared archive of twenty articles whose vectors Chroma has."""
    place = replace(shared, chroma=ChromaServer(chroma.address))
    with Store.writing(filled(place, *many(20))) as writer:
        list(writer.sync_index(0))
    return place


def nearest(store: Store, text: str, chosen: Filter = Filter()) -> list[float]:  # noqa: B008 - frozen
    """The cosines of the nearest five: of passages that are equally near Chroma gives any."""
    return [round(cosine, 5) for _, cosine in store.dense(EMBEDDER.embed_query(text), 5, chosen)]


def test_chroma_has_the_vectors_and_finds_what_exact_search_finds(served: Shared) -> None:
    with Store.open(served, index="auto", threshold=0) as store, Store.open(served) as exact:
        assert (store.serving, exact.serving) == ("chroma", "exact")
        assert nearest(store, "Item 7 part 1 w50 x7y1.") == nearest(exact, "Item 7 part 1 w50 x7y1.")
        few = Filter(articles=(article_id("/news/3.txt"),))
        assert nearest(store, "Item 7 part 1", few) == nearest(exact, "Item 7 part 1", few)
        assert len(nearest(store, "Item 7 part 1", few)) == 3
    assert faults(served) == []


def test_what_chroma_has_not_seen_yet_is_found_and_what_is_gone_is_not(served: Shared) -> None:
    with Store.writing(served) as writer:
        writer.add([record("/fresh", "A walrus sang.")])
        writer.remove([article_id("/news/7.txt")])
    with Store.open(served, index="auto", threshold=0) as store, Store.open(served) as exact:
        for text in ("A walrus sang.", "Item 7 part 1 w50 x7y1."):
            assert nearest(store, text) == nearest(exact, text)
        assert store.serving == "chroma"
    assert faults(served) == []
    with Store.writing(served) as writer:
        assert list(writer.sync_index(0))[-1] == (4, 4)
    assert "0 to be looked at" in next(check.detail for check in examine(served) if check.name == "vector index")


def test_a_filter_that_lets_many_through_asks_chroma_for_more(served: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "FEW", 2)
    ids = tuple(article_id(f"/news/{n}.txt") for n in range(0, 20, 2))
    with Store.open(served, index="auto", threshold=0) as store, Store.open(served) as exact:
        assert nearest(store, "Item 7 part 1", Filter(articles=ids)) == nearest(
            exact, "Item 7 part 1", Filter(articles=ids)
        )


def test_an_index_that_has_lost_passages_is_filled_again(served: Shared) -> None:
    with Store.open(served, index="auto", threshold=0) as store:
        lost = store.ledger.passage_ids()[:4]
        list(store._nearest._opened().delete(lost))  # type: ignore[attr-defined]
    assert faults(served) != []
    assert all(check.ok for check in treat(served))
    assert faults(served) == []


def test_a_silent_chroma_holds_up_one_question_not_every_one(served: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vectorstore.chroma_server.BEAT", 0.2)
    clock = time.monotonic
    with fronted(Front(int(served.chroma.address.rpartition(":")[2]))) as front:  # type: ignore[union-attr]
        place = replace(served, chroma=ChromaServer(f"http://127.0.0.1:{front.port}"))
        with Store.open(place, index="auto", threshold=0) as store:
            before = nearest(store, "Item 3 part 1")
            store._nearest._opened()._quick.session.timeout = 0.2  # type: ignore[attr-defined]
            front.silent = True
            assert nearest(store, "Item 3 part 1") == before
            asked = clock()
            assert nearest(store, "Item 3 part 1") == before
            assert clock() - asked < 0.2
            front.silent = False
            front.released.set()
            monkeypatch.setattr(time, "monotonic", lambda: clock() + 60)
            assert nearest(store, "Item 3 part 1") == before
            assert store._nearest._left_alone_until < time.monotonic()  # type: ignore[attr-defined]
            assert store.serving == "chroma"


def test_while_chroma_is_away_search_is_exact_and_then_goes_on(shared: Shared, tmp_path: Path) -> None:
    with serving(tmp_path / "chroma") as chroma:
        place = replace(shared, chroma=ChromaServer(chroma.address))
        with Store.writing(filled(place, *many(6))) as writer:
            list(writer.sync_index(0))
        with Store.open(place, index="auto", threshold=0) as store:
            before = nearest(store, "Item 3 part 1")
            chroma.stop()
            began = time.monotonic()
            assert nearest(store, "Item 3 part 1") == before
            assert time.monotonic() - began < 5
            assert store.serving == "exact"
            assert faults(place) != []
            chroma.start()
            assert nearest(store, "Item 3 part 1") == before
            assert store.serving == "chroma"


def test_after_the_database_dropped_its_connections_everything_goes_on(shared: Shared, postgres: str) -> None:
    filled(shared, *many(3))
    with Store.open(shared) as store:
        count = store.ledger.count()
        with closing(psycopg.connect(postgres, autocommit=True)) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        assert np.array_equal(store.ledger.vectors().vectors, Store.open(shared).ledger.vectors().vectors)
        assert store.ledger.count() == count
