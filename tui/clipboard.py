"""Copying in a terminal: by a system tool, by tmux, and where nothing says that it took the text, into a file too."""

from __future__ import annotations

import os
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Mapping, Sequence

from tui.ports import Settings
from vectorstore.errors import AppError

SECONDS = 2
ESCAPE = "\x1b"
_DEAF = {"linux", "dumb", "vt100", ""}  # the console and its like show OSC 52 or swallow it
_DEAF_PROGRAMS = {"Apple_Terminal"}
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
    return known.get("TERM", "") not in _DEAF and known.get("TERM_PROGRAM") not in _DEAF_PROGRAMS


def through_tmux(text: str) -> str:
    """Return OSC 52 wrapped so that tmux hands it on to its terminal, where it is allowed to (“allow-passthrough”)."""
    asked = f"{ESCAPE}]52;c;{b64encode(text.encode()).decode()}\a"
    return f"{ESCAPE}Ptmux;{asked.replace(ESCAPE, 2 * ESCAPE)}{ESCAPE}\\"


def copy(text: str, settings: Settings, environment: Mapping[str, str] | None = None) -> str:
    """Copy a text by what says that it has taken it: a system tool, or tmux with a terminal that listens.

    Returns where it is besides, "" where it is certainly in the clipboard: a terminal that is sent OSC 52 says nothing,
    so that a file holds the text too. Blocks for up to two seconds a tool. Raises AppError where the file cannot be
    written.
    """
    known = os.environ if environment is None else environment
    if (tool := _tool(known)) and _ran(tool, text) is not None:
        return ""
    in_tmux = bool(known.get("TMUX")) and _ran(("tmux", "load-buffer", "-w", "-"), text) is not None
    if in_tmux and _tmux_passes_on():
        return ""
    return f"{'tmux’s buffer and ' if in_tmux else ''}{_to_file(text, settings)}"


def _tool(known: Mapping[str, str]) -> Sequence[str] | None:
    return next((cmd for need, cmd in _TOOLS if (not need or known.get(need)) and shutil.which(cmd[0])), None)


def _tmux_passes_on() -> bool:
    """Tell whether tmux hands its buffers to a terminal that has told it of a clipboard (its feature “clipboard”)."""
    features = _ran(("tmux", "display-message", "-p", "#{client_termfeatures}")) or ""
    allowed = _ran(("tmux", "show-options", "-sv", "set-clipboard")) or "off"
    return "clipboard" in features.strip().split(",") and allowed.strip() != "off"


def _ran(command: Sequence[str], text: str = "") -> str | None:
    """Return what a command printed, None where it failed: the display may be gone, and the next way is tried."""
    try:
        done = subprocess.run(
            command, input=text.encode(), check=True, timeout=SECONDS, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode(errors="replace")


def _to_file(text: str, settings: Settings) -> str:
    path = settings.exports / "footnote-clipboard.md"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise AppError(f"{path} cannot be written: {error.strerror}.", "Start in a folder that is writable.") from error
    return str(path)
