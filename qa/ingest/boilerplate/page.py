"""Plain text as a browser leaves it: telling the article from what its page drags along.

A page has three parts: above its first paragraph stand the masthead, the headline and the byline; below its last one
the footer; in between, what is short and no stock phrase is a heading or a caption.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from qa.ingest.boilerplate import lines, phrases
from qa.ingest.boilerplate.lines import Piece
from qa.ingest.boilerplate.roles import DROPPED, Role, role_of
from qa.ingest.canonical import squash
from qa.ingest.dateline import tells_day
from qa.ingest.datewords import is_date_line
from vectorstore.articles import BlockKind

ENOUGH = 20  # words of prose above comments: before them it may be a button that says "Comments"
_ALTERNATE = re.compile(r"(?P<name>[\w .&-]{2,40}?)(?:['’]s)? website can also be accessed at the following", re.I)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)(?: ©| copyright)?[\s\d–-]*(?:by )?"
    r"(?P<name>[A-Z][\w .&'’-]{1,40}?)\s*(?:[.,|]|all rights|\d|$)",
    re.I,
)
_SITE = re.compile(r"(?P<title>.+\S) \| (?P<site>[^|]{2,40})")
_ITEMS = re.compile(r"\s*[|•·]\s*")


@dataclass(slots=True)
class PlainPage:
    """What was kept of a page, the facts that its furniture gave away, and the lines a date may stand on."""

    pieces: list[Piece] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    dates: list[str] = field(default_factory=list)  # date lines below the headline and above the first paragraph
    marked: list[str] = field(default_factory=list)  # all other date lines; only a label makes one of them count
    guess: tuple[str, str] | None = None  # a day that is taken where nothing better is found
    captions: list[str] = field(default_factory=list)  # of pictures, where they are no part of the text
    cut_off: bool = False  # by a paywall

    def note(self, name: str, value: str, how: str) -> None:
        """Keep the first value of a fact."""
        if value and name not in self.fields:
            self.fields[name], self.found[name] = value, how


def read_page(paragraphs: Sequence[str], repeated: Collection[str] = ()) -> PlainPage:
    """Take a whole page apart: drop its furniture, find its headline."""
    page = PlainPage()
    for line in paragraphs:
        _note_publisher(line, page)
    roles = [role_of(line, repeated) for line in paragraphs]
    prose = [at for at, role in enumerate(roles) if role is Role.PROSE]
    if not prose:
        return _plain(paragraphs, roles, page)
    first = prose[0]
    title = _headline(paragraphs[:first], roles)
    if title is None and _can_head(paragraphs[first]):
        title, first = first, prose[1] if len(prose) > 1 else len(paragraphs)
    _top(paragraphs[:first], roles, title, page)
    _rest(paragraphs[first:], roles[first:], prose[-1] - first, page)
    page.pieces[:] = _without_pitch(page.pieces, page)
    return page


def read_record(paragraphs: Sequence[str], repeated: Collection[str] = ()) -> PlainPage:
    """Go over text that somebody cut out already: drop long stock phrases, repeated lines, date lines at the top."""
    return read_pieces([piece_of(line) for line in paragraphs], repeated)


def read_pieces(pieces: Sequence[Piece], repeated: Collection[str] = ()) -> PlainPage:
    """Go over the pieces of an extracted page in the same way; their kinds stay, but credits make captions."""
    page = PlainPage()
    above = True
    for piece in _without_pitch(pieces, page):
        above = above and not lines.is_prose(piece.text)
        if above and is_date_line(piece.text) and tells_day(piece.text):
            page.dates.append(piece.text)
        elif not _is_dropped_carefully(piece.text, repeated):
            credited = piece.kind is BlockKind.PARAGRAPH and lines.is_caption(piece.text)
            page.pieces.append(Piece(piece.text, BlockKind.CAPTION) if credited else piece)
    return page


def _without_pitch(pieces: Sequence[Piece], page: PlainPage) -> list[Piece]:
    """Leave out what a paywall says where the article breaks off, and the heading over it."""
    kept = list(pieces)
    while kept and (phrases.sells(kept[-1].text) or (page.cut_off and kept[-1].kind is BlockKind.HEADING)):
        page.cut_off = page.cut_off or phrases.sells(kept[-1].text)
        kept.pop()
    return kept


def headings_settled(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces, a heading that heads nothing (a lone name, the line of a poem) made a paragraph."""
    following = [*pieces[1:], None] if pieces else []
    return [
        Piece(piece.text) if piece.kind is BlockKind.HEADING and at and not _heads(after) else piece
        for at, (piece, after) in enumerate(zip(pieces, following, strict=True))
    ]


def _heads(after: Piece | None) -> bool:
    if after is None or after.kind is BlockKind.HEADING:
        return False
    text = after.text
    return (
        after.kind is BlockKind.CAPTION or lines.words(text) >= 8 or lines.is_terminated(text) or lines.is_bullet(text)
    )


def piece_of(line: str) -> Piece:
    """Return a kept line as a caption, a heading or a paragraph."""
    if lines.is_caption(line):
        return Piece(line, BlockKind.CAPTION)
    return Piece(line, BlockKind.HEADING if lines.is_heading(line) else BlockKind.PARAGRAPH)


def _is_dropped_carefully(line: str, repeated: Collection[str]) -> bool:
    """A stock phrase of one word may as well be a heading of the article."""
    bare = not re.search(r"\w", line)
    return bare or squash(line) in repeated or (phrases.is_furniture(line) and not phrases.is_one_word(line))


def _note_publisher(line: str, page: PlainPage) -> None:
    if match := _ALTERNATE.match(line):
        page.note("publisher", match["name"].strip(), "text: “website can also be accessed at …”")
    elif (match := _COPYRIGHT.match(line)) and phrases.is_furniture(line):
        page.note("publisher", match["name"].strip(), "text: copyright line")


def _plain(paragraphs: Sequence[str], roles: Sequence[Role], page: PlainPage) -> PlainPage:
    """A page without running text (a table, a poem): keep all but stock phrases; its first line is the headline."""
    page.pieces += [piece_of(line) for line, role in zip(paragraphs, roles, strict=True) if role not in DROPPED]
    if page.pieces and lines.words(page.pieces[0].text) <= 25 and "\n" not in page.pieces[0].text:
        page.note("title", page.pieces[0].text, "text: first line")
    return page


def _can_head(line: str) -> bool:
    """A question or an exclamation may be a headline although it ends as a sentence does."""
    return lines.words(line) <= 25 and not line.rstrip("\"'”’»").endswith(".")


def _headline(top: Sequence[str], roles: Sequence[Role]) -> int | None:
    """Return the place of the headline above the first paragraph: the first line of four words, or of two."""
    able = [at for at, line in enumerate(top) if roles[at] is Role.LINE and "\n" not in line and len(line) <= 300]
    for least in (4, 2):
        for at in able:
            if lines.words(top[at]) >= least:
                return at
    return None


def _top(top: Sequence[str], roles: Sequence[Role], title: int | None, page: PlainPage) -> None:
    """Keep of the top the headline and what follows it; note section, byline and date lines."""
    for at, line in enumerate(top):
        below = title is not None and at > title
        if at == title:
            _take_title(line, page)
        elif roles[at] is Role.CRUMBS and not _is_credits(line):
            page.note("section", lines.crumbs(line)[-1], "text: breadcrumb")
        elif roles[at] in {Role.DATE, Role.BYLINE, Role.CRUMBS}:
            _take_credits(line, page, below=below)
        elif roles[at] is Role.CAPTION or (below and roles[at] is Role.LINE and re.search(r"[^\W\d]", line)):
            if roles[at] is Role.LINE and lines.words(line) >= 4 and page.dates:
                page.marked += page.dates  # another headline: the day above it may be the visit's
                page.dates.clear()
            page.pieces.append(piece_of(line))


def _take_title(line: str, page: PlainPage) -> None:
    """The headline is the title, without the site's name that a browser puts behind it."""
    match = _SITE.fullmatch(line)
    page.note("title", match["title"] if match else line, "text: headline")
    page.note("publisher", match["site"] if match else "", "text: behind the headline")
    page.pieces.append(Piece(line, BlockKind.HEADING))


def _is_credits(line: str) -> bool:
    """Tell whether each item of a line such as "By Jane Roe | March 3, 2021 | 4 min read" is page matter."""
    return all(role_of(item) in {Role.BYLINE, Role.DATE, *DROPPED} for item in _ITEMS.split(line))


def _take_credits(line: str, page: PlainPage, *, below: bool) -> None:
    for item in _ITEMS.split(line):
        if is_date_line(item):
            (page.dates if below else page.marked).append(item)
            if below and not tells_day(item):
                page.pieces.append(piece_of(item))
        page.note("author", lines.byline(item) or "", "text: byline")


def _rest(rest: Sequence[str], roles: Sequence[Role], last: int, page: PlainPage) -> None:
    """Keep the body; below the last paragraph (`rest[last]`) nothing short after a footer's first line is kept."""
    footer = False
    read = 0
    for at, (line, role) in enumerate(zip(rest, roles, strict=True)):
        if role is Role.COMMENTS and read >= ENOUGH and not (phrases.is_one_word(line) and at <= last / 2):
            return
        if role in DROPPED:
            footer = footer or role is not Role.FURNITURE or at > last
        elif at > last and role in {Role.DATE, Role.CRUMBS}:
            page.marked.append(line)
        elif role in {Role.PROSE, Role.CAPTION} or not footer:
            footer = footer and role is not Role.PROSE
            read += lines.words(line) if role is Role.PROSE else 0
            page.pieces.append(piece_of(line))
