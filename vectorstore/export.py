"""Export a sentence-transformers model to ONNX and check it: python -m vectorstore.export MODEL FOLDER PRECISION.

Runs as a separate process. It exports the whole model, with pooling and normalisation, so that every
sentence-transformers model that takes token ids works the same way.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

from vectorstore.embedding import DISAGREES, WEIGHTS, OnnxEmbedder, Precision, load_reference
from vectorstore.models import model_name, seal
from vectorstore.prompts import Prompts

AGREEMENT = {"float32": 0.9999, "int8": 0.95}  # the smallest cosine between an exported vector and the reference's
PROBES = (
    "Who said that?",
    "The minister resigned on Friday, two days after the vote.",
    "Prices rose 3.5 % in 2022, the most since 1981 — and nobody had expected it.",
    "“We will not negotiate,” the spokesman told reporters. “Not now.”",
    "Œuvre complète, naïve façade, Ελληνικά, 東京, Москва",
    "x",
    "A sentence that is long enough to be cut, because it goes on, and on, and " * 40,
)
PROMPTED = Prompts("query: ", "passage: ")  # prompts are settings: an export must agree whatever they are


def main(model: Path, folder: Path, precision: Precision) -> int:
    """Export `model` into `folder`, completely or not at all; return 3 if the vectors do not match."""
    warnings.simplefilter("ignore")
    reference = load_reference(model)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as made:
        draft = Path(made) / "draft"
        draft.mkdir()
        _write(reference, model, draft, precision)
        agrees = _agreement(reference, draft) >= AGREEMENT[precision]
        if not agrees:
            shutil.rmtree(draft)
            draft.mkdir()
            (draft / "disagrees").write_text("its vectors do not match the reference", encoding="ascii")
        seal(draft)
        try:
            draft.rename(folder)
        except OSError:  # another process was faster
            if not folder.is_dir():
                raise
    return 0 if agrees else DISAGREES


def _write(reference: Any, model: Path, draft: Path, precision: Precision) -> None:
    _write_graph(reference, draft / "model.onnx")
    if precision == "int8":
        _quantize(draft / "model.onnx")
    set_apart(draft / "model.onnx", draft / WEIGHTS)
    shutil.copyfile(model / "tokenizer.json", draft / "tokenizer.json")
    facts = {
        "name": model_name(model) + ("" if precision == "float32" else f"+{precision}"),
        "dimension": int(reference.get_embedding_dimension()),
        "max_tokens": int(reference.get_max_seq_length() or 512),
    }
    (draft / "embedder.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")


def _write_graph(reference: Any, path: Path) -> None:
    import torch

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = reference

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            return self.inner(features)["sentence_embedding"]

    shape = {0: "batch", 1: "tokens"}
    example = reference.tokenizer(list(PROBES[:2]), padding=True, return_tensors="pt")  # padded: the mask must count
    with torch.no_grad():
        torch.onnx.export(
            Whole().eval(),
            (example["input_ids"], example["attention_mask"]),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=["unit_vector"],  # "embedding" and "sentence_embedding" are taken inside the graph
            dynamic_shapes={"input_ids": shape, "attention_mask": shape},
            dynamo=True,
            external_data=False,
            verbose=False,
        )


def _quantize(path: Path) -> None:
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    graph = onnx.load(path)
    del graph.graph.value_info[:]  # the exporter's shapes contradict those that the quantizer infers
    onnx.save(graph, path)
    quantize_dynamic(path, path, per_channel=True, weight_type=QuantType.QInt8)


def set_apart(path: Path, weights: Path) -> None:
    """Move a graph's weights to a file that is mapped into memory: 80 MB and 0.1 s less than to read them (MiniLM)."""
    import onnx

    onnx.save(onnx.load(path), path, save_as_external_data=True, location=weights.name)


def _agreement(reference: Any, draft: Path) -> float:
    exported = OnnxEmbedder(draft, prompts=PROMPTED)
    quiet = {"normalize_embeddings": True, "show_progress_bar": False}
    passages = reference.encode_document(list(PROBES), prompt=PROMPTED.passage, **quiet)
    questions = reference.encode_query(list(PROBES), prompt=PROMPTED.query, **quiet)
    ours = exported.embed_passages(PROBES)
    cosines = [float(a @ b) for a, b in zip(passages, ours, strict=True)]
    cosines += [float(q @ exported.embed_query(t)) for q, t in zip(questions, PROBES, strict=True)]
    return min(cosines)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), "int8" if sys.argv[3] == "int8" else "float32"))
