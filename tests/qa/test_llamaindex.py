"""The archive and the assistant as llama-index sees them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from llama_index.core import QueryBundle
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import ResponseMode, get_response_synthesizer
from llama_index.core.schema import MetadataMode, NodeRelationship

from qa.answer.extractive import Extractive
from qa.assistant import Assistant
from qa.llamaindex import FootnoteQueryEngine, FootnoteRetriever, passage_node, response
from qa.retrieve.hybrid import HybridRetriever
from qa.retrieve.search import DenseRetriever, Diversifier, LexicalRetriever
from qa.retrieve.understand import Query
from qa.types import NO_ANSWER, Answer, Citation
from tests.fakes import FakeEmbedder, FakeReader
from tests.vectorstore.build import filled, record
from vectorstore.articles import Filter, Hit, Reference
from vectorstore.errors import StoreMissing, UsageError
from vectorstore.store import Store

ARTICLE = Reference("0123456789abcdef", "/news/rain.md", "https://example.org/rain", "Rain", "The Gauge", "2021-05-04")
COPY = Reference("fedcba9876543210", "/news/copy.md")
HIT = Hit(7, ARTICLE, 4, 26, "Rain fell on the town.", (), 0.75, (COPY,))


@dataclass
class FakeRetriever:
    """Returns what it was given, and remembers what it was asked."""

    hits: Sequence[Hit] = (HIT,)
    asked: list[tuple[Query, int]] = field(default_factory=list)

    def search(self, query: Query, limit: int) -> list[Hit]:
        """Return the hits, at most `limit`."""
        self.asked.append((query, limit))
        return list(self.hits)[:limit]


def test_a_passage_arrives_with_its_text_its_score_and_where_it_stands() -> None:
    (found,) = FootnoteRetriever(FakeRetriever()).retrieve("Where did rain fall?")
    assert (found.node.get_content(), found.score) == ("Rain fell on the town.", 0.75)
    assert found.node.metadata == {
        "article": "0123456789abcdef",
        "source": "/news/rain.md",
        "url": "https://example.org/rain",
        "title": "Rain",
        "publisher": "The Gauge",
        "published": "2021-05-04",
        "start": 4,
        "end": 26,
        "also": ["/news/copy.md"],
    }
    assert found.node.relationships[NodeRelationship.SOURCE].node_id == ARTICLE.id  # type: ignore[union-attr]


def test_a_node_is_named_by_its_article_and_offsets_so_that_its_id_is_stable() -> None:
    assert passage_node(HIT).node.node_id == "0123456789abcdef:4-26"
    assert passage_node(HIT).node.node_id == passage_node(HIT).node.node_id


def test_a_model_is_shown_title_publisher_and_date_and_no_offsets() -> None:
    shown = passage_node(HIT).node.get_content(MetadataMode.LLM)
    assert "title: Rain" in shown
    assert "published: 2021-05-04" in shown
    assert "start" not in shown
    assert "/news" not in shown


def test_what_is_not_known_of_an_article_is_not_shown_to_a_model() -> None:
    bare = Hit(1, COPY, 0, 4, "Rain", ())
    assert "None" not in passage_node(bare).node.get_content(MetadataMode.LLM)


def test_question_limit_day_and_filter_reach_the_search() -> None:
    inner, chosen = FakeRetriever(), Filter(publishers=("The Gauge",))
    FootnoteRetriever(inner, 3, date(2021, 5, 5), chosen).retrieve("Where  did rain fall?")
    ((query, limit),) = inner.asked
    assert (query.text, query.asked, query.filter, limit) == (
        "Where did rain fall?",
        date(2021, 5, 5),
        chosen,
        3,
    )


async def test_retrieving_works_from_an_event_loop() -> None:
    (found,) = await FootnoteRetriever(FakeRetriever()).aretrieve("Where did rain fall?")
    assert found.node.node_id == "0123456789abcdef:4-26"


def test_the_retriever_serves_a_query_engine_of_llama_index() -> None:
    synthesizer = get_response_synthesizer(llm=MockLLM(), response_mode=ResponseMode.COMPACT)
    made = RetrieverQueryEngine(FootnoteRetriever(FakeRetriever()), synthesizer).query("Where did rain fall?")
    assert "Rain fell on the town." in str(made)  # the mock says its prompt again
    assert [node.node.node_id for node in made.source_nodes] == ["0123456789abcdef:4-26"]


def test_an_answer_becomes_a_response_with_a_source_node_for_each_citation() -> None:
    cited = (Citation(1, ARTICLE, 4, 26, HIT.text, ((17, 25),)), Citation(2, COPY, 0, 5, "Rain."))
    made = response(
        Answer("Where?", True, "“Rain fell on the town.” [1] “Rain.” [2]", "extractive", cited, (HIT,), seconds=0.1)
    )
    assert str(made) == "“Rain fell on the town.” [1] “Rain.” [2]"
    assert [(n.node.metadata["number"], n.node.get_content()) for n in made.source_nodes] == [
        (1, "Rain fell on the town."),
        (2, "Rain."),
    ]
    assert [n.node.metadata["answers"] for n in made.source_nodes] == [[{"start": 17, "end": 25}], []]
    assert made.metadata == {"answered": True, "answerer": "extractive", "seconds": 0.1}


def test_an_abstention_becomes_the_constant_without_source_nodes() -> None:
    made = response(Answer("Where?", False, NO_ANSWER, "extractive", (), (HIT,)))
    assert (str(made), made.source_nodes) == (NO_ANSWER, [])
    assert made.metadata is not None
    assert made.metadata["answered"] is False


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[FootnoteQueryEngine]:
    text = "Heavy rain fell on the town of Varna on Monday. The mayor closed the harbour of Varna."
    with Store.open(filled(tmp_path, record("/news/varna.txt", text, title="Varna"))) as store:
        embedder = FakeEmbedder()
        hybrid = HybridRetriever(DenseRetriever(store, embedder), LexicalRetriever(store), store)
        ranked = Diversifier(hybrid, 5, store)
        yield FootnoteQueryEngine(Assistant(store, ranked, FakeReader(), Extractive(store)))


def test_the_engine_answers_from_the_archive_with_quotes_of_it(engine: FootnoteQueryEngine) -> None:
    made = engine.query(QueryBundle("Who closed the harbour of Varna?"))
    assert "The mayor closed the harbour of Varna." in str(made)
    assert [node.node.metadata["source"] for node in made.source_nodes] == ["/news/varna.txt"]


async def test_the_engine_answers_the_same_from_an_event_loop(engine: FootnoteQueryEngine) -> None:
    question = "Who closed the harbour of Varna?"
    assert str(await engine.aquery(question)) == str(engine.query(question))


def test_an_empty_question_is_refused_in_words(engine: FootnoteQueryEngine) -> None:
    with pytest.raises(UsageError, match="empty"):
        engine.query("?")


@pytest.mark.parametrize("adapter", [FootnoteRetriever, FootnoteQueryEngine])
def test_opening_where_there_is_no_archive_says_so_and_makes_none(
    adapter: type[FootnoteRetriever | FootnoteQueryEngine], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("QA_CONFIG", raising=False)
    with pytest.raises(StoreMissing):
        adapter.open(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_importing_qa_does_not_import_llama_index() -> None:
    code = "import sys, qa, qa.wiring, qa.assistant; sys.exit('llama_index' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_adapter_is_found_on_the_package_and_other_names_are_not() -> None:
    import qa

    assert qa.FootnoteRetriever is FootnoteRetriever
    assert qa.FootnoteQueryEngine is FootnoteQueryEngine
    assert not hasattr(qa, "FootnoteNothing")
