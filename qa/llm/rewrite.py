"""A language model that rewrites follow-ups to stand alone, and splits several questions in one."""

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

LONGER = 200  # characters by which a rewritten question may exceed the original
MOST = 3  # questions that one question may contain
LABEL = re.compile(r"^\W*(?:\d+[.)]\s*|rewritten(?: question)?s?:\s*|question:\s*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A self-contained question, and the tokens used to write it."""

    text: str
    usage: Usage = Usage()


class Rewriter:
    """Asks a model to make a question self-contained."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    def rewritten(self, text: str, earlier: Sequence[Earlier]) -> Rewritten:
        """Return the rewritten question or questions, or the original if the model's are unusable.

        A rewriting must be questions, short enough, and share a word with the original or with an earlier turn. It
        affects only the search, never the text of an answer.
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
    """The questions in a model's reply, joined by spaces; "" if they are unusable."""
    asked = [LABEL.sub("", line(row, 4000)) for row in said.splitlines() if row.strip()]
    found = " ".join([question for question in asked if question.endswith("?")][:MOST])
    known = {word.key for told in (text, *(turn.question for turn in earlier)) for word in content(told)}
    kept = known & {word.key for word in content(found)}
    return found if kept and len(found) <= len(text) + LONGER else ""
