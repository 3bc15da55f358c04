"""Hostile texts and names through every command at a pseudo-terminal: nothing of them may be obeyed.

A payload stands in every field of an article, in the names of files, in the question, in what a language model says and
in what fails. A command may send what it sends for harmless words, and no other control characters.
"""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.faults import damage
from benchmarks.faults.count import Count
from benchmarks.faults.forks import busy, loaded
from qa.cli import run as command
from qa.config import store_folder
from qa.ingest.pipeline import ingest
from qa.ingest.survey import Request
from qa.llm.language_model import LanguageModel
from qa.notes import Notebook
from qa.saved import beside
from qa.settings import Config
from qa.types import Citation
from qa.wiring import Say, Wiring
from tests.fakes import FakeEmbedder, FakeLanguageModel
from vectorstore.articles import Reference

SAID = "The harbour opened again on Monday. Its keeper said that eleven guests came to the harbour."
PAYLOADS: Sequence[str] = (
    "\x1b]52;c;cHduZWQ=\x07",  # the clipboard
    "\x1b]0;owned\x07",
    "\x1b]8;;http://evil.example/\x1b\\click\x1b]8;;\x1b\\",
    "\x1b[6n\x1b[c",  # reports, which a shell would read as typed
    "\x1b[2J\x1b[999;999H",
    "\x1b[?1049l\x1b[?7l",
    "\x1b[31;5mred",
    "\x1bc",
    "\x1bP+q544e\x1b\\",
    "\x1b_Gi=1\x1b\\",
    "\x1b^pm\x1b\\ \x1bXsos\x1b\\",
    "\x9b31337m\x9d0;c1\x9c\x90q\x9c",
    "torn \x1b",
    "\x1b\x1b[[31m",
    "\x08\x08\x08\x7f\x7f",
    "over\rwritten",
    "\x0b\x0c\x85",
    "\x07\x05\x0e\x0f",
    "\u202egnp.exe\u202c \u2066isolated\u2069",
    "\u200e\u200f\u061c",
    "\u2028\u2029",
    "\ufeff\ufff9\ufffb\U000e0041\U000e007f",
    "half \ud800 a character",
    "[red]markup[/] [@click=app.quit]quit[/] \\[",
)
SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]|\r(?!\n)")
CONTROL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
PROGRESS = re.compile(
    r"\r?\x1b\[(?:\d?A|2K|\?25[lh]|0m|3[256]m|38;[0-9;]+m)"
)  # bars, of which time tells what they send
SLOWEST = 60  # seconds of the processor for a command
PATIENCE = 600.0  # seconds on the clock, on a machine that does other work besides


@dataclass(frozen=True, slots=True)
class Place:
    """An archive full of a payload, and files with it in their names."""

    folder: Path
    payload: str

    @property
    def archive(self) -> Path:
        """The archive's folder."""
        return self.folder / "archive"

    @property
    def named(self) -> Path:
        """A file whose name holds as much of the payload as a name can."""
        name = self.payload.replace("/", "").replace("\0", "")[:60]
        return self.folder / f"file {name.encode('utf-8', 'replace').decode()}.txt"

    def made(self) -> Place:
        """Return it with all of it on disk, made in a copy of this process: Chroma's threads do not survive a fork."""
        child = os.fork()
        if child == 0:
            try:
                self._make()
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        return self

    def _make(self) -> None:
        self.folder.mkdir(parents=True)
        row = dict.fromkeys(("title", "publisher", "author", "section", "language"), f"Harbour {self.payload}")
        row |= {"url": f"https://quay.example/{self.payload}", "published": "2024-03-04"}
        row |= {"text": f"{SAID} {self.payload} It was the harbour's best day.\n\n{self.payload}\n\n{SAID}"}
        dump = self.folder / "dump.jsonl"
        dump.write_text(json.dumps(row), "ascii")
        self.named.write_text(f"{SAID}\n\nThe mill says {self.payload} to the harbour.", "utf-8", "replace")
        for _ in ingest(self.archive, Request((dump, self.named)), FakeEmbedder):
            pass
        about = Reference("1", row["url"], row["url"], row["title"], row["publisher"], self.payload)
        book = Notebook(beside(self.archive, "notes"))
        if note := book.keep(Citation(1, about, 0, 9, row["text"]), self.payload):
            book.remark(note.id, self.payload)


def sinks(place: Place) -> Mapping[str, Sequence[str]]:
    """Return the commands that show a place's payload, by name."""
    said, named, folder = place.payload.replace("\0", ""), str(place.named), place.folder
    asked, bad = f"How many guests came to the harbour? {said}", folder / f"no {place.named.name}"
    files = {
        "questions.txt": asked,
        "wrong.jsonl": json.dumps({"question": asked, "id": said, "since": said}) + f"\n{{{said}\n",
        "draft.md": f"The harbour opened on Monday. {said}\n\n“{said}”, said the keeper.",
        "wrong.toml": f'[answer]\nanswerer = "{said}"',
        "wrong.key.toml": f"[answer]\n{json.dumps(said)} = 1",
        f"right {place.named.name}": f"[embedding]\nmodel = {json.dumps(said)}\ncache = {json.dumps(said)}",
    }
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8", "replace")
    return {
        "ask": ("ask", "How many guests came to the harbour?"),
        "ask anything": ("ask", asked),
        "ask --json": ("ask", asked, "--json"),
        "ask a model": ("ask", asked, "--answerer", "openai"),
        "ask of a publisher": ("ask", asked, "--publisher", said),
        "search": ("search", asked),
        "search --json": ("search", asked, "--json"),
        "articles": ("articles",),
        "articles --json": ("articles", "--json"),
        "show": ("show", named),
        "show --json": ("show", named, "--json"),
        "show --original": ("show", named, "--original"),
        "show nothing": ("show", said or "x"),
        "batch": ("batch", str(folder / "questions.txt")),
        "batch of errors": ("batch", str(folder / "wrong.jsonl")),
        "batch to a file": ("batch", str(folder / "questions.txt"), "-o", str(folder / f"a {place.named.name}.jsonl")),
        "batch of nothing": ("batch", str(bad)),
        "verify": ("verify", str(folder / "draft.md")),
        "verify --export": ("verify", str(folder / "draft.md"), "--export", "md"),
        "notes": ("notes",),
        "notes --json": ("notes", "--json"),
        "notes --export": ("notes", "--export", str(folder / f"notes {place.named.name}")),
        "ingest": ("ingest", named, str(bad)),
        "ingest a pattern": ("ingest", str(folder), "--exclude", f"[{said}"),
        "remove": ("remove", said or "x", named),
        "rebuild": ("rebuild",),
        "doctor": ("doctor",),
        "doctor --salvage": ("doctor", "--salvage", str(folder / f"new {place.named.name}")),
        "backup": ("backup", str(folder / f"backup {place.named.name}")),
        "verify-backup": ("verify-backup", str(folder / f"backup {place.named.name}")),
        "verify no backup": ("verify-backup", named),
        "restore": ("restore", str(folder / f"backup {place.named.name}"), "--yes"),
        "config check": ("--config", str(folder / "wrong.toml"), "config", "check"),
        "config of a key": ("--config", str(folder / "wrong.key.toml"), "config", "check"),
        "config of nothing": ("--config", str(bad), "config", "show"),
        "config show": ("--config", str(folder / f"right {place.named.name}"), "config", "show"),
        "config is right": ("--config", str(folder / f"right {place.named.name}"), "config", "check"),
        "no such option": ("ask", f"--{said}"),
        "no such command": (said or "x",),
        "no number": ("search", "harbour", "-k", said),
        "no day": ("ask", "harbour", "--since", said),
        "no answerer": ("ask", "harbour", "--answerer", said),
    }


def shown(place: Place, arguments: Sequence[str]) -> str:
    """Run a command at a pseudo-terminal, in a copy of this process, and return all that it sends there."""
    sys.stdout.flush()
    sys.stderr.flush()
    child, terminal = pty.fork()
    if child == 0:
        busy(SLOWEST)
        _run(place, arguments)
    data, until = b"", time.monotonic() + PATIENCE
    try:
        while (left := until - time.monotonic()) > 0 and select.select([terminal], [], [], left)[0]:
            if not (part := os.read(terminal, 65_536)):
                break
            data += part
    except OSError:  # the program has ended
        pass
    if time.monotonic() > until:
        os.kill(child, signal.SIGKILL)
        data += b"Traceback (most patient): no end"
    os.close(terminal)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGXCPU:
        data += b"Traceback (most busy): no end"
    return data.decode("utf-8", "surrogateescape")


def _run(place: Place, arguments: Sequence[str]) -> None:
    code = 70
    try:
        sys.stdin, sys.stdout, sys.stderr = (
            open(at, mode, encoding="utf-8", errors="backslashreplace")  # noqa: PTH123, SIM115 - to the end
            for at, mode in enumerate("rww")
        )
        whole = ["--store", str(place.archive), *arguments]
        code = command(whole, partial(_saying, place.payload))
    except Exception:  # noqa: BLE001 - that nothing comes through is what is tested
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


@dataclass(frozen=True, slots=True)
class SayingWiring(damage.LightWiring):
    """Light models, and a language model that says a payload."""

    payload: str = ""

    def language_model(self, _: str) -> LanguageModel:
        """Return the fake."""
        words = f"{SAID} [1] {self.payload} The harbour is {self.payload} open. [1]"
        return FakeLanguageModel(lambda _: words)


def _saying(payload: str, config: Config, store: Path | None, say: Say) -> Wiring:
    return SayingWiring(config, store_folder(config, store), say, payload=payload)


def run(folder: Path, seed: int = 1, _: float = 0, payloads: Sequence[str] = PAYLOADS, only: str = "") -> Count:
    """Show every payload in every way; each pair is a case."""
    loaded()
    count, plain = Count(), Place(folder / f"plain{seed}", "harmless").made()
    chosen = [name for name in sinks(plain) if only in name]
    own = {found for name in chosen for found in SEQUENCE.findall(shown(plain, sinks(plain)[name]))}
    for number, payload in enumerate(payloads):
        place = Place(folder / str(number), payload).made()
        for name, arguments in sinks(place).items():
            if name not in chosen:
                continue
            out = shown(place, arguments)
            wrong = obeyed(out, own)
            count.case(f"{name}, {payload!r}: {wrong}" if wrong else None)
    count.facts = {"payloads": len(payloads), "ways to show them": len(chosen)}
    return count


def obeyed(out: str, own: Set[str]) -> str:
    """Return what a terminal would obey in an output besides our own sequences, or that it is a traceback; else ""."""
    if "Traceback (most" in out:
        return out[out.index("Traceback (most") :][-200:]
    out = PROGRESS.sub("", out)
    for sequence in own:
        out = out.replace(sequence, "")
    left = Counter(CONTROL.findall(out.replace("\r\n", "\n")))
    return f"{dict(left)} came through" if left else ""
