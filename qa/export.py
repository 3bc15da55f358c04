"""Exports of answers and conversations as Markdown, HTML and JSON, every footnote with its quote."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from qa.answer.compose import marked, signature
from qa.dates import spelled
from qa.marks import Marked, listed
from qa.markup import as_html, as_markdown
from qa.sanitize import line, web_address
from qa.types import Answer, Citation
from vectorstore.articles import Filter, Reference, counted
from vectorstore.errors import AppError
from vectorstore.filters import day_bounds

if TYPE_CHECKING:
    from qa.conversations import (
        Conversation,
        SavedTurn,
    )  # imports SQLite, which screens need later than days and filters


def day(published: str | None) -> str:
    """Return YYYY, YYYY-MM or YYYY-MM-DD in words ("6 October 2017"), anything else unchanged, and None as ""."""
    try:
        day_bounds(published or "")
    except ValueError:
        return published or ""
    return spelled(published or "")


def reference(article: Reference) -> str:
    """Return an article in one line: publisher, title, date, and URL or source."""
    title = f"“{article.title}”" if article.title else ""
    parts = (article.publisher, title, day(article.published), article.url or article.source)
    return ", ".join(part for part in parts if part)


def quotation(citation: Citation) -> str:
    """Return a quote with its reference, ready to paste into a text."""
    return f"“{citation.quote}”\n— {reference(citation.article)}"


def answer_markdown(answer: Answer, prefix: str = "") -> str:
    """Return the answer as Markdown with footnotes, the words that answer in bold.

    `prefix` keeps the footnote labels of several answers apart.
    """
    return footnoted_markdown(marked(answer), answer.citations, remarks(answer), prefix)


def footnoted_markdown(text: Marked | str, citations: Sequence[Citation], said: Sequence[str], prefix: str = "") -> str:
    """Return a text with markers as Markdown, then the remarks, then the footnotes."""
    cited = {citation.number for citation in citations}

    def label(number: str) -> str:
        return f"[^{prefix}{number}]" if int(number) in cited else f"[{number}]"

    body = as_markdown(text, label)
    notes = (f"[^{prefix}{c.number}]: “{as_markdown(c.marked.on_one_line())}” — {_note(c.article)}" for c in citations)
    return "\n\n".join([body, *(f"*{as_markdown(remark)}*" for remark in said), *notes]) + "\n"


def remarks(answer: Answer) -> list[str]:
    """Return the remarks about an answer: what is not answered, how the question was understood, who answered."""
    found = [f"Not answered: {part}" for part in answer.unanswered]
    if answer.rewritten:
        found.append(f"Understood as: {answer.rewritten}")
    return [_flat(remark) for remark in (*found, f"{signature(answer)}. {answer.notice}")]


def conversation_markdown(conversation: Conversation) -> str:
    """Return the whole conversation as Markdown, each answer followed by its footnotes."""
    parts = [f"# {as_markdown(_flat(conversation.title or 'Conversation'))}\n"]
    for number, turn in enumerate(conversation.turns, 1):
        parts.append(f"## {as_markdown(_flat(turn.question))}\n")
        if scope := describe(turn.filter):
            parts.append(f"*{as_markdown(scope)}*\n")
        parts.append(answer_markdown(turn.answer, f"{number}-") if turn.answer else "*(no answer)*\n")
    return "\n".join(parts)


def conversation_html(conversation: Conversation) -> str:
    """Return the whole conversation as one self-contained HTML page."""
    title = as_html(conversation.title or "Conversation")
    turns = "\n".join(_turn_html(number, turn) for number, turn in enumerate(conversation.turns, 1))
    return Template(_PAGE).substitute(title=title, turns=turns)


def conversation_json(conversation: Conversation) -> str:
    """Return the whole conversation as JSON: every field of every turn, with citations as shown."""
    whole = asdict(conversation)
    for citation in (c for turn in whole["turns"] if turn["answer"] for c in turn["answer"]["citations"]):
        citation["answers"] = listed(citation["answers"])
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def formats() -> Mapping[str, Callable[[Conversation], str]]:
    """Return the export functions by file extension."""
    return {"md": conversation_markdown, "html": conversation_html, "json": conversation_json}


def write_new(path: Path, text: str) -> Path:
    """Write a text into a new file, never over another; raises AppError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", errors="replace") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise AppError(f"{path} is already there.", "Choose another name.") from error
    except OSError as error:
        raise AppError(f"{line(str(path))} cannot be written: {error.strerror}.", "Choose another folder.") from error
    return path


def describe(scope: Filter) -> str:
    """Return a filter in words, "" if it is empty."""
    parts: list[str] = []
    if scope.publishers:
        parts.append(f"published by {' or '.join(scope.publishers)}")
    if scope.since:
        parts.append(f"since {day(scope.since)}")
    if scope.until:
        parts.append(f"until {day(scope.until)}")
    parts.extend(f"source {source}" for source in scope.sources)
    if scope.articles:
        parts.append(counted(len(scope.articles), "chosen article"))
    return ", ".join(parts)


def _note(article: Reference) -> str:
    address = f" <{article.url}>" if _is_web(article.url) else f" {as_markdown(article.url or article.source)}"
    shown = ", ".join(p for p in (article.publisher, article.title, day(article.published)) if p)
    return as_markdown(_flat(shown)) + ("," if shown else "") + address


def _is_web(url: str | None) -> bool:
    return bool(url and web_address(url) and not re.search(r"[<>\"'\\]", url))


def _flat(text: str) -> str:
    return " ".join(text.split())


def _turn_html(number: int, turn: SavedTurn) -> str:
    question = f"<h2>{as_html(turn.question)}</h2>"
    scope = f'<p class="scope">{as_html(describe(turn.filter))}</p>' if turn.filter else ""
    if turn.answer is None:
        return f'<section>{question}{scope}<p class="none">No answer.</p></section>'
    kind = "" if turn.answer.answered else ' class="none"'
    body = _footnoted_html(marked(turn.answer), turn.answer.citations, remarks(turn.answer), number, kind)
    return f"<section>{question}{scope}{body}</section>"


def footnoted_page(title: str, text: Marked | str, citations: Sequence[Citation], said: Sequence[str]) -> str:
    """Return a text with markers and its footnotes as one self-contained HTML page."""
    body = f"<section>{_footnoted_html(text, citations, said, 1)}</section>"
    return Template(_PAGE).substitute(title=as_html(title), turns=body)


def _footnoted_html(
    text: Marked | str, citations: Sequence[Citation], said: Sequence[str], number: int, kind: str = ""
) -> str:
    cited = {citation.number for citation in citations}

    def link(marker: str) -> str:
        return f'<sup><a href="#n{number}-{marker}">[{marker}]</a></sup>' if int(marker) in cited else f"[{marker}]"

    body = as_html(text, link).replace("\n\n", "</p><p>").replace("\n", "<br>")
    notes = "".join(_citation_html(number, citation) for citation in citations)
    remarked = "".join(f'<p class="scope">{as_html(remark)}</p>' for remark in said)
    return f"<p{kind}>{body}</p>{remarked}<ol>{notes}</ol>"


def _citation_html(turn: int, citation: Citation) -> str:
    article = citation.article
    shown = as_html(", ".join(p for p in (article.publisher, article.title, day(article.published)) if p))
    where = as_html(article.url or article.source)
    address = f'<a href="{where}" rel="noreferrer">{where}</a>' if _is_web(article.url) else f"<code>{where}</code>"
    quote = as_html(citation.marked)
    return f'<li id="n{turn}-{citation.number}" value="{citation.number}"><q>{quote}</q><br>{shown}<br>{address}</li>'


_PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
body { font: 17px/1.55 Georgia, serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem; color: #222 }
h1 { font-size: 1.6rem } h2 { font-size: 1.15rem; margin-top: 2.5rem } a { color: #23527c }
ol { font-size: .85rem; color: #444; border-top: 1px solid #ccc; padding-top: .8rem } li { margin: .5rem 0 }
.none, .scope { color: #777; font-style: italic } code { overflow-wrap: anywhere }
:target { background: #fff3c4 }
@media (prefers-color-scheme: dark) { body { background: #16181d; color: #ddd } ol { color: #aaa; border-color: #444 }
a { color: #8ab4f8 } :target { background: #3a3520 } }
</style>
<h1>$title</h1>
$turns
</html>
"""
