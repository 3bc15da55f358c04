import os
import signal
import subprocess
import sys
import time

import pytest

from qa.ingest.html import extract
from qa.ingest.html_worker import HtmlWorker
from tests.conftest import ROOT
from tests.qa.ingest.test_html import PAGE
from vectorstore.errors import Unreadable


def process_of(worker: HtmlWorker) -> "subprocess.Popen[bytes]":
    assert worker._process is not None
    return worker._process


def test_the_worker_answers_as_the_extractor_does_and_stays_alive_between_pages() -> None:
    with HtmlWorker() as worker:
        assert worker(PAGE) == extract(PAGE)
        first = process_of(worker).pid
        assert worker("<p>Grüße, мир, 世界 \ud800") == extract("<p>Grüße, мир, 世界 ?")
        assert process_of(worker).pid == first


def test_closing_ends_the_process_and_may_be_done_twice() -> None:
    worker = HtmlWorker()
    worker(PAGE)
    process = process_of(worker)
    worker.close()
    worker.close()
    assert process.poll() is not None


@pytest.mark.skipif(sys.platform != "linux", reason="limits are Linux's")
def test_a_limit_below_its_own_is_kept() -> None:
    script = "from qa.ingest.html_worker import HtmlWorker\nwith HtmlWorker() as worker: print(worker('<p>It rained.'))"
    command = f'ulimit -v 2900000 && exec {sys.executable} -c "{script}"'
    ran = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, cwd=ROOT)
    assert "It rained." in ran.stdout, ran.stderr


def test_no_process_is_started_before_the_first_page() -> None:
    with HtmlWorker() as worker:
        assert worker._process is None


def test_a_page_past_the_deadline_is_unreadable_and_the_next_one_is_read() -> None:
    worker = HtmlWorker(deadline=0.2)
    with worker:
        worker._started()
        os.kill(process_of(worker).pid, signal.SIGSTOP)
        began = time.monotonic()
        with pytest.raises(Unreadable, match="longer than"):
            worker(PAGE)
        assert time.monotonic() - began < 5
        worker._deadline = 30
        assert worker(PAGE).pieces


def test_a_page_that_breaks_the_process_is_unreadable_and_the_next_one_is_read() -> None:
    with HtmlWorker() as worker:
        worker(PAGE)
        process_of(worker).kill()
        process_of(worker).wait()
        assert worker(PAGE).pieces
        os.kill(process_of(worker).pid, signal.SIGSTOP)
        killed = process_of(worker)
        os.kill(killed.pid, signal.SIGKILL)
        with pytest.raises(Unreadable, match="broke"):
            _ask_dying(worker, killed)


def _ask_dying(worker: HtmlWorker, process: "subprocess.Popen[bytes]") -> None:
    """Ask while the process still counts as running though it is gone."""
    process.poll = lambda: None  # type: ignore[method-assign]
    worker(PAGE)
