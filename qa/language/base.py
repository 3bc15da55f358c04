"""What may be known of a language, as lists of words and patterns; a language that we know nothing of has none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

Pattern = re.Pattern[str]
NOTHING = re.compile(r"(?!)")  # matches nowhere


@dataclass(frozen=True, slots=True)
class Language:
    """A language's small words, and the patterns by which a question is told to lean on the one before.

    `stopwords` carry no question, `openers` are no names though a sentence begins with them, `irregular` forms have
    stems that no stemmer finds. `greeting` stands before a question and asks nothing, `turning` is one that leaves the
    subject, `linking` a word that only ties a question to the last. `exchange` asks the last question of something
    else (`how` and `what`); `asking` are the words that every other question has. `person`, `place` and `thing` refer
    to what was named before; `who` asks for a person, `where` for a place; `located` stands before places; `nobody` is
    no person's name, `calendar` a month's or a day's. `twice` and
    `and_what` ask two things at once. `fresh` asks for the news of the day. `catalogue` are questions for
    the archive's own count or list of articles: `count` or `list` says which, `exact` that they mention `what`, `about`
    that they speak of it, `by` a publisher.
    """

    code: str = ""
    stopwords: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()
    irregular: Mapping[str, str] = field(default_factory=dict)
    greeting: Pattern = NOTHING
    turning: Pattern = NOTHING
    linking: Pattern = NOTHING
    exchange: Pattern = NOTHING
    asking: Pattern = NOTHING
    person: Pattern = NOTHING
    place: Pattern = NOTHING
    thing: Pattern = NOTHING
    who: Pattern = NOTHING
    where: Pattern = NOTHING
    located: Pattern = NOTHING
    nobody: Pattern = NOTHING
    calendar: Pattern = NOTHING
    twice: Pattern = NOTHING
    and_what: Pattern = NOTHING
    fresh: Pattern = NOTHING
    catalogue: tuple[Pattern, ...] = ()


NEUTRAL = Language()
