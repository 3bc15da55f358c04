"""A backup holds an archive as it was at one moment, is whole or said not to be, and never costs the one before it."""

from __future__ import annotations

import io
import json
import os
import random
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest

from benchmarks.faults import damage
from qa.backup import backup, restore, verify
from qa.conversations import Conversations
from qa.saved import beside
from tests.fakes import FakeEmbedder
from tests.vectorstore.build import IDENTITY, filled, many, record
from vectorstore.errors import AppError, StoreMissing, UsageError
from vectorstore.sqlite import FILE
from vectorstore.store import Store

FOREVER = """
import sys
from pathlib import Path
from qa.backup import backup
print(flush=True)
while True:
    backup(Path(sys.argv[1]), Path(sys.argv[2]))
"""
RAIN = record("/rain", "Rain fell on the harbour. It was cold.")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = filled(tmp_path / "archive", RAIN, record("/sun", "The sun shone."))
    Conversations(beside(folder, "conversations")).create("Weather")
    (folder / "following.json").write_text("[]", "utf-8")
    return folder


@pytest.fixture
def file(folder: Path, tmp_path: Path) -> Path:
    backup(folder, tmp_path / "kept.tar.gz")
    return tmp_path / "kept.tar.gz"


def digest(folder: Path) -> str:
    with Store.open(folder) as store:
        return store.ledger.digest()


def test_what_was_backed_up_comes_back_whole(folder: Path, file: Path, tmp_path: Path) -> None:
    manifest = restore(file, tmp_path / "new" / "archive")
    assert manifest == verify(file)
    assert (manifest.articles, set(manifest.sha256)) == (
        2,
        {FILE, "conversations.sqlite3", "following.json"},
    )
    new = tmp_path / "new" / "archive"
    assert digest(new) == digest(folder)
    with Store.open(new) as store:
        assert store.ledger.original(RAIN.entry.article.id) == RAIN.entry.original
        assert store.dense(FakeEmbedder().embed_query("rain on the harbour"), 1)
    assert [one.title for one in Conversations(beside(new, "conversations")).list()] == ["Weather"]
    assert (new / "following.json").read_text("utf-8") == "[]"
    assert not list(tmp_path.glob(".*")) + list(new.glob(".qa*"))


def test_a_backup_beside_a_writer_has_what_is_committed(folder: Path, tmp_path: Path) -> None:
    before = digest(folder)
    with Store.writing(folder, IDENTITY) as writer, writer.ledger.database.transaction():
        writer.ledger.delete([RAIN.entry.article.id])
        backup(folder, tmp_path / "b")
    restore(tmp_path / "b", tmp_path / "new")
    assert digest(tmp_path / "new") == before != digest(folder)


def test_a_restore_replaces_only_with_a_yes_and_readers_go_on(folder: Path, file: Path) -> None:
    before = digest(folder)
    with Store.writing(folder, IDENTITY) as writer:
        writer.add([record("/new", "Something new.")])
    with pytest.raises(UsageError, match="already holds 3 articles"):
        restore(file, folder)
    with Store.open(folder) as reader, reader.reading():
        restore(file, folder, replace=True)
        assert reader.ledger.count()[0] == 3
    assert digest(folder) == before


def test_a_ledger_that_cannot_be_read_is_kept_under_another_name(folder: Path, file: Path) -> None:
    before = digest(folder)
    (folder / FILE).write_bytes(b"nonsense " * 9000)
    restore(file, folder)
    assert digest(folder) == before
    kept = min(folder.glob(f"{FILE}.damaged-*"))  # its log may lie beside it
    assert kept.read_bytes().startswith(b"nonsense")


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_backup_is_named_and_restores_nothing(folder: Path, file: Path, tmp_path: Path, seed: int) -> None:
    data, chance = bytearray(file.read_bytes()), random.Random(seed)
    if seed % 2:
        del data[chance.randrange(len(data) - 20) :]
    else:
        at = chance.randrange(10, len(data) - 8)
        data[at : at + 64] = bytes(byte ^ 0x55 for byte in data[at : at + 64])
    file.write_bytes(data)
    before = digest(folder)
    for act in (lambda: verify(file), lambda: restore(file, folder, replace=True)):
        with pytest.raises(AppError) as caught:
            act()
        assert str(file) in caught.value.message
    assert digest(folder) == before
    assert not list(tmp_path.glob(".*"))


def test_a_file_that_is_no_backup_or_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear reader")
    for name in ("letter.txt", "none", "."):
        with pytest.raises(AppError, match=r"cannot be read|no backup"):
            verify(tmp_path / name)


def test_a_damaged_archive_is_not_backed_up_in_silence(folder: Path, file: Path) -> None:
    whole = file.read_bytes()
    with (folder / FILE).open("r+b") as stream:
        stream.seek(8192 * 2)
        stream.write(b"\xff" * 8192)
    with pytest.raises(AppError, match=r"damaged|cannot be read"):
        backup(folder, file)
    assert file.read_bytes() == whole


def test_a_place_that_cannot_be_written_is_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(AppError, match="cannot be written"):
        backup(folder, tmp_path / "none" / "b.tar.gz")
    with pytest.raises(AppError, match="cannot be written"):
        backup(folder, folder)
    with pytest.raises(StoreMissing):
        backup(tmp_path / "nowhere", tmp_path / "b")


def test_a_backup_replaces_no_other_file_and_none_of_the_archive(folder: Path, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear reader")
    before = digest(folder)
    for place in (folder / FILE, folder / "new", beside(folder, "notes"), beside(folder, "conversations"), letter):
        with pytest.raises(UsageError, match=r"belongs to the archive|no backup"):
            backup(folder, place)
    assert (digest(folder), letter.read_text()) == (before, "Dear reader")
    assert not beside(folder, "notes").exists()
    letter.write_bytes(b"")  # as mktemp leaves it
    assert backup(folder, letter) == verify(letter)


def test_conversations_and_notes_since_the_backup_are_kept_beside(folder: Path, file: Path) -> None:
    saved = beside(folder, "conversations")
    Conversations(saved).create("Later")
    restore(file, folder, replace=True)
    kept = next(path for path in saved.parent.glob(f"{saved.name}.replaced-*") if path.suffix != ".lock")
    assert [one.title for one in Conversations(saved).list()] == ["Weather"]
    assert {one.title for one in Conversations(kept).list()} == {"Weather", "Later"}


def test_a_damaged_notebook_is_named_with_a_way_to_back_up_without_it(folder: Path, tmp_path: Path) -> None:
    notes = beside(folder, "notes")
    notes.write_bytes(b"nonsense " * 900)
    with pytest.raises(AppError, match=notes.name) as caught:
        backup(folder, tmp_path / "b")
    assert str(notes) in caught.value.hint


@pytest.mark.parametrize(
    "manifest",
    [
        [1],
        {"made": "x", "articles": 1},
        {"made": "x", "articles": 1, "sha256": [FILE]},
        {"made": "x", "articles": 1, "sha256": {FILE: 1}},
        {"made": "x", "articles": 1, "sha256": {FILE: ""}, "format": "new"},
        {"made": "x", "articles": 1, "sha256": {FILE: ""}, "format": None},
    ],
)
def test_a_manifest_that_makes_no_sense_is_named(tmp_path: Path, manifest: object) -> None:
    file = written(tmp_path / "b", manifest)
    with pytest.raises(AppError, match="no backup, or is damaged"):
        restore(file, tmp_path / "new")


def test_a_backup_of_a_newer_version_is_said_to_be_one(tmp_path: Path) -> None:
    newer = {"made": "x", "articles": 1, "sha256": {FILE: ""}, "format": 2, "more": []}
    with pytest.raises(AppError, match="newer version"):
        verify(written(tmp_path / "b", newer))


def test_a_folder_that_cannot_be_made_is_named(file: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(AppError, match="cannot be written"):
        restore(file, tmp_path / "file" / "new")


def test_verifying_writes_nothing_and_a_restore_takes_away_what_a_killed_one_left(file: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    verify(file)
    assert sorted(tmp_path.rglob("*")) == before
    left = tmp_path / "new" / ".restoring" / FILE
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    restore(file, tmp_path / "new")
    assert not left.parent.exists()


def test_a_disk_without_space_is_told_from_damage(folder: Path, file: Path, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    before, limits = digest(folder), resource.getrlimit(resource.RLIMIT_FSIZE)
    heard = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))  # of a file, as of a disk
    try:
        for act in (lambda: backup(folder, tmp_path / "b"), lambda: restore(file, tmp_path / "new")):
            with pytest.raises(AppError, match="no space left"):
                act()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, heard)
    assert digest(folder) == before
    assert not (tmp_path / "b").exists()
    assert not list(tmp_path.rglob(".*"))


def written(file: Path, manifest: object) -> Path:
    data = json.dumps(manifest).encode()
    head = tarfile.TarInfo("manifest.json")
    head.size = len(data)
    with tarfile.open(file, "w:gz") as packed:
        packed.addfile(head, io.BytesIO(data))
    return file


def test_a_kill_leaves_the_backup_before_it_whole(tmp_path: Path) -> None:
    folder, file = filled(tmp_path / "archive", *many(60)), tmp_path / "kept.tar.gz"
    backup(folder, file)
    command = [sys.executable, "-c", FOREVER]
    for seed in range(3):
        with subprocess.Popen([*command, str(folder), str(file)], stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(random.Random(seed).uniform(0.0, 0.1))
            os.kill(process.pid, signal.SIGKILL)
        assert verify(file).articles == 60
    backup(folder, file)  # what was left behind is not in the way


def test_the_command_line_backs_up_verifies_and_restores(tmp_path: Path) -> None:
    archive, _ = damage.made(tmp_path / "sound")
    file, store = str(tmp_path / "b.tar.gz"), ["--store", str(archive)]
    assert "8 articles" in damage.tried([*store, "backup", file])[1]
    assert "whole" in damage.tried([*store, "verify-backup", file])[1]
    code, _, err = damage.tried([*store, "restore", file])
    assert (code, "--yes" in err) == (2, True)
    assert damage.tried([*store, "restore", file, "--yes"])[0] == 0
    assert damage.tried(["--store", str(tmp_path / "other"), "restore", file])[0] == 0
    assert damage.tried(["--store", str(tmp_path / "other"), "articles"])[1].count("\n") == 8
