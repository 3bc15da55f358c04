"""The console script waits for typer only where a command is typed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.tui.terminal import Terminal

PROBE = """
import sys
sys.argv = ["qa", *{arguments!r}]
from tui.start import main
try:
    main()
except SystemExit as end:
    print(end.code, "typer" in sys.modules)
"""


def started(*arguments: str) -> list[str]:
    code = PROBE.format(arguments=list(arguments))
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
    )
    return run.stdout.split()[-2:]


def test_without_a_command_the_screens_begin_before_typer_is_imported() -> None:
    assert started() == ["2", "False"]  # 2: no terminal to draw on here
    assert started("chat") == ["2", "False"]
    assert started("chat", "Who lit the lamp?") == ["2", "False"]


def test_a_typed_command_goes_to_the_command_line() -> None:
    assert started("--version") == ["0", "True"]


def test_ctrl_c_while_modules_load_ends_without_a_traceback() -> None:
    code = """
import sys
sys.argv = ["qa", "--version"]
class Interrupting:
    def find_spec(self, name, *_):
        if name == "tui.command":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupting())
from tui.start import main
main()
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (130, "", "")


def test_a_typed_command_hardly_looks_for_garbage_while_it_starts() -> None:
    probe = (
        PROBE.format(arguments=["--version"]) + "\nimport gc; print(sum(one['collections'] for one in gc.get_stats()))"
    )
    run = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(run.stdout.split()[-1]) < 40


@pytest.mark.parametrize("options", [[], ["--no-color"]])
def test_a_question_after_the_command_is_the_first_one_asked(options: list[str]) -> None:
    code = f"import sys; sys.argv[1:] = {[*options, 'chat', 'Who lit the lamp?']}; from tui.start import main; main()"
    with Terminal([sys.executable, "-c", code]) as terminal:
        terminal.until(lambda out: b"Who lit the lamp?" in out)


def test_leaving_does_not_wait_for_a_model_that_is_still_loading() -> None:
    code = """
import atexit, threading, time
from tui.__main__ import leave
atexit.register(print, "the interpreter was torn down under the thread")
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
print("kept")
leave(3)
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (3, "kept\n")
