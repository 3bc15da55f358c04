"""Errors that tell a user what went wrong and how to fix it.

AppError                     a failure that names its cause and a way out
├── UsageError               an invalid command, option or input (exit code 2)
│   ├── ConfigError          an invalid configuration
│   ├── Contradiction        inputs that are valid alone, but not together
│   └── EmbedderMismatch     the archive was built with another embedder or other passage settings
├── StoreMissing             there is no archive in that folder
├── StoreLocked              another process is writing
│   └── Collision            and changes the same articles
├── StoreDamaged             the ledger cannot be read
├── Unreachable              a database server that does not answer, or lets nobody in
├── UnknownArticle           no article, or more than one, matches that name
├── Unreadable               a source that cannot be read
├── NotFetched               a page of the web that cannot be fetched; `again` says whether a later try may succeed
├── ModelMissing             an embedding model, cross-encoder or reader that cannot be loaded
├── UnknownBatch             no batch has that id
├── ServerBusy               a server has too much to do; `after` says how long to wait
├── ServerStopping           a server that ends
└── ModelError               a language model failed to give a complete answer
    ├── AnswererMissing      unavailable: not installed, not configured, no key, no server, no such model
    ├── ModelRefused         it rejected the key, the request or its content
    ├── ModelBusy            rate limit, overload or server error; `after` says how long to wait
    ├── ModelSlow            it exceeded its deadline
    └── ModelBroken          an unusable answer: cut off, garbled or too long
        └── ModelCut         an answer that reached its length limit
"""

from __future__ import annotations


class AppError(Exception):
    """A failure that a user can act on: what happened, and what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(AppError):
    """An invalid command, option or input."""


class ConfigError(UsageError):
    """An invalid configuration."""


class Contradiction(UsageError):
    """Inputs that are valid alone, but not together."""


class EmbedderMismatch(UsageError):
    """The archive was built with another embedder or other passage settings."""


class StoreMissing(AppError):
    """There is no archive in that folder."""


class StoreLocked(AppError):
    """Another process is writing to the archive."""


class Collision(StoreLocked):
    """Another process changes the same articles; the transaction may be begun once more."""


class StoreDamaged(AppError):
    """The ledger cannot be read."""


class Unreachable(AppError):
    """A database server that does not answer, or lets nobody in."""


class UnknownArticle(AppError):
    """No article, or more than one, matches that name."""


class Unreadable(AppError):
    """A source that cannot be read."""


class NotFetched(AppError):
    """A page of the web that cannot be fetched; `again` says whether a later try may succeed."""

    def __init__(self, message: str, hint: str = "", again: bool = False) -> None:
        super().__init__(message, hint)
        self.again = again


class ModelMissing(AppError):
    """An embedding model, cross-encoder or reader that cannot be loaded."""


class UnknownBatch(AppError):
    """No batch has that id."""


class ServerBusy(AppError):
    """A server has too much to do; `after` is how many seconds to wait."""

    def __init__(self, message: str, hint: str, after: int) -> None:
        super().__init__(message, hint)
        self.after = after


class ServerStopping(AppError):
    """A server that ends, and begins nothing more."""


class ModelError(AppError):
    """A language model failed to give a complete answer."""


class AnswererMissing(ModelError):
    """A language model is unavailable: not installed, not configured, no key, no server, no such model."""


class ModelRefused(ModelError):
    """A language model rejected the key, the request or its content."""


class ModelBusy(ModelError):
    """A language model cannot answer now; `after` is how many seconds it asks to wait, or None if it does not say."""

    def __init__(self, message: str, hint: str = "", after: float | None = None) -> None:
        super().__init__(message, hint)
        self.after = after


class ModelSlow(ModelError):
    """A language model exceeded its deadline."""


class ModelBroken(ModelError):
    """A language model returned an unusable answer: cut off, garbled or too long."""


class ModelCut(ModelBroken):
    """An answer reached its length limit; its complete sentences are still usable."""
