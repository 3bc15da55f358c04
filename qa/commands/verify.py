"""`qa verify`: checks a draft or a list of statements against the archive."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vectorstore.errors import UsageError

if TYPE_CHECKING:
    from qa.cli_context import CliContext
    from qa.verify.statements import Paragraph

EXPORTS = {".md": "md", ".markdown": "md", ".html": "html", ".htm": "html"}


def verify(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="A draft (.txt, .md), or statements (.jsonl, .csv).")],
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="JSONL, .md or .html.")] = None,
    kind: Annotated[str | None, typer.Option("--format", help="text, markdown, jsonl or csv.")] = None,
    export: Annotated[str | None, typer.Option("--export", help="md or html, instead of text or JSONL.")] = None,
) -> None:
    """Check whether the archive supports each statement, contradicts it, or does not mention it."""
    from qa.verify.lookup import found, written
    from qa.verify.report import reported, told
    from qa.verify.statements import statements

    shape = _shape(output, export)
    paragraphs = _read(file, kind)
    rows = statements(paragraphs)
    session: CliContext = context.obj
    narrator = session.narrator()
    with session.archive(index="auto") as archive:
        store, retriever, reader = archive.store, archive.retriever, archive.reader
        if shape == "jsonl" and output:
            with closing(written(rows, store, retriever, reader, output)) as steps:
                narrator.say(told(narrator.follow(steps).counts))
            return
        with closing(found(rows, store, retriever, reader)) as looked:
            report = reported(paragraphs, narrator.follow(looked))
    title = Path(file).stem if file != "-" else "Draft"
    if shape == "text":
        from qa.terminal import show

        show(report.terminal(), color=session.color)
        return
    _put(report.html(title) if shape == "html" else report.markdown(title), output)
    narrator.say(report.summary)


def _shape(output: Path | None, export: str | None) -> str:
    """The output's form: text on the terminal, JSONL in a file, or as `--export` or the file's extension says."""
    if export not in {None, "md", "html"}:
        raise UsageError(f"There is no export {export!r}.", "Exports: md, html.")
    return export or (EXPORTS.get(output.suffix.lower(), "jsonl") if output else "text")


def _read(file: str, kind: str | None) -> list[Paragraph]:
    from qa import cli_input
    from qa.batch_input import kind_of
    from qa.verify.statements import FORMATS, drafted

    path = None if file == "-" else Path(file)
    text = cli_input.text(path)
    if "\0" in text:
        raise UsageError(f"{file} is not a text file.", "Save the draft as .txt or .md in UTF-8 and try again.")
    return drafted(text, kind_of(path, kind, FORMATS))


def _put(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    from qa.batch.output import replace, writing

    with writing(output):
        replace(output.resolve(), text.rstrip("\n").split("\n"))
