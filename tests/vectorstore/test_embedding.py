from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from qa.config import cache_folder
from qa.settings import Config
from vectorstore import embedding
from vectorstore.embedding import (
    BATCH,
    FORMATS,
    Embedder,
    OnnxEmbedder,
    SentenceTransformerEmbedder,
    open_embedder,
    sound,
)
from vectorstore.errors import ModelMissing
from vectorstore.models import is_sealed, known_hash, model_name, seal
from vectorstore.packaged import packaged_model

pytestmark = pytest.mark.model
TEXTS = ("Rain fell in the harbour.", "The missile has a range of 400 km.", "x", "Œuvre 東京", "")


def test_vectors_are_unit_float32_rows_in_the_order_of_the_texts(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((len(TEXTS), embedder.dimension), np.float32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for text, vector in zip(TEXTS, vectors, strict=True):
        assert float(vector @ embedder.embed_passages([text])[0]) > 0.9999


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape == (0, embedder.dimension)
    assert embedder.count_tokens([]) == []


def test_a_question_is_one_vector_near_the_passage_that_answers_it(embedder: Embedder) -> None:
    query = embedder.embed_query("How far can the missile fly?")
    assert (query.shape, query.dtype) == ((embedder.dimension,), np.float32)
    assert int(np.argmax(embedder.embed_passages(TEXTS) @ query)) == 1


def test_order_and_batches_do_not_matter(embedder: Embedder) -> None:
    texts = [f"{'word ' * (n * 7 % 23)}{n}" for n in range(2 * BATCH + 3)]
    forward, backward = embedder.embed_passages(texts), embedder.embed_passages(texts[::-1])
    assert np.allclose(forward, backward[::-1], atol=1e-4)


def test_tokens_are_counted_without_special_ones_and_never_cut(embedder: Embedder) -> None:
    assert embedder.count_tokens(["", "rain", "rain fell", "rain " * 1000]) == [0, 1, 2, 1000]


def test_a_long_text_is_embedded_by_its_beginning(embedder: Embedder) -> None:
    start = "rain fell on the harbour " * 100
    one, other = embedder.embed_passages([start + "missile " * 500, start + "otter " * 500])
    assert np.allclose(one, other, atol=1e-6)


def test_half_a_character_does_not_break_it(embedder: Embedder) -> None:
    assert sound(["a\ud800b", "東京"]) == ["a?b", "東京"]
    assert np.isfinite(embedder.embed_query("who \ud800?")).all()
    assert embedder.count_tokens(["\udcff rain"]) == embedder.count_tokens(["? rain"])


def test_it_is_opened_again_without_exporting_or_narrating(embedder: Embedder) -> None:
    cache = Path(os.environ["XDG_CACHE_HOME"]) / "footnote-qa"
    said: list[str] = []
    assert open_embedder(packaged_model(), cache, say=said.append).name == embedder.name
    assert said == []


@pytest.mark.parametrize("made", [True, False])
def test_a_folder_without_a_model_is_named(tmp_path: Path, made: bool) -> None:
    if made:
        (tmp_path / "model").mkdir()
    with pytest.raises(ModelMissing, match="model"):
        open_embedder(tmp_path / "model", tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_an_export_that_fails_says_why_and_leaves_nothing_to_be_trusted(tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    (model / "modules.json").write_text("[{")
    said: list[str] = []
    with pytest.raises(ModelMissing, match="could not be prepared"):
        open_embedder(model, tmp_path / "cache", say=said.append)
    assert len(said) == 1
    assert list((tmp_path / "cache").rglob("embedder.json")) == []


def test_a_model_that_several_want_is_prepared_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, embedder: Embedder
) -> None:
    assert isinstance(embedder, OnnxEmbedder)
    ready = cache_folder(Config()) / known_hash(packaged_model(), cache_folder(Config()))[:16] / FORMATS["float32"]
    exported: list[Path] = []
    both = threading.Barrier(2)

    def export(_: Path, folder: Path, __: str) -> None:
        exported.append(folder)
        shutil.copytree(ready, folder)

    def opens() -> None:
        open_embedder(packaged_model(), tmp_path, say=lambda _: both.wait(10))

    monkeypatch.setattr(embedding, "_export", export)
    threads = [threading.Thread(target=opens) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(exported) == 1


def test_an_export_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "EXPORT_SECONDS", 0.01)
    with pytest.raises(ModelMissing, match=r"more than 0\.01 s"):
        open_embedder(packaged_model(), tmp_path / "cache")


@pytest.mark.parametrize(
    "damage", ["model.onnx", "weights.bin", "tokenizer.json", "embedder.json", "seal.json", "gone"]
)
def test_a_damaged_export_is_made_again(
    tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    cache = Path(os.environ["XDG_CACHE_HOME"]) / "footnote-qa"
    (sound_one,) = {path.parent for path in cache.glob(f"*/{FORMATS['float32']}/model.onnx")}
    folder = tmp_path / sound_one.relative_to(cache)
    monkeypatch.setattr(embedding, "_export", lambda _, target, __: shutil.copytree(sound_one, target))
    shutil.copytree(sound_one, folder)
    if damage == "gone":
        (folder / "model.onnx").unlink()
    else:
        with (folder / damage).open("r+b") as stream:
            stream.seek(20)
            stream.write(b"\0\0\0\0")
    (folder.parent / "tmpkilled" / "draft").mkdir(parents=True)
    said: list[str] = []
    again = open_embedder(packaged_model(), tmp_path, say=said.append)
    assert len(said) == 1
    assert is_sealed(folder)
    assert not (folder.parent / "tmpkilled").exists()
    assert float(again.embed_query("rain") @ embedder.embed_query("rain")) > 0.9999


def test_a_copy_of_an_export_is_whole_though_its_times_differ(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "model.onnx").write_bytes(b"weights")
    seal(tmp_path / "a")
    os.utime(tmp_path / "a" / "model.onnx", (1, 1))
    assert is_sealed(tmp_path / "a")
    assert not is_sealed(tmp_path)


def test_another_model_is_another_folder_of_the_cache(tmp_path: Path, embedder: Embedder) -> None:
    assert isinstance(embedder, OnnxEmbedder)
    model = shutil.copytree(packaged_model(), tmp_path / "model")
    (model / "extra.txt").write_text("another hash")
    assert model_name(model) != model_name(packaged_model())


def test_a_model_whose_export_disagrees_is_run_by_sentence_transformers(tmp_path: Path, embedder: Embedder) -> None:
    for folder in (Path(os.environ["XDG_CACHE_HOME"]) / "footnote-qa").glob("*/*/embedder.json"):
        inside = tmp_path / folder.parent.relative_to(folder.parents[2])
        inside.mkdir(parents=True)
        (inside / "disagrees").write_text("for the test")
        seal(inside)
    reference = open_embedder(packaged_model(), tmp_path)
    assert isinstance(reference, SentenceTransformerEmbedder)
    assert (reference.name, reference.dimension) == (embedder.name, embedder.dimension)
    assert reference.count_tokens(TEXTS) == embedder.count_tokens(TEXTS)
    assert reference.embed_passages([]).shape == (0, reference.dimension)
    cosines = (reference.embed_passages(TEXTS) * embedder.embed_passages(TEXTS)).sum(axis=1)
    assert cosines.min() > 0.9999
    assert float(reference.embed_query(TEXTS[0]) @ embedder.embed_query(TEXTS[0])) > 0.9999


def test_in_eight_bits_vectors_are_nearly_the_same_but_of_a_space_of_their_own(embedder: Embedder) -> None:
    cache = Path(os.environ["XDG_CACHE_HOME"]) / "footnote-qa"
    small = open_embedder(packaged_model(), cache, precision="int8")
    assert small.name == f"{embedder.name}+int8"
    cosines = (small.embed_passages(TEXTS[:3]) * embedder.embed_passages(TEXTS[:3])).sum(axis=1)
    assert 0.95 < cosines.min() < cosines.max() < 0.9999


@pytest.mark.usefixtures("embedder")
def test_a_model_that_eight_bits_would_change_too_much_is_refused(tmp_path: Path) -> None:
    for folder in (Path(os.environ["XDG_CACHE_HOME"]) / "footnote-qa").glob(f"*/{FORMATS['float32']}/embedder.json"):
        inside = tmp_path / folder.parents[1].name / FORMATS["int8"]
        inside.mkdir(parents=True)
        (inside / "disagrees").write_text("for the test")
        seal(inside)
    with pytest.raises(ModelMissing, match="int8"):
        open_embedder(packaged_model(), tmp_path, precision="int8")
