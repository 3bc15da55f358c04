"""What ours is compared with, over the same texts: BM25 alone, the embedder alone, stock llama-index over Chroma."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.reading import Text
from benchmarks.vectors import cached
from qa.words import STOPWORDS
from vectorstore.embedding import Embedder

WINDOW = 200  # words
DEPTH = 100  # windows, enough for ten different texts

Rank = Callable[[str], list[str]]  # a question to the URLs of texts, best first, each once


def windows(texts: Iterable[Text]) -> list[tuple[str, str]]:
    """Return each text's URL with the words of its title and text, WINDOW at a time, none shared."""
    return [
        (text.url, " ".join(words[at : at + WINDOW]))
        for text in texts
        for words in [f"{text.title}\n{text.text}".split()]
        for at in range(0, len(words), WINDOW)
    ]


class Lexical:
    """bm25s over windows of title and text: English stop words, Porter stems, Lucene’s k1 and b."""

    def __init__(self, texts: Iterable[Text]) -> None:
        import bm25s
        import snowballstemmer

        self.owners, self.windows = map(list, zip(*windows(texts), strict=True))
        self._stem: Any = snowballstemmer.stemmer("english").stemWords
        self._index = bm25s.BM25(k1=1.2, b=0.75)
        self._index.index(self._tokens(self.windows), show_progress=False)

    def _tokens(self, texts: str | list[str]) -> Any:
        import bm25s

        return bm25s.tokenize(texts, stopwords="en", stemmer=self._stem, show_progress=False)

    def search(self, question: str, depth: int = DEPTH) -> list[tuple[int, float]]:
        """Return the places of the best windows, with their scores."""
        found, scores = self._index.retrieve(
            self._tokens(question), k=min(depth, len(self.windows)), show_progress=False, n_threads=1
        )
        return [(int(at), float(score)) for at, score in zip(found[0], scores[0], strict=True)]

    def stems(self, text: str) -> list[str]:
        """Return the stems of the words of a text but stop words."""
        plain = "".join(c if c.isalnum() else " " for c in text.lower()).split()
        found: list[str] = self._stem([word for word in plain if word not in STOPWORDS])
        return found

    def rank(self, question: str) -> list[str]:
        """Return the texts in the order of their best windows."""
        return list(dict.fromkeys(self.owners[at] for at, _ in self.search(question)))


class Crude:
    """How answerable a question seems by its words alone: BM25's best score over what its words weigh.

    A word weighs what BM25 gives it, by the share of windows that have it. Of several as simple, this told best.
    """

    def __init__(self, lexical: Lexical) -> None:
        self._lexical = lexical
        self._found = Counter(word for window in lexical.windows for word in set(lexical.stems(window)))

    def _weight(self, word: str) -> float:
        total, count = len(self._lexical.windows), self._found[word]
        return math.log(1 + (total - count + 0.5) / (count + 0.5))

    def score(self, question: str) -> float:
        """Return the score: about 1 where a short window has every word, 0 where there is none of them."""
        (_, best), *_ = self._lexical.search(question, 1)
        return best / max(sum(map(self._weight, dict.fromkeys(self._lexical.stems(question)))), 1e-9)


def dense(texts: Iterable[Text], embedder: Embedder, cache: Path | None) -> Rank:
    """The embedder alone: the cosine with each window, exactly."""
    owners, pieces = map(list, zip(*windows(texts), strict=True))
    vectors = cached(embedder, pieces, cache)

    def rank(question: str) -> list[str]:
        order = np.argsort(-(vectors @ embedder.embed_query(question)), kind="stable")[:DEPTH]
        return list(dict.fromkeys(owners[at] for at in order))

    return rank


def stock(texts: Sequence[Text], embedder: Embedder, cache: Path | None) -> Rank:
    """llama-index defaults over Chroma: documents with title and date, URL left out of what is embedded."""
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.core.schema import MetadataMode

    from benchmarks.stock import MiniLM, split, store

    nodes = split(
        [
            Document(
                text=text.text,
                metadata={"title": text.title, "published": text.published, "url": text.url},
                excluded_embed_metadata_keys=["url"],
            )
            for text in texts
        ]
    )
    vectors = cached(embedder, [node.get_content(MetadataMode.EMBED) for node in nodes], cache)
    for node, vector in zip(nodes, vectors, strict=True):
        node.embedding = vector.tolist()
    chroma = store(None)
    for at in range(0, len(nodes), 1000):
        chroma.add(nodes[at : at + 1000])
    index = VectorStoreIndex.from_vector_store(chroma, embed_model=MiniLM(embedder.embed_passages))
    retriever = index.as_retriever(similarity_top_k=50)  # the default, 2, never names ten texts

    def rank(question: str) -> list[str]:
        return list(dict.fromkeys(found.node.metadata["url"] for found in retriever.retrieve(question)))

    return rank
