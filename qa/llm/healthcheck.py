"""Checks the configured models: loads each one, and asks the language model for one word."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing

from qa.llm.language_model import LanguageModel
from qa.llm.prompts import READY
from vectorstore.doctor import Check
from vectorstore.errors import AppError

NAME = "answerer"


def ready(name: str, open_model: Callable[[str], LanguageModel]) -> Iterator[Check]:
    """Yield the check of a language model, by asking it for one word; nothing if the answerer needs no model."""
    if name == "extractive":
        return
    started = time.monotonic()
    try:
        model = open_model(name)
        _first_word(model)
    except AppError as error:
        yield Check(NAME, False, error.message, error.hint)
    else:
        yield Check(NAME, True, f"{model.name} answered within {time.monotonic() - started:.1f} s")


def loads(name: str, setting: str, load: Callable[[], object]) -> Iterator[Check]:
    """Yield the check of the model in a setting, by loading it; nothing if the setting is empty."""
    if not setting:
        return
    started = time.monotonic()
    try:
        load()
    except AppError as error:
        yield Check(name, False, error.message, error.hint)
    else:
        yield Check(name, True, f"{setting} loaded in {time.monotonic() - started:.1f} s")


def _first_word(model: LanguageModel) -> None:
    with closing(model.stream(READY)) as pieces:  # type: ignore[type-var]  # a generator, which closing cancels
        for piece in pieces:
            if piece and isinstance(piece, str):
                return
