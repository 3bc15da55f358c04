"""Question and text read together: a cross-encoder tells more than two vectors can, and takes far longer.

Nogueira and Cho, "Passage Re-ranking with BERT", arXiv:1901.04085. Importing sentence-transformers costs 5–10 s and
420 MB.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vectorstore.embedding import BATCH, sound
from vectorstore.errors import ModelMissing
from vectorstore.models import COMPLETE, stated, stay_offline

RERANKER = "[search] reranker"  # the setting that names it
CHOOSE = f"Set {RERANKER} to a cross-encoder with one label, such as cross-encoder/ms-marco-MiniLM-L6-v2."
HEADS = ("ForSequenceClassification", "ForCausalLM")


class CrossEncoder:
    """A sentence-transformers CrossEncoder; may be used from several threads."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._lock = threading.Lock()  # its tokenizer refuses a second thread: "Already borrowed"

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return how well each text answers the question, 0 … 1, in the order of the texts."""
        import torch

        pairs = [(asked, text) for asked in sound([question]) for text in sound(texts)]
        if not pairs:
            return []
        with self._lock:
            found = self._model.predict(
                pairs, batch_size=BATCH, show_progress_bar=False, activation_fn=torch.nn.Sigmoid()
            )
        return [float(score) for score in found]


def open_cross_encoder(model: Path, threads: int = 0) -> CrossEncoder:
    """Load the cross-encoder in a folder, from disk only.

    Raises ModelMissing, which names the folder, where there is none, or one that gives more than one number.
    """
    _check_head(model)
    stay_offline()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations inside the libraries are not the user's
        import torch
        from safetensors import SafetensorError
        from sentence_transformers import CrossEncoder as Loaded

        if threads:
            torch.set_num_threads(threads)
        try:
            loaded = Loaded(str(model), device="cpu", local_files_only=True)
        except (OSError, ValueError, RuntimeError, SafetensorError) as error:  # missing, unknown, no fit, cut
            reason = (str(error).strip().splitlines() or ["no reason given"])[0]
            raise ModelMissing(f"The cross-encoder at {model} cannot be loaded: {reason}", COMPLETE) from error
    if loaded.num_labels != 1:
        raise ModelMissing(f"The model at {model} gives {loaded.num_labels} numbers for a text, not one.", CHOOSE)
    return CrossEncoder(loaded)


def _check_head(model: Path) -> None:
    """Raise ModelMissing for a model of another kind: it would be loaded, with a head of chance weights."""
    if not (model / "config.json").is_file():
        raise ModelMissing(f"No cross-encoder at {model}: there is no config.json.", CHOOSE)
    match stated(model / "config.json"), stated(model / "config_sentence_transformers.json"):
        case ({"architectures": [str(kind), *_]}, _) if kind.endswith(HEADS):
            return
        case (_, {"model_type": "CrossEncoder"}):
            return
    raise ModelMissing(f"The model at {model} is no cross-encoder.", CHOOSE)
