"""Undoing: what was deleted in this session can be brought back, the last thing first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tui.controllers.context import Context
from tui.keynames import key_name


@dataclass(frozen=True, slots=True)
class Deletion:
    """Something that was deleted: its name, what brings it back (in a thread), and what then shows it again."""

    name: str
    bring_back: Callable[[], object]
    then: Callable[[], object]


class UndoingController:
    """Keeps what was deleted until the program ends."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._deleted: list[Deletion] = []

    def offer(self, name: str, bring_back: Callable[[], object], then: Callable[[], object]) -> None:
        """Say what was deleted and how it comes back."""
        self._deleted.append(Deletion(name, bring_back, then))
        keys = key_name(self._context.keys_of("app.undo"))
        self._context.say(f"Deleted {name}. {keys} brings it back." if keys else f"Deleted {name}.")

    def undo(self) -> None:
        """Bring back what was deleted last."""
        if not self._deleted:
            self._context.say("Nothing was deleted in this session.", warning=True)
            return
        last = self._deleted.pop()

        def back(_: object) -> object:
            self._context.say(f"{last.name[:1].upper()}{last.name[1:]} is back.")
            return last.then()

        self._context.fetch("undo", last.bring_back, back)
