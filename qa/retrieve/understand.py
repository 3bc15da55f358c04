"""A question as the search sees it: standing by itself, with what it follows and when it was asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from qa.language.detect import language_of
from qa.retrieve.followup import Earlier, completed, leans
from qa.retrieve.hints import mentioned, period
from qa.types import Question, Usage
from qa.words import WORD, WordToken, content, names, stem, tokens
from vectorstore.articles import Filter, Publisher
from vectorstore.fulltext import anyof
from vectorstore.ledger import Ledger

SEVERAL = re.compile(r"(?<=\?)\s+(?=[A-Z])")
QUOTED = re.compile(r"[“\"]([^“”\"]+)[”\"]")


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
    """What to search for: `text` stands by itself, `context` (or nothing) is what it follows.

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
    typed = squashed(question.text)
    asked, turned = (typed, True) if question.as_typed else _greeted(typed)
    earlier = () if turned else earlier
    text = completed(asked, earlier)
    before = f"{completed(squashed(earlier[-1].question), earlier[:-1])} {asked}" if earlier else ""
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
    if not chosen.publishers and (source := mentioned(text, publishers)) and content(source.without):
        hints.append(Hint(source.words, Filter((source.publisher.called,)), cuts=True))
        searched = source.without
    if not (chosen.since or chosen.until) and (time := period(text, question.asked)):
        hints.append(Hint(time.words, Filter(since=time.since, until=time.until), cuts=time.published))
    return searched, tuple(hints)


def quoted(text: str) -> tuple[str, ...]:
    """Return what stands in quotation marks, two words or more of it."""
    return tuple(phrase for match in QUOTED.finditer(text) if len(tokens(phrase := match.group(1))) > 1)


def parts(text: str) -> list[str]:
    """Return the questions that a question asks: of several sentences, of "about A and about B", "…, and what …?".

    Each stands by itself; “Who resigned, and why?” is one question, whose answer is mostly one sentence.
    """
    language, asked = language_of(text), SEVERAL.split(text)
    if text.endswith(")?"):  # what stands in brackets was asked before
        return [text]
    if len(asked) > 1 and all(len(content(one)) > 1 and not leans(one) for one in asked):
        return [part for one in asked for part in parts(one)]
    if twice := language.twice.match(text):
        return [f"{twice['head']}{twice['first']}?", f"{twice['head']}{twice['second']}"]
    first, *rest = language.and_what.split(text, maxsplit=1)
    if not rest or not content(first):
        return [text]
    second = completed(rest[0], (Earlier(first),))
    if second != rest[0] and not second.endswith(")?"):
        return [f"{first}?", second]
    about = ", ".join(name for name in names(first) if name not in rest[0])
    second = f"{rest[0].rstrip('?')} ({about})?" if about else rest[0]
    return [f"{first}?", second] if len(content(rest[0])) > 1 else [text]


def squashed(text: str) -> str:
    """Return a question on one line, without the white space around it."""
    return " ".join(text.split())


def _greeted(text: str) -> tuple[str, bool]:
    """Return a question without what stands in front and asks nothing, and whether that leaves the subject."""
    language = language_of(text)
    greeting = language.greeting.match(text)
    if not greeting:
        return text, False
    asked = text[greeting.end() :]
    return asked[:1].upper() + asked[1:], bool(language.turning.search(greeting.group()))


SHORTEST = 4  # letters; shorter words are one edit away from too many
CLEARLY = 3  # times as many passages have the word that is taken as have the next one
EXAMPLES = 20  # passages in which it is looked up how a word is written
VOWELS = frozenset("aeiouyäöüáéíóúàèìòùâêîôû")
Pieces = Callable[[Sequence[str]], list[int]]


def corrected(text: str, ledger: Ledger, pieces: Pieces) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return a question with its slips of the hand mended, and these: as written, and as the archive has it.

    A slip is a letter too many, missing, wrong, or in its neighbour's place (Damerau, CACM 7:3, 1964), not the first.
    `pieces` tells in how many pieces the embedder's vocabulary takes words apart: one that it has whole is a word,
    though no article has it, and no slip.
    """
    mended: list[tuple[str, str]] = []
    words = [token for token in content(text) if len(token.text) >= SHORTEST and token.text.isalpha()]
    unknown = [t for t, count in zip(words, pieces([t.text for t in words]), strict=True) if count > 1] if words else []
    for token in reversed([token for token in unknown if not ledger.matches(anyof([token.text]))]):
        if right := _meant(token, ledger):
            mended.insert(0, (token.text, right))
            text = text[: token.start] + right + text[token.end :]
    return text, tuple(mended)


def near(one: str, other: str) -> bool:
    """Return whether two words differ by one edit: a letter more, less or another, or two neighbours exchanged."""
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[at:], other[at:]
    return one != other and (a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[1::-1] == b[:2] and a[2:] == b[2:]))


def _meant(token: WordToken, ledger: Ledger) -> str:
    """The word of the archive that was meant: the only one that is near, or by far the most frequent."""
    word = token.text.lower()
    root = stem(word)
    terms = ledger.vocabulary(word[0], min(len(root), len(word)) - 1, len(word) + 1)
    found = Counter({term: count for term, count in terms if near(root, term) or near(word, term)})
    written = [(count, way) for term, count in found.most_common(3) if (way := _written(token, term, ledger))]
    if not written or (len(written) > 1 and written[0][0] < CLEARLY * written[1][0]):
        return ""
    right = written[0][1]
    return right[:1].upper() + right[1:] if token.capital else right


def _written(token: WordToken, term: str, ledger: Ledger) -> str:
    """How the archive mostly writes a word of this stem that is near, or shortest one of which only the stem is."""
    word, name = token.text.lower(), token.capital and token.start > 0
    texts = ledger.examples(term, EXAMPLES)
    ways = Counter(re.sub(r"[’']s?$", "", found) for text in texts for found in WORD.findall(text))
    close = [way for way in ways if near(word, way.lower()) and not (name and _other_name(word, way))]
    same = [] if name else sorted((way for way in ways if near(stem(word), stem(way.lower()))), key=len)
    return max(close, key=lambda way: ways[way], default=same[0] if same else "")


def _other_name(name: str, other: str) -> bool:
    """Whether a name is rather somebody else’s: not written as one, or with another consonant (Brixen, Brigen)."""
    differing = [pair for pair in zip(name, other.lower(), strict=False) if pair[0] != pair[1]]
    exchanged = len(name) == len(other) and len(differing) == 1
    return other.islower() or (exchanged and not VOWELS.issuperset(differing[0]))
