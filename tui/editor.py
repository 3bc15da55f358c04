"""Writing in the user's own editor."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path


def edit(editor: Sequence[str], text: str) -> str:
    """Let the user edit a text in an editor and return it; raises OSError where the editor cannot be started."""
    with tempfile.TemporaryDirectory(prefix="footnote-") as folder:
        path = Path(folder) / "question.md"
        path.write_text(text, encoding="utf-8")
        subprocess.run([*editor, str(path)], check=False)
        return path.read_text(encoding="utf-8", errors="replace").strip()
