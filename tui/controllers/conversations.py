"""Saved conversations: continue, begin, rename, delete, search, export."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message

from qa.export import formats, write_new
from qa.sanitize import line
from tui.controllers.asking import AskingController
from tui.controllers.context import Context, Talk
from tui.controllers.filtering import FilteringController
from tui.controllers.keeper import TurnSaved
from tui.controllers.reading import ReadingController
from tui.controllers.undoing import UndoingController
from tui.keynames import key_name
from vectorstore.articles import counted

if TYPE_CHECKING:
    from qa.conversations import Conversation, Summary

FORMATS = (("md", "Markdown, with footnotes"), ("html", "HTML, one page"), ("json", "JSON, every field"))


@dataclass
class ConversationShown(Message):
    """The conversation of this id is the one that is shown, None until it is saved."""

    conversation: str | None


class ConversationsController:
    """Keeps the list of conversations and the one that is shown."""

    def __init__(
        self,
        context: Context,
        asking: AskingController,
        reading: ReadingController,
        filtering: FilteringController,
        undoing: UndoingController,
    ) -> None:
        self._undoing = undoing
        self._context, self._asking, self._reading, self._filtering = context, asking, reading, filtering
        self.title = ""  # of the conversation that is shown, "" until it is saved

    def refresh(self) -> None:
        """List the saved conversations again."""
        if self._context.services is None:
            return
        search, conversations = self._context.panes.library.conversation_search, self._context.conversations
        self._context.fetch("conversations", lambda: conversations.list(search), self._list)

    def _list(self, summaries: Sequence[Summary]) -> None:
        current = self._context.talk.id
        self._context.panes.library.show_conversations(summaries, current)
        title = next((one.title for one in summaries if one.id == current), None)
        if title is not None:
            self.show_title(title)

    def show_title(self, title: str) -> None:
        """Show the name of the conversation."""
        self.title = title
        self._context.panes.top.title(title)

    def saved(self, event: TurnSaved) -> None:
        """Give the turn's conversation its id, or say why it could not be saved."""
        if event.error is not None:
            self._context.complain(event.error)
        else:
            event.talk.id = event.conversation
            self._tell()
            self.refresh()

    def resume(self, key: str) -> None:
        """Continue the saved conversation of this id."""
        conversations = self._context.conversations
        self._context.fetch("load", lambda: conversations.load(key), self.restore)

    def go_on_with(self, key: str) -> None:
        """Continue the conversation that an earlier session of this tab showed, unless it was deleted meanwhile."""
        from qa.conversations import UnknownConversation  # SQLite costs 15 ms, which the first frame must not wait for

        conversations = self._context.conversations

        def load() -> Conversation | None:
            with suppress(UnknownConversation):
                return conversations.load(key)
            return None

        self._context.fetch("load", load, lambda found: self.restore(found) if found else self.begin())

    def _tell(self) -> None:
        self._context.post(ConversationShown(self._context.talk.id))

    def offer(self, latest: Sequence[Summary]) -> None:
        """Offer to go on with the latest conversation, where none is shown yet."""
        keys = key_name(self._context.keys_of("conversation.last"))
        if latest and keys:
            self._context.panes.view.offer(keys, latest[0])

    def resume_last(self) -> None:
        """Continue the latest conversation that is not the one on the screen."""
        conversations = self._context.conversations
        self._context.fetch("last", lambda: conversations.list(limit=2), self._resume_other)

    def _resume_other(self, found: Sequence[Summary]) -> None:
        other = next((one for one in found if one.id != self._context.talk.id), None)
        if other is None:
            self._context.say("There is no earlier conversation.", warning=True)
        else:
            self.resume(other.id)

    async def restore(self, conversation: Conversation) -> None:
        """Show a saved conversation."""
        await self._leave()
        panes = self._context.panes
        self._context.talk.id = conversation.id
        self._tell()
        self.show_title(conversation.title)
        self._filtering.set(conversation.filter, save=False)
        await panes.view.restore(conversation.turns)
        if panes.view.last is not None:
            self._reading.look_at(panes.view.last)
        self.refresh()
        panes.show_prompt()

    async def _leave(self) -> None:
        await self._asking.cancel()
        self._context.talk = Talk()
        self._reading.forget()

    async def begin(self) -> None:
        """Begin a new conversation; the filter stays."""
        await self._leave()
        self._tell()
        await self._context.panes.view.restore(())
        self.show_title("")
        self.refresh()
        self._context.panes.show_prompt()

    def rename(self) -> None:
        """Give the conversation another name."""
        key, context = self._meant(), self._context
        if key is None:
            context.say("There is no saved conversation yet.", warning=True)
            return
        conversations = context.conversations

        def rename(title: str) -> None:
            context.fetch("rename", lambda: conversations.rename(key, title), lambda _: self.refresh())

        value = self.title if key == context.talk.id else ""
        context.dialogs.line("Rename the conversation", rename, value, "A new name")

    def delete(self) -> None:
        """Delete the conversation, after asking."""
        key, context = self._meant(), self._context
        if key is None:
            context.say("There is no saved conversation yet.", warning=True)
            return
        conversations = context.conversations
        context.fetch("delete", lambda: conversations.load(key), self._confirm_deleting)

    def _confirm_deleting(self, one: Conversation) -> None:
        context, conversations = self._context, self._context.conversations
        name = f"the conversation “{line(one.title, 60)}”"

        async def deleted(_: None) -> None:
            await self._deleted(one.id)
            self._undoing.offer(name, lambda: conversations.restore(one), lambda: self.resume(one.id))

        def delete() -> None:
            context.fetch("delete", lambda: conversations.delete(one.id), deleted)

        context.dialogs.confirm(f"Delete {name} with {counted(len(one.turns), 'question')}?", "Delete", delete)

    async def _deleted(self, key: str) -> None:
        if key == self._context.talk.id:
            await self.begin()
        else:
            self.refresh()

    def _meant(self) -> str | None:
        """The conversation that is highlighted while the list has the focus, else the one that is open."""
        library = self._context.panes.library
        return library.chosen_conversation() if library.in_conversations else self._context.talk.id

    def export(self) -> None:
        """Save the conversation as Markdown, HTML or JSON."""
        key = self._context.talk.id
        if key is None:
            self._context.say("There is nothing to export yet.", warning=True)
        else:
            self._context.dialogs.choose("Export the conversation as", FORMATS, lambda end: self._ask_where(key, end))

    def _ask_where(self, key: str, ending: str) -> None:
        stem = "".join(c if c.isalnum() else "-" for c in self.title.lower())[:50]
        name = "-".join(part for part in stem.split("-") if part) or "conversation"
        path = self._context.settings.exports / f"{name}.{ending}"
        note = "A file that is already there is not overwritten."
        self._context.dialogs.line("Export to", lambda to: self._export(key, ending, to), str(path), note=note)

    def _export(self, key: str, ending: str, to: str) -> None:
        conversations = self._context.conversations

        def work() -> Path:
            from qa.config import expanded  # pydantic costs 0.2 s, which the first frame must not wait for

            return write_new(expanded(to), formats()[ending](conversations.load(key)))

        self._context.fetch("export", work, lambda written: self._context.say(f"Exported to {written}"))
