"""Texts of our own in 26 languages, cut into sentences by ours, by sentencex and by pysbd where these are installed.

    python -m benchmarks.sentences [--json]

`right` is the share of texts that are cut exactly; `precision` and `recall` are of the sentences' ends. The texts, in
benchmarks/sentences.txt, are made of what is hard: abbreviations, ordinals, initials, quotations, other marks than a
full stop. pysbd is asked as English for the languages that it does not know.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.tables import Row, show
from qa.ingest.sentences import sentence_spans

FILE = Path(__file__).with_name("sentences.txt")

Splitter = Callable[[str, str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Cut:
    """A text in a language, with its sentences."""

    language: str
    text: str
    sentences: tuple[str, ...]


def cuts() -> Iterator[Cut]:
    """Yield the texts, as they should be cut."""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            language, _, marked = line.partition(": ")
            sentences = tuple(part.strip() for part in marked.split("|"))
            yield Cut(language, (" " if " | " in marked else "").join(sentences), sentences)


def ours(language: str, text: str) -> list[str]:
    """Cut a text by our own rules."""
    return [text[start:end] for start, end in sentence_spans(text, 0, len(text), language)]


def splitters() -> Mapping[str, Splitter]:
    """Return our own splitter, and those of the libraries that are installed."""
    known: dict[str, Splitter] = {"ours": ours}
    if importlib.util.find_spec("sentencex"):
        known["sentencex"] = importlib.import_module("sentencex").segment
    if importlib.util.find_spec("pysbd"):
        pysbd = importlib.import_module("pysbd")
        codes = importlib.import_module("pysbd.languages").LANGUAGE_CODES
        known["pysbd"] = lambda language, text: pysbd.Segmenter(language if language in codes else "en").segment(text)
    return known


def ends(text: str, sentences: Iterable[str]) -> set[int]:
    """Return where the sentences end in their text."""
    found, at = set(), 0
    for sentence in filter(None, map(str.strip, sentences)):
        if (start := text.find(sentence, at)) >= 0:
            at = start + len(sentence)
            found.add(at)
    return found


def row(system: str, language: str, asked: Iterable[Cut], split: Splitter) -> Row:
    """Return a splitter's line of the table."""
    pairs = [(ends(one.text, one.sentences), ends(one.text, split(one.language, one.text))) for one in asked]
    shared, gold, given = (sum(map(len, sets)) for sets in ([a & b for a, b in pairs], *zip(*pairs, strict=True)))
    return {
        "system": system,
        "language": language,
        "right": sum(a == b for a, b in pairs) / len(pairs),
        "precision": shared / given,
        "recall": shared / gold,
        "texts": len(pairs),
    }


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    texts = list(cuts())
    rows = [
        row(system, language, [one for one in texts if language in {one.language, "all"}], split)
        for system, split in splitters().items()
        for language in [*dict.fromkeys(one.language for one in texts), "all"]
    ]
    show(rows, as_json=given.json)


if __name__ == "__main__":
    main()
