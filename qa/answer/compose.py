"""The words around the quotes: who published what, when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from qa.dates import spelled
from qa.types import Citation
from vectorstore.articles import Reference

TITLE = 80  # characters of a title that stands in for a publisher
MARKER = re.compile(r"\[(\d+)\]")
QUOTED_WHOLE = re.compile(r"[\"“‘']([^\"“”]*)[\"”’']")


def pieces(citations: Sequence[Citation]) -> Iterator[str]:
    """Yield the answer sentence by sentence, each quote with its marker; joined by a space they are the answer.

    Neighbouring sentences of one article share the opening.
    """
    for _, group in groupby(citations, key=lambda citation: citation.article.id):
        for at, citation in enumerate(group):
            opening = f"According to {attribution(citation.article)}, " if at == 0 else ""
            # a number in brackets that an article brings along is not one of our markers
            yield MARKER.sub(r"(\1)", opening + quoted(citation.quote)) + f" [{citation.number}]"


def quoted(quote: str) -> str:
    """Return the quote on one line in marks that it does not hold itself, if there are such."""
    line = " ".join(quote.split())
    for left, right in ('""', "“”", "«»"):
        if left not in line and right not in line:
            return f"{left}{line}{right}"
    return f'"{line}"'


def attribution(article: Reference) -> str:
    """Return who published an article and when: Press TV (6 October 2017); without a publisher its title."""
    who = article.publisher or f"“{short(article.title) or short(article.source)}”"
    return f"{who} ({spelled(article.published)})" if article.published else who


def short(title: str) -> str:
    """Return a title on one line, without quotation marks around all of it, cut at a word to TITLE characters."""
    line = " ".join(title.split())
    whole = QUOTED_WHOLE.fullmatch(line)
    line = (whole[1] if whole else line).replace("“", "‘").replace("”", "’")
    if len(line) <= TITLE:
        return line
    return line[:TITLE].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"
