"""Full-text search in PostgreSQL: rows are found by an index of their words, and scored from stored counts.

PostgreSQL's own ranking knows neither how rare a word is nor how long the others are; BM25 does, with stored numbers.
"""

from __future__ import annotations

import json
import math
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vectorstore.articles import Article, Passage, counted
from vectorstore.filters import sought, worded
from vectorstore.fulltext import Among, Rows, Scores, TextQuery, anyof
from vectorstore.stems import Stemmer, Stems

if TYPE_CHECKING:
    from vectorstore.database import Database

K1, B = 1.2, 0.75
LEAST = 1e-6  # of an inverse document frequency: a word that most rows have adds next to nothing
TABLES = {"passages": ("passage_words", "passage"), "articles": ("article_words", "key")}
COLUMNS = ("title", "publisher", "body")
LABELS = "ABC"
PLACES = 16_383  # of a lexeme's places PostgreSQL keeps those up to here, and 255 of them
KEPT = 255
LONGEST = 2_000  # bytes of a lexeme
ROOM = 900_000  # bytes of a row's lexemes: with more PostgreSQL refuses the row
FULL = 999  # what a count of one column ends at


@dataclass(frozen=True, slots=True)
class _Word:
    """A word or phrase that is looked for: its stems one after another, the last perhaps the beginning of one."""

    stems: tuple[str, ...]
    beginning: bool

    @property
    def plain(self) -> bool:
        """Whether it is one stem, whose counts are stored."""
        return len(self.stems) == 1 and not self.beginning

    def expression(self, labels: str) -> str:
        """Return it as a tsquery writes it, in these columns, all where none are named."""
        *whole, last = (f"'{_quoted(stem)}'" for stem in self.stems)
        marked = [*(f"{stem}:{labels}" if labels else stem for stem in whole)]
        end = f"{labels}{'*' if self.beginning else ''}"
        return "(" + " <-> ".join([*marked, f"{last}:{end}" if end else last]) + ")"


class _Changes(threading.local):
    """What a thread's transaction changes in the counts of the whole archive."""

    def __init__(self) -> None:
        self.stems: dict[str, Counter[str]] = {"passages": Counter(), "articles": Counter()}
        self.totals: Counter[tuple[str, str]] = Counter()


class Lexemes:
    """See FullText; a transaction begins with `begin` and ends with `settle`."""

    def __init__(self, database: Database) -> None:
        self._database, self._stemmer = database, Stemmer()
        self._changes = _Changes()

    # -- searching

    def search(
        self, rows: Rows, query: TextQuery, limit: int, weights: Sequence[float], cut: Among | None = None
    ) -> Scores:
        """See FullText."""
        groups, none = self._groups(query)
        if not all(groups):
            return []
        (number, length), *_ = self._database.rows("SELECT number, length FROM totals WHERE rows = ?", (rows,))
        words = [word for group in groups for word in group]
        having = self._having(rows, words, _labels(query))
        worth = [_idf(number, having[word]) * (K1 + 1) for word in words]
        scored = _Scored(rows, words, _all_three(rows, weights, query.columns), length / number if length else 1.0)
        condition, given = _cut(cut)
        sql, parameters = scored.statement(condition)
        return self._database.rows(sql, (*worth, *parameters, _tsquery(groups, none, _labels(query)), *given, limit))

    def _having(self, rows: Rows, words: Iterable[_Word], labels: str = "") -> dict[_Word, int]:
        """Return how many rows have each word in these columns, in all where none are named."""
        words = list(dict.fromkeys(words))
        if labels:
            return {word: self._matching(rows, word, labels) for word in words}
        plain = json.dumps([word.stems[0] for word in words if word.plain])
        sql = f"SELECT stem, {rows} FROM stems WHERE stem IN {self._database.names}"
        known = dict(self._database.rows(sql, (plain,)))
        return {word: known.get(word.stems[0], 0) if word.plain else self._matching(rows, word) for word in words}

    def _matching(self, rows: Rows, word: _Word, labels: str = "") -> int:
        sql = f"SELECT count(*) FROM {TABLES[rows][0]} WHERE words @@ CAST(? AS TSQUERY)"
        return int(self._database.value(sql, (word.expression(labels),)))

    def count(self, query: TextQuery) -> int:
        """See FullText."""
        groups, none = self._groups(query)
        if len(groups) == 1 == len(groups[0]) and groups[0][0].plain and not (none or query.columns):
            return self._having("passages", groups[0])[groups[0][0]]
        return self._many("SELECT count(*) FROM passage_words", query) if all(groups) else 0

    def matches(self, query: TextQuery, cut: Among | None = None) -> bool:
        """See FullText."""
        return bool(self._many("SELECT 1 FROM passage_words", query, cut, "LIMIT 1"))

    def _many(self, select: str, query: TextQuery, cut: Among | None = None, rest: str = "") -> int:
        groups, none = self._groups(query)
        if not all(groups):
            return 0
        condition, given = _cut(cut)
        asked = _tsquery(groups, none, _labels(query))
        sql = f"{select} WHERE words @@ CAST(? AS TSQUERY) {condition} {rest}"
        return int(self._database.value(sql, (asked, *given)) or 0)

    def articles(self, query: TextQuery) -> list[str]:
        """See FullText."""
        groups, none = self._groups(query)
        if not all(groups):
            return []
        sql = """SELECT DISTINCT id FROM passage_words JOIN articles ON key = article
            WHERE words @@ CAST(? AS TSQUERY) ORDER BY id"""
        return [row[0] for row in self._database.rows(sql, (_tsquery(groups, none, _labels(query)),))]

    def vocabulary(self, start: str, shortest: int, longest: int) -> list[tuple[str, int]]:
        """See FullText."""
        sql = """SELECT stem, passages FROM stems WHERE stem >= ? AND stem < ? AND length(stem) BETWEEN ? AND ?
            AND passages > 0"""
        return self._database.rows(sql, (start, start + "\U0010efff", shortest, longest))

    def examples(self, word: str, limit: int) -> list[str]:
        """See FullText."""
        groups, none = self._groups(anyof([word]))
        if not all(groups):
            return []
        sql = """SELECT title || ' ' || substr(text, start + 1, stop - start) FROM passage_words
            JOIN passages ON id = passage JOIN articles ON key = passages.article
            WHERE words @@ CAST(? AS TSQUERY) ORDER BY passage LIMIT ?"""
        return [row[0] for row in self._database.rows(sql, (_tsquery(groups, none, ""), limit))]

    def _groups(self, query: TextQuery) -> tuple[list[list[_Word]], list[_Word]]:
        """Return the words of each group, and those that must not be there; what has no stem is no word."""
        last = len(query.every) - 1
        groups = [self._words(group, beginning=query.beginning and at == last) for at, group in enumerate(query.every)]
        return groups, self._words(query.none)

    def _words(self, words: Sequence[str], *, beginning: bool = False) -> list[_Word]:
        read = [sought(word) for word in words]
        stems = [tuple(map(_cut_short, row[0])) for row in self._stemmer.rows([text] for text, _ in read)]
        made = [
            _Word(found, alone or (beginning and at == len(stems) - 1))
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
            length, counts = sum(map(len, columns)), _counts(columns)
            made.append((number, article, length, json.dumps(counts), _tsvector(columns, counts)))
            self._changes.stems[rows].update(counts.keys())
            self._changed(rows, 1, length)
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
                self._changes.stems[rows].subtract(stems)
                self._changed(rows, -1, -length)  # type: ignore[arg-type]

    def _changed(self, rows: Rows, number: int, length: int) -> None:
        self._changes.totals[rows, "number"] += number
        self._changes.totals[rows, "length"] += length

    def begin(self) -> None:
        """Forget what a transaction that failed would have changed."""
        self._changes.__init__()  # type: ignore[misc]

    def settle(self) -> None:
        """Bring the counts of the whole archive up to date, last of all: other writers wait for whoever does."""
        stems, totals = self._changes.stems, self._changes.totals
        self.begin()
        names = sorted(stem for stem in {*stems["passages"], *stems["articles"]})
        if names:
            # in order, so that two writers never wait for each other
            sql = """INSERT INTO stems SELECT * FROM unnest(CAST(? AS TEXT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]))
                ON CONFLICT (stem) DO UPDATE SET passages = stems.passages + EXCLUDED.passages,
                articles = stems.articles + EXCLUDED.articles"""
            self._database.rows(sql, (names, *([stems[rows][name] for name in names] for rows in TABLES)))
        for rows in TABLES:
            changed = totals[rows, "number"], totals[rows, "length"]
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


def _idf(number: int, having: int) -> float:
    """Return how much a word is worth that so many of `number` rows have."""
    return max(math.log((number - having + 0.5) / (having + 0.5)), LEAST)


@dataclass(frozen=True, slots=True)
class _Scored:
    """The statement that finds and scores rows; `weights` are those of title, publisher and body."""

    rows: Rows
    words: Sequence[_Word]
    weights: Sequence[float]
    average: float  # length of a row, in stems

    def statement(self, condition: str) -> tuple[str, list[Any]]:
        """Return the statement, and the parameters between those for the words' worth and for the condition."""
        table, key = TABLES[self.rows]
        read, asked = zip(*map(self._often, self.words), strict=True)
        each = range(len(self.words))
        norm = f"{K1} * ({1 - B} + {B} * length / CAST(? AS FLOAT8))"
        # OFFSET 0 keeps PostgreSQL from working out anew, for each use of a value, what it is made from
        matching = f"""SELECT {key}, {norm} AS norm, words, counts || '{{}}' AS counts FROM {table}
            WHERE words @@ CAST(? AS TSQUERY) {condition} OFFSET 0"""
        counting = f"SELECT {key}, norm, {_listed(read, 'c')} FROM ({matching}) AS matching OFFSET 0"
        weighing = (
            f"SELECT {key}, norm, {_listed(map(self._weighed, self.words, each), 'f')} FROM ({counting}) AS counting"
        )
        score = " + ".join(f"CAST(? AS FLOAT8) * f{at} / (f{at} + norm)" for at in each)
        sql = (
            f"SELECT {key}, {score} AS score FROM ({weighing} OFFSET 0) AS weighing ORDER BY score DESC, {key} LIMIT ?"
        )
        return sql, [value for values in asked for value in values] + [self.average]

    def _often(self, word: _Word) -> tuple[str, list[Any]]:
        """Return how often a row has a word, as SQL with its parameters: by column in one number, or weighed."""
        if word.plain:
            return "coalesce(CAST(counts -> ? AS BIGINT), 0)", [word.stems[0]]
        often = "occurrences(words, CAST(? AS TEXT[]), ?, CAST(? AS FLOAT8[]))"
        return often, [list(word.stems), word.beginning, list(self.weights)]

    def _weighed(self, word: _Word, at: int) -> str:
        title, publisher, body = self.weights
        if not word.plain:
            return f"c{at}"
        return f"(c{at} / 1000000 * {title!r} + c{at} / 1000 % 1000 * {publisher!r} + c{at} % 1000 * {body!r})"


def _listed(values: Iterable[str], name: str) -> str:
    return ", ".join(f"{value} AS {name}{at}" for at, value in enumerate(values))


def _all_three(rows: Rows, weights: Sequence[float], columns: Sequence[str]) -> list[float]:
    """Return the weights of title, publisher and body; an article has no publisher, and its text for a body.

    Where columns are named, the others weigh nothing.
    """
    given = [*map(float, weights), 1.0, 1.0, 1.0]
    three = given[:3] if rows == "passages" else [given[0], 0.0, given[1]]
    return [weight if not columns or column in columns else 0.0 for column, weight in zip(COLUMNS, three, strict=True)]


def _labels(query: TextQuery) -> str:
    return "".join(LABELS[COLUMNS.index(column)] for column in query.columns)


def _cut(cut: Among | None) -> tuple[str, tuple[Any, ...]]:
    return ("AND article = ANY(?)", (list(cut.keys),)) if cut else ("", ())


def _tsquery(groups: Sequence[Sequence[_Word]], none: Sequence[_Word], labels: str) -> str:
    wanted = " & ".join(_either(group, labels) for group in groups)
    return f"{wanted} & !{_either(none, labels)}" if none else wanted


def _either(words: Sequence[_Word], labels: str) -> str:
    return "(" + " | ".join(word.expression(labels) for word in words) + ")"


def _counts(columns: Stems) -> dict[str, int]:
    """Return how often each stem stands in each column, in one number: title × 1,000,000 + publisher × 1,000 + body."""
    counts: Counter[str] = Counter()
    for worth, column in zip((1_000_000, 1_000, 1), columns, strict=True):
        for stem, often in Counter(map(_cut_short, column)).items():
            counts[stem] += min(often, FULL) * worth
    return counts


def _tsvector(columns: Stems, counts: Mapping[str, int]) -> str:
    """Return the stems with their places, those of each column apart from the others'."""
    places: dict[str, list[str]] = {stem: [] for stem in counts}
    for stem, place in _places(columns):
        if len(places[stem]) < KEPT:
            places[stem].append(place)
    made, room = [], ROOM
    for stem, found in places.items():
        room -= len(stem.encode()) + 2 * len(found) + 8
        if room < 0:
            break
        made.append(f"'{_quoted(stem)}'{':' if found else ''}{','.join(found)}")
    return " ".join(made)


def _places(columns: Stems) -> Iterator[tuple[str, str]]:
    place = 0
    for label, column in zip(LABELS, columns, strict=True):
        for stem in column:
            place += 1
            if place > PLACES:
                return
            yield _cut_short(stem), f"{place}{label}"
        place += 1  # a phrase does not reach over the end of a column


def _cut_short(stem: str) -> str:
    return stem if len(stem) < LONGEST // 4 else stem.encode()[:LONGEST].decode(errors="ignore")


def _quoted(stem: str) -> str:
    return stem.replace("\\", "\\\\").replace("'", "''")


def _readable(text: str) -> str:
    return worded(text.encode("utf-8", "replace").decode())
