"""Plain text as a browser leaves it: telling the article from what its page drags along.

A page has three parts: above its first paragraph stand the masthead, the headline and the byline; below its last one
the footer; in between, what is short and no stock phrase is a heading or a caption.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from qa.ingest import lines, phrases
from qa.ingest.canonical import squash
from qa.ingest.dateline import is_date_line
from qa.ingest.lines import Piece
from vectorstore.articles import Kind

LONGEST_REPEATED = 200  # characters of a line that may be found repeated
_ALTERNATE = re.compile(r"(?P<name>[\w .&-]{2,40}?)(?:['’]s)? website can also be accessed at the following", re.I)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)[\s\d–-]*(?:by )?(?P<name>[A-Z][\w .&'’-]{1,40}?)\s*(?:[.,|]|all rights|\d|$)",
    re.I,
)


@dataclass(slots=True)
class Page:
    """What was kept of a page, the facts that its furniture gave away, and the lines a date may stand on."""

    pieces: list[Piece] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    dates: list[str] = field(default_factory=list)  # date lines below the headline and above the first paragraph
    marked: list[str] = field(default_factory=list)  # all other date lines; only a label makes one of them count

    def note(self, name: str, value: str, how: str) -> None:
        """Keep the first value of a fact."""
        if value and name not in self.fields:
            self.fields[name], self.found[name] = value, how


def read_page(paragraphs: Sequence[str], repeated: Collection[str] = ()) -> Page:
    """Take a whole page apart: drop its furniture, find its headline."""
    page = Page()
    body = [line for line in paragraphs if not _notes_fact(line, page)]
    prose = [at for at, line in enumerate(body) if _is_body(line, repeated)]
    first = prose[0] if prose else len(body)
    title = _headline(body, first, repeated)
    if title is None and first < len(body) and _can_head(body[first]):
        title, first = first, next((at for at in prose[1:]), len(body))
    last = prose[-1] if prose else len(body) - 1
    _top(body[:first], title, page, repeated)
    _rest(body[first:], last - first, page, repeated)
    return page


def read_record(paragraphs: Sequence[str], repeated: Collection[str] = ()) -> Page:
    """Go over text that somebody cut out already: drop long stock phrases, repeated lines, date lines at the top."""
    page = Page()
    for line in paragraphs:
        above = not any(lines.is_prose(piece.text) for piece in page.pieces)
        if above and is_date_line(line):
            page.dates.append(line)
        elif not _is_dropped_carefully(line, repeated):
            page.pieces.append(_piece(line))
    return page


def without_furniture(pieces: Sequence[Piece], repeated: Collection[str] = ()) -> list[Piece]:
    """Return the pieces of an extracted page without those that are long stock phrases or repeated lines."""
    return [
        _piece(piece.text) if piece.kind is Kind.PARAGRAPH and lines.is_caption(piece.text) else piece
        for piece in pieces
        if not _is_dropped_carefully(piece.text, repeated)
    ]


def short_lines(paragraphs: Sequence[str]) -> set[str]:
    """Return the squashed short lines that are no prose: furniture, where many different articles repeat them."""
    return {squash(line) for line in paragraphs if len(line) <= LONGEST_REPEATED and not lines.is_prose(line)}


def headings_settled(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces, a heading that heads nothing (the last one, or one in a run of three) made a paragraph."""
    kinds = [piece.kind for piece in pieces] + [None, None]
    settled = []
    for at, piece in enumerate(pieces):
        run = at > 0 and kinds[at - 1] is Kind.HEADING and kinds[at + 1] is Kind.HEADING
        idle = piece.kind is Kind.HEADING and (kinds[at + 1] is None or run) and len(pieces) > 1
        settled.append(Piece(piece.text) if idle else piece)
    return settled


def _is_body(line: str, repeated: Collection[str]) -> bool:
    return lines.is_prose(line) and not _is_dropped(line, repeated) and not lines.is_caption(line)


def _is_dropped(line: str, repeated: Collection[str]) -> bool:
    return squash(line) in repeated or phrases.is_furniture(line)


def _is_dropped_carefully(line: str, repeated: Collection[str]) -> bool:
    """A stock phrase of one word may as well be a heading of the article."""
    return squash(line) in repeated or (phrases.is_furniture(line) and not phrases.is_one_word(line))


def _notes_fact(line: str, page: Page) -> bool:
    """Note what a line of furniture says about the publisher or the section; tell whether it has done its work."""
    if match := _ALTERNATE.match(line):
        page.note("publisher", match["name"].strip(), "text: “website can also be accessed at …”")
    elif (match := _COPYRIGHT.match(line)) and phrases.is_furniture(line):
        page.note("publisher", match["name"].strip(), "text: copyright line")
    elif parts := lines.crumbs(line):
        page.note("section", parts[-1], "text: breadcrumb")
        return True
    return False


def _can_head(line: str) -> bool:
    """A question or an exclamation may be a headline although it ends as a sentence does."""
    return lines.words(line) <= 25 and not line.rstrip("\"'”’»").endswith(".")


def _headline(body: Sequence[str], first: int, repeated: Collection[str]) -> int | None:
    """Return the place of the headline above the first paragraph: the first line of four words, or of two."""
    able = [
        at
        for at, line in enumerate(body[:first])
        if not _is_dropped(line, repeated) and not lines.is_caption(line) and not is_date_line(line)
    ]
    able = [at for at in able if not lines.byline(body[at]) and "\n" not in body[at] and len(body[at]) <= 300]
    for least in (4, 2):
        for at in able:
            if lines.words(body[at]) >= least:
                return at
    return None


def _top(top: Sequence[str], title: int | None, page: Page, repeated: Collection[str]) -> None:
    """Keep of the top the headline and what follows it; note byline and date lines."""
    for at, line in enumerate(top):
        if at == title:
            page.note("title", line, "text: headline")
            page.pieces.append(Piece(line, Kind.HEADING))
        elif is_date_line(line):
            (page.dates if title is not None and at > title else page.marked).append(line)
        elif name := lines.byline(line):
            page.note("author", name, "text: byline")
        elif lines.is_caption(line) or (title is not None and at > title and not _is_dropped(line, repeated)):
            page.pieces.append(_piece(line))


def _rest(rest: Sequence[str], last: int, page: Page, repeated: Collection[str]) -> None:
    """Keep the body; below the last paragraph (`rest[last]`) nothing short after a footer's first line is kept."""
    footer = False
    for at, line in enumerate(rest):
        if phrases.opens_comments(line) and at > len(rest) / 2:
            return
        if is_date_line(line) and at > last:
            page.marked.append(line)
        elif _is_dropped(line, repeated):
            footer = footer or phrases.ends_article(line) or at > last
        elif lines.is_prose(line) or lines.is_caption(line) or not footer:
            footer = footer and not lines.is_prose(line)
            page.pieces.append(_piece(line))


def _piece(line: str) -> Piece:
    if lines.is_caption(line):
        return Piece(line, Kind.CAPTION)
    return Piece(line, Kind.HEADING if lines.is_heading(line) else Kind.PARAGRAPH)
