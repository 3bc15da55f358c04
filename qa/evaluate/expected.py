"""The expected answer of each row. Only the evaluation sees it; the assistant gets nothing but the question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from qa.batch_input import OWN, Row
from vectorstore.articles import Reference
from vectorstore.errors import UsageError
from vectorstore.urls import page_of

FIELDS = "articles, answer, gold, answerable"
IGNORABLE = tuple(name for name in OWN if name not in {"id", "question"})
_ARTICLES = frozenset({"a", "an", "the"})
_WORD = re.compile(r"\d+(?:[.:]\d+)*|[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Expected:
    """The articles that hold the answer, each with all its names; accepted answers; patterns that must all match.

    `answerable` is None if the row does not say whether the archive has the answer; abstention is then not judged.
    """

    articles: tuple[frozenset[str], ...] = ()
    answers: tuple[str, ...] = ()
    gold: tuple[re.Pattern[str], ...] = ()
    answerable: bool | None = None
    kind: str = ""

    @property
    def checkable(self) -> bool:
        """Whether a text can be checked for the answer."""
        return bool(self.answerable and (self.answers or self.gold))

    def told(self, texts: Sequence[str]) -> bool:
        """Return whether one of the texts holds an accepted answer, and each pattern matches one of them."""
        whole = [spaced(text) for text in texts]
        answered = not self.answers or any(f" {_bare(answer)} " in text for answer in self.answers for text in whole)
        return answered and all(any(pattern.search(text) for text in texts) for pattern in self.gold)


@dataclass(frozen=True, slots=True)
class Case:
    """A row to ask and its expected answer; `name` is its id, or its position in the files."""

    name: str
    row: Row
    expected: Expected


def cases(rows: Iterable[Row], ignore: Sequence[str] = (), kind: str = "", place: str = "") -> list[Case]:
    """Return the rows as cases, without the fields in `ignore`; `kind` is the default kind.

    Raises UsageError for the first invalid row, naming its line.
    """
    return [_case(row, ignore, kind, place) for row in rows]


def names(article: Reference) -> frozenset[str]:
    """Return the names of an article in a row: source, URL, id, and its file name with and without extension."""
    path = PurePosixPath(article.source.replace("\\", "/"))
    file = () if "://" in article.source else (path.name, path.stem)
    return frozenset(filter(None, (article.source, article.url, article.id, *file)))


def comparable(names: Iterable[str]) -> frozenset[str]:
    """Return the forms in which names of articles are compared; URLs of one page are equal."""
    return frozenset(page_of(name) or name for name in names)


def spaced(text: str) -> str:
    """Return the words of a text between single spaces, without case, punctuation and English articles.

    This follows SQuAD's scorer (Rajpurkar et al., EMNLP 2016), but compares whole words and keeps 3.5 and 35 apart.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    joined = re.sub(r"(?<=\d),(?=\d{3})|(?<=\b[^\W\d_])\.(?=[^\W\d_]\b)|[’']", "", folded)  # 1,000; U.S.; Tony’s
    return f" {' '.join(word for word in _WORD.findall(joined) if word not in _ARTICLES)} "


def _bare(answer: str) -> str:
    return spaced(answer).strip() or "\0"  # an answer without words matches nothing


def _case(row: Row, ignore: Sequence[str], kind: str, place: str) -> Case:
    where = f"{place}:{row.line}" if place else f"line {row.line}"
    try:
        asked = replace(row, fields={key: value for key, value in row.fields.items() if key not in ignore})
        asked.question()
        return Case(str(row.key) if row.key is not None else where, asked, _expected(row.fields, kind))
    except UsageError as error:
        hint = error.hint or f"A row has a question, and any of: {FIELDS}."
        raise UsageError(f"{where}: {error.message}", hint) from None


def _expected(fields: Mapping[str, Any], kind: str) -> Expected:
    get = fields.get
    articles = tuple(_named(entry) for entry in _entries(get("articles") or get("sources")))
    answers = tuple(_text(entry, "answer") for entry in _entries(get("answer")))
    gold = tuple(_pattern(entry) for entry in _entries(get("gold")))
    known = bool(articles or answers or gold)
    return Expected(articles, answers, gold, _answerable(get("answerable"), known), str(get("kind") or kind))


def _entries(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [] if value in (None, "") else [value]


def _named(entry: Any) -> frozenset[str]:
    """An article, or alternatives to choose from."""
    return frozenset(_text(name, "articles") for name in (entry if isinstance(entry, list) else [entry]))


def _text(value: Any, field: str) -> str:
    if isinstance(value, (str, int, float)) and not isinstance(value, bool) and str(value).strip():
        return str(value)
    raise UsageError(f"{field} must be a text or a list of texts, not {value!r}.")


def _pattern(value: Any) -> re.Pattern[str]:
    try:
        return re.compile(_text(value, "gold"), re.IGNORECASE)
    except re.error as error:
        raise UsageError(f"gold has an invalid pattern: {value} ({error}).") from None


def _answerable(value: Any, known: bool) -> bool | None:
    said = {"true": True, "false": False}.get(value.strip().lower(), value) if isinstance(value, str) else value
    if said in (None, ""):
        return True if known else None
    if not isinstance(said, bool):
        raise UsageError(f"answerable must be true or false, not {value!r}.")
    return said
