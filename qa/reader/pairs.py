"""Cross-encoders as readers, and models of natural language inference as judges: two texts are read as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from qa.reader.layout import headed
from qa.reader.reading import Evidence, Reading, text_of, units
from vectorstore.articles import BlockKind, Hit
from vectorstore.cross_encoder import CrossEncoder

QUESTION = 0.25  # shares of the window; of what is longer a question's end is read,
STATEMENT = 0.5  # a statement's beginning,
HEADING = 0.125  # a title's beginning,
BEFORE = 0.125  # and the end of the sentence before


@dataclass(frozen=True, slots=True)
class PairReader:
    """Reads with a cross-encoder of one label: a sentence scores as the model's logit of it with the question.

    A sentence is read after its article's title and day and after the sentence that it follows.
    """

    name: str
    model: CrossEncoder

    def read(self, question: str, passages: Sequence[Hit]) -> list[Reading]:
        """Return a reading of each sentence of prose, likeliest first; no words of it are marked as the answer."""
        found = quotable(passages)
        asked = self.model.fitted(question, QUESTION, end=True)
        pairs = [(asked, self._text(reading)) for reading in found]
        distinct = list(dict.fromkeys(pairs))  # passages overlap
        scores = dict(zip(distinct, self.model.logits(distinct)[:, 0].tolist(), strict=True))
        return ranked([replace(reading, score=scores[pair]) for reading, pair in zip(found, pairs, strict=True)])

    def _text(self, reading: Reading) -> str:
        """A sentence with what leads up to it, cut so that the sentence itself is read."""
        lead = text_of(reading.hit, reading.before)
        parts = self.model.fitted(headed(reading.hit), HEADING), self.model.fitted(lead, BEFORE, end=True)
        return "\n".join(filter(None, (*parts, reading.text)))


@dataclass(frozen=True, slots=True)
class InferenceJudge:
    """Judges with a model of natural language inference; `entails` is the column of what follows from the text."""

    name: str
    model: CrossEncoder
    entails: int

    def supports(self, statement: str, evidence: Sequence[Evidence]) -> list[float]:
        """Return for each evidence how likely the statement follows from it, 0 … 1, in the order given."""
        import numpy as np

        said = self.model.fitted(statement, STATEMENT)
        heads = [self.model.fitted(one.heading, HEADING) for one in evidence]
        texts = ["\n".join(filter(None, (head, one.text))) for head, one in zip(heads, evidence, strict=True)]
        logits = self.model.logits([(text, said) for text in texts]).astype(np.float64)
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        return [float(share) for share in odds[:, self.entails] / odds.sum(axis=1)]


def quotable(passages: Sequence[Hit]) -> list[Reading]:
    """Return a reading without a score of each sentence of prose, in the order of the passages."""
    return [
        Reading(hit, rank, sentence, 0.0, before=before)
        for rank, hit in enumerate(passages)
        for before, sentence in pairwise([None, *units(hit)])
        if sentence and sentence.kind is BlockKind.PARAGRAPH
    ]


def ranked(readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings, likeliest first; of a sentence that two passages share the better one."""
    once: dict[tuple[str, int], Reading] = {}
    for reading in sorted(readings, key=lambda one: (-one.score, one.rank, one.sentence.start)):
        once.setdefault((reading.hit.article.id, reading.sentence.start), reading)
    return list(once.values())
