"""Reading: what the sources pane shows, and what one does with a source."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual import on

from qa.export import answer_markdown, quotation
from qa.ingest.sources import file_of
from qa.sanitize import web_address
from tui import clipboard
from tui.screens.base import Desk
from tui.screens.dialogs import ReportDialog
from tui.widgets.article import ArticleView, TypesetArticle, typeset
from tui.widgets.exchange import Exchange
from tui.widgets.sources import Source, Sources, cited, found
from tui.widgets.verdicts import listing
from vectorstore.articles import Article, Reference
from vectorstore.errors import UnknownArticle

CHANGED = "The article has changed since: it no longer holds these words at this place."
GONE = "This article is no longer in the archive. The quote was:"


class Reading(Desk):
    """The part of the main screen that shows sources."""

    def look_at(self, exchange: Exchange, number: int | None = None, passage: int | None = None) -> None:
        """Make this exchange the one whose sources are shown; `number` is a marker, `passage` a place in the list."""
        self.chosen = exchange
        for other in self.view.exchanges:
            other.set_class(other is exchange, "chosen")
        title, groups = self._groups(exchange)
        number = number or (
            exchange.answer.citations[0].number if exchange.answer and exchange.answer.citations else None
        )
        exchange.choose(number)
        self.sources.fill(title, groups)
        if any(sources for _, sources in groups):
            self.sources.choose_at(passage) if passage is not None else self.sources.choose(number)
            self._check(exchange)
        else:
            self.sources.clear()

    def _groups(self, exchange: Exchange) -> tuple[str, list[tuple[str, Sequence[Source]]]]:
        answer = exchange.answer
        if answer is None:
            return "Found so far", [("", found(exchange.passages))]
        if not answer.answered:
            return "Closest, but not an answer", [("", found(answer.passages))]
        shown = {(c.article.id, c.start) for c in answer.citations}
        others = [s for s in found(answer.passages) if (s.article.id, s.start) not in shown]
        return "Sources", [("", cited(answer)), ("Also found", others)]

    def _check(self, exchange: Exchange) -> None:
        """Mark the citations that the archive no longer bears out."""
        if exchange.answer is None or self.services is None:
            return
        from qa.conversations import stale  # SQLite costs 15 ms, which the first frame must not wait for

        sources, archive = cited(exchange.answer), self.archive

        def text_of(key: str) -> str | None:
            try:
                return archive.article(key).text
            except UnknownArticle:
                return None

        self.fetch(
            "stale",
            lambda: [source for source in sources if stale(source.citation, text_of)],
            self.sources.mark_stale,
        )

    @on(Sources.Wanted)
    def _wanted(self, event: Sources.Wanted) -> None:
        source, width = event.source, self.sources.text_width
        if event.open:
            self.show_pane("sources")
            self.query_one(ArticleView).focus()
        if self.services is None:
            return
        archive = self.archive
        if source.number and self.chosen is not None:
            self.chosen.choose(source.number)

        def work() -> tuple[TypesetArticle | None, str]:
            try:
                return _open(archive.article(source.article.id), source, width)
            except UnknownArticle:
                return None, f"{GONE}\n“{source.quote}”" if source.quote else GONE.partition(" The quote")[0]

        self.fetch("article", work, lambda result: self.sources.show(source, *result))

    @on(Exchange.Chosen)
    def _chosen(self, event: Exchange.Chosen) -> None:
        if event.exchange is not self.chosen:
            self.look_at(event.exchange, event.number)
        elif event.number is not None:
            event.exchange.choose(event.number)
            self.sources.choose(event.number)
        if event.open:
            self.show_pane("sources")
            self.query_one(ArticleView).focus()

    @on(Exchange.Passage)
    def _passage(self, event: Exchange.Passage) -> None:
        self.look_at(event.exchange, passage=event.at)
        self.show_pane("sources")

    @on(Exchange.Neighbour)
    def _neighbour(self, event: Exchange.Neighbour) -> None:
        exchanges = self.view.exchanges
        at = exchanges.index(event.exchange) + event.step
        if 0 <= at < len(exchanges):
            exchanges[at].focus()
        elif at == len(exchanges):
            self.prompt.focus()

    def read(self, article: Reference) -> None:
        """Show an article of the archive."""
        self.show_pane("sources")
        self.sources.look_at(article)
        self.query_one(ArticleView).focus()

    def action_open_source(self) -> None:
        """Open the chosen source in the browser, or its file."""
        source = self.sources.current
        if source is None:
            self.say("There is no source to open.", warning=True)
            return
        address = web_address(source.article.url) or _file(source.article.source)
        if address is None:
            self.say("This source has no link, and its file is not there.", warning=True)
        else:
            self.app.open_url(address)
            self.say(f"Opening {address}")

    def action_copy_quote(self) -> None:
        """Copy the quote with its reference."""
        source = self.sources.current
        if source is None or not source.quote:
            self.say("There is no quote to copy.", warning=True)
        else:
            self.copy(quotation(source.citation), "quote")

    def action_copy_answer(self) -> None:
        """Copy the answer as Markdown with its footnotes."""
        if self.chosen is None or self.chosen.answer is None:
            self.say("There is no answer to copy.", warning=True)
        else:
            self.copy(answer_markdown(self.chosen.answer), "answer")

    def action_left_out(self) -> None:
        """List the sentences of the chosen answer that no source bears out, and those that bear a sign."""
        found = listing(self.chosen.sentences) if self.chosen is not None else None
        if found:
            self.app.push_screen(ReportDialog("Sentences left out", found))
        else:
            self.say("No sentence of this answer was left out.")

    @on(Exchange.LeftOut)
    def _left_out(self, event: Exchange.LeftOut) -> None:
        self.look_at(event.exchange)
        self.action_left_out()

    def copy(self, text: str, what: str) -> None:
        """Copy a text by every way there is, and say which."""
        self.fetch("copy", lambda: clipboard.copy(text, self.settings), lambda how: self._copied(text, what, how))

    def _copied(self, text: str, what: str, how: str) -> None:
        if clipboard.terminal_copies():
            self.app.copy_to_clipboard(text)
        self.say(f"Copied the {what}{how}.")

    def action_related(self) -> None:
        """List other articles of the same story under the sources."""
        source = self.sources.current
        if source is None or self.services is None:
            self.say("Choose a source first.", warning=True)
            return
        archive = self.archive
        self.fetch("related", lambda: archive.related(source.article.id), lambda related: self._relate(source, related))

    def _relate(self, source: Source, related: Sequence[Reference]) -> None:
        if not related:
            self.say("The archive holds no other article of this story.")
            return
        title, groups = self._groups(self.chosen) if self.chosen else ("Sources", [("", [source])])
        self.sources.fill(title, [("Same story", [Source(article) for article in related]), *groups])
        self.sources.choose_at(0)
        self.show_pane("sources")

    def show_pane(self, pane: str) -> None:
        """Bring a pane ("chat", "sources", "library") to the front where they don't all fit."""
        raise NotImplementedError

    def go_to_prompt(self) -> None:
        """Go back to the conversation and the prompt."""
        self.show_pane("chat")
        self.prompt.focus()


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
