"""A cross-encoder is loaded from its folder alone, and every model that is none is refused."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.models import tiny_cross_encoder
from vectorstore.cross_encoder import CrossEncoder, open_cross_encoder
from vectorstore.errors import ModelMissing
from vectorstore.packaged import packaged_model

TEXTS = ["Rain fell in the harbour.", "The missile flew far.", "x", "Œuvre 東京 \ud800", "", "rain " * 200]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_cross_encoder(tmp_path_factory.mktemp("cross") / "tiny")


@pytest.fixture(scope="module")
def model(folder: Path) -> CrossEncoder:
    return open_cross_encoder(folder, threads=1)


@pytest.mark.model
def test_scores_are_between_0_and_1_in_the_order_of_the_texts(model: CrossEncoder) -> None:
    scores = model.scores("How far \udcff?", TEXTS)
    assert all(0 < score < 1 for score in scores)
    assert len(set(scores)) == len(TEXTS)
    assert model.scores("How far \udcff?", TEXTS[::-1]) == pytest.approx(scores[::-1], abs=1e-5)
    assert [model.scores("How far \udcff?", [text])[0] for text in TEXTS] == pytest.approx(scores, abs=1e-5)


@pytest.mark.model
def test_scores_are_the_sigmoid_of_what_the_model_says_whatever_it_was_saved_with(folder: Path, tmp_path: Path) -> None:
    import torch
    from sentence_transformers import CrossEncoder as Theirs

    plain = Theirs(str(folder), device="cpu", activation_fn=torch.nn.Identity())
    plain.save(str(tmp_path / "saved"))
    pairs = [("who?", text) for text in TEXTS[:3]]
    expected = torch.sigmoid(torch.tensor(plain.predict(pairs))).tolist()
    assert open_cross_encoder(tmp_path / "saved").scores("who?", TEXTS[:3]) == pytest.approx(expected, abs=1e-5)


@pytest.mark.model
def test_no_texts_give_no_scores(model: CrossEncoder) -> None:
    assert model.scores("who?", []) == []


@pytest.mark.model
def test_the_same_is_said_each_time_and_in_several_threads(model: CrossEncoder) -> None:
    once = model.scores("who?", TEXTS)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: model.scores("who?", TEXTS), range(8))) == [once] * 8


def test_a_folder_without_a_configuration_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"config\.json") as caught:
        open_cross_encoder(tmp_path)
    assert str(tmp_path) in caught.value.message


@pytest.mark.parametrize("text", ["{}", "[]", '{"architectures": []}', '{"architectures": ["BertModel"]}'])
def test_a_model_of_another_kind_is_refused_without_loading_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(ModelMissing, match="is not a cross-encoder"):
        open_cross_encoder(tmp_path)


def test_an_embedder_is_no_cross_encoder() -> None:
    with pytest.raises(ModelMissing, match="is not a cross-encoder"):
        open_cross_encoder(packaged_model())


def test_a_configuration_that_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(ModelMissing, match=r"config\.json is not valid JSON"):
        open_cross_encoder(tmp_path)


@pytest.mark.model
def test_a_model_with_more_than_one_label_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="has 3 outputs instead of one") as caught:
        open_cross_encoder(tiny_cross_encoder(tmp_path / "nli", labels=3))
    assert str(tmp_path / "nli") in caught.value.message
    assert "[search] reranker" in caught.value.hint


@pytest.mark.model
@pytest.mark.parametrize("spoiled", ["missing", "cut", "misfit", "unknown"])
def test_a_model_that_cannot_be_loaded_is_named_with_the_reason(tmp_path: Path, spoiled: str) -> None:
    folder = tiny_cross_encoder(tmp_path / "tiny")
    weights, config = folder / "model.safetensors", folder / "config.json"
    facts = json.loads(config.read_text())
    match spoiled:
        case "missing":
            weights.unlink()
        case "cut":
            weights.write_bytes(weights.read_bytes()[:100])
        case "misfit":
            config.write_text(json.dumps(facts | {"hidden_size": 32}))
        case "unknown":
            config.write_text(json.dumps(facts | {"model_type": "nobody-knows"}))
    with pytest.raises(ModelMissing, match=r"cannot be loaded: \w") as caught:
        open_cross_encoder(folder)
    assert str(folder) in caught.value.message
