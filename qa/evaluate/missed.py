"""The misses on an evaluation's page: the question, what was expected, what was found and answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from qa.answer.compose import attribution
from qa.evaluate.outcomes import CaseOutcome, matches
from qa.evaluate.results import retrieved, why
from qa.sanitize import line, web_address
from qa.types import Citation
from vectorstore.articles import Reference

LONG = 1200  # characters of an answer or a quote


def misses(outcomes: Sequence[CaseOutcome]) -> Iterator[str]:
    """Yield the section of misses, grouped by cause, the most frequent first."""
    grouped: dict[str, list[CaseOutcome]] = {}
    for outcome in outcomes:
        if not outcome.good:
            grouped.setdefault(_cause(outcome), []).append(outcome)
    count = sum(map(len, grouped.values()))
    yield f"<h2>Misses</h2><p class='aside'>{count or 'None'} of {len(outcomes)} questions.</p>"
    for cause, missed in sorted(grouped.items(), key=lambda pair: -len(pair[1])):
        yield f"<details open><summary>{said(cause)} <span>({len(missed)})</span></summary>"
        yield from map(_miss, missed)
        yield "</details>"


def _cause(outcome: CaseOutcome) -> str:
    """The cause of a miss, without the rank."""
    return "it failed" if outcome.error else why(outcome).split(", though the article ranks")[0]


def said(text: str, limit: int = 300) -> str:
    """Return text from rows and articles ready for the page: cleaned, shortened, escaped."""
    return escape(line(text, limit), quote=True)


def _miss(o: CaseOutcome) -> str:
    about = [said(o.case.name), *([said(o.case.expected.kind)] if o.case.expected.kind else []), said(why(o))]
    if o.answer:
        about.append(f"confidence {o.answer.confidence:.2f}")
    rows = (("expected", _expected(o)), ("retrieved", _retrieved(o)), ("answer", _answer(o)), ("quotes", _quotes(o)))
    listed = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows if value)
    heading = f"<h3>{said(o.case.row.text, 600)}</h3>"
    return f"<div class='miss'>{heading}<div class='about'>{' · '.join(about)}</div><dl>{listed}</dl></div>"


def _expected(o: CaseOutcome) -> str:
    expected = o.case.expected
    if expected.answerable is False:
        return "no answer"
    parts = [f"“{said(answer)}”" for answer in expected.answers]
    parts += [f"<code>{said(pattern.pattern)}</code>" for pattern in expected.gold]
    articles = [_named(min(entry, key=len)) for entry in expected.articles if entry]
    return "<br>".join(filter(None, [", ".join(parts), *articles]))


def _named(name: str) -> str:
    """An article as a link, or as its name."""
    address = web_address(name)
    return f'<a href="{escape(address, quote=True)}">{said(name)}</a>' if address else said(name)


def _retrieved(o: CaseOutcome) -> str:
    rows = (_article(articles[0], bool(matches(o.case.expected, articles))) for articles in retrieved(o))
    return f"<ol>{''.join(rows)}</ol>" if o.answer and o.answer.passages else ""


def _article(article: Reference, right: bool) -> str:
    title, about = article.title or article.source, article.published or ""
    return f"<li{' class=hit' if right else ''}>{said(title, 140)} {said(about)}{' ✓' if right else ''}</li>"


def _answer(o: CaseOutcome) -> str:
    return said(o.answer.text, LONG) if o.answer and not o.answer.citations else ""


def _quotes(o: CaseOutcome) -> str:
    return "".join(_quote(citation) for citation in o.answer.citations) if o.answer else ""


def _quote(citation: Citation) -> str:
    source = said(attribution(citation.article))
    return f"<blockquote>{said(citation.quote, LONG)}<cite>[{citation.number}] {source}</cite></blockquote>"
