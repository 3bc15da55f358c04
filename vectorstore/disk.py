"""What to say of a disk that is full, read-only or forbidden."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vectorstore.errors import AppError

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
BARRED = {errno.EACCES, errno.EPERM, errno.EROFS}
SPACE = "Free some space and run the command again."
PERMISSIONS = "Check the folder's permissions."


@contextmanager
def usable(path: Path) -> Iterator[None]:
    """Turn an error of the disk into an AppError that names the file, or `path` if the error names none."""
    try:
        yield
    except OSError as error:
        raise unusable(error, path) from error


def unusable(error: OSError, path: Path) -> AppError:
    """Return an error of the disk in words."""
    place, reason = error.filename2 or error.filename or path, error.strerror or error
    return AppError(f"{place} cannot be used: {reason}.", hint_for(error))


def hint_for(error: OSError) -> str:
    """Return what to do about an error of the disk."""
    if error.errno in FULL:
        return SPACE
    return PERMISSIONS if error.errno in BARRED else "Check the disk, then run the command again."
