import io
import os
import signal
import subprocess
import sys
import time

import pytest

from qa.ingest.html import Extracted, extract
from qa.ingest.kinds.mail import MailReader
from qa.ingest.raw import RawArticle, TextFormat
from qa.ingest.worker import Worker
from qa.types import Failure
from tests.conftest import ROOT
from tests.qa.ingest.test_html import PAGE
from vectorstore.errors import Unreadable


def page(text: str) -> RawArticle:
    return RawArticle("/a.html", b"", text, TextFormat.HTML)


def asked(worker: Worker, text: str = PAGE) -> Extracted:
    return worker(page(text))


def process_of(worker: Worker) -> "subprocess.Popen[bytes]":
    assert worker._process is not None
    return worker._process


def test_the_worker_answers_as_the_extractor_does_and_stays_alive_between_pages() -> None:
    with Worker() as worker:
        assert asked(worker) == extract(PAGE)
        first = process_of(worker).pid
        assert asked(worker, "<p>Grüße, мир, 世界 \ud800") == extract("<p>Grüße, мир, 世界 ?")
        assert process_of(worker).pid == first


def test_closing_ends_the_process_and_may_be_done_twice() -> None:
    worker = Worker()
    asked(worker)
    process = process_of(worker)
    worker.close()
    worker.close()
    assert process.poll() is not None


@pytest.mark.skipif(sys.platform != "linux", reason="limits are Linux's")
def test_a_limit_below_its_own_is_kept() -> None:
    script = """from qa.ingest.raw import RawArticle, TextFormat
from qa.ingest.worker import Worker
with Worker() as worker: print(worker(RawArticle('/a', b'', '<p>It rained.', TextFormat.HTML)))"""
    command = f'ulimit -v 2900000 && exec {sys.executable} -c "$0"'
    ran = subprocess.run(["bash", "-c", command, script], capture_output=True, text=True, check=False, cwd=ROOT)
    assert "It rained." in ran.stdout, ran.stderr


def test_no_process_is_started_before_the_first_page() -> None:
    with Worker() as worker:
        assert worker._process is None


def test_a_page_past_the_deadline_is_unreadable_and_the_next_one_is_read() -> None:
    worker = Worker(deadline=0.2)
    with worker:
        worker._started()
        os.kill(process_of(worker).pid, signal.SIGSTOP)
        began = time.monotonic()
        with pytest.raises(Unreadable, match="longer than"):
            asked(worker)
        assert time.monotonic() - began < 5
        worker._deadline = 30
        assert asked(worker).pieces


def test_a_page_that_breaks_the_process_is_unreadable_and_the_next_one_is_read() -> None:
    with Worker() as worker:
        asked(worker)
        process_of(worker).kill()
        process_of(worker).wait()
        assert asked(worker).pieces
        os.kill(process_of(worker).pid, signal.SIGSTOP)
        killed = process_of(worker)
        os.kill(killed.pid, signal.SIGKILL)
        with pytest.raises(Unreadable, match="broke"):
            _ask_dying(worker, killed)


def _ask_dying(worker: Worker, process: "subprocess.Popen[bytes]") -> None:
    """Ask while the process still counts as running though it is gone."""
    process.poll = lambda: None  # type: ignore[method-assign]
    asked(worker)


def row_of(worker: Worker, data: bytes, kind: str = "mail") -> "list[RawArticle | Failure]":
    return list(worker.read(kind, io.BytesIO(data), "/a.eml", {}))


MAIL = b"From: Quay Letters <letters@example.org>\nSubject: Ferry\n\nThe ferry left at seven.\n"


def test_what_a_file_holds_comes_out_of_the_worker_as_its_reader_says() -> None:
    with Worker() as worker:
        assert row_of(worker, MAIL) == list(MailReader().read(io.BytesIO(MAIL), "/a.eml"))
        assert row_of(worker, b"") == [Failure("/a.eml", "the file is no e-mail message")]
        first = process_of(worker).pid
        assert asked(worker).pieces
        assert process_of(worker).pid == first


def test_a_document_that_cannot_be_read_says_why_and_leaves_the_worker_alive() -> None:
    with Worker() as worker:
        asked(worker)
        first = process_of(worker).pid
        with pytest.raises(Unreadable, match="damaged"):
            worker(RawArticle("/a.pdf", b"%PDF-1.7 cut", "", TextFormat.PDF))
        assert process_of(worker).pid == first


def test_a_reading_that_is_left_in_the_middle_does_not_answer_the_next_order() -> None:
    mailbox = b"".join(b"From a\n" + MAIL + b"\n" for _ in range(50))
    with Worker() as worker:
        next(worker.read("mailbox", io.BytesIO(mailbox), "/a.mbox", {}))
        assert len(row_of(worker, mailbox, "mailbox")) == 50


def test_a_file_past_the_deadline_is_a_failure() -> None:
    with Worker(deadline=0.2) as worker:
        worker._started()
        os.kill(process_of(worker).pid, signal.SIGSTOP)
        (only,) = row_of(worker, MAIL)
        assert isinstance(only, Failure)
        assert "longer than" in only.reason
        worker._deadline = 30
        assert len(row_of(worker, MAIL)) == 1


def test_a_file_that_is_too_large_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.ingest.worker.LARGEST", 10)
    with Worker() as worker:
        (only,) = row_of(worker, MAIL)
        assert isinstance(only, Failure)
        assert "larger than" in only.reason
