"""Every action there is: one table from which keys, the command palette, the help and the menus are made."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Action:
    """Something a user can do: `name` is what a configuration binds keys to, `call` the method action_<call>."""

    name: str
    call: str
    keys: str
    label: str
    help: str
    priority: bool = False  # works also while something is being typed

    @property
    def binding(self) -> BindingType:
        """The action as Textual binds it."""
        keys = self.keys or f"unbound-{self.call}"  # a name that no key has, so that a configuration can bind one
        return Binding(keys, self.call, self.label, show=False, priority=self.priority, id=self.name)


ACTIONS = (
    Action("ask.focus", "focus_prompt", "f3", "Ask", "Go to the field where questions are typed", True),
    Action("ask.stop", "stop", "escape", "Stop or go back", "Stop the answer that is coming; go back a screen"),
    Action("ask.editor", "editor", "ctrl+g", "Write in $EDITOR", "Write the question in your own editor", True),
    Action("ask.again", "ask_again", "", "Ask again", "Ask the chosen question once more"),
    Action("answer.copy", "copy_answer", "Y", "Copy answer", "Copy the answer as Markdown with its footnotes"),
    Action("answer.left_out", "left_out", "u", "Sentences left out", "List what no source bears out"),
    Action("source.open", "open_source", "o", "Open link", "Open the source's link in the browser, or its file"),
    Action("source.copy", "copy_quote", "y", "Copy quote", "Copy the quote with its reference"),
    Action("source.related", "related", "r", "Related articles", "List other articles of the same story"),
    Action("filter.edit", "edit_filter", "f5", "Filter", "Ask only some publishers, dates or articles", True),
    Action("filter.article", "filter_article", "f", "Only this article", "Ask only the article that is shown"),
    Action("filter.clear", "clear_filter", "", "Clear the filter", "Ask the whole archive again"),
    Action("view.library", "toggle_library", "f2,ctrl+b", "Library", "Show or hide conversations and archive", True),
    Action("view.sources", "toggle_sources", "f4", "Sources", "Go to the sources; hide them when there", True),
    Action("conversation.new", "new_conversation", "ctrl+n", "New conversation", "Begin a new conversation", True),
    Action("conversation.rename", "rename", "f6", "Rename conversation", "Give the conversation another name", True),
    Action("conversation.delete", "delete_conversation", "", "Delete conversation", "Delete the conversation"),
    Action(
        "conversation.export", "export", "ctrl+s", "Export", "Save the conversation as Markdown, HTML or JSON", True
    ),
    Action("archive.add", "add", "f7", "Add articles", "Take a folder or a file into the archive", True),
    Action("archive.remove", "remove_article", "", "Remove article", "Remove the shown article from the archive"),
    Action("archive.report", "ingest_report", "", "Last import", "What was added, and what failed and why"),
    Action("library.delete", "delete_chosen", "delete", "Delete", "Delete what is highlighted in the library"),
    Action("app.theme", "theme", "", "Theme", "Choose the colours"),
    Action("app.help", "help", "f1", "Help", "What the focused part is for, and every key", True),
    Action("app.palette", "palette", "ctrl+p", "Commands", "Every action by name", True),
    Action("app.quit", "quit", "ctrl+q", "Quit", "Leave; the conversation is saved", True),
)


def bindings() -> list[BindingType]:
    """Return all actions as Textual binds them."""
    return [action.binding for action in ACTIONS]


def action_called(name: str) -> Action:
    """Return the action of this name; raises KeyError."""
    return {action.name: action for action in ACTIONS}[name]
