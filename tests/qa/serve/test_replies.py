"""A failure becomes a status that says whether to try again."""

from __future__ import annotations

import pytest

from qa.serve.replies import problem
from vectorstore.errors import AppError, ServerBusy, StoreLocked, StoreMissing, Unreachable


@pytest.mark.parametrize("kind", [StoreMissing, StoreLocked, Unreachable])
def test_an_archive_that_cannot_be_read_now_may_be_later(kind: type[AppError]) -> None:
    reply = problem(kind("The archive’s database does not answer.", "Try again."))
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "5")
    assert b"does not answer" in reply.body


def test_a_busy_server_says_when() -> None:
    assert problem(ServerBusy("Too much to do.", "Wait.", 9)).headers["retry-after"] == "9"
