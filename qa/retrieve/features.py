"""What speaks for a passage as evidence, as a few numbers; `weights.py` says what each is worth."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

from qa.words import MARKS, names, stem
from vectorstore.articles import Hit
from vectorstore.scripts import worded

NAMES = ("cosine", "bm25", "article", "names", "pairs")
K1, B = 1.2, 0.75  # of BM25: the usual ones, and those of FTS5
TITLE = 5.0  # times that a word of the title counts
LONGEST = 20_000  # characters of an article that are looked at: a book must not make a question slow
LETTERS = rf"[^\W\d_]+(?:[{MARKS}]+[^\W\d_]*)*"
WORD = re.compile(rf"\d+(?:[.,]\d+)*|{LETTERS}(?:[’']{LETTERS})*")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found:
    """What the two searches say of a pool of passages: passage → score, for those that each found.

    `complete` tells that the lexical search found all that has a word of the question.
    """

    dense: Mapping[int, float]
    lexical: Mapping[int, float]
    complete: bool = False


class Asking:
    """A question as passages are held against it: its words, names and pairs of neighbouring words.

    `idf` has how much each word tells, by its key.
    """

    def __init__(self, text: str, idf: Mapping[str, float]) -> None:
        self.idf = idf
        self.total = sum(idf.values()) or 1.0
        words = keys(text)
        named = {key for name in names(text) for key in keys(name)} | {word for word in words if word[0].isdigit()}
        self.names = {key: idf[key] for key in sorted(named & idf.keys())}
        self.pairs = {pair: min(map(idf.__getitem__, pair)) for pair in pairwise(words) if idf.keys() >= set(pair)}


def features(asking: Asking, pool: Sequence[Hit], found: Found, texts: Mapping[str, str]) -> list[list[float]]:
    """Return for each passage of the pool its numbers in the order of NAMES, each about 0 … 1.

    `texts` has the whole article of each by its id. What a search did not find has at most the score of the last that
    it found, and is taken to have that.
    """
    dense = min(found.dense.values(), default=0.0)
    lexical = 0.0 if found.complete else min(found.lexical.values(), default=0.0)
    words = {hit.passage: keys(hit.text) for hit in pool}
    titles = {hit.article.id: keys(hit.article.title) for hit in pool}
    articles = _articles(asking, titles, texts)
    rows = []
    for hit in pool:
        body, title = words[hit.passage], titles[hit.article.id]
        rows.append(
            [
                found.dense.get(hit.passage, dense),
                found.lexical.get(hit.passage, lexical) / asking.total,
                articles[hit.article.id],
                _share(asking.names, {*body, *title}),
                _share(asking.pairs, {*pairwise(body), *pairwise(title)}),
            ]
        )
    return rows


def _articles(asking: Asking, titles: Mapping[str, list[str]], texts: Mapping[str, str]) -> dict[str, float]:
    """For each article BM25 over all of it, the title a field of its own, as a share of the most there could be.

    Fields are weighed before they saturate (Robertson, Zaragoza and Taylor, CIKM 2004, p. 42).
    """
    lengths = {article: min(len(texts[article]), LONGEST) for article in titles}
    usual = sum(lengths.values()) / max(1, len(lengths)) or 1.0
    scores = {}
    for article, title in titles.items():
        body = Counter(key for key in keys(texts[article][:LONGEST]) if key in asking.idf)
        norm = K1 * (1 - B + B * lengths[article] / usual)
        counts = ((weight, body[key] + TITLE * (key in title)) for key, weight in asking.idf.items())
        scores[article] = sum(weight * count / (count + norm) for weight, count in counts) / asking.total
    return scores


def _share(wanted: Mapping[T, float], there: Container[T]) -> float:
    """The part, by weight, of what is wanted that is there; 1 where nothing is wanted, which decides nothing."""
    whole = sum(wanted.values())
    return sum(wanted[one] for one in wanted if one in there) / whole if whole else 1.0


def keys(text: str) -> list[str]:
    """Return the keys of a text's words in order; plainer than `words.tokens`, and much faster."""
    return [_key(word) for word in WORD.findall(worded(text))]


@lru_cache(maxsize=50_000)
def _key(word: str) -> str:
    return word.replace(",", "") if word[0].isdigit() else stem(word.lower())
