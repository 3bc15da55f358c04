"""Footnote inside llama-index: the archive as a retriever, the assistant as a query engine.

    retriever = FootnoteRetriever.open(Path("archive"))
    engine = FootnoteQueryEngine.open(Path("archive"))

An archive that is opened so stays open until the process ends. Importing this module imports llama-index (1.5–2.5 s);
nothing else of the package imports it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Self

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from qa.archive import Archive
from qa.assistant import Assistant
from qa.marks import listed
from qa.retrieve.search import Retriever
from qa.retrieve.understand import understand
from qa.types import Answer, Citation, Question
from vectorstore.articles import Filter, Hit, Publisher, Reference

NAMED = ["title", "publisher", "published"]  # what a model is shown of the metadata; the rest is for programs


class FootnoteRetriever(BaseRetriever):
    """The archive's own search as a llama-index retriever: passages with their offsets and their article's name."""

    def __init__(
        self,
        retriever: Retriever,
        limit: int = 10,
        asked: date | None = None,
        chosen: Filter | None = None,
        publishers: Sequence[Publisher] = (),
    ) -> None:
        super().__init__()
        self._retriever, self._limit, self._publishers = retriever, limit, publishers
        self._question = Question("", asked=asked, filter=chosen or Filter())

    @classmethod
    def open(cls, archive: Path | str | None = None, limit: int = 10, chosen: Filter | None = None) -> Self:
        """Return the retriever of an archive, the configured one by default; raises StoreMissing, EmbedderMismatch."""
        opened = Archive.open(archive)
        return cls(opened.retriever, limit, chosen=chosen, publishers=opened.store.ledger.publishers())

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        question = replace(self._question, text=query_bundle.query_str)
        query = understand(question, publishers=self._publishers)
        return [passage_node(hit) for hit in self._retriever.search(query, self._limit)]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


class FootnoteQueryEngine(BaseQueryEngine):
    """The assistant as a llama-index query engine: the answer with its markers, and its citations as source nodes.

    The response's metadata says whether it is an answer (`answered`) and who gave it (`answerer`). An abstention has no
    source nodes.
    """

    def __init__(self, assistant: Assistant, asked: date | None = None, chosen: Filter | None = None) -> None:
        super().__init__(callback_manager=None)
        self._assistant = assistant
        self._question = Question("", asked=asked, filter=chosen or Filter())

    @classmethod
    def open(cls, archive: Path | str | None = None, chosen: Filter | None = None) -> Self:
        """Return the query engine of an archive, the configured one by default; raises as the retriever does."""
        return cls(Archive.open(archive).assistant(), chosen=chosen)

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return response(self._assistant.answer(replace(self._question, text=query_bundle.query_str)))

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {}


def response(answer: Answer) -> Response:
    """Return an answer as llama-index has them: text, a source node for each citation, metadata."""
    facts = {"answered": answer.answered, "answerer": answer.answerer, "seconds": answer.seconds}
    return Response(answer.text, [citation_node(citation) for citation in answer.citations], facts)


def passage_node(hit: Hit) -> NodeWithScore:
    """Return a passage as a node; `also` names the sources of the copies that it stands for."""
    more = {"also": [other.source for other in hit.also]}
    return NodeWithScore(node=_node(hit.article, hit.start, hit.end, hit.text, more), score=hit.score)


def citation_node(citation: Citation) -> NodeWithScore:
    """Return a citation as a node: its text is the quote, its metadata has the marker's `number`.

    `answers` are there as they are in JSON: offsets into the article's text, like `start` and `end`.
    """
    more = {"number": citation.number, "answers": listed(citation.answers)}
    return NodeWithScore(node=_node(citation.article, citation.start, citation.end, citation.quote, more))


def _node(article: Reference, start: int, end: int, text: str, more: Mapping[str, Any]) -> TextNode:
    """A span of an article; its id is made of the article and the offsets, so that it is the same in every process."""
    metadata = {
        "article": article.id,
        "source": article.source,
        "url": article.url,
        "title": article.title,
        "publisher": article.publisher,
        "published": article.published,
        "start": start,
        "end": end,
        **more,
    }
    unnamed = [key for key, value in metadata.items() if key not in NAMED or value is None]
    return TextNode(
        id_=f"{article.id}:{start}-{end}",
        text=text,
        metadata=metadata,
        excluded_llm_metadata_keys=unnamed,
        excluded_embed_metadata_keys=unnamed,
        start_char_idx=start,
        end_char_idx=end,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=article.id)},
    )
