"""A question sees one state of the archive from search to citation, whatever is changed beside it."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qa.answer.extractive import Extractive
from qa.assistant import Assistant
from qa.batch.run import BatchOptions, Done, run
from qa.batch_input import Row
from qa.retrieve.hybrid import HybridRetriever
from qa.retrieve.search import DenseRetriever, Diversifier, LexicalRetriever
from qa.types import Answered, Question, Retrieved
from tests.fakes import FakeReader
from tests.vectorstore.build import EMBEDDER, IDENTITY, filled, record
from vectorstore.articles import article_id
from vectorstore.store import Store

ASKED = Question("When does the harbour ferry leave?")
FERRY = "The harbour ferry does leave at seven. It carries forty cars."
LATER = "The fare is four crowns. The harbour ferry does leave at nine."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return filled(tmp_path / "archive", record("/ferry", FERRY), record("/market", "The market has forty stalls."))


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with Store.open(folder) as store:
        yield store


def asking(store: Store) -> Assistant:
    hybrid = HybridRetriever(DenseRetriever(store, EMBEDDER), LexicalRetriever(store), store)
    retriever = Diversifier(hybrid, 5, store)
    return Assistant(store, retriever, FakeReader(), Extractive(store, 0.0))


def removed(folder: Path) -> None:
    with Store.writing(folder) as writer:
        writer.remove([article_id("/ferry")])


def replaced(folder: Path) -> None:
    with Store.writing(folder, IDENTITY) as writer:
        writer.add([record("/ferry", LATER)])


def rebuilt(folder: Path) -> None:
    with Store.writing(folder) as writer, writer.rebuilding(IDENTITY) as fresh:
        fresh.add([record("/ferry", LATER)])


@pytest.mark.parametrize("change", [removed, replaced, rebuilt])
def test_what_was_found_is_cited_though_it_is_changed_meanwhile(
    store: Store, folder: Path, change: Callable[[Path], None]
) -> None:
    events = asking(store).ask(ASKED)
    assert isinstance(next(events), Retrieved)
    change(folder)
    *_, last = events
    assert isinstance(last, Answered)
    assert last.answer.citations[0].quote in FERRY
    again = asking(store).answer(ASKED)
    assert all(citation.quote in LATER + "The market has forty stalls." for citation in again.citations)


def test_each_step_may_be_taken_by_another_thread(store: Store, folder: Path) -> None:
    events = asking(store).ask(ASKED)
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as other:
        one.submit(next, events).result()
        removed(folder)
        last = [*other.submit(list, events).result()][-1]
    assert isinstance(last, Answered)
    assert last.answer.answered


def test_questions_of_two_states_search_each_its_own(store: Store, folder: Path) -> None:
    vector = EMBEDDER.embed_query(FERRY)
    with store.reading():
        old = store.dense(vector, 3)
        replaced(folder)
        assert store.dense(vector, 3) == old
        new: list[list[tuple[int, float]]] = []
        thread = threading.Thread(target=lambda: new.append(store.dense(vector, 3)))
        thread.start()
        thread.join()
        assert store.dense(vector, 3) == old
    assert new == [store.dense(vector, 3)] != [old]


def test_a_question_that_began_before_an_ingest_is_not_searched_in_the_chroma_after_it(folder: Path) -> None:
    vector = EMBEDDER.embed_query(FERRY)
    with Store.open(folder, index="auto", threshold=0) as store:
        with store.reading():
            old = store.dense(vector, 3)
            replaced(folder)
            with Store.writing(folder) as writer:
                list(writer.sync_index(0))
            assert store.dense(vector, 3) == old
            assert store.serving == "exact"
        assert store.serving == "chroma"
        assert store.dense(vector, 3) != old


def test_a_question_that_is_dropped_lets_its_state_go(store: Store, folder: Path) -> None:
    for _ in range(9):  # more than connections are kept
        events = asking(store).ask(ASKED)
        next(events)
        del events
    removed(folder)
    with store.reading():
        assert store.ledger.count()[0] == 1


def test_a_batch_beside_a_writer_has_no_failed_row(store: Store, folder: Path) -> None:
    rows = [Row(number, None, ASKED.text) for number in range(80)]
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            for change in (removed, replaced, rebuilt):
                change(folder)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        *_, last = run(asking(store), rows, None, io.StringIO(), terms=BatchOptions(workers=4))
    finally:
        done.set()
        writer.join()
    assert isinstance(last, Done)
    assert last.failed == 0
