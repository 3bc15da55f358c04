"""The lines under an answer: how far it has come, who made it of what, and what it does not answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.message import Message
from textual.style import Style

from qa.answer.compose import certainty, counts, signature
from qa.sanitize import clean, line
from qa.types import Answer, Statement, closest
from tui.widgets.chrome import link
from tui.widgets.hanging import PARTING, HangingText
from tui.widgets.names import name_of, origin
from tui.widgets.verdicts import left_out
from vectorstore.articles import Hit, counted

BETWEEN = Content(f"{PARTING} ")
AS_TYPED = "Ctrl+T\u00a0ask\u00a0as\u00a0typed"
KEPT = "What stands above was verified; it is no whole answer."


class About(HangingText):
    """The line about an answer; its words about sentences left out lead to them."""

    parting = PARTING

    class LeftOutClicked(Message):
        """The words about sentences left out were clicked."""

    def action_left_out(self) -> None:
        """Pass a click on."""
        self.post_message(self.LeftOutClicked())


class Closest(HangingText):
    """The passages offered under an abstention."""

    @dataclass
    class PassageClicked(Message):
        """The passage at this place was clicked."""

        at: int

    def action_passage(self, at: int) -> None:
        """Pass a click on."""
        self.post_message(self.PassageClicked(at))

    def show(self, passages: Sequence[Hit]) -> None:
        """Offer the first passage of each of the first articles."""
        lines = [Content.styled("Closest, but not an answer:", "dim")]
        for at in closest(passages):
            where = " — ".join(
                part for part in (name_of(passages[at].article, 200), origin(passages[at].article)) if part
            )
            lines.append(_click(f"  · {where}", f"passage({at})"))
        self.update(Content("\n").join(lines))


def so_far(passages: int, notice: str, sentences: Sequence[Statement], drafting: bool) -> Content:
    """Return what to say while an answer is being made."""
    parts = [Content("… draft, not verified yet")] if drafting else []
    parts.append(Content(f"{counted(passages, 'passage')} found"))
    parts += [*_dropped(sentences), *([Content(line(notice))] if notice else [])]
    return BETWEEN.join(parts)


def broken(reason: str, kept: bool) -> Content:
    """Return why there is no whole answer; `kept` where verified sentences stand above."""
    return Content("\n".join([clean(reason), *([KEPT] if kept else [])]))


def summary(answer: Answer) -> Content:
    """Return what is not answered, how the question was understood, and who answered it of what, for how much."""
    lines = [Content.styled(f"Not answered: {line(part)}", "$text-warning") for part in answer.unanswered]
    if answer.rewritten:
        lines.append(Content.assemble(f"understood as: {line(answer.rewritten)}  ", link(AS_TYPED, "ask.typed")))
    told = (*counts(answer).split(" · "), certainty(answer), line(signature(answer))) if answer.answered else ()
    parts = [Content(part) for part in (*told, f"{answer.seconds:.2f}\u00a0s")]
    if answer.usage is not None:
        parts.append(Content(f"{answer.usage.prompt}+{answer.usage.completion} tokens"))
    lines.append(BETWEEN.join([*parts, *_dropped(answer.sentences)]))
    if answer.notice:
        lines.append(Content(line(answer.notice)))
    return Content("\n").join(lines)


def _dropped(sentences: Sequence[Statement]) -> list[Content]:
    count = left_out(sentences)
    return [_click(f"{counted(count, 'sentence')} left out", "left_out")] if count else []


def _click(text: str, action: str) -> Content:
    return Content(text).stylize(Style.from_meta({"@click": action}))
