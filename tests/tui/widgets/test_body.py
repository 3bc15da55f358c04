"""The text of an answer stands there once, however fast it came."""

from __future__ import annotations

from dataclasses import replace

from textual.app import App, ComposeResult

from tests.tui.fakes import lamp_answer
from tui.widgets.body import Body
from tui.widgets.markdown import CitedParagraph


class Alone(App[None]):
    """A body and nothing else."""

    def compose(self) -> ComposeResult:
        """The body."""
        yield Body()


async def test_an_answer_that_ends_while_its_sentences_are_still_being_shown_is_shown_once() -> None:
    answer = lamp_answer()
    async with Alone().run_test() as pilot:
        body = pilot.app.query_one(Body)
        for statement in answer.sentences:
            await body.settle(statement)
        await body.finish(replace(answer, text=answer.text))
        await pilot.pause()
        shown = [paragraph._content.plain for paragraph in body.query(CitedParagraph)]
        assert len(shown) == len(set(shown)) == 2
