"""What a line of a page is by itself, wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from enum import Enum, auto

from qa.ingest.boilerplate import lines, phrases
from qa.ingest.canonical import squash
from qa.ingest.datewords import is_date_line


class Role(Enum):
    """What a line of a page is by itself."""

    PROSE = auto()
    LINE = auto()  # short, and nothing else that is known
    CAPTION = auto()
    DATE = auto()
    BYLINE = auto()
    CRUMBS = auto()
    FURNITURE = auto()
    ENDING = auto()  # furniture that stands below articles
    COMMENTS = auto()  # furniture that heads the readers' comments


_TESTS: tuple[tuple[Role, Callable[[str], object]], ...] = (  # the first that holds decides
    (Role.COMMENTS, phrases.opens_comments),
    (Role.ENDING, phrases.ends_article),
    (Role.FURNITURE, phrases.is_furniture),
    (Role.DATE, is_date_line),
    (Role.CAPTION, lines.is_caption),
    (Role.BYLINE, lines.byline),
    (Role.PROSE, lines.is_prose),
    (Role.CRUMBS, lines.crumbs),
)
DROPPED = {Role.FURNITURE, Role.ENDING, Role.COMMENTS}


def role_of(line: str, repeated: Collection[str] = ()) -> Role:
    """Tell what a line is by itself, wherever it stands."""
    if squash(line) in repeated or not re.search(r"\w", line):
        return Role.FURNITURE
    return next((role for role, holds in _TESTS if holds(line)), Role.LINE)
