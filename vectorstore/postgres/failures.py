"""What PostgreSQL's errors mean to whoever uses a shared archive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors

from vectorstore.database import HINT
from vectorstore.errors import AppError, Collision, StoreDamaged, StoreLocked, StoreMissing, Unreachable

SETTING = "Check [store] url, and PGPASSWORD or your ~/.pgpass."
# what libpq says, and what it means
CONNECTING = (
    ("password authentication failed", "refuses the user or the password"),
    ("no password supplied", "asks for a password"),
    ("no pg_hba.conf entry", "does not let this user in from this machine"),
    ("certificate verify failed", "has a certificate that cannot be verified"),
    ("does not match host name", "has a certificate of another name"),
    ("does not support SSL", "does not encrypt its connections"),
    ("could not translate host name", "has a name that cannot be found"),
    ("failed to resolve host", "has a name that cannot be found"),
    ("does not exist", "has no such database or user"),
    ("too many clients", "has no connection left"),
)
PLAIN = "To go without encryption in a network of your own, end [store] url with ?sslmode=disable."


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Turn errors of the database `name` into AppErrors; our own mistakes keep their traceback."""
    try:
        yield
    except psycopg.Error as error:
        if (said := _explained(error, name)) is None:
            raise
        raise said from None  # its context might repeat the address with its password


def unreachable(error: Exception, name: str) -> Unreachable:
    """Return what it means that the database `name` cannot be connected to."""
    text = str(error)
    means = next((means for sign, means in CONNECTING if sign in text), "does not answer")
    hint = PLAIN if "certificate" in means or "encrypt" in means else SETTING
    return Unreachable(f"The archive’s database {name} {means}.", hint)


def _explained(error: psycopg.Error, name: str) -> AppError | None:
    match error:
        case errors.InsufficientPrivilege() | errors.ReadOnlySqlTransaction():
            return AppError(f"This user may only read the archive in {name}.", "Name one who may write in [store] url.")
        case errors.UndefinedTable() | errors.InvalidSchemaName():
            return StoreMissing(f"There is no archive in {name}.", "Make one with: qa ingest PATH")
        case errors.DiskFull() | errors.ProgramLimitExceeded():
            return AppError(f"There is no space left in {name}.", "Free some space and run the command again.")
        case errors.DeadlockDetected() | errors.SerializationFailure():
            return Collision(f"Another process changes the same articles in {name}.", "Run the command again.")
        case errors.LockNotAvailable() | errors.QueryCanceled():
            return StoreLocked(f"{name} is in use by another process.", "Try again when it has finished.")
        case errors.DataCorrupted() | errors.IndexCorrupted():
            return StoreDamaged(f"{name} cannot be read: {_first_line(error)}.", HINT)
        case psycopg.OperationalError() | psycopg.InterfaceError():
            return unreachable(error, name)
    return None


def _first_line(error: psycopg.Error) -> str:
    return str(error).partition("\n")[0].rstrip(".")
