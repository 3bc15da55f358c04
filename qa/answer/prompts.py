"""Every word that is sent to a language model."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is given: how to behave, and the question with its evidence."""

    system: str
    user: str


READY = Prompt("Answer with one word.", "Are you ready?")  # what the doctor asks
