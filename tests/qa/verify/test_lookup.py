from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from qa.batch_input import Row
from qa.retrieve.understand import Query
from qa.types import Progress
from qa.verify.lookup import ClaimVerdict, Finding, Tally, verify, written
from tests.fakes import FakeReader
from tests.vectorstore.build import filled, record
from vectorstore.articles import Hit
from vectorstore.errors import UsageError
from vectorstore.store import Store

LAMP = "Ada Brook lit the lamp of Sorrel Point on 3 March 1911. The council did not pay for the lens of the lamp."


@dataclass
class All:
    """Finds the only passage there is."""

    store: Store
    asked: int = 0

    def search(self, query: Query, limit: int) -> list[Hit]:  # noqa: ARG002 - a retriever's
        self.asked += 1
        return list(self.store.hits([1]))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(filled(tmp_path / "archive", record("/lamp.txt", LAMP, title="The lamp"))) as opened:
        yield opened


def rows(*texts: str) -> list[Row]:
    return [Row(number, number, text) for number, text in enumerate(texts, 1)]


def found(store: Store, text: str) -> Finding:
    (finding,) = verify(rows(text), store, All(store), FakeReader())
    return finding


def test_a_true_statement_is_supported_with_the_quote_that_says_it(store: Store) -> None:
    finding = found(store, "Ada Brook lit the lamp of Sorrel Point on 3 March 1911.")
    (citation,) = finding.citations
    assert finding.outcome is ClaimVerdict.SUPPORTED
    assert citation.quote == LAMP[citation.start : citation.end]
    assert finding.confidence > 0.5


@pytest.mark.parametrize(
    "text",
    [
        "Ada Brook lit the lamp of Sorrel Point on 3 March 1912.",
        "Ada Brook lit the lamp of Sorrel Point on 4 March 1911.",
        "Ada Brook lit the lamp of Sorrel Point on 3 May 1911.",
    ],
)
def test_a_statement_with_one_fact_exchanged_is_contradicted_by_the_quote(store: Store, text: str) -> None:
    finding = found(store, text)
    assert finding.outcome is ClaimVerdict.CONTRADICTED
    assert "3 March 1911" in finding.citations[0].quote
    assert finding.confidence < 0.5


@pytest.mark.parametrize(
    "text", ["The quarry of Lindvale employs 40 miners.", "Greta Lund opened a museum in 1990 in Corran."]
)
def test_what_the_archive_does_not_tell_is_not_found(store: Store, text: str) -> None:
    finding = found(store, text)
    assert (finding.outcome, finding.citations) == (ClaimVerdict.NOT_FOUND, ())


def test_an_output_that_was_begun_is_continued_and_asks_nothing_again(store: Store, tmp_path: Path) -> None:
    asked, out, retriever = rows("Ada Brook lit the lamp.", "The ferry sank."), tmp_path / "out.jsonl", All(store)
    *_, whole = written(asked, store, retriever, FakeReader(), out)
    lines = out.read_bytes().splitlines(keepends=True)
    assert [set(json.loads(line)) for line in lines] == [{"id", "text", "verdict", "confidence", "citations"}] * 2
    out.write_bytes(lines[0] + lines[1][:20])
    retriever.asked = 0
    *steps, again = written(asked, store, retriever, FakeReader(), out)
    assert (retriever.asked, out.read_bytes(), again) == (1, b"".join(lines), whole)
    assert [(step.done, step.total) for step in steps if isinstance(step, Progress)] == [(2, 2)]
    assert isinstance(again, Tally)


@pytest.mark.parametrize("held", ['{"id": 1, "text": "Another.", "verdict": "supported"}\n', "It is a letter.\n"])
def test_an_output_that_holds_something_else_is_left_alone(store: Store, tmp_path: Path, held: str) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text(held)
    with pytest.raises(UsageError):
        list[object](written(rows("The ferry sank."), store, All(store), FakeReader(), out))
    assert out.read_text() == held
