"""Archives of any size are the same each time, and what is measured on them becomes a table and a chart."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from benchmarks.grown import ASKED, Texts, archive
from benchmarks.latency import drawn, rows
from qa.words import tokens
from tests.fakes import FakeEmbedder
from vectorstore.store import Store


def test_an_archive_has_as_many_passages_as_were_asked_for_and_is_written_once(tmp_path: Path) -> None:
    for _ in range(2):
        with Store.open(archive(tmp_path, 20, FakeEmbedder())) as store:
            assert store.ledger.count() == (3, 20)
            assert store.ledger.revision == 1
            found = store.ledger.ranked([token.text for token in tokens(Texts().question(4))][-ASKED:], 5)
            assert found[0][0] == store.ledger.passage_ids()[4]


def test_times_become_rows_and_a_chart() -> None:
    table = [
        row
        for size, seconds in ((1_000, 0.01), (100_000, 0.02))
        for row in rows(size, {"ours": [(seconds, seconds / 2)] * 20, "product": [(0.001, 0.0)] * 20})
    ]
    assert table[0] == {"passages": 1_000, "system": "ours", "p50": 10.0, "p95": 10.0, "cpu": 5.0, "questions": 20}
    words = "".join(ElementTree.fromstring(drawn(table)).itertext())
    assert all(word in words for word in ("ours", "product", "passages", "100,000"))
