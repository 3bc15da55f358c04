"""Train, export and measure the packaged reader.

    python -m benchmarks.reader train --news ARCHIVE --work FOLDER [--shared ../shared] [--epochs 2]
    python -m benchmarks.reader export --work FOLDER [--to qa/reader/model]

ARCHIVE is made with `qa --store ARCHIVE ingest ../shared/data/news/articles.jsonl.gz`. Training goes on from FOLDER's
checkpoint; its log has a line every ten steps.
"""

from __future__ import annotations

import argparse
import gzip
import json
import pickle
from pathlib import Path

import torch

from benchmarks.reader import data
from benchmarks.reader.network import Network
from benchmarks.reader.train import Data, Plan, Trainer
from qa.config import load
from qa.reader.layout import Layout
from qa.wiring import wire
from vectorstore.models import packaged_model


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
    print(f"{len(archive.texts)} passages, {len(examples)} questions, {len(altered)} altered, {len(claims)} claims")
    return Data(archive.kept(), examples, altered, claims)


def main() -> None:
    """Run the command that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train")
    train.add_argument("--news", type=Path, required=True)
    train.add_argument("--work", type=Path, required=True)
    train.add_argument("--shared", type=Path, default=Path("../shared"))
    train.add_argument("--epochs", type=float, default=Plan().epochs)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    known = prepared(arguments.news, arguments.shared, arguments.work)
    plan = Plan(epochs=arguments.epochs)
    torch.manual_seed(plan.seed)
    model = packaged_model()
    Trainer(Network(model), Layout.open(model / "tokenizer.json"), known, plan, arguments.work).run()


if __name__ == "__main__":
    main()
