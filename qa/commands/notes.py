"""The notebook on the command line: what was kept, to read, to export and to delete from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli_context import CliContext
from qa.commands.options import Json

if TYPE_CHECKING:
    from qa.notes import Note

LONGEST = 2_000  # characters of a quote in the list


def notes(
    context: typer.Context,
    export: Annotated[Path | None, typer.Option(metavar="FILE", help="Write them as Markdown to a new file.")] = None,
    as_json: Json = False,
) -> None:
    """List the quotes in your notebook, newest first; --export writes them with their references."""
    from qa.export import write_new
    from qa.notes import notes_markdown
    from qa.render import dumped

    session: CliContext = context.obj
    kept = session.archive().notes.list()
    if export is not None:
        write_new(export, notes_markdown(kept))
        session.narrator().say(f"Wrote {export}")
    elif as_json:
        print(dumped([_row(note) for note in kept]))
    else:
        print("\n\n".join(map(_text, kept)) or "No notes yet. In the terminal interface, n keeps a quote.")


def _row(note: Note) -> dict[str, object]:
    from qa.render import citation_json

    cited = {name: value for name, value in citation_json(note.citation).items() if name not in ("number", "answers")}
    return {"id": note.id, "kept": note.kept, "question": note.question, "remark": note.remark, **cited}


def _text(note: Note) -> str:
    from qa.answer.compose import quoted
    from qa.notes import reference_line
    from qa.sanitize import line

    asked = f"\n  asked: {line(note.question)}" if note.question else ""
    remark = f"\n  {line(note.remark)}" if note.remark else ""
    return f"{line(quoted(note.quote), LONGEST)}\n— {line(reference_line(note.article))}{asked}{remark}"
