"""`qa ask`: answers one question, and shows the draft meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from qa.commands.options import Answerer, Json, Publisher, Since, Source, Until

if TYPE_CHECKING:
    from qa.cli_context import CliContext
    from qa.progress import ProgressNarrator
    from qa.types import Answer, Event


def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(metavar="QUESTION|-", help="The question, or - for standard input.")],
    as_json: Json = False,
    publisher: Publisher = None,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    asked_on: Annotated[str | None, typer.Option(metavar="D", help="The day of asking. Default: today.")] = None,
    as_typed: Annotated[bool, typer.Option("--as-typed", help="Do not correct mistyped words.")] = False,
    answerer: Answerer = None,
    show_unsupported: Annotated[
        bool, typer.Option("--show-unsupported", help="Also print sentences that no passage supports.")
    ] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Show how the question was understood.")] = False,
) -> None:
    """Answer one question from the archive, with a source for every sentence."""
    from qa import cli_input
    from qa.assistant import checked
    from qa.dates import last_day
    from qa.render import answer_json, answer_marked, dumped
    from qa.terminal import show
    from qa.types import Question

    text = cli_input.question(question)
    checked(text)
    day = last_day(asked_on) if asked_on is not None else date.today()
    asked = Question(text, asked=day, filter=cli_input.scope(publisher, since, until, source), as_typed=as_typed)
    session: CliContext = context.obj
    with session.archive(answerer) as archive:
        answer = followed(archive.stream(asked), session.narrator(), verbose=verbose)
    if as_json:
        print(dumped(answer_json(answer)))
    else:
        show(answer_marked(answer, unsupported=show_unsupported), color=session.color)


def followed(events: Iterable[Event], narrator: ProgressNarrator, *, verbose: bool = False) -> Answer:
    """Return the answer at the end of the events, showing its draft on a terminal meanwhile.

    With `verbose`, also say how the question was understood.
    """
    from qa.types import Answered, Retrieved, Token, Verified

    with narrator.draft() as draft:
        for event in events:
            match event:
                case Retrieved(notice=notice, understood=lines):
                    for said in (*([notice] if notice else []), *(lines if verbose else ())):
                        narrator.say(said)
                case Token(text):
                    draft.write(text)
                case Verified(statement):
                    draft.settle(statement.text if statement.shown else "")
                case Answered(answer):
                    return answer
    raise AssertionError("asking ends with an answer")
