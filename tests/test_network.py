"""What no command needs: a socket where none is configured, watched from within and by strace, or many open files."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.conftest import ROOT, SEEDS
from tui.command import app

QUESTION = "When did King Salman visit Moscow?"
# what each process of a command runs before all else: it writes down for what a socket is opened
WATCH = """import os, sys

def watch(event, arguments):
    opened = event == "socket.__new__" and arguments[1] not in (1, -1)  # but AF_UNIX wakes a loop
    if opened or event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        with open(os.environ["SEEN"], "a") as seen:
            seen.write(f"{event} {arguments[1:]} in {sys.argv}\\n")

sys.addaudithook(watch)
"""
RUN = """import json, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
from tui import command
from qa.cli import run
for arguments in json.loads(sys.argv[1]):
    code = run(arguments)
    assert code == 0, (code, arguments)"""
LISTENING = {"serve", "mcp", "web", "chat"}  # which serve, or draw a screen, until they are ended


def commands(folder: Path) -> Mapping[str, Sequence[str]]:
    """One use of each command that ends by itself, in an order in which each can succeed."""
    asked, draft, backup = folder / "asked.txt", folder / "draft.txt", str(folder / "backup.tar.gz")
    asked.write_text(QUESTION, "utf-8")
    draft.write_text("King Salman visited Moscow in October 2017.", "utf-8")
    golden = folder / "golden.jsonl"
    golden.write_text('{"question": "Who won the regatta?", "answerable": false}\n', "utf-8")
    (folder / "new.html").write_text("<p>The mill opened on Monday, as https://quay.example/ said.</p>", "utf-8")
    return {
        "ask": ("ask", QUESTION),
        "search": ("search", QUESTION),
        "batch": ("batch", str(asked), "-o", str(folder / "answers.jsonl")),
        "verify": ("verify", str(draft)),
        "eval": ("eval", str(golden)),
        "articles": ("articles",),
        "show": ("show", str(SEEDS / "putin-arms-offer.md")),
        "ingest": ("ingest", str(folder / "new.html")),
        "follow": ("follow", "--list"),
        "notes": ("notes",),
        "backup": ("backup", backup),
        "verify-backup": ("verify-backup", backup),
        "restore": ("restore", backup, "--yes"),
        "remove": ("remove", str(folder / "new.html")),
        "rebuild": ("rebuild",),
        "copy": ("copy", str(folder / "archive"), str(folder / "copy")),
        "doctor": ("doctor",),
        "config show": ("config", "show"),
        "config check": ("config", "check"),
    }


@pytest.mark.model
@pytest.mark.skipif(sys.platform == "win32", reason="limits are of POSIX")
def test_no_command_opens_a_socket_or_needs_more_than_64_files(seeds_store: Path, tmp_path: Path) -> None:
    archive = shutil.copytree(seeds_store, tmp_path / "archive")
    (tmp_path / "sitecustomize.py").write_text(WATCH, "utf-8")
    seen = tmp_path / "seen"
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}", "SEEN": str(seen)}
    used = commands(tmp_path)
    known = {str(command.name or command.callback.__name__) for command in app.registered_commands if command.callback}
    assert known - LISTENING <= used.keys()
    all_of_them = json.dumps([["--quiet", "--store", str(archive), *arguments] for arguments in used.values()])
    ran = subprocess.run(
        [sys.executable, "-c", RUN, all_of_them], env=environment, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr[-2000:]) == (0, "")
    assert (seen.read_text() if seen.exists() else "") == ""
    code = "import socket; socket.socket().close()"
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    assert "socket.__new__" in seen.read_text()  # what watches does see


@pytest.mark.model
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_strace_sees_no_network_in_a_whole_question(seeds_store: Path, tmp_path: Path) -> None:
    traced = tmp_path / "traced"
    command = ["strace", "-f", "-qq", "-e", "trace=%network", "-o", str(traced)]
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        pytest.skip("ptrace is refused here")
    asked = [sys.executable, "-m", "qa", "--quiet", "--store", str(seeds_store), "ask", QUESTION]
    ran = subprocess.run([*command, *asked], capture_output=True, text=True, check=False)
    assert (ran.returncode, "[1]" in ran.stdout) == (0, True)
    calls = traced.read_text("utf-8", "replace").splitlines()
    assert [call for call in calls if re.search(r"AF_INET|AF_INET6|AF_NETLINK|\bconnect\(", call)] == []
