"""Who does what to whom: a sentence in which the two have changed places answers another question."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.answer.features import Asked
from qa.answer.spots import Spot
from qa.words import names, tokens

ASKED = re.compile(r"\b(?:did|does|do|has|have|had|will|would|can|could)\s+(?P<told>.+)")
BEING = frozenset("is are was were be been being get gets got".split())


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb's key, with the keys of who does it and of those to whom."""

    verb: str
    by: frozenset[str]
    to: frozenset[str]


def deed(asked: Asked) -> Deed | None:
    """Return what a question says that one named does to others: “did Belarus sell Russia …?”; None for nothing."""
    found = ASKED.search(asked.text)
    named = names(found["told"]) if found else []
    if found is None or len(named) < 2 or not found["told"].startswith(named[0]):
        return None
    after = tokens(found["told"][len(named[0]) :])
    verb = after[0] if after and not after[0].capital else None
    by, to = (frozenset(token.key for name in some for token in tokens(name)) for some in (named[:1], named[1:]))
    return Deed(verb.key, by - to, to - by) if verb and by - to and to - by else None


def exchanged(asked: Deed | None, spot: Spot) -> bool:
    """Whether in a sentence it is the other way round: the other before the verb, and only after it the one."""
    if asked is None or asked.verb not in spot.here:
        return False
    words = tokens(spot.text)
    at = next(n for n, word in enumerate(words) if word.key == asked.verb)
    before, after = ({word.key for word in some} for some in (words[:at], words[at + 1 :]))
    passive = bool(at) and words[at - 1].text.lower() in BEING
    return not passive and bool(asked.to & before and asked.by & after) and not (asked.by & before or "by" in after)
