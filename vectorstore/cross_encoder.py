"""Cross-encoders, which read a question and a text together: more accurate than two vectors, and far slower.

Nogueira and Cho, "Passage Re-ranking with BERT", arXiv:1901.04085. Importing sentence-transformers costs 5–10 s and
420 MB.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vectorstore.embedding import BATCH, sound
from vectorstore.errors import ModelMissing
from vectorstore.loading import loading
from vectorstore.models import stated

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float32]

RERANKER = "[search] reranker"  # the setting that names it
CHOOSE = f"Set {RERANKER} to a cross-encoder with one label, such as cross-encoder/ms-marco-MiniLM-L6-v2."
LIMIT = 512  # tokens, for a model that states no limit
HEADS = ("ForSequenceClassification", "ForCausalLM")


class CrossEncoder:
    """A sentence-transformers CrossEncoder that several threads may share."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._lock = threading.Lock()  # its tokenizer refuses a second thread: "Already borrowed"

    @property
    def labels(self) -> Mapping[int, str]:
        """The name of each output, or "" where the model's configuration gives none."""
        named: Mapping[int, str] = getattr(self._model.config, "id2label", None) or {}
        return {at: str(named.get(at, "")) for at in range(self._model.num_labels)}

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return how well each text answers the question, from 0 to 1, in the order of the texts."""
        import torch

        return self._run([(question, text) for text in texts], torch.nn.Sigmoid()).ravel().tolist()

    def logits(self, pairs: Sequence[tuple[str, str]]) -> Numbers:
        """Return the model's raw outputs, float32, shape (len(pairs), labels)."""
        import torch

        return self._run(pairs, torch.nn.Identity())

    def fitted(self, text: str, share: float, end: bool = False) -> str:
        """Cut a text, keeping its start or its end, to this share of the model's maximum length."""
        with self._lock:
            return fitted(self._model.tokenizer, text, int(share * (self._model.max_seq_length or LIMIT)), end)

    def _run(self, pairs: Sequence[tuple[str, str]], function: Any) -> Numbers:
        """Run the model over the pairs."""
        import numpy as np

        flat = iter(sound([text for pair in pairs for text in pair]))
        options = {"batch_size": BATCH, "show_progress_bar": False, "activation_fn": function}
        with self._lock:
            found = self._model.predict(list(zip(flat, flat, strict=True)), **options) if pairs else []
        return np.asarray(found, dtype=np.float32).reshape(len(pairs), self._model.num_labels)


def open_cross_encoder(model: Path, threads: int = 0) -> CrossEncoder:
    """Load the reranker in a folder, from disk only.

    Raises ModelMissing, naming the folder, if there is none or if it has more than one output.
    """
    loaded = load_cross_encoder(model, threads)
    if len(loaded.labels) != 1:
        raise ModelMissing(f"The model at {model} has {len(loaded.labels)} outputs instead of one.", CHOOSE)
    return loaded


def load_cross_encoder(model: Path, threads: int = 0, hint: str = CHOOSE) -> CrossEncoder:
    """Load a cross-encoder with any number of labels; raises ModelMissing, with `hint` for other kinds of model."""
    _check_head(model, hint)
    with loading("cross-encoder", model, threads):
        from sentence_transformers import CrossEncoder as Loaded

        return CrossEncoder(Loaded(str(model), device="cpu", local_files_only=True))


def fitted(tokenizer: Any, text: str, most: int, end: bool = False) -> str:
    """Cut a text, keeping its start or its end, to at most `most` tokens and at least one."""
    (whole,) = sound([text])
    spans = tokenizer(whole, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
    most = max(1, most)
    if len(spans) <= most:
        return text
    return text[spans[-most][0] :] if end else text[: spans[most - 1][1]]


def _check_head(model: Path, hint: str) -> None:
    """Raise ModelMissing for other kinds of model, which would load with a randomly initialised head."""
    if not (model / "config.json").is_file():
        raise ModelMissing(f"No cross-encoder at {model}: config.json is missing.", hint)
    match stated(model / "config.json"), stated(model / "config_sentence_transformers.json"):
        case ({"architectures": [str(kind), *_]}, _) if kind.endswith(HEADS):
            return
        case (_, {"model_type": "CrossEncoder"}):
            return
    raise ModelMissing(f"The model at {model} is not a cross-encoder.", hint)
