"""Words of a question that stand in no article and are one slip of the hand away from one that does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from qa.words import WORD, WordToken, content, stem
from vectorstore.ledger import Ledger

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
    absent = ledger.document_frequency(token.text for token in unknown)
    for token in reversed([token for token in unknown if not absent[token.text]]):
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
