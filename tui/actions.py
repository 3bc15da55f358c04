"""Every action there is: one table from which keys, the command palette, the help and the menus are made."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding, BindingType

from vectorstore.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Action:
    """Something a user can do: `name` is what a configuration binds keys to and what the main screen is told."""

    name: str
    keys: str
    label: str
    help: str
    priority: bool = False  # works also while something is being typed
    where: tuple[str, ...] = ("answers", "sources")  # the panes in which its letter, where it has one, is a command

    @property
    def binding(self) -> BindingType:
        """The action as Textual binds it."""
        keys = self.keys or f"unbound-{self.name}"  # a name that no key has, so that a configuration can bind one
        return Binding(keys, call_of(self.name), self.label, show=False, priority=self.priority, id=self.name)


SIGNS = {"slash": "/"}
FIND = "view.find"  # its key finds also where letters go to the prompt

ACTIONS = (
    Action("ask.focus", "f3", "Ask", "Go to the field where questions are typed", True),
    Action("ask.stop", "escape", "Stop or go back", "Stop the current answer; go back a screen"),
    Action("ask.editor", "ctrl+g", "Write in $EDITOR", "Write the question in your own editor", True),
    Action("ask.again", "", "Ask again", "Ask the chosen question once more"),
    Action("ask.typed", "ctrl+t", "Ask as typed", "Ask the chosen question again, as it was typed", True),
    Action("ask.earlier", "f8", "Earlier questions", "Find an earlier question and put it in the prompt", True),
    Action("answerer.choose", "", "Who answers", "Choose the answerer; see what the others lack"),
    Action("answer.copy", "Y", "Copy answer", "Copy the answer as Markdown with its footnotes"),
    Action(
        "answer.left_out", "u", "Sentences left out", "List the sentences that no source supports", where=("answers",)
    ),
    Action("source.open", "o", "Open link", "Open the source's link in the browser, or its file"),
    Action("source.copy", "y", "Copy quote", "Copy the quote with its reference"),
    Action("source.related", "r", "Related articles", "List other articles about the same story"),
    Action("note.keep", "n", "Keep quote", "Keep the quote in the notebook, with its reference"),
    Action("notes.open", "ctrl+o", "Notebook", "Read, annotate and export the quotes you kept", True),
    Action("filter.edit", "f5", "Filter", "Ask only some publishers, dates or articles", True),
    Action(
        "filter.article",
        "f",
        "Only this article",
        "Ask only this article and others already chosen; again to remove it",
        where=("answers", "sources", "library"),
    ),
    Action(
        "filter.publisher",
        "p",
        "Only this publisher",
        "Ask only this publisher and others already chosen; again to remove it",
        where=("answers", "sources", "library"),
    ),
    Action("filter.clear", "", "Clear the filter", "Ask the whole archive again"),
    Action("view.library", "f2,ctrl+b", "Library", "Show or hide conversations and archive", True),
    Action("view.sources", "f4", "Sources", "Go to the sources; hide them when there", True),
    Action("view.maximise", "f10", "Maximise", "Give the focused pane the whole screen, and back", True),
    Action(
        FIND, "slash", "Find", "Find in the article, the list or the archive", where=("answers", "sources", "library")
    ),
    Action("conversation.new", "ctrl+n", "New conversation", "Begin a new conversation", True),
    Action("conversation.last", "ctrl+r", "Last conversation", "Continue the last conversation", True),
    Action("conversation.rename", "f6", "Rename conversation", "Give the conversation another name", True),
    Action("conversation.delete", "", "Delete conversation", "Delete the conversation"),
    Action("conversation.export", "ctrl+s", "Export", "Save the conversation as Markdown, HTML or JSON", True),
    Action("archive.add", "f7", "Add articles", "Add folders, files or web pages to the archive", True),
    Action("archive.demo", "f9", "Demo archive", "Open the demo archive, or go back to yours", True),
    Action("archive.feeds", "", "Feeds", "Follow feeds and sitemaps; fetch what is new in them"),
    Action("archive.search", "", "Search the archive", "Find words in the full text of all articles"),
    Action("archive.remove", "", "Remove article", "Remove the shown article from the archive"),
    Action("archive.report", "", "Last import", "List what was added, skipped or failed, and why"),
    Action("archive.stop", "", "Stop the import", "Stop the running import; what it saved stays"),
    Action("library.delete", "delete", "Delete", "Delete what is highlighted in the library"),
    Action("app.undo", "ctrl+z", "Undo", "Restore what was deleted last"),
    Action("app.theme", "", "Theme", "Choose the colours"),
    Action("app.help", "f1", "Help", "What the focused part is for, and every key", True),
    Action("app.palette", "ctrl+p", "Commands", "Every action by name", True),
    Action("app.quit", "ctrl+q", "Quit", "Quit; the conversation and what an import saved stay", True),
)

# What keys do within one widget, which binds them itself: a configuration may bind others to these too.
WITHIN = (
    "prompt.send",
    "prompt.newline",
    "answer.previous_source",
    "answer.next_source",
    "answer.read",
    "answer.up",
    "answer.down",
    "article.down",
    "article.up",
    "article.page_down",
    "article.page_up",
    "find.next",
    "find.previous",
    "path.complete",
    "feeds.remove",
)


def check_keys(names: Iterable[str]) -> None:
    """Raise ConfigError for the first name that no action has, with the nearest one that there is."""
    known = [*(action.name for action in ACTIONS), *WITHIN]
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Actions: {', '.join(known)}."
            raise ConfigError(f"screen.keys: there is no action {name}.", hint)


def bindings() -> list[BindingType]:
    """Return all actions as Textual binds them."""
    return [action.binding for action in ACTIONS]


def call_of(name: str) -> str:
    """Return the action of this name as Textual calls it."""
    return f"do({name!r})"


def letters(pane: str) -> list[Action]:
    """Return the actions that a letter does in this pane."""
    return [action for action in ACTIONS if is_letter(action.keys) and pane in action.where]


def is_letter(keys: str) -> bool:
    """Tell whether these keys are letters or signs, and so typed where something is written."""
    return bool(keys) and all(len(key) == 1 or key in SIGNS for key in keys.split(","))


def action_called(name: str) -> Action:
    """Return the action of this name; raises KeyError."""
    return {action.name: action for action in ACTIONS}[name]
