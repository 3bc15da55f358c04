"""Full-text search by SQLite's FTS5."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from vectorstore import schema
from vectorstore.articles import Article, Passage, counted
from vectorstore.filters import phrase, worded
from vectorstore.fulltext import Among, Rows, Scores, TextQuery, anyof

if TYPE_CHECKING:
    from vectorstore.database import Database

TABLES = {"passages": ("passages_fts", "body"), "articles": ("articles_fts", "text")}
WORDS = "SELECT key, title, text FROM article_words WHERE key = ?"  # what articles_fts indexes of an article
VOCABULARY = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab('main', 'passages_fts', 'row')"
KEYS = "(SELECT value FROM json_each(?))"
SAMPLES = 64
NOTHING = '""'  # what no row matches


class Fts5:
    """See FullText."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def search(
        self, rows: Rows, query: TextQuery, limit: int, weights: Sequence[float], cut: Among | None = None
    ) -> Scores:
        """See FullText."""
        table, (condition, keys) = TABLES[rows][0], _condition(rows, cut)
        sql = f"""SELECT rowid, -bm25({table}{", ?" * len(weights)}) AS score FROM {table} WHERE {table} MATCH ?
            {condition} ORDER BY score DESC, rowid LIMIT ?"""
        return self._database.rows(sql, (*weights, expression(query), *keys, limit))

    def count(self, query: TextQuery) -> int:
        """See FullText."""
        sql = "SELECT count(*) FROM passages_fts WHERE passages_fts MATCH ?"
        return int(self._database.value(sql, (expression(query),)))

    def matches(self, query: TextQuery, cut: Among | None = None) -> bool:
        """See FullText."""
        condition, keys = _condition("passages", cut)
        sql = f"SELECT 1 FROM passages_fts WHERE passages_fts MATCH ? {condition} LIMIT 1"
        return bool(self._database.rows(sql, (expression(query), *keys)))

    def articles(self, query: TextQuery) -> list[str]:
        """See FullText."""
        sql = """SELECT DISTINCT articles.id FROM passages_fts JOIN passages ON passages.id = passages_fts.rowid
            JOIN articles ON articles.key = passages.article WHERE passages_fts MATCH ? ORDER BY articles.id"""
        return [row[0] for row in self._database.rows(sql, (expression(query),))]

    def vocabulary(self, start: str, shortest: int, longest: int) -> list[tuple[str, int]]:
        """See FullText."""
        self._database.rows(VOCABULARY)
        sql = "SELECT term, doc FROM temp.vocabulary WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ?"
        return self._database.rows(sql, (start, start + "\U0010ffff", shortest, longest))

    def examples(self, word: str, limit: int) -> list[str]:
        """See FullText."""
        sql = "SELECT title || ' ' || body FROM passages_fts WHERE passages_fts MATCH ? LIMIT ?"
        return [row[0] for row in self._database.rows(sql, (expression(anyof([word])), limit))]

    def put_article(self, key: int) -> None:
        """See FullText."""
        self._database.rows(f"INSERT INTO articles_fts (rowid, title, text) {WORDS}", (key,))

    def put_passages(self, article: Article, passages: Sequence[tuple[int, Passage]]) -> None:
        """See FullText."""
        above = [_readable(article.title), _readable(article.publisher or "")]
        self._database.many(
            "INSERT INTO passages_fts (rowid, title, publisher, body) VALUES (?, ?, ?, ?)",
            [(number, *above, _readable(article.text[one.start : one.end])) for number, one in passages],
        )

    def clear(self, key: int) -> None:
        """See FullText."""
        self._database.rows(
            "DELETE FROM passages_fts WHERE rowid IN (SELECT id FROM passages WHERE article = ?)", (key,)
        )
        self._database.rows(
            f"INSERT INTO articles_fts (articles_fts, rowid, title, text) SELECT 'delete', * FROM ({WORDS})", (key,)
        )

    def empty(self) -> None:
        """See FullText; tables are dropped: far faster, and a damaged index would refuse to delete."""
        self._database.rows("DROP TABLE passages_fts")
        self._database.rows("DROP TABLE articles_fts")
        self._database.rows(schema.FULL_TEXT)
        self._database.rows(schema.ARTICLES_FULL_TEXT)

    def adopt(self, other: str) -> None:
        """See FullText."""
        columns = "rowid, title, publisher, body"
        self._database.rows(f"INSERT INTO main.passages_fts ({columns}) SELECT {columns} FROM {other}.passages_fts")
        self.fill_articles()

    def fill_articles(self) -> None:
        """See FullText."""
        self._database.rows(schema.FILL)

    def faults(self, rows: Rows, ids: Sequence[int]) -> str:
        """See FullText; of some rows it is tried whether their first word finds them."""
        table, column = TABLES[rows]
        noun = rows.removesuffix("s")
        indexed = [row[0] for row in self._database.rows(f"SELECT id FROM {table}_docsize ORDER BY id")]
        if indexed != list(ids):
            return f"{counted(len(indexed), 'row')} for {counted(len(ids), noun)}"
        sampled = ids[:: max(1, len(ids) // SAMPLES)]
        lost = sum(1 for number in sampled if not self._findable(table, column, number))
        return f"not found by their first word: {counted(lost, f'sampled {noun}')}" if lost else ""

    def _findable(self, table: str, column: str, row: int) -> bool:
        body = self._database.value(f"SELECT {column} FROM {table} WHERE rowid = ?", (row,))
        if body is None:
            return False
        # neither an accent after its letter nor a sign (filters.SIGN) ends a word
        word = re.search(r"[^\W_][\w\u0300-\u036f\ue000-\uf8ff]*", body)
        sql = f"SELECT count(*) FROM {table} WHERE {table} MATCH ? AND rowid = ?"
        return word is None or self._database.value(sql, (f'"{word.group()}"', row)) == 1


def expression(query: TextQuery) -> str:
    """Return a query as FTS5 writes it, each word quoted."""
    *groups, last = ([phrase(word) for word in group] or [NOTHING] for group in query.every)
    if query.beginning and not last[-1].endswith("*"):
        last[-1] += "*"
    wanted = " AND ".join(f"({' OR '.join(group)})" for group in (*groups, last))
    return f"{{{' '.join(query.columns)}}} : ({wanted})" if query.columns else wanted


def _condition(rows: Rows, cut: Among | None) -> tuple[str, tuple[Any, ...]]:
    """Return what a cut adds to the condition of a search, and its parameters.

    Few passages are listed before the search: it then scores no other. Of many, each that is found is looked up.
    """
    if cut is None:
        return "", ()
    given = (cut.listed,)
    # + makes SQLite look up the words first; starting from the ids it would ask once for each (10 s, not 30 ms)
    if rows == "articles":
        return f"AND +rowid IN {KEYS}", given
    if cut.narrow:
        return f"AND +rowid IN (SELECT id FROM passages WHERE article IN {KEYS})", given
    return f"AND EXISTS (SELECT 1 FROM passages WHERE id = passages_fts.rowid AND article IN {KEYS})", given


def _readable(text: str) -> str:
    return worded(text.encode("utf-8", "replace").decode())
