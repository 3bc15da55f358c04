"""Questions that lean on the one before: “What about X?”, “And when?”, “Where was she born?”, said in full."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.language.detect import language_of
from qa.types import Usage
from qa.words import content, country_keys, keys, names, tokens

SHORT = 3  # words that carry meaning: a question of fewer, without a name, asks of what was asked before


@dataclass(frozen=True, slots=True)
class Earlier:
    """A turn that went before, with the sentences that were cited for it; `usage` is what a language
    model took to say it in full."""

    question: str
    quotes: tuple[str, ...] = ()
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Other:
    """What else a question asks of: “And in Norland?”, with `lead` “And”, `how` “in” and `what` “Norland”."""

    lead: str
    how: str
    what: str


def completed(text: str, earlier: Sequence[Earlier]) -> str:
    """Return the question that is meant: with the noun of its pronoun, or the last question asked of something else.

    What is not understood so far takes the question before along, in brackets.
    """
    if not earlier:
        return text
    language, before = language_of(text), completed(" ".join(earlier[-1].question.split()), earlier[:-1])
    if other := exchanged(before, text):
        return other
    if not leans(text):
        return text
    asked = language.linking.sub("", text)
    asked = asked[:1].upper() + asked[1:]
    for pattern, meant in ((language.person, _person), (language.place, _place)):
        if (found := pattern.search(asked)) and (name := meant(before, earlier)):
            return asked[: found.start()] + _inflected(name, found.group()) + asked[found.end() :]
    return f"{asked.rstrip('?! .')} ({before.rstrip('?! .')})?"


def leans(text: str) -> bool:
    """Return whether a question cannot stand by itself: a pronoun without its noun, “And …?”, a few bare words."""
    language = language_of(text)
    if not language.code:
        return False
    named = names(text)
    first = min((text.find(name) for name in named), default=len(text))
    refers = any(
        (at := p.search(text)) and at.start() < first for p in (language.person, language.place, language.thing)
    )
    other = _other(text)
    short = len(content(text)) < SHORT or bool(language.linking.match(text))
    return refers or bool(other and other.lead) or (short and not named)


def exchanged(before: str, text: str) -> str:
    """Return the question before, asked of what this one names instead: “What about X?”, “And in 2022?”, “X?”.

    Nothing where this one asks by itself, or names nothing that has a place in the question before.
    """
    if not (other := _other(text)) or not any(token.capital or token.numeric for token in tokens(other.what)):
        return ""
    for name in _alike(before, other):
        return before.replace(name, other.what.removeprefix("the "), 1)
    return f"{before.rstrip('?! .')} {other.how} {other.what}?" if other.how else ""


def _other(text: str) -> Other | None:
    """What else a question asks of; None where it asks by itself."""
    language = language_of(text)
    match = language.exchange.match(text)
    if not match or language.asking.search(match["what"]):
        return None
    other = Other(match["lead"], (match["how"] or "").strip().lower(), match["what"])
    bare = names(text) == [other.what] or other.what.isdecimal()
    return other if other.lead or other.how or bare else None


def _alike(before: str, other: Other) -> Iterator[str]:
    """What a question names that is of one kind with something else, first what stands where no place or time does."""
    how, what = other.how, other.what
    numbers = [token.text for token in tokens(before) if token.numeric]
    found = numbers if tokens(what)[-1].numeric else [n for n in names(before) if not tokens(n)[-1].numeric]
    found = [name for name in found if _kind(name) == _kind(what)] or found
    ahead = {name: before[: before.find(name)].lower().removesuffix("the ").rstrip() for name in found}
    if how:
        yield from (name for name in found if ahead[name].endswith(f" {how}"))
    else:
        yield from sorted(found, key=lambda name: bool(language_of(before).located.search(f"{ahead[name]} ")))


def _kind(name: str) -> tuple[bool, bool]:
    return bool(country_keys(name)), bool(language_of(name).calendar.search(name))


def _inflected(name: str, pronoun: str) -> str:
    return f"{name}’s" if pronoun.lower() in {"his", "hers", "its", "their"} else name


def _person(before: str, earlier: Sequence[Earlier]) -> str:
    """Who “he” is: the person that answered the turn before where it asked who, or whom it named, or one before."""
    language, turn = language_of(before), earlier[-1]
    named = [name for name in map(_bare, names(before)) if _is_person(name, before)]
    named.sort(key=lambda name: " " not in name)
    answers = _answering(turn.quotes, before)
    found = answers + named if language.who.search(before) else named + answers
    if found:
        return found[0]
    return _person(completed(earlier[-2].question, earlier[:-2]), earlier[:-1]) if len(earlier) > 1 else ""


def _answering(quotes: Sequence[str], question: str) -> list[str]:
    """The persons in quotes that the question does not name: those in full first, then by how near to its words."""
    asked = keys(question)
    found: list[tuple[bool, int, int, str]] = []
    for order, quote in enumerate(" ".join(quote.split()) for quote in quotes):
        at = [token.start for token in content(quote) if token.key in asked]
        for name in names(quote):
            if not asked & keys(name) and _is_person(name, quote):
                start = quote.find(name)
                away = min(
                    (min(abs(start + len(name) - place), abs(place - start)) for place in at), default=len(quote)
                )
                found.append((" " not in name, order, away, _bare(name)))
    return [name for *_, name in sorted(found)]


def _place(before: str, earlier: Sequence[Earlier]) -> str:
    """Where “there” is: a place of the question before or, where it asked for one, of its answer."""
    named, answered = _places(before), _places(" ".join(" ".join(earlier[-1].quotes).split()))
    new = [place for place in answered if not keys(place) <= keys(before)]
    found = new + named if language_of(before).where.search(before) else named + new
    return f"in {found[0]}" if found else ""


def _places(text: str) -> list[str]:
    language = language_of(text)
    found = [
        _bare(name) for name in names(text) if language.located.search(text[: text.find(name)]) or country_keys(name)
    ]
    return [name for name in found if not language.calendar.search(name)]


def _is_person(name: str, text: str) -> bool:
    """Whether a name may be a person's: not where places stand (“of Norland”), not “the …”, no prize and no country."""
    language = language_of(text)
    lower = all(not token.capital for token in tokens(name))
    placed = language.located.search(text[: text.find(name)]) or text[: text.find(name)].lower().endswith("the ")
    return not (lower or placed or language.nobody.search(name) or country_keys(name))


def _bare(name: str) -> str:
    return re.sub(r"[’']s?$", "", name)
