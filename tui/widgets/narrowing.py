"""A list that can be narrowed to the entries that have certain words."""

from __future__ import annotations

from collections.abc import Sequence

from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.find import holds


class NarrowingList(OptionList):
    """Keeps the whole list while a part of it is shown."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, markup=False, compact=True)
        self._whole: Sequence[Option] = ()  # what was listed before it was narrowed

    def list(self, options: Sequence[Option]) -> None:
        """List these entries, all of them."""
        self._whole = ()
        self.clear_options().add_options(options)

    def narrow(self, sought: str) -> int:
        """Show only the entries that have the sought words, all for none; return how many there are."""
        if not (sought or self._whole):
            return self.option_count
        whole = self._whole or tuple(self.options)
        kept = [one for one in whole if not sought or (not one.disabled and holds(str(one.prompt), sought))]
        self.list(kept)
        self._whole = whole if sought else ()
        return len(kept)
