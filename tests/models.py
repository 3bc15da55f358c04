"""Small models of chance weights, made on the spot: what they say means nothing, but it is the same each time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vectorstore.models import stay_offline

WORDS = "rain fell in the harbour missile flew far who what ask text query passage : . ? , a of"
SHAPE: dict[str, Any] = {
    "hidden_size": 16,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "max_position_embeddings": 64,
    "initializer_range": 0.5,  # wide, so that texts differ
}


def tiny_embedder(folder: Path) -> Path:
    """Return `folder`, in which there is now a sentence-transformers model without prompts of its own."""
    stay_offline()
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertModel

    inner = folder.parent / "bert"
    torch.manual_seed(1)
    BertModel(_config()).save_pretrained(inner)
    _tokenizer(inner)
    words = Transformer(str(inner))
    SentenceTransformer(modules=[words, Pooling(16)], device="cpu").save(str(folder))
    return folder


def tiny_cross_encoder(folder: Path, labels: int = 1, named: Sequence[str] = ()) -> Path:
    """Return `folder`, in which there is now a cross-encoder with so many labels, or with these."""
    import torch
    from transformers import BertForSequenceClassification

    torch.manual_seed(1)
    more = {"id2label": dict(enumerate(named))} if named else {"num_labels": labels}
    BertForSequenceClassification(_config(**more)).save_pretrained(folder)
    _tokenizer(folder)
    return folder


def tiny_extractive(folder: Path) -> Path:
    """Return `folder`, in which there is now a model that says where an answer opens and closes."""
    import torch
    from transformers import BertForQuestionAnswering

    torch.manual_seed(1)
    BertForQuestionAnswering(_config()).save_pretrained(folder)
    _tokenizer(folder)
    return folder


def _vocabulary() -> list[str]:
    letters = [f"{mark}{letter}" for mark in ("", "##") for letter in "abcdefghijklmnopqrstuvwxyz0123456789"]
    return list(dict.fromkeys(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS.split(), *letters]))


def _config(**more: Any) -> Any:
    from transformers import BertConfig

    return BertConfig(vocab_size=len(_vocabulary()), **SHAPE, **more)


def _tokenizer(folder: Path) -> None:
    from tokenizers import BertWordPieceTokenizer

    (folder / "vocab.txt").write_text("\n".join(_vocabulary()), encoding="utf-8")
    made = BertWordPieceTokenizer(str(folder / "vocab.txt"))
    made.save(str(folder / "tokenizer.json"))
    facts = {"tokenizer_class": "BertTokenizerFast", "model_max_length": 64}
    (folder / "tokenizer_config.json").write_text(json.dumps(facts), encoding="utf-8")
