"""The filter: which part of the archive the next questions are about. It is saved with the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tui.controllers.context import Context
from tui.widgets.chrome import without
from tui.widgets.names import name_of
from vectorstore.articles import Filter, Reference


class FilteringController:
    """Keeps the filter and shows it as chips."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._titles: dict[str, str] = {}
        self.scope = Filter()

    def learn_titles(self, articles: Sequence[Reference]) -> None:
        """Remember how to name these articles in a chip."""
        self._titles.update({one.id: name_of(one) for one in articles})

    def set(self, scope: Filter, save: bool = True) -> None:
        """Ask only this part of the archive from now on."""
        context, panes, key = self._context, self._context.panes, self._context.talk.id
        self.scope = scope
        panes.chips.show(scope, self._titles)
        panes.sources.tick(scope)
        panes.status.status = replace(panes.status.status, filtered=bool(scope))
        if save and key is not None and context.services is not None:
            conversations = context.conversations
            context.fetch("filter", lambda: conversations.set_filter(key, scope), lambda _: None)

    def edit(self) -> None:
        """Have the user change the filter."""
        scope, ask = self.scope, self._context.dialogs.filter
        self._context.fetch(
            "publishers", self._context.archive.publishers, lambda publishers: ask(scope, publishers, self.set)
        )

    def clear(self) -> None:
        """Ask the whole archive again."""
        self.set(Filter())

    def toggle_article(self) -> None:
        """Tick the article that is shown or highlighted in or out, beside those already chosen."""
        article = self._meant()
        if article is not None:
            self.learn_titles([article])
            chosen = _toggled(self.scope.articles, article.id)
            # an article must pass every part of the filter, so that one of another publisher would never pass
            self.set(replace(self.scope, articles=chosen, publishers=()))

    def toggle_publisher(self) -> None:
        """Tick the publisher that is highlighted, or whose article is, in or out."""
        library = self._context.panes.library
        name = library.chosen_publisher() if library.in_archive else None
        article = None if name else self._meant()
        name = name or (article.publisher if article else None)
        if name:
            self.set(replace(self.scope, publishers=_toggled(self.scope.publishers, name), articles=()))
        elif article:
            self._context.say("This article names no publisher.", warning=True)

    def _meant(self) -> Reference | None:
        panes = self._context.panes
        source = panes.sources.current
        article = panes.library.chosen_article() if panes.library.in_archive else source.article if source else None
        if article is None:
            self._context.say("Choose an article first.", warning=True)
        return article

    def remove(self, part: str, at: int) -> None:
        """Take the `at`-th value of the field called `part` out of the filter."""
        self.set(without(self.scope, part, at))


def _toggled(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(one for one in values if one != value) if value in values else (*values, value)
