"""Follow-up questions: mtrag's conversations, recall of the passages that their annotators answered from."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.reading import Text, archive
from benchmarks.tables import Row
from qa.assistant import Assistant
from qa.retrieve.search import DenseRetriever
from qa.retrieve.understand import Query
from qa.types import Question, Retrieved, Turn

DEPTH = 5
DRAWS = 10_000  # bootstrap samples


@dataclass(frozen=True, slots=True)
class Talk:
    """A turn of a conversation, the turns before it with their answers, and the passages it is answered from."""

    text: str
    before: tuple[Turn, ...]
    gold: frozenset[str]


def mtrag(data: Path) -> tuple[list[Text], list[Talk]]:
    """Return the passages and the turns that follow another and have passages."""
    with (data / "mtrag" / "human_subset.json").open(encoding="utf-8") as stream:
        loaded = json.load(stream)
    texts = [Text(_url(d["document_id"]), d.get("title") or "", d["text"]) for d in loaded["documents"]]
    talks = []
    for task in loaded["tasks"]:
        said = [turn["text"] for turn in task["input"]]
        gold = frozenset(_url(context["document_id"]) for context in task["contexts"])
        before = tuple(Turn(*pair) for pair in zip(said[:-1:2], said[1:-1:2], strict=True))
        if before and gold:
            talks.append(Talk(said[-1], before, gold))
    return texts, talks


def _url(document: str) -> str:
    return f"https://mtrag.invalid/{document}"


Find = Callable[[Talk], Sequence[str | None]]


def rows(data: Path, folder: Path) -> list[Row]:
    """Return mean recall among the first five passages: MiniLM, ours without and with the turns before."""
    texts, talks = mtrag(data)
    wiring = archive(texts, "mtrag", folder)
    embedder = wiring.embedder()
    with wiring.store() as store:
        dense, assistant = DenseRetriever(store, embedder), wiring.assistant(store)
        silent = Talks(assistant)
        ways: dict[str, Find] = {
            "MiniLM, last turn": lambda talk: [hit.article.url for hit in dense.search(Query(talk.text), DEPTH)],
            "ours, last turn": lambda talk: silent.found(talk.text, ()),
            "ours, turns before": lambda talk: silent.found(talk.text, tuple(Turn(t.question) for t in talk.before)),
            "ours, turns and answers before": lambda talk: silent.found(talk.text, talk.before),
        }
        recalls = {name: _recalls(find, talks) for name, find in ways.items()}
        alone = recalls["ours, last turn"]
        return [
            {
                "set": "mtrag",
                "system": name,
                "turns": len(talks),
                "recall@5": float(found.mean()),
                **_gain(found - alone),
            }
            for name, found in recalls.items()
        ]


@dataclass(frozen=True, slots=True)
class Talks:
    """The evidence that an assistant finds, before it writes an answer."""

    assistant: Assistant

    def found(self, text: str, before: tuple[Turn, ...]) -> list[str | None]:
        """Return the URLs of the first passages for a question after these turns."""
        first = next(iter(self.assistant.ask(Question(text, before))))
        assert isinstance(first, Retrieved)
        return [hit.article.url for hit in first.passages[:DEPTH]]


def _recalls(find: Find, talks: Sequence[Talk]) -> npt.NDArray[np.float64]:
    return np.array([len(talk.gold & set(find(talk)[:DEPTH])) / len(talk.gold) for talk in talks])


def _gain(differences: npt.NDArray[np.float64]) -> Row:
    """The mean over the last turn alone, and where 95 % of paired bootstrap samples have it."""
    draws = np.random.default_rng(0).integers(0, len(differences), (DRAWS, len(differences)))
    low, high = np.percentile(differences[draws].mean(axis=1), [2.5, 97.5])
    return {"gain": float(differences.mean()), "from": float(low), "to": float(high)}
