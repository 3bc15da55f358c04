"""The archive from inside: add with progress while asking goes on, see what failed and why, search, remove."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from textual.message import Message
from textual.worker import Worker, get_current_worker

from qa.sanitize import line
from qa.types import IngestReport, Progress
from tui.controllers.context import Context
from tui.controllers.filtering import FilteringController
from tui.ports import Articles
from tui.widgets.names import name_of
from vectorstore.articles import Filter, Reference
from vectorstore.errors import AppError

FRAME = 1 / 15  # seconds; an ingest reports far oftener than a screen needs


@dataclass
class ImportAdvanced(Message):
    """An ingest has come this far, is done, or failed."""

    event: Progress | IngestReport | AppError


class ArchivingController:
    """Lists the articles, takes new ones in and removes some."""

    def __init__(self, context: Context, filtering: FilteringController) -> None:
        self._context, self._filtering = context, filtering
        self._importing: Worker[None] | None = None
        self.last_report: IngestReport | None = None

    def refresh(self) -> None:
        """Count and list the articles again."""
        if self._context.services is None:
            return
        search, archive = self._context.panes.library.article_search, self._context.archive
        self._context.fetch("archive", lambda: (archive.count(), archive.articles(Filter(), search)), self._listed)

    def _listed(self, found: tuple[tuple[int, int], list[Reference]]) -> None:
        (articles, passages), references = found
        panes = self._context.panes
        panes.status.status = replace(panes.status.status, articles=articles, passages=passages)
        self._filtering.learn_titles(references)
        panes.library.show_articles(references)

    def welcome_if_empty(self) -> None:
        """Greet someone whose archive is empty, and offer ways to fill it."""
        self._context.fetch("count", self._context.archive.count, self._welcome)

    def _welcome(self, counts: tuple[int, int]) -> None:
        if counts == (0, 0):
            self._context.dialogs.welcome(self._begin)

    def _begin(self, choice: str) -> None:
        if choice == "seeds":
            self.add([self._context.archive.seeds()])
        else:
            self.ask_what_to_add()

    def ask_what_to_add(self) -> None:
        """Ask for a folder or a file and take it in."""
        if self._importing is not None and self._importing.is_running:
            self._context.say("An import is running. Stop it or wait for it.", warning=True)
            return
        note = "Text, Markdown, HTML, JSONL and JSONL.gz; folders with all that is in them."
        self._context.dialogs.line("Add a folder or a file", self._add, placeholder="~/articles", note=note)

    def _add(self, answer: str) -> None:
        from qa.config import expanded  # pydantic costs 0.2 s, which the first frame must not wait for

        self._context.fetch("add", lambda: [expanded(answer)], self.add)

    def add(self, paths: Sequence[Path]) -> None:
        """Take files and folders into the archive, in a thread."""
        archive = self._context.archive
        self._context.panes.imports.begin()
        self._importing = self._context.work("import", lambda: self._import(archive, paths))

    def _import(self, archive: Articles, paths: Sequence[Path]) -> None:
        worker, shown = get_current_worker(), 0.0
        try:
            events = archive.ingest(paths)
            with closing(events):  # type: ignore[type-var]  # a generator, which closing cancels
                for event in events:
                    if worker.is_cancelled:
                        return
                    if isinstance(event, IngestReport) or monotonic() - shown >= FRAME:
                        shown = monotonic()
                        self._context.post(ImportAdvanced(event))
        except AppError as error:
            self._context.post(ImportAdvanced(error))

    def show(self, event: Progress | IngestReport | AppError) -> None:
        """Show how far an import has come, or how it ended."""
        bar = self._context.panes.imports
        if isinstance(event, Progress):
            bar.show(event)
            return
        bar.end()
        self.refresh()
        if isinstance(event, AppError):
            self._context.complain(event)
            return
        self.last_report = event
        failed = bool(event.failed)
        self._context.say(summary(event) + (" See “Last import”." if failed else ""), warning=failed)

    def stop(self) -> None:
        """Stop the import."""
        if self._importing is not None:
            self._importing.cancel()
        self._context.panes.imports.end()
        self.refresh()
        self._context.say("Import stopped. What was taken in stays; adding the same folder again goes on from there.")

    def show_report(self) -> None:
        """Show what the last import did."""
        if self.last_report is None:
            self._context.say("Nothing has been imported in this session.", warning=True)
        else:
            self._context.dialogs.report("Last import", details(self.last_report))

    def remove_shown(self) -> None:
        """Remove the article that is shown, after asking."""
        source = self._context.panes.sources.current
        if source is None:
            self._context.say("Choose an article first.", warning=True)
        else:
            self._remove(source.article)

    def remove_highlighted(self) -> None:
        """Remove the article under the library's cursor, after asking."""
        article = self._context.panes.library.chosen_article()
        if article is not None:
            self._remove(article)

    def _remove(self, article: Reference) -> None:
        context, archive = self._context, self._context.archive

        def remove() -> None:
            context.fetch("remove", lambda: archive.remove([article.id]), self._removed)

        question = f"Remove “{name_of(article)}” from the archive? Saved answers keep their quotes."
        context.dialogs.confirm(question, "Remove", remove)

    def _removed(self, count: int) -> None:
        self.refresh()
        self._context.say(f"Removed {count} article{'' if count == 1 else 's'}.")


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
