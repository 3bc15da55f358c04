"""Queries as PostgreSQL writes them, and the statement that finds rows and scores them by BM25."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from vectorstore.fulltext import Rows, TextQuery
from vectorstore.postgres.lexemes import LABELS, quoted

K1, B = 1.2, 0.75
LEAST = 1e-6  # of an inverse document frequency: a word that most rows have adds next to nothing
TABLES: dict[Rows, tuple[str, str]] = {"passages": ("passage_words", "passage"), "articles": ("article_words", "key")}
COLUMNS = ("title", "publisher", "body")


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase that is looked for: its stems one after another, the last perhaps the beginning of one."""

    stems: tuple[str, ...]
    beginning: bool

    @property
    def plain(self) -> bool:
        """Whether it is one stem, whose counts are stored."""
        return len(self.stems) == 1 and not self.beginning

    def expression(self, labels: str) -> str:
        """Return it as a tsquery writes it, in these columns, all where none are named."""
        *whole, last = (f"'{quoted(stem)}'" for stem in self.stems)
        marked = [*(f"{stem}:{labels}" if labels else stem for stem in whole)]
        end = f"{labels}{'*' if self.beginning else ''}"
        return "(" + " <-> ".join([*marked, f"{last}:{end}" if end else last]) + ")"


@dataclass(frozen=True, slots=True)
class Scored:
    """The statement that finds and scores rows; `weights` are those of title, publisher and body."""

    rows: Rows
    words: Sequence[Term]
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

    def _often(self, word: Term) -> tuple[str, list[Any]]:
        """Return how often a row has a word, as SQL with its parameters: by column in one number, or weighed."""
        if word.plain:
            return "coalesce(CAST(counts -> ? AS BIGINT), 0)", [word.stems[0]]
        often = "occurrences(words, CAST(? AS TEXT[]), ?, CAST(? AS FLOAT8[]))"
        return often, [list(word.stems), word.beginning, list(self.weights)]

    def _weighed(self, word: Term, at: int) -> str:
        title, publisher, body = self.weights
        if not word.plain:
            return f"c{at}"
        return f"(c{at} / 1000000 * {title!r} + c{at} / 1000 % 1000 * {publisher!r} + c{at} % 1000 * {body!r})"


def _listed(values: Iterable[str], name: str) -> str:
    return ", ".join(f"{value} AS {name}{at}" for at, value in enumerate(values))


def worth(number: int, having: int) -> float:
    """Return how much a word is worth that so many of `number` rows have."""
    return max(math.log((number - having + 0.5) / (having + 0.5)), LEAST)


def all_three(rows: Rows, weights: Sequence[float], columns: Sequence[str]) -> list[float]:
    """Return the weights of title, publisher and body; an article has no publisher, and its text for a body.

    Where columns are named, the others weigh nothing.
    """
    given = [*map(float, weights), 1.0, 1.0, 1.0]
    three = given[:3] if rows == "passages" else [given[0], 0.0, given[1]]
    return [weight if not columns or column in columns else 0.0 for column, weight in zip(COLUMNS, three, strict=True)]


def labels(query: TextQuery) -> str:
    return "".join(LABELS[COLUMNS.index(column)] for column in query.columns)


def tsquery(groups: Sequence[Sequence[Term]], labels: str = "") -> str:
    return " & ".join(_either(group, labels) for group in groups)


def _either(words: Sequence[Term], labels: str) -> str:
    return "(" + " | ".join(word.expression(labels) for word in words) + ")"
