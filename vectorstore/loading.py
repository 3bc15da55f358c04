"""Loading PyTorch models from disk, quietly and completely."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vectorstore.errors import ModelMissing
from vectorstore.models import COMPLETE, stay_offline

VOCABULARIES = (
    "tokenizer.json vocab.txt vocab.json spiece.model spm.model sentencepiece.bpe.model tokenizer.model".split()
)


@contextmanager
def loading(kind: str, model: Path, threads: int = 0) -> Iterator[None]:
    """Load a model in the body of `with`, turning the libraries' errors about its files into ModelMissing.

    `kind` names the model in messages; `threads` applies to everything that PyTorch runs in this process, 0 leaves it
    unchanged. Importing PyTorch and transformers costs 4–7 s and 250 MB.
    """
    if not any((model / name).is_file() for name in VOCABULARIES):  # the library would create an empty one
        raise ModelMissing(f"The {kind} at {model} has no vocabulary: tokenizer.json is missing.", COMPLETE)
    stay_offline()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations inside the libraries are not the user's
        import torch
        from safetensors import SafetensorError
        from transformers.utils import logging

        quiet: Any = logging  # has no types
        quiet.set_verbosity_error()  # otherwise it reports unused weights on stderr
        quiet.disable_progress_bar()
        if threads:
            torch.set_num_threads(threads)
        try:
            yield
        except (OSError, ValueError, RuntimeError, ImportError, SafetensorError) as error:  # missing, unknown, cut, …
            reason = (str(error).strip().splitlines() or ["no reason given"])[0]
            raise ModelMissing(f"The {kind} at {model} cannot be loaded: {reason}", COMPLETE) from error
