"""The archive from inside: add with progress while asking goes on, see what failed and why, search, remove."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from time import monotonic

from textual.message import Message
from textual.worker import Worker, get_current_worker

from qa.sanitize import line
from qa.types import Failure, IngestReport, Progress
from tui.controllers.context import Context
from tui.controllers.filtering import FilteringController
from tui.controllers.undoing import UndoingController
from tui.pace import Pace, in_words
from tui.widgets.names import name_of
from vectorstore.articles import Filter, Reference, counted
from vectorstore.errors import AppError

FRAME = 1 / 15  # seconds; an ingest reports far oftener than a screen needs
TITLES = 200  # of what came in, that are listed and that questions are made of

LEFT = "The import was stopped. What it saved is kept; add the same folder again to continue."


@dataclass
class ImportAdvanced(Message):
    """An ingest has come this far, is done, or failed."""

    event: Progress | IngestReport | AppError


@dataclass
class ArticlesCame(Message):
    """An import has ended; these are the sources of articles that came in, the newest ones of many."""

    sources: tuple[str, ...]


class Arrivals:
    """What came in during one import, and how fast."""

    def __init__(self) -> None:
        self.pace = Pace()
        self.title = ""
        self.titles: deque[str] = deque(maxlen=TITLES)
        self.sources: deque[str] = deque(maxlen=TITLES)

    def note(self, progress: Progress) -> None:
        """Remember an article that comes in."""
        self.title = progress.title
        self.titles.append(progress.title)
        self.sources.append(progress.source)


class ArchivingController:
    """Lists the articles, takes new ones in and removes some."""

    def __init__(self, context: Context, filtering: FilteringController, undoing: UndoingController) -> None:
        self._context, self._filtering, self._undoing = context, filtering, undoing
        self._importing: Worker[None] | None = None  # None once its end is shown, while its process still closes
        self._came = Arrivals()
        self.last_report: IngestReport | None = None

    @property
    def _running(self) -> Worker[None] | None:
        return self._importing if self._importing is not None and self._importing.is_running else None

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

    def refuses(self) -> bool:
        """Tell whether an import runs, beside which nothing else can, and say so."""
        if running := self._running is not None:
            self._context.say("An import is running. Stop it or wait for it.", warning=True)
        return running

    def ask_what_to_add(self) -> None:
        """Ask for folders, files and web addresses, and take them in."""
        if not self.refuses():
            self._context.dialogs.places(self.add)

    def add(self, names: Sequence[str]) -> None:
        """Take files, folders and web pages into the archive, in a thread."""
        archive = self._context.archive
        self.run(lambda: archive.ingest(names))

    def run(self, work: Callable[[], Iterator[Progress | IngestReport]]) -> None:
        """Do work that takes articles in, in a thread, and show how far it is."""
        self._context.panes.imports.begin()
        self._came = Arrivals()
        self._importing = self._context.work("import", lambda: self._import(work))

    def _import(self, work: Callable[[], Iterator[Progress | IngestReport]]) -> None:
        worker, shown = get_current_worker(), 0.0
        try:
            events = work()
            with closing(events):  # type: ignore[type-var]  # a generator, which closing cancels
                for event in events:
                    if worker.is_cancelled:
                        return
                    if isinstance(event, Progress) and event.title:
                        self._came.note(event)
                    told = not isinstance(event, Progress) or event.articles is not None
                    if told or monotonic() - shown >= FRAME:
                        shown = monotonic()
                        self._context.post(ImportAdvanced(event))
        except AppError as error:
            self._context.post(ImportAdvanced(error))

    def show(self, event: Progress | IngestReport | AppError) -> None:
        """Show how far an import has come, or how it ended."""
        bar, came = self._context.panes.imports, self._came
        if isinstance(event, Progress):
            bar.show(event, in_words(came.pace.left(event.stage, event.done, event.total)), came.title)
            self._count(event.articles)
            return
        self._importing = None
        self.refresh()
        if isinstance(event, AppError):
            bar.hide()
            self._context.complain(event)
            return
        self.last_report = event
        bar.end(summary(event))
        self._context.post(ArticlesCame(tuple(came.sources)))

    def _count(self, articles: int | None) -> None:
        panes = self._context.panes
        if articles is not None:
            panes.status.status = replace(panes.status.status, articles=articles)
            panes.library.show_count(articles)

    def stop(self) -> None:
        """Stop the import."""
        if (running := self._running) is None:
            self._context.say("No import is running.", warning=True)
            return
        running.cancel()
        self._context.panes.imports.hide()
        self.refresh()
        self._context.say("Import stopped. What it saved is kept; add the same folder again to continue.")

    def settle(self) -> None:
        """Take away what is said of an import that has ended."""
        if self._running is None:
            self._context.panes.imports.hide()

    def leave(self) -> str | None:
        """Stop an import because the user leaves, and return what to say of it in the terminal, None without one."""
        if (running := self._running) is None:
            return None
        running.cancel()
        return LEFT

    def show_report(self) -> None:
        """Show what the last import did."""
        if self.last_report is None:
            self._context.say("Nothing has been imported in this session.", warning=True)
        else:
            self._context.dialogs.report("Last import", details(self.last_report, self._came.titles))

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
        context, archive, name = self._context, self._context.archive, f"“{name_of(article)}”"

        def removed(put_back: Callable[[], object]) -> None:
            self.refresh()
            self._undoing.offer(name, put_back, self.refresh)

        def remove() -> None:
            context.fetch("remove", lambda: archive.remove([article.id]), removed)

        context.dialogs.confirm(f"Remove {name} from the archive? Saved answers keep their quotes.", "Remove", remove)


def summary(report: IngestReport) -> str:
    """Return what an import did in one sentence."""
    parts = [f"{count:,} {name}" for name, count in report.counts.items() if count]
    parts += [f"{len(report.failed):,} failed"] if report.failed else []
    return (", ".join(parts) or "Nothing to add") + f" in {report.seconds:.1f} s."


def details(report: IngestReport, titles: Sequence[str] = ()) -> str:
    """Return what an import did: what came in, and each failure, warning and skipped file on a line of its own."""
    holds = f"{counted(report.articles, 'article')} in {counted(report.passages, 'passage')}"
    lines = [summary(report), f"The archive holds {holds}."]
    came, failed = report.added + report.changed, [_told(one) for one in report.failed]
    skipped = [_told(one) for one in report.passed_over]
    lines += _listed("Failed", len(failed), failed)
    lines += _listed("Skipped", report.skipped, skipped)
    lines += _listed("Warnings", len(report.warnings), [line(warning, 300) for warning in report.warnings])
    lines += _listed("Came in", came, [line(title, 200) for title in titles])
    return "\n".join(lines)


def _listed(head: str, count: int, rows: Sequence[str]) -> list[str]:
    if not rows:
        return []
    more = [f"  and {count - len(rows):,} more"] if count > len(rows) else []
    return ["", f"{head} ({count:,}):", *(f"  {row}" for row in rows), *more]


def _told(failure: Failure) -> str:
    return f"{line(failure.source, 200)}: {line(failure.reason, 200)}"
