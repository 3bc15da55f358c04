"""The fast part of `python -m benchmarks.faults escapes`: some payloads in every way that a command shows texts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.faults.escapes import PAYLOADS, obeyed
from tests.conftest import ROOT

SHOW = """import sys
from pathlib import Path
from benchmarks.faults.escapes import PAYLOADS, run
count = run(Path(sys.argv[1]), payloads=[PAYLOADS[int(sys.argv[2])]])
sys.exit("\\n".join(count.failures) or (count.cases < 40 and f"{count.cases} cases"))"""


@pytest.mark.parametrize("payload", ["\x1b[2J\x1b[999;999H", "\u202egnp.exe\u202c \u2066isolated\u2069"])
def test_nothing_of_a_text_or_name_is_obeyed_by_a_terminal(tmp_path: Path, payload: str) -> None:
    number = str(PAYLOADS.index(payload))
    ran = subprocess.run(
        [sys.executable, "-c", SHOW, str(tmp_path / "x"), number], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("payload", PAYLOADS[:-1])
def test_what_comes_through_is_found(payload: str) -> None:
    assert obeyed(f"\x1b[1mbold\x1b[0m\r\n{payload}\r\n", {"\x1b[1m", "\x1b[0m"})
    assert not obeyed("\x1b[1mbold\x1b[0m\r\n", {"\x1b[1m", "\x1b[0m"})
