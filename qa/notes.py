"""The notebook: quotes that a reader keeps, each with its reference and the question that found it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from uuid import uuid4

from qa.answer.compose import quoted
from qa.export import day
from qa.markup import as_markdown
from qa.publishers import publisher_of
from qa.saved import SavedFile, now, plain, texts
from qa.types import Citation
from vectorstore.articles import Reference
from vectorstore.errors import AppError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS notes (
    id TEXT PRIMARY KEY, kept TEXT NOT NULL, question TEXT NOT NULL, remark TEXT NOT NULL, quote TEXT NOT NULL,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, article TEXT NOT NULL, source TEXT NOT NULL, url TEXT,
    title TEXT NOT NULL, publisher TEXT, published TEXT, UNIQUE (article, start, stop, quote));
PRAGMA user_version = 1;
"""
_COLUMNS = "id, kept, question, remark, quote, start, stop, article, source, url, title, publisher, published"


class UnknownNote(AppError):
    """No note has that id."""


@dataclass(frozen=True, slots=True)
class Note:
    """A quote that was kept: `quote` is the article's canonical text from `start` to `end`, word for word.

    `kept` is an ISO 8601 time in UTC, `question` what was asked when it was found ("" if nothing was).
    """

    id: str
    kept: str
    question: str
    remark: str
    quote: str
    start: int
    end: int
    article: Reference

    @property
    def citation(self) -> Citation:
        """The quote in the form that is copied and shown in its article."""
        return Citation(0, self.article, self.start, self.end, self.quote)


class Notebook:
    """The notes in one SQLite file, created on first use; raises StoreDamaged if it cannot be read or written."""

    def __init__(self, path: Path) -> None:
        self._file = SavedFile(path, _SCHEMA, "The notebook")

    def keep(self, citation: Citation, question: str = "") -> Note | None:
        """Keep a quote and return its note, or None if it is kept already."""
        note = Note(
            uuid4().hex, now(), question, "", citation.quote, citation.start, citation.end, citation.article
        )  # fmt: skip
        return note if self.restore(note) else None

    def restore(self, note: Note) -> bool:
        """Put a note in as it is, and return whether it was not there yet."""
        with self._file.open() as db:
            marks = ", ".join("?" * len(_COLUMNS.split(",")))
            return bool(db.execute(f"INSERT OR IGNORE INTO notes VALUES ({marks})", _row(note)).rowcount)

    def list(self) -> list[Note]:
        """Return the notes, newest first."""
        with self._file.open() as db:
            rows = db.execute(f"SELECT {_COLUMNS} FROM notes ORDER BY kept DESC, id").fetchall()
        with self._file.meant():
            return [_note(*row) for row in rows]

    def remark(self, key: str, text: str) -> None:
        """Set what the reader says about a note; raises UnknownNote."""
        with self._file.open() as db:
            _expect(db.execute("UPDATE notes SET remark = ? WHERE id = ?", (plain(text), key)), key)

    def delete(self, key: str) -> None:
        """Delete a note; raises UnknownNote."""
        with self._file.open() as db:
            _expect(db.execute("DELETE FROM notes WHERE id = ?", (key,)), key)


def notes_markdown(notes: Iterable[Note]) -> str:
    """Return notes as Markdown: a section for each article with its reference, and in it the quotes in their order."""
    in_order = sorted(notes, key=lambda note: (note.article.title, note.article.id, note.start))
    sections = [_section(list(group)) for _, group in groupby(in_order, key=lambda note: note.article.id)]
    return "\n".join(["# Notes\n", *sections]) if sections else "# Notes\n\nNo quotes are kept yet.\n"


def reference_line(article: Reference) -> str:
    """Return publisher, day and address or source of an article, on one line."""
    parts = (publisher_of(article), day(article.published) or "undated", article.url or article.source)
    return ", ".join(part for part in parts if part)


def _section(notes: Sequence[Note]) -> str:
    article = notes[0].article
    head = (
        f"## {as_markdown(_flat(article.title or article.source))}\n\n{as_markdown(_flat(reference_line(article)))}\n"
    )
    return "\n".join([head, *map(_entry, notes)])


def _entry(note: Note) -> str:
    place = f"article {note.article.id}, characters {note.start}–{note.end}, kept {note.kept[:10]}"
    asked = f"Asked: {_flat(note.question)} " if note.question else ""
    remark = f"{as_markdown(_flat(note.remark))}\n\n" if note.remark else ""
    return f"> {as_markdown(quoted(note.quote))}\n\n{remark}*{as_markdown(f'{asked}({place})')}*\n"


def _flat(text: str) -> str:
    return " ".join(text.split())


def _row(note: Note) -> tuple[object, ...]:
    a = note.article
    texts = (note.id, note.kept, plain(note.question), plain(note.remark), plain(note.quote), note.start, note.end)
    return (*texts, a.id, *(plain(text) if text is not None else None for text in _named(a)))


def _named(article: Reference) -> tuple[str | None, ...]:
    return article.source, article.url, article.title, article.publisher, article.published


def _note(key: str, kept: str, question: str, remark: str, quote: str, start: int, end: int, *article: str) -> Note:
    texts(key, kept, question, remark, quote, *article)
    return Note(key, kept, question, remark, quote, int(start), int(end), Reference(*article))


def _expect(cursor: sqlite3.Cursor, key: str) -> None:
    if not cursor.rowcount:
        raise UnknownNote(f"There is no note {key}.", "It may have been deleted in another window.")
