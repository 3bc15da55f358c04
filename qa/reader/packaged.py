"""The packaged reader: late interaction over every sentence, then a closer look at the likeliest.

Trained by `python -m benchmarks.reader train` from all-MiniLM-L6-v2; MODEL.md beside the model says on what. Late
interaction: ColBERT (Khattab and Zaharia, SIGIR 2020, p. 41) over sentences of passages that are encoded whole.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.language.detect import other_script
from qa.reader.layout import Laid, Layout, Paired, headed
from qa.reader.reading import Evidence, Reading, Span, text_of, units
from qa.reader.remembered import TokenVectors
from qa.reader.spans import likeliest, whole
from vectorstore.articles import BlockKind, Hit, Sentence
from vectorstore.crew import Crew, session
from vectorstore.packaged import check, stated

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

MODEL = Path(__file__).with_name("model")
CLOSER = 8  # sentences that are looked at closely, at most,
AT_ONCE = 2  # so many at a time,
SURE = 1.0  # while one with this judgement, which few get, could still come first
FAINT = -3.5  # what a sentence that was not looked at closely is judged at most
SOFT = 0.05  # the temperature of a minimum
ANSWERS, SUPPORTS = 0, 1  # columns of the judgements


@dataclass(frozen=True, slots=True)
class Weights:
    """What turns similarities into scores: of late interaction, and of pairs (a row for each judgement)."""

    cosine: float
    maxsim: float
    none: float
    weigh: tuple[float, ...]
    weigh_pair: tuple[float, ...]
    mix: tuple[tuple[float, ...], ...]
    offset: tuple[float, ...]
    late: float
    close: float

    @classmethod
    def open(cls, path: Path) -> Weights:
        """Return the weights of a reader.json."""
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{name: _frozen(value) for name, value in facts.items()})


@dataclass(frozen=True, slots=True)
class Position:
    """A sentence among the passages, with the one before it."""

    hit: Hit
    rank: int
    sentence: Sentence
    before: Sentence | None


@dataclass(frozen=True, slots=True)
class Look:
    """What both ways of reading make of a place; where only late interaction read it, `close` is supposed."""

    place: Position
    late: float
    close: float
    answers: tuple[Span, ...] = ()


class PackagedReader:
    """Reads with the model in this package, by onnxruntime and tokenizers alone."""

    def __init__(self, folder: Path = MODEL, threads: int = 0) -> None:
        self.name = "footnote-reader"
        self._weights = Weights.open(folder / "reader.json")
        self._layout = Layout.open(folder / "tokenizer.json")
        self._remembered = TokenVectors()
        self._crew = Crew(threads)
        self._session = session(folder / "model.onnx")

    def read(self, question: str, passages: Sequence[Hit]) -> list[Reading]:
        """Return a reading of each sentence of the passages that may be quoted, likeliest first."""
        # in another script the words that sentences share count too (qa.answer.examine): any could still come first
        sure, faint = (math.inf, math.inf) if other_script(question) else (SURE, FAINT)
        readings = [
            Reading(
                look.place.hit,
                look.place.rank,
                look.place.sentence,
                self._score(look.late, look.close),
                look.answers,
                look.place.before,
            )
            for look in self.looks(question, passages, sure, faint)
        ]
        return sorted(readings, key=lambda reading: (-reading.score, reading.rank, reading.sentence.start))

    def looks(self, question: str, passages: Sequence[Hit], sure: float = SURE, faint: float = FAINT) -> list[Look]:
        """Return what is made of each sentence, likeliest first by late interaction.

        They are looked at closely in that order, until no other could come first if it were judged `sure`, or CLOSER
        have been. The others are judged `faint` at most.
        """
        late = sorted(
            self.late(question, passages), key=lambda found: (-found[1], found[0].rank, found[0].sentence.start)
        )
        near: list[Look] = []
        for start in range(0, min(CLOSER, len(late)), AT_ONCE):
            best = max((self._score(look.late, look.close) for look in near), default=-math.inf)
            if best >= self._score(late[start][1], sure):
                break
            some = late[start : min(start + AT_ONCE, CLOSER)]
            close = self._close(question, [place for place, _ in some])
            near += [Look(place, score, *own) for (place, score), own in zip(some, close, strict=True)]
        lowest = min([faint, *(look.close for look in near)])
        return [*near, *(Look(place, score, lowest) for place, score in late[len(near) :])]

    def supports(self, statement: str, evidence: Sequence[Evidence]) -> list[float]:
        """Return for each evidence how likely it bears the statement out, 0 … 1, in the order given."""
        pairs = [self._layout.pair(statement, one.heading, "", one.text) for one in evidence]
        return [1 / (1 + math.exp(-judged[SUPPORTS])) for judged, _ in self._judged(pairs)]

    def _score(self, late: float, close: float) -> float:
        return self._weights.late * (late - self._weights.none) + self._weights.close * close

    def late(self, question: str, passages: Sequence[Hit]) -> list[tuple[Position, float]]:
        """Return each sentence that may be quoted with its score by late interaction alone."""
        read = [units(hit) for hit in passages]
        laid = [
            self._layout.passage(headed(hit), [text_of(hit, one) for one in sentences])
            for hit, sentences in zip(passages, read, strict=True)
        ]
        ids = self._layout.question(question)
        asked, *vectors = self._crew.each(self._vectors, [Laid(ids, [0] * len(ids), []), *laid])
        found: list[tuple[Position, float]] = []
        for rank, (hit, sentences, one, tokens) in enumerate(zip(passages, read, laid, vectors, strict=True)):
            prose = [at for at, (a, b) in enumerate(one.spans) if b > a and sentences[at].kind is BlockKind.PARAGRAPH]
            scores = self._interact(asked[1:-1], tokens, [one.spans[at] for at in prose])
            places = [Position(hit, rank, sentences[at], sentences[at - 1] if at else None) for at in prose]
            found += zip(places, scores, strict=True)
        once: dict[tuple[str, int], tuple[Position, float]] = {}
        for place, score in found:  # passages overlap by a sentence: its better reading counts
            key = (place.hit.article.id, place.sentence.start)
            if key not in once or score > once[key][1]:
                once[key] = (place, score)
        return list(once.values())

    def _interact(self, question: Floats, tokens: Floats, spans: Sequence[Span]) -> list[float]:
        own = self._weights
        return [own.cosine * cosine + own.maxsim * late for cosine, late in alike(question, tokens, spans, own.weigh)]

    def _close(self, question: str, places: Sequence[Position]) -> list[tuple[float, tuple[Span, ...]]]:
        """For each place its score by a close look, and the words that answer."""
        pairs = [
            self._layout.pair(question, headed(p.hit), text_of(p.hit, p.before), text_of(p.hit, p.sentence))
            for p in places
        ]
        found = zip(places, pairs, self._judged(pairs), strict=True)
        return [(judged[ANSWERS], _answers(p, paired, spans)) for p, paired, (judged, spans) in found]

    def _judged(self, pairs: Sequence[Paired]) -> list[tuple[list[float], Floats]]:
        """Each pair's judgements, and its target tokens' logits of opening and closing an answer."""
        return self._crew.each(self._judgement, pairs)

    def _judgement(self, paired: Paired) -> tuple[list[float], Floats]:
        tokens, judged, spans = self._run(Laid(paired.ids, paired.types, []))
        return self._added(paired, tokens, judged), spans[paired.at : paired.at + len(paired.offsets)]

    def _added(self, paired: Paired, tokens: Floats, judged: Floats) -> list[float]:
        """The judgements with what the pair's token vectors have in common, having read each other."""
        asked = tokens[1 : 1 + max(1, paired.asked)]
        target = tokens[paired.at : paired.at + max(1, len(paired.offsets))]
        ((cosine, late),) = alike(asked, target, [(0, len(target))], self._weights.weigh_pair)
        told = (cosine, late, least(asked, tokens[2 + paired.asked : len(paired.ids)]))
        rows = zip(self._weights.mix, self._weights.offset, judged.tolist(), strict=True)
        return [own + offset + sum(w * x for w, x in zip(row, told, strict=True)) for row, offset, own in rows]

    def _vectors(self, laid: Laid) -> Floats:
        return self._remembered.get(laid.ids, lambda: self._run(laid)[0])

    def _run(self, laid: Laid) -> tuple[Floats, Floats, Floats]:
        """Run the graph over one sequence.

        In a batch all share one scale of their eight-bit numbers, so that what is read would depend on what is read
        beside it.
        """
        import numpy as np

        given = {"input_ids": np.array([laid.ids], np.int64), "token_type_ids": np.array([laid.types], np.int64)}
        tokens, judged, spans = (result[0] for result in self._session.run(None, given))
        return tokens, judged, spans


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def open_reader(threads: int = 0, folder: Path = MODEL, cache: Path | None = None) -> PackagedReader:
    """Return the packaged reader; raises ModelMissing, naming the file, if one is damaged.

    Each file is read for that once, which `cache` remembers.
    """
    check(folder, "footnote-qa", lambda: stated(folder), cache)
    return PackagedReader(folder, threads)


def alike(question: Floats, text: Floats, spans: Sequence[Span], weigh: Sequence[float]) -> list[tuple[float, float]]:
    """Return for each span of a text's tokens how it is like a question: by cosine and by MaxSim.

    The cosine is of the mean token vectors; in MaxSim each token of the question counts with its nearest.
    """
    import numpy as np

    weights = np.exp(question @ np.array(weigh, np.float32))
    weights /= weights.sum()
    mean, words, tokens = _unit(question.mean(0)), _unit(question), _unit(text)
    # span by span: the threads that share a larger product wait for each other at full load
    return [(float(mean @ _unit(text[a:b].mean(0))), float(weights @ (words @ tokens[a:b].T).max(1))) for a, b in spans]


def least(question: Floats, text: Floats) -> float:
    """Return the softest minimum, over the question's tokens, of the cosine with the nearest: what lacks most."""
    import numpy as np

    nearest = (_unit(question) @ _unit(text).T).max(1)
    return float(-SOFT * (np.logaddexp.reduce(-nearest / SOFT) - np.log(len(nearest))))


def _unit(vectors: Floats) -> Floats:
    import numpy as np

    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


def _answers(place: Position, paired: Paired, spans: Floats) -> tuple[Span, ...]:
    """The likeliest run of the sentence's tokens, widened to whole words, as offsets of the article."""
    if not paired.offsets:
        return ()
    _, first, last = likeliest(spans[:, 0], spans[:, 1])
    text = text_of(place.hit, place.sentence)
    start, end = whole(text, (paired.offsets[first][0], paired.offsets[last][1]), (0, len(text)))
    return ((place.sentence.start + start, place.sentence.start + end),)
