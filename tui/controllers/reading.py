"""Reading: what the sources pane shows, and what one does with a source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from textual.message import Message

from qa.export import answer_markdown, quotation
from qa.ingest.sources import file_of
from qa.sanitize import web_address
from tui import clipboard
from tui.controllers.context import Context
from tui.widgets.article import TypesetArticle, typeset
from tui.widgets.exchange import Exchange
from tui.widgets.sourcelist import Group, Source, cited, found
from tui.widgets.verdicts import listing
from vectorstore.articles import Article, Reference
from vectorstore.errors import UnknownArticle

CHANGED = "The article has changed since: it no longer holds these words at this place."
GONE = "This article is no longer in the archive. The quote was:"


@dataclass
class BrowserCopied(Message):
    """The browser has taken the text that it was given to copy, or has not."""

    done: bool


class ReadingController:
    """Shows the sources of one answer, and takes out of them what the reader wants."""

    def __init__(self, context: Context) -> None:
        self._context, self._panes = context, context.panes
        self.chosen: Exchange | None = None  # the exchange whose sources are shown
        self._given = ""  # what the browser was given to copy and has not answered for

    def look_at(self, exchange: Exchange, number: int | None = None, passage: int | None = None) -> None:
        """Make this exchange the one whose sources are shown; `number` is a marker, `passage` a place in the list."""
        self.chosen = exchange
        for other in self._panes.view.exchanges:
            other.set_class(other is exchange, "chosen")
        title, groups = self._groups(exchange)
        number = number or (
            exchange.answer.citations[0].number if exchange.answer and exchange.answer.citations else None
        )
        exchange.choose(number)
        pane = self._panes.sources
        pane.fill(title, groups)
        if any(group.sources for group in groups):
            pane.choose_at(passage) if passage is not None else pane.choose(number)
            self._check(exchange)
        else:
            pane.clear()

    def forget(self) -> None:
        """Show the sources of no exchange."""
        self.chosen = None
        self._panes.sources.clear()

    def _groups(self, exchange: Exchange) -> tuple[str, list[Group]]:
        answer = exchange.answer
        if answer is None:
            return "Found so far", [Group("", found(exchange.passages))]
        if not answer.answered:
            return "Closest, but not an answer", [Group("", found(answer.passages))]
        shown = {(c.article.id, c.start) for c in answer.citations}
        others = [s for s in found(answer.passages) if (s.article.id, s.start) not in shown]
        return "Sources", [Group("", cited(answer)), Group("Also found", others, folded=True)]

    def _check(self, exchange: Exchange) -> None:
        """Mark the citations that the archive no longer bears out."""
        if exchange.answer is None or self._context.services is None:
            return
        from qa.conversations import stale  # SQLite costs 15 ms, which the first frame must not wait for

        sources, archive = cited(exchange.answer), self._context.archive

        def text_of(key: str) -> str | None:
            try:
                return archive.article(key).text
            except UnknownArticle:
                return None

        self._context.fetch(
            "stale",
            lambda: [source for source in sources if stale(source.citation, text_of)],
            self._panes.sources.mark_stale,
        )

    def open(self, source: Source, to_read: bool) -> None:
        """Fetch and show the article of a source; go there where it is `to_read`."""
        if to_read:
            self._panes.show_article()
        if self._context.services is None:
            return
        archive, width = self._context.archive, self._panes.sources.text_width
        if source.number and self.chosen is not None:
            self.chosen.choose(source.number)

        def work() -> tuple[TypesetArticle | None, str]:
            try:
                return _open(archive.article(source.article.id), source, width)
            except UnknownArticle:
                return None, f"{GONE}\n“{source.quote}”" if source.quote else GONE.partition(" The quote")[0]

        self._context.fetch("article", work, lambda result: self._panes.sources.show(source, *result))

    def choose(self, exchange: Exchange, number: int | None, to_read: bool) -> None:
        """Look at the exchange's source of this marker; go to the article where it is `to_read`."""
        if exchange is not self.chosen:
            self.look_at(exchange, number)
        elif number is not None:
            exchange.choose(number)
            self._panes.sources.choose(number)
        if to_read:
            self._panes.show_article()

    def choose_passage(self, exchange: Exchange, at: int) -> None:
        """Look at a passage that was offered in place of an answer."""
        self.look_at(exchange, passage=at)
        self._panes.show("sources")

    def go_to_neighbour(self, exchange: Exchange, step: int) -> None:
        """Go to the exchange `step` further on; after the last one stands the prompt."""
        exchanges = self._panes.view.exchanges
        at = exchanges.index(exchange) + step
        if 0 <= at < len(exchanges):
            exchanges[at].focus()
        elif at == len(exchanges):
            self._panes.prompt.focus()

    def read(self, article: Reference) -> None:
        """Show an article of the archive."""
        self.read_at(Source(article))

    def read_at(self, source: Source) -> None:
        """Show an article of the archive at a place."""
        self._panes.sources.look_at(source)
        self._panes.show_article()

    def open_source(self) -> None:
        """Open the chosen source in the browser, or its file."""
        source = self._panes.sources.current
        if source is None:
            self._context.say("There is no source to open.", warning=True)
            return
        address = web_address(source.article.url) or _file(source.article.source)
        if address is None:
            self._context.say("This source has no link, and its file is not there.", warning=True)
        elif self._context.screen.app.is_web and address.startswith("file:"):  # no page may open one
            self._context.say(f"The source is a file of the machine that runs qa web: {address}", warning=True)
        else:
            self._context.screen.app.open_url(address)
            self._context.say(f"Opening {address}")

    def copy_quote(self) -> None:
        """Copy the quote with its reference."""
        source = self._panes.sources.current
        if source is None or not source.quote:
            self._context.say("There is no quote to copy.", warning=True)
        else:
            self.copy(quotation(source.citation), "quote")

    def copy_answer(self) -> None:
        """Copy the answer as Markdown with its footnotes."""
        if self.chosen is None or self.chosen.answer is None:
            self._context.say("There is no answer to copy.", warning=True)
        else:
            self.copy(answer_markdown(self.chosen.answer), "answer")

    def list_left_out(self) -> None:
        """List the sentences of the chosen answer that no source bears out, and those that bear a sign."""
        found = listing(self.chosen.sentences) if self.chosen is not None else None
        if found:
            self._context.dialogs.report("Sentences left out", found)
        else:
            self._context.say("No sentence of this answer was left out.")

    def list_left_out_of(self, exchange: Exchange) -> None:
        """Make this exchange the chosen one and list what was left out of its answer."""
        self.look_at(exchange)
        self.list_left_out()

    def copy(self, text: str, what: str) -> None:
        """Copy a text by every way there is, and say which; in a browser by its own, which answers."""
        settings, app = self._context.settings, self._context.screen.app
        if app.is_web:  # any other way fills the clipboard of the machine that serves
            self._given = what
            app.copy_to_clipboard(text)
            return
        self._context.fetch("copy", lambda: clipboard.copy(text, settings), lambda held: self._copied(text, what, held))

    def browser_copied(self, done: bool) -> None:
        """Say whether the browser has taken what it was given."""
        given, self._given = self._given, ""
        if given:  # and not a text that the reader selected
            self._context.say(f"Copied the {given}." if done else f"The browser did not copy the {given}.", not done)

    def _copied(self, text: str, what: str, held: str) -> None:
        asked = clipboard.terminal_copies()
        if asked:
            self._context.screen.app.copy_to_clipboard(text)
        unsure = " The terminal was asked to copy it too, and does not tell whether it did." if asked else ""
        self._context.say(f"The {what} is in {held}.{unsure}" if held else f"Copied the {what}.")

    def list_related(self) -> None:
        """List other articles of the same story under the sources."""
        source = self._panes.sources.current
        if source is None:
            self._context.say("Choose a source first.", warning=True)
            return
        archive = self._context.archive
        self._context.fetch(
            "related", lambda: archive.related(source.article.id), lambda related: self._relate(source, related)
        )

    def _relate(self, source: Source, related: Sequence[Reference]) -> None:
        if not related:
            self._context.say("The archive holds no other article of this story.")
            return
        title, groups = self._groups(self.chosen) if self.chosen else ("Sources", [Group("", [source])])
        self._panes.sources.fill(title, [Group("Same story", [Source(article) for article in related]), *groups])
        self._panes.sources.choose_at(0)
        self._panes.show("sources")


def _open(article: Article, source: Source, width: int) -> tuple[TypesetArticle, str]:
    """Typeset the article at the source's quote, wherever that stands now."""
    if not source.quote:
        return typeset(article, (), width), ""
    start, end = source.start, source.end
    if article.text[start:end] == source.quote:
        return typeset(article, ((start, end),), width, source.answers), ""
    elsewhere = article.text.find(source.quote)
    if elsewhere >= 0:
        moved = [(a - start + elsewhere, b - start + elsewhere) for a, b in source.answers]
        span = (elsewhere, elsewhere + len(source.quote))
        return typeset(article, (span,), width, moved), "The article has changed since."
    return typeset(article, (), width), f"{CHANGED}\n“{source.quote}”"


def _file(source: str) -> str | None:
    path = Path(file_of(source))
    try:
        return path.as_uri() if path.is_absolute() and path.is_file() else None
    except (OSError, ValueError):
        return None
