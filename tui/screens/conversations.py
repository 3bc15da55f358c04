"""Saved conversations: continue, begin, rename, delete, search, export; and the filter, which is part of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.widgets import Input

from qa.export import formats
from qa.sanitize import line
from tui.screens.asking import Asking
from tui.screens.base import Talk
from tui.screens.dialogs import AskLine, Choose, Confirm
from tui.screens.filters import FilterScreen
from tui.widgets.chrome import Chips, TopBar, without
from tui.widgets.library import Library
from vectorstore.articles import Filter
from vectorstore.errors import AppError

if TYPE_CHECKING:
    from qa.conversations import Conversation, Summary


class Chats(Asking):
    """The part of the main screen that keeps conversations."""

    titles: dict[str, str]

    def refresh_conversations(self) -> None:
        """List the saved conversations again."""
        if self.services is None:
            return
        search, conversations = self.query_one("#conversation-search", Input).value, self.conversations
        self.fetch("conversations", lambda: conversations.list(search), self._list)

    def _list(self, summaries: Sequence[Summary]) -> None:
        self.library.show_conversations(summaries, self.conversation_id)
        title = next((one.title for one in summaries if one.id == self.conversation_id), None)
        if title is not None:
            self.name_conversation(title)

    def name_conversation(self, title: str) -> None:
        """Show the name of the conversation."""
        self.conversation_title = title
        self.query_one(TopBar).title(title)

    @on(Library.SearchedConversations)
    def _search(self) -> None:
        self.refresh_conversations()

    @on(Library.ConversationChosen)
    def _continue(self, event: Library.ConversationChosen) -> None:
        conversations = self.conversations
        self.fetch("load", lambda: conversations.load(event.id), self.restore)

    async def restore(self, conversation: Conversation) -> None:
        """Continue a saved conversation."""
        await self._leave()
        self.talk.id = conversation.id
        self.name_conversation(conversation.title)
        self.set_filter(conversation.filter, save=False)
        await self.view.restore(conversation.turns)
        if self.view.last is not None:
            self.look_at(self.view.last)
        self.refresh_conversations()
        self.go_to_prompt()

    async def _leave(self) -> None:
        for exchange in self.view.exchanges:
            if exchange.running:
                await exchange.stop()
        if self.asking is not None:
            self.asking.cancel()
        self.talk, self.chosen = Talk(), None
        self.sources.clear()

    async def action_new_conversation(self) -> None:
        """Begin a new conversation; the filter stays."""
        await self._leave()
        await self.view.restore(())
        self.name_conversation("")
        self.refresh_conversations()
        self.go_to_prompt()

    def action_rename(self) -> None:
        """Give the conversation another name."""
        key = self._meant()
        if key is None:
            self.say("There is no saved conversation yet.", warning=True)
            return
        conversations = self.conversations

        def rename(title: str | None) -> None:
            if title:
                self.fetch("rename", lambda: conversations.rename(key, title), lambda _: self.refresh_conversations())

        value = self.conversation_title if key == self.conversation_id else ""
        self.app.push_screen(AskLine("Rename the conversation", value, "A new name"), rename)

    def action_delete_conversation(self) -> None:
        """Delete the conversation, after asking."""
        key = self._meant()
        if key is None:
            self.say("There is no saved conversation yet.", warning=True)
            return
        conversations = self.conversations

        def delete(sure: bool | None) -> None:
            if sure:
                self.fetch("delete", lambda: conversations.delete(key), lambda _: self._deleted(key))

        self.app.push_screen(Confirm("Delete this conversation with all its answers?", "Delete"), delete)

    async def _deleted(self, key: str) -> None:
        if key == self.conversation_id:
            await self.action_new_conversation()
        else:
            self.refresh_conversations()

    def _meant(self) -> str | None:
        """The conversation that is highlighted while the list has the focus, else the one that is open."""
        listing = self.query_one("#conversation-list")
        return self.library.chosen_conversation() if listing.has_focus else self.conversation_id

    def action_export(self) -> None:
        """Save the conversation as Markdown, HTML or JSON."""
        if self.conversation_id is None or self.services is None:
            self.say("There is nothing to export yet.", warning=True)
            return
        choices = [("md", "Markdown, with footnotes"), ("html", "HTML, one page"), ("json", "JSON, every field")]
        self.app.push_screen(Choose("Export the conversation as", choices), self._ask_where)

    def _ask_where(self, ending: str | None) -> None:
        if ending is None:
            return
        stem = "".join(c if c.isalnum() else "-" for c in self.conversation_title.lower())[:50]
        name = "-".join(part for part in stem.split("-") if part) or "conversation"
        path = self.settings.exports / f"{name}.{ending}"
        note = "A file that is already there is not overwritten."
        self.app.push_screen(AskLine("Export to", str(path), note=note), lambda to: self._export(ending, to))

    def _export(self, ending: str, to: str | None) -> None:
        if not to or self.conversation_id is None:
            return
        key, conversations = self.conversation_id, self.conversations

        def work() -> Path:
            from qa.config import expanded  # pydantic costs 0.2 s, which the first frame must not wait for

            return _write(expanded(to), formats()[ending](conversations.load(key)))

        self.fetch("export", work, lambda written: self.say(f"Exported to {written}"))

    def action_edit_filter(self) -> None:
        """Change the filter."""
        if self.services is None:
            return
        archive, scope = self.archive, self.scope

        def ask(publishers: Sequence[str]) -> None:
            self.app.push_screen(FilterScreen(scope, publishers), lambda new: self.set_filter(new) if new else None)

        self.fetch("publishers", archive.publishers, ask)

    def action_clear_filter(self) -> None:
        """Ask the whole archive again."""
        self.set_filter(Filter())

    def action_filter_article(self) -> None:
        """Ask only the article that is shown, beside those already chosen."""
        source = self.sources.current
        if source is None:
            self.say("Choose an article first.", warning=True)
            return
        self.titles[source.article.id] = source.article.title or source.article.source
        chosen = tuple(dict.fromkeys((*self.scope.articles, source.article.id)))
        self.set_filter(replace(self.scope, articles=chosen))

    @on(Chips.Removed)
    def _crossed(self, event: Chips.Removed) -> None:
        self.set_filter(without(self.scope, event.part, event.at))

    def set_filter(self, scope: Filter, save: bool = True) -> None:
        """Ask only this part of the archive from now on; it is saved with the conversation."""
        self.scope = scope
        self.query_one(Chips).show(scope, self.titles)
        self.status.status = replace(self.status.status, filtered=bool(scope))
        key = self.conversation_id
        if save and key is not None and self.services is not None:
            conversations = self.conversations
            self.fetch("filter", lambda: conversations.set_filter(key, scope), lambda _: None)


def _write(path: Path, text: str) -> Path:
    """Write a new file, never over another; raises AppError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", errors="replace") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise AppError(f"{path} is already there.", "Choose another name.") from error
    except OSError as error:
        raise AppError(f"{line(str(path))} cannot be written: {error.strerror}.", "Choose another folder.") from error
    return path
