"""The development figures of a reader over what the product retrieves, and the weights that are chosen by them.

What is retrieved is kept in the work folder, so that models are compared over the very same passages. A quote is right
as shared/eval/news_score.py says it.
"""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.reader.data import plain, rows
from qa.answer.examine import about
from qa.assistant import READ, Assistant
from qa.reader.exact import lacks, particulars
from qa.reader.packaged import Look, PackagedReader
from qa.reader.reading import text_of
from qa.types import Question, Turn
from vectorstore.articles import Hit

FALSE = 0.12  # of the answerable questions refused, at which figures are compared
LOOKED = 24  # sentences of a question that are kept


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A question of the development files as it was understood, with the passages that were found for it."""

    row: Mapping[str, Any]
    asked: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a question's evidence: both scores, what its article and passage lack, whether it is right."""

    late: float
    close: float
    article: tuple[int, int, int]
    passage: tuple[int, int, int]
    page: str
    right: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A question with its sentences, likeliest first by late interaction."""

    row: Mapping[str, Any]
    sentences: tuple[Sentence, ...]
    absent: bool = False

    @property
    def sort(self) -> str:
        """What kind of question it is, as the scorer names them."""
        if self.row["answerable"]:
            return "absent" if self.absent else "answerable"
        altered = self.row.get("altered")
        return "relation" if altered == "relation" else "altered" if altered else "near"


def retrieved(assistant: Callable[[], Assistant], shared: Path, work: Path, limit: int | None) -> list[Retrieved]:
    """Return the development questions with their passages, from the work folder where they are kept."""
    cache = work / "retrieved.pickle"
    if cache.is_file():
        kept: list[Retrieved] = pickle.loads(cache.read_bytes())
        return kept
    folder, asks = shared / "data/reader", assistant()
    asked = [*rows(folder / "questions_dev.jsonl"), *rows(folder / "altered_dev.jsonl")]
    found = [_retrieved(asks, row) for row in asked[:: (len(asked) // limit if limit else 1) or 1]]
    cache.write_bytes(pickle.dumps(found))
    return found


def _retrieved(assistant: Assistant, row: Mapping[str, Any]) -> Retrieved:
    history = tuple(Turn(turn, ()) for turn in row.get("history", ()))
    query, hits = assistant.evidence(Question(row["question"], history))
    return Retrieved(row, query.text, hits)


def absent(found: Sequence[Retrieved], urls: Collection[str]) -> list[Retrieved]:
    """Return the questions that these articles answer, with what is found for them without the articles."""
    gone = [one for one in found if one.row["answerable"] and one.row["articles"][0] in urls]
    left = [replace(one, hits=tuple(hit for hit in one.hits if hit.article.url not in urls)) for one in gone]
    return [one for one in left if not any(_answers(one.row, hit) for hit in one.hits)]


def _answers(row: Mapping[str, Any], hit: Hit) -> bool:
    words = plain(row.get("answer", ""))
    return bool(words) and f" {words} " in f" {plain(hit.text)} "


def right(row: Mapping[str, Any], golds: Sequence[str], url: str | None, quote: str) -> bool:
    """Tell whether a quote is right: it has the answer's words, or is of the article and holds the evidence."""
    words, answer = plain(quote), plain(row.get("answer", ""))
    if len(answer) > 1 and f" {answer} " in f" {words} ":
        return True
    if url not in row.get("articles", ()):
        return False
    return any(gold in words or (words in gold and len(words) > 0.5 * len(gold)) for gold in golds)


def seen(reader: PackagedReader, one: Retrieved, stories: Mapping[str, str], texts: Mapping[str, str]) -> Seen:
    """Return a question as a reader sees it; `stories` are the dump's texts by URL, `texts` the archive's by id."""
    row = one.row
    golds = _golds(row, stories) if row["answerable"] else []
    asked = particulars(one.asked)
    looks = reader.looks(one.asked, one.hits[:READ], sure=math.inf)  # weights are chosen by all that may be looked at
    return Seen(row, tuple(_sentence(row, golds, look, asked, texts) for look in looks[:LOOKED]))


def _golds(row: Mapping[str, Any], stories: Mapping[str, str]) -> list[str]:
    text = stories[row["articles"][0]]
    return [plain(text[a:b]) for a, b in [*row["evidence"], *row.get("also", [])]]


def _sentence(
    row: Mapping[str, Any], golds: Sequence[str], look: Look, asked: Any, texts: Mapping[str, str]
) -> Sentence:
    hit = look.place.hit
    article = lacks(asked, about(hit.article, texts[hit.article.id]))
    passage = lacks(asked, about(hit.article, hit.text))
    quote = text_of(hit, look.place.sentence)
    return Sentence(
        look.late,
        look.close,
        (article.whole, article.part, article.apart),
        (passage.whole, passage.part, passage.apart),
        hit.article.page,
        row["answerable"] and right(row, golds, hit.article.url, quote),
    )
