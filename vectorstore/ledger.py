"""Reading the ledger: articles, passages, vectors and the full-text index."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from vectorstore import filters, hits, vectors
from vectorstore.articles import (
    EVERYTHING,
    Article,
    Block,
    BlockKind,
    Filter,
    Hit,
    Identity,
    Known,
    Listing,
    Matrix,
    Passage,
    Publisher,
    Sentence,
)
from vectorstore.database import HINT, Database, Snapshot, meant, sensible
from vectorstore.errors import StoreDamaged, UnknownArticle
from vectorstore.fulltext import Among, Rows, Scores, TextQuery, among, anyof
from vectorstore.hits import REFERENCE, reference
from vectorstore.lexical import best
from vectorstore.resolve import resolve
from vectorstore.revisions import RevisionCache, Value

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from vectorstore.articles import Ids
    from vectorstore.embedding import Vectors

WEIGHTS = (1.0, 1.0, 1.0)  # of title, publisher and body in BM25
_STATED = ("source", "text", "title", "url", "publisher", "section", "author", "language", "published")
ARTICLE = f"{', '.join(_STATED)}, found, blocks"
KEPT = 2_000  # answers to what every question asks: counts, publishers, how frequent a word is
FILTERS = 8  # of which the articles that pass are kept


class Ledger:
    """The ledger of a store, read-only; reading continues while others write. `vectorstore.ledgers` opens one."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._kept, self._filtered = RevisionCache(KEPT), RevisionCache(FILTERS)

    def close(self) -> None:
        """Close the connections."""
        self.database.close()

    def held(self) -> AbstractContextManager[Snapshot]:
        """Hold the present state until the end of a block, for threads to see within `Snapshot.reading`."""
        return self.database.held()

    @property
    def held_here(self) -> bool:
        """Whether this thread sees a snapshot."""
        return self.database.held_here

    def live(self) -> AbstractContextManager[None]:
        """Let this thread see the present state within a block, in the middle of a snapshot too."""
        return self.database.live()

    def meta(self, key: str) -> str | None:
        """Return a value from the key-value table, or None."""
        value: str | None = self.database.value("SELECT value FROM meta WHERE key = ?", (key,))
        return value

    @property
    @sensible
    def revision(self) -> int:
        """A number that grows with each transaction that changes articles."""
        return int(self.meta("revision") or 0)

    @property
    @sensible
    def identity(self) -> Identity | None:
        """What made the vectors; None before the first ingest."""
        value = self.meta("identity")
        return Identity(**json.loads(value)) if value else None

    @property
    def dimension(self) -> int:
        """The number of components of a vector; 0 before the first ingest."""
        known = self.identity
        return known.dimension if known else 0

    # -- articles

    def count(self, chosen: Filter = EVERYTHING) -> tuple[int, int]:
        """Return how many articles and passages pass the filter."""
        if not chosen:
            return self._once("count", self._count)
        condition, parameters = filters.where(chosen, self.database.names)
        allowed = f"SELECT key FROM articles WHERE {condition}"
        passing = f"SELECT count(*) FROM ({allowed}) AS passing"
        within = f"SELECT count(*) FROM passages WHERE article IN ({allowed})"
        ((articles, passages),) = self.database.rows(f"SELECT ({passing}), ({within})", parameters * 2)
        return articles, passages

    def _count(self) -> tuple[int, int]:
        articles, passages = (self.database.value(f"SELECT count(*) FROM {of}") for of in ("articles", "passages"))
        return articles, passages

    def _once(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return what is the same for the whole of a revision, found out once."""
        with self.database.snapshot():
            return self._kept.get(self.revision, key, make)

    @sensible
    def articles(self, chosen: Filter = EVERYTHING) -> list[Listing]:
        """Return the articles that pass the filter: newest first, undated last, then by title."""
        condition, parameters = filters.where(chosen, self.database.names)
        rows = self.database.rows(
            f"""SELECT {REFERENCE}, (SELECT count(*) FROM passages WHERE article = key) FROM articles
            WHERE {condition} ORDER BY published IS NULL, published DESC, title, id""",
            parameters,
        )
        return [Listing(reference(row[:-1]), row[-1]) for row in rows]

    @sensible
    def publishers(self) -> tuple[Publisher, ...]:
        """Return the publishers of the articles, those with the most articles first."""
        return self._once("publishers", self._publishers)

    def _publishers(self) -> tuple[Publisher, ...]:
        sql = """SELECT min(publisher), host, count(*) AS articles FROM articles WHERE publisher_key <> '' OR host <> ''
            GROUP BY publisher_key, host ORDER BY articles DESC, min(publisher), host"""
        rows = self.database.rows(sql)
        return tuple(Publisher(*row) for row in rows if all(isinstance(text, str | None) for text in row[:2]))

    def undated(self, chosen: Filter) -> int:
        """Return how many articles the filter excludes only because they have no date."""
        if not (chosen.since or chosen.until):
            return 0
        condition, parameters = filters.where(replace(chosen, since=None, until=None), self.database.names)
        sql = f"SELECT count(*) FROM articles WHERE published_from IS NULL AND {condition}"
        return int(self.database.value(sql, parameters))

    @sensible
    def known(self) -> dict[str, Known]:
        """Return, by source, the hashes that show whether an article changed."""
        sql = "SELECT source, id, original_hash, content_hash, cleaning FROM articles"
        return {row[0]: Known(*row[1:]) for row in self.database.rows(sql)}

    def sources(self) -> Iterator[tuple[str, str]]:
        """Yield the source and the id of each article."""
        with meant(self.database.name):
            yield from self.database.each("SELECT source, id FROM articles")

    def hashes(self) -> Iterator[tuple[str, str, str]]:
        """Yield, for each article, its source, its original's hash and what cleaned it; see Known."""
        with meant(self.database.name):
            yield from self.database.each("SELECT source, original_hash, cleaning FROM articles")

    @sensible
    def known_as(self, source: str) -> Known | None:
        """Return what `known` has of one source."""
        sql = "SELECT id, original_hash, content_hash, cleaning FROM articles WHERE source = CAST(? AS TEXT)"
        rows = self.database.rows(sql, (self.database.text(source),))
        return Known(*rows[0]) if rows else None

    @sensible
    def digest(self) -> str:
        """Return a hash of what answers depend on: the embedder, the passage settings, each article and its source."""
        known = self.identity
        made = (known.embedder, known.dimension, known.passages) if known else ()
        digest = hashlib.sha256(json.dumps(made).encode())
        for row in self.database.each("SELECT id, content_hash, source, url FROM articles ORDER BY id"):
            digest.update(json.dumps(row).encode())
        return digest.hexdigest()

    @sensible
    def article(self, article: str) -> Article:
        """Return the article with this id; raises UnknownArticle."""
        return article_of(self._row(ARTICLE, article), self.database.name)

    @sensible
    def texts(self, articles: Iterable[str]) -> dict[str, str]:
        """Return the texts of the articles with these ids; unknown ids are skipped."""
        sql = f"SELECT id, text FROM articles WHERE id IN {self.database.names}"
        return dict(self.database.rows(sql, (json.dumps([*articles]),)))

    def ingested(self, article: str) -> str:
        """Return when the article with this id was last ingested (ISO, UTC); raises UnknownArticle."""
        return str(self._row("ingested", article)[0])

    def original(self, article: str) -> bytes:
        """Return the article's source, byte for byte; raises UnknownArticle."""
        return self.original_of(*self._row("key", article))

    def original_of(self, key: int) -> bytes:
        """Return the source of the article with this key, byte for byte; raises StoreDamaged."""
        import zlib

        data = self.database.value("SELECT data FROM originals WHERE article = ?", (key,))
        try:
            return zlib.decompress(data)
        except (zlib.error, TypeError) as error:
            raise StoreDamaged(f"An original in {self.database.name} cannot be read.", HINT) from error

    def resolve(self, name: str) -> str:
        """Return the id of the article with this id, id prefix, source or URL; raises UnknownArticle."""
        return resolve(self.database, name)

    @sensible
    def sentences(self, article: str) -> tuple[Sentence, ...]:
        """Return the article's sentences in order; raises UnknownArticle."""
        (key,) = self._row("key", article)
        sql = "SELECT start, stop, block, kind FROM sentences WHERE article = ? ORDER BY ord"
        return tuple(hits.sentence(row) for row in self.database.rows(sql, (key,)))

    @sensible
    def passages(self, article: str) -> tuple[tuple[int, Passage], ...]:
        """Return the article's passages with their ids, in order; raises UnknownArticle."""
        (key,) = self._row("key", article)
        sql = "SELECT id, start, stop, first, last FROM passages WHERE article = ? ORDER BY ord"
        return tuple((row[0], Passage(*row[1:])) for row in self.database.rows(sql, (key,)))

    def _row(self, columns: str, article: str) -> tuple[Any, ...]:
        rows = self.database.rows(f"SELECT {columns} FROM articles WHERE id = ?", (article,))
        if not rows:
            raise UnknownArticle(f"No article has the id {article}.", "List the articles with: qa articles")
        return rows[0]

    # -- search

    def allowed(self, chosen: Filter) -> Ids:
        """Return the keys of the articles that pass the filter, ascending; Matrix.articles holds the same keys."""
        import numpy as np  # 0.1 s

        return np.array(self._among(chosen).keys, np.int64)

    def _among(self, chosen: Filter) -> Among:
        with self.database.snapshot():
            return self._filtered.get(self.revision, chosen, partial(self._passing, chosen))

    def _passing(self, chosen: Filter) -> Among:
        condition, parameters = filters.where(chosen, self.database.names)
        rows = self.database.rows(f"SELECT key FROM articles WHERE {condition} ORDER BY key", parameters)
        return among([key for (key,) in rows], self.count()[0])

    def lexical(
        self, query: TextQuery, limit: int, chosen: Filter = EVERYTHING, weights: Sequence[float] = WEIGHTS
    ) -> Scores:
        """Return passage ids with their BM25 scores (higher is better) for a query, best first, ties by id."""
        with self.database.snapshot():
            return self.database.words.search("passages", query, limit, weights, self._cut(chosen))

    def matches(self, query: TextQuery, chosen: Filter = EVERYTHING) -> bool:
        """Return whether any passage matches a query."""
        with self.database.snapshot():
            return self.database.words.matches(query, self._cut(chosen))

    def ranked(
        self, words: Iterable[str], limit: int, chosen: Filter = EVERYTHING, weights: Sequence[float] = WEIGHTS
    ) -> Scores:
        """Return the ids of passages that have any of the words, with their BM25 scores like `lexical`.

        Passages that have only frequent words are left out where others abound; see `vectorstore.lexical`.
        """
        return self._ranked("passages", words, limit, chosen, weights)

    def ranked_articles(
        self, words: Iterable[str], limit: int, chosen: Filter = EVERYTHING, weights: Sequence[float] = (1.0, 1.0)
    ) -> Scores:
        """Return the keys of articles that have any of the words like `ranked`; the weights are of title and text."""
        return self._ranked("articles", words, limit, chosen, weights)

    def _ranked(self, rows: Rows, words: Iterable[str], limit: int, chosen: Filter, weights: Sequence[float]) -> Scores:
        with self.database.snapshot():
            made = self._cut(chosen)

            def search(query: TextQuery, most: int) -> Scores:
                return self.database.words.search(rows, query, most, weights, made)

            return best(search, self.document_frequency(words), limit, made.share if made else 1.0)

    def _cut(self, chosen: Filter) -> Among | None:
        return self._among(chosen) if chosen else None

    def articles_of(self, passages: Iterable[int]) -> dict[int, int]:
        """Return the key of each passage's article; unknown ids are skipped."""
        sql = f"SELECT id, article FROM passages WHERE id IN {self.database.numbers}"
        return dict(self.database.rows(sql, (json.dumps(sorted(passages)),)))

    def document_frequency(self, terms: Iterable[str]) -> dict[str, int]:
        """Return how many passages contain each word or phrase after stemming, in body, title or publisher."""
        with self.database.snapshot():
            seen, known, count = self.revision, self._kept.get, self.database.words.count
            return {term: known(seen, ("frequency", term), partial(count, anyof([term]))) for term in terms}

    def containing(self, words: str, columns: Sequence[str] = ()) -> tuple[str, ...]:
        """Return the ids of the articles with a passage, title or publisher that contains the words as a phrase."""
        return tuple(self.database.words.articles(TextQuery(((words,),), columns=tuple(columns))))

    def vocabulary(self, start: str, shortest: int, longest: int) -> list[tuple[str, int]]:
        """Return the stems of these lengths that begin with `start`, and how many passages contain each."""
        return self.database.words.vocabulary(start, shortest, longest)

    def examples(self, word: str, limit: int) -> list[str]:
        """Return title and text of the first passages that contain a word after stemming."""
        return self.database.words.examples(word, limit)

    @sensible
    def vectors(self, chosen: Filter = EVERYTHING) -> Matrix:
        """Return the vectors of all passages that pass the filter, in the order of articles and passages.

        Raises StoreDamaged if any are missing.
        """
        with self.database.snapshot():
            return vectors.read(self.database, chosen, self.revision, self.dimension)

    @sensible
    def vectors_in(self, articles: Sequence[int]) -> Matrix:
        """Return the vectors of articles, which are given by their keys, as `vectors` does."""
        with self.database.snapshot():
            return vectors.of_articles(self.database, articles, self.revision, self.dimension)

    @sensible
    def vectors_of(self, passages: Iterable[int]) -> tuple[list[int], Vectors]:
        """Return the known ids among `passages`, ascending, and their vectors, float32, shape (ids, dimension)."""
        import numpy as np  # 0.1 s

        dimension = self.dimension
        sql = f"""SELECT id, substr(data, ord * ? + 1, ?) FROM passages JOIN vectors USING (article)
            WHERE id IN {self.database.numbers} ORDER BY id"""
        octets = 4 * dimension
        rows = self.database.rows(sql, (octets, octets, json.dumps([*passages])))
        vectors = np.frombuffer(b"".join(row[1] for row in rows), np.float32)
        if vectors.size != len(rows) * dimension:
            raise StoreDamaged("Some vectors are missing from the ledger.", HINT)
        return [row[0] for row in rows], vectors.reshape(len(rows), dimension)

    def passage_ids(self) -> list[int]:
        """Return the ids of all passages, ascending."""
        return [row[0] for row in self.database.rows("SELECT id FROM passages ORDER BY id")]

    @sensible
    def passage_keys(self) -> tuple[Ids, Ids]:
        """Return the ids of all passages and the keys of their articles, int64, ordered by article and place."""
        passages, articles = vectors.keys(self.database).T
        return passages, articles

    # -- hits

    @sensible
    def hits(self, passages: Sequence[int], chosen: Filter = EVERYTHING) -> list[Hit]:
        """Return the passages in the order given, without scores; unknown ids are skipped.

        `also` lists the other articles with the same text that pass the filter. Raises StoreDamaged if a passage has
        changed since it was stored.
        """
        return hits.hits(self.database, passages, chosen)

    @sensible
    def sketched(self, passages: Sequence[int], chosen: Filter = EVERYTHING) -> list[Hit]:
        """Return the passages like `hits`, unchecked and without sentences: most of many are not needed."""
        return hits.sketched(self.database, passages, chosen)

    @sensible
    def completed(self, found: Sequence[Hit]) -> list[Hit]:
        """Return what `sketched` gave with its sentences, in the same snapshot; raises StoreDamaged like `hits`."""
        return hits.completed(self.database, found)


def article_of(row: Sequence[Any], name: str) -> Article:
    """Return a row of ARTICLE from the ledger in `name`; raises StoreDamaged for nonsense."""
    with meant(name):
        *values, ways, blocks = row
        if not all(isinstance(value, str) for value in values[:3]):
            raise ValueError("an article without a text or a name")
        marked = tuple(Block(start, end, BlockKind(kind)) for start, end, kind in json.loads(blocks))
        return Article(blocks=marked, found=json.loads(ways), **dict(zip(_STATED, values, strict=True)))
