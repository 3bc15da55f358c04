"""What comes in and goes out over HTTP and MCP, for their schemas: the JSON itself is made by `qa.render`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from qa.assistant import LONGEST

THIRTY_ONE, THIRTY = "(0[13578]|1[02])(-(0[1-9]|[12][0-9]|3[01]))?", "(0[469]|11)(-(0[1-9]|[12][0-9]|30))?"
DAY = f"^[1-9][0-9]{{3}}(-({THIRTY_ONE}|{THIRTY}|02(-(0[1-9]|[12][0-9]))?))?$"
WORDS = r"[\p{L}\p{N}]"  # a question has a letter or a figure
SEEN = r"[^\s\x1c-\x1f]"  # a glob has more than space
Day = Annotated[str, Field(pattern=DAY, description="YYYY, YYYY-MM or YYYY-MM-DD.", examples=["2022-06"])]
Asked = Annotated[str, Field(pattern=WORDS, max_length=LONGEST, examples=["Who said what?"])]
Glob = Annotated[str, Field(pattern=SEEN, max_length=1000)]
Number = Annotated[int, Field(ge=0)]


class Given(BaseModel):
    """What a client sends: nothing but what is known."""

    model_config = ConfigDict(extra="forbid")


class Scoped(Given):
    """Which articles are meant."""

    publisher: str | None = Field(None, max_length=300, description="Only articles of this publisher.")
    since: Day | None = Field(None, description="Only articles published on or after this day.")
    until: Day | None = Field(None, description="Only articles published on or before this day.")
    source: list[Glob] = Field([], max_length=20, description="Only articles whose source or URL matches a glob.")


class EarlierQuote(BaseModel):
    """A quote under an earlier answer."""

    quote: str = Field(max_length=8_000)


class EarlierTurn(BaseModel):
    """An earlier question with what answered it: a whole reply will do."""

    question: Asked
    answer: str | None = Field(None, max_length=20_000)
    citations: list[EarlierQuote] | None = Field(None, max_length=50)


class AskRequest(Scoped):
    """A question, the turns before it, and which articles may answer."""

    question: Asked
    history: list[EarlierTurn | Asked] = Field([], max_length=20, description="Earlier turns, oldest first.")
    asked: Day | None = Field(None, description="The day of asking; today where none is given.")
    as_typed: bool = Field(False, strict=True, description="Take the question word for word.")


class SearchRequest(Scoped):
    """What to search for."""

    q: Asked = Field(description="What to search for.")
    k: int = Field(10, ge=1, le=200, description="The most passages.")


class ArticlesRequest(Scoped):
    """Which articles to list."""

    q: str = Field("", max_length=300, description="Words that title or source must have.")
    limit: int = Field(100, ge=1, le=1000, description="The most articles.")
    offset: int = Field(0, ge=0, le=2**31, description="How many articles to pass over.")


class Problem(BaseModel):
    """What went wrong, and what to do about it."""

    error: str
    hint: str


class SpanOut(BaseModel):
    """A half-open span, in code points of the article's text."""

    start: Number
    end: Number


class Named(BaseModel):
    """What names an article."""

    source: str
    url: str | None
    title: str
    publisher: str | None
    published: str | None = Field(description="YYYY, YYYY-MM or YYYY-MM-DD.")


class CitationOut(Named):
    """A quote, word for word as it stands in the article; `answers` are the words of it that answer."""

    number: int
    article: str
    start: Number
    end: Number
    quote: str
    answers: list[SpanOut]


class SentenceOut(BaseModel):
    """A sentence of an answer, and what came of comparing it with the passages."""

    text: str
    verdict: Literal["supported", "wrong source", "unsupported"]
    citations: list[int]


class CopyOut(BaseModel):
    """Another article with the same text."""

    article: str
    source: str
    url: str | None


class EvidenceOut(BaseModel):
    """A passage, named by its article and its place there."""

    article: str
    source: str
    url: str | None
    title: str
    start: Number
    end: Number
    score: float
    also: list[CopyOut]


class HitOut(EvidenceOut):
    """A passage with its text."""

    published: str | None
    text: str


class UsageOut(BaseModel):
    """The tokens of a language model."""

    prompt: int
    completion: int
    cached: int


class AnswerOut(BaseModel):
    """An answer with its citations, as `qa ask --json` prints it; `answered` is false for an abstention."""

    id: Any = Field(None, description="The id of a batch's row.")
    question: str
    answered: bool
    answer: str | None
    answerer: str
    citations: list[CitationOut]
    sentences: list[SentenceOut]
    unanswered: list[str]
    rewritten: str | None
    confidence: float
    passages: list[EvidenceOut]
    usage: UsageOut | None
    notice: str
    status: Literal["ok", "error"]
    error: str | None
    seconds: float
    input: dict[str, Any]


class ListedOut(Named):
    """An article in a list."""

    id: str
    passages: int


class ListingOut(BaseModel):
    """A part of the articles, newest first, and how many there are in all."""

    total: int
    articles: list[ListedOut]


class BlockOut(SpanOut):
    """A paragraph, heading or caption."""

    kind: Literal["paragraph", "heading", "caption"]


class ArticleOut(Named):
    """An article with its text."""

    id: str
    section: str | None
    author: str | None
    language: str | None
    ingested: str
    found: dict[str, str]
    blocks: list[BlockOut]
    text: str


class BatchOut(BaseModel):
    """A batch and how far it is: uploading its questions again continues one that stopped."""

    id: str
    status: Literal["waiting", "running", "done", "stopped", "failed"]
    done: Number
    total: Number
    error: str | None


class HealthOut(BaseModel):
    """Whether the archive can be asked."""

    status: Literal["ok"]
    version: str
