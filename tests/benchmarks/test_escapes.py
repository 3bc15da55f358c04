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
count = run(Path(sys.argv[1]), payloads=[" ".join(PAYLOADS[at] for at in (0, 4, 6, 11, 18))])
sys.exit("\\n".join(count.failures) or (count.cases < 40 and f"{count.cases} cases"))"""


def test_nothing_of_a_text_or_name_is_obeyed_by_a_terminal(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SHOW, str(tmp_path)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("payload", PAYLOADS[:-1])
def test_what_comes_through_is_found(payload: str) -> None:
    assert obeyed(f"\x1b[1mbold\x1b[0m\r\n{payload}\r\n", {"\x1b[1m", "\x1b[0m"})
    assert not obeyed("\x1b[1mbold\x1b[0m\r\n", {"\x1b[1m", "\x1b[0m"})
