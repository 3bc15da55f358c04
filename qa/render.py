"""Answers, hits and articles as other programs and as people read them."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from qa.answer.compose import marked, shown
from qa.dates import spelled
from qa.marks import Marked, join, listed
from qa.publishers import publisher_of
from qa.sanitize import clean, line, line_marked, spelled_out
from qa.types import Answer, Citation, IngestReport, closest
from vectorstore.articles import Article, Hit, Listing, Reference
from vectorstore.checks import Check


def answer_json(answer: Answer, key: str | None = None, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return an answer as `ask --json` and `batch` write it."""
    return {
        "id": key,
        "question": answer.question,
        "answered": answer.answered,
        "answer": answer.text,
        "answerer": answer.answerer,
        "citations": [citation_json(citation) for citation in answer.citations],
        "sentences": [asdict(sentence) for sentence in answer.sentences],
        "unanswered": list(answer.unanswered),
        "rewritten": answer.rewritten,
        "confidence": round(answer.confidence, 4),
        "passages": [_evidence(hit) for hit in answer.passages],
        "usage": asdict(answer.usage) if answer.usage else None,
        "notice": answer.notice,
        "status": "ok",
        "error": None,
        "seconds": answer.seconds,
        "input": dict(given or {}),
    }


def failed_json(question: str, error: str, key: str | None, given: Mapping[str, Any], answerer: str) -> dict[str, Any]:
    """Return the row of a question that failed."""
    return {
        "id": key,
        "question": question,
        "answered": False,
        "answer": None,
        "answerer": answerer,
        "citations": [],
        "sentences": [],
        "unanswered": [],
        "rewritten": None,
        "confidence": 0.0,
        "passages": [],
        "usage": None,
        "notice": "",
        "status": "error",
        "error": error,
        "seconds": 0.0,
        "input": dict(given),
    }


def citation_json(citation: Citation) -> dict[str, Any]:
    """Return a citation with its article's name, link and date."""
    article = citation.article
    return {
        "number": citation.number,
        "article": article.id,
        **_named_fields(article),
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "answers": listed(citation.answers),
    }


def _named_fields(article: Reference | Article) -> dict[str, Any]:
    """What names an article in every output but for its id."""
    return {name: getattr(article, name) for name in ("source", "url", "title", "publisher", "published")}


def _evidence(hit: Hit) -> dict[str, Any]:
    """A passage without its text, which start and end name."""
    return {
        "article": hit.article.id,
        "source": hit.article.source,
        "url": hit.article.url,
        "title": hit.article.title,
        "start": hit.start,
        "end": hit.end,
        "score": round(hit.score, 4),
        "also": [_copy(other) for other in hit.also],
    }


def hit_json(hit: Hit) -> dict[str, Any]:
    """Return a passage as `search --json` lists it."""
    return _evidence(hit) | {"published": hit.article.published, "text": hit.text}


def _copy(article: Reference) -> dict[str, Any]:
    return {"article": article.id, "source": article.source, "url": article.url}


def report_json(report: IngestReport) -> dict[str, Any]:
    """Return what an ingest did, as `ingest --json` prints it."""
    return {
        **report.counts,
        "failed": [{"source": failure.source, "reason": failure.reason} for failure in report.failed],
        "articles": report.articles,
        "passages": report.passages,
        "seconds": report.seconds,
    }


def answer_text(answer: Answer, *, unsupported: bool = False, search: str = "qa search") -> str:
    """Return an answer as people read it where nothing can be marked."""
    return answer_marked(answer, unsupported=unsupported, search=search).text


def answer_marked(answer: Answer, *, unsupported: bool = False, search: str = "qa search") -> Marked:
    """Return an answer with its numbered sources and their quotes, or an abstention with the closest passages.

    The words that answer are marked. Below stand the parts of the question that are not answered, with `unsupported`
    what was left out, and what else a reader should know. `search` is what the reader looks closer with.
    """
    said = _sourced(answer) if answer.answered else Marked(_abstained(answer, search))
    blocks = ["\n".join(f"Not answered: {line(part)}" for part in answer.unanswered)]
    left_out = [f"  ✗ {line(said.text, 2000)}" for said in answer.sentences if not said.shown]
    if unsupported and left_out:
        blocks += ["\n".join(["Left out, as no passage supports it:", *left_out])]
    return join("\n\n", [said, *(block for block in [*blocks, line(answer.notice, 2000)] if block)])


def _sourced(answer: Answer) -> Marked:
    text = marked(answer)
    rows = [line_marked(row, 20_000) for row in text.split("\n")]
    sources = (source(one, quoted=shown(one).text not in text.text) for one in answer.citations)
    return join("\n", [*rows, "", *sources])


def source(citation: Citation, *, quoted: bool = True) -> Marked:
    """Return a numbered source with its link, as it stands under an answer; `quoted` with its quote."""
    head = f"[{citation.number}] {named(citation.article)}"
    quote = (join("", ("    “", line_marked(citation.marked, 2000), "”")),) if quoted else ()
    return join("\n", (head, *quote, f"    {_link(citation)}"))


def _abstained(answer: Answer, search: str) -> str:
    hits = [answer.passages[at] for at in closest(answer.passages)]
    if not hits:
        return answer.text
    offered = [f"  · {named(hit.article)}" for hit in hits]
    closer = f"Look closer: {search} {shlex.quote(line(answer.rewritten or answer.question, 200))}"
    return "\n".join([answer.text, "", "Closest, but not an answer:", *offered, "", closer])


def hit_text(number: int, hit: Hit, longest: int = 400) -> str:
    """Return a passage as `search` prints it, with at most so many characters of its text."""
    also = f" (also: {len(hit.also)})" if hit.also else ""
    head = f"{number}. {named(hit.article)}{also}  {hit.score:.3f}"
    return f"{head}\n   {line(hit.text, longest)}\n   {line(_place(hit.article))}"


def named(article: Reference) -> str:
    """Return an article's title, publisher and date on one line."""
    date = spelled(article.published) if article.published else "undated"
    parts = (article.title or article.source, publisher_of(article), date)
    return " — ".join(line(part) for part in parts if part)


def _link(citation: Citation) -> str:
    return line(_place(citation.article), 2000)


def _place(article: Reference) -> str:
    return article.url or article.source


def listing_json(listing: Listing) -> dict[str, Any]:
    """Return an article as `articles --json` lists it."""
    article = listing.article
    return {
        "id": article.id,
        **_named_fields(article),
        "passages": listing.passages,
    }


def article_json(article: Article, ingested: str) -> dict[str, Any]:
    """Return an article as `show --json` prints it."""
    return {
        "id": article.id,
        **_named_fields(article),
        "section": article.section,
        "author": article.author,
        "language": article.language,
        "ingested": ingested,
        "found": dict(article.found),
        "blocks": [{"start": block.start, "end": block.end, "kind": block.kind} for block in article.blocks],
        "text": article.text,
    }


def article_text(article: Article, ingested: str) -> str:
    """Return an article as `show` prints it: what is known and how it was found, then the text."""
    facts = ("title", "publisher", "section", "author", "language", "published", "url")
    known = [
        f"{name}: {line(value)}" + (f"  ({line(how)})" if (how := article.found.get(name)) else "")
        for name in facts
        if (value := getattr(article, name))
    ]
    head = [f"id: {article.id}", f"source: {line(article.source, 2000)}", *known, f"ingested: {ingested}"]
    return "\n".join([*head, "", clean(article.text)])


def checks_json(checks: Iterable[Check]) -> list[dict[str, Any]]:
    """Return the doctor's findings."""
    return [{"name": c.name, "ok": c.ok, "detail": c.detail, "hint": c.hint} for c in checks]


def check_text(check: Check) -> str:
    """Return one finding of the doctor on a line, its way out below."""
    sign = "ok  " if check.ok else "FAIL"
    return line(f"{sign} {check.name}: {check.detail}", 1000) + (f"\n     {line(check.hint)}" if check.hint else "")


def dumped(value: Any) -> str:
    """Return JSON on one line: letters of all alphabets as they are, what a terminal would obey escaped."""
    return spelled_out(json.dumps(value, ensure_ascii=False), lambda character: json.dumps(character)[1:-1])
