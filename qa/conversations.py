"""Saved conversations, in their own database so that neither an ingest nor a question blocks them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from qa.saved import SavedFile, now, plain, texts
from qa.types import Answer, Citation, Statement, Usage, Verdict
from vectorstore.articles import EVERYTHING, Filter, Hit, Reference
from vectorstore.errors import AppError

TITLE_LENGTH = 80

_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL, filter TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS turns (
    conversation TEXT NOT NULL REFERENCES conversations(id) ON DELETE CASCADE, position INTEGER NOT NULL,
    asked TEXT NOT NULL, question TEXT NOT NULL, filter TEXT NOT NULL, answer TEXT,
    PRIMARY KEY (conversation, position)) WITHOUT ROWID;
PRAGMA user_version = 1;
"""


class UnknownConversation(AppError):
    """No conversation has that id."""


@dataclass(frozen=True, slots=True)
class SavedTurn:
    """A question as asked, with its answer as shown, or None if it was stopped or failed."""

    question: str
    answer: Answer | None = None
    filter: Filter = Filter()
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation in a list; `updated` is an ISO 8601 time in UTC, `turns` a count."""

    id: str
    title: str
    updated: str
    turns: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """A whole conversation: its turns in order, and the filter last set."""

    id: str
    title: str
    created: str
    updated: str
    filter: Filter
    turns: tuple[SavedTurn, ...]


class Conversations:
    """The conversations in one SQLite file, created on first use; each call opens, commits and closes it.

    Several threads and processes may use it. Raises StoreDamaged if the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._file = SavedFile(path, _SCHEMA, "The saved conversations")

    def list(self, search: str = "", limit: int = 500) -> list[Summary]:
        """Return conversations, newest first, whose title, questions or answers contain every search word."""
        query = "SELECT id, title, updated, (SELECT count(*) FROM turns WHERE conversation = id) FROM conversations"
        words = [_like(word) for word in search.split()]
        each = """(title LIKE ? ESCAPE '\\' OR EXISTS (SELECT 1 FROM turns WHERE conversation = id
            AND (question LIKE ? ESCAPE '\\' OR json_extract(answer, '$.text') LIKE ? ESCAPE '\\')))"""
        where = f" WHERE {' AND '.join([each] * len(words))}" if words else ""
        with self._file.open() as db:
            parameters = [*(word for word in words for _ in range(3)), limit]
            rows = db.execute(f"{query}{where} ORDER BY updated DESC LIMIT ?", parameters).fetchall()
        with self._file.meant():
            texts(*(value for row in rows for value in row[:3]))
        return [Summary(*row) for row in rows]

    def create(self, title: str = "", scope: Filter = EVERYTHING) -> str:
        """Create an empty conversation and return its id."""
        key, at = uuid4().hex, now()
        with self._file.open() as db:
            db.execute("INSERT INTO conversations VALUES (?, ?, ?, ?, ?)", (key, _title(title), at, at, _dump(scope)))
        return key

    def append(self, key: str, turn: SavedTurn) -> int:
        """Append a turn and return its position; the first one names a conversation without a title.

        Raises UnknownConversation.
        """
        at = now()
        with self._file.open() as db:
            self._touch(db, key, at, turn.filter)
            db.execute("UPDATE conversations SET title = ? WHERE id = ? AND title = ''", (_title(turn.question), key))
            (position,) = db.execute(
                "SELECT coalesce(max(position) + 1, 0) FROM turns WHERE conversation = ?", (key,)
            ).fetchone()
            _insert(db, key, int(position), turn, at)
        return int(position)

    def answer(self, key: str, position: int, answer: Answer) -> None:
        """Set the answer of the turn at this position, with citations as shown; raises UnknownConversation."""
        with self._file.open() as db:
            self._touch(db, key, now())
            db.execute(
                "UPDATE turns SET answer = ? WHERE conversation = ? AND position = ?", (_dump(answer), key, position)
            )

    def set_filter(self, key: str, scope: Filter) -> None:
        """Save the filter with the conversation; raises UnknownConversation."""
        with self._file.open() as db:
            self._touch(db, key, now(), scope)

    def rename(self, key: str, title: str) -> None:
        """Change the conversation's title; raises UnknownConversation."""
        with self._file.open() as db:
            _expect(db.execute("UPDATE conversations SET title = ? WHERE id = ?", (_title(title), key)), key)

    def delete(self, key: str) -> None:
        """Delete the conversation and its turns; raises UnknownConversation."""
        with self._file.open() as db:
            _expect(db.execute("DELETE FROM conversations WHERE id = ?", (key,)), key)

    def restore(self, conversation: Conversation) -> None:
        """Put a deleted conversation back as it was loaded."""
        one = conversation
        with self._file.open() as db:
            row = (one.id, plain(one.title), one.created, one.updated, _dump(one.filter))
            db.execute("INSERT INTO conversations VALUES (?, ?, ?, ?, ?)", row)
            for position, turn in enumerate(one.turns):
                _insert(db, one.id, position, turn, one.updated)

    def load(self, key: str) -> Conversation:
        """Return the whole conversation; raises UnknownConversation."""
        with self._file.open() as db:
            row = db.execute(
                "SELECT title, created, updated, filter FROM conversations WHERE id = ?", (key,)
            ).fetchone()
            if row is None:
                raise _unknown(key)
            turns = db.execute(
                "SELECT question, answer, filter, asked FROM turns WHERE conversation = ? ORDER BY position", (key,)
            ).fetchall()
        title, created, updated, scope = row
        with self._file.meant():
            texts(title, created, updated)
            return Conversation(key, title, created, updated, _filter(scope), tuple(_turn(*turn) for turn in turns))

    def questions(self, limit: int = 200) -> Sequence[str]:
        """Return the latest questions of all conversations, oldest first, each once."""
        with self._file.open() as db:
            rows = db.execute(
                "SELECT question FROM turns GROUP BY question ORDER BY max(asked) DESC LIMIT ?", (limit,)
            ).fetchall()
        return [row[0] for row in reversed(rows) if isinstance(row[0], str)]

    def _touch(self, db: sqlite3.Connection, key: str, at: str, scope: Filter | None = None) -> None:
        db.execute("BEGIN IMMEDIATE")  # the lock makes positions unique, even between processes
        _expect(db.execute("UPDATE conversations SET updated = ? WHERE id = ?", (at, key)), key)
        if scope is not None:
            db.execute("UPDATE conversations SET filter = ? WHERE id = ?", (_dump(scope), key))


def _insert(db: sqlite3.Connection, key: str, position: int, turn: SavedTurn, at: str) -> None:
    answer = _dump(turn.answer) if turn.answer else None
    row = (key, position, turn.asked or at, plain(turn.question), _dump(turn.filter), answer)
    db.execute("INSERT INTO turns VALUES (?, ?, ?, ?, ?, ?)", row)


def stale(citation: Citation, text_of: Callable[[str], str | None]) -> bool:
    """Return whether the archive no longer has the quote in place; `text_of` returns an article's text, or None."""
    text = text_of(citation.article.id)
    return text is None or text[citation.start : citation.end] != citation.quote


def _title(text: str) -> str:
    flat = " ".join(plain(text).split())
    return flat if len(flat) <= TITLE_LENGTH else flat[: TITLE_LENGTH - 1] + "…"


def _like(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _expect(cursor: sqlite3.Cursor, key: str) -> None:
    if not cursor.rowcount:
        raise _unknown(key)


def _unknown(key: str) -> UnknownConversation:
    return UnknownConversation(f"There is no conversation {key}.", "It may have been deleted in another window.")


def _dump(value: Answer | Filter) -> str:
    if isinstance(value, Answer):  # sentence offsets serve the answerer, not the reader
        value = replace(value, passages=tuple(replace(hit, sentences=()) for hit in value.passages))
    return json.dumps(asdict(value), ensure_ascii=True)


def _turn(question: str, answer: str | None, scope: str, asked: str) -> SavedTurn:
    texts(question, asked)
    return SavedTurn(question, _answer(json.loads(answer)) if answer else None, _filter(scope), asked)


def _filter(text: str) -> Filter:
    row = json.loads(text)
    if "publisher" in row:  # before there could be several
        row["publishers"] = [one] if (one := row.pop("publisher")) else []
    several = {name: tuple(row[name]) for name in ("publishers", "sources", "articles")}
    return Filter(**{**row, **several})


def _answer(row: dict[str, Any]) -> Answer:
    citations = tuple(_citation(citation) for citation in row.pop("citations"))
    passages = tuple(_hit(hit) for hit in row.pop("passages"))
    said = tuple(Statement(s["text"], _verdict(s["verdict"]), tuple(s["citations"])) for s in row.pop("sentences", ()))
    usage = Usage(**used) if (used := row.pop("usage", None)) else None
    unanswered = tuple(row.pop("unanswered", ()))
    return Answer(**row, citations=citations, passages=passages, sentences=said, unanswered=unanswered, usage=usage)


def _verdict(saved: str) -> Verdict:
    """A saved verdict; older versions also had weak ones, which were shown."""
    return Verdict.SUPPORTED if saved == "weak" else Verdict(saved)


def _citation(row: dict[str, Any]) -> Citation:
    answers = tuple((start, end) for start, end in row.get("answers", ()))
    return Citation(**{**row, "article": Reference(**row["article"]), "answers": answers})


def _hit(row: dict[str, Any]) -> Hit:
    also = tuple(Reference(**other) for other in row["also"])
    return Hit(**{**row, "article": Reference(**row["article"]), "sentences": (), "also": also})
