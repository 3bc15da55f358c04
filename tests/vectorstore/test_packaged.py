"""Models that come in a package are what was installed, or the file that is not is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.reader.packaged import MODEL, open_reader
from vectorstore.errors import ModelMissing
from vectorstore.models import sha256
from vectorstore.packaged import EMBEDDER, check, packaged_model, recorded, state, stated


def model(folder: Path) -> Path:
    folder.mkdir()
    (folder / "model.onnx").write_bytes(b"weights")
    (folder / "reader.json").write_text("{}")
    state(folder)
    return folder


def test_the_packaged_reader_is_as_its_checksums_say() -> None:
    check(MODEL, "footnote-qa", lambda: stated(MODEL))
    unread = {"checksums.json", "MODEL.md", "LICENSE.base"}
    assert set(stated(MODEL)) | unread == {path.name for path in MODEL.iterdir()}


def test_the_sums_of_weights_that_are_set_apart_are_stated_too(tmp_path: Path) -> None:
    (model(tmp_path / "model") / "weights.bin").write_bytes(b"weights")
    state(tmp_path / "model")
    assert set(stated(tmp_path / "model")) == {"model.onnx", "reader.json", "weights.bin"}


def test_the_packaged_embedders_weights_are_as_they_were_installed() -> None:
    folder = packaged_model()
    assert recorded(folder, EMBEDDER)["model.safetensors"] == sha256(folder / "model.safetensors")
    assert recorded(folder, "no-such-package") == {}


@pytest.mark.parametrize("name", ["model.onnx", "reader.json", "checksums.json"])
@pytest.mark.parametrize("gone", [True, False])
def test_a_damaged_packaged_reader_is_named_with_the_way_to_a_sound_one(tmp_path: Path, name: str, gone: bool) -> None:
    path = model(tmp_path / "model") / name
    path.write_bytes(b"\x80" * 7)
    if gone:
        path.unlink()
    with pytest.raises(ModelMissing, match=name) as caught:
        open_reader(folder=tmp_path / "model")
    assert "pip install --force-reinstall --no-deps footnote-qa" in caught.value.hint


def test_a_model_is_read_once_until_a_file_changes(tmp_path: Path) -> None:
    folder, read = model(tmp_path / "model"), []

    def sums() -> dict[str, str]:
        read.append(1)
        return dict(stated(folder))

    for _ in range(3):
        check(folder, "x", sums, tmp_path / "cache")
    assert len(read) == 1
    (folder / "model.onnx").write_bytes(b"weighty")
    with pytest.raises(ModelMissing, match=r"model\.onnx is damaged"):
        check(folder, "x", sums, tmp_path / "cache")


def test_a_cache_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    folder = model(tmp_path / "model")
    (tmp_path / "cache").write_text("a file")
    check(folder, "x", lambda: stated(folder), tmp_path / "cache")
