"""The fast part of `python -m benchmarks.faults crash`, in a process that may be copied: it has no threads yet."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be forked there")

PART = """
import sys
from pathlib import Path
from benchmarks.faults import crash, scene
folder = Path(sys.argv[1])
some = [one for one in crash.OPERATIONS if one.name in ("ingest", "rebuild", "restore", "copy")]
count = crash.run(folder, seed=1, each=1, operations=some)
print(count.cases, count.failures)
backup = next(one for one in scene.OPERATIONS if one.name == "backup")
place = scene.made(folder / "backup", backup)
point = crash.Point("vectorstore/lock.py:_holder_file", "return", 1)
print(crash.case(place, backup, point, place.held, place.held))
"""


def python(program: str, *arguments: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr + done.stdout


def test_a_crash_loses_nothing_needs_nobody_and_leaves_no_file_for_good(tmp_path: Path) -> None:
    assert python(PART, str(tmp_path)) == (0, "4 []\n(True, None)\n")


RUN = """
import json, sys
from pathlib import Path
from benchmarks.faults import {fault}
count = {fault}.run(Path(sys.argv[1]), 1, {few})
print(json.dumps([count.cases, count.failures, count.skipped]))
"""


def fast(fault: str, few: str, folder: Path) -> None:
    code, said = python(RUN.format(fault=fault, few=few), str(folder))
    assert code == 0, said
    cases, failures, skipped = json.loads(said.splitlines()[-1])
    assert failures == [], said
    if not cases:
        pytest.skip(skipped[0])


def test_a_kill_within_chromas_writes_loses_nothing(tmp_path: Path) -> None:
    fast("writes", "kills=1", tmp_path)


def test_a_batch_killed_anywhere_has_each_question_once_after_it_went_on(tmp_path: Path) -> None:
    fast("batches", "offsets=8, rows=1", tmp_path)


def test_a_disk_that_fails_loses_nothing_and_is_said_in_words(tmp_path: Path) -> None:
    fast("disk", "offsets=1, operations=('ingest',)", tmp_path)


def test_damage_beside_the_ledger_ends_in_a_right_answer_or_in_words(tmp_path: Path) -> None:
    fast("beside", "every=8, groups=('conversations and notes', 'feeds', 'configuration')", tmp_path)
