"""The stock pipeline: llama-index defaults over Chroma, the same MiniLM through sentence-transformers.

    python -m benchmarks.stock build FOLDER INDEX     read, split (1,024 tokens, 20 of overlap), embed, store
    python -m benchmarks.stock ask INDEX QUESTION     a cold question: load, embed, print the top passages

What a tutorial's program does in its first ten lines, so that what is compared is the usual, not a weak one.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import chromadb
from llama_index.core import Document, SimpleDirectoryReader, StorageContext, VectorStoreIndex
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import BaseNode, NodeWithScore, TextNode
from llama_index.core.vector_stores import FilterOperator, MetadataFilter, MetadataFilters
from llama_index.vector_stores.chroma import ChromaVectorStore
from pydantic import PrivateAttr

from vectorstore.articles import EVERYTHING, Filter, Hit
from vectorstore.embedding import Embedder, load_reference
from vectorstore.ledger import Ledger
from vectorstore.packaged import packaged_model

COLLECTION = "quickstart"
OVERLAP = 20  # tokens, of chunks whose length is given
COPIED = 1_000  # passages at once
TOP = 16  # passages of an archive for a question: as many as our reader gets
NUMBERS = itertools.count(1)

Encode = Callable[[list[str]], Any]  # texts to unit vectors, an array of shape (len(texts), dimension)


class MiniLM(BaseEmbedding):
    """The model as llama-index takes it; `encode` turns texts into unit vectors."""

    _encode: Encode = PrivateAttr()

    def __init__(self, encode: Encode) -> None:
        super().__init__(model_name="all-MiniLM-L6-v2")
        self._encode = encode

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._encode(texts).tolist()
        return vectors

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embeddings([query])[0]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def reference() -> MiniLM:
    """Return the model run by sentence-transformers, as HuggingFaceEmbedding runs it."""
    model = load_reference(packaged_model())
    return MiniLM(lambda texts: model.encode(texts, normalize_embeddings=True, show_progress_bar=False))


def split(documents: Sequence[Document]) -> list[BaseNode]:
    """Return the documents' chunks by the default splitter."""
    return SentenceSplitter().get_nodes_from_documents(documents)


def store(folder: Path | None) -> ChromaVectorStore:
    """Return the vector store in a folder, or a new one in memory: all clients there share their collections."""
    client = chromadb.PersistentClient(str(folder)) if folder else chromadb.EphemeralClient()
    name = COLLECTION if folder else f"{COLLECTION}-{next(NUMBERS)}"
    # no embedding function: llama-index brings the vectors, Chroma's default would fetch a model
    return ChromaVectorStore(chroma_collection=client.get_or_create_collection(name, embedding_function=None))


def build(folder: Path, index: Path, tokens: int | None = None) -> None:
    """Index the files of a folder, in chunks of the default length where none is given."""
    splitter = SentenceSplitter(chunk_size=tokens, chunk_overlap=OVERLAP) if tokens else SentenceSplitter()
    VectorStoreIndex.from_documents(
        SimpleDirectoryReader(str(folder)).load_data(),
        storage_context=StorageContext.from_defaults(vector_store=store(index)),
        embed_model=reference(),
        transformations=[splitter],
    )


def retriever(index: Path) -> BaseRetriever:
    """Return the retriever of an index."""
    return VectorStoreIndex.from_vector_store(store(index), embed_model=reference()).as_retriever()


def ask(index: Path, question: str) -> list[NodeWithScore]:
    """Return the top passages for a question."""
    return retriever(index).retrieve(question)


def copied(ledger: Ledger, index: Path) -> None:
    """Index the passages of an archive with the vectors that they have there."""
    matrix, chroma = ledger.vectors(), store(index)
    for at in range(0, len(matrix.passages), COPIED):
        vectors = matrix.vectors[at : at + COPIED].tolist()
        hits = ledger.hits(matrix.passages[at : at + COPIED].tolist())
        chroma.add([_node(hit, vector) for hit, vector in zip(hits, vectors, strict=True)])


def _node(hit: Hit, vector: list[float]) -> BaseNode:
    told = {"title": hit.article.title, "day": _number(hit.article.published or "0")}
    return TextNode(id_=str(hit.passage), text=hit.text, metadata=told, embedding=vector)


def _number(day: str) -> int:
    return int(day.replace("-", ""))  # Chroma compares numbers, not texts


def searching(
    ledger: Ledger, embedder: Embedder, index: Path, chosen: Filter = EVERYTHING
) -> Callable[[str], list[NodeWithScore]]:
    """Return a retriever of an archive's passages, in an index that is made the first time."""
    if not index.exists():
        copied(ledger, index)
    bounds = ((chosen.since, FilterOperator.GTE), (chosen.until, FilterOperator.LTE))
    days = [MetadataFilter(key="day", value=_number(day), operator=way) for day, way in bounds if day]
    made = VectorStoreIndex.from_vector_store(store(index), embed_model=MiniLM(embedder.embed_passages))
    return made.as_retriever(similarity_top_k=TOP, filters=MetadataFilters(filters=[*days]) if days else None).retrieve


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("build")
    making.add_argument("folder", type=Path)
    making.add_argument("index", type=Path)
    making.add_argument("--tokens", type=int)
    asking = commands.add_parser("ask")
    asking.add_argument("index", type=Path)
    asking.add_argument("question")
    given = parser.parse_args()
    if given.command == "build":
        build(given.folder, given.index, given.tokens)
        return
    for number, hit in enumerate(ask(given.index, given.question), 1):
        print(f"[{number}] {hit.score:.3f} {hit.node.metadata.get('file_name')}\n{hit.node.get_content()}\n")


if __name__ == "__main__":
    main()
