"""What an archive must find and quote, computed from the tables of its ledger in the plainest way."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.faults.together import asking
from qa.batch.run import answer_row
from qa.batch_input import Row
from tests.fakes import FakeEmbedder
from vectorstore import index_check
from vectorstore.doctor import examine
from vectorstore.folder import opened
from vectorstore.fulltext import anyof
from vectorstore.generations import Generations
from vectorstore.index import Choice
from vectorstore.reconcile import agrees
from vectorstore.sqlite import FILE
from vectorstore.store import Store

NEAREST = 10
MISSED = 2
CLOSE = 2e-4  # cosines are told with four digits
KINDS: tuple[Choice, ...] = ("exact", "auto")
WORD = re.compile(r"[^\W_]+")
OWN = {"key", "ingested", "article"}  # columns whose values each archive has of its own
TABLES: Mapping[str, str] = {  # what is stored of an article
    "articles": "SELECT * FROM articles ORDER BY id",
    "originals": "SELECT a.id, o.* FROM originals o JOIN articles a ON key = article ORDER BY a.id",
    "sentences": "SELECT a.id, s.* FROM sentences s JOIN articles a ON key = article ORDER BY a.id, ord",
    "passages": """SELECT a.id AS of, ord, start, stop, first, last, fingerprint
        FROM passages p JOIN articles a ON key = article ORDER BY a.id, ord""",
    "vectors": "SELECT a.id, v.* FROM vectors v JOIN articles a ON key = article ORDER BY a.id",
}


@dataclass(frozen=True, slots=True)
class Truth:
    """An archive's passages by id: their vectors, their words, and the texts of the articles by theirs."""

    ids: tuple[int, ...]
    vectors: npt.NDArray[np.float32]
    words: Mapping[int, frozenset[str]]
    texts: Mapping[str, str]

    @classmethod
    def of(cls, archive: Path) -> Truth:
        """Read the tables of the ledger with sqlite3 alone."""
        sql = """SELECT p.id, p.ord, p.start, p.stop, a.id, a.title, a.publisher, a.text, v.data
            FROM passages p JOIN articles a ON a.key = p.article JOIN vectors v ON v.article = a.key ORDER BY p.id"""
        with closing(sqlite3.connect(archive / FILE)) as database:
            rows = database.execute(sql).fetchall()
            texts = dict(database.execute("SELECT id, text FROM articles"))
        size = 4 * FakeEmbedder().dimension
        data = b"".join(row[8][row[1] * size : (row[1] + 1) * size] for row in rows)
        vectors = np.frombuffer(data, np.float32).reshape(len(rows), -1 if rows else FakeEmbedder().dimension)
        said = {row[0]: " ".join([row[5], row[6] or "", row[7][row[2] : row[3]]]) for row in rows}
        words = {passage: frozenset(WORD.findall(text.casefold())) for passage, text in said.items()}
        return cls(tuple(row[0] for row in rows), vectors, words, texts)

    def unlike(self, found: Collection[tuple[int, float]], vector: npt.NDArray[np.float32], kind: Choice) -> str | None:
        """Return what is wrong with the nearest passages that a search found; Chroma may miss a few, as graphs do."""
        true = dict(zip(self.ids, (self.vectors @ vector).tolist(), strict=True))
        if strange := [passage for passage, _ in found if passage not in true]:
            return f"found what is not in the ledger: {strange}"
        best = sorted(true.values(), reverse=True)[:NEAREST]
        near = sum(true[passage] >= best[-1] - CLOSE for passage, _ in found)
        missed = 0 if kind == "exact" else MISSED
        wrong = len(found) != len(best) or near < len(best) - missed
        wrong = wrong or any(abs(cosine - true[passage]) > CLOSE for passage, cosine in found)
        return f"the nearest are {best}, found were {found}" if wrong else None


def troubles(archive: Path, questions: Collection[str]) -> Iterator[str]:
    """Ask and search as a user would, exactly and through Chroma, and yield what is not as the tables say."""
    truth = Truth.of(archive)
    for kind in KINDS:
        with Store.open(archive, index=kind, threshold=0) as store:
            for question in questions:
                vector = FakeEmbedder().embed_query(question)
                if wrong := truth.unlike(store.dense(vector, NEAREST), vector, kind):
                    yield f"{kind} search for {question!r}: {wrong}"
                for word in WORD.findall(question.casefold()):
                    found = {passage for passage, _ in store.lexical(anyof([word]), len(truth.ids) + 1)}
                    if found != (true := {one for one in truth.ids if word in truth.words[one]}):
                        yield f"the word {word!r} stands in {sorted(true)}, found in {sorted(found)}"
                yield from _unquoted(truth, answer_row(asking(store), Row(1, None, question)))


def _unquoted(truth: Truth, row: Mapping[str, object]) -> Iterator[str]:
    citations = row["citations"]
    if row["status"] != "ok" or not isinstance(citations, list):
        yield str(row["error"])
        return
    for cited in citations:
        text = truth.texts.get(cited["article"], "")
        if text[cited["start"] : cited["end"]] != cited["quote"]:
            yield f"not verbatim: {cited['quote']}"


def unsound(archive: Path) -> Iterator[str]:
    """Yield what the doctor finds wrong, but for Chroma."""
    checks = islice(examine(archive), 6)  # the seventh would start a process
    yield from (f"{one.name}: {one.detail}" for one in checks if not one.ok)


def unequal(archive: Path, copied: Path) -> Iterator[str]:
    """Yield the tables in which two archives differ, read with sqlite3 alone."""
    yield from (
        f"the copy has other {name}" for name, sql in TABLES.items() if _rows(archive, sql) != _rows(copied, sql)
    )


def _rows(archive: Path, sql: str) -> list[dict[str, object]]:
    with closing(sqlite3.connect(archive / FILE)) as database:
        found = database.execute(sql)
        names = [column[0] for column in found.description]
        return [{name: value for name, value in zip(names, row, strict=True) if name not in OWN} for row in found]


def unlike_the_ledger(archive: Path) -> Iterator[str]:
    """Yield how Chroma differs from the ledger, if it is said to agree."""
    with closing(opened(archive)) as ledger:
        name = Generations(archive).current if agrees(ledger) else None
    if name and not (found := index_check.examine(archive, name)).sound:
        yield str(found)
