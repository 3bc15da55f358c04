"""What is said of a disk that is full, read-only, forbidden or broken."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from vectorstore.disk import usable
from vectorstore.errors import AppError


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        (errno.ENOSPC, "Free some space"),
        (errno.EROFS, "permissions"),
        (errno.EACCES, "permissions"),
        (errno.EIO, "disk"),
    ],
)
def test_an_error_of_the_disk_names_the_file_and_what_to_do(code: int, hint: str) -> None:
    with pytest.raises(AppError, match="/there/file cannot be used") as caught, usable(Path("/there")):
        raise OSError(code, os.strerror(code), "/there/file")
    assert hint in caught.value.hint


def test_an_error_without_a_file_is_about_the_place() -> None:
    with pytest.raises(AppError, match="/there cannot be used: No space"), usable(Path("/there")):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
