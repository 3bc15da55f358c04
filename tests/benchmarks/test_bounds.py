"""The fast part of `python -m benchmarks.faults bounds` and `outputs`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.faults import bounds
from tests.conftest import ROOT

OUTPUTS = """import sys
from pathlib import Path
from benchmarks.faults.outputs import run
count = run(Path(sys.argv[1]), only=("ask", "articles", "batch", "config show"))
sys.exit("\\n".join(count.failures) or (count.cases != 12 and f"{count.cases} cases"))"""


def test_many_files_that_are_skipped_cost_little(tmp_path: Path) -> None:
    assert bounds.skipping(tmp_path, 5_000) is None


def test_a_title_that_never_ends_costs_little_memory(tmp_path: Path) -> None:
    assert bounds.titled(tmp_path) is None


def test_little_is_held_for_each_article_that_has_not_changed(tmp_path: Path) -> None:
    assert bounds.holding(tmp_path) is None


def test_a_full_or_closed_output_and_one_of_ascii_end_no_command_in_a_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OUTPUTS, str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (ran.returncode, ran.stderr) == (0, "")
