"""A question as the search sees it: standing by itself, with what it follows and when it was asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qa.kinds import CALENDAR, Want, wants
from qa.retrieve.periods import period
from qa.retrieve.sources import mentioned
from qa.types import Question, Usage
from qa.words import content, names, tokens
from vectorstore.articles import Filter
from vectorstore.records import Publisher

TWICE = re.compile(
    r"^(?P<head>.*?\b(?P<word>about|on|to|for|with|against|by|of)\s)(?P<first>.+?),?\s+and\s+(?P=word)\s+(?P<second>.+)$",
    re.IGNORECASE,
)
SEVERAL = re.compile(r"(?<=\?)\s+(?=[A-Z])")
AND_WHAT = re.compile(r",?\s+and\s+(?=(?:who|what|when|where|why|how|which)\b)", re.IGNORECASE)
PERSONAL = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.IGNORECASE)
REFERRING = re.compile(
    r"\b(?:he|him|his|she|her|hers|it|its|they|them|their|theirs|this|these|those|then|one|ones|both|same|former|latter"
    r"|such|also|else|too)\b|^(?:and|but|so|or|what about|how about|really)\b[^?]{0,24}\?*$",
    re.IGNORECASE,
)
LOOSE = re.compile(r"\b(?:there|that)\b|^(?:why|when|where|who|how)\b[^?]{0,24}\?*$", re.IGNORECASE)
FRESH = re.compile(
    r"\b(?:this|last|past) (?:week|month|weekend)\b|\brecently\b|\bthis year\b|\btoday\b|\byesterday\b"
    r"|\bcurrently\b|\bnow\b|\bat present\b|\bat the moment\b",
    re.I,
)

PLACED = re.compile(r"\b(?:of|in|at|from|the)\s+$", re.IGNORECASE)
QUOTED = re.compile(r"[“\"]([^“”\"]+)[”\"]")


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
    quotation marks. `usage` is what a language model took to rewrite it, None where none was asked.
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


def understand(question: Question, earlier: Sequence[Earlier] = (), publishers: Sequence[Publisher] = ()) -> Query:
    """Return the query for a question; what "he", "it" or "and then?" refer to is taken from the turns before.

    `publishers` are those of the archive, which a question may name as its source.
    """
    text = squashed(question.text)
    context = ""
    if earlier:
        text = resolve(text, earlier) if follows(text) else text
        context = f"{earlier[-1].question} {question.text}"
    searched, hints = hinted(text, question, publishers)
    fresh = bool(FRESH.search(text))
    return Query(searched, context, question.asked, fresh, question.filter, text, hints, quoted(text))


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


def follows(text: str) -> bool:
    """Return whether a question leans on the one before: it refers, goes on, or is short and names nothing itself."""
    return bool(REFERRING.search(text) or (LOOSE.search(text) and not names(text)))


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


def resolve(text: str, earlier: Sequence[Earlier]) -> str:
    """Return the question with what its pronouns stand for said in words.

    A personal pronoun takes the person that answered the turn before, or that it spoke of; anything else that refers
    takes the names, or where there are none the words, of the turn before.
    """
    person = PERSONAL.search(text)
    if person:
        who = next(filter(None, map(_person, reversed(earlier))), "")
        if who:
            return text[: person.start()] + _inflected(who, person.group()) + text[person.end() :]
    known = {t.key for t in tokens(text)}
    topic = _topic(earlier[-1])
    missing = [word for word in topic if not {t.key for t in tokens(word)} <= known]
    return f"{text.rstrip('?! .')} ({', '.join(missing)})?" if missing else text


def _inflected(who: str, pronoun: str) -> str:
    return who + "’s" if pronoun.lower() in {"his", "hers"} else who


def _topic(turn: Earlier) -> list[str]:
    found = names(turn.question)
    return found or [word.text for word in content(turn.question)]


def _person(turn: Earlier) -> str:
    """The person that a turn was about: its answer where it asked who, else the person that it named."""
    named = [_bare(name) for name in names(turn.question) if not _is_no_person(name, turn.question)]
    if wants(turn.question) is Want.PERSON:
        answer = next(filter(None, (_answering(quote, turn.question) for quote in turn.quotes)), "")
        return answer or next(iter(named), "")
    return next((n for n in named if " " in n), next(iter(named), ""))


def _answering(quote: str, question: str) -> str:
    """The name in a quote that stands nearest to the question's own words and is not among them."""
    asked = {word.key for word in content(question)}
    at = [t.start for t in tokens(quote) if t.key in asked]
    best: tuple[int, str] | None = None
    for name in names(quote):
        new = [t for t in tokens(name) if t.key not in asked and not t.key.startswith("@")]
        if sum(t.capital for t in new) < 2:
            continue
        start = quote.find(name)
        distance = min((abs(start + len(name) - new_end) for new_end in at), default=0)
        if best is None or distance < best[0]:
            best = (distance, " ".join(t.text for t in new))
    return best[1] if best else ""


def _bare(name: str) -> str:
    return re.sub(r"[’']s$", "", name)


def _is_no_person(name: str, question: str) -> bool:
    """Whether a name stands where no person's does (“of Norland”, “the Islands Cup”), or is a country's or a day's."""
    placed = PLACED.search(question[: question.find(name)])
    return bool(placed or CALENDAR.fullmatch(name)) or all(t.key.startswith("@") for t in tokens(_bare(name)))
