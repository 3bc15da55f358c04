"""The tools: what each takes and gives, and the few lines over the archive between."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field

from qa.query_notes import left_out, outside
from qa.render import answer_json, answer_text, article_json, hit_json, hit_text, listing_json, named
from qa.sanitize import line
from qa.serve.models import (
    ArticlesRequest,
    Asked,
    AskRequest,
    CitationOut,
    Given,
    HitOut,
    ListingOut,
    Named,
    Number,
    Scoped,
)
from qa.serve.questions import filter_of, question_of
from qa.types import Answered, Progress
from qa.verify.report import SIGNS, reported
from qa.verify.statements import drafted, statements
from vectorstore.errors import UsageError

if TYPE_CHECKING:
    from qa.archive import Archive


LONGEST = 10_000  # characters of a passage that are shown


class PassagesRequest(Scoped):
    """What to search for."""

    query: Asked = Field(description="What to search for.")
    k: int = Field(10, ge=1, le=200, description="The most passages.")


class ReadRequest(Given):
    """An article, and the part of its text that is wanted."""

    article: str = Field(min_length=1, max_length=4000, description="Its id, the start of one, or its source.")
    start: int = Field(0, ge=0, le=2**31, description="Where the part begins, in characters.")
    length: int = Field(20_000, ge=1, le=100_000, description="The most characters to return.")


class VerifyRequest(Given):
    """A draft to hold against the archive."""

    text: str = Field(min_length=1, max_length=20_000, description="Sentences in plain text.")


class CitedAnswer(BaseModel):
    """An answer with its quotes; `answered` is false where the archive does not answer."""

    question: str
    answered: bool
    answer: str
    answerer: str
    citations: list[CitationOut]
    unanswered: list[str]
    rewritten: str | None
    confidence: float
    notice: str


class FoundPassages(BaseModel):
    """Passages, best first; `notice` says which articles the filter leaves out."""

    passages: list[HitOut]
    notice: str


class ArticlePart(Named):
    """A part of an article's text; `length` is that of the whole, in characters."""

    id: str
    start: Number
    end: Number
    length: Number
    text: str


class StatementOut(BaseModel):
    """A statement, what the archive says of it, and the quotes that decide."""

    text: str
    verdict: Literal["supported", "contradicted", "not_found"]
    confidence: float
    citations: list[CitationOut]


class DraftVerdicts(BaseModel):
    """What the archive says of each statement of a draft."""

    counts: dict[str, int]
    statements: list[StatementOut]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a tool came to: as a text for the model, and as structured content."""

    text: str
    content: Mapping[str, Any]


Step = Reply | Progress | None
Work = Callable[["Archive", Any], Iterator[Step]]


@dataclass(frozen=True, slots=True)
class ArchiveTool:
    """A tool: its name and what it is for, the forms of its arguments and of its reply, and its work.

    The work yields Progress or None where it may be stopped, and its reply at the end.
    """

    name: str
    title: str
    purpose: str
    takes: type[Given]
    gives: type[BaseModel]
    work: Work


def ask(archive: Archive, given: AskRequest) -> Iterator[Step]:
    """Answer a question."""
    for event in archive.stream(question_of(given)):
        if not isinstance(event, Answered):
            yield None
            continue
        whole = answer_json(event.answer)
        content = {name: whole[name] for name in CitedAnswer.model_fields}
        yield Reply(answer_text(event.answer, search="search"), content)


def search(archive: Archive, given: PassagesRequest) -> Iterator[Reply]:
    """Find passages."""
    scope = filter_of(given)
    hits = archive.search(given.query, given.k, filter=scope)
    notice = outside(archive.store, scope) or left_out(archive.store, scope)
    shown = [hit_text(number, hit, LONGEST) for number, hit in enumerate(hits, 1)] or ["No passages found."]
    content = {"passages": [hit_json(hit) for hit in hits], "notice": notice}
    yield Reply("\n".join(filter(None, [*shown, notice])), content)


def read_article(archive: Archive, given: ReadRequest) -> Iterator[Reply]:
    """Read an article, or a part of a long one."""
    article = archive.article(given.article)
    whole = article_json(article, "")
    start = min(given.start, len(article.text))
    text = article.text[start : start + given.length]
    place = {"id": article.id, "start": start, "end": start + len(text), "length": len(article.text), "text": text}
    known = (article.title or article.source, article.publisher, article.published)
    head = f"{line(' — '.join(filter(None, known)))}\nCharacters {start} to {start + len(text)} of {len(article.text)}:"
    yield Reply(f"{head}\n\n{text}", {name: whole[name] for name in Named.model_fields} | place)


def list_articles(archive: Archive, given: ArticlesRequest) -> Iterator[Reply]:
    """List articles, newest first."""
    listed = archive.articles(filter_of(given), given.q)
    part = listed[given.offset : given.offset + given.limit]
    rows = [f"{one.article.id}  {named(one.article)}" for one in part]
    content = {"total": len(listed), "articles": [listing_json(one) for one in part]}
    yield Reply("\n".join([*rows, f"{len(part)} of {len(listed)}."]), content)


def verify(archive: Archive, given: VerifyRequest) -> Iterator[Step]:
    """Hold each statement of a draft against the archive."""
    if "\0" in given.text:
        raise UsageError("The text holds a NUL character.", "Send plain text.")
    paragraphs = drafted(given.text, "text")
    rows = statements(paragraphs)
    findings = []
    for at, finding in enumerate(archive.verify(row.text for row in rows), 1):
        findings.append(finding)
        yield Progress("verify", at, len(rows))
    outcomes = [finding.outcome for finding in findings]
    shown = [{name: finding.json[name] for name in StatementOut.model_fields} for finding in findings]
    counts = {outcome.value: outcomes.count(outcome) for outcome in SIGNS}
    yield Reply(reported(paragraphs, findings).terminal().text, {"counts": counts, "statements": shown})


TOOLS = {
    tool.name: tool
    for tool in (
        ArchiveTool(
            "ask",
            "Ask the archive",
            "Answer a question from the archive with verbatim quotes, each with its article and offsets. If the "
            "archive has no answer, `answered` is false: say so, and do not guess.",
            AskRequest,
            CitedAnswer,
            ask,
        ),
        ArchiveTool(
            "search",
            "Search passages",
            "Find the passages nearest to a question, by meaning and by words, without an answer.",
            PassagesRequest,
            FoundPassages,
            search,
        ),
        ArchiveTool(
            "read_article",
            "Read an article",
            "Return an article’s text, to see a quote in its context. Long articles come in parts.",
            ReadRequest,
            ArticlePart,
            read_article,
        ),
        ArchiveTool(
            "list_articles",
            "List articles",
            "List the archive’s articles, newest first, by publisher, date, source or words of the title.",
            ArticlesRequest,
            ListingOut,
            list_articles,
        ),
        ArchiveTool(
            "verify",
            "Verify a text",
            "Check each statement of a text against the whole archive: supported, contradicted or not found, with the "
            "quotes that decide.",
            VerifyRequest,
            DraftVerdicts,
            verify,
        ),
    )
}
