"""Which facts of a statement do not stand in the evidence: compared exactly, whatever a reader makes of the rest. Pure.

Numbers may be rounded as they say (“almost 18%” of 17.8%), or follow from two others; days may be told by the article's
own; a name may be a surname, initials or spelt out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache, reduce
from operator import or_

from qa.verify.days import MONTHS, WEEKDAYS, meant
from qa.verify.facts import Facts, facts, level, name_keys
from qa.verify.grades import TIMES
from qa.verify.numbers import COUNTABLE, Quantity, follows, stands
from qa.words import stem, tokens

LEANING = re.compile(
    r"\b(?:he|she|they|it|his|her|their|its|him|them|i|we|our|my|you|this|that|these|those|the)\b", re.IGNORECASE
)
ROOT = 4  # letters from which on a name may be a part of another form of it: Europe, European
MEASURES = frozenset(
    "km mile meter metr foot feet inch yard acr hectar pound ton tonn ounc gram kilogram kg degre dollar euro yen % day"
    " week month year hour minut second decad night mph".split()
)


class FactKind(StrEnum):
    """What sort of fact it is."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    QUOTATION = "quotation"
    LINK = "link"


ALONE = 0.8  # of a statement's words: a sentence that has so many says it alone, and no number of another counts


@dataclass(frozen=True, slots=True)
class Lack:
    """A fact of a statement that its evidence does not have, as written, and what the evidence has in its place."""

    kind: FactKind
    said: str
    instead: tuple[str, ...] = ()


class Ground:
    """What a statement may rest on: `sentences`, what is shown of their article, and what is known around them.

    `about` names the article and the question; `around` is the rest of the passage, in which a pronoun's name stands.
    """

    def __init__(
        self,
        sentences: Sequence[str],
        about: str,
        around: str = "",
        published: str | None = None,
        url: str | None = None,
    ) -> None:
        self.text = " ".join(sentences)
        self._each = tuple(map(facts, sentences))
        self.facts = reduce(or_, self._each, Facts())
        self.about, self._around, self.url = facts(about), around, url
        self.words = f" {level(self.text)} "
        self._published = published

    @property
    def around(self) -> Facts:
        """The facts of the rest of the passage, where the sentences lean on it."""
        return facts(self._around) if LEANING.search(self.text) else Facts()

    def telling(self, stated: Facts) -> Facts:
        """The facts of the one sentence that says nearly all of a statement, where one does; else of all."""
        words = stated.content - stated.numbers
        shares = [len(words & one.content) / max(1, len(words)) for one in self._each]
        return self._each[shares.index(max(shares))] if max(shares, default=0.0) >= ALONE else self.facts

    def quantities(self, own: Facts) -> list[Quantity]:
        """The numbers of its own facts, those of the heading, and those of the days that are meant."""
        days = [number for day in self._days() for number in (day.day, day.year)]
        known = [Quantity(str(number), float(number)) for number in days]
        return [*own.quantities, *self.about.quantities, *known]

    def dates(self) -> frozenset[str]:
        """The months and weekdays that are named or meant there."""
        days = self._days()
        told = {MONTHS[day.month - 1] for day in days} | {WEEKDAYS[day.weekday()] for day in days}
        return self.facts.dates | self.about.dates | told

    def _days(self) -> tuple[date, ...]:
        return _meant(self.text, self._published)


@lru_cache(maxsize=5_000)
def _meant(text: str, published: str | None) -> tuple[date, ...]:
    return tuple(meant([word.text.lower().replace("’", "'") for word in tokens(text)], published))


def lacking(stated: Facts, ground: Ground) -> list[Lack]:
    """Return what the statement says and the evidence does not, among all that can be compared exactly."""
    return [
        *_numbers(stated, ground),
        *_dates(stated, ground),
        *_names(stated, ground),
        *(Lack(FactKind.QUOTATION, quote) for quote in stated.quotations if not _quoted(quote, ground)),
        *(Lack(FactKind.LINK, link) for link in stated.links - {ground.url}),
    ]


def _numbers(stated: Facts, ground: Ground) -> Iterator[Lack]:
    own = ground.telling(stated)
    there, told = ground.quantities(own), list(own.quantities)
    for wanted in stated.quantities:
        beside = [one for one in told if wanted.unit and one.unit == wanted.unit]
        measured = [one for one in there if one.value == wanted.value and one.unit in MEASURES]
        if wanted.year and not beside:  # the article's own year counts where its sentences name no other
            beside = [one for one in told if one.year]
        counted = not beside and wanted.worded and wanted.value <= COUNTABLE
        if stands(wanted, beside or there):
            if wanted.unit in MEASURES and measured and all(one.unit != wanted.unit for one in measured):
                yield Lack(FactKind.NUMBER, wanted.written)
        elif not counted and not follows(wanted, there if wanted.year else told, own.keys):
            others = beside or [one for one in told if one.year == wanted.year]
            yield Lack(FactKind.NUMBER, wanted.written, tuple(one.written for one in others))
    yield from _graded(stated, ground, FactKind.NUMBER)


def _dates(stated: Facts, ground: Ground) -> Iterator[Lack]:
    for said in stated.dates - ground.dates():
        group = MONTHS if said in MONTHS else WEEKDAYS
        yield Lack(FactKind.DATE, said, tuple(other for other in ground.facts.dates if other in group))
    yield from _graded(stated, ground, FactKind.DATE)


def _graded(stated: Facts, ground: Ground, kind: FactKind) -> Iterator[Lack]:
    """Words that another one of their group stands for in the evidence."""
    here, theirs = ground.facts.grades, ground.facts.grades - stated.grades
    for group, said in stated.grades - here:
        others = tuple(word for other, word in theirs if other == group)
        if others and (group in TIMES) is (kind is FactKind.DATE):
            yield Lack(kind, said, others)


def _names(stated: Facts, ground: Ground) -> Iterator[Lack]:
    """Names that do not stand there while others do; where no other does, they are told of by a pronoun."""
    for run in stated.runs:
        if not _named(run, ground):
            others = [one for one in ground.facts.runs if not _shares(one, stated) or _other_first(run, one)]
            if others or not LEANING.search(ground.text):
                yield Lack(FactKind.NAME, run, tuple(others))


def _shares(run: str, stated: Facts) -> bool:
    return any(key in stated.names for key in name_keys(run))


def _named(run: str, ground: Ground) -> bool:
    keys = list(name_keys(run))
    here, about, around = ground.facts, ground.about, ground.around
    if all(_word(key, here, ground.words) or _word(key, about, "") or _word(key, around, "") for key in keys):
        return True
    if len(keys) > 1 and (_word(keys[-1], here, ground.words) or _word(keys[-1], about, "")):
        return not any(_other_first(run, other) for other in here.runs)
    initials = "".join(word[0] for word in run.split() if word[0].isupper())
    return len(initials) > 2 and (initials in here.names or initials in about.names)


def _word(key: str, there: Facts, words: str) -> bool:
    """Whether a name's word stands there; an acronym also as the initials of words."""
    plain = stem(key.lower()) if key.isupper() else key
    if plain in there.keys or f" {key.lower()} " in words:
        return True
    if len(key) >= ROOT and key.islower() and any(one.startswith(key) or _root(one, key) for one in there.keys):
        return True
    return key.isupper() and len(key) > 1 and key.lower() in "".join(word[0] for word in words.split())


def _root(one: str, key: str) -> bool:
    return len(one) >= ROOT and key.startswith(one)


def _other_first(run: str, other: str) -> bool:
    """Whether a name is the same family's, with another first name."""
    one, two = run.split(), other.split()
    return len(two) > 1 and one[-1] == two[-1] and one[-2] != two[-2] and not one[-2].startswith(two[-2].rstrip("."))


def _quoted(quote: str, ground: Ground) -> bool:
    """Whether the words of a quotation stand there or in the heading, also with something left out."""
    known = ground.about.keys | ground.facts.keys | ground.around.keys
    return f" {quote} " in ground.words or all(key in known for key in _keys(quote))


def _keys(text: str) -> Iterable[str]:
    return (word.key for word in tokens(text))
