"""The application as the server starts it: with the keyboard at once, and not for longer than it is looked at."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tui.web.session import GREETING, Tab, packet_of

SECONDS = 30


def test_it_takes_keys_tells_its_conversation_and_ends_when_the_server_is_gone(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.tui.fakeapp", str(tmp_path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=Tab(80, 24).environment()) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        read = process.stdout.read
        assert process.stdout.readline() == GREETING
        asked, told = False, ""
        while not told:
            kind, payload = read(1), read(int.from_bytes(read(4), "big"))
            if kind == b"M":
                told = json.loads(payload)["id"]
            elif not asked and b"3 articles" in payload:
                asked = True
                process.stdin.write(packet_of('["stdin", "When was the lamp lit?\\r"]') or b"")
                process.stdin.flush()
        assert len(told) == 32
        process.stdin.close()
        while read(65536):
            pass
        assert process.wait(SECONDS) == 0
