"""A question as the search sees it: standing by itself, with what it follows and when it was asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from qa.language import language_of
from qa.retrieve.periods import period
from qa.retrieve.sources import mentioned
from qa.types import Question, Usage
from qa.words import content, country_keys, keys, names, tokens
from vectorstore.articles import Filter
from vectorstore.records import Publisher

TWICE = re.compile(
    r"^(?P<head>.*?\b(?P<word>about|on|to|for|with|against|by|of)\s)(?P<first>.+?),?\s+and\s+(?P=word)\s+(?P<second>.+)$",
    re.IGNORECASE,
)
SEVERAL = re.compile(r"(?<=\?)\s+(?=[A-Z])")
AND_WHAT = re.compile(r",?\s+and\s+(?=(?:who|what|when|where|why|how|which)\b)", re.IGNORECASE)
QUOTED = re.compile(r"[“\"]([^“”\"]+)[”\"]")
SHORT = 3  # words that carry meaning: a question of fewer, without a name, asks of what was asked before


@dataclass(frozen=True, slots=True)
class Earlier:
    """A turn that went before, with the sentences that were cited for it; `usage` as in Query."""

    question: str
    quotes: tuple[str, ...] = ()
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Hint:
    """A part of the archive that a question points to: the question's words for it, and what they mean.

    `cuts` tells that only that part is searched, where it has anything to say; otherwise it is preferred.
    """

    words: str
    filter: Filter
    cuts: bool


@dataclass(frozen=True, slots=True)
class Query:
    """What to search for: `text` stands by itself, `context` (or nothing) is what it follows, at half weight.

    `rewritten` is the question as it is understood; `text` leaves out of it what `hints` say. `phrases` stand in
    quotation marks. `usage` is what a language model took to rewrite it, None where none was asked. `alternatives` are
    other ways to ask a question that was completed: what is read best of all ways counts. `corrected` are words that
    were mistyped, each with what was meant.
    """

    text: str
    context: str = ""
    asked: date | None = None
    fresh: bool = False
    filter: Filter = Filter()
    rewritten: str = ""
    hints: tuple[Hint, ...] = ()
    phrases: tuple[str, ...] = ()
    usage: Usage | None = None
    alternatives: tuple[str, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()


def understand(question: Question, earlier: Sequence[Earlier] = (), publishers: Sequence[Publisher] = ()) -> Query:
    """Return the query for a question; one that cannot stand by itself is completed from the turns before.

    `publishers` are those of the archive, which a question may name as its source.
    """
    asked, turned = _greeted(squashed(question.text))
    earlier = () if turned else earlier
    text = completed(asked, earlier)
    before = f"{completed(earlier[-1].question, earlier[:-1])} {asked}" if earlier else ""
    ways = (before,) if before and (text != asked or not language_of(asked).code) else ()
    searched, hints = hinted(text, question, publishers)
    fresh = bool(language_of(text).fresh.search(text))
    return Query(searched, before, question.asked, fresh, question.filter, text, hints, quoted(text), alternatives=ways)


def hinted(text: str, question: Question, publishers: Sequence[Publisher]) -> tuple[str, tuple[Hint, ...]]:
    """Return the text without the source that it names, and what it says of where to look: a source, a time.

    What was filtered for already says more than the question's words: it is left alone.
    """
    hints: list[Hint] = []
    chosen, searched = question.filter, text
    if not chosen.publisher and (source := mentioned(text, publishers)) and content(source.without):
        hints.append(Hint(source.words, Filter(publisher=source.publisher.name or source.publisher.host), cuts=True))
        searched = source.without
    if not (chosen.since or chosen.until) and (time := period(text, question.asked)):
        hints.append(Hint(time.words, Filter(since=time.since, until=time.until), cuts=time.published))
    return searched, tuple(hints)


def quoted(text: str) -> tuple[str, ...]:
    """Return what stands in quotation marks, two words or more of it."""
    return tuple(phrase for match in QUOTED.finditer(text) if len(tokens(phrase := match.group(1))) > 1)


def parts(text: str) -> list[str]:
    """Return the questions that a question asks: of several sentences, of "about A and about B", "…, and what …?"."""
    asked = SEVERAL.split(text)
    if len(asked) > 1 and all(len(content(one)) > 1 and not follows(one) for one in asked):
        return [part for one in asked for part in parts(one)]
    twice = TWICE.match(text)
    if twice:
        head, first, second = twice.group("head"), twice.group("first"), twice.group("second")
        return [f"{head}{first}?", f"{head}{second}"]
    first, *rest = AND_WHAT.split(text, maxsplit=1)
    if rest and len(content(rest[0])) > 1 and content(first):
        about = ", ".join(name for name in names(first) if name not in rest[0])
        return [f"{first}?", f"{rest[0].rstrip('?')} ({about})?" if about else rest[0]]
    return [text]


def squashed(text: str) -> str:
    """Return a question on one line, without the white space around it."""
    return " ".join(text.split())


def completed(text: str, earlier: Sequence[Earlier]) -> str:
    """Return the question that is meant: with the noun of its pronoun, or the last question asked of something else.

    What is not understood so far takes the question before along, in brackets.
    """
    if not earlier or not leans(text):
        return text
    language = language_of(text)
    before = completed(earlier[-1].question, earlier[:-1])
    if other := exchanged(before, text):
        return other
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
    refers = any((at := p.search(text)) and at.start() < first for p in (language.person, language.place, language.thing))
    short = len(content(text)) < SHORT or language.linking.match(text)
    return refers or bool(_other(text)) or not language.asking.search(text) or (not named and bool(short))


def exchanged(before: str, text: str) -> str:
    """Return the question before, asked of what this one names instead: “What about X?”, “And in 2022?”, “X?”.

    Nothing where this one asks by itself, or names nothing that has a place in the question before.
    """
    how, what = _other(text) or ("", "")
    if not any(token.capital or token.numeric for token in tokens(what)):
        return ""
    for name in _alike(before, what, how):
        return before.replace(name, what.removeprefix("the "), 1)
    return f"{before.rstrip('?! .')} {how} {what}?" if how else ""


def _other(text: str) -> tuple[str, str] | None:
    """What else a question asks of, with the word before it (“in”, or nothing); None where it asks by itself."""
    language = language_of(text)
    match = language.exchange.match(text)
    if not match or language.asking.search(match["what"]):
        return None
    if not (match["lead"] or match["how"] or names(text) == [match["what"]] or match["what"].isdecimal()):
        return None
    return (match["how"] or "").strip().lower(), match["what"]


def _alike(before: str, what: str, how: str) -> Iterator[str]:
    """What a question names that is of one kind with something else, first what stands where no place or time does."""
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


def _greeted(text: str) -> tuple[str, bool]:
    """Return a question without what stands in front and asks nothing, and whether that leaves the subject."""
    language = language_of(text)
    greeting = language.greeting.match(text)
    if not greeting:
        return text, False
    asked = text[greeting.end() :]
    return asked[:1].upper() + asked[1:], bool(language.turning.search(greeting.group()))


def _inflected(name: str, pronoun: str) -> str:
    return f"{name}’s" if pronoun.lower() in {"his", "hers", "its", "their"} else name


def _person(before: str, earlier: Sequence[Earlier]) -> str:
    """Who “he” is: the person that answered the turn before where it asked who, or whom it named; else one further back."""
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
    for order, quote in enumerate(quotes):
        at = [token.start for token in content(quote) if token.key in asked]
        for name in names(quote):
            if not asked & keys(name) and _is_person(name, quote):
                start = quote.find(name)
                away = min((min(abs(start + len(name) - place), abs(place - start)) for place in at), default=len(quote))
                found.append((" " not in name, order, away, _bare(name)))
    return [name for *_, name in sorted(found)]


def _place(before: str, earlier: Sequence[Earlier]) -> str:
    """Where “there” is: a place of the question before or, where it asked for one, of its answer."""
    named, answered = _places(before), [place for quote in earlier[-1].quotes for place in _places(quote)]
    new = [place for place in answered if not keys(place) <= keys(before)]
    found = new + named if language_of(before).where.search(before) else named + new
    return f"in {found[0]}" if found else ""


def _places(text: str) -> list[str]:
    language = language_of(text)
    found = [_bare(name) for name in names(text) if language.located.search(text[: text.find(name)]) or country_keys(name)]
    return [name for name in found if not language.calendar.search(name)]


def _is_person(name: str, text: str) -> bool:
    """Whether a name may be a person's: not where places stand (“of Norland”), not “the …”, no prize and no country."""
    language = language_of(text)
    lower = all(not token.capital for token in tokens(name))
    placed = language.located.search(text[: text.find(name)]) or text[: text.find(name)].lower().endswith("the ")
    return not (lower or placed or language.nobody.search(name) or country_keys(name))


def _bare(name: str) -> str:
    return re.sub(r"[’']s?$", "", name)
