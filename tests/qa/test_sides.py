"""Where publishers disagree, an answer shows both sides with names and days, and none of them as the fact."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.archive import Archive
from vectorstore.embedding import Embedder

HERALD, POST = ("Quay Herald", "2024-03-04", "4 March 2024"), ("Tamsel Post", "2024-03-09", "9 March 2024")
DISAGREED = {
    "How many arches does the Aveline bridge have?": (
        "The Aveline bridge, which crosses the Tamsel at Port Aveline, has 11 arches of granite.",
        "The bridge of Aveline over the Tamsel has 14 arches, all of granite, and was opened to carts in the spring.",
    ),
    "Who is the mayor of Port Aveline?": (
        "Ines Valderra is the mayor of Port Aveline, the town council announced after the count.",
        "Bruno Castell is the mayor of Port Aveline, the electoral office said after the count.",
    ),
    "When did the storm hit Sorrel Point?": (
        "The storm hit Sorrel Point on 3 May 2023, tearing the roof off the chapel.",
        "The storm hit Sorrel Point on 9 June 2023 and tore the roof off the chapel.",
    ),
    "How much did the lighthouse cost?": (
        "The lighthouse of Sorrel Point cost 4 million crowns, the builders said.",
        "The lighthouse at Sorrel Point cost 7 million crowns, according to the auditors.",
    ),
    "What caused the fire in the old mill?": (
        "A lightning strike caused the fire in the old mill, the fire brigade reported.",
        "A careless welder caused the fire in the old mill, the insurers found.",
    ),
}


@pytest.mark.model
def test_both_sides_are_quoted_with_publisher_and_day(tmp_path: Path, embedder: Embedder) -> None:  # noqa: ARG001
    files = tmp_path / "files"
    files.mkdir()
    for number, sides in enumerate(DISAGREED.values()):
        for (who, day, _), said in zip((HERALD, POST), sides, strict=True):
            head = f"---\ntitle: News {number}\npublisher: {who}\npublished: {day}\n---\n\n"
            (files / f"{number} {who}.md").write_text(f"{head}{said} Nobody was hurt, and the market opened again.\n")
    with Archive.create(tmp_path / "archive") as archive:
        archive.ingest(files)
        for question, sides in DISAGREED.items():
            answer = archive.ask(question)
            for (who, _, day), said in zip((HERALD, POST), sides, strict=True):
                assert f"“{said}”\n— {who}, {day} [" in answer.text, answer.text
