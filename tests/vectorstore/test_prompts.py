"""Each model is given the prompts that it was trained with, and another passage prompt is another space."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.models import tiny_embedder
from vectorstore.embedding import Embedder, OnnxEmbedder, SentenceTransformerEmbedder, open_embedder
from vectorstore.errors import ModelMissing
from vectorstore.packaged import packaged_model
from vectorstore.prompts import NONE, Prompts, prompts_for

BGE = "Represent this sentence for searching relevant passages: "


def folder(at: Path, name: str, own: Any = None) -> Path:
    """Return the folder of a model of this name whose configuration holds these prompts; None: it has none."""
    (at / name).mkdir()
    if own is not None:
        (at / name / "config_sentence_transformers.json").write_text(json.dumps({"prompts": own}))
    return at / name


@pytest.mark.parametrize(
    ("name", "query", "passage"),
    [
        ("e5-small-v2", "query: ", "passage: "),
        ("multilingual-e5-base", "query: ", "passage: "),
        ("E5-Large", "query: ", "passage: "),
        ("my_e5", "query: ", "passage: "),
        ("multilingual-e5-large-instruct", "", ""),
        ("e5-mistral-7b-instruct", "", ""),
        ("fe5-small", "", ""),
        ("bge-small-en-v1.5", BGE, ""),
        ("bge-large-en", BGE, ""),
        ("bge-base-zh-v1.5", "", ""),
        ("bge-m3", "", ""),
        ("all-mpnet-base-v2", "", ""),
    ],
)
def test_families_that_need_prompts_are_known_by_name(tmp_path: Path, name: str, query: str, passage: str) -> None:
    found = prompts_for(folder(tmp_path, name))
    assert (found.query, found.passage) == (query, passage)


@pytest.mark.parametrize(
    ("own", "query", "passage"),
    [
        ({"query": "Q ", "document": "D "}, "Q ", "D "),
        ({"query": "Q ", "passage": "P "}, "Q ", "P "),
        ({"query": "Q ", "document": "", "passage": "P "}, "Q ", "P "),
        ({"query": "", "document": None}, "query: ", "passage: "),
        ({"clustering": "C "}, "query: ", "passage: "),
        ([], "query: ", "passage: "),
    ],
)
def test_what_the_model_says_wins_over_its_family(tmp_path: Path, own: Any, query: str, passage: str) -> None:
    found = prompts_for(folder(tmp_path, "e5-small-v2", own))
    assert (found.query, found.passage) == (query, passage)


def test_what_is_wanted_wins_over_both_each_by_itself(tmp_path: Path) -> None:
    model = folder(tmp_path, "e5-small-v2", {"query": "Q ", "document": "D "})
    assert prompts_for(model, Prompts("ask: ")) == Prompts("ask: ", "D ")
    both = prompts_for(model, Prompts("ask: ", "text: "))
    assert (both.query, both.passage) == ("ask: ", "text: ")


def test_only_another_passage_prompt_than_the_models_own_marks_the_name(tmp_path: Path) -> None:
    own = folder(tmp_path, "own", {"query": "Q ", "document": "D "})
    assert prompts_for(own).mark == ""
    assert prompts_for(own, Prompts("ask: ", "D ")).mark == ""
    marks = {prompts_for(own, Prompts(passage=text)).mark for text in ("a", "b", "b ")}
    assert len(marks - {""}) == 3
    assert prompts_for(folder(tmp_path, "e5-base")).mark != ""
    assert prompts_for(packaged_model()) == NONE


def test_a_configuration_that_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "config_sentence_transformers.json").write_text("{")
    with pytest.raises(ModelMissing, match=r"config_sentence_transformers\.json is not valid JSON"):
        prompts_for(tmp_path)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folders of a small e5 and of its export's cache."""
    at = tmp_path_factory.mktemp("tiny")
    return tiny_embedder(at / "e5-tiny"), at / "cache"


@pytest.mark.model
def test_both_embedders_put_the_same_prompts_before_questions_and_passages(tiny: tuple[Path, Path]) -> None:
    model, cache = tiny
    bare = OnnxEmbedder(exported(model, cache))
    for prompts in (prompts_for(model), Prompts("ask: ", "text: ")):
        for embedder in (open_embedder(model, cache, wanted=prompts), SentenceTransformerEmbedder(model, 0, prompts)):
            assert near(embedder.embed_query("rain"), bare.embed_query(prompts.query + "rain"))
            assert near(embedder.embed_passages(["rain fell"]), bare.embed_passages([prompts.passage + "rain fell"]))
            assert not near(embedder.embed_query("rain"), bare.embed_query("rain"))


@pytest.mark.model
def test_both_embedders_are_named_alike_and_by_their_space(tiny: tuple[Path, Path]) -> None:
    model, cache = tiny
    usual = open_embedder(model, cache)
    assert usual.name.startswith("e5-tiny@")
    assert usual.name == SentenceTransformerEmbedder(model, 0, prompts_for(model)).name
    assert open_embedder(model, cache, wanted=Prompts("ask: ")).name == usual.name
    assert open_embedder(model, cache, wanted=Prompts(passage="text: ")).name != usual.name


@pytest.mark.model
def test_prompts_that_an_earlier_export_holds_are_not_used(tiny: tuple[Path, Path]) -> None:
    model, cache = tiny
    before = open_embedder(model, cache).embed_query("rain")
    facts = exported(model, cache) / "embedder.json"
    facts.write_text(json.dumps(json.loads(facts.read_text()) | {"prompts": {"query": "stale ", "passage": "stale "}}))
    assert near(open_embedder(model, cache).embed_query("rain"), before)


@pytest.mark.model
def test_the_packaged_model_is_named_as_before_without_a_passage_prompt(embedder: Embedder) -> None:
    cache = Path(os.environ["XDG_CACHE_HOME"]) / "footnote-qa"
    assert embedder.name == "all-minilm-l6-v2@a683a6d1843b"
    assert open_embedder(packaged_model(), cache, wanted=Prompts("ask: ")).name == embedder.name
    assert open_embedder(packaged_model(), cache, wanted=Prompts(passage="x")).name != embedder.name


def exported(model: Path, cache: Path) -> Path:
    """Return the folder of the model's export."""
    open_embedder(model, cache)
    (found,) = cache.glob("*/*/embedder.json")
    return found.parent


def near(one: Any, other: Any) -> bool:
    """Return whether the vectors are the same but for what computing does to them."""
    return bool(np.allclose(one, other, atol=1e-4))
