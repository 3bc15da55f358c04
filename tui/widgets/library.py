"""The left pane: saved conversations above, the archive by publisher and date below, each with its search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text
from textual import events, on
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static, Tree
from textual.widgets.option_list import Option

from qa.sanitize import line
from tui.widgets.chrome import link
from tui.widgets.names import MUTED, name_of
from vectorstore.articles import Reference, counted

if TYPE_CHECKING:
    from qa.conversations import Summary

UNFOLDED = 40  # articles; a search that finds no more shows them without a further key

Branch = tuple[Reference, ...]


class Library(Vertical):
    """Conversations and archive; knows nothing of where they are kept."""

    HINT = "Enter open  ·  Del delete  ·  / find  ·  Esc back  ·  F1 help"

    class SearchedConversations(Message):
        """The search above the conversations changed."""

    class SearchedArticles(Message):
        """The search above the archive changed."""

    @dataclass
    class ConversationChosen(Message):
        """A conversation is to be continued."""

        id: str

    @dataclass
    class ArticleChosen(Message):
        """An article is to be read."""

        article: Reference

    async def furnish(self) -> None:
        """Put in two lists, each under its search; called after the first frame, which they would hold up by 50 ms."""
        tree = ArchiveTree("Archive", id="archive-tree")
        tree.show_root = False  # it would say what the title says
        tree.guide_depth = 2
        await self.mount(
            Vertical(
                Static("Conversations", classes="title", markup=False),
                Input(placeholder="Search conversations", id="conversation-search", compact=True),
                ConversationList(id="conversation-list", markup=False, compact=True),
                id="conversations",
            ),
            Vertical(
                Static("Archive", classes="title", id="archive-title", markup=False),
                Input(placeholder="Search titles", id="article-search", compact=True),
                tree,
                id="articles",
            ),
        )

    def show_conversations(self, summaries: Sequence[Summary], current: str | None) -> None:
        """List conversations, the current one highlighted."""
        listing = self.query_one("#conversation-list", OptionList)
        listing.clear_options().add_options([Option(_entry(one, current), id=one.id) for one in summaries])
        if any(one.id == current for one in summaries):
            listing.highlighted = listing.get_option_index(current or "")

    def show_articles(self, articles: Sequence[Reference]) -> None:
        """Show articles by publisher, newest first."""
        unfold = len(articles) <= UNFOLDED
        by_publisher = sorted(articles, key=lambda a: (not a.publisher, (a.publisher or "").casefold()))
        tree = self.query_one(ArchiveTree)
        tree.clear()
        for publisher, group in groupby(by_publisher, key=lambda a: a.publisher):
            held = tuple(sorted(group, key=lambda a: (a.published or "", a.title), reverse=True))
            name = line(publisher, 60) or "No publisher"
            branch = tree.root.add(Text.assemble((name, "bold"), f"  {len(held)}"), held)
            if unfold:
                branch.expand()
        self.show_count(len(articles))

    def show_count(self, articles: int) -> None:
        """Show how many articles there are, or are found."""
        title = Content.assemble(f"Archive  {articles:,}    ", link("Feeds", "archive.feeds"))
        self.query_one("#archive-title", Static).update(title)

    @property
    def conversation_search(self) -> str:
        """What is typed in the search above the conversations."""
        return self.query_one("#conversation-search", Input).value

    @property
    def article_search(self) -> str:
        """What is typed in the search above the archive."""
        return self.query_one("#article-search", Input).value

    @property
    def in_conversations(self) -> bool:
        """Whether the list of conversations has the focus."""
        return self.query_one(ConversationList).has_focus

    @property
    def in_archive(self) -> bool:
        """Whether the tree of articles has the focus."""
        return self.query_one(ArchiveTree).has_focus

    def focus_search(self) -> None:
        """Go to the search above the conversations."""
        self.query_one("#conversation-search").focus()

    def focus_conversations(self) -> None:
        """Go to the list of conversations."""
        self.query_one(ConversationList).focus()

    def chosen_conversation(self) -> str | None:
        """The id of the highlighted conversation."""
        option = self.query_one("#conversation-list", OptionList).highlighted_option
        return option.id if option else None

    def chosen_article(self) -> Reference | None:
        """The article under the cursor of the archive."""
        node = self.query_one(ArchiveTree).cursor_node
        return node.data if node and isinstance(node.data, Reference) else None

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Give the half that has the focus the room, where there is not enough for both."""
        self.set_class(event.widget in self.query("#articles *"), "in-archive")

    def chosen_publisher(self) -> str | None:
        """The publisher under the cursor of the archive."""
        node = self.query_one(ArchiveTree).cursor_node
        return node.data[0].publisher if node and isinstance(node.data, tuple) else None

    @on(Input.Changed, "#conversation-search")
    def _search_conversations(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.SearchedConversations())

    @on(Input.Changed, "#article-search")
    def _search_articles(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.SearchedArticles())

    @on(Input.Submitted)
    def _to_list(self, event: Input.Submitted) -> None:
        event.stop()
        self.query_one(ConversationList if event.input.id == "conversation-search" else ArchiveTree).focus()

    @on(OptionList.OptionSelected, "#conversation-list")
    def _continue(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_id:
            self.post_message(self.ConversationChosen(event.option_id))

    @on(Tree.NodeSelected)
    def _read(self, event: Tree.NodeSelected[Reference | Branch]) -> None:
        event.stop()
        if isinstance(event.node.data, Reference):
            self.post_message(self.ArticleChosen(event.node.data))


class ConversationList(OptionList):
    """Saved conversations."""

    HELP = (
        "Saved conversations, newest first. Enter continues one; F6 renames, Delete deletes the highlighted "
        "one; / finds words in titles, questions and answers."
    )

    def on_focus(self) -> None:
        """Have one highlighted, so that Enter and Delete mean something."""
        if self.highlighted is None:
            self.action_first()


class ArchiveTree(Tree[Reference | Branch]):
    """Articles under their publishers; a branch gets its leaves when it is opened, as an archive holds thousands."""

    HELP = (
        "The archive by publisher, newest first. Enter reads an article; Delete removes it from the archive; "
        "/ finds words in the full text of all articles."
    )

    def on_tree_node_expanded(self, event: Tree.NodeExpanded[Reference | Branch]) -> None:
        """Hang the articles into the opened branch."""
        node = event.node
        if isinstance(node.data, tuple) and not node.children:
            for article in node.data:
                node.add_leaf(_leaf(article), article)


def _leaf(article: Reference) -> Text:
    published = line(article.published, 10)
    return Text(f"{published}  {name_of(article, 120)}" if published else name_of(article, 120))


def _entry(summary: Summary, current: str | None) -> Content:
    title = Content(line(summary.title, 80) or "New conversation")
    aside = Content.styled(told(summary), MUTED)
    return Content.assemble(title.stylize("bold") if summary.id == current else title, "\n", aside)


def told(summary: Summary) -> str:
    """Return how many questions a conversation has and when the last one was asked."""
    return f"{counted(summary.turns, 'question')} · {ago(summary.updated)}"


def ago(moment: str, now: datetime | None = None) -> str:
    """Return an ISO 8601 time as a reader says it: "just now", "5 min ago", "yesterday", or the day."""
    try:
        then = datetime.fromisoformat(moment)
        seconds = ((now or datetime.now(UTC)) - then).total_seconds()
    except (TypeError, ValueError):  # a file that was edited by hand, or is damaged
        return line(moment, 40)
    for limit, unit, name in ((60, 0, "just now"), (3600, 60, "min ago"), (86400, 3600, "h ago")):
        if seconds < limit:
            return f"{int(seconds // unit)} {name}" if unit else name
    return "yesterday" if seconds < 2 * 86400 else then.date().isoformat()
