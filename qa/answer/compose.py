"""The words around the quotes: who published what, when."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from qa.dates import spelled
from qa.marks import Marked, join
from qa.types import Answer, Citation, Statement
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
            yield _without_markers(opening) + shown(citation).text


def shown(citation: Citation) -> Marked:
    """Return the quote as it stands in an answer, with its marker behind it; the words that answer are marked."""
    line = citation.marked.on_one_line()
    left, right = _around(line.text)
    return join("", (left, Marked(_without_markers(line.text), line.spans), f"{right} [{citation.number}]"))


def marked(answer: Answer, spell: Callable[[Statement], str] = lambda statement: statement.text) -> Marked:
    """Return the text of an answer, in which the words that answer are marked; `spell` writes a sentence.

    An abstention, and an answer that was saved without its sentences, come as they are.
    """
    said = [statement for statement in answer.sentences if statement.shown]
    if answer.text != " ".join(statement.text for statement in said):
        return Marked(answer.text)
    cited = {citation.number: citation for citation in answer.citations}
    return join(" ", (_told(spell(one), [cited[n] for n in one.citations if n in cited]) for one in said))


def _told(said: str, citations: Sequence[Citation]) -> Marked:
    """A sentence, marked where it ends in the quote of its citation: composed again, and so never found elsewhere."""
    if len(citations) == 1:
        quote = shown(citations[0])
        if said.endswith(quote.text):
            return join("", (said[: len(said) - len(quote.text)], quote))
    return Marked(said)


def quoted(quote: str) -> str:
    """Return the quote on one line in marks that it does not hold itself, if there are such."""
    line = " ".join(quote.split())
    left, right = _around(line)
    return f"{left}{line}{right}"


def _around(line: str) -> tuple[str, str]:
    for left, right in ('""', "“”", "«»"):
        if left not in line and right not in line:
            return left, right
    return '"', '"'


def _without_markers(text: str) -> str:
    """The text without what looks like one of our markers: a number in brackets that an article brings along."""
    return MARKER.sub(r"(\1)", text)


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
