"""What the program remembers between runs: the theme. A broken or unwritable file costs nothing but the memory."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path


def recall(path: Path | None) -> dict[str, str]:
    """Return what was remembered; nothing where there is no readable file."""
    if path is None:
        return {}
    with suppress(OSError, ValueError):
        row = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(row, dict):
            return {str(key): value for key, value in row.items() if isinstance(value, str)}
    return {}


def remember(path: Path | None, **facts: str) -> None:
    """Remember these facts beside the others."""
    if path is None:
        return
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({**recall(path), **facts}), encoding="utf-8")
