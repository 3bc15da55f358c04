"""Sources that a question names: "according to The Verge", "what did Reuters say", against the archive's publishers.

No list of newspapers is kept. A mention and a publisher are the same where they can be written alike: spaces, case and
"the" left out, words shortened to their initials, as acronyms and hosts do it (The New York Times, NYT, nytimes.com).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from vectorstore.records import Publisher

NAME = r"(?P<name>(?:[Tt]he\s+)?[A-Za-z0-9][\w.&-]*(?:\s+(?:[A-Z0-9&][\w.&-]*|of|for|and)){0,4})"
SAYS = r"(?:say|report|write|claim|publish|quote|reveal|call|describe)(?:s|d|ed)?|said|wrote"
PIECE = r"(?:article|report|story|interview|coverage)"
CUES = tuple(
    re.compile(cue)
    for cue in (
        rf"(?P<cue>,?\s*\b[Aa]ccording to\s+){NAME}",
        rf"(?P<cue>,?\s*\b(?:[Aa]s )?(?:reported|published|written|covered) (?:by|in|on)\s+){NAME}",
        rf"(?P<cue>,?\s*\b[Ii]n (?:the|an?)\s+){NAME}(?:[’']s)?(?P<rest>\s+{PIECE}\b)",
        rf"(?i:\b(?:what|how|why|when|who|where|which)\b[^?]*?\b(?:did|does|do|has|have)\s+){NAME}\s+(?:{SAYS})\b",
    )
)
SECOND_LEVEL = frozenset("ac co com edu gov net or org".split())
SHORTEST = 2  # letters of a name


@dataclass(frozen=True, slots=True)
class Mention:
    """A source that a question names: the question's words for it, the publisher, and the question without them."""

    words: str
    publisher: Publisher
    without: str


def mentioned(text: str, publishers: Sequence[Publisher]) -> Mention | None:
    """Return the first source that a question names as one; None where the archive has none of that name."""
    known = {label: publisher for publisher in reversed(publishers) for label in labels(publisher)}
    for match in (match for cue in CUES for match in cue.finditer(text)):
        for words in _prefixes(match):
            found = next((known[way] for way in sorted(spellings(words)) if way in known), None)
            if found:
                return Mention(words, found, _without(text, match, words))
    return None


def labels(publisher: Publisher) -> frozenset[str]:
    """Return what a publisher may be called, squashed: its name, its initials, its host and the host's own part."""
    found = spellings(publisher.name or "")
    if publisher.host:
        parts = publisher.host.split(".")[:-1]
        if len(parts) > 1 and parts[-1] in SECOND_LEVEL:
            parts.pop()
        found |= {_squashed(publisher.host), _squashed(parts[-1] if parts else publisher.host)}
        found |= {label.removeprefix("the") for label in found if label.startswith("the")}
    return frozenset(label for label in found if len(label) >= SHORTEST)


def spellings(name: str) -> frozenset[str]:
    """Return how a name is written without spaces, any of its words as its initial; a single word stays whole."""
    words = [word for word in map(_squashed, name.casefold().removeprefix("www.").split()) if word]
    if words[:1] == ["the"]:
        words = words[1:]
    if len(words) > 1 and len(words) <= 6:
        ways = {"".join(way) for way in product(*((word, word[0]) for word in words))}
    else:
        ways = {"".join(words)}
    return frozenset(way for way in ways if len(way) >= SHORTEST)


def _prefixes(match: re.Match[str]) -> Iterator[str]:
    """The words of a mention, the longest run first; one that goes on with ’s names somebody else."""
    text, start, end = match.string, match.start("name"), match.end("name")
    for found in reversed(list(re.finditer(r"\S+", text[start:end]))):
        after = text[start + found.end() :]
        if "rest" in match.groupdict() or not re.match(r"[’']s\b", after):
            yield text[start : start + found.end()].rstrip(".,")
        if "rest" in match.groupdict():
            return  # what stands between the name and "article" would be left over


def _without(text: str, match: re.Match[str], words: str) -> str:
    given = match.groupdict()
    start = match.start("cue") if "cue" in given else match.start("name")
    end = match.end("rest") if "rest" in given else match.start("name") + len(words)
    left = " ".join(f"{text[:start]} {text[end:].lstrip(',. ') if not text[:start].strip() else text[end:]}".split())
    left = re.sub(r"\s+([?.!,])", r"\1", left)
    return left[:1].upper() + left[1:]


def _squashed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
