"""Articles as they are stored: split into sentences and passages, each passage embedded under its heading."""

from __future__ import annotations

from collections.abc import Sequence

from qa.ingest.identity import LIMIT
from qa.ingest.split import split
from vectorstore.articles import Article, Entry, Passage
from vectorstore.embedding import Embedder
from vectorstore.writer import Record

GROUP = 32  # articles in one transaction


def headed(article: Article, passage: Passage) -> str:
    """Return a passage as it is embedded: under its title, publisher and date, which are in no offsets."""
    who = ", ".join(filter(None, (article.publisher, article.published)))
    return "\n".join(filter(None, (article.title, who, article.text[passage.start : passage.end])))


def records(group: Sequence[tuple[Entry, str]], embedder: Embedder) -> list[Record]:
    """Embed split articles, which come with the hash of their original."""
    texts = [headed(entry.article, passage) for entry, _ in group for passage in entry.passages]
    vectors = embedder.embed_passages(texts)
    records, at = [], 0
    for entry, found in group:
        records.append(Record(entry, vectors[at : at + len(entry.passages)], found))
        at += len(entry.passages)
    return records


def entry_of(article: Article, original: bytes, embedder: Embedder) -> Entry:
    """Return an article split into sentences and passages."""
    sentences, passages = split(article, embedder.count_tokens, LIMIT)
    return Entry(article, original, sentences, passages)
