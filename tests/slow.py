"""qa with an embedder slow enough to be interrupted: python -m tests.slow ARGUMENTS."""

from __future__ import annotations

import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.cli import main
from qa.wiring import Wiring
from tests.fakes import FakeEmbedder

if TYPE_CHECKING:
    from vectorstore.embedding import Embedder, Vectors


@dataclass(frozen=True, slots=True)
class SlowEmbedder(FakeEmbedder):
    """The fake one, a moment later."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors after a moment for each group."""
        time.sleep(0.1)
        return FakeEmbedder.embed_passages(self, texts)


def _slow(_: Wiring) -> Embedder:
    return SlowEmbedder()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background ignores Ctrl-C for its children
    Wiring.embedder = _slow  # type: ignore[method-assign]  # the whole command line, but for the model
    main()
