"""The prefixes that asymmetric embedding models expect before a question and before a passage."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from vectorstore.models import stated, title

E5 = re.compile(r"(?:^|[-_])e5(?:[-_]|$)(?!.*instruct)")
BGE = re.compile(r"^bge-(?:small|base|large)-en(?:-|$)")


@dataclass(frozen=True, slots=True)
class Prompts:
    """The prefixes of a question and of a passage; either may be empty.

    `mark` is appended to the embedder's name if the passage prompt is not the model's own: its vectors differ.
    """

    query: str = ""
    passage: str = ""
    mark: str = ""


NONE = Prompts()
FAMILIES = (
    (E5, Prompts("query: ", "passage: ")),  # Wang et al., arXiv:2212.03533
    (BGE, Prompts("Represent this sentence for searching relevant passages: ")),  # Xiao et al., arXiv:2309.07597
)


def prompts_for(model: Path, wanted: Prompts = NONE) -> Prompts:
    """Return a model's prompts: those wanted, else those in its files, else those of its model family.

    Raises ModelMissing if its files cannot be read.
    """
    own, usual = own_prompts(model), familiar(title(model))
    passage = wanted.passage or own.passage or usual.passage
    return Prompts(wanted.query or own.query or usual.query, passage, "" if passage == own.passage else _mark(passage))


def own_prompts(model: Path) -> Prompts:
    """Return the prompts in a sentence-transformers folder's configuration; raises ModelMissing."""
    match stated(model / "config_sentence_transformers.json"):
        case {"prompts": {**said}}:
            return Prompts(str(said.get("query") or ""), str(said.get("document") or said.get("passage") or ""))
    return NONE


def familiar(name: str) -> Prompts:
    """Return the prompts that models of this name were trained with."""
    return next((prompts for family, prompts in FAMILIES if family.search(name.lower())), NONE)


def _mark(passage: str) -> str:
    return "+" + hashlib.sha256(passage.encode("utf-8", "surrogatepass")).hexdigest()[:8]
