"""The application on fakes, for tests that need a process: `python -m tests.tui.fakeapp FOLDER`."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.tui.fakes import services
from tui.main import run

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--conversation")
    given = parser.parse_args()
    run(lambda: services(given.folder), given.folder / "memory.json", given.conversation)
