"""Several who ingest the same folder into a shared archive share the work, and nobody waits for one who died."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from qa.ingest.identity import identity_of
from qa.ingest.pipeline import ingest
from qa.ingest.survey import Request
from qa.types import IngestReport, Progress
from tests.fakes import FakeEmbedder
from vectorstore.postgres.shared import Shared
from vectorstore.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vectorstore.embedding import Vectors


@dataclass(frozen=True, slots=True)
class Slow(FakeEmbedder):
    """Takes its time, and remembers what it embedded."""

    given: list[str] = field(default_factory=list)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.given.extend(texts)
        time.sleep(0.05)
        return FakeEmbedder.embed_passages(self, texts)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(30):
        text = f"Boat {number} was seen in the harbour on Monday. Its crew of {number} had come from afar."
        (tmp_path / f"{number:02}.txt").write_text(f"Boat {number}\n\n{text}\n", "utf-8")
    return tmp_path


def taken(shared: Shared, folder: Path, embedder: Slow, reports: list[IngestReport]) -> None:
    *_, report = ingest(shared, Request((folder,)), lambda: embedder)
    assert isinstance(report, IngestReport)
    reports.append(report)


def test_each_article_is_embedded_by_one_of_them(shared: Shared, folder: Path) -> None:
    embedders: list[Slow] = [Slow(), Slow(), Slow()]
    reports: list[IngestReport] = []
    threads = [threading.Thread(target=taken, args=(shared, folder, one, reports)) for one in embedders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    embedded = [text for one in embedders for text in one.given]
    assert len(embedded) == len(set(embedded)) == 30
    assert sum(report.added for report in reports) == 30
    assert [report.added + report.unchanged for report in reports] == [30, 30, 30]
    assert [report.articles for report in reports][-1] == 30


def test_what_somebody_claimed_who_died_is_taken_in_by_who_waits(shared: Shared, folder: Path) -> None:
    embedder, reports = Slow(), list[IngestReport]()
    with Store.writing(shared, identity_of(embedder)) as dying:
        for number in (3, 7):
            assert dying.claim(str(folder / f"{number:02}.txt"))
        thread = threading.Thread(target=taken, args=(shared, folder, embedder, reports))
        thread.start()
        with Store.open(shared) as store:
            until = time.monotonic() + 30
            while store.ledger.count()[0] < 28 and time.monotonic() < until:
                time.sleep(0.02)
            assert (store.ledger.count()[0], reports) == (28, [])
    thread.join(30)
    assert [(report.added, report.articles) for report in reports] == [(30, 30)]


@pytest.mark.parametrize("then", ["Boat 3 sank on Tuesday, and its crew of five swam ashore.", None])
def test_what_changes_while_somebody_else_works_on_it_is_taken_in_or_named(
    shared: Shared, folder: Path, then: str | None
) -> None:
    path = folder / "03.txt"
    with Store.writing(shared, identity_of(Slow())) as dying:
        assert dying.claim(str(path))
        steps = ingest(shared, Request((folder,)), Slow)
        while (step := next(steps)) and step != Progress("read", 30, None, str(folder / "29.txt")):
            pass
        path.write_text("Boat 3\n\nBoat 3 sank on Monday.\n", "utf-8")  # which the second reading sees
        while isinstance(step := next(steps), Progress) and step.articles != 29:
            pass
        if then:
            path.write_text(f"Boat 3\n\n{then}\n", "utf-8")
    *_, report = steps
    assert isinstance(report, IngestReport)
    assert (report.added, report.skipped, report.articles) == ((29, 1, 29) if then else (30, 0, 30))
    assert list(report.warnings) == [f"{path}: skipped, it changed each time it was read"] * bool(then)


def test_what_is_not_embedded_keeps_no_claim(shared: Shared, folder: Path, postgres: str) -> None:
    taken(shared, folder, Slow(), [])
    (folder / "29.txt").write_text("Boat 29\n\nBoat 29 sank on Monday.\n", "utf-8")
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("UPDATE footnote.articles SET cleaning = 'older'")
        steps = ingest(shared, Request((folder,)), Slow)
        while not (isinstance(step := next(steps), Progress) and step.title):
            pass
        locks = connection.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").fetchall()
    *_, report = steps
    assert isinstance(report, IngestReport)
    assert (report.changed, report.unchanged) == (1, 29)
    assert locks == [(2,)]  # that of whoever writes, and the claim of the one


def test_a_claim_is_one_persons_until_it_is_let_go(shared: Shared) -> None:
    with Store.writing(shared) as one, Store.writing(shared) as other:
        assert one.claim("/a")
        assert not other.claim("/a")
        assert other.claim("/b")
        one.unclaim()
        assert other.claim("/a")


def test_the_server_looks_after_whoever_holds_claims(shared: Shared) -> None:
    sql = "SELECT count(*) FROM pg_settings WHERE name LIKE 'tcp_keepalives%' AND source = 'session'"
    with Store.writing(shared) as writer:
        assert writer.ledger.database.value(sql) == 3
