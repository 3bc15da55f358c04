"""Question sets over short texts: squad2 (paragraphs), clapnq (passages); the texts become an archive of their own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from qa.config import load
from qa.ingest.pipeline import ingest
from qa.ingest.survey import Request
from qa.progress import ProgressNarrator
from qa.wiring import Wiring, wire


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a question set, under a URL of its own."""

    url: str
    title: str
    text: str
    published: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A question; `url` is the text that answers it, None where none does, `answers` what a right quote holds."""

    question: str
    url: str | None
    answers: tuple[str, ...]

    def right(self, url: str | None, quote: str) -> bool:
        """Tell whether a quote is from the right text and holds an answer, or lies within one."""
        told = squashed(quote)
        return url == self.url and any(answer in told or told in answer for answer in self.answers)


@dataclass(frozen=True, slots=True)
class Reading:
    """A question set."""

    name: str
    texts: tuple[Text, ...]
    items: tuple[Item, ...]

    def sampled(self, limit: int | None) -> Reading:
        """Return the set with about `limit` of the questions, evenly spaced."""
        step = max(1, len(self.items) // limit) if limit else 1
        return Reading(self.name, self.texts, self.items[::step])


def squashed(text: str) -> str:
    """Return a text with single spaces for its white space."""
    return " ".join(text.split())


def squad2(data: Path) -> Reading:
    """Return squad2's dev half: each paragraph a text, each question answered by one or by none."""
    with (data / "squad2" / "dev_half.json").open(encoding="utf-8") as stream:
        articles = json.load(stream)["data"]
    texts: list[Text] = []
    items: list[Item] = []
    for article in articles:
        for paragraph in article["paragraphs"]:
            url = f"https://squad2.invalid/{len(texts)}"
            texts.append(Text(url, article["title"].replace("_", " "), paragraph["context"]))
            for asked in paragraph["qas"]:
                answers = (
                    () if asked["is_impossible"] else tuple(sorted({squashed(a["text"]) for a in asked["answers"]}))
                )
                items.append(Item(asked["question"], url if answers else None, answers))
    return Reading("squad2", tuple(texts), tuple(items))


def clapnq(data: Path) -> Reading:
    """Return clapnq: each passage a text, the sentences that annotators chose as answers."""
    texts: list[Text] = []
    items: list[Item] = []
    for kind in ("answerable", "unanswerable"):
        with (data / "clapnq" / f"{kind}.jsonl").open(encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                passage = row["passages"][0]
                url = f"https://clapnq.invalid/{len(texts)}"
                texts.append(Text(url, passage["title"], passage["text"]))
                chosen = {squashed(s) for given in row["output"] for s in given.get("selected_sentences") or ()}
                answers = tuple(sorted(chosen)) if kind == "answerable" else ()
                items.append(Item(_asked(row["input"]), url if answers else None, answers))
    return Reading("clapnq", tuple(texts), tuple(items))


def _asked(text: str) -> str:
    """Search logs are in lower case and without a question mark; people who ask an archive write sentences."""
    return text[:1].upper() + text[1:] + ("" if text.endswith("?") else "?")


def archive(texts: Iterable[Text], name: str, folder: Path) -> Wiring:
    """Return the wiring of an archive of the texts in `folder`; what is there already costs nothing."""
    return wire(load(), taken_in(dumped(texts, folder / f"{name}.jsonl"), folder / f"{name}.store"))


def dumped(texts: Iterable[Text], path: Path) -> Path:
    """Write the texts as a dump to `path`, and return it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [json.dumps({"url": text.url, "title": text.title, "text": text.text}) for text in texts]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def taken_in(articles: Path, folder: Path) -> Path:
    """Take articles into the archive in `folder`, and return it; what is there already costs nothing."""
    wiring = wire(load(), folder)
    ProgressNarrator(color=False).follow(ingest(wiring.folder, Request((articles,)), wiring.embedder))
    return folder
