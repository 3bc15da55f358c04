"""Language models behind one seam."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from qa.answer.prompts import Prompt
from qa.types import Usage


class Generator(Protocol):
    """A language model; one object serves many answers, also from several threads."""

    @property
    def name(self) -> str:
        """The provider and the model: "openai: gpt-oss-20b"."""
        ...

    @property
    def window(self) -> int:
        """Tokens that a prompt and its answer may take together."""
        ...

    def stream(self, prompt: Prompt) -> Iterator[str | Usage]:
        """Yield the answer in pieces, empty ones while the model is silent, and at last its Usage.

        Closing the iterator stops the model. Raises ModelError where no whole answer comes: what was yielded before is
        then no answer.
        """
        ...
