"""The archive from inside: add with progress while asking goes on, see what failed and why, search, remove."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from textual import on
from textual.message import Message
from textual.widgets import Input
from textual.worker import Worker, get_current_worker

from qa.sanitize import line
from qa.types import IngestReport, Progress
from tui.ports import Archive
from tui.screens.conversations import Chats
from tui.screens.dialogs import AskLine, Confirm, ReportDialog
from tui.screens.welcome import Welcome
from tui.widgets.importbar import ImportBar
from tui.widgets.library import ArchiveTree, Library
from tui.widgets.names import name_of
from vectorstore.articles import Filter, Reference
from vectorstore.errors import AppError

FRAME = 1 / 15  # seconds; an ingest reports far oftener than a screen needs


@dataclass
class Imported(Message):
    """An ingest has come this far, is done, or failed."""

    event: Progress | IngestReport | AppError


class Archiving(Chats):
    """The part of the main screen that keeps the archive."""

    importing: Worker[None] | None = None
    report: IngestReport | None = None

    def refresh_archive(self) -> None:
        """Count and list the articles again."""
        if self.services is None:
            return
        search, archive = self.query_one("#article-search", Input).value, self.archive
        self.fetch("archive", lambda: (archive.count(), archive.articles(Filter(), search)), self._listed)

    def _listed(self, found: tuple[tuple[int, int], list[Reference]]) -> None:
        (articles, passages), references = found
        self.status.status = replace(self.status.status, articles=articles, passages=passages)
        self.titles.update({one.id: name_of(one) for one in references})
        self.library.show_articles(references)

    @on(Library.SearchedArticles)
    def _search_articles(self) -> None:
        self.refresh_archive()

    @on(Library.ArticleChosen)
    def _article(self, event: Library.ArticleChosen) -> None:
        self.read(event.article)

    def welcome(self) -> None:
        """Greet someone whose archive is empty."""
        self.app.push_screen(Welcome(), self._begin)

    def _begin(self, choice: str | None) -> None:
        if choice == "seeds":
            self.add([self.archive.seeds()])
        elif choice == "own":
            self.action_add()

    def action_add(self) -> None:
        """Ask for a folder or a file and take it in."""
        if self.services is None:
            return
        if self.importing is not None and self.importing.is_running:
            self.say("An import is running. Stop it or wait for it.", warning=True)
            return
        note = "Text, Markdown, HTML, JSONL and JSONL.gz; folders with all that is in them."
        self.app.push_screen(AskLine("Add a folder or a file", "", "~/articles", note), self._add)

    def _add(self, answer: str | None) -> None:
        from qa.config import expanded  # pydantic costs 0.2 s, which the first frame must not wait for

        if answer:
            self.fetch("add", lambda: [expanded(answer)], self.add)

    def add(self, paths: Sequence[Path]) -> None:
        """Take files and folders into the archive, in a thread."""
        archive = self.archive
        self.query_one(ImportBar).begin()
        self.importing = self.run_worker(
            lambda: self._import(archive, paths), group="import", thread=True, exclusive=True, exit_on_error=False
        )

    def _import(self, archive: Archive, paths: Sequence[Path]) -> None:
        from time import monotonic

        worker, shown = get_current_worker(), 0.0
        try:
            events = archive.ingest(paths)
            with closing(events):  # type: ignore[type-var]  # a generator, which closing cancels
                for event in events:
                    if worker.is_cancelled:
                        return
                    if isinstance(event, IngestReport) or monotonic() - shown >= FRAME:
                        shown = monotonic()
                        self.post_message(Imported(event))
        except AppError as error:
            self.post_message(Imported(error))

    @on(Imported)
    def _imported(self, message: Imported) -> None:
        event, bar = message.event, self.query_one(ImportBar)
        if isinstance(event, Progress):
            bar.show(event)
            return
        bar.end()
        self.refresh_archive()
        if isinstance(event, AppError):
            self.complain(event)
            return
        self.report = event
        self.say(summary(event) + (" See “Last import”." if event.failed else ""), warning=bool(event.failed))

    @on(ImportBar.Stopped)
    def _stop_import(self) -> None:
        if self.importing is not None:
            self.importing.cancel()
        self.query_one(ImportBar).end()
        self.refresh_archive()
        self.say("Import stopped. What was taken in stays; adding the same folder again goes on from there.")

    def action_ingest_report(self) -> None:
        """Show what the last import did."""
        if self.report is None:
            self.say("Nothing has been imported in this session.", warning=True)
        else:
            self.app.push_screen(ReportDialog("Last import", details(self.report)))

    def action_remove_article(self) -> None:
        """Remove the shown article, after asking."""
        source = self.sources.current
        if source is None:
            self.say("Choose an article first.", warning=True)
        else:
            self._remove(source.article)

    def action_delete_chosen(self) -> None:
        """Delete what is highlighted in the library: a conversation or an article."""
        article = self.library.chosen_article() if self.query_one(ArchiveTree).has_focus else None
        if article is not None:
            self._remove(article)
        elif self.query_one("#conversation-list").has_focus:
            self.action_delete_conversation()

    def _remove(self, article: Reference) -> None:
        archive = self.archive

        def remove(sure: bool | None) -> None:
            if sure:
                self.fetch("remove", lambda: archive.remove([article.id]), self._removed)

        question = f"Remove “{name_of(article)}” from the archive? Saved answers keep their quotes."
        self.app.push_screen(Confirm(question, "Remove"), remove)

    def _removed(self, count: int) -> None:
        self.refresh_archive()
        self.say(f"Removed {count} article{'' if count == 1 else 's'}.")


def summary(report: IngestReport) -> str:
    """Return what an import did in one sentence."""
    parts = [f"{count:,} {name}" for name, count in report.counts.items() if count]
    parts += [f"{len(report.failed):,} failed"] if report.failed else []
    return (", ".join(parts) or "Nothing to add") + f" in {report.seconds:.1f} s."


def details(report: IngestReport) -> str:
    """Return what an import did, each failure and warning on a line of its own."""
    lines = [summary(report), f"The archive holds {report.articles:,} articles in {report.passages:,} passages."]
    if report.failed:
        lines += ["", "Failed:", *(f"  {line(one.source, 200)}: {line(one.reason, 200)}" for one in report.failed)]
    if report.warnings:
        lines += ["", "Warnings:", *(f"  {line(warning, 300)}" for warning in report.warnings)]
    return "\n".join(lines)
