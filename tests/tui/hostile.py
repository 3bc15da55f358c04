"""Articles and answers that try to be clever; `python -m tests.tui.hostile FOLDER` shows them in the application."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from qa.types import Answer, Citation, Event, Question, Retrieved, Statement, Token, Verdict
from tests.tui.fakes import FakeArchive, FakeAsker, hit, services
from tui.app import FootnoteApp
from tui.ports import Services
from vectorstore.articles import Article, Block, BlockKind, Reference

TRICKS = (
    "\x1b]52;c;cHduZWQ=\x07",  # the clipboard
    "\x1b]0;owned title\x07",
    "\x1b]8;;http://evil.example/\x1b\\click me\x1b]8;;\x1b\\",
    "\x1b[6n\x1b[c\x1b[5n",  # reports, which a shell would read as typed
    "\x1b[2J\x1b[999;999H\x1b[?1049l",
    "\x1bP+q544e\x1b\\\x1b_G\x1b\\",
    "\x9b31337m\x9d0;c1\x9c",
    "\u202egnp.exe\u202c \u2066isolated\u2069 \u200f",
    "[@click=app.quit]quit[/] [bold red]markup[/] [link=http://evil.example]x[/link] [/",
    "[x](javascript:alert(1)) ![img](http://evil.example/i.png) <b>html</b> `code` **bold** &amp; # h",
    "W" * 300,
    "日本語テキスト 👩‍👩‍👧‍👦 🇪🇺 e\u0301\u0301\u0301\u0301 ﷽ שלום عالم",
    "\x00\x07\x08\x0b\x0c\x7f\ud800\ufeff",
)
EVERYTHING = "  ".join(TRICKS)
LARGE = 2_000_000


def articles() -> list[Article]:
    """One article for each trick in every field, and one of 2 MB."""
    odd = [_article(f"{number}\n{trick}", trick) for number, trick in enumerate(TRICKS)]
    line = "The needle lies in a very large stack of hay, and nobody has found it so far. " * 20 + "\n\n"
    large = line * (LARGE // len(line)) + "The end of the hay."
    return [*odd, _article(EVERYTHING, EVERYTHING), Article("/large.txt", large, (), title="Large")]


def _article(source: str, text: str) -> Article:
    body = f"{text}\n\n{text}"
    blocks = (Block(0, len(text), BlockKind.HEADING), Block(len(text) + 2, len(body), BlockKind.CAPTION))
    return Article(f"/{source}", body, blocks, title=text, url=text, publisher=text, published=text)


def answer(question: Question) -> Answer:
    """Cite every article, the large one at its end."""
    citations, held = [], articles()
    for number, one in enumerate(held, 1):
        start = one.text.index("The end") if one.title == "Large" else len(one.title) + 2
        place = Reference(one.id, one.source, one.url, one.title, one.publisher, one.published)
        citations.append(Citation(number, place, start, len(one.text), one.text[start:]))
    text = " ".join(f"According to {c.article.title[:400]}, “{c.quote[:400]}” [{c.number}]" for c in citations)
    passages = tuple(hit(one, one.text[:200], number) for number, one in enumerate(held))
    if "closest" in question.text:
        return Answer(question.text, False, EVERYTHING, EVERYTHING, (), passages, seconds=0.1)
    numbers = tuple(citation.number for citation in citations)
    said = (Statement(text, Verdict.WRONG_SOURCE, numbers), Statement(EVERYTHING, Verdict.UNSUPPORTED))
    return Answer(
        question.text, True, text, EVERYTHING, tuple(citations), passages, seconds=0.1, sentences=said,
        unanswered=(EVERYTHING,), rewritten=EVERYTHING, notice=EVERYTHING,
    )  # fmt: skip


class Drafting(FakeAsker):
    """Asked for a draft it writes one, torn in the middle of each trick, and goes on until it is stopped."""

    def ask(self, question: Question, answerer: str) -> Iterator[Event]:
        """Yield the events of the draft, or of an answer."""
        if "draft" not in question.text:
            yield from super().ask(question, answerer)
            return
        yield Retrieved(self.answers(question).passages, self.notice)
        for trick in TRICKS:
            yield from (Token(trick[:3]), Token(f"{trick[3:]} "))
        while True:
            threading.Event().wait(0.05)
            yield Token("")


def core(folder: Path) -> Services:
    """The fakes, with hostile content everywhere."""
    return services(folder, Drafting(answer, notice=EVERYTHING), FakeArchive(articles()))


if __name__ == "__main__":
    FootnoteApp(lambda: core(Path(sys.argv[1]))).run()
