"""Models of the user's as readers: each does what it was trained for, and the packaged reader does the rest.

A model that finds answers (SQuAD2: Rajpurkar, Jia and Liang, arXiv:1806.03822) or that scores question and text
together (a cross-encoder) reads; whether a text bears a statement out the packaged reader judges, since to be about the
same thing is not to say it. A model of natural language inference judges, and the packaged reader reads.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from qa.reader.layout import headed
from qa.reader.pairs import QUESTION, InferenceJudge, PairReader, quotable, ranked
from qa.reader.reading import Evidence, Reader, Reading
from qa.reader.spans import Window, best, trimmed
from vectorstore.articles import Hit
from vectorstore.cross_encoder import HEADS, fitted, load_cross_encoder
from vectorstore.embedding import BATCH, sound
from vectorstore.errors import ModelMissing
from vectorstore.loading import loading
from vectorstore.models import known_hash, stated, title

READER = "[reader] model"  # the setting that names it
SPANS = "ForQuestionAnswering"
CHOOSE = (
    f"Set {READER} to a model that was trained on SQuAD 2, such as deepset/roberta-base-squad2, to a cross-encoder such"
    " as cross-encoder/ms-marco-MiniLM-L6-v2, or to one for inference such as cross-encoder/nli-deberta-v3-small."
)
LIMIT = 512  # tokens that a span reader is given at once: what such models were trained on
OVERLAP = 64  # tokens of the window before that a window repeats, at most: more than an answer has


class Reads(Protocol):
    """The half of a Reader that reads."""

    @property
    def name(self) -> str:
        """The model's name, with a hash of its files."""
        ...

    def read(self, question: str, passages: Sequence[Hit]) -> list[Reading]:
        """Return a reading of each sentence of the passages that may be quoted, likeliest first."""
        ...


class Judges(Protocol):
    """The half of a Reader that judges statements."""

    @property
    def name(self) -> str:
        """The model's name, with a hash of its files."""
        ...

    def supports(self, statement: str, evidence: Sequence[Evidence]) -> list[float]:
        """Return for each evidence how likely it bears the statement out, 0 … 1, in the order given."""
        ...


@dataclass(frozen=True, slots=True)
class ExternalReader:
    """A reader of two halves."""

    reads: Reads
    judge: Judges

    @property
    def name(self) -> str:
        """Both models' names, the one that reads first."""
        return f"{self.reads.name} + {self.judge.name}"

    def read(self, question: str, passages: Sequence[Hit]) -> list[Reading]:
        """Return a reading of each sentence of the passages that may be quoted, likeliest first."""
        return self.reads.read(question, passages)

    def supports(self, statement: str, evidence: Sequence[Evidence]) -> list[float]:
        """Return for each evidence how likely it bears the statement out, 0 … 1, in the order given."""
        return self.judge.supports(statement, evidence)


class SpanReader:
    """Reads with an extractive model: a sentence scores as its likeliest span, in log-odds against no answer.

    Each passage is read under its title and day; may be used from several threads.
    """

    def __init__(self, name: str, model: Any, tokenizer: Any) -> None:
        self.name = name
        self._model, self._tokenizer = model, tokenizer
        self._window = min(LIMIT, tokenizer.model_max_length, _positions(model))
        self._takes = set(inspect.signature(model.forward).parameters)
        self._lock = threading.Lock()  # its tokenizer refuses a second thread: "Already borrowed"

    def read(self, question: str, passages: Sequence[Hit]) -> list[Reading]:
        """Return a reading of each sentence of prose, likeliest first; its answer is its likeliest span."""
        heads = [f"{line}\n" if (line := headed(hit)) else "" for hit in passages]
        texts = [head + hit.text for head, hit in zip(heads, passages, strict=True)]
        with self._lock:
            windows = self._windows(question, sound(texts))
        found = []
        for reading in quotable(passages):
            start = reading.hit.start - len(heads[reading.rank])  # where the text that was read begins in the article
            bounds = reading.sentence.start - start, reading.sentence.end - start
            if likeliest := best(windows[reading.rank], texts[reading.rank], bounds):
                score, (first, last) = likeliest
                found.append(replace(reading, score=score, answers=((first + start, last + start),)))
        return ranked(found)

    def _windows(self, question: str, texts: Sequence[str]) -> list[list[Window]]:
        """Each text's windows, run in batches of about one length."""
        found: list[list[Window]] = [[] for _ in texts]
        cut = self._cut(question, texts) if texts else []
        order = sorted(range(len(cut)), key=lambda at: len(cut[at][1].ids))
        for start in range(0, len(order), BATCH):
            for at, opening, closing in self._run(cut, order[start : start + BATCH]):
                text, encoding = cut[at]
                found[text].append(self._window_of(texts[text], encoding, opening, closing))
        return found

    def _cut(self, question: str, texts: Sequence[str]) -> list[tuple[int, Any]]:
        """Each window's text, as a place among the texts, and its tokens, the question's before the text's."""
        (asked,) = sound([fitted(self._tokenizer, question, int(QUESTION * self._window), end=True)])
        taken = len(self._tokenizer(asked)["input_ids"]) + self._tokenizer.num_special_tokens_to_add(pair=True)
        encoded = self._tokenizer(
            [asked] * len(texts),
            list(texts),
            truncation="only_second",
            max_length=self._window,
            stride=min(OVERLAP, max(0, self._window - taken) // 2),
            return_overflowing_tokens=True,
        )
        return list(zip(encoded["overflow_to_sample_mapping"], encoded.encodings, strict=True))

    def _run(self, cut: Sequence[tuple[int, Any]], rows: Sequence[int]) -> Iterator[tuple[int, Any, Any]]:
        """Each row with the logits of its tokens."""
        import torch

        encodings = [cut[at][1] for at in rows]
        given = {
            "input_ids": _padded([one.ids for one in encodings], self._tokenizer.pad_token_id or 0),
            "token_type_ids": _padded([one.type_ids for one in encodings]),
            "attention_mask": _padded([one.attention_mask for one in encodings]),
        }
        names = self._takes.intersection(self._tokenizer.model_input_names)
        with torch.inference_mode():
            out = self._model(**{name: torch.tensor(given[name]) for name in given if name in names})
        yield from zip(rows, out.start_logits.numpy(), out.end_logits.numpy(), strict=True)

    def _window_of(self, text: str, encoding: Any, opening: Any, closing: Any) -> Window:
        own = [at for at, sequence in enumerate(encoding.sequence_ids) if sequence == 1]
        first = self._tokenizer.cls_token_id
        none = encoding.ids.index(first) if first in encoding.ids else 0
        offsets = [trimmed(text, encoding.offsets[at]) for at in own]
        return Window(offsets, opening[own], closing[own], float(opening[none] + closing[none]))


def open_external(model: Path, cache: Path, threads: int, packaged: Callable[[], Reader]) -> Reader:
    """Return the reader that a folder's model makes, with the packaged one for the half that it was not trained for.

    Loads from disk only. Raises ModelMissing, which names the folder, where no model is there that reads or judges.
    """
    if not (config := model / "config.json").is_file():
        raise ModelMissing(f"No reader at {model}: there is no config.json.", CHOOSE)
    facts = stated(config)
    stands = facts.get("architectures") if isinstance(facts, dict) else None
    kind = str(stands[0]) if isinstance(stands, list) and stands else "nothing"
    if not kind.endswith((SPANS, *HEADS)):
        raise ModelMissing(f"The model at {model} is no reader: its config.json says that it is {kind}.", CHOOSE)
    name = f"{title(model)}@{known_hash(model, cache)[:12]}"
    if kind.endswith(SPANS):
        return ExternalReader(_span_reader(name, model, threads), packaged())
    pairs = load_cross_encoder(model, threads, CHOOSE)
    if len(pairs.labels) == 1:
        return ExternalReader(PairReader(name, pairs), packaged())
    entails = [at for at, label in pairs.labels.items() if label.casefold().startswith("entail")]
    if len(entails) != 1:
        told = ", ".join(pairs.labels.values())
        raise ModelMissing(f"Which label of the model at {model} means that a text entails it? It has: {told}.", CHOOSE)
    return ExternalReader(packaged(), InferenceJudge(name, pairs, entails[0]))


def _span_reader(name: str, model: Path, threads: int) -> SpanReader:
    with loading("reader", model, threads):
        import torch
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer

        local = {"local_files_only": True, "trust_remote_code": False}
        tokenizer = AutoTokenizer.from_pretrained(str(model), **local)
        loaded, told = AutoModelForQuestionAnswering.from_pretrained(
            str(model), dtype=torch.float32, output_loading_info=True, **local
        )
    if missing := sorted(told["missing_keys"]):
        raise ModelMissing(f"The reader at {model} lacks weights: {missing[0]}.", CHOOSE)
    if not tokenizer.is_fast:
        raise ModelMissing(f"The tokenizer at {model} does not tell where its tokens stand.", CHOOSE)
    return SpanReader(name, loaded.eval(), tokenizer)


def _padded(rows: Sequence[Sequence[int]], fill: int = 0) -> list[list[int]]:
    width = max(map(len, rows))
    return [[*row, *[fill] * (width - len(row))] for row in rows]


def _positions(model: Any) -> int:
    """The tokens that a model has positions for; RoBERTa's kin keep the first ones for padding."""
    for name, part in model.named_modules():
        if name.endswith("position_embeddings") and hasattr(part, "num_embeddings"):
            padding = part.padding_idx
            return int(part.num_embeddings) - (0 if padding is None else padding + 1)
    return LIMIT
