"""The text of one answer as it comes: what is verified, and under it what is still a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical

from qa.sanitize import clean
from qa.types import Answer, Statement, gap
from tui.widgets.unverified import UnverifiedText
from tui.widgets.verdicts import signed, written

if TYPE_CHECKING:
    from textual.widgets.markdown import MarkdownStream

    from tui.widgets.markdown import AnswerText


class Body(Vertical):
    """Shows drafts and verified sentences; only the latter ever become the answer."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[Statement] = []
        self._stream: MarkdownStream | None = None
        self._written = ""

    def compose(self) -> ComposeResult:
        """What is verified, and the draft."""
        from tui.widgets.markdown import AnswerText  # Markdown costs 50 ms, which the first frame must not wait for

        yield AnswerText(id="text")
        yield UnverifiedText()

    @property
    def text(self) -> AnswerText:
        """The verified text, with its markers."""
        found: AnswerText = self.get_child_by_id("text")  # type: ignore[assignment]  # composed under this id
        return found

    @property
    def drafting(self) -> bool:
        """Whether something is shown that is not verified yet."""
        return bool(self._draft.pending)

    @property
    def kept(self) -> bool:
        """Whether verified sentences are shown."""
        return bool(self._written)

    @property
    def _draft(self) -> UnverifiedText:
        return self.query_one(UnverifiedText)

    def draft(self, piece: str) -> None:
        """Take a piece that is not verified yet."""
        self._draft.add(piece)

    async def settle(self, statement: Statement) -> None:
        """Put a verified sentence in the place of its draft, or take the draft away."""
        self.said.append(statement)
        self._draft.settle(statement)
        if statement.shown:
            text = signed(statement)
            await self._write(clean((gap(text) if self._written else "") + text))

    async def finish(self, answer: Answer) -> None:
        """Show the whole answer."""
        await self.end()
        from tui.widgets.markdown import source  # loaded by now

        text = source(written(answer))
        if text != self._written:  # what was streamed was not the last word, or some of it is to be marked
            await self.text.update(text)

    async def end(self) -> None:
        """Take the draft away, and let what was verified come to its end."""
        self._draft.drop()
        if self._stream is not None:
            await self._stream.stop()
            self._stream = None

    async def _write(self, text: str) -> None:
        from tui.widgets.markdown import lines_kept  # loaded by now

        if self._stream is None:
            self._stream = self.text.get_stream(self.text)
        self._written += text
        await self._stream.write(lines_kept(text))
