"""What can go wrong in words a user can act on.

AppError                     a failure that names the thing and the way out
├── UsageError               what was typed cannot be meant (exit code 2)
│   ├── ConfigError          a configuration that cannot be used
│   └── EmbedderMismatch     the store was made by another embedder or with other passage settings
├── StoreMissing             there is no archive at that place
├── StoreLocked              another process is writing
├── StoreDamaged             the ledger cannot be read
├── UnknownArticle           no article, or more than one, answers to that name
├── Unreadable               a source that cannot be read
└── ModelMissing             an embedding model that cannot be loaded
"""

from __future__ import annotations


class AppError(Exception):
    """A failure that a user can act on: what happened, and what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(AppError):
    """What was typed cannot be meant."""


class ConfigError(UsageError):
    """A configuration that cannot be used."""


class EmbedderMismatch(UsageError):
    """The store was made by another embedder, or with other passage settings."""


class StoreMissing(AppError):
    """There is no archive at that place."""


class StoreLocked(AppError):
    """Another process is writing to the store."""


class StoreDamaged(AppError):
    """The ledger cannot be read."""


class UnknownArticle(AppError):
    """No article, or more than one, answers to that name."""


class Unreadable(AppError):
    """A source that cannot be read."""


class ModelMissing(AppError):
    """An embedding model that cannot be loaded."""
