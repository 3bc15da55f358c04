"""The notebook: keep a quote, and read, remark, delete and export what was kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from qa.export import quotation, write_new
from qa.sanitize import line
from tui.controllers.context import Context
from tui.controllers.reading import ReadingController
from tui.controllers.undoing import UndoingController
from tui.keynames import key_name
from tui.widgets.sourcelist import Source
from vectorstore.articles import counted

if TYPE_CHECKING:
    from qa.notes import Note


class NotingController:
    """Keeps quotes, and does what the reader wants of those that were kept."""

    def __init__(self, context: Context, reading: ReadingController, undoing: UndoingController) -> None:
        self._context, self._reading, self._undoing = context, reading, undoing

    def keep(self) -> None:
        """Keep the quote of the chosen source, with the question that found it."""
        source, context = self._context.panes.sources.current, self._context
        if source is None or not source.quote:
            context.say("There is no quote to keep. Choose a source first.", warning=True)
            return
        notes, question = context.notes, self._asked(source)
        context.fetch("keep", lambda: (notes.keep(source.citation, question), len(notes.list())), self._kept)

    def _asked(self, source: Source) -> str:
        """The question whose answer the source belongs to, "" where the reader came to it without one."""
        chosen = self._reading.chosen
        if chosen is None:
            return ""
        places = {(hit.article.id, hit.start) for hit in chosen.passages}
        places |= {(one.article.id, one.start) for one in (chosen.answer.citations if chosen.answer else ())}
        return chosen.question if (source.article.id, source.start) in places else ""

    def _kept(self, kept: tuple[Note | None, int]) -> None:
        note, count = kept
        keys = key_name(self._context.keys_of("notes.open"))
        shows = f" {keys} shows them." if keys else ""
        said = "Kept in the notebook" if note else "The notebook has this quote already"
        self._context.say(f"{said}: {counted(count, 'note')}.{shows}")

    def show(self) -> None:
        """List what was kept, newest first."""
        self._context.fetch("notes", self._context.notes.list, self._list)

    def _list(self, notes: list[Note]) -> None:
        if notes:
            self._context.dialogs.notes(notes, self._do)
        else:
            self._context.say("The notebook is empty. n on a quote keeps it.")

    def _do(self, wish: str, note: Note) -> None:
        """Do what is wished of a note."""
        wishes: Mapping[str, Callable[[Note], None]] = {
            "read": self._read,
            "copy": lambda one: self._reading.copy(quotation(one.citation), "quote"),
            "remark": self._ask_remark,
            "delete": self._delete,
            "undo": lambda _: self._undoing.undo(),
            "export": lambda _: self._ask_where(),
        }
        wishes[wish](note)

    def _read(self, note: Note) -> None:
        self._reading.read_at(Source(note.article, note.start, note.end, note.quote))

    def _ask_remark(self, note: Note) -> None:
        notes = self._context.notes

        def remark(text: str) -> None:
            self._context.fetch("remark", lambda: notes.remark(note.id, text), lambda _: self.show())

        self._context.dialogs.line("Remark", remark, note.remark, "What is it for?")

    def _delete(self, note: Note) -> None:
        notes = self._context.notes

        def deleted(_: None) -> None:
            self._undoing.offer(f"the note “{line(note.quote, 40)}”", lambda: notes.restore(note), self.show)
            self.show()

        self._context.fetch("delete", lambda: notes.delete(note.id), deleted)

    def _ask_where(self) -> None:
        path = self._context.settings.exports / "notes.md"
        note = "Markdown, by article. A file that is already there is not overwritten."
        self._context.dialogs.line("Export the notes to", self._export, str(path), note=note)

    def _export(self, to: str) -> None:
        notes = self._context.notes

        def work() -> object:
            from qa.config import expanded  # pydantic costs 0.2 s, which the first frame must not wait for
            from qa.notes import notes_markdown  # SQLite costs 15 ms

            return write_new(expanded(to), notes_markdown(notes.list()))

        self._context.fetch("export", work, lambda written: self._context.say(f"Exported to {written}"))
