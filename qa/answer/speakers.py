"""Who says what: whose words a question asks for, and who says a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from qa.answer.features import Asked
from qa.answer.spots import Spot
from qa.kinds import CALENDAR, Want
from qa.words import NAME, STOPWORDS, keys, names, tokens

VERBS = r"""(?:said|says|told|tells|added|adds|warned|warns|claimed|claims|argued|argues|insisted|insists|announced|
announces|denied|denies|declared|declares|explained|explains|tweeted|wrote|writes|replied|replies|responded|responds|
confirmed|confirms|stated|states|noted|notes|asked|asks|recalled|recalls|predicted|predicts)""".replace("\n", "")
PERSON = f"(?:{NAME.pattern})"
BETWEEN = r"(?:,[^,.;:“”\"]{1,80})?,?\s+(?:(?:also|later|has|have|had|[a-z]+ly)\s+){0,3}"
BEFORE = re.compile(rf"(?P<who>{PERSON}){BETWEEN}{VERBS}\b")
AFTER = re.compile(rf"[,”\"’]\s*{VERBS}\s+(?:(?!that\b)[a-z]+\s+){{0,4}}(?P<who>{PERSON})")
WHOSE = re.compile(
    r"\b(?:did|does|do|has|have|had)\s+(?P<who>(?:(?!\bof\b).)+?)\s+(?:ever\s+|also\s+|have\s+to\s+)?"
    r"(?:say|said|tell|told|claim|think|state|announce|warn|respond|react|deny|comment)",
)
ABOUT = re.compile(r"\b(?:about|regarding|concerning)\s+(?P<topic>.+)")
PRONOUN = re.compile(
    rf"[,”\"’']\s*(?:(?:he|she)\s+(?:also\s+|later\s+)?{VERBS}|{VERBS}\s+(?:he|she))\b"
    rf"|^(?:he|she)\s+(?:also\s+|later\s+)?{VERBS}\b",
    re.IGNORECASE,
)
Name = tuple[str, ...]  # the keys of its words
THEIRS = 2.0  # what it is worth in score to be said by whom the question asks about
STYLES = frozenset("mr mrs ms dr sir lord lady president minister king queen prince secretary senator mayor us".split())


def spoken(asked: Asked, ranked: Iterable[Spot]) -> list[Spot]:
    """Return the sentences, where the question asks what one said without those that somebody else says.

    What is theirs beyond doubt scores THEIRS more, and beside it nothing is left that another says. What a namesake
    says is never theirs, and where it is asked what was said about something, the passage must speak of it.
    """
    whose = _whose(asked)
    if not whose:
        return list(ranked)
    said_by = [(spot, speakers(spot)) for spot in ranked if _on_topic(asked, spot)]
    theirs = [replace(spot, score=spot.score + THEIRS) for spot, who in said_by if _among(whose, who)]
    others = [(spot, who) for spot, who in said_by if not _among(whose, who)]
    if theirs:
        return [*theirs, *(spot for spot, who in others if not who)]
    return [spot for spot, who in others if not who or not all(_namesake(whose, one) for one in who)]


def speakers(spot: Spot) -> list[Name]:
    """Return who is named as saying something in a sentence, each as the keys of the words of the name.

    Where that is “she said”, it is the one that the sentence before is about: who speaks there, or is named first.
    """
    found = _named(spot.text)
    if not found and spot.leans_on and PRONOUN.search(spot.text):
        before = spot.leans_on
        text = spot.hit.text[before.start - spot.hit.start : before.end - spot.hit.start]
        about = [re.split(r"\s(?:of|de|la)\s", name)[0] for name in names(text)]
        whole = [person for name in about if len(person := _person(name)) > 1]
        return (_named(text) or whole or [person for name in about if (person := _person(name))])[:1]
    return found


def _named(text: str) -> list[Name]:
    found = [match["who"] for pattern in (BEFORE, AFTER) for match in pattern.finditer(text)]
    return [person for name in found if (person := _person(name))]


def _whose(asked: Asked) -> Name:
    """Whose words are asked for; nobody's where the question does not name them."""
    found = WHOSE.search(asked.text) if asked.want is Want.STATEMENT else None
    named = names(found["who"]) if found else []
    return _person(named[0]) if len(named) == 1 else ()


def _on_topic(asked: Asked, spot: Spot) -> bool:
    """Whether the passage speaks of anything that the words are asked to be about."""
    found = ABOUT.search(asked.text)
    about = keys(found["topic"]) & asked.keys if found else frozenset()
    return not about or bool(about & spot.passage)


def _person(name: str) -> Name:
    words = (word for word in tokens(name) if not CALENDAR.fullmatch(word.text))
    return tuple(word.key for word in words if word.text.lower().rstrip(".") not in STYLES | STOPWORDS)


def _among(whose: Name, who: Iterable[Name]) -> bool:
    return any(_same(whose, one) for one in who)


def _same(one: Name, other: Name) -> bool:
    """Whether two names may be of one person: the shorter one's words are all in the longer one."""
    return set(one) <= set(other) or set(other) <= set(one)


def _namesake(one: Name, other: Name) -> bool:
    return one[-1] == other[-1] and not _same(one, other)
