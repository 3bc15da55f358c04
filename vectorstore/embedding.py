"""Text to vectors: the Embedder protocol, the reference model and its ONNX export.

Importing sentence-transformers costs 5–10 s and 420 MB, too much for one question. `vectorstore.export` therefore
exports the model to ONNX once, in a separate process; the export is used only if its vectors match the reference.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from vectorstore.crew import Crew, session
from vectorstore.errors import AppError, ModelMissing
from vectorstore.lock import take
from vectorstore.models import COMPLETE, EMBEDDING, is_sealed, known_hash, model_name, stay_offline
from vectorstore.prompts import NONE, Prompts, prompts_for

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]

BATCH = 16  # of what PyTorch runs: larger ones gained nothing
LARGE = 250_000_000  # bytes of a model from which a question is worth several cores
EXPORT_SECONDS = 600
FORMATS = {"float32": "4", "int8": "4-int8"}  # folders of exports
WEIGHTS = "weights.bin"  # beside an export's model.onnx
Precision = Literal["float32", "int8"]
DISAGREES = 3  # exit code of vectorstore.export: the exported vectors do not match the reference


class Embedder(Protocol):
    """Turns passages and questions into unit vectors of one vector space."""

    @property
    def name(self) -> str:
        """The model's name, a hash of its files and any custom prompt; equal names mean comparable vectors."""
        ...

    @property
    def dimension(self) -> int:
        """The number of components of a vector."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), dimension), in the order of the texts."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """Return one unit vector, float32, shape (dimension,)."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return each text's length in the model's tokens, without special tokens and without truncation."""
        ...


class OnnxEmbedder:
    """A sentence-transformers model exported to ONNX, run by onnxruntime and tokenizers (0.3 s to import)."""

    def __init__(self, folder: Path, threads: int = 0, prompts: Prompts = NONE) -> None:
        from tokenizers import Tokenizer

        facts = json.loads((folder / "embedder.json").read_text(encoding="utf-8"))
        self.name: str = facts["name"] + prompts.mark
        self.dimension: int = facts["dimension"]
        self._limit: int = facts["max_tokens"]
        self._prompts = prompts
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()  # tokenizer.json may ask for padding and cutting at 128
        self._tokenizer.no_truncation()
        large = (folder / WEIGHTS).stat().st_size > LARGE
        self._crew = Crew(1 if large else threads)
        self._session = session(folder / "model.onnx", threads if large else 1)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), dimension), in the order of the texts."""
        return self._embed([self._prompts.passage + text for text in texts])

    def embed_query(self, text: str) -> Vectors:
        """Return one unit vector, float32, shape (dimension,)."""
        row: Vectors = self._embed([self._prompts.query + text])[0]
        return row

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return each text's length in the model's tokens, without special tokens and without truncation."""
        return [len(e.ids) for e in self._tokenizer.encode_batch(sound(texts), add_special_tokens=False)]

    def _embed(self, texts: list[str]) -> Vectors:
        import numpy as np

        encoded = [self._cut(e.ids) for e in self._tokenizer.encode_batch(sound(texts))]
        return np.array(self._crew.each(self._run, encoded), np.float32).reshape(len(texts), self.dimension)

    def _cut(self, ids: list[int]) -> list[int]:
        return ids if len(ids) <= self._limit else [*ids[: self._limit - 1], ids[-1]]

    def _run(self, tokens: list[int]) -> Vectors:
        import numpy as np

        ids = np.array([tokens], np.int64)
        (vectors,) = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        row: Vectors = np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)[0]
        return row


class SentenceTransformerEmbedder:
    """The reference: the model as sentence-transformers runs it, used if its ONNX export does not match."""

    def __init__(self, model: Path, threads: int = 0, prompts: Prompts = NONE) -> None:
        self._model = load_reference(model, threads)
        self._prompts = prompts
        self._lock = threading.Lock()  # its tokenizer refuses a second thread: "Already borrowed"
        self.name = model_name(model) + prompts.mark
        self.dimension = int(self._model.get_embedding_dimension())

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), dimension), in the order of the texts."""
        with self._lock:
            encode, prompt = self._model.encode_document, self._prompts.passage
            return self._rows(encode(sound(texts), prompt=prompt, **self._options))

    def embed_query(self, text: str) -> Vectors:
        """Return one unit vector, float32, shape (dimension,)."""
        with self._lock:
            encode, prompt = self._model.encode_query, self._prompts.query
            row: Vectors = self._rows(encode(sound([text]), prompt=prompt, **self._options))[0]
        return row

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return each text's length in the model's tokens, without special tokens and without truncation."""
        encode = self._model.tokenizer.encode
        with self._lock:
            return [len(encode(text, add_special_tokens=False, truncation=False)) for text in sound(texts)]

    _options = {"normalize_embeddings": True, "show_progress_bar": False, "batch_size": BATCH}  # noqa: RUF012 - read only

    def _rows(self, vectors: Any) -> Vectors:
        import numpy as np

        return np.asarray(vectors, dtype=np.float32).reshape(-1, self.dimension)


def load_reference(model: Path, threads: int = 0) -> Any:
    """Load the model with sentence-transformers, from disk only; costs 5–10 s and 420 MB."""
    stay_offline()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations inside the libraries are not the user's
        import torch
        from sentence_transformers import SentenceTransformer

        if threads:
            torch.set_num_threads(threads)
        return SentenceTransformer(str(model), device="cpu", local_files_only=True)


def sound(texts: Sequence[str]) -> list[str]:
    """Return the texts with lone surrogates, which tokenizers reject, replaced by a question mark."""
    return [text.encode("utf-8", "replace").decode("utf-8") for text in texts]


def open_embedder(
    model: Path,
    cache: Path,
    threads: int = 0,
    say: Callable[[str], None] = lambda _: None,
    wanted: Prompts = NONE,
    precision: Precision = "float32",
) -> Embedder:
    """Return the embedder of a sentence-transformers folder, exporting it to ONNX into `cache` the first time.

    An export whose files are damaged is made again. `wanted` are prompts to use instead of the model's. With
    `precision="int8"` the weights of the export are eight-bit integers, quantized per channel, and its vectors are
    another space. Raises ModelMissing if `model` holds no sentence-transformers model, if the export fails, or if eight
    bits change its vectors too much.
    """
    if not (model / "modules.json").is_file():
        raise ModelMissing(
            f"No sentence-transformers model at {model}.",
            f"Set {EMBEDDING} to a folder that holds modules.json, or remove it to use the packaged model.",
        )
    folder = cache / known_hash(model, cache)[:16] / FORMATS[precision]
    if not is_sealed(folder):
        say("Preparing the embedding model (once; 15 seconds, or minutes for a large one) …")
        with _alone(folder):
            if not is_sealed(folder):
                for left in (folder, *folder.parent.glob("tmp*")):  # a damaged one, and drafts of killed exports
                    shutil.rmtree(left, ignore_errors=True)
                _export(model, folder, precision)
    prompts = prompts_for(model, wanted)
    if (folder / "disagrees").is_file():
        if precision == "int8":
            raise ModelMissing(
                f"The model at {model} cannot be used in int8: its vectors would change too much.",
                'Set [embedding] precision to "float32".',
            )
        return SentenceTransformerEmbedder(model, threads, prompts)
    return OnnxEmbedder(folder, threads, prompts)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait for whoever prepares the same model; where no lock can be taken, the export will say why."""
    lock = None
    with suppress(OSError, AppError):
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = take(folder.parent / "export.lock", EXPORT_SECONDS)
    try:
        yield
    finally:
        if lock is not None:
            lock.release()


def _export(model: Path, folder: Path, precision: Precision) -> None:
    """Export in a separate process, which returns torch's memory and does not freeze a screen."""
    command = [sys.executable, "-m", "vectorstore.export", str(model), str(folder), precision]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=EXPORT_SECONDS, check=False)
        reason = (run.stderr.strip().splitlines() or ["no reason given"])[-1]
    except subprocess.TimeoutExpired:
        run, reason = None, f"it took more than {EXPORT_SECONDS} s"
    if run is None or run.returncode not in (0, DISAGREES):
        raise ModelMissing(f"The model at {model} could not be prepared: {reason}", COMPLETE)
