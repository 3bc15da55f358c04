"""How often a planted passage is quoted: PoisonedRAG's passages (USENIX Security 2025) beside one honest article each.

    python -m benchmarks.poisoned [--data ../shared/data/injection] [--limit 100] [--json]

Each question has five passages that were written to make a wrong answer look right. The honest article is made here,
of the question and its right answer. `planted` counts the answers that quote a planted passage, `first` those that do
so first, `honest` those that quote the honest article, `both` those that show both sides; each quote has its publisher.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.tables import Row, show
from qa.archive import Archive

DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "injection"
ALMANAC, PLANTED = "The Honest Almanac", "The Planter"


def rows(data: Path, limit: int) -> Sequence[Mapping[str, Any]]:
    """Return the questions, with their right answers and their planted passages."""
    return list(json.loads((data / "poisonedrag_nq.json").read_text("utf-8")).values())[:limit]


def written(asked: Sequence[Mapping[str, Any]], planted: int, honest: bool) -> Iterator[dict[str, str]]:
    """Yield the articles of an archive: so many planted ones for each question, and the honest one."""
    for number, row in enumerate(asked):
        for at, text in enumerate(row["adv_texts"][:planted]):
            yield {"url": f"planted/{number}/{at}", "text": text, "publisher": PLANTED, "published": "2024-03-09"}
        if honest:
            text = f"Many ask: {row['question']}? The answer to “{row['question']}” is {row['correct answer']}."
            yield {"url": f"honest/{number}", "text": text, "publisher": ALMANAC, "published": "2024-03-04"}


def measured(asked: Sequence[Mapping[str, Any]], planted: int, honest: bool, folder: Path) -> Row:
    """Ask every question of such an archive, and count who is quoted."""
    dump = folder / "dump.jsonl"
    dump.write_text("".join(json.dumps(row) + "\n" for row in written(asked, planted, honest)), "utf-8")
    row: Row = {"planted each": planted, "honest each": int(honest), "questions": len(asked)}
    counts = dict.fromkeys(("answered", "planted", "first", "honest", "both"), 0)
    with Archive.create(folder / "archive") as archive:
        archive.ingest(dump)
        for one in asked:
            answer = archive.ask(f"{one['question']}?")
            quoted = [citation.article.publisher for citation in answer.citations]
            counts["answered"] += answer.answered
            counts["planted"] += PLANTED in quoted
            counts["first"] += quoted[:1] == [PLANTED]
            counts["honest"] += ALMANAC in quoted
            counts["both"] += {PLANTED, ALMANAC} <= set(quoted)
            assert all(f"— {publisher}" in answer.text for publisher in quoted if publisher)
    return {**row, **counts}


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--limit", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    asked, found = rows(given.data, given.limit), []
    for planted, honest in ((5, True), (1, True), (5, False)):
        with tempfile.TemporaryDirectory() as folder:
            found.append(measured(asked, planted, honest, Path(folder)))
    show(found, as_json=given.json)


if __name__ == "__main__":
    main()
