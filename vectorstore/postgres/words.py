"""Full-text search in PostgreSQL: rows are found by an index of their words, and scored from stored counts.

PostgreSQL's own ranking knows neither how rare a word is nor how long the others are; BM25 does, with stored numbers.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from vectorstore.articles import Article, Passage, counted
from vectorstore.filters import sought, worded
from vectorstore.fulltext import Among, Rows, Scores, TextQuery, anyof
from vectorstore.postgres.escapes import OUT
from vectorstore.postgres.lexemes import counts_of, cut_short, places_of, tsvector
from vectorstore.postgres.queries import K1, TABLES, Scored, Term, all_three, labels, tsquery, worth
from vectorstore.stems import Stemmer

if TYPE_CHECKING:
    from vectorstore.database import Database


class _Changes:
    """What a transaction changes in the counts of the whole archive: rows that have a stem, and all rows."""

    def __init__(self) -> None:
        self.stems: dict[Rows, Counter[str]] = {"passages": Counter(), "articles": Counter()}
        self.number: Counter[Rows] = Counter()
        self.length: Counter[Rows] = Counter()


class _Running(threading.local):
    """The changes of the running thread's transaction."""

    def __init__(self) -> None:
        self.changes = _Changes()


class Lexemes:
    """See FullText; a transaction begins with `begin` and ends with `settle`."""

    def __init__(self, database: Database) -> None:
        self._database, self._stemmer = database, Stemmer()
        self._running = _Running()

    # -- searching

    def search(
        self, rows: Rows, query: TextQuery, limit: int, weights: Sequence[float], cut: Among | None = None
    ) -> Scores:
        """See FullText."""
        groups = self._groups(query)
        if not all(groups):
            return []
        (number, length), *_ = self._database.rows("SELECT number, length FROM totals WHERE rows = ?", (rows,))
        words = [word for group in groups for word in group]
        having = self._having(rows, words, labels(query))
        each = [worth(number, having[word]) * (K1 + 1) for word in words]
        scored = Scored(rows, words, all_three(rows, weights, query.columns), length / number if length else 1.0)
        condition, given = _cut(cut)
        sql, parameters = scored.statement(condition)
        return self._database.rows(sql, (*each, *parameters, tsquery(groups, labels(query)), *given, limit))

    def _having(self, rows: Rows, words: Iterable[Term], labels: str = "") -> dict[Term, int]:
        """Return how many rows have each word in these columns, in all where none are named."""
        words = list(dict.fromkeys(words))
        if labels:
            return {word: self._matching(rows, word, labels) for word in words}
        plain = json.dumps([word.stems[0] for word in words if word.plain])
        sql = f"SELECT stem, {rows} FROM stems WHERE stem IN {self._database.names}"
        known = dict(self._database.rows(sql, (plain,)))
        return {word: known.get(word.stems[0], 0) if word.plain else self._matching(rows, word) for word in words}

    def _matching(self, rows: Rows, word: Term, labels: str = "") -> int:
        sql = f"SELECT count(*) FROM {TABLES[rows][0]} WHERE words @@ CAST(? AS TSQUERY)"
        return int(self._database.value(sql, (word.expression(labels),)))

    def count(self, query: TextQuery) -> int:
        """See FullText."""
        groups = self._groups(query)
        if len(groups) == 1 == len(groups[0]) and groups[0][0].plain and not query.columns:
            return self._having("passages", groups[0])[groups[0][0]]
        return self._many("SELECT count(*) FROM passage_words", query) if all(groups) else 0

    def matches(self, query: TextQuery, cut: Among | None = None) -> bool:
        """See FullText."""
        return bool(self._many("SELECT 1 FROM passage_words", query, cut, "LIMIT 1"))

    def _many(self, select: str, query: TextQuery, cut: Among | None = None, rest: str = "") -> int:
        groups = self._groups(query)
        if not all(groups):
            return 0
        condition, given = _cut(cut)
        asked = tsquery(groups, labels(query))
        sql = f"{select} WHERE words @@ CAST(? AS TSQUERY) {condition} {rest}"
        return int(self._database.value(sql, (asked, *given)) or 0)

    def articles(self, query: TextQuery) -> list[str]:
        """See FullText."""
        groups = self._groups(query)
        if not all(groups):
            return []
        sql = """SELECT DISTINCT id FROM passage_words JOIN articles ON key = article
            WHERE words @@ CAST(? AS TSQUERY) ORDER BY id"""
        return [row[0] for row in self._database.rows(sql, (tsquery(groups, labels(query)),))]

    def vocabulary(self, start: str, shortest: int, longest: int) -> list[tuple[str, int]]:
        """See FullText."""
        sql = """SELECT stem, passages FROM stems WHERE stem >= ? AND stem < ? AND length(stem) BETWEEN ? AND ?
            AND passages > 0"""
        return self._database.rows(sql, (start, start + "\U0010efff", shortest, longest))

    def examples(self, word: str, limit: int) -> list[str]:
        """See FullText."""
        groups = self._groups(anyof([word]))
        if not all(groups):
            return []
        sql = """SELECT title || ' ' || substr(text, start + 1, stop - start) FROM passage_words
            JOIN passages ON id = passage JOIN articles ON key = passages.article
            WHERE words @@ CAST(? AS TSQUERY) ORDER BY passage LIMIT ?"""
        return [row[0] for row in self._database.rows(sql, (tsquery(groups), limit))]

    def _groups(self, query: TextQuery) -> list[list[Term]]:
        """Return the words of each group; what has no stem is no word."""
        last = len(query.every) - 1
        return [self._words(group, beginning=query.beginning and at == last) for at, group in enumerate(query.every)]

    def _words(self, words: Sequence[str], *, beginning: bool = False) -> list[Term]:
        read = [sought(word) for word in words]
        stems = [tuple(map(cut_short, row[0])) for row in self._stemmer.rows([text] for text, _ in read)]
        made = [
            Term(found, alone or (beginning and at == len(stems) - 1))
            for at, (found, (_, alone)) in enumerate(zip(stems, read, strict=True))
        ]
        return [word for word in made if word.stems]

    # -- writing

    def put_article(self, key: int) -> None:
        """See FullText."""
        self._put_articles(self._database.rows("SELECT key, title, text FROM articles WHERE key = ?", (key,)))

    def _put_articles(self, found: Sequence[tuple[int, str, str]]) -> None:
        self._put("articles", [(key, key, (title, "", text)) for key, title, text in found])

    def put_passages(self, article: Article, passages: Sequence[tuple[int, Passage]]) -> None:
        """See FullText."""
        key = self._database.value("SELECT key FROM articles WHERE id = ?", (article.id,))
        above = article.title, article.publisher or ""
        self._put("passages", [(id_, key, (*above, article.text[one.start : one.end])) for id_, one in passages])

    def _put(self, rows: Rows, given: Sequence[tuple[int, int, Sequence[str]]]) -> None:
        """Take in rows with their ids, the keys of their articles, and their texts."""
        table, key = TABLES[rows]
        stemmed = self._stemmer.rows([_readable(text) for text in texts] for _, _, texts in given)
        made = []
        for (number, article, _), columns in zip(given, stemmed, strict=True):
            length, counts = sum(map(len, columns)), counts_of(columns)
            kept = places_of(columns, counts)
            made.append((number, article, length, json.dumps(counts), tsvector(kept)))
            self._changed(rows, 1, length, kept)
        sql = f"""INSERT INTO {table} ({key}, article, length, counts, words)
            VALUES (?, ?, ?, CAST(? AS JSONB), CAST(? AS TSVECTOR))"""
        self._database.many(sql, made)

    def clear(self, key: int) -> None:
        """See FullText."""
        for rows, (table, _) in TABLES.items():
            gone = self._database.rows(
                f"DELETE FROM {table} WHERE article = ? RETURNING length, tsvector_to_array(words)", (key,)
            )
            for length, stems in gone:
                self._changed(rows, -1, length, stems)

    def _changed(self, rows: Rows, sign: int, length: int, stems: Iterable[str]) -> None:
        """Note that a row of this length came, or went with the sign -1."""
        changes = self._running.changes
        changes.number[rows] += sign
        changes.length[rows] += sign * length
        for stem in stems:
            changes.stems[rows][stem] += sign

    def begin(self) -> None:
        """Forget what a transaction that failed would have changed."""
        self._running.changes = _Changes()

    def settle(self) -> None:
        """Bring the counts of the whole archive up to date, last of all: other writers wait for whoever does."""
        changes = self._running.changes
        self.begin()
        stems = changes.stems
        names = sorted({*stems["passages"], *stems["articles"]})
        if names:
            # in order, so that two writers never wait for each other
            sql = """INSERT INTO stems SELECT * FROM unnest(CAST(? AS TEXT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]))
                ON CONFLICT (stem) DO UPDATE SET passages = stems.passages + EXCLUDED.passages,
                articles = stems.articles + EXCLUDED.articles"""
            self._database.rows(sql, (names, *([stems[rows][name] for name in names] for rows in TABLES)))
        for rows in TABLES:
            changed = changes.number[rows], changes.length[rows]
            if any(changed):
                sql = "UPDATE totals SET number = number + ?, length = length + ? WHERE rows = ?"
                self._database.rows(sql, (*changed, rows))

    def empty(self) -> None:
        """See FullText."""
        self.begin()
        for table in ("passage_words", "article_words", "stems"):
            self._database.rows(f"DELETE FROM {table}")
        self._database.rows("UPDATE totals SET number = 0, length = 0")

    def adopt(self, other: str) -> None:
        """See FullText; `other` is a schema."""
        for table in ("passage_words", "article_words", "stems"):
            self._database.rows(f"INSERT INTO {table} SELECT * FROM {other}.{table}")
        self._database.rows("DELETE FROM totals")
        self._database.rows(f"INSERT INTO totals SELECT * FROM {other}.totals")

    def fill_articles(self) -> None:
        """See FullText."""
        for (key,) in self._database.rows("SELECT key FROM articles ORDER BY key"):
            self.put_article(key)

    def faults(self, rows: Rows, ids: Sequence[int]) -> str:
        """See FullText; the stored numbers are counted again."""
        (table, key), noun = TABLES[rows], rows.removesuffix("s")
        indexed = [row[0] for row in self._database.rows(f"SELECT {key} FROM {table} ORDER BY {key}")]
        if indexed != list(ids):
            return f"{counted(len(indexed), 'row')} for {counted(len(ids), noun)}"
        told = self._database.rows("SELECT number, length FROM totals WHERE rows = ?", (rows,))
        if told != self._database.rows(f"SELECT count(*), CAST(coalesce(sum(length), 0) AS BIGINT) FROM {table}"):
            return f"the number or the length of all {rows} is wrong"
        sql = f"""SELECT count(*) FROM (SELECT stem, {rows} AS told FROM stems WHERE {rows} <> 0) AS stored
            FULL JOIN (SELECT word AS stem, ndoc AS found FROM ts_stat('SELECT words FROM {table}')) AS seen
            USING (stem) WHERE told IS DISTINCT FROM found"""
        wrong = int(self._database.value(sql))
        return f"of {counted(wrong, 'stem')} the number of {rows} is wrong" if wrong else ""


def _cut(cut: Among | None) -> tuple[str, tuple[Any, ...]]:
    return ("AND article = ANY(?)", (list(cut.keys),)) if cut else ("", ())


def _readable(text: str) -> str:
    return worded(OUT.sub(" ", text))
