from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import FakeEmbedder
from vectorstore import export
from vectorstore.embedding import DISAGREES, FORMATS, Embedder
from vectorstore.models import model_name
from vectorstore.packaged import packaged_model

pytestmark = pytest.mark.model


@pytest.fixture
def exported(embedder: Embedder) -> Path:  # noqa: ARG001 - made by now
    """The folder of the packaged model's export."""
    cache = Path(os.environ["XDG_CACHE_HOME"]) / "footnote-qa"
    name = model_name(packaged_model())
    (found,) = {
        p.parent
        for p in cache.glob(f"*/{FORMATS['float32']}/embedder.json")
        if json.loads(p.read_text())["name"] == name
    }
    return found


def test_an_export_is_whole_and_leaves_no_draft(exported: Path) -> None:
    assert sorted(path.name for path in exported.iterdir()) == [
        "embedder.json",
        "model.onnx",
        "seal.json",
        "tokenizer.json",
        "weights.bin",
    ]
    assert not list(exported.parent.glob("tmp*"))


def test_an_export_knows_name_dimension_and_limit(exported: Path) -> None:
    facts = json.loads((exported / "embedder.json").read_text("utf-8"))
    assert (facts["name"], facts["dimension"], facts["max_tokens"]) == (model_name(packaged_model()), 384, 256)


@dataclass(frozen=True, slots=True)
class Reference:
    """The fake embedder as sentence-transformers would be asked; `turn` spoils some of its vectors."""

    turn: float = 0.0

    def encode_document(self, texts: list[str], **_: object) -> np.ndarray:
        vectors = FakeEmbedder().embed_passages(texts)
        vectors[-1] = np.roll(vectors[-1], 1) if self.turn else vectors[-1]
        return vectors

    def encode_query(self, texts: list[str], **_: object) -> np.ndarray:
        return FakeEmbedder().embed_passages(texts)


@pytest.fixture
def stubbed(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Exporting without torch: the fake embedder on both sides."""
    monkeypatch.setattr(export, "OnnxEmbedder", lambda _, prompts: FakeEmbedder())  # noqa: ARG005
    monkeypatch.setattr(export, "load_reference", lambda _: Reference())
    monkeypatch.setattr(
        export, "_write", lambda _reference, _model, draft, _precision: (draft / "embedder.json").write_text("{}")
    )
    return monkeypatch


def test_an_export_that_agrees_is_put_in_place(stubbed: pytest.MonkeyPatch, tmp_path: Path) -> None:  # noqa: ARG001
    assert export.main(tmp_path / "model", tmp_path / "cache" / "2", "float32") == 0
    assert sorted(path.name for path in (tmp_path / "cache" / "2").iterdir()) == ["embedder.json", "seal.json"]


def test_an_export_with_one_vector_that_disagrees_is_thrown_away(stubbed: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stubbed.setattr(export, "load_reference", lambda _: Reference(turn=1.0))
    assert export.main(tmp_path / "model", tmp_path / "cache" / "2", "float32") == DISAGREES
    assert sorted(path.name for path in (tmp_path / "cache" / "2").iterdir()) == ["disagrees", "seal.json"]


def test_an_export_that_comes_second_leaves_the_first_one_alone(
    stubbed: pytest.MonkeyPatch,  # noqa: ARG001
    tmp_path: Path,
) -> None:
    first = tmp_path / "cache" / "2"
    first.mkdir(parents=True)
    (first / "embedder.json").write_text("first")
    assert export.main(tmp_path / "model", first, "float32") == 0
    assert (first / "embedder.json").read_text() == "first"
    assert list((tmp_path / "cache").iterdir()) == [first]


def test_an_export_that_breaks_leaves_nothing(stubbed: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    stubbed.setattr(export, "_write", broken)
    with pytest.raises(OSError, match="No space"):
        export.main(tmp_path / "model", tmp_path / "cache" / "2", "float32")
    assert list((tmp_path / "cache").iterdir()) == []


def test_the_probes_cover_padding_cutting_other_alphabets_and_prompts() -> None:
    lengths = [len(probe) for probe in export.PROBES]
    assert min(lengths) == 1
    assert export.PROMPTED.query
    assert export.PROMPTED.passage
    assert max(lengths) > 2000
    assert any(not probe.isascii() for probe in export.PROBES)
