"""How a command ends whose files the disk refuses."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from qa.exits import code_of


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT])
def test_a_file_that_the_disk_refuses_is_one_sentence_that_names_it(
    capsys: pytest.CaptureFixture[str], code: int
) -> None:
    def refused() -> None:
        raise OSError(code, os.strerror(code), "/there/file")

    assert code_of(refused) == 1
    assert capsys.readouterr().err.startswith(f"error: /there/file cannot be used: {os.strerror(code)}.\n       ")


def test_a_mistake_of_ours_keeps_its_traceback() -> None:
    with pytest.raises(FileNotFoundError):
        code_of(Path("/no such file").stat)
