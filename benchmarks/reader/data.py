"""The reader's examples: questions, altered copies and claims, over an archive's own passages and sentences."""

from __future__ import annotations

import itertools
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qa.reader.layout import headed, heading
from qa.reader.reading import text_of, units
from qa.retrieve.search import text_query
from vectorstore.articles import BlockKind, Hit
from vectorstore.embedding import Embedder
from vectorstore.store import Store

POOL = 24  # passages of each search that hard negatives are drawn from
FUSION = 60  # of reciprocal rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009, p. 758)


@dataclass(frozen=True, slots=True)
class Text:
    """A passage: its heading, its sentences, and for each whether it may be quoted as an answer."""

    article: str
    heading: str
    sentences: tuple[str, ...]
    prose: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A question with the sentences of `gold` that answer it, as (passage, sentence); none for an altered one.

    `hard` are passages that were found for it and neither answer it nor have the answer's words. `of` is the question
    that an altered one was made of, with the kind of alteration.
    """

    id: str
    question: str
    gold: tuple[tuple[int, int], ...]
    hard: tuple[int, ...] = ()
    answer: str = ""
    altered: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A question or statement with a sentence that answers it, or bears it out, or does not; `sort` is its kind."""

    asked: str
    heading: str
    before: str
    target: str
    right: bool
    sort: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement, the sentences that it was made of, and whether they bear it out."""

    statement: str
    heading: str
    evidence: tuple[str, ...]
    supported: bool
    kind: str


def rows(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def plain(text: str) -> str:
    """Return a text's words, lower case, one space between."""
    return " ".join(re.findall(r"\w+", text.lower()))


def asked(row: Mapping[str, Any]) -> str:
    """Return a question with those that it follows in front."""
    return " ".join([*row.get("history", ()), row["question"]])


@dataclass(frozen=True, slots=True)
class Texts:
    """The passages alone, for training: all that is needed once the examples are made."""

    texts: Sequence[Text]


class Archive:
    """The passages of an archive as texts, and what its two searches find for a question."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store, self._embedder = store, embedder
        self.texts: list[Text] = []
        self.by_url: dict[str, list[int]] = defaultdict(list)
        matrix = store.ledger.vectors()
        self._vectors, self._row = matrix.vectors, {int(p): at for at, p in enumerate(matrix.passages)}
        hits = store.hits([int(passage) for passage in matrix.passages])
        for hit in hits:
            self.by_url[hit.article.url or hit.article.source].append(len(self.texts))
            self.texts.append(as_text(hit))
        self._plain = [plain(" ".join(text.sentences)) for text in self.texts]

    def kept(self) -> Texts:
        """Return the passages alone."""
        return Texts(self.texts)

    def found(self, questions: Sequence[str]) -> list[list[int]]:
        """Return for each question the passages of both searches, by reciprocal rank fusion."""
        fused = []
        vectors = self._embedder.embed_passages(list(questions))
        for question, vector in zip(questions, vectors, strict=True):
            dense = np.argsort(-(self._vectors @ vector))[:POOL].tolist()
            lexical = [self._row[p] for p, _ in self._store.lexical(text_query(question), POOL)]
            scores: dict[int, float] = defaultdict(float)
            for ranking in (dense, lexical):
                for rank, passage in enumerate(ranking):
                    scores[passage] += 1 / (FUSION + rank)
            fused.append(sorted(scores, key=lambda passage: -scores[passage])[:POOL])
        return fused

    def gold(self, url: str, evidence: Iterable[str]) -> tuple[tuple[int, int], ...]:
        """Return the sentences of an article that hold one of these texts, or most of one."""
        wanted = [plain(text) for text in evidence]
        return tuple(
            (passage, at)
            for passage in self.by_url.get(url, ())
            for at, sentence in enumerate(self.texts[passage].sentences)
            if any(_same(plain(sentence), one) for one in wanted)
        )

    def says(self, passage: int, words: str) -> bool:
        """Tell whether a passage has these words."""
        return bool(words) and f" {plain(words)} " in f" {self._plain[passage]} "


def as_text(hit: Hit) -> Text:
    """Return a hit as the reader is trained on it."""
    read = units(hit)
    prose = tuple(one.kind is BlockKind.PARAGRAPH for one in read)
    where = hit.article.url or hit.article.source
    title = headed(hit)
    return Text(where, title, tuple(text_of(hit, one) for one in read), prose)


def same_sentence(sentence: str, gold: str) -> bool:
    """Tell whether a sentence holds a text, or is most of it, in whatever punctuation."""
    return _same(plain(sentence), plain(gold))


def _same(sentence: str, gold: str) -> bool:
    return gold in sentence or (sentence in gold and len(sentence) > 0.5 * len(gold))


def examples(archive: Archive, questions: Sequence[Mapping[str, Any]], stories: Mapping[str, str]) -> list[Example]:
    """Return the answerable questions with their gold sentences and hard negatives."""
    usable = [row for row in questions if row["answerable"]]
    found = archive.found([asked(row) for row in usable])
    made = []
    for row, pool in zip(usable, found, strict=True):
        url, text = row["articles"][0], stories[row["articles"][0]]
        gold = archive.gold(url, [text[a:b] for a, b in [*row["evidence"], *row.get("also", [])]])
        right = {passage for passage, _ in gold}
        hard = tuple(p for p in pool if p not in right and not archive.says(p, row.get("answer", "")))
        if gold:
            made.append(Example(row["id"], asked(row), gold, hard, row.get("answer", "")))
    return made


def altered(rows_: Sequence[Mapping[str, Any]]) -> dict[str, list[tuple[str, str]]]:
    """Return the altered copies of each question by its id, each with the kind of alteration."""
    copies: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in rows_:
        copies[row["id"].rstrip("xr")].append((row["question"], row["altered"]))
    return copies


def claims(rows_: Sequence[Mapping[str, Any]], stories: Mapping[str, Mapping[str, str]]) -> list[Claim]:
    """Return the claims with the words of their evidence."""
    made = []
    for row in rows_:
        story = stories[row["article"]]
        evidence = tuple(story["text"][a:b] for a, b in row["evidence"])
        made.append(
            Claim(row["statement"], heading(story["title"], story["day"]), evidence, row["supported"], row["kind"])
        )
    return made


def paragraphs(path: Path) -> list[Judged]:
    """Return the questions of a SQuAD 2 file with the sentence of their answer, or of the plausible wrong one."""
    made = []
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            spans = _sentences(paragraph["context"])
            for row in paragraph["qas"]:
                answers = row.get("plausible_answers") if row["is_impossible"] else row["answers"]
                if not answers:
                    continue
                start = answers[0]["answer_start"]
                at = next((n for n, (_, end) in enumerate(spans) if end > start), len(spans) - 1)
                texts = [paragraph["context"][a:b] for a, b in spans[max(0, at - 1) : at + 1]]
                title = article["title"].replace("_", " ")
                before = texts[0] if len(texts) > 1 else ""
                made.append(Judged(row["question"], title, before, texts[-1], not row["is_impossible"], "squad2"))
    return made


def _sentences(text: str) -> list[tuple[int, int]]:
    ends = [match.end() for match in re.finditer(r"[.!?][\"”)]? (?=[A-Z\"“(])", text)]
    return list(itertools.pairwise([0, *ends, len(text)]))


def relations(
    archive: Archive,
    questions: Sequence[Mapping[str, Any]],
    copies: Mapping[str, Sequence[tuple[str, str]]],
    stories: Mapping[str, str],
) -> list[Judged]:
    """Return questions and their altered copies, each with the sentence that answers the question."""
    made = []
    for example in examples(archive, questions, stories):
        passage, at = example.gold[0]
        text = archive.texts[passage]
        before = text.sentences[at - 1] if at else ""
        for question, kind in copies.get(example.id, ()):
            if kind == "relation":
                made.append(Judged(example.question, text.heading, before, text.sentences[at], True, "relation"))
                made.append(Judged(question, text.heading, before, text.sentences[at], False, "relation"))
    return made
