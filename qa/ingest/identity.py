"""What an archive is made with; a question must be embedded the same way. Light: every question reads it."""

from __future__ import annotations

from vectorstore.articles import Identity
from vectorstore.embedding import Embedder

LIMIT = 200  # tokens of a passage
SETTINGS = f"{LIMIT} tokens, one sentence of overlap, under title, publisher and date"
CLEANING = "4"  # raised when cleaning gets better, so that the next ingest cleans unchanged articles again


def identity_of(embedder: Embedder) -> Identity:
    """Return what the archive must have been made with for this embedder's questions."""
    return Identity(embedder.name, embedder.dimension, SETTINGS, CLEANING)
