"""The store as a whole: identity, search in step with the ledger, Chroma when it may serve, rebuilding."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import FakeEmbedder
from tests.vectorstore.build import EMBEDDER, IDENTITY, entry, filled, many, record
from vectorstore import folder as folder_module
from vectorstore import nearest
from vectorstore.articles import Filter, Identity, article_id
from vectorstore.chroma import ChromaIndex
from vectorstore.errors import AppError, Collision, EmbedderMismatch, StoreDamaged, StoreLocked, StoreMissing
from vectorstore.folder import STAGING
from vectorstore.fulltext import anyof
from vectorstore.generations import Generations
from vectorstore.index import IndexUnusable
from vectorstore.store import Store, Writer
from vectorstore.writer import Record

QUERY = EMBEDDER.embed_query("item 7 part 1")


def synced(writer: Writer, **options: bool) -> list[tuple[int, int]]:
    return list(writer.sync_index(0, **options))


def alike(found: list[tuple[int, float]], expected: list[tuple[int, float]]) -> bool:
    return [pair[0] for pair in found] == [pair[0] for pair in expected] and [
        pair[1] for pair in found
    ] == pytest.approx([pair[1] for pair in expected], abs=1e-5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return filled(tmp_path / "store", *many(20))


@pytest.fixture
def indexed(folder: Path) -> Path:
    with Store.writing(folder) as writer:
        synced(writer)
    return folder


def test_opening_a_store_that_is_not_there_creates_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        Store.open(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_no_question_begins_in_what_was_replaced(folder: Path, tmp_path: Path) -> None:
    with Store.open(folder) as store:
        assert store.here
        with store.reading():
            folder.rename(tmp_path / "away")
            filled(folder, *many(3))
            assert store.ledger.count()[0] == 20
        assert not store.here
        with pytest.raises(StoreMissing, match="removed or replaced"), store.reading():
            pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for folder in (tmp_path / "file", tmp_path / "file" / "store"):
        with pytest.raises(AppError, match="cannot be created") as raised, Store.writing(folder, IDENTITY):
            pass
        assert str(folder) in raised.value.message
        assert "--store" in raised.value.hint


def test_a_folder_that_may_not_be_made_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        if os.access(tmp_path, os.W_OK):
            pytest.skip("this user may write everywhere")
        with pytest.raises(AppError, match="cannot be created"), Store.writing(tmp_path / "store", IDENTITY):
            pass
    finally:
        tmp_path.chmod(0o700)


def test_a_second_writer_is_refused_while_readers_go_on(folder: Path) -> None:
    with Store.writing(folder), Store.open(folder) as reader:
        with pytest.raises(StoreLocked), Store.writing(folder):
            pass
        assert len(reader.dense(QUERY, 5)) == 5


@pytest.mark.parametrize(
    "other",
    [
        replace(IDENTITY, embedder="other"),
        replace(IDENTITY, dimension=64),
        replace(IDENTITY, passages="sentences"),
    ],
)
def test_another_embedder_or_other_passages_are_refused(folder: Path, other: Identity) -> None:
    with pytest.raises(EmbedderMismatch) as caught, Store.writing(folder, other):
        pass
    assert "qa rebuild" in caught.value.hint
    with Store.open(folder) as store:
        store.check_embedder(IDENTITY)
        with pytest.raises(EmbedderMismatch):
            store.check_embedder(other)


def test_an_empty_archive_takes_any_embedder(tmp_path: Path) -> None:
    filled(tmp_path / "s")
    other = replace(IDENTITY, embedder="other")
    with Store.writing(tmp_path / "s", other) as writer:
        assert writer.ledger.identity == other


def test_a_newer_cleaning_is_no_mismatch_and_goes_with_the_articles_it_made(folder: Path) -> None:
    with Store.writing(folder, replace(IDENTITY, cleaning="2")) as writer:
        writer.add([record("/new")])
        assert writer.ledger.known()["/new"].cleaning == "2"
        assert writer.ledger.known()["/news/0.txt"].cleaning == "1"


def test_dense_search_sees_what_was_committed_since(folder: Path) -> None:
    with Store.open(folder) as reader:
        words = "entirely fresh words"
        before = reader.dense(EMBEDDER.embed_query(words), 1)
        with Store.writing(folder, IDENTITY) as writer:
            writer.add([record("/fresh", words)])
        (passage, score), *_ = reader.dense(EMBEDDER.embed_query(words), 1)
        assert before[0][1] < 0.99 < score
        assert reader.hits([passage])[0].article.source == "/fresh"


def test_a_filter_cuts_before_ranking(folder: Path) -> None:
    with Store.open(folder) as store:
        nearest = store.hits([store.dense(QUERY, 1)[0][0]])[0].article
        others = Filter(articles=tuple(item.article.id for item in store.ledger.articles() if item.article != nearest))
        found = store.dense(QUERY, 5, others)
        assert len(found) == 5
        assert nearest not in [hit.article for hit in store.hits([passage for passage, _ in found])]
        assert store.dense(QUERY, 5, Filter(publishers=("nobody",))) == []


def test_searching_from_many_threads_finds_the_same(indexed: Path) -> None:
    found = []
    with Store.open(indexed, index="auto", threshold=0) as store:
        threads = [threading.Thread(target=lambda: found.append(tuple(store.dense(QUERY, 5)))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_chroma_serves_long_lived_readers_above_the_threshold(indexed: Path) -> None:
    with Store.open(indexed) as exact, Store.open(indexed, index="auto", threshold=60) as long_lived:
        assert (exact.serving, long_lived.serving) == ("exact", "chroma")
        assert alike(long_lived.dense(QUERY, 60), exact.dense(QUERY, 60))
        only = Filter(sources=("/news/3.txt",))
        assert long_lived.dense(QUERY, 5, only) == exact.dense(QUERY, 5, only)


@pytest.mark.parametrize("only", [Filter(), Filter(sources=("/news/3.txt",))])
def test_a_search_that_is_ready_reads_nothing_more(indexed: Path, only: Filter) -> None:
    for index in ("exact", "auto"):
        with Store.open(indexed, index=index, threshold=0) as store:
            search, wanted = store.ready(only), store.dense(QUERY, 60, only)
            store.ledger.close()
            assert search(QUERY, 60) == wanted


@pytest.mark.parametrize(("saved", "serving"), [(True, "chroma"), (False, "exact"), (None, "exact")])
def test_without_a_threshold_it_is_measured_whether_chroma_is_worth_it(
    indexed: Path, monkeypatch: pytest.MonkeyPatch, saved: bool | None, serving: str
) -> None:
    def measured(*_: object) -> bool:
        if saved is None:
            raise IndexUnusable("broken")
        return saved

    monkeypatch.setattr(folder_module, "THRESHOLD", 60)
    monkeypatch.setattr(nearest, "saves", measured)
    with Store.open(indexed, index="auto") as store:
        assert store.serving == serving
        assert len(store.dense(QUERY, 5)) == 5
    with Store.open(indexed, index="auto", threshold=0) as store:
        assert store.serving == "chroma"


def test_where_chroma_fails_search_is_exact(indexed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise IndexUnusable("broken")

    monkeypatch.setattr(ChromaIndex, "search", fails)
    with Store.open(indexed) as exact, Store.open(indexed, index="auto", threshold=0) as store:
        before = store.ready()
        assert before(QUERY, 60) is None
        assert store.dense(QUERY, 60) == exact.dense(QUERY, 60)
        assert before(QUERY, 60) is None


def test_below_the_threshold_search_is_exact_and_no_index_is_built(folder: Path) -> None:
    with Store.writing(folder) as writer:
        assert list(writer.sync_index(61)) == []
    assert Generations(folder).current is None
    with Store.open(folder, index="auto", threshold=61) as store:
        assert store.serving == "exact"


def test_reading_through_chroma_again_and_again_leaves_its_files_trusted(indexed: Path) -> None:
    for _ in range(4):
        with Store.open(indexed, index="auto", threshold=0) as reader:
            assert reader.serving == "chroma"
            assert reader.dense(QUERY, 1)


def test_only_one_process_has_chroma_open_the_next_searches_exactly(indexed: Path) -> None:
    with (
        Store.open(indexed, index="auto", threshold=0) as first,
        Store.open(indexed, index="auto", threshold=0) as second,
    ):
        assert (first.serving, second.serving) == ("chroma", "exact")
        assert alike(second.dense(QUERY, 60), first.dense(QUERY, 60))


def test_an_index_that_is_behind_does_not_serve_until_it_is_synced(indexed: Path) -> None:
    with Store.writing(indexed, IDENTITY) as writer:
        writer.add([record("/late", "A late arrival.")])
        with Store.open(indexed, index="auto", threshold=0) as reader:
            assert reader.serving == "exact"
        generation = Generations(indexed).current
        assert synced(writer) == [(1, 1)]
        assert Generations(indexed).current == generation
    with Store.open(indexed, index="auto", threshold=0) as reader:
        assert reader.serving == "chroma"
        late = reader.dense(EMBEDDER.embed_query("A late arrival."), 1)
        assert reader.hits([late[0][0]])[0].article.source == "/late"


def test_removed_and_changed_articles_leave_the_index(indexed: Path) -> None:
    with Store.writing(indexed, IDENTITY) as writer:
        writer.remove([article_id("/news/7.txt")])
        writer.add([record("/news/8.txt", "All is different.")])
        steps = synced(writer)
        assert steps[-1] == (7, 7)
        ids = writer.ledger.passage_ids()
    with Store.open(indexed, index="auto", threshold=0) as reader:
        assert reader.serving == "chroma"
        assert sorted(passage for passage, _ in reader.dense(QUERY, 999)) == ids


def test_a_reader_notices_that_a_new_generation_serves(indexed: Path) -> None:
    with Store.open(indexed, index="auto", threshold=0) as reader:
        assert reader.serving == "chroma"
        old = Generations(indexed).current
        with Store.writing(indexed, IDENTITY) as writer:
            writer.add([record("/late", "A late arrival.")])
            synced(writer)  # the reader has the old one open: a new one is built
        assert Generations(indexed).current != old
        assert reader.serving == "chroma"
        late = reader.dense(EMBEDDER.embed_query("A late arrival."), 1)
        assert reader.hits([late[0][0]])[0].article.source == "/late"


def test_a_question_between_a_commit_and_its_index_does_not_give_chroma_up(indexed: Path) -> None:
    with Store.open(indexed, index="auto", threshold=0) as reader, Store.writing(indexed, IDENTITY) as writer:
        writer.add([record("/late", "A late arrival.")])
        assert reader.serving == "exact"
        synced(writer)
        assert reader.serving == "chroma"


def test_old_generations_are_removed_when_nobody_has_them_open(indexed: Path) -> None:
    with Store.writing(indexed) as writer:
        for _ in range(3):
            synced(writer, fresh=True)
    generations = Generations(indexed)
    assert [path.name for path in generations.folder.iterdir() if path.is_dir()] == [generations.current]


def test_a_dirty_index_does_not_serve_and_is_built_again(indexed: Path) -> None:
    before = Generations(indexed).current
    with Store.writing(indexed) as writer:
        writer.ledger.set_meta("index_dirty", "1")
    with Store.open(indexed, index="auto", threshold=0) as reader:
        assert reader.serving == "exact"
    with Store.writing(indexed) as writer:
        assert synced(writer)[-1] == (60, 60)
    assert Generations(indexed).current != before
    with Store.open(indexed, index="auto", threshold=0) as reader:
        assert reader.serving == "chroma"


def test_an_interrupted_sync_leaves_exact_search_and_the_next_one_heals(indexed: Path) -> None:
    with Store.writing(indexed, IDENTITY) as writer:
        writer.add([record("/late", "A late arrival.")])
        steps = writer.sync_index(0)
        next(steps)
        steps.close()  # what Ctrl-C does to it
    with Store.open(indexed, index="auto", threshold=0) as reader:
        assert reader.serving == "exact"
    with Store.writing(indexed) as writer:
        synced(writer)
    with Store.open(indexed, index="auto", threshold=0) as reader:
        assert reader.serving == "chroma"


def test_after_an_unclean_stop_a_sound_index_is_probed_and_serves(indexed: Path) -> None:
    name = Generations(indexed).current
    assert name is not None
    (Generations(indexed).folder / f"{name}.open").touch()
    with Store.open(indexed, index="auto", threshold=0) as reader:
        assert reader.serving == "chroma"


def test_an_index_whose_files_changed_is_never_opened_and_is_built_again(indexed: Path) -> None:
    generations = Generations(indexed)
    name = generations.current
    assert name is not None
    segment = generations.path(name) / "0-segment"
    segment.mkdir()
    (segment / "index_metadata.pickle").write_bytes(b"not from a writer")
    with Store.open(indexed, index="auto", threshold=0) as reader:
        assert reader.serving == "exact"
    with Store.writing(indexed) as writer:
        assert synced(writer)[-1] == (60, 60)
        assert synced(writer) == []
    assert generations.current != name


def test_after_an_unclean_stop_a_broken_index_does_not_serve(indexed: Path) -> None:
    generations = Generations(indexed)
    name = generations.current
    assert name is not None
    (generations.folder / f"{name}.open").touch()
    database = generations.path(name) / "chroma.sqlite3"
    damaged = bytearray(database.read_bytes())
    damaged[4096:] = bytes(len(damaged) - 4096)
    database.write_bytes(damaged)
    with Store.open(indexed, index="auto", threshold=0) as reader:
        assert reader.serving == "exact"
        assert len(reader.dense(QUERY, 5)) == 5


OTHER = FakeEmbedder("other", 24)
REBUILT = Identity("other", 24, "whole", "1")


def renewed(source: str) -> Record:
    made = entry(source, f"Renewed {source}.")
    return Record(made, OTHER.embed_passages([made.article.text]), "h")


def test_a_rebuild_replaces_vectors_passages_and_identity_at_once(indexed: Path) -> None:
    with Store.open(indexed) as reader, Store.writing(indexed) as writer:
        used = set(writer.ledger.passage_ids())
        with writer.rebuilding(REBUILT) as fresh:
            fresh.add([renewed("/a")])
            fresh.add([renewed("/b")])
            assert reader.ledger.identity == IDENTITY
            assert len(reader.dense(QUERY, 5)) == 5
        assert reader.ledger.identity == REBUILT
        assert reader.ledger.count() == (2, 2)
        assert not used & set(reader.ledger.passage_ids())
        assert [passage for passage, _ in reader.lexical(anyof(["renewed"]), 9)] == reader.ledger.passage_ids()
        assert len(reader.dense(OTHER.embed_query("Renewed"), 5)) == 2
        synced(writer)
    assert not (indexed / STAGING).exists()
    with Store.open(indexed, index="auto", threshold=0) as reader:
        assert reader.serving == "chroma"


def begin_rebuild(folder: Path) -> None:
    with Store.writing(folder) as writer, writer.rebuilding(REBUILT) as fresh:
        fresh.add([renewed("/a")])
        raise KeyboardInterrupt


def test_a_rebuild_that_breaks_off_changes_nothing_and_is_continued(folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        begin_rebuild(folder)
    with Store.open(folder) as reader:
        assert (reader.ledger.identity, reader.ledger.count()) == (IDENTITY, (20, 60))
    with Store.writing(folder) as writer, writer.rebuilding(REBUILT) as fresh:
        assert list(fresh.ledger.known()) == ["/a"]


@pytest.mark.parametrize("change", ["identity", "archive", "damage"])
def test_a_rebuild_that_cannot_be_continued_begins_again(folder: Path, change: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        begin_rebuild(folder)
    wanted = replace(REBUILT, passages="halves") if change == "identity" else REBUILT
    with Store.writing(folder) as writer:
        if change == "archive":
            writer.remove([article_id("/news/0.txt")])
        if change == "damage":
            (folder / STAGING / "ledger.sqlite3").write_bytes(b"torn" * 5000)
        with writer.rebuilding(wanted) as fresh:
            assert fresh.ledger.known() == {}


def test_nothing_can_be_added_before_an_embedder_is_named(tmp_path: Path) -> None:
    with Store.writing(tmp_path / "s") as writer, pytest.raises(ValueError, match="identity"):
        writer.add([record("/a")])


def test_a_damaged_ledger_is_named_by_readers_and_writers(folder: Path) -> None:
    (folder / "ledger.sqlite3").write_bytes(b"torn" * 5000)
    with pytest.raises(StoreDamaged):
        Store.open(folder)
    with pytest.raises(StoreDamaged), Store.writing(folder):
        pass


def test_the_same_question_gets_the_same_bytes(folder: Path) -> None:
    with Store.open(folder) as one, Store.open(folder) as two:
        query = np.ones(EMBEDDER.dimension, np.float32) / np.float32(np.sqrt(EMBEDDER.dimension))
        assert repr(one.dense(query, 40)) == repr(two.dense(query, 40))
        assert repr(one.lexical(anyof(["item"]), 40)) == repr(two.lexical(anyof(["item"]), 40))


@pytest.mark.parametrize(("in_the_way", "removed"), [(3, 1), (9, 0)])
def test_a_change_that_another_writer_was_in_the_way_of_is_begun_again_some_times(
    folder: Path, monkeypatch: pytest.MonkeyPatch, in_the_way: int, removed: int
) -> None:
    with Store.writing(folder) as writer:
        delete, tries = writer.ledger.delete, iter(range(in_the_way))

        def hindered(articles: Iterable[str]) -> int:
            if next(tries, None) is not None:
                raise Collision("Another process changes the same articles.")
            return delete(articles)

        monkeypatch.setattr(writer.ledger, "delete", hindered)
        with suppress(Collision):
            assert writer.remove(iter([article_id("/news/3.txt")])) == removed
        assert writer.ledger.count() == (20 - removed, 3 * (20 - removed))
