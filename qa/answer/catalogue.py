"""Questions for the archive itself: how many articles mention a thing, which are about it, what a paper reported."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa.answer.answerer import Outcome
from qa.answer.cite import verify
from qa.answer.compose import short
from qa.dates import spelled
from qa.export import describe
from qa.language.detect import language_of
from qa.publishers import publisher_of
from qa.retrieve.context import narrowed
from qa.retrieve.hints import FIRST, LAST, mentioned, period
from qa.types import Citation, Statement
from qa.words import content, keys
from vectorstore.articles import BlockKind, Filter, Listing, Publisher, Reference, counted
from vectorstore.ledger import Ledger

NONE = ("",)  # the filter to no article
LISTED = 20  # articles, at most; the count is always whole
SUMMED = "The articles are listed; nothing sums them up."
WORDS = 8  # of what is looked for, at most: more are another question
PRINTED = r"\s+(?:(?:that|which) )?(?:are |were |was |is )?(?:published |written |printed )?"
AROUND = r"^(?:(?:the|a|an|both)\s+)+|[“”\"«»]|(?<=\w)[’']s?$"


@dataclass(frozen=True, slots=True)
class CatalogueQuery:
    """Which articles are asked for: those of `filter` that have `what`, all of them where it is empty.

    `exact` asks for its words in a row; else they may stand apart. `counted` asks only how many there are, `summed`
    what they say.
    """

    what: str
    exact: bool
    filter: Filter
    counted: bool
    summed: bool = False


def wanted(text: str, publishers: Sequence[Publisher], asked: date | None = None) -> CatalogueQuery | None:
    """Return which articles a question asks the archive for; None for a question that articles have to answer."""
    language, chosen, bare = language_of(text), Filter(), text
    if time := period(f"articles {text}", asked):
        since, until = (None if day in (FIRST, LAST) else day for day in (time.since, time.until))
        chosen, bare = Filter(since=since, until=until), re.sub(PRINTED + re.escape(time.words), "", text)
    match = next(filter(None, (pattern.match(bare) for pattern in language.catalogue)), None)
    if not match:
        return None
    given = match.groupdict()
    what, by = given["what"] or "", given["by"] or ""
    if what and not by:
        what, by = _sourced(what, publishers)
    if by:
        if not (publisher := _publisher(by, publishers)):
            return None
        chosen = replace(chosen, publishers=(publisher,))
    what = re.sub(AROUND, "", what.strip(), flags=re.IGNORECASE).strip()
    if language.asking.search(what) or len(what.split()) > WORDS or (what and not content(what)):
        return None
    return CatalogueQuery(what, bool(given.get("exact")), chosen, bool(given.get("count")), bool(given.get("summed")))


def _sourced(what: str, publishers: Sequence[Publisher]) -> tuple[str, str]:
    """Part “Tessin from the Tessin Post” in two, where the archive has such a publisher."""
    for cut in re.finditer(PRINTED + r"(?:in|by|from)\s+", what):
        if _publisher(what[cut.end() :], publishers):
            return what[: cut.start()], what[cut.end() :]
    return what, ""


def _publisher(words: str, publishers: Sequence[Publisher]) -> str | None:
    found = mentioned(f"according to {words}", publishers)
    return found.publisher.called if found and len(found.words) == len(words) else None


def listed(asked: CatalogueQuery, ledger: Ledger, chosen: Filter) -> Outcome:
    """Return the archive's count and list, each article with a quote; `chosen` cuts what is looked at."""
    scope = narrowed(chosen, asked.filter)
    articles, how = _articles(asked, ledger, scope)
    shown = [] if asked.counted and not asked.what and not asked.filter else articles[:LISTED]
    citations = tuple(_citation(at, article, asked.what, ledger) for at, article in enumerate(shown, 1))
    rows = [Statement(f"\n\n{_row(c.article)} [{c.number}]", citations=(c.number,)) for c in citations]
    left = len(articles) - len(shown)
    cut = f"The newest {LISTED} are listed; qa articles lists all." if left and shown else ""
    notice = f"{SUMMED if asked.summed else ''} {cut}".strip()
    head = f"{counted(len(articles), 'article')}{how}{_within(asked.filter)}{':' if shown else '.'}"
    if not articles:
        head = head.replace("0 articles", "No article of the archive", 1)
    return Outcome("archive", (Statement(head), *rows), citations, confidence=1.0, notice=notice)


def _articles(asked: CatalogueQuery, ledger: Ledger, scope: Filter) -> tuple[list[Reference], str]:
    """The articles, newest first, a page that was saved twice once; and in words what they have."""
    phrase, words = (asked.what,) if asked.what else (), tuple(token.text for token in content(asked.what))
    tried = (phrase, words) if asked.exact else (words or phrase,)
    found = ((ways, _pages(ledger.articles(_having(ways, ledger, scope)))) for ways in tried)
    ways, pages = next((one for one in found if one[1]), (tried[0], []))
    verb = ("mention", "mentions") if ways == phrase else ("have the words", "has the words")
    had = f" {verb[len(pages) < 2]} {', '.join(f'“{way}”' for way in ways)}" if ways else ""
    return pages, had


def _pages(listings: Sequence[Listing]) -> list[Reference]:
    """The articles in their order, of those of one page the first."""
    once: dict[str, Reference] = {}
    for listing in listings:
        once.setdefault(listing.article.page, listing.article)
    return list(once.values())


def _having(ways: Sequence[str], ledger: Ledger, scope: Filter) -> Filter:
    """The filter to the articles that have all of these words, each in a row, in title or text."""
    if not ways:
        return scope
    having = set.intersection(*(set(ledger.containing(way, ("title", "body"))) for way in ways))
    return replace(scope, articles=tuple(sorted(having & set(scope.articles) if scope.articles else having)) or NONE)


def _citation(number: int, article: Reference, what: str, ledger: Ledger) -> Citation:
    """Quote the sentence of an article that has most of what is looked for, the first of several."""
    text = ledger.article(article.id).text
    sentences = [one for one in ledger.sentences(article.id) if one.kind is BlockKind.PARAGRAPH] or ledger.sentences(
        article.id
    )
    sought, squashed = {token.key for token in content(what)}, " ".join(what.lower().split())

    def has(start: int, end: int) -> tuple[bool, int]:
        quote = text[start:end]
        return squashed in " ".join(quote.lower().split()), len(sought & keys(quote))

    best = max(sentences, key=lambda one: has(one.start, one.end))
    citation = Citation(number, article, best.start, best.end, text[best.start : best.end])
    verify(citation, text)
    return citation


def _row(article: Reference) -> str:
    """An article on a line: its title, publisher and day; brackets would be taken for footnotes."""
    day = spelled(article.published) if article.published else "undated"
    said = " — ".join(filter(None, (short(article.title) or article.source, publisher_of(article), day)))
    return said.replace("[", "(").replace("]", ")")


def _within(chosen: Filter) -> str:
    return f" ({describe(chosen)})" if chosen else ""
