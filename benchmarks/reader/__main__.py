"""Train, export and measure the packaged reader.

    python -m benchmarks.reader train --news ARCHIVE --work FOLDER [--shared ../shared] [--epochs 2]
    python -m benchmarks.reader export --work FOLDER [--model qa/reader/model]
    python -m benchmarks.reader measure --news ARCHIVE --work FOLDER [--model qa/reader/model] [--limit 600]

ARCHIVE is made with `qa --store ARCHIVE ingest ../shared/data/news/articles.jsonl.gz`. Training goes on from FOLDER's
checkpoint; its log has a line every ten steps.
"""

from __future__ import annotations

import argparse
import gzip
import json
import pickle
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from benchmarks.reader import data
from benchmarks.reader.export import export
from benchmarks.reader.fit import CONFIDENCE, RANKING, fit, report
from benchmarks.reader.measure import absent, retrieved, seen
from benchmarks.reader.network import Network
from benchmarks.reader.train import Data, Plan, Trainer
from qa.config import load
from qa.reader.layout import Layout
from qa.reader.packaged import MODEL, PackagedReader
from qa.wiring import wire
from vectorstore.packaged import packaged_model


def prepared(archive: Path, shared: Path, work: Path) -> Data:
    """Return what is trained on, from the work folder where it was prepared before."""
    cache = work / "data.pickle"
    if not cache.is_file():
        wiring = wire(load(), archive)
        with wiring.store() as store:
            made = _made(data.Archive(store, wiring.embedder()), shared)
        cache.write_bytes(pickle.dumps(made))
    loaded = pickle.loads(cache.read_bytes())
    assert isinstance(loaded, Data)
    return loaded


def _made(archive: data.Archive, shared: Path) -> Data:
    with gzip.open(shared / "data/news/articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        stories = {row["url"]: row for row in map(json.loads, lines)}
    folder = shared / "data/reader"
    texts = {url: row["text"] for url, row in stories.items()}
    days = {
        url: {"text": r["text"], "title": r["title"], "day": r["publish_date"][:10].replace("/", "-")}
        for url, r in stories.items()
    }
    examples = data.examples(archive, data.rows(folder / "questions_train.jsonl"), texts)
    altered = dict(data.altered(data.rows(folder / "altered_train.jsonl")))
    claims = data.claims(data.rows(folder / "claims_train.jsonl"), days)
    paragraphs = data.paragraphs(shared / "data/squad2/dev_half.json")
    print(f"{len(archive.texts)} passages, {len(examples)} questions, {len(altered)} altered, {len(claims)} claims")
    return Data(archive.kept(), examples, altered, claims, paragraphs, _judged(archive, folder, texts, days))


def _judged(
    archive: data.Archive, folder: Path, texts: Mapping[str, str], days: Mapping[str, Mapping[str, str]]
) -> list[data.Judged]:
    questions, copies = (data.rows(folder / f"{name}_dev.jsonl") for name in ("questions", "altered"))
    relations = data.relations(archive, questions, data.altered(copies), texts)
    claims = data.claims(data.rows(folder / "claims_dev.jsonl"), days)
    made = [data.Judged(c.statement, c.heading, "", " ".join(c.evidence), c.supported, "claims") for c in claims]
    return [*relations, *made]


def train(given: argparse.Namespace) -> None:
    """Train to the end, or on from the checkpoint."""
    known = prepared(given.news, given.shared, given.work)
    plan = Plan(epochs=given.epochs)
    torch.manual_seed(plan.seed)
    model = packaged_model()
    network = Network(model)
    if given.start:
        network.load_state_dict(torch.load(given.start, weights_only=False)["network"])
    Trainer(network, Layout.open(model / "tokenizer.json"), known, plan, given.work).run()


def trained(work: Path) -> Network:
    """Return the network of a work folder's checkpoint."""
    network = Network(packaged_model())
    network.load_state_dict(torch.load(work / "checkpoint.pt", weights_only=False)["network"])
    return network


def measure(given: argparse.Namespace) -> None:
    """Print the development figures of a model, and the weights that they choose."""
    wiring = wire(load(), given.news)
    with wiring.store() as store:
        found = retrieved(lambda: wiring.assistant(store), given.shared, given.work, given.limit)
        ids = {hit.article.id for one in found for hit in one.hits}
        texts = store.ledger.texts(ids)
    dump, reader = told(given.shared), PackagedReader(given.model)
    gone = absent(found, (given.shared / "data/reader/absent_dev.txt").read_text(encoding="utf-8").split())
    looked = []
    for at, one in enumerate([*found, *gone], 1):
        looked.append(replace(seen(reader, one, dump, texts), absent=at > len(found)))
        if at % 100 == 0:
            print(f"read {at}/{len(found) + len(gone)}", file=sys.stderr, flush=True)
    fitted = fit(looked)
    print(json.dumps({name: round(value, 3) for name, value in report(looked, fitted).items()}, indent=1))
    print("ranking", dict(zip(RANKING, np.round(fitted.ranking, 3).tolist(), strict=True)))
    print(
        "confidence", dict(zip(CONFIDENCE, np.round(fitted.confidence, 3).tolist(), strict=True)), round(fitted.bias, 3)
    )
    (given.work / "seen.pickle").write_bytes(pickle.dumps(looked))


def told(shared: Path) -> dict[str, str]:
    """Return the dump's texts by URL."""
    with gzip.open(shared / "data/news/articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        return {row["url"]: row["text"] for row in map(json.loads, lines)}


def main() -> None:
    """Run the command that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, act in (("train", train), ("export", exported), ("measure", measure)):
        command = commands.add_parser(name)
        command.set_defaults(act=act)
        command.add_argument("--work", type=Path, required=True)
        command.add_argument("--news", type=Path)
        command.add_argument("--shared", type=Path, default=Path("../shared"))
        command.add_argument("--start", type=Path, help="a checkpoint to begin with, of an earlier run")
        command.add_argument("--epochs", type=float, default=Plan().epochs)
        command.add_argument("--model", type=Path, default=MODEL)
        command.add_argument("--limit", type=int, help="about so many questions, evenly spaced")
        command.add_argument("--whole", action="store_true", help="export in fp32")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    given.act(given)


def exported(given: argparse.Namespace) -> None:
    """Export the checkpoint's network."""
    export(trained(given.work), packaged_model() / "tokenizer.json", given.model, eight_bit=not given.whole)


if __name__ == "__main__":
    main()
