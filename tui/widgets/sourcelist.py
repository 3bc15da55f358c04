"""The list of sources: the quotes of each article under its title, and what was found besides folded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from qa.sanitize import line
from qa.types import Answer, Citation
from tui.find import holds
from tui.widgets.names import MUTED, byline, name_of
from vectorstore.articles import EVERYTHING, Filter, Hit, Reference, counted
from vectorstore.filters import publisher_key

SNIPPET = 160  # characters of a quote
TICK = "☑ "  # before an article that the next question is asked of
FOLD = "fold"


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of the list: an article and, where there is one, the span that matters; `number` is its marker.

    `answers` are the spans of its words that answer.
    """

    article: Reference
    start: int = 0
    end: int = 0
    quote: str = ""
    number: int | None = None
    stale: bool = False
    answers: tuple[tuple[int, int], ...] = ()

    @property
    def citation(self) -> Citation:
        """The entry in the form that is copied."""
        return Citation(self.number or 0, self.article, self.start, self.end, self.quote, self.answers)


@dataclass(frozen=True, slots=True)
class Group:
    """Sources under a heading, "" for none; a folded group is listed when the reader unfolds it."""

    heading: str
    sources: Sequence[Source]
    folded: bool = False


def cited(answer: Answer) -> list[Source]:
    """Return the citations of an answer as sources."""
    return [Source(c.article, c.start, c.end, c.quote, c.number, answers=c.answers) for c in answer.citations]


def found(passages: Sequence[Hit]) -> list[Source]:
    """Return passages as sources."""
    return [Source(hit.article, hit.start, hit.end, hit.text) for hit in passages]


class SourceList(OptionList):
    """The list of sources; each is known by its place among those that were given."""

    HELP = (
        "The sources of the chosen answer: the quotes of each article under its title. Up and Down show each at its "
        "place; Enter goes to the article, and unfolds what was found besides. o opens the link, y copies the quote "
        "with its reference, n keeps it in the notebook, r lists other articles of the same story; f and p tick the "
        "article and its publisher in and out of the next question; / keeps those that have the words you type."
    )

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, markup=False, compact=True)
        self._groups: Sequence[Group] = ()
        self._unfolded = False
        self._scope = EVERYTHING
        self._stale: AbstractSet[tuple[str, int, int]] = frozenset()
        self._sought = ""
        self.sources: list[Source] = []

    def lay_out(self, groups: Sequence[Group]) -> None:
        """List these groups."""
        self._groups, self._unfolded, self._stale, self._sought = groups, False, frozenset(), ""
        self.sources = [source for group in groups for source in group.sources]
        self._draw()

    def tick(self, scope: Filter) -> None:
        """Tick the articles that the filter names, themselves or by their publisher."""
        if scope != self._scope:
            self._scope = scope
            self._redraw()

    def mark_stale(self, gone: AbstractSet[tuple[str, int, int]]) -> None:
        """Mark the quotes that are no longer where they were."""
        if gone:
            self._stale = gone
            self._redraw()

    def unfold(self) -> None:
        """List the folded groups too, or fold them again."""
        self._unfolded = not self._unfolded
        self._redraw()

    def reveal(self, at: int) -> None:
        """Highlight the `at`-th source, which may be in a folded group."""
        if self._sought or not self._lists(at):
            self._sought, self._unfolded = "", self._unfolded or not self._lists(at)
            self._draw()
        self.highlighted = self.get_option_index(f"s{at}")

    def at(self, key: str | None) -> Source | None:
        """Return the source of an entry, None for the one that unfolds."""
        return self.sources[int(key[1:])] if key and key != FOLD else None

    def narrow(self, sought: str) -> int:
        """List only the entries that have the sought words, all for none; return how many there are."""
        if sought != self._sought:
            self._sought = sought
            self._draw()
        return sum(not option.disabled for option in self.options)

    def on_click(self, event: events.Click) -> None:
        """Take a click on a title for one on the first quote under it."""
        clicked = event.style.meta.get("option")
        if clicked is not None and self.options[clicked].disabled:
            under = (at for at in range(clicked, self.option_count) if not self.options[at].disabled)
            self.highlighted = next(under, self.highlighted)
            self.action_select()

    def _holds(self, source: Source) -> bool:
        """Whether a source has the sought words: its quote, or its article's title, publisher and day."""
        shown = f"{name_of(source.article)} {byline(source.article)} {source.quote}"
        return not self._sought or holds(shown, self._sought)

    def _lists(self, at: int) -> bool:
        folded = sum(len(group.sources) for group in self._groups if group.folded)
        return self._unfolded or at < len(self.sources) - folded

    def _redraw(self) -> None:
        """List again, the same entry highlighted."""
        option = self.highlighted_option
        self._draw()
        if option is not None and option.id in {one.id for one in self.options}:
            self.highlighted = self.get_option_index(option.id or "")

    def _draw(self) -> None:
        self.clear_options().add_options(list(self._entries()))

    def _entries(self) -> Iterator[Option]:
        first = 0
        for group in self._groups:
            numbered = [one for one in enumerate(group.sources, first) if self._holds(one[1])]
            first += len(group.sources)
            folded = group.folded and not (self._unfolded or self._sought)
            if group.folded and numbered:
                yield Option(_fold(group, folded), id=FOLD)
            elif group.heading and numbered:
                yield Option(Content(group.heading), disabled=True)
            yield from () if folded else self._by_article(numbered)

    def _by_article(self, numbered: Sequence[tuple[int, Source]]) -> Iterator[Option]:
        articles = {source.article.id: source.article for _, source in numbered}
        for key, article in articles.items():
            own = [(at, source) for at, source in numbered if source.article.id == key]
            title = _title(article, self._ticked(article))
            if not any(source.quote for _, source in own):  # nothing but the article itself
                yield Option(title, id=f"s{own[0][0]}")
                continue
            yield Option(title, disabled=True)
            yield from (Option(self._snippet(source), id=f"s{at}") for at, source in own)

    def _ticked(self, article: Reference) -> bool:
        wanted = {publisher_key(name) for name in self._scope.publishers}
        return article.id in self._scope.articles or publisher_key(article.publisher) in wanted

    def _snippet(self, source: Source) -> Content:
        marker = Content.styled(f"[{source.number}]", "bold $accent") if source.number else Content.styled(" · ", "dim")
        gone = source.stale or (source.article.id, source.start, source.end) in self._stale
        stale = Content.styled("changed since · ", "$warning") if gone else Content("")
        return Content.assemble(" ", marker, " ", stale, Content.styled(line(source.quote, SNIPPET), MUTED))


def _title(article: Reference, ticked: bool) -> Content:
    tick = Content.styled(TICK, "bold $accent") if ticked else Content("")
    return Content.assemble(
        tick, Content.styled(name_of(article, 120), "bold $foreground"), "\n", f" {byline(article)}"
    )


def _fold(group: Group, folded: bool) -> Content:
    articles = len({source.article.id for source in group.sources})
    counts = f"{counted(len(group.sources), 'passage')} of {counted(articles, 'article')}"
    return Content.assemble("▸ " if folded else "▾ ", (group.heading, "bold"), f" · {counts}")
