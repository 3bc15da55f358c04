"""Checks the configured models: loads each one, asks the language model for one word, and says what others lack."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from qa.llm.addresses import origin, proxy_of
from qa.llm.language_model import EXTRAS, START, LanguageModel, language_model, server_address
from qa.llm.prompts import READY
from vectorstore.checks import Check
from vectorstore.errors import AppError

if TYPE_CHECKING:
    from qa.settings import AnswerPart

NAME = "answerer"
PATIENCE = 1.0  # seconds to connect to a server


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an answerer can be asked: `missing` says what it lacks, "" for nothing, `hint` what to do about it."""

    name: str
    missing: str = ""
    hint: str = ""


def standings(config: AnswerPart, reach: Callable[[str], bool] | None = None) -> Iterator[Standing]:
    """Yield every answerer with what it lacks: a package, a setting, a key, a file, a server that listens.

    Sends nothing. `reach` tells whether something listens at an address; it is asked only for answerers that have a
    model configured and a server of the user's own, never for hosted ones.
    """
    yield Standing("extractive")
    for name in EXTRAS:
        try:
            language_model(config, name)
        except AppError as error:
            yield Standing(name, error.message, error.hint)
            continue
        address = server_address(config, name)
        if not address or (reach or listens)(address):
            yield Standing(name)
        else:
            yield Standing(name, f"Nothing listens at {origin(address)}.", START[name])


def listens(address: str) -> bool:
    """Tell whether a server takes connections at an address; behind a proxy it is taken for granted."""
    if proxy_of(address):
        return True
    parts = urlsplit(address)
    port = parts.port or {"https": 443}.get(parts.scheme, 80)
    try:
        with socket.create_connection((parts.hostname or "", port), PATIENCE):
            return True
    except OSError:
        return False


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
