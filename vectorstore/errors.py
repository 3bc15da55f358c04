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
├── NotFetched               a page of the web that cannot be had; `again` tells whether another time may do
├── ModelMissing             an embedding model, a cross-encoder or a reader that cannot be loaded
└── ModelError               a language model that gives no whole answer
    ├── AnswererMissing      it cannot be asked: not installed, not configured, no key, no server, no such model
    ├── ModelRefused         it will not: the key, the request or its content is not accepted
    ├── ModelBusy            it cannot now: too many requests, overloaded, a fault of the server; `after` says how long
    ├── ModelSlow            it took longer than it may
    └── ModelBroken          what came is no answer: cut off, garbled, too long
        └── ModelCut         an answer that came to the length that it may have
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


class NotFetched(AppError):
    """A page of the web that cannot be had; `again` tells whether another try, at another time, may succeed."""

    def __init__(self, message: str, hint: str = "", again: bool = False) -> None:
        super().__init__(message, hint)
        self.again = again


class ModelMissing(AppError):
    """An embedding model, a cross-encoder or a reader that cannot be loaded."""


class ModelError(AppError):
    """A language model gives no whole answer."""


class AnswererMissing(ModelError):
    """A language model that cannot be asked: not installed, not configured, no key, no server, no such model."""


class ModelRefused(ModelError):
    """A language model that will not answer: the key, the request or its content is not accepted."""


class ModelBusy(ModelError):
    """A language model that cannot answer now; `after` is the seconds that it asks to wait, None where it says none."""

    def __init__(self, message: str, hint: str = "", after: float | None = None) -> None:
        super().__init__(message, hint)
        self.after = after


class ModelSlow(ModelError):
    """A language model that took longer than it may."""


class ModelBroken(ModelError):
    """What came from a language model is no answer: cut off, garbled, too long."""


class ModelCut(ModelBroken):
    """An answer that came to the length that it may have: its whole sentences are what the model said."""
