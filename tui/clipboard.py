"""Copying: by OSC 52 where the terminal may understand it, by a system tool where there is one, else into a file."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence

from tui.ports import Settings
from vectorstore.errors import AppError

SECONDS = 2
LARGEST = 74_000  # bytes; terminals drop longer OSC 52 texts
_DEAF = {"linux", "dumb", "vt100", ""}  # the console and its like show OSC 52 or swallow it
_DEAF_PROGRAMS = {"Apple_Terminal"}
_BROWSER = "textual"  # as textual-serve calls it; its page takes OSC 52 of any length
_TOOLS: Sequence[tuple[str, Sequence[str]]] = (
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard")),
    ("DISPLAY", ("xsel", "--clipboard", "--input")),
    ("", ("pbcopy",)),
    ("", ("clip.exe",)),
)


def terminal_copies(environment: Mapping[str, str] | None = None) -> bool:
    """Tell whether the terminal may be sent OSC 52."""
    known = os.environ if environment is None else environment
    program = known.get("TERM_PROGRAM")
    return program == _BROWSER or (known.get("TERM", "") not in _DEAF and program not in _DEAF_PROGRAMS)


def copy(text: str, settings: Settings, environment: Mapping[str, str] | None = None) -> str:
    """Copy by a system tool, or into a file where nothing else will.

    Returns what to add to "Copied", "" unless it went into a file. Blocks for up to two seconds a tool. Raises AppError
    where the file cannot be written.
    """
    known = os.environ if environment is None else environment
    if known.get("TERM_PROGRAM") == _BROWSER:  # a tool would fill the clipboard of the machine that serves
        return ""
    if tool := _tool(known):
        try:
            subprocess.run(tool, input=text.encode(), check=True, timeout=SECONDS, capture_output=True)
        except (OSError, subprocess.SubprocessError):
            pass  # the display is gone; the next way is tried
        else:
            return ""
    if terminal_copies(known) and len(text.encode()) <= LARGEST:
        return ""
    return f" into {_to_file(text, settings)}"


def _tool(known: Mapping[str, str]) -> Sequence[str] | None:
    return next((cmd for need, cmd in _TOOLS if (not need or known.get(need)) and shutil.which(cmd[0])), None)


def _to_file(text: str, settings: Settings) -> str:
    path = settings.exports / "footnote-clipboard.md"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise AppError(f"{path} cannot be written: {error.strerror}.", "Start in a folder that is writable.") from error
    return str(path)
