"""The user's own editor."""

from __future__ import annotations

import stat
from pathlib import Path

from tui.editor import edit


def test_the_editor_gives_back_what_was_written(tmp_path: Path) -> None:
    script = tmp_path / "editor.sh"
    script.write_text('#!/bin/sh\nprintf "%s, edited\\n" "$(cat "$2")" > "$2"\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    assert edit([str(script), "-w"], "a long question") == "a long question, edited"
