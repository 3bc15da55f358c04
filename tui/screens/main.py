"""The main screen: composes the panes, and the actions that are about the screen itself."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.css.query import NoMatches

from tui.actions import ACTIONS, action_called, bindings
from tui.ports import Services, Settings
from tui.screens.archiving import Archiving
from tui.screens.base import Talk
from tui.screens.help import Help, key_name
from tui.widgets.article import ArticleView
from tui.widgets.chrome import Chips, StatusBar, TopBar
from tui.widgets.conversation import ConversationView
from tui.widgets.importbar import ImportBar
from tui.widgets.library import Library
from tui.widgets.prompt import PromptInput
from tui.widgets.sources import Sources

PANES = ("chat", "sources", "library")
EARLY = frozenset({"focus_prompt", "stop", "editor", "help", "palette", "theme", "quit"})  # before the archive is open


class MainScreen(Archiving):
    """Conversation, sources at its right, library at its left; one of them at a time where it is narrow."""

    BINDINGS: ClassVar[list[BindingType]] = bindings()
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual declares it so
        (0, "-narrow"),
        (100, "-medium"),
        (150, "-wide"),
    ]
    AUTO_FOCUS = "PromptInput"

    def __init__(self) -> None:
        super().__init__()
        self.settings = Settings()
        self.titles, self.talk = {}, Talk()

    def compose(self) -> ComposeResult:
        """Top bar, three panes, status line."""
        yield TopBar()
        with Horizontal(id="panes"):
            yield Library()
            with Vertical(id="chat"):
                yield ConversationView()
                yield Chips()
                yield PromptInput()
            yield Sources()
        yield ImportBar()
        yield StatusBar()

    def on_mount(self) -> None:
        """Show what is known before the archive is open."""
        self.show_pane("chat")
        self.name_conversation("")
        self.query_one(Chips).display = False
        self.query_one(ImportBar).display = False
        self.status.status = replace(self.status.status, doing="Opening the archive …")
        self.status.keys = "F1 help  ·  Ctrl+P commands"

    async def furnish(self) -> None:
        """Put in what the first frame can do without."""
        await self.library.furnish()
        await self.query_one(ImportBar).furnish()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let nothing that needs the archive or the library be done before they are there."""
        return (self.services is not None or action in EARLY) and super().check_action(action, parameters)

    def opened(self, services: Services) -> None:
        """Go to work with the services; the models may still be loading."""
        self.services, self.settings = services, services.settings
        self.status.status = replace(self.status.status, doing="Loading the models …")
        self.answer_with(self.settings.answerer)
        self.refresh_archive()
        self.refresh_conversations()
        self.fetch("history", services.conversations.questions, self.prompt.remember)
        self.fetch("count", services.archive.count, lambda counts: self.welcome() if counts == (0, 0) else None)
        self.ask_next()

    def warmed(self) -> None:
        """Say no longer that the models are loading."""
        self.status.status = replace(self.status.status, doing="")

    def show_pane(self, pane: str) -> None:
        """Bring a pane to the front; where there is room for all, open it."""
        for name in PANES:
            self.set_class(name == pane, f"pane-{name}")
        if pane != "chat":
            self.remove_class(f"no-{pane}")
            self.add_class(f"with-{pane}")

    def _hide(self, pane: str) -> None:
        self.remove_class(f"with-{pane}")
        self.add_class(f"no-{pane}")
        self.go_to_prompt()

    def action_toggle_library(self) -> None:
        """Go to the library; hide it when there."""
        if self.library.display and (self.library.has_focus_within or not self.has_class("-narrow")):
            self._hide("library")
        else:
            self.show_pane("library")
            self.query_one("#conversation-list").focus()

    def action_toggle_sources(self) -> None:
        """Go to the sources; hide them when there."""
        if self.sources.display and self.sources.has_focus_within:
            self._hide("sources")
        else:
            self.show_pane("sources")
            listing = self.query_one("#source-list")
            (listing if listing.display else self.query_one(ArticleView)).focus()

    def action_focus_prompt(self) -> None:
        """Go to the prompt."""
        self.go_to_prompt()

    def action_quit(self) -> None:
        """Leave."""
        self.app.exit()

    def action_theme(self) -> None:
        """Choose the colours."""
        self.app.action_change_theme()

    def action_palette(self) -> None:
        """Show every action by name."""
        self.app.action_command_palette()

    def action_help(self) -> None:
        """Explain the focused widget and list the keys."""
        about = next((text for node in self._focused_chain() if (text := getattr(node, "HELP", None))), GENERAL)
        here = [(key_name(keys), text) for keys, text in self._keys_here()]
        names = ((self.keys_of(a.name), a.help) for a in ACTIONS)
        self.app.push_screen(Help(about, here, [(key_name(keys), text) for keys, text in names if keys]))

    def keys_of(self, name: str) -> str:
        """Return the keys of an action, the configured ones where there are any, "" for none."""
        return self.settings.keys.get(name, action_called(name).keys)

    def _focused_chain(self) -> Iterator[object]:
        node = self.focused
        while node is not None and node is not self:
            yield node
            node = node.parent  # type: ignore[assignment]  # a widget's parents are widgets up to the screen

    def _keys_here(self) -> Iterator[tuple[str, str]]:
        if self.focused is None:
            return
        keys: dict[str, list[str]] = {}
        for key, active in self.active_bindings.items():
            if active.node is self.focused and active.binding.id:  # what Textual binds by itself is as everywhere
                keys.setdefault(active.binding.description, []).append(key)
        yield from ((",".join(names), text) for text, names in keys.items())

    def action_editor(self) -> None:
        """Write the question in the user's own editor."""
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if not editor:
            self.say("Set $EDITOR to the editor of your choice.", warning=True)
            return
        try:
            command = shlex.split(editor)
            with self.app.suspend():
                text = edit(command, self.prompt.text)
        except (SuspendNotSupported, OSError, ValueError) as error:
            self.say(f"The editor cannot be started here: {error}", warning=True)
            return
        self.prompt.replace_text(text)
        self.go_to_prompt()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show the keys that matter where the focus is."""
        with suppress(NoMatches):  # the screen may be on its way down
            self.status.keys = hint(event.widget)


GENERAL = "Ask questions; every sentence of the answer carries a footnote to the words it rests on."
_HINTS = (
    (PromptInput, "Enter send  ·  Ctrl+J new line  ·  F1 help  ·  Ctrl+P commands"),
    (ArticleView, "o open  ·  y copy quote  ·  r related  ·  Esc back  ·  F1 help"),
    (Sources, "Enter read  ·  o open  ·  y copy quote  ·  F1 help"),
    (Library, "Enter open  ·  Del delete  ·  Esc back  ·  F1 help"),
    (ConversationView, "←→ sources  ·  Enter read  ·  y copy  ·  F1 help"),
)


def hint(widget: object) -> str:
    """Return the keys to know where this widget has the focus."""
    from textual.widget import Widget

    chain = widget.ancestors_with_self if isinstance(widget, Widget) else ()
    return next((text for node in chain for kind, text in _HINTS if isinstance(node, kind)), "F1 help")


def edit(editor: Sequence[str], text: str) -> str:
    """Let the user edit a text in an editor and return it; raises OSError where the editor cannot be started."""
    with tempfile.TemporaryDirectory(prefix="footnote-") as folder:
        path = Path(folder) / "question.md"
        path.write_text(text, encoding="utf-8")
        subprocess.run([*editor, str(path)], check=False)
        return path.read_text(encoding="utf-8", errors="replace").strip()
