"""The application on fakes, for tests that need a process: `python -m tests.tui.fakeapp FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.tui.fakes import services
from tui.main import run

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    run(lambda: services(folder), folder / "memory.json")
