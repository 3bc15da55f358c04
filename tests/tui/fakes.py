"""A core without models, files or waiting: what the screens' tests run on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from textual.content import Content

from qa.answer.compose import shown
from qa.conversations import Conversations
from qa.ingest.web.following import Followed
from qa.llm.healthcheck import Standing
from qa.notes import Note, Notebook
from qa.types import (
    NO_ANSWER,
    Answer,
    Answered,
    Citation,
    Event,
    Failure,
    IngestReport,
    Match,
    Progress,
    Question,
    Retrieved,
    Statement,
    Token,
    Usage,
    Verdict,
    Verified,
    run_together,
)
from tui.find import Find, occurrences
from tui.ports import Services, Settings
from vectorstore.articles import Article, Block, BlockKind, Filter, Hit, Reference
from vectorstore.errors import AppError, UnknownArticle

LIGHTHOUSE = (
    "The lamp that would not go out\n\n"
    "The keeper of Sorrel Point lit the lamp on 3 March 1911 and recorded it in the station log. "
    "“It burned until the oil was gone,” she wrote, “and then it burned some more.”\n\n"
    "A photograph shows the keeper beside the lens.\n\n"
    "The lens weighed four tonnes and floated on mercury, so that a child could turn it with one hand. "
    "It was made in Paris and shipped in eleven crates, two of which were lost on the way.\n\n"
    "When the station closed in 1968, the lens went to the museum in Harrow Bay, where it still turns every noon."
)
FERRY = (
    "Ferry service to Harrow Bay resumes\n\n"
    "The ferry between Sorrel Point and Harrow Bay sails again from Monday, the harbour office said. "
    "It had been out of service for nine weeks after a storm damaged its ramp.\n\n"
    "A single crossing costs 4.50 and takes forty minutes."
)
BEES = (
    "City bees make more honey than country bees\n\n"
    "Hives on the roofs of Harrow Bay gave 31 kilograms of honey each last summer, against 19 in the fields around it. "
    "Researchers credit the long flowering season of the city's lime trees."
)


def article(text: str, name: str, publisher: str | None, published: str | None, url: str | None = None) -> Article:
    """Make an article whose first paragraph is its heading and whose blocks are its paragraphs."""
    blocks, at = [], 0
    for number, paragraph in enumerate(text.split("\n\n")):
        kind = (
            BlockKind.HEADING
            if number == 0
            else BlockKind.CAPTION
            if "photograph" in paragraph
            else BlockKind.PARAGRAPH
        )
        blocks.append(Block(at, at + len(paragraph), kind))
        at += len(paragraph) + 2
    title = text.split("\n\n", maxsplit=1)[0]
    return Article(
        f"/articles/{name}", text, tuple(blocks), title=title, url=url, publisher=publisher, published=published
    )


def articles() -> list[Article]:
    """Three articles of two publishers."""
    return [
        article(LIGHTHOUSE, "lamp.md", "Coast Gazette", "2019-03-03", "https://gazette.example/lamp"),
        article(FERRY, "ferry.md", "Harrow Bay Post", "2021-11-06", "https://post.example/ferry"),
        article(BEES, "bees.txt", "Harrow Bay Post", "2022-08"),
    ]


def reference(one: Article) -> Reference:
    """Name an article without its text."""
    return Reference(one.id, one.source, one.url, one.title, one.publisher, one.published)


def cite(one: Article, number: int, quote: str, answer: str = "") -> Citation:
    """Cite a quote that stands in the article, and mark the words of it that answer."""
    start = one.text.index(quote)
    at = start + quote.index(answer)
    answers = ((at, at + len(answer)),) if answer else ()
    return Citation(number, reference(one), start, start + len(quote), quote, answers)


def hit(one: Article, quote: str, number: int = 0) -> Hit:
    """Make a passage that was found."""
    start = one.text.index(quote)
    return Hit(number, reference(one), start, start + len(quote), quote, (), 0.9 - number / 10)


def lamp_answer(question: str = "When was the lamp lit?", all_articles: Sequence[Article] | None = None) -> Answer:
    """An answer of two sentences with two citations and three passages."""
    lamp, ferry, bees = all_articles or articles()
    lit = "The keeper of Sorrel Point lit the lamp on 3 March 1911 and recorded it in the station log."
    first = cite(lamp, 1, lit, "3 March 1911")
    second = cite(ferry, 2, "It had been out of service for nine weeks after a storm damaged its ramp.", "nine weeks")
    said = (
        Statement(f"{shown(first).text}\n— Coast Gazette, 3 March 2019 [1]", citations=(1,)),
        Statement(f"\n\n{shown(second).text}\n— Harrow Bay Post, 6 November 2021 [2]", citations=(2,)),
    )
    passages = (
        hit(lamp, first.quote),
        hit(ferry, second.quote, 1),
        hit(bees, "Hives on the roofs of Harrow Bay gave 31 kilograms of honey each last summer", 2),
    )
    text = run_together(sentence.text for sentence in said)
    return Answer(question, True, text, "extractive", (first, second), passages, 0.9, 0.042, said)


def model_answer(question: str = "And who lit it, and what did it cost?") -> Answer:
    """An answer of a language model: a sentence of each verdict, and a part that is not answered."""
    lamp, ferry, _ = articles()
    first = cite(lamp, 1, "The keeper of Sorrel Point lit the lamp on 3 March 1911 and recorded it in the station log.")
    second = cite(lamp, 2, "The lens weighed four tonnes and floated on mercury")
    third = cite(ferry, 3, "It had been out of service for nine weeks after a storm damaged its ramp.")
    said = (
        Statement("The keeper of Sorrel Point lit it on 3 March 1911 [1].", Verdict.SUPPORTED, (1,)),
        Statement("Its lens was among the heaviest of the coast [2].", Verdict.SUPPORTED, (2,)),
        Statement("The keeper was paid in gold [9].", Verdict.UNSUPPORTED),
        Statement("A storm put the ferry out of service for nine weeks [3].", Verdict.WRONG_SOURCE, (3,)),
    )
    passages = (hit(lamp, first.quote), hit(lamp, second.quote, 1), hit(ferry, third.quote, 2))
    return Answer(
        question,
        True,
        " ".join(sentence.text for sentence in said if sentence.shown),
        "ollama: tiny",
        (first, second, third),
        passages,
        0.8,
        2.5,
        said,
        ("what did it cost?",),
        "Who lit the lamp of Sorrel Point, and what did it cost?",
        Usage(812, 64),
        "The model was asked twice.",
    )


def abstention(question: str) -> Answer:
    """The archive does not answer, and the closest passages."""
    return Answer(question, False, NO_ANSWER, "extractive", (), lamp_answer().passages[1:], seconds=0.031)


@dataclass
class FakeAsker:
    """Answers from a script; `hold` stops before the answer until it is set, `asked` lists the questions."""

    answers: Callable[[Question], Answer] = lambda question: (
        abstention(question.text) if "moon" in question.text else lamp_answer(question.text)
    )
    hold: threading.Event | None = None
    notice: str = ""
    asked: list[Question] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    closed: int = 0

    def ask(self, question: Question, answerer: str) -> Iterator[Event]:
        """Yield passages, then the answer a sentence at a time."""
        self.asked.append(question)
        self.used.append(answerer)
        if "explode" in question.text:
            raise AppError("The archive is on fire.", "Call the fire brigade.")
        answer = self.answers(question)
        try:
            yield Retrieved(answer.passages, self.notice)
            while self.hold is not None and not self.hold.wait(0.05):
                yield Token("")  # a generator that is closed while it waits, as a model's stream is
            for sentence in answer.sentences:
                yield Verified(sentence)
            yield Answered(answer)
        except GeneratorExit:
            self.closed += 1
            raise

    def suggest(self, sources: Sequence[str]) -> Iterator[str]:
        """Suggest what each article's name makes one ask."""
        yield from (f"What is in {Path(source).stem}?" for source in sources)


@dataclass
class ScriptedAsker(FakeAsker):
    """Plays steps: events are yielded, gates waited for with a model's empty tokens, errors raised."""

    steps: Sequence[Event | threading.Event | AppError] = ()

    def ask(self, question: Question, answerer: str) -> Iterator[Event]:
        """Yield the events of the script."""
        self.asked.append(question)
        self.used.append(answerer)
        try:
            for step in self.steps:
                if isinstance(step, AppError):
                    raise step
                if isinstance(step, threading.Event):
                    while not step.wait(0.02):
                        yield Token("")
                else:
                    yield step
        except GeneratorExit:
            self.closed += 1
            raise


@dataclass
class FakeArchive:
    """Articles in a list; `gate` holds an ingest half-way until it is set, `closing` after its report."""

    held: list[Article] = field(default_factory=articles)
    gate: threading.Event | None = None
    closing: threading.Event | None = None
    ingested: list[str] = field(default_factory=list)
    followed: list[Followed] = field(default_factory=list)

    def count(self) -> tuple[int, int]:
        """Three passages an article."""
        return len(self.held), 3 * len(self.held)

    def publishers(self) -> list[str]:
        """Each once."""
        return sorted({one.publisher for one in self.held if one.publisher})

    def articles(self, scope: Filter, search: str = "") -> list[Reference]:
        """Look for every word in the title or the source."""
        found = [one for one in self.held if all(w in (one.title + one.source).lower() for w in search.lower().split())]
        if scope.publishers:
            found = [one for one in found if one.publisher in scope.publishers]
        return [reference(one) for one in found]

    def find(self, words: str) -> list[Match]:
        """Find the words, one after another, in the text of every article."""
        found = []
        for one in self.held:
            spans = occurrences(one.text, words)
            found += [Match(Hit(0, reference(one), 0, len(one.text), one.text, ()), spans)] if spans else []
        return found

    def article(self, key: str) -> Article:
        """Look the article up by its id."""
        for one in self.held:
            if one.id == key:
                return one
        raise UnknownArticle(f"There is no article {key}.", "See `qa articles`.")

    def related(self, key: str) -> list[Reference]:
        """Every other article."""
        return [reference(one) for one in self.held if one.id != key]

    def ingest(self, names: Sequence[str]) -> Iterator[Progress | IngestReport]:
        """Add the three articles, two of them before the gate, or fail for a name with "broken" in it."""
        self.ingested.extend(names)
        yield Progress("read", 0, None, names[0])
        for at, one in enumerate(articles()[:2]):
            yield Progress("embed", at, 3, one.source, one.title)
        yield Progress("embed", 2, 3, one.source, articles=2)
        if self.gate is not None:
            self.gate.wait(10)
        yield Progress("embed", 2, 3, articles()[2].source, articles()[2].title)
        self.held[:] = articles()
        failed = tuple(Failure(name, "is empty") for name in names if "broken" in name)
        passed = (Failure("/some/picture.jpg", "not a kind of file that holds articles"),)
        yield IngestReport(added=3, skipped=1, failed=failed, articles=3, passages=9, seconds=0.5, passed_over=passed)
        if self.closing is not None:
            self.closing.wait(10)

    def feeds(self) -> Sequence[Followed]:
        """The feeds in the order in which they were added."""
        return list(self.followed)

    def follow(self, addresses: Sequence[str]) -> Iterator[Progress | IngestReport]:
        """Follow and take in, as an ingest of the feeds would."""
        self.followed += [Followed(address, "Quay Herald") for address in addresses]
        yield from self.ingest([one.address for one in self.followed])

    def unfollow(self, address: str) -> None:
        """Take the feed out of the list."""
        self.followed[:] = [one for one in self.followed if one.address != address]

    def remove(self, ids: Sequence[str]) -> Callable[[], object]:
        """Take the articles out of the list."""
        before = list(self.held)
        self.held[:] = [one for one in self.held if one.id not in ids]
        return lambda: self.held.__setitem__(slice(None), before)

    def seeds(self) -> Path:
        """A folder that is never read."""
        return Path("/seeds")


@dataclass
class FakeDialogs:
    """Answers from a list, None for going back; `asked` lists what was asked."""

    answers: list[object | None]
    asked: list[tuple[object, ...]] = field(default_factory=list)

    def line(
        self, title: str, then: Callable[[str], object], value: str = "", placeholder: str = "", note: str = ""
    ) -> None:
        """Give the next answer."""
        self._answer(then, title, value, placeholder, note)

    def confirm(self, question: str, yes: str, then: Callable[[], object]) -> None:
        """Go on unless the next answer is None."""
        self._answer(lambda _: then(), question, yes)

    def choose(self, title: str, choices: Sequence[tuple[str, str]], then: Callable[[str], object]) -> None:
        """Give the next answer."""
        self._answer(then, title, *choices)

    def pick(
        self, title: str, find: Find[Any], then: Callable[[Any], object], placeholder: str = "", note: str = ""
    ) -> None:
        """Give the next answer."""
        self._answer(then, title, *find(""), placeholder, note)

    def filter(self, scope: Filter, publishers: Sequence[str], then: Callable[[Filter], object]) -> None:
        """Give the next answer."""
        self._answer(then, scope, *publishers)

    def welcome(self, then: Callable[[str], object]) -> None:
        """Give the next answer."""
        self._answer(then)

    def places(self, then: Callable[[Sequence[str]], object]) -> None:
        """Give the next answer."""
        self._answer(then)

    def feeds(self, feeds: Sequence[Followed], then: Callable[[tuple[str, str]], object]) -> None:
        """Give the next answer."""
        self._answer(then, *feeds)

    def answerers(self, standings: Sequence[Standing], current: str, then: Callable[[str], object]) -> None:
        """Give the next answer."""
        self._answer(then, current, *standings)

    def notes(self, notes: Sequence[Note], then: Callable[[str, Note], object]) -> None:
        """Wish for what the next answer says of the first note."""
        self._answer(lambda wish: then(wish, notes[0]), *notes)

    def report(self, title: str, text: str | Content) -> None:
        """Be read."""
        self.asked.append((title, text))

    def _answer(self, then: Callable[..., object], *asked: object) -> None:
        self.asked.append(asked)
        answer = self.answers.pop(0)
        if answer is not None:
            then(answer)


def services(
    folder: Path,
    asker: FakeAsker | None = None,
    archive: FakeArchive | None = None,
    settings: Settings | None = None,
    standings: Sequence[Standing] = (Standing("extractive"), Standing("ollama"), Standing("openai")),
) -> Services:
    """Put the fakes together; the conversations are real, in `folder`."""
    conversations, notes = Conversations(folder / "conversations.db"), Notebook(folder / "notes.db")
    settings = settings or Settings(exports=folder)
    return Services(
        asker or FakeAsker(),
        archive or FakeArchive(),
        conversations,
        notes,
        settings=settings,
        standings=lambda: standings,
    )
