"""The front door: an archive is made, filled, asked, read and emptied in a few lines."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

import qa
from qa import Answered, AppError, Archive, Filter, IngestReport, Progress, Retrieved, Turn
from qa.wiring import Wiring
from vectorstore.embedding import Embedder
from vectorstore.errors import StoreMissing, UnknownArticle, UsageError
from vectorstore.ledger import Ledger
from vectorstore.store import Store

BRIDGE = """---
title: Mill Bridge reopens after repairs
publisher: The Harbour Gazette
date: 2024-05-02
---

The Mill Bridge reopened on Thursday after eleven months of repairs. Engineer Paula Renn said the new deck will last
sixty years. The repairs cost 4.2 million crowns.
"""
MARKET = """---
title: Fish market moves to the old station
publisher: Coast Courier
date: 2023-09-14
---

The fish market will move to the old railway station in spring. Forty stalls have signed up so far.
"""


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "bridge.md").write_text(BRIDGE, encoding="utf-8")
    (folder / "market.md").write_text(MARKET, encoding="utf-8")
    return folder


@pytest.fixture
def archive(articles: Path, tmp_path: Path) -> Archive:
    archive = Archive.create(tmp_path / "archive")
    archive.ingest(articles)
    return archive


def test_an_archive_is_made_filled_and_asked_in_three_lines(articles: Path, tmp_path: Path) -> None:
    archive = Archive.create(tmp_path / "archive")
    archive.ingest(articles)
    answer = archive.ask("How much did the repairs of the Mill Bridge cost?")
    assert answer.answered
    assert "4.2 million crowns" in answer.citations[0].quote
    text = archive.article(answer.citations[0].article.id).text
    assert text[answer.citations[0].start : answer.citations[0].end] == answer.citations[0].quote


def test_threads_that_share_an_archive_load_a_model_once(archive: Archive) -> None:
    both, embedder = threading.Barrier(2), archive.embedder

    class SlowWiring(Wiring):
        def embedder(self) -> Embedder:
            with suppress(threading.BrokenBarrierError):
                both.wait(0.2)  # which only two that load at the same time can pass
                raise AssertionError
            return embedder

    shared = Archive(SlowWiring(archive.wiring.config, archive.folder))
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda _: shared.embedder, range(2))) == [embedder, embedder]


def test_a_question_without_an_answer_is_an_abstention(archive: Archive) -> None:
    answer = archive.ask("Who won the regatta of Saltmere?")
    assert not answer.answered
    assert answer.citations == ()
    assert answer.confidence < 0.5


def test_the_stream_ends_with_the_answer(archive: Archive) -> None:
    events = list(archive.stream("When did the Mill Bridge reopen?"))
    assert isinstance(events[0], Retrieved)
    assert isinstance(events[-1], Answered)


def test_a_history_completes_a_question(archive: Archive) -> None:
    asked = "When did the Mill Bridge reopen?"
    answer = archive.ask("How long will its new deck last?", history=[Turn(asked)])
    assert "sixty years" in answer.text


def test_a_filter_cuts_what_is_searched(archive: Archive) -> None:
    hits = archive.search("repairs", filter=Filter(publishers=("Coast Courier",)))
    assert {hit.article.publisher for hit in hits} == {"Coast Courier"}


def test_a_search_takes_as_many_passages_as_asked_for(archive: Archive) -> None:
    assert len(archive.search("the fish market and the bridge", 1)) == 1


def test_an_empty_question_is_refused(archive: Archive) -> None:
    with pytest.raises(UsageError, match="empty"):
        archive.ask(" ? ")
    with pytest.raises(UsageError, match="empty"):
        archive.search("")


def test_articles_are_listed_by_words_and_publisher(archive: Archive) -> None:
    assert archive.count()[0] == 2
    assert archive.publishers() == ["Coast Courier", "The Harbour Gazette"]
    assert [one.article.title for one in archive.articles(words="MARKET")] == ["Fish market moves to the old station"]
    assert archive.articles(Filter(until="2022")) == []


def test_an_article_is_found_by_its_source_and_kept_byte_for_byte(archive: Archive, articles: Path) -> None:
    article = archive.article(str(articles / "market.md"))
    assert article.published == "2023-09-14"
    assert archive.original(article.id) == MARKET.encode()
    with pytest.raises(UnknownArticle):
        archive.article("nowhere")


def test_what_is_removed_is_not_found_again(archive: Archive, articles: Path) -> None:
    assert archive.remove(str(articles / "bridge.md")) == 1
    assert archive.count()[0] == 1
    assert not archive.ask("How much did the repairs of the Mill Bridge cost?").answered


def test_what_is_removed_while_it_is_copied_is_copied_whole(
    archive: Archive, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge, resolve = str(articles / "bridge.md"), Ledger.resolve

    def meanwhile(ledger: Ledger, name: str) -> str:
        found = resolve(ledger, name)
        with Store.writing(archive.folder) as writer:
            writer.remove([found])
        return found

    monkeypatch.setattr(Ledger, "resolve", meanwhile)
    (copy,) = archive.copies(bridge).records
    assert copy.entry.article.source == bridge


def test_an_ingest_tells_its_progress_and_what_it_did(articles: Path, tmp_path: Path) -> None:
    seen: list[Progress] = []
    archive = Archive.create(tmp_path / "archive")
    report = archive.ingest(articles, progress=seen.append)
    assert (report.added, report.unchanged) == (2, 0)
    assert {step.stage for step in seen} >= {"read", "embed"}
    assert archive.ingest(articles, exclude=["market*"]).unchanged == 1


def test_what_was_removed_can_be_put_back_and_is_found_again(archive: Archive, articles: Path) -> None:
    found = archive.search("Who repaired the bridge?")
    copies = archive.copies(str(articles / "bridge.md"))
    archive.remove(str(articles / "bridge.md"))
    archive.put_back(copies)
    again = archive.search("Who repaired the bridge?")
    assert [hit.text for hit in again] == [hit.text for hit in found]
    assert archive.original(str(articles / "bridge.md")) == (articles / "bridge.md").read_bytes()
    assert archive.ingest(articles).unchanged == 2


def test_a_pruning_ingest_removes_what_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "bridge.md").write_text(BRIDGE, encoding="utf-8")
    (folder / "market.md").write_text(MARKET, encoding="utf-8")
    archive = Archive.create(tmp_path / "archive")
    archive.ingest(folder)
    (folder / "market.md").unlink()
    with pytest.raises(UsageError, match="1 of 2 articles"):
        archive.ingest(folder, prune=True)
    assert archive.ingest(folder, prune=True, confirm=lambda _: True).removed == 1


def test_a_rebuild_keeps_every_article(archive: Archive) -> None:
    report = archive.rebuild()
    assert isinstance(report, IngestReport)
    assert (report.changed, report.articles) == (2, 2)


def test_related_articles_leave_out_the_article_itself(archive: Archive, articles: Path) -> None:
    source = str(articles / "bridge.md")
    assert archive.article(source).id not in {one.id for one in archive.related(source)}


def test_a_statement_is_verified_against_the_archive(archive: Archive) -> None:
    said = [finding.outcome.value for finding in archive.verify(["The repairs cost 4.2 million crowns."])]
    assert said == ["supported"]


def test_a_sound_archive_passes_its_checks(archive: Archive) -> None:
    assert all(check.ok for check in archive.check())


def test_opening_what_is_not_there_says_so_and_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="There is no archive"):
        Archive.open(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_creating_over_an_archive_keeps_it(archive: Archive) -> None:
    assert Archive.create(archive.folder).count()[0] == 2


def test_an_archive_cannot_be_made_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(AppError, match="is a file, not a folder"):
        Archive.create(tmp_path / "file")


def test_a_closed_archive_opens_again_when_it_is_needed(archive: Archive) -> None:
    with archive:
        assert archive.count()[0] == 2
    assert archive.count()[0] == 2


def test_an_archive_that_is_moved_away_is_missing_until_it_is_back(archive: Archive, tmp_path: Path) -> None:
    assert archive.ask("How much did the repairs of the Mill Bridge cost?").answered
    away = archive.folder.rename(tmp_path / "away")
    for _ in range(2):
        with pytest.raises(StoreMissing, match="There is no archive"):
            archive.ask("How much did the repairs of the Mill Bridge cost?")
        with pytest.raises(StoreMissing, match="There is no archive"):
            archive.publishers()
    away.rename(archive.folder)
    assert archive.ask("How much did the repairs of the Mill Bridge cost?").answered


def test_an_archive_that_takes_the_place_of_another_is_read_from_then_on(
    archive: Archive, articles: Path, tmp_path: Path
) -> None:
    question = "How much did the repairs of the Mill Bridge cost?"
    begun = archive.stream(question)
    assert isinstance(next(begun), Retrieved)
    other = Archive.create(tmp_path / "other")
    other.ingest(articles / "market.md")
    other.close()
    archive.folder.rename(tmp_path / "away")
    other.folder.rename(archive.folder)
    assert archive.count()[0] == 1
    assert not archive.ask(question).answered
    assert [event.answer.answered for event in begun if isinstance(event, Answered)] == [True]


def test_every_public_name_is_there() -> None:
    assert [name for name in qa.__all__ if getattr(qa, name).__name__ != name] == []
    assert set(qa.__all__) <= set(dir(qa))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = qa.nothing
