"""The lines at the top and the bottom: where one is, what is going on, and what the mouse can reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Static

from qa.sanitize import line
from tui.actions import call_of
from tui.widgets.hanging import HangingText
from tui.widgets.names import MUTED
from vectorstore.articles import Filter, counted

BETWEEN = "  ·  "
_ROOMY = 60  # columns; a narrower bar leaves the commands to their key
_MENU = (
    ("view.library", "Library"),
    ("view.sources", "Sources"),
    ("filter.edit", "Filter"),
    ("app.palette", "Commands"),
    ("app.help", "Help"),
)


class TopBar(Horizontal):
    """The name of the conversation, and a menu for the mouse."""

    def compose(self) -> ComposeResult:
        """The title at the left, the menu at the right."""
        yield Static("", id="top-title", markup=False)
        yield Static("", id="menu")

    def on_resize(self, event: events.Resize) -> None:
        """Offer as much as there is room for."""
        roomy = event.size.width >= _ROOMY
        links = [link(text, name) for name, text in _MENU if roomy or name != "app.palette"]
        self.query_one("#menu", Static).update(Content("   " if roomy else "  ").join(links))

    def title(self, text: str) -> None:
        """Show the name of the conversation."""
        brand = link(Content.styled("Footnote", "bold"), "ask.focus")  # back from every pane, by mouse
        shown = Content.assemble(brand, "  ", Content(line(text, 120)))
        self.query_one("#top-title", Static).update(shown)


@dataclass(frozen=True, slots=True)
class Status:
    """What the status line tells: counts (None until known), answerer, time of the last answer, what is going on."""

    articles: int | None = None
    passages: int | None = None
    answerer: str = ""
    filtered: bool = False
    doing: str = ""


class StatusBar(Widget):
    """One line: the archive, the filter, the answerer; at the right the keys to know."""

    status: reactive[Status] = reactive(Status())
    keys: reactive[str] = reactive("")

    def render(self) -> Content:
        """Draw as much of the line as fits."""
        width = self.content_size.width
        left, right = _fitting(_parts(self.status), self.keys.split(BETWEEN), width - 2)
        room = max(width - cell_len(left) - cell_len(right), 0)
        return Content.assemble(Content(left), " " * room, Content.styled(right, MUTED))


def _fitting(parts: list[str], keys: list[str], width: int) -> tuple[str, str]:
    """Join as many of each as fit: the first part, and the last keys, which matter most, go last."""
    while cell_len(BETWEEN.join(parts)) + cell_len(BETWEEN.join(keys)) > width and (parts[1:] or keys):
        if keys[3:] or not parts[1:]:
            del keys[0]
        else:
            del parts[-1]
    return BETWEEN.join(parts), BETWEEN.join(keys)


def without_letters(keys: str) -> str:
    """Return a line of keys without those that are letters, for where they stand elsewhere on the screen."""
    return BETWEEN.join(part for part in keys.split(BETWEEN) if not (part[0].isalpha() and part[1] == " "))


def _parts(status: Status) -> list[str]:
    parts = [line(status.doing)] if status.doing else []
    if status.articles is not None:
        parts.append(counted(status.articles, "article"))
    if status.filtered:
        parts.append("filtered")
    if status.answerer:
        parts.append(line(status.answerer))
    return parts


def link(text: str | Content, name: str) -> Content:
    """Return a text that does the action of this name when it is clicked; the text may be anyone's."""
    return Content.assemble(text).stylize(Style.from_meta({"@click": f"screen.{call_of(name)}"}))


class Chips(HangingText):
    """The filter as chips, each with a cross that takes it away; hidden while nothing is filtered."""

    @dataclass
    class Removed(Message):
        """A part of the filter was crossed out: the `at`-th value of the field called `part`."""

        part: str
        at: int

    def show(self, scope: Filter, titles: Mapping[str, str]) -> None:
        """Show the filter; `titles` names the chosen articles by id."""
        chips = [Content.styled("Only", MUTED)]
        chips += [_chip(*named) for named in _named(scope, titles)]
        self.update(Content(" ").join(chips))
        self.display = bool(scope)

    def action_cross(self, part: str, at: int) -> None:
        """Take one part of the filter away."""
        self.post_message(self.Removed(part, at))


def without(scope: Filter, part: str, at: int = 0) -> Filter:
    """Return the filter without the `at`-th value of the field called `part`."""
    value = getattr(scope, part)
    kept = value[:at] + value[at + 1 :] if isinstance(value, tuple) else None
    return Filter(**{**asdict(scope), part: kept})


def _named(scope: Filter, titles: Mapping[str, str]) -> Iterator[tuple[str, int, str]]:
    yield from (("publishers", at, name) for at, name in enumerate(scope.publishers))
    if scope.since:
        yield "since", 0, f"since {scope.since}"
    if scope.until:
        yield "until", 0, f"until {scope.until}"
    yield from (("sources", at, source) for at, source in enumerate(scope.sources))
    yield from (("articles", at, titles.get(key) or key) for at, key in enumerate(scope.articles))


def _chip(part: str, at: int, text: str) -> Content:
    label = link(f" {line(text, 40)} ".replace(" ", "\u00a0"), "filter.edit")
    cross = Content("×\u00a0").stylize(Style.from_meta({"@click": f"cross({part!r}, {at})"}))
    return Content.assemble(label, cross).stylize("on $primary-muted")
