"""Batches over HTTP: uploaded, followed, downloaded, continued, deleted."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import httpx
import pytest

from qa.archive import Archive
from qa.serve import batches as module
from qa.serve.app import make_app
from qa.serve.batches import Batches
from qa.serve.guard import Gatekeeper
from qa.serve.replies import downloaded
from qa.serve.service import Service
from tests.qa.serve.clients import EndlessArchive, client_of
from vectorstore.embedding import Embedder
from vectorstore.errors import AppError, ServerBusy, UnknownBatch, UsageError

ASKED = '{"id": 1, "question": "When did King Salman visit Moscow?"}\n{"id": 2, "question": "Who won the regatta?"}\n'
LINES = {"Content-Type": "application/jsonl"}


@pytest.fixture(scope="module")
def archive(seeds_store: Path, embedder: Embedder) -> Iterator[Archive]:  # noqa: ARG001 - exported by now
    with Archive.open(seeds_store) as archive:
        yield archive


@pytest.fixture
def batches(archive: Archive, tmp_path: Path) -> Iterator[Batches]:
    batches = Batches(archive, tmp_path / "batches")
    yield batches
    batches.close()


def ended(batches: Batches, name: str) -> str:
    """Wait until a batch no longer runs, and return how it ended."""
    until = time.monotonic() + 20
    while (status := batches.state(name)["status"]) in {"waiting", "running"} and time.monotonic() < until:
        time.sleep(0.01)
    return str(status)


def kept(batches: Batches, name: str) -> Path:
    """The file of a batch's answers."""
    with batches.answers(name) as stream:
        return Path(stream.name)


async def test_questions_are_uploaded_followed_and_their_answers_downloaded(service: Service, batches: Batches) -> None:
    own = replace(service, batches=batches)
    async with client_of(make_app(own, Gatekeeper())) as client:
        begun = await client.post("/batches", content=ASKED, headers=LINES)
        assert begun.status_code == 202
        name = begun.json()["id"]
        assert ended(batches, name) == "done"
        state = (await client.get(f"/batches/{name}")).json()
        assert state == {"id": name, "status": "done", "done": 2, "total": 2, "error": None}
        assert (await client.get("/batches")).json() == [state]
        answers = await client.get(f"/batches/{name}/answers")
        rows = [json.loads(line) for line in answers.text.splitlines()]
        assert [(row["id"], row["answered"]) for row in rows] == [(1, True), (2, False)]
        assert (await client.delete(f"/batches/{name}")).status_code == 204
        assert (await client.get(f"/batches/{name}")).status_code == 404
        await refused_uploads(client)


async def refused_uploads(client: httpx.AsyncClient) -> None:
    for content, kind in ((b"", "text/plain"), (b"a,b\n1,2", "text/csv"), (b"\xff", "text/plain"), (b"x", "image/png")):
        reply = await client.post("/batches", content=content, headers={"Content-Type": kind})
        assert reply.status_code in {415, 422}
        assert reply.json()["error"].endswith(".")


def test_the_same_questions_continue_a_batch_that_was_stopped(batches: Batches, archive: Archive) -> None:
    name = batches.put("Who met Putin?\nWho won the regatta?", "text")["id"]
    assert ended(batches, name) == "done"
    answers = kept(batches, name)
    first, _ = answers.read_text("utf-8").splitlines()
    answers.write_text(f'{first}\n{{"id": ', encoding="utf-8")  # as a process leaves it that was killed
    again = Batches(archive, answers.parent.parent)
    assert again.state(name) == {"id": name, "status": "stopped", "done": 1, "total": 2, "error": None}
    assert again.put("Who met Putin?\nWho won the regatta?", "text")["id"] == name
    assert ended(again, name) == "done"
    rows = answers.read_text("utf-8").splitlines()
    assert rows[0] == first
    assert len(rows) == 2
    again.close()


def test_a_batch_of_another_state_of_the_archive_fails_with_a_sentence(batches: Batches) -> None:
    name = batches.put("Who met Putin?", "text")["id"]
    assert ended(batches, name) == "done"
    path = kept(batches, name).with_name("answers.jsonl.manifest.json")
    manifest = json.loads(path.read_text("utf-8"))
    manifest["archive"]["fingerprint"] = "another"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    batches.put("Who met Putin?", "text")
    assert ended(batches, name) == "failed"
    assert "has changed" in batches.state(name)["error"]
    assert batches.state(name)["error"].endswith("Delete the batch, and send its questions again.")


def test_a_defect_that_ends_a_batch_fails_it_and_is_in_the_log(
    batches: Batches, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(module, "run", broken)
    name = batches.put("Who met Putin?", "text")["id"]
    assert ended(batches, name) == "failed"
    batches.close()
    assert "RuntimeError: a defect" in caplog.text
    assert batches.state(name)["error"] == "Something went wrong on the server. Its log says what."


def test_too_many_questions_and_too_many_batches_are_refused(batches: Batches, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError):
        batches.put("x?\n" * (module.ROWS + 1), "text")
    monkeypatch.setattr(module, "KEPT", 0)
    with pytest.raises(ServerBusy):
        batches.put("x?", "text")
    with pytest.raises(UnknownBatch):
        batches.state("0" * 16)


def test_answers_are_counted_again_only_when_their_file_has_changed(batches: Batches) -> None:
    name = batches.put("Who met Putin?", "text")["id"]
    assert ended(batches, name) == "done"
    path = kept(batches, name)
    size, before = path.stat().st_size, path.stat()
    path.write_bytes(b"\n" * size)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert [state["done"] for state in batches.states()] == [1]
    path.write_bytes(b"\n\n\n")
    assert [state["done"] for state in batches.states()] == [3]


def test_a_batch_that_runs_can_be_deleted(batches: Batches, tmp_path: Path) -> None:
    name = batches.put("\n".join(f"Who met Putin in {year}?" for year in range(1900, 2100)), "text")["id"]
    batches.remove(name)
    batches.close()
    assert not (tmp_path / "batches" / name).exists()


@pytest.mark.parametrize("end", [lambda batches, _: batches.close(), lambda batches, name: batches.remove(name)])
def test_the_end_of_a_server_or_of_a_batch_does_not_wait_for_the_answer_in_progress(
    archive: Archive, tmp_path: Path, end: Callable[[Batches, str], None]
) -> None:
    endless = EndlessArchive()
    assistant = SimpleNamespace(ask=endless.stream, answerer=SimpleNamespace(name="endless"))
    asked = SimpleNamespace(assistant=lambda: assistant, store=archive.store, wiring=archive.wiring)
    batches = Batches(cast(Archive, asked), tmp_path / "batches")
    name = batches.put("Who met Putin?", "text")["id"]
    assert endless.begun.acquire(timeout=5)
    end(batches, name)
    assert endless.closed.acquire(timeout=5)
    batches.close()
    assert [(one["status"], one["done"]) for one in batches.states()] in ([("stopped", 0)], [])


def test_a_batch_that_was_deleted_while_it_ran_is_answered_if_its_questions_come_again(batches: Batches) -> None:
    name = batches.put("Who won the regatta?", "text")["id"]
    batches.remove(name)
    assert batches.put("Who won the regatta?", "text")["id"] == name
    assert ended(batches, name) == "done"
    assert batches.state(name)["done"] == 1
    assert len(kept(batches, name).read_text("utf-8").splitlines()) == 1


def test_a_batch_that_came_again_can_be_deleted_while_what_was_answered_before_is_cleared_away(
    batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = batches.put("\n".join(f"Who met Putin in {year}?" for year in range(1900, 2100)), "text")["id"]
    name = batches.put("Who won the regatta?", "text")["id"]
    cleared, remove = threading.Event(), shutil.rmtree

    def slow(folder: Path) -> None:
        remove(folder)
        if folder.name == name:
            cleared.set()
            time.sleep(0.1)

    monkeypatch.setattr(module.shutil, "rmtree", slow)
    batches.remove(name)
    assert batches.put("Who won the regatta?", "text")["id"] == name
    batches.remove(long)
    assert cleared.wait(20)
    batches.answers(name).close()
    cleared.clear()
    batches.remove(name)
    assert batches.states() == []


def test_a_batch_that_comes_again_and_again_while_it_waits_can_be_deleted_each_time(
    batches: Batches, caplog: pytest.LogCaptureFixture
) -> None:
    long = batches.put("\n".join(f"Who met Putin in {year}?" for year in range(1900, 2100)), "text")["id"]
    for _ in range(2):
        batches.remove(batches.put("Who won the regatta?", "text")["id"])
    batches.remove(long)
    last = batches.put("Who met Putin?", "text")["id"]
    assert ended(batches, last) == "done"  # and so is all that came before it
    assert [state["id"] for state in batches.states()] == [last]
    assert caplog.text == ""


async def test_answers_that_come_during_a_download_are_left_for_the_next(tmp_path: Path) -> None:
    (tmp_path / "answers").write_bytes(b"one\n")
    with (tmp_path / "answers").open("ab", buffering=0) as growing:
        reply = downloaded((tmp_path / "answers").open("rb"), "answers.jsonl", "application/jsonl")
        growing.write(b"two\n")
        assert [piece async for piece in reply.body_iterator] == [b"one\n"]
    assert reply.headers["content-length"] == "4"


@pytest.mark.parametrize("about", ["", "[]", "{}", '{"total": "x"}'])
def test_a_batch_whose_record_is_damaged_hides_no_other(batches: Batches, tmp_path: Path, about: str) -> None:
    name = batches.put("Who won the regatta?", "text")["id"]
    other = tmp_path / "batches" / ("0" * 16)
    other.mkdir()
    (other / "batch.json").write_text(about, "utf-8")
    assert [state["id"] for state in batches.states()] == [name]
    with pytest.raises(UnknownBatch):
        batches.state(other.name)


def test_a_folder_that_cannot_be_written_is_said_without_naming_it(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    batches = Batches(archive, tmp_path / "file")
    with pytest.raises(AppError, match="cannot keep batches") as caught:
        batches.put("Who won the regatta?", "text")
    assert str(tmp_path) not in f"{caught.value.message} {caught.value.hint}"
    batches.close()
