"""The layout of an answer: a block for each quote, and under it who published it, when."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from qa.dates import spelled
from qa.marks import Marked, join
from qa.publishers import publisher_of
from qa.types import Answer, Citation, Statement, gap, run_together
from vectorstore.articles import Reference, counted

BYLINE = "— "  # what the line under a quote begins with
UNDATED = "undated"
MARKS = (("“", "”"), ('"', '"'), ("«", "»"))  # around a quote, the first that it does not hold itself
OPENING = ("“", "‘", '"', "«", "„", "「")
LIKELY = 0.7  # confidence from which an answer is called so
SIGNATURES = {"extractive": "Answered by quoting", "archive": "Answered by the archive’s own list"}
TITLE = 80  # characters of a title that stands in for a publisher
MARKER = re.compile(r"\[(\d+)\]")
QUOTED_WHOLE = re.compile(r"[\"“‘']([^\"“”]*)[\"”’']")


def pieces(citations: Sequence[Citation]) -> Iterator[str]:
    """Yield the answer quote by quote, a block each; quotes of one article share the line that says whose they are."""
    opening = ""
    for _, group in groupby(citations, key=lambda citation: citation.article.id):
        *others, last = group
        for citation in others:
            yield f"{opening}{shown(citation).text} [{citation.number}]"
            opening = "\n"
        source = f"{BYLINE}{_without_markers(attribution(last.article))}"
        foot = f" [{last.number}]\n{source}" if others else f"\n{source} [{last.number}]"
        yield f"{opening}{shown(last).text}{foot}"
        opening = "\n\n"


def shown(citation: Citation) -> Marked:
    """Return the quote as it stands in an answer; the words that answer are marked."""
    line = citation.marked.on_one_line()
    left, right = _around(line.text)
    return join("", (left, Marked(_without_markers(line.text), line.spans), right))


def marked(answer: Answer, spell: Callable[[Statement], str] = lambda statement: statement.text) -> Marked:
    """Return the text of an answer, in which the words that answer are marked; `spell` writes a sentence.

    An abstention, and an answer that was saved without its sentences, come as they are.
    """
    said = [statement for statement in answer.sentences if statement.shown]
    if answer.text != run_together(statement.text for statement in said):
        return Marked(answer.text)
    cited = {citation.number: citation for citation in answer.citations}
    parts: list[Marked | str] = []
    for one in said:
        text = spell(one)
        parts += [gap(text) if parts else "", _told(text, [cited[n] for n in one.citations if n in cited])]
    return join("", parts)


def _told(said: str, citations: Sequence[Citation]) -> Marked:
    """A sentence, marked where it is the quote of its citation: composed again, and so never found elsewhere."""
    quote = shown(citations[0]) if len(citations) == 1 else Marked("")
    head = said[: len(said) - len(said.lstrip("\n"))]
    if not (quote.spans and said.startswith(f"{head}{quote.text}")):
        return Marked(said)
    return join("", (head, quote, said[len(head) + len(quote.text) :]))


def quoted(quote: str) -> str:
    """Return the quote on one line, in quotation marks; one that begins with a quotation stands as it is."""
    line = " ".join(quote.split())
    left, right = _around(line)
    return f"{left}{line}{right}"


def _around(line: str) -> tuple[str, str]:
    if line.startswith(OPENING):
        return "", ""
    return next((marks for marks in MARKS if not set(marks) & set(line)), MARKS[0])


def _without_markers(text: str) -> str:
    """The text without what looks like one of our markers: a number in brackets that an article brings along."""
    return MARKER.sub(r"(\1)", text)


def attribution(article: Reference) -> str:
    """Return who published an article and when: Press TV, 6 October 2017; without a publisher its title."""
    who = publisher_of(article) or f"“{short(article.title) or short(article.source)}”"
    return f"{who}, {spelled(article.published) if article.published else UNDATED}"


def short(title: str) -> str:
    """Return a title on one line, without quotation marks around all of it, cut at a word to TITLE characters."""
    line = " ".join(title.split())
    whole = QUOTED_WHOLE.fullmatch(line)
    line = (whole[1] if whole else line).replace("“", "‘").replace("”", "’")
    if len(line) <= TITLE:
        return line
    return line[:TITLE].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"


def counts(answer: Answer) -> str:
    """Return what an answer rests on: “3 quotes · 2 articles”."""
    articles = len({citation.article.page for citation in answer.citations})
    return f"{counted(len(answer.citations), 'quote')} · {counted(articles, 'article')}"


def signature(answer: Answer) -> str:
    """Return who answered: “Answered by quoting”, or by a language model, which is named."""
    return SIGNATURES.get(answer.answerer, f"Answered by {answer.answerer}")


def certainty(answer: Answer) -> str:
    """Return how sure an answer is, in a word."""
    return "likely" if answer.confidence >= LIKELY else "unsure"
