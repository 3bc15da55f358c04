"""Text to vectors: the Embedder seam, the reference model and its ONNX export."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]


class Embedder(Protocol):
    """Turns passages and questions into unit vectors of one space."""

    @property
    def name(self) -> str:
        """The model's name and the hash of its files; two embedders of one name share a space."""
        ...

    @property
    def dimension(self) -> int:
        """The number of components of a vector."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), dimension), in the order of the texts."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """Return one unit vector, float32, shape (dimension,)."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return each text's length in the model's tokens, special tokens left out, never truncated."""
        ...
