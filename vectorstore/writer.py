"""Writing the ledger: one transaction per group of articles, so that a kill loses at most the open group."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore import filters
from vectorstore.articles import Article, Entry, Identity, Passage, content_hash, fingerprint
from vectorstore.ledger import Ledger

if TYPE_CHECKING:
    from vectorstore.embedding import Vectors

NORM_TOLERANCE = 1e-3
TABLES = ("articles", "originals", "sentences", "passages", "vectors")
PASSAGE = "ord, start, stop, first, last, fingerprint"


@dataclass(frozen=True, slots=True)
class Record:
    """An article to store: `vectors` has shape (passages, dimension); the caller chooses `original_hash`."""

    entry: Entry
    vectors: Vectors
    original_hash: str


class LedgerWriter(Ledger):
    """A ledger that can be changed; the caller must hold the writer's lock."""

    def set_meta(self, key: str, value: str) -> None:
        """Store a value in the key-value table."""
        self.database.rows(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value)
        )

    def set_identity(self, identity: Identity) -> None:
        """Store what makes the vectors from now on."""
        self.set_meta("identity", json.dumps(asdict(identity)))

    def put_many(self, records: Iterable[Record]) -> None:
        """Add or replace articles in one transaction.

        Raises ValueError, storing nothing, unless there is one finite vector of unit length for each passage.
        """
        group = list(records)
        with self.database.transaction():
            identity = self.identity
            if identity is None:
                raise ValueError("the store's identity must be set before articles are put")
            self.database.alone([record.entry.article.id for record in group])
            for record in group:
                self._put(record, identity)
            self._bump()

    def update_metadata(self, article: Article, original: bytes, original_hash: str) -> None:
        """Store new metadata for an article, keeping its vectors.

        Raises UnknownArticle if there is no such article, and ValueError if the input of its passages changed too.
        """
        with self.database.transaction():
            self.database.alone([article.id])
            key, stored = self._row("key, content_hash", article.id)
            if stored != content_hash(article):
                raise ValueError(f"the text of {article.source} changed: it needs new vectors")
            identity = self.identity
            self._article(article, original_hash, identity.cleaning if identity else "")
            self._original(key, original)
            self._bump()

    def delete(self, articles: Iterable[str]) -> int:
        """Remove the articles with these ids in one transaction and return how many existed."""
        names, removed = list(articles), 0
        with self.database.transaction():
            self.database.alone(names)
            for article in names:
                rows = self.database.rows("SELECT key FROM articles WHERE id = ?", (article,))
                for (key,) in rows:
                    self._clear(key)
                    self.database.rows("DELETE FROM articles WHERE key = ?", (key,))
                removed += len(rows)
            if removed:
                self._bump()
        return removed

    def adopt(self, fresh: Path | str, identity: Identity | None) -> None:
        """Replace all articles with those of another ledger, in one transaction; an empty one may have no identity.

        `fresh` is the other ledger's file or, in PostgreSQL, its schema.
        """
        with self.database.beside(fresh) as (own, other), self.database.transaction():
            self.database.words.empty()
            self.database.rows("DELETE FROM articles")
            for table in TABLES:
                self.database.rows(f"INSERT INTO {own}.{table} SELECT * FROM {other}.{table}")
            self.database.words.adopt(other)
            if identity:
                self.set_identity(identity)
            self.set_meta("index_dirty", "1")
            self._bump()

    def continues(self, replaced: Ledger, identity: Identity) -> bool:
        """Return whether this is a ledger that `begin` began for the present state of another."""
        return self.identity == identity and self.meta("replaces") == str(replaced.revision)

    def begin(self, replaced: Ledger, identity: Identity) -> None:
        """Begin this ledger, which is empty, as the one that will replace another."""
        self.database.start_ids_after(replaced.database.last_id)
        self.set_meta("replaces", str(replaced.revision))
        self.set_identity(identity)

    def reindex(self) -> None:
        """Rebuild the full-text indexes from the articles, in one transaction."""
        with self.database.transaction():
            self.database.words.empty()
            for listing in self.articles():
                article = listing.article.id
                self.database.words.put_passages(self.article(article), self.passages(article))
            self.database.words.fill_articles()
            self._bump()

    def _bump(self) -> None:
        self.database.rows("UPDATE meta SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT) WHERE key = 'revision'")

    def _put(self, record: Record, identity: Identity) -> None:
        entry, article = record.entry, record.entry.article
        data = _checked(record, identity.dimension)
        # before its row changes, because the row tells which words to remove
        for (key,) in self.database.rows("SELECT key FROM articles WHERE id = ?", (article.id,)):
            self._clear(key)
        key = self._article(article, record.original_hash, identity.cleaning)
        self.database.words.put_article(key)
        self._original(key, entry.original)
        self.database.many(
            "INSERT INTO sentences VALUES (?, ?, ?, ?, ?, ?)",
            [(key, n, s.start, s.end, s.block, s.kind) for n, s in enumerate(entry.sentences)],
        )
        numbers = [self._passage(key, order, passage, article) for order, passage in enumerate(entry.passages)]
        self.database.words.put_passages(article, list(zip(numbers, entry.passages, strict=True)))
        self.database.rows("INSERT INTO vectors VALUES (?, ?)", (key, data))

    def _passage(self, key: int, order: int, passage: Passage, article: Article) -> int:
        mark = fingerprint(article.text[passage.start : passage.end])
        values = (key, order, passage.start, passage.end, passage.first, passage.last, mark)
        sql = f"INSERT INTO passages (article, {PASSAGE}) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id"
        return int(self.database.value(sql, values))

    def _article(self, article: Article, original_hash: str, cleaning: str) -> int:
        values = _columns(article) | {
            "ingested": datetime.now(UTC).isoformat(timespec="seconds"),
            "content_hash": content_hash(article),
            "original_hash": original_hash,
            "cleaning": cleaning,
        }
        names = ", ".join(values)
        marks = ", ".join(["CAST(? AS TEXT)"] * len(values))
        updates = ", ".join(f"{name} = excluded.{name}" for name in values)
        sql = f"INSERT INTO articles ({names}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {updates} RETURNING key"
        return int(self.database.value(sql, [self.database.text(value) for value in values.values()]))

    def _original(self, key: int, original: bytes) -> None:
        sql = "INSERT INTO originals VALUES (?, ?) ON CONFLICT (article) DO UPDATE SET data = excluded.data"
        self.database.rows(sql, (key, zlib.compress(original)))

    def _clear(self, key: int) -> None:
        self.database.words.clear(key)
        for table in ("passages", "sentences", "vectors"):
            self.database.rows(f"DELETE FROM {table} WHERE article = ?", (key,))


def _columns(article: Article) -> dict[str, str | None]:
    since, until = filters.day_bounds(article.published) if article.published else (None, None)
    return {
        "id": article.id,
        "source": article.source,
        "url": article.url,
        "title": article.title,
        "publisher": article.publisher,
        "section": article.section,
        "author": article.author,
        "language": article.language,
        "published": article.published,
        "published_from": since,
        "published_until": until,
        "publisher_key": filters.publisher_key(article.publisher),
        "host": filters.host_of(article.url),
        "found": json.dumps(dict(article.found)),
        "blocks": json.dumps([(block.start, block.end, block.kind) for block in article.blocks]),
        "text": article.text,
    }


def _checked(record: Record, dimension: int) -> bytes:
    import numpy as np  # 0.1 s

    source, wanted = record.entry.article.source, (len(record.entry.passages), dimension)
    vectors = np.ascontiguousarray(record.vectors, np.float32)
    if vectors.shape != wanted:
        raise ValueError(f"vectors of {source} have shape {vectors.shape}, not {wanted}")
    if not np.isfinite(vectors).all():
        raise ValueError(f"a vector of {source} is not finite")
    if vectors.size and np.abs(np.linalg.norm(vectors, axis=1) - 1.0).max() > NORM_TOLERANCE:
        raise ValueError(f"a vector of {source} is not of unit length")
    return vectors.tobytes()
