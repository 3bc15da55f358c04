"""Question sets as texts and cases: news, squad2, clapnq, in the rows that `qa eval` takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks import news as newspapers
from benchmarks import reading
from benchmarks.reading import Reading, Text
from qa.batch_input import Row
from qa.evaluate.expected import Case, cases


@dataclass(frozen=True, slots=True)
class Suite:
    """Texts that become an archive, and the questions asked of it; `dump` has the texts where there is a file."""

    name: str
    texts: tuple[Text, ...]
    cases: tuple[Case, ...]
    dump: Path | None = None

    def sampled(self, limit: int | None) -> Suite:
        """Return the suite with about `limit` of the questions, evenly spaced."""
        step = max(1, len(self.cases) // limit) if limit else 1
        return replace(self, cases=self.cases[::step])

    @property
    def answerable(self) -> tuple[Case, ...]:
        """The cases whose answer is in the texts."""
        return tuple(case for case in self.cases if case.expected.answerable)


def cased(rows: Iterable[dict[str, Any]], ignore: Sequence[str] = ()) -> tuple[Case, ...]:
    """Return rows as cases."""
    given = (Row(at, row.get("id"), row["question"], row) for at, row in enumerate(rows, 1))
    return tuple(cases(given, ignore))


def unanswerable(given: Iterable[Case], kind: str = "") -> tuple[Case, ...]:
    """Return the same questions as an archive gets them that has no answer; `asked` stays."""
    kept = ("id", "question", "asked")
    rows = ({key: case.row.fields[key] for key in kept if key in case.row.fields} for case in given)
    return cased({**row, "answerable": False, "kind": kind} for row in rows)


def news(data: Path, ignore: Sequence[str] = ()) -> Suite:
    """Return the news; copies of a gold article, and its page at other addresses, count as it, for every system."""
    folder = data / "news"
    stories = newspapers.load(folder).stories
    same = newspapers.copies(stories)
    asked = [
        {**row, "articles": [same.get(url, url) for url in row["articles"]]} for row in newspapers.questions(folder)
    ]
    return Suite("news", stories, cased(asked, ignore), folder / "articles.jsonl.gz")


def squad2(data: Path) -> Suite:
    """Return squad2's dev half: each paragraph an article titled by its page."""
    return _suite(reading.squad2(data))


def clapnq(data: Path) -> Suite:
    """Return clapnq: the passages of both files, the sentences that annotators chose as answers."""
    return _suite(reading.clapnq(data))


def _suite(found: Reading) -> Suite:
    rows = [
        {"id": f"{found.name}-{at}", "question": item.question, "answerable": bool(item.url)}
        | ({"articles": [item.url], "answer": list(item.answers)} if item.url else {})
        for at, item in enumerate(found.items, 1)
    ]
    return Suite(found.name, found.texts, cased(rows))
