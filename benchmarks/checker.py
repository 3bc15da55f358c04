"""The checker of models' sentences, on a labelled set made here: true sentences, and the same with one thing changed.

    python -m benchmarks.checker [--store DIR] [--data ../shared/data] [--cache DIR] [-n 1500] [--json]

True: sentences of the archive's passages as they stand, each also behind an attribution; and with clapnq the
sentences that its annotators wrote in their own words. False: a number, a name, a date or a negation changed in a true
sentence; a sentence of another article; two words put on. Each is checked against its passage among four others, cited
rightly. `caught` is the share of the false that is left out (recall), `precision` the share of false among what
was left out, with as many true ones; `kept` the share of the true that is shown. The baseline takes a sentence for true
whose cosine with the passage's nearest sentence is at least THRESHOLD.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reading import archive, clapnq
from benchmarks.tables import Row, show
from qa.config import load
from qa.reader.reading import Reader
from qa.types import Verdict
from qa.verify.days import MONTHS
from qa.verify.facts import NEGATORS, facts
from qa.verify.verifier import Verifier
from qa.wiring import Wiring, wire
from qa.words import names, tokens
from vectorstore.articles import BlockKind, Hit
from vectorstore.embedding import Embedder
from vectorstore.store import Store

THRESHOLD = 0.6
OTHERS = 4
AUXILIARY = re.compile(r"\b(is|was|are|were|has|have|will|would|can|could|did|does)\b(?! not|n't)")
NOT = re.compile(r"\b(is|was|are|were|has|have|will|would|can|could|did|does) not\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence, whether it is true, what was done to it, and the passages that it is checked against."""

    kind: str
    true: bool
    text: str
    hits: tuple[Hit, ...]
    number: int


Change = Callable[[str, random.Random, Sequence[str]], str | None]


def changed_number(text: str, chance: random.Random, _: Sequence[str]) -> str | None:
    """Return the text with one of its numbers replaced by another."""
    found = list(re.finditer(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?(?![\w-])", text))
    if not found:
        return None
    at = chance.choice(found)
    digits = at[0].replace(",", "")
    other = str(int(float(digits)) + chance.choice([1, 2, 7, 30]))
    return text[: at.start()] + other + text[at.end() :]


def changed_date(text: str, chance: random.Random, _: Sequence[str]) -> str | None:
    """Return the text with a month or a weekday replaced by another."""
    for group in (MONTHS, "monday tuesday wednesday thursday friday saturday sunday".split()):
        shown = [word.capitalize() for word in group]
        found = re.search(rf"\b({'|'.join(shown)})\b(?=\s+\d|[ ,.])", text)
        if found and found[1] not in {"May", "March"}:
            other = chance.choice([word for word in shown if word != found[1]])
            return text[: found.start()] + other + text[found.end() :]
    return None


def changed_name(text: str, chance: random.Random, others: Sequence[str]) -> str | None:
    """Return the text with one of its names replaced by one that stands elsewhere in the same passage, or anywhere."""
    own = names(text)
    if not own or not others:
        return None
    name = chance.choice(own)
    keys = {token.key for token in tokens(text)}
    strange = [o for o in others if not {t.key for t in tokens(o)} & keys]
    return text.replace(name, chance.choice(strange), 1) if strange else None


def changed_negation(text: str, _: random.Random, __: Sequence[str]) -> str | None:
    """Return the text with a negation taken out, or one put in."""
    if NOT.search(text):
        return NOT.sub(r"\1", text, count=1)
    if any(word in NEGATORS for word in re.findall(r"[\w']+", text.lower())):
        return None
    found = AUXILIARY.search(text)
    return text[: found.end()] + " not" + text[found.end() :] if found else None


def embroidered(text: str, chance: random.Random, others: Sequence[str]) -> str | None:
    """Return the text with a tail put on that no passage has: two plain words of other articles."""
    plain = [word for word in others if word.isalpha() and word.islower() and len(word) > 4]
    keys = {token.key for token in tokens(text)}
    strange = [word for word in plain if not {token.key for token in tokens(word)} & keys]
    return f"{text.rstrip(' .')} by {' '.join(chance.sample(strange, 2))}." if len(strange) > 4 else None


CHANGES: dict[str, Change] = {
    "number": changed_number,
    "date": changed_date,
    "name": changed_name,
    "negation": changed_negation,
}


def sample(store: Store, count: int, chance: random.Random) -> list[Hit]:
    """Return passages of different articles, drawn by chance."""
    _, total = store.ledger.count()
    ids = chance.sample(range(1, total + 1), min(total, 3 * count))
    found = {hit.article.id: hit for hit in store.hits(ids)}
    return sorted(found.values(), key=lambda hit: hit.passage)[:count]


def labelled(hits: Sequence[Hit], chance: random.Random) -> Iterator[Labelled]:
    """Yield true and false sentences made of passages."""
    everywhere = [name for hit in chance.sample(list(hits), min(200, len(hits))) for name in names(hit.text)]
    for hit in hits:
        shown = [_text(hit, at) for at in range(len(hit.sentences)) if hit.sentences[at].kind is BlockKind.PARAGRAPH]
        long = [text for text in shown if 40 <= len(text) <= 400 and facts(text).content]
        if not long:
            continue
        text = chance.choice(long)
        among, number = _among(hit, hits, chance)
        yield Labelled("as it stands", True, text, among, number)
        yield Labelled(
            "attributed", True, f"According to {hit.article.title}, {text[0].lower()}{text[1:]}", among, number
        )
        for kind, change in CHANGES.items():
            other = change(text, chance, everywhere)
            if other is not None and other != text:
                yield Labelled(kind, False, other, among, number)
        words = " ".join(h.text for h in chance.sample(list(hits), 5)).split()
        added = embroidered(text, chance, words)
        if added:
            yield Labelled("two words added", False, added, among, number)
        near = [name for name in names(hit.text) if name not in text]
        swapped = changed_name(text, chance, near)
        if swapped:
            yield Labelled("name of the passage", False, swapped, among, number)
        stranger = chance.choice([h for h in hits if h.article.id not in {a.article.id for a in among}])
        away = [_text(stranger, at) for at in range(len(stranger.sentences))]
        yield Labelled("other article", False, max(away, key=len), among, number)


def written(data: Path, store: Store, chance: random.Random) -> Iterator[Labelled]:
    """Yield the sentences in which clapnq's annotators answered, with the passage that they had."""
    hits = {hit.article.url: hit for hit in _all(store)}
    by_title: dict[str, list[Hit]] = {}
    for hit in _all(store):
        by_title.setdefault(hit.article.url or "", []).append(hit)
    with (data / "clapnq" / "answerable.jsonl").open(encoding="utf-8") as lines:
        for at, row in enumerate(map(json.loads, lines)):
            own = by_title.get(f"https://clapnq.invalid/{at}", [])
            others = chance.sample([h for h in hits.values() if h not in own], OTHERS)
            for output in row["output"]:
                for text in re.split(r"(?<=[.!?])\s+(?=[A-Z])", output.get("answer") or ""):
                    if own and len(text) > 30:
                        yield Labelled("in other words", True, text, (*own, *others), 1)


def _all(store: Store) -> list[Hit]:
    _, total = store.ledger.count()
    return list(store.hits(list(range(1, total + 1))))


def _text(hit: Hit, at: int) -> str:
    sentence = hit.sentences[at]
    return hit.text[sentence.start - hit.start : sentence.end - hit.start]


def _among(hit: Hit, hits: Sequence[Hit], chance: random.Random) -> tuple[tuple[Hit, ...], int]:
    others = chance.sample([other for other in hits if other.article.id != hit.article.id], OTHERS)
    at = chance.randrange(OTHERS + 1)
    return (*others[:at], hit, *others[at:]), at + 1


def nearest(row: Labelled, embedder: Embedder) -> bool:
    """The baseline: whether the cited passage's nearest sentence is similar enough."""
    hit = row.hits[row.number - 1]
    vectors = embedder.embed_passages([row.text, *(_text(hit, at) for at in range(len(hit.sentences)))])
    return float((vectors[1:] @ vectors[0]).max()) >= THRESHOLD


def figures(rows: Sequence[Labelled], verdicts: Sequence[Verdict], plain: Sequence[bool]) -> Iterator[Row]:
    """Yield a row for each kind."""
    marked = list(zip(rows, verdicts, plain, strict=True))
    kept = [v is not Verdict.UNSUPPORTED for row, v, _ in marked if row.true]
    lost = 1 - sum(kept) / len(kept)
    for kind in dict.fromkeys(row.kind for row in rows):
        of = [(row, v, p) for row, v, p in marked if row.kind == kind]
        shown = sum(v is not Verdict.UNSUPPORTED for _, v, _ in of) / len(of)
        base = sum(p for _, _, p in of) / len(of)
        if of[0][0].true:
            yield {"kind": kind, "n": len(of), "kept": shown, "kept by baseline": base}
        else:
            caught = 1 - shown
            precision = caught / (caught + lost) if caught + lost else 0.0
            yield {
                "kind": kind,
                "n": len(of),
                "caught": caught,
                "precision": precision,
                "caught by baseline": 1 - base,
            }


def judged(rows: Sequence[Labelled], embedder: Embedder, reader: Reader, misses: int) -> list[Row]:
    """Check all rows and return the figures; prints the first misses of each kind to stderr where asked to."""
    verdicts = [Verifier(row.hits, reader).check(f"{row.text} [{row.number}]").verdict for row in rows]
    counts: dict[str, int] = {}
    for row, verdict in zip(rows, verdicts, strict=True):
        if row.true == (verdict is Verdict.UNSUPPORTED) and counts.setdefault(row.kind, 0) < misses:
            counts[row.kind] += 1
            print(f"{row.kind}: {verdict}: {row.text}\n    {row.hits[row.number - 1].text[:600]!r}", file=sys.stderr)
    return list(figures(rows, verdicts, [nearest(row, embedder) for row in rows]))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, help="an archive whose sentences are used; else clapnq's passages")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "footnote-benchmarks")
    parser.add_argument("-n", type=int, default=1500, help="passages, at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--misses", type=int, default=0, help="print so many of each kind")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    passages = archive(clapnq(given.data).texts, "clapnq", given.cache)
    wiring: Wiring = wire(load(), given.store) if given.store else passages
    chance = random.Random(given.seed)
    with wiring.store() as store, passages.store() as short:
        rows = [*labelled(sample(store, given.n, chance), chance), *written(given.data, short, chance)]
        table = judged(rows, wiring.embedder(), wiring.reader(), given.misses)
    for kind in (True, False):
        show([row for row in table if ("kept" in row) is kind], as_json=given.json)


if __name__ == "__main__":
    main()
