"""One writer at a time, named, and gone with its process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from vectorstore.errors import StoreLocked
from vectorstore.lock import holder, is_free, locked

HOLD = """
import sys, time
from pathlib import Path
from vectorstore.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def another_process(path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_writer_gives_up_within_two_seconds_and_names_the_first(tmp_path: Path) -> None:
    path = tmp_path / "writer.lock"
    with another_process(path) as process:
        started = time.monotonic()
        with pytest.raises(StoreLocked) as caught, locked(path):
            pass
        assert time.monotonic() - started < 2.0
        assert f"process {process.pid}" in caught.value.message
        assert not is_free(path)


def test_the_lock_goes_with_its_process_however_that_ends(tmp_path: Path) -> None:
    path = tmp_path / "writer.lock"
    with another_process(path) as process:
        process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        process.wait()
        assert is_free(path)
        with locked(path):
            known = holder(path)
            assert known is not None
            assert known.pid == os.getpid()


def test_the_same_process_cannot_hold_it_twice(tmp_path: Path) -> None:
    path = tmp_path / "writer.lock"
    with locked(path), pytest.raises(StoreLocked), locked(path, wait=0):
        pass


def test_it_is_free_again_after_the_block_also_when_that_raises(tmp_path: Path) -> None:
    path = tmp_path / "writer.lock"
    assert is_free(path)
    with pytest.raises(RuntimeError), locked(path):
        raise RuntimeError
    assert is_free(path)
    assert holder(path) is None


def test_it_may_be_given_back_by_another_thread(tmp_path: Path) -> None:
    path = tmp_path / "writer.lock"
    held = locked(path)
    held.__enter__()
    thread = threading.Thread(target=held.__exit__, args=(None, None, None))
    thread.start()
    thread.join()
    assert is_free(path)


def test_a_holder_that_cannot_be_read_is_unknown(tmp_path: Path) -> None:
    path = tmp_path / "writer.lock"
    path.with_name("writer.lock.holder").write_text('{"pid": "x"}', "utf-8")
    assert holder(path) is None
