"""The trained network as an ONNX graph of eight-bit weights, with what else reading needs beside it."""

from __future__ import annotations

import json
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from benchmarks.reader.network import Network
from vectorstore.embedding import WEIGHTS
from vectorstore.export import set_apart
from vectorstore.packaged import state

OUTPUTS = ("tokens", "judged", "spans")
ADDED_UP = {"late": 0.5, "close": 0.6}  # until `measure` chooses them


class Graph(nn.Module):
    """What is exported: token vectors, each sequence's judgements, each token's chance to open or close an answer.

    It has no mask, as sequences are read one by one: a seventh of the time went into masking nothing.
    """

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: Tensor, token_type_ids: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return (batch, tokens, WIDTH), (batch, HEADS) and (batch, tokens, 2)."""
        inside: Any = self.network.encoder
        hidden = inside(input_ids, token_type_ids=token_type_ids).last_hidden_state
        return hidden, self.network.judge(torch.tanh(self.network.pool(hidden[:, 0]))), self.network.span(hidden)


def export(network: Network, tokenizer: Path, folder: Path, *, eight_bit: bool = True) -> None:
    """Write model.onnx, weights.bin, tokenizer.json, reader.json and their checksums; `eight_bit`: weights are int8."""
    folder.mkdir(parents=True, exist_ok=True)
    network.eval()
    with tempfile.TemporaryDirectory() as made:
        whole = Path(made) / "whole.onnx"
        _write(network, whole)
        if eight_bit:
            _quantize(whole, folder / "model.onnx")
        else:
            shutil.copyfile(whole, folder / "model.onnx")
    (folder / WEIGHTS).unlink(missing_ok=True)  # they would be added to those of an earlier model
    set_apart(folder / "model.onnx", folder / WEIGHTS)
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    scale = network.scale.detach().tolist()
    facts = {
        "cosine": round(scale[0], 5),
        "maxsim": round(scale[1], 5),
        "none": round(float(network.none.detach()), 5),
        "weigh": _rounded(network.weigh.weight[0]),
        "weigh_pair": _rounded(network.weigh_pair.weight[0]),
        "mix": [_rounded(row) for row in network.mix],
        "offset": _rounded(network.offset),
        **ADDED_UP,
    }
    (folder / "reader.json").write_text(json.dumps(facts), encoding="utf-8")
    state(folder)


def _rounded(values: Tensor) -> list[float]:
    return [round(value, 6) for value in values.detach().tolist()]


def _write(network: Network, path: Path) -> None:
    shape = {0: "batch", 1: "tokens"}
    example = torch.ones((2, 16), dtype=torch.long)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Graph(network).eval(),
            (example, torch.zeros_like(example)),
            str(path),
            input_names=["input_ids", "token_type_ids"],
            output_names=list(OUTPUTS),
            dynamic_shapes={"input_ids": shape, "token_type_ids": shape},
            dynamo=True,
            external_data=False,
            verbose=False,
        )


def _quantize(whole: Path, path: Path) -> None:
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    graph = onnx.load(whole)
    del graph.graph.value_info[:]  # the exporter's shapes contradict those that the quantizer infers
    onnx.save(graph, whole)
    quantize_dynamic(whole, path, per_channel=True, weight_type=QuantType.QInt8)
