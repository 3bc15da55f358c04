"""Options shared by several commands."""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AllowPrivate = Annotated[
    bool, typer.Option("--allow-private", help="Also fetch from this machine and the local network.")
]
Publisher = Annotated[str | None, typer.Option(help="Only articles of this publisher.")]
Since = Annotated[str | None, typer.Option(help="Only articles published on or after this date.")]
Until = Annotated[str | None, typer.Option(help="Only articles published on or before this date.")]
Source = Annotated[
    list[str] | None, typer.Option(help="Only articles whose path or URL matches this glob; may be repeated.")
]
Answerer = Annotated[
    str | None, typer.Option(metavar="NAME", help="Who answers: extractive, ollama, openai, anthropic or llama_cpp.")
]
