"""An answer as Textual's Markdown: paragraphs, lists and [1] markers, and every other character as it is.

Emphasis, links, images and HTML are left out on purpose: a quote must be shown word for word, and a text from an
article must never become something that can be clicked. What is marked is strong: its ends are written as control
characters, which no text has that was cleaned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from textual.content import Content
from textual.widgets import Markdown
from textual.widgets._markdown import MarkdownParagraph  # its public module leaves this one out
from textual.widgets.markdown import MarkdownBlock

from qa.answer.compose import BYLINE
from qa.marks import Marked
from qa.sanitize import clean_marked
from tui.widgets.hanging import HangingText
from tui.widgets.names import MUTED
from tui.widgets.verdicts import COLOURS, HREF, MARKER, SIGNED, SIGNS

OPEN, CLOSE = "\x02", "\x03"
_PLAIN = re.compile(f"[^\\[\n{OPEN}{CLOSE}]+")  # what no rule can begin in
_LINE_END = re.compile(r"(?<!\n)\n(?!\n)")
_BYLINE = re.compile(rf"^{BYLINE}.*?(?=(?: \[\d{{1,4}}\])?$)", re.MULTILINE)
_LOOKS = {SIGNS[verdict]: f"bold {colour}" for verdict, colour in COLOURS.items()}


def parser() -> MarkdownIt:
    """Return the parser of answers: lists, line breaks, markers and marks; nothing else is markup."""
    markdown = MarkdownIt("zero").enable(["list", "newline"])
    markdown.inline.ruler.at("text", _text)
    markdown.inline.ruler.push("marker", _marker)
    markdown.inline.ruler.push("mark", _mark)
    return markdown


def source(given: Marked) -> str:
    """Clean a text of which some words are marked and write it for the parser."""
    pieces = clean_marked(given).pieces()
    return lines_kept("".join(f"{OPEN}{piece}{CLOSE}" if strong else piece for piece, strong in pieces))


def lines_kept(text: str) -> str:
    """Return a text in which single line breaks are hard ones."""
    return _LINE_END.sub("  \n", text)


def _text(state: StateInline, silent: bool) -> bool:
    """The parser's own rule for text, which would not stop at a mark."""
    found = _PLAIN.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        state.pending += found[0]
    state.pos = found.end()
    return True


def _mark(state: StateInline, silent: bool) -> bool:
    edge = state.src[state.pos]
    if edge not in (OPEN, CLOSE):
        return False
    if not silent:
        state.push("strong_open" if edge == OPEN else "strong_close", "strong", 1 if edge == OPEN else -1)
    state.pos += 1
    return True


def _marker(state: StateInline, silent: bool) -> bool:
    found = MARKER.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        state.push("link_open", "a", 1).attrs = {"href": f"{HREF}{int(found[1])}"}
        state.push("text", "", 0).content = found[0]
        state.push("link_close", "a", -1)
    state.pos = found.end()
    return True


class CitedParagraph(MarkdownParagraph, HangingText):  # Textual selects by the first base: MarkdownBlock must be in it
    """A paragraph that shows which of its markers is the current one."""

    def set_content(self, content: Content) -> None:
        """Take the content of the parsed paragraph, keeping the current marker marked."""
        self._content = content
        parent = self._markdown
        self.mark(parent.current if isinstance(parent, AnswerText) else None)

    def mark(self, number: int | None) -> None:
        """Show this marker as the current one."""
        content = self._content
        for found in SIGNED.finditer(content.plain):
            content = content.stylize(_LOOKS[found[0]], found.start(), found.end())
        for found in _BYLINE.finditer(content.plain):
            content = content.stylize(MUTED, *found.span())
        for found in MARKER.finditer(content.plain):
            if int(found[1]) == number:
                content = content.stylize("reverse", found.start(), found.end())
        self.update(content)


class AnswerText(Markdown):
    """The text of an answer; a click on a marker posts `Markdown.LinkClicked` with the href `cite:<number>`."""

    def __init__(self, markdown: str | None = None, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(markdown, id=id, parser_factory=parser, open_links=False)
        self.current: int | None = None

    def get_block_class(self, block_name: str) -> type[MarkdownBlock]:
        """Use paragraphs that know their markers."""
        return CitedParagraph if block_name == "paragraph_open" else super().get_block_class(block_name)

    def mark(self, number: int | None) -> None:
        """Show this marker as the current one, None for none."""
        self.current = number
        for paragraph in self.query(CitedParagraph):
            paragraph.mark(number)

    def markers(self) -> list[int]:
        """Return the numbers of the markers in order of first appearance."""
        return list(dict.fromkeys(self._numbers()))

    def _numbers(self) -> Iterator[int]:
        return (int(found[1]) for found in MARKER.finditer(self.source))
