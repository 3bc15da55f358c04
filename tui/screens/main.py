"""The main screen: composes the panes, and hands keys and messages to the controllers that own the work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.worker import Worker, WorkerState

from tui.actions import bindings
from tui.controllers.archives import ArchivesController
from tui.controllers.archiving import ArchivingController, ArticlesCame, ImportAdvanced
from tui.controllers.asking import GROUP, AnswerFailed, AskingController, EventArrived, QuestionFound
from tui.controllers.context import Context, Dialogs, WorkFinished, finish
from tui.controllers.conversations import ConversationsController
from tui.controllers.feeds import FeedsController
from tui.controllers.filtering import FilteringController
from tui.controllers.keeper import TurnSaved
from tui.controllers.noting import NotingController
from tui.controllers.reading import ReadingController
from tui.controllers.searching import SearchingController
from tui.controllers.undoing import UndoingController
from tui.ports import Services
from tui.screens.focus import FocusScreen
from tui.screens.help import help_on
from tui.widgets.chrome import Chips
from tui.widgets.exchange import Exchange
from tui.widgets.importbar import ImportBar
from tui.widgets.library import Library
from tui.widgets.prompt import PromptInput
from tui.widgets.sources import Sources
from tui.widgets.suggestions import Suggestions
from vectorstore.errors import AppError

EARLY = frozenset({"ask.focus", "ask.stop", "ask.editor", "app.help", "app.palette", "app.theme", "app.quit"})


class MainScreen(FocusScreen):
    """Conversation, sources at its right, library at its left; one of them at a time where it is narrow.

    Every key, click and command is `action_do` with the name of an action, which `routes` leads to its controller.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings()
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual declares it so
        (0, "-narrow"),
        (100, "-medium"),
        (150, "-wide"),
    ]
    AUTO_FOCUS = "PromptInput"

    def __init__(self, adding: bool = False) -> None:
        super().__init__()
        self._adding = adding  # to begin with
        self.context = Context(self, self.panes, self._make_dialogs)
        self.reading = ReadingController(self.context)
        self.filtering = FilteringController(self.context)
        self.undoing = UndoingController(self.context)
        self.noting = NotingController(self.context, self.reading, self.undoing)
        self.asking = AskingController(self.context, self.reading, self.filtering)
        self.conversations = ConversationsController(
            self.context, self.asking, self.reading, self.filtering, self.undoing
        )
        self.archiving = ArchivingController(self.context, self.filtering, self.undoing)
        self.searching = SearchingController(self.context, self.reading)
        self.archives = ArchivesController(self.context, self.archiving)
        self.feeds = FeedsController(self.context, self.archiving)

    def fit(self, width: int) -> None:
        """Wear the class of this width from the start; when Textual puts it on, every widget is styled again."""
        self.add_class(next(name for least, name in reversed(self.HORIZONTAL_BREAKPOINTS) if width >= least))

    def compose(self) -> ComposeResult:
        """Top bar, three panes, import bar, status line."""
        panes = self.panes
        yield panes.top
        yield panes.demo
        with Horizontal(id="panes"):
            yield panes.library
            with Vertical(id="chat"):
                yield panes.view
                yield panes.chips
                yield panes.prompt
            yield panes.sources
        yield panes.imports
        yield panes.status

    def on_mount(self) -> None:
        """Show what is known before the archive is open."""
        self.conversations.show_title("")
        self.panes.show_doing("Opening the archive …")
        self.show_keys()

    def opened(self, services: Services) -> None:
        """Go to work with the services; the models may still be loading."""
        self.context.services = services
        self.panes.show_doing("Loading the models …")
        self.asking.answer_with(services.settings.answerer)
        self.archiving.refresh()
        self.conversations.refresh()
        self.context.fetch("history", services.conversations.questions, self.panes.prompt.remember)
        self.context.fetch("last", lambda: services.conversations.list(limit=1), self.conversations.offer)
        self.archives.begin(self._adding)
        self.show_keys()
        self.asking.ask_next()

    def warmed(self) -> None:
        """Go on once the models are there, or it is known which one cannot be."""
        if self.is_attached:  # another archive may have been gone to meanwhile
            self.panes.show_doing("")
            self.asking.look_who_answers()  # imports httpx, which would hold up the models by 0.2 s

    def _make_dialogs(self) -> Dialogs:
        from tui.screens.modals import ModalDialogs  # with every dialog 20 ms, which the first frame need not wait for

        return ModalDialogs(self)

    @cached_property
    def routes(self) -> Mapping[str, Callable[[], object]]:
        """What does each action, by the action's name."""
        panes, asking, reading, filtering = self.panes, self.asking, self.reading, self.filtering
        conversations, archiving = self.conversations, self.archiving
        return {
            "ask.focus": panes.show_prompt,
            "ask.stop": asking.stop,
            "ask.editor": asking.write_in_editor,
            "ask.again": asking.ask_again,
            "ask.typed": asking.ask_as_typed,
            "ask.earlier": asking.list_earlier,
            "answerer.choose": asking.choose_answerer,
            "answer.copy": reading.copy_answer,
            "answer.left_out": reading.list_left_out,
            "source.open": reading.open_source,
            "source.copy": reading.copy_quote,
            "source.related": reading.list_related,
            "note.keep": self.noting.keep,
            "notes.open": self.noting.show,
            "filter.edit": filtering.edit,
            "filter.article": filtering.toggle_article,
            "filter.publisher": filtering.toggle_publisher,
            "filter.clear": filtering.clear,
            "view.library": panes.toggle_library,
            "view.sources": panes.toggle_sources,
            "view.maximise": panes.maximise,
            "view.find": self.searching.find,
            "conversation.new": conversations.begin,
            "conversation.last": conversations.resume_last,
            "conversation.rename": conversations.rename,
            "conversation.delete": conversations.delete,
            "conversation.export": conversations.export,
            "archive.add": self.archives.add,
            "archive.demo": self.archives.change,
            "archive.feeds": self.feeds.show,
            "archive.search": self.searching.ask,
            "archive.remove": archiving.remove_shown,
            "archive.report": archiving.show_report,
            "archive.stop": archiving.stop,
            "library.delete": self._delete_highlighted,
            "app.undo": self.undoing.undo,
            "app.theme": self.app.action_change_theme,
            "app.help": lambda: self.app.push_screen(help_on(self, self.panes.typing, self.context.keys_of)),
            "app.palette": self._open_palette,
            "app.quit": lambda: self.app.exit(message=archiving.leave()),
        }

    async def action_do(self, name: str) -> None:
        """Do the action of this name."""
        await finish(self.routes[name])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let nothing that needs the archive or the library be done before they are there."""
        early = action == "do" and parameters[0] in EARLY
        return (early or self.context.services is not None) and super().check_action(action, parameters)

    def _open_palette(self) -> None:
        self.asking.look_who_answers()  # for the next time: it may take a second
        self.app.action_command_palette()

    def _delete_highlighted(self) -> None:
        if self.panes.library.in_archive:
            self.archiving.remove_highlighted()
        elif self.panes.library.in_conversations:
            self.conversations.delete()

    @on(PromptInput.Sent)
    async def _sent(self, event: PromptInput.Sent) -> None:
        await self._ask(event.text)

    @on(Suggestions.QuestionChosen)
    async def _suggested(self, event: Suggestions.QuestionChosen) -> None:
        await self._ask(event.question)
        self.panes.show_prompt()

    async def _ask(self, question: str) -> None:
        self.archiving.settle()
        self.asking.stop_suggesting()
        await self.asking.ask(question)

    @on(QuestionFound)
    def _question(self, event: QuestionFound) -> None:
        self.panes.suggestions.add(event.question)

    @on(ArticlesCame)
    def _came(self, event: ArticlesCame) -> None:
        self.asking.suggest(event.sources)

    @on(EventArrived)
    async def _arrived(self, event: EventArrived) -> None:
        await self.asking.show(event.exchange, event.event)

    @on(AnswerFailed)
    async def _failed(self, event: AnswerFailed) -> None:
        await self.asking.fail(event.exchange, event.error)

    @on(Worker.StateChanged)
    async def _worker(self, event: Worker.StateChanged) -> None:
        """Say so where work in a thread ended in a defect of the program; nothing else would."""
        if event.state is not WorkerState.ERROR:
            return
        self.log.error(repr(event.worker.error))
        defect = AppError(f"A defect of the program: {event.worker.error!r}", "Please report it.")
        if event.worker.group == GROUP:
            await self.asking.fail_running(defect)
        else:
            self.context.complain(defect)

    @on(WorkFinished)
    async def _finished(self, event: WorkFinished) -> None:
        await finish(event.then)

    @on(Exchange.Chosen)
    def _chosen(self, event: Exchange.Chosen) -> None:
        self.reading.choose(event.exchange, event.number, event.open)

    @on(Exchange.PassageChosen)
    def _passage(self, event: Exchange.PassageChosen) -> None:
        self.reading.choose_passage(event.exchange, event.at)

    @on(Exchange.NeighbourRequested)
    def _neighbour(self, event: Exchange.NeighbourRequested) -> None:
        self.reading.go_to_neighbour(event.exchange, event.step)

    @on(Exchange.LeftOutRequested)
    def _left_out(self, event: Exchange.LeftOutRequested) -> None:
        self.reading.list_left_out_of(event.exchange)

    @on(Sources.SourceChosen)
    def _source(self, event: Sources.SourceChosen) -> None:
        self.reading.open(event.source, event.open)

    @on(Chips.Removed)
    def _chip(self, event: Chips.Removed) -> None:
        self.filtering.remove(event.part, event.at)

    @on(TurnSaved)
    def _saved(self, event: TurnSaved) -> None:
        self.conversations.saved(event)

    @on(Library.SearchedConversations)
    def _search_conversations(self) -> None:
        self.conversations.refresh()

    @on(Library.ConversationChosen)
    def _resume(self, event: Library.ConversationChosen) -> None:
        self.conversations.resume(event.id)

    @on(Library.SearchedArticles)
    def _search_articles(self) -> None:
        self.archiving.refresh()

    @on(Library.ArticleChosen)
    def _read(self, event: Library.ArticleChosen) -> None:
        self.reading.read(event.article)

    @on(ImportAdvanced)
    def _imported(self, event: ImportAdvanced) -> None:
        self.archiving.show(event.event)

    @on(ImportBar.StopPressed)
    def _stop_import(self) -> None:
        self.archiving.stop()
        self.panes.show_prompt()

    @on(ImportBar.DetailsPressed)
    def _show_import(self) -> None:
        self.archiving.show_report()

    @on(ImportBar.ClosePressed)
    def _close_import(self) -> None:
        self.archiving.settle()
        self.panes.show_prompt()
