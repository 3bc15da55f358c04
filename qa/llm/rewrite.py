"""Follow-ups said in full by a language model, several questions in one taken apart; by rule where it fails."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.llm.prompts import rewriting
from qa.retrieve.followup import Earlier
from qa.sanitize import line
from qa.types import Usage
from qa.words import content
from vectorstore.errors import ModelError

if TYPE_CHECKING:
    from qa.llm.language_model import LanguageModel

LONGER = 200  # characters by which a rewriting may be longer than the question
MOST = 3  # questions that one question may ask
LABEL = re.compile(r"^\W*(?:\d+[.)]\s*|rewritten(?: question)?s?:\s*|question:\s*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A question that stands by itself, and what the model took for it."""

    text: str
    usage: Usage = Usage()


class Rewriter:
    """Asks a model for a question that stands by itself."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    def rewritten(self, text: str, earlier: Sequence[Earlier]) -> Rewritten:
        """Return the question, or the questions one after another; as it is where the model gives none to use.

        What the model says is taken if it is questions, short enough, and keeps a word of the one that was asked or of
        the turns before: it decides what is searched for, never what is said.
        """
        said, usage = "", Usage()
        try:
            for piece in self._model.stream(rewriting(text, earlier)):
                if isinstance(piece, Usage):
                    usage += piece
                else:
                    said += piece
        except ModelError:
            return Rewritten(text, usage)
        return Rewritten(_questions(said, text, earlier) or text, usage)


def _questions(said: str, text: str, earlier: Sequence[Earlier]) -> str:
    """The questions in what a model said, one after another; nothing where they cannot be used."""
    asked = [LABEL.sub("", line(row, 4000)) for row in said.splitlines() if row.strip()]
    found = " ".join([question for question in asked if question.endswith("?")][:MOST])
    known = {word.key for told in (text, *(turn.question for turn in earlier)) for word in content(told)}
    kept = known & {word.key for word in content(found)}
    return found if kept and len(found) <= len(text) + LONGER else ""
