"""A cache of language models' answers, so that nothing is paid for twice."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from qa.llm.language_model import LanguageModel
from qa.llm.prompts import Prompt
from qa.types import Usage

FORMAT = 1


class CachedLanguageModel:
    """A language model that answers repeated prompts from a folder, and asks another model otherwise.

    Only complete answers are kept, each in its own file, written atomically and readable by its owner only. Threads and
    processes may share the folder, and it may be removed at any time; damaged files are ignored. `settings` is whatever
    else the answers depend on, such as the server's address. A cached answer uses no tokens: its Usage reports the
    original tokens as `cached`.
    """

    def __init__(self, model: LanguageModel, folder: Path, settings: str = "") -> None:
        self._model, self._folder, self._settings = model, folder, settings

    @property
    def name(self) -> str:
        """The name of the wrapped model."""
        return self._model.name

    @property
    def window(self) -> int:
        """The context window of the wrapped model, in tokens."""
        return self._model.window

    def stream(self, prompt: Prompt) -> Iterator[str | Usage]:
        """Stream an answer as in LanguageModel; a cached one comes in one piece."""
        key = self._key(prompt)
        path = self._folder / key[:2] / f"{key}.json"
        if kept := _read(path, key):
            yield from kept
            return
        pieces: list[str] = []
        for piece in self._model.stream(prompt):
            if isinstance(piece, Usage):
                _write(path, key, "".join(pieces), piece)
            else:
                pieces.append(piece)
            yield piece

    def _key(self, prompt: Prompt) -> str:
        parts = [FORMAT, self.name, self.window, self._settings, prompt.system, prompt.user]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _read(path: Path, key: str) -> tuple[str, Usage] | None:
    """Return the cached answer; None if there is none or the file is damaged."""
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    match value:
        case {"text": str(text), "tokens": int(tokens), "seal": seal} if seal == _seal(key, text, tokens):
            return text, Usage(cached=tokens)
    return None


def _write(path: Path, key: str, text: str, usage: Usage) -> None:
    tokens = usage.prompt + usage.completion
    data = json.dumps({"text": text, "tokens": tokens, "seal": _seal(key, text, tokens)}).encode()
    with suppress(OSError):  # a full or read-only disk costs the next run money, but does not harm this answer
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)  # readable by its owner only
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)


def _seal(key: str, text: str, tokens: int) -> str:
    return hashlib.sha256(json.dumps([key, text, tokens]).encode()).hexdigest()
