"""Follow-up questions: mtrag's conversations, recall of the passages that their annotators answered from."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.baselines import Rank
from benchmarks.bench import Bench, line
from benchmarks.reading import Text
from benchmarks.suites import Suite
from benchmarks.tables import Row
from qa.assistant import Assistant
from qa.evaluate.bootstrap import gain, mean
from qa.types import Question, Retrieved, Turn

DEPTH = 5
MEASURE = f"passage recall@{DEPTH}"


@dataclass(frozen=True, slots=True)
class Talk:
    """A turn of a conversation, the turns before it with their answers, and the passages it is answered from."""

    text: str
    before: tuple[Turn, ...]
    gold: frozenset[str]

    def recall(self, urls: Sequence[str | None]) -> float:
        """Return the share of its passages that are among the first DEPTH."""
        return len(self.gold & set(urls[:DEPTH])) / len(self.gold)


def mtrag(data: Path) -> tuple[list[Text], list[Talk]]:
    """Return the passages and the turns that follow another and have passages."""
    with (data / "mtrag" / "human_subset.json").open(encoding="utf-8") as stream:
        loaded = json.load(stream)
    texts = [Text(_url(d["document_id"]), d.get("title") or "", d["text"]) for d in loaded["documents"]]
    talks = []
    for task in loaded["tasks"]:
        said = [turn["text"] for turn in task["input"]]
        gold = frozenset(_url(context["document_id"]) for context in task["contexts"])
        before = tuple(Turn(asked, (answer,)) for asked, answer in zip(said[:-1:2], said[1:-1:2], strict=True))
        if before and gold:
            talks.append(Talk(said[-1], before, gold))
    return texts, talks


def _url(document: str) -> str:
    return f"https://mtrag.invalid/{document}"


def rows(bench: Bench) -> Iterator[Row]:
    """Yield recall for the last turn alone, for the turns before as well, and what these gain, paired."""
    texts, talks = mtrag(bench.data)
    suite = Suite("mtrag", tuple(texts), ())
    talks = talks[:: max(1, len(talks) // bench.limit) if bench.limit else 1]
    for system, rank in bench.systems(suite):
        yield line("mtrag", f"{system}, last turn", MEASURE, mean(_alone(rank, talks)))
    with bench.assistant(bench.archive(suite)) as assistant:
        alone = _recalls(assistant, talks, lambda _: ())
        yield line("mtrag", "ours, last turn", MEASURE, mean(alone))
        for name, before in WAYS.items():
            found = _recalls(assistant, talks, before)
            yield line("mtrag", name, MEASURE, mean(found))
            yield line("mtrag", name, f"{MEASURE}, gained", gain(found, alone))


WAYS: dict[str, Callable[[Talk], tuple[Turn, ...]]] = {
    "ours, questions before": lambda talk: tuple(Turn(turn.question) for turn in talk.before),
    "ours, questions and answers before": lambda talk: talk.before,
}


def _alone(rank: Rank, talks: Sequence[Talk]) -> list[float]:
    return [talk.recall(rank(talk.text)) for talk in talks]


def _recalls(assistant: Assistant, talks: Sequence[Talk], before: Callable[[Talk], tuple[Turn, ...]]) -> list[float]:
    return [talk.recall(found(assistant, Question(talk.text, before(talk)))) for talk in talks]


def found(assistant: Assistant, question: Question) -> list[str | None]:
    """Return the URLs of the evidence, best first, each once: mtrag's passages are articles here, cut in two or three.

    What is written of an answer is not waited for.
    """
    first = next(iter(assistant.ask(question)))
    assert isinstance(first, Retrieved)
    return list(dict.fromkeys(hit.article.url for hit in first.passages))
