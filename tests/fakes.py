"""Stand-ins for what is heavy or remote; small, honest implementations of the seams."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from qa.answer.prompts import Prompt
from qa.types import Usage

if TYPE_CHECKING:
    from vectorstore.embedding import Vectors

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class FakeEmbedder:
    """Hashed bags of words: texts that share words are near, the same text has the same vector in every process."""

    name: str = "fake-words"
    dimension: int = 32

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), dimension)."""
        return (
            np.stack([self.embed_query(text) for text in texts]) if texts else np.empty((0, self.dimension), np.float32)
        )

    def embed_query(self, text: str) -> Vectors:
        """Return one unit vector, float32, shape (dimension,)."""
        vector = np.full(self.dimension, 1e-3, np.float32)  # a text without words has a direction too
        for word in _WORD.findall(text.casefold()):
            digest = hashlib.blake2b(word.encode(), digest_size=4).digest()
            vector[int.from_bytes(digest, "big") % self.dimension] += 1.0
        return (vector / np.linalg.norm(vector)).astype(np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of words of each text."""
        return [len(_WORD.findall(text)) for text in texts]


@dataclass
class FakeGenerator:
    """A language model by script: what it says to a prompt, piece by piece; an exception among the pieces is raised."""

    says: Callable[[Prompt], Sequence[str | Exception]]
    name: str = "fake: words"
    window: int = 4096
    prompts: list[Prompt] = field(default_factory=list)
    closed: int = 0

    def stream(self, prompt: Prompt) -> Iterator[str | Usage]:
        """Yield the pieces and at last a usage of words."""
        self.prompts.append(prompt)
        said = self.says(prompt)
        try:
            for piece in said:
                if isinstance(piece, Exception):
                    raise piece
                yield piece
            words = len(" ".join(map(str, said)).split())
            yield Usage(len(f"{prompt.system} {prompt.user}".split()), words)
        except GeneratorExit:
            self.closed += 1
            raise
