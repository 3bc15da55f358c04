"""Ten thousand bad inputs: files of every kind, settings, batches and requests, mutated from valid ones.

None may end in a traceback, take longer than ten seconds, or need more than a gigabyte. Most go through this process
with light models, requests through a server of its own, and some through the real command.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from benchmarks.faults import damage, valid
from benchmarks.faults.count import Count
from benchmarks.faults.mutations import mutated
from qa.cli import run as command
from qa.config import as_toml, load
from qa.ingest.pipeline import ingest
from qa.ingest.survey import Request
from qa.settings import Config
from qa.types import IngestReport
from tests.fakes import FakeEmbedder
from vectorstore.errors import AppError

FILES, SETTINGS, BATCHES, REQUESTS, COMMANDS = 6_000, 1_500, 1_000, 1_500, 240
GROUP = 50  # files that are taken in together
CLIENTS = 4
SLOWEST = 10.0  # seconds of the processor for one input
WAIT = 60.0  # seconds on the clock, on a machine that does other work besides
MEMORY = 1024  # MB
QUIET = 0.4  # seconds without a reply after which a client says that it has sent everything
BROKE = "it broke the program"  # what a worker's end looks like from here

Inputs = Mapping[str, bytes]


def bad(inputs: Inputs, number: int, seed: int) -> tuple[str, bytes]:
    """Return the kind and the bytes of a bad input; the same for the same numbers."""
    kind = list(inputs)[number % len(inputs)]
    return kind, mutated(inputs[kind], random.Random(f"{seed} {number}"), list(inputs.values()))


def take_in(folder: Path, numbers: Sequence[int], seed: int) -> Iterator[str | None]:
    """Take mutated files into an archive, ask it, and yield what is wrong with each file."""
    inputs, files, archive = valid.files(), folder / "files", folder / "archive"
    files.mkdir(parents=True)
    for number in numbers:
        kind, data = bad(inputs, number, seed)
        (files / f"{number:05}{kind}").write_bytes(data)
    yield from _ingested(archive, files, len(numbers))
    for arguments in (["articles", "--json"], ["ask", "How many guests came to the harbour?", "--json"]):
        code, _, err = damage.tried(["--quiet", "--store", str(archive), *arguments])
        if code == -1 or "Traceback" in err:
            yield f"{arguments[0]} after {files}: {err.strip().splitlines()[-1]}"
    shutil.rmtree(folder)


def _ingested(archive: Path, files: Path, count: int) -> Iterator[str | None]:
    wrong: list[str] = []
    steps, at = iter(ingest(archive, Request((files,)), FakeEmbedder)), "the first file"
    while True:
        began = Stopwatch()
        try:
            step = next(steps)
        except StopIteration:
            break
        except Exception:  # noqa: BLE001 - that nothing comes through is what is tested
            wrong.append(f"after {at}: {_last(traceback.format_exc())}")
            break
        if late := began.late(f"after {at}"):
            wrong.append(late)
        if isinstance(step, IngestReport):
            wrong += [f"{failure.source}: {failure.reason}" for failure in step.failed if BROKE in failure.reason]
        else:
            at = step.source
    yield from wrong
    yield from [None] * max(0, count - len(wrong))


def _last(trace: str) -> str:
    """Return the error at the end of a traceback, with the place in our code that it came from."""
    places = [row.strip() for row in trace.splitlines() if row.strip().startswith("File ")]
    return f"{trace.strip().splitlines()[-1][:300]} {''.join(places[-1:])}"


def configure(folder: Path, number: int, seed: int) -> str | None:
    """Read mutated settings, as every command does first; return what is wrong."""
    path = folder / f"{number}.toml"
    path.write_bytes(bad({".toml": as_toml(Config()).encode()}, number, seed)[1])
    began = Stopwatch()
    try:
        as_toml(load(path))
    except AppError:
        pass
    except Exception:  # noqa: BLE001 - that nothing comes through is what is tested
        return f"settings {number}: {_last(traceback.format_exc())}"
    finally:
        path.unlink()
    return began.late(f"settings {number}")


def answer(archive: Path, folder: Path, number: int, seed: int) -> str | None:
    """Run a mutated batch; return what is wrong."""
    kind, data = bad(valid.QUESTIONS, number, seed)
    path = folder / f"{number}{kind}"
    path.write_bytes(data)
    began = Stopwatch()
    arguments = ["--quiet", "--store", str(archive), "batch", str(path), "-o", str(path.with_suffix(".answers"))]
    wrong = damage.trouble(arguments, *damage.tried(arguments))
    for made in folder.glob(f"{number}.*"):
        made.unlink()
    return f"batch {number}{kind}: {wrong}" if wrong else began.late(f"batch {number}{kind}")


class Stopwatch:
    """The time that an input takes: the processor's, here and in the worker, and the clock's."""

    def __init__(self) -> None:
        self._clock, self._work = time.perf_counter(), _worked()

    def late(self, name: str) -> str | None:
        """Return what to say where it took too long."""
        clock, work = time.perf_counter() - self._clock, _worked() - self._work
        return f"{name}: {work:.0f} s of the processor, {clock:.0f} s" if work > SLOWEST or clock > WAIT else None


def _worked() -> float:
    """Return the processor's seconds for this process, its children that ended and, on Linux, those that live."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    living = " ".join(map(_read, Path("/proc/self/task").glob("*/children"))).split()
    fields = (_read(Path(f"/proc/{child}/stat")).rpartition(")")[2].split()[11:13] for child in living)
    ticks = sum(int(field) for pair in fields for field in pair)
    return time.process_time() + ended.ru_utime + ended.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


def _read(path: Path) -> str:
    with suppress(OSError):  # a thread or a process that has just ended
        return path.read_text("utf-8", "replace")
    return ""


@contextmanager
def served(archive: Path, before: str = "") -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """Give the port and the process of a server with light models, in which some code runs `before`."""
    code = f"import sys\n{before}\nfrom benchmarks.faults.inputs import serve; serve(sys.argv[1])"
    server = subprocess.Popen([sys.executable, "-c", code, str(archive)], stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    try:
        said = server.stderr.readline()
        yield int(said.partition("http://127.0.0.1:")[2].partition("/")[0] or 0), server
    finally:
        server.terminate()
        server.communicate()


def serve(archive: str) -> None:
    """Serve an archive with light models until a signal comes."""
    sys.exit(command(["--quiet", "--store", archive, "serve", "--port", "0"], damage.wired))


def request(port: int, number: int, seed: int) -> str | None:
    """Send a mutated request; return what is wrong with what comes back, which may be nothing."""
    kind, data = bad(valid.requests(), number, seed)
    reply = exchanged(port, data)
    if reply is None:
        return f"request {number} ({kind}): no end within {WAIT:g} s"
    return f"request {number} ({kind}): {reply[:40]!r}" if reply[9:12] in (b"500", b"501", b"502") else None


def exchanged(port: int, data: bytes) -> bytes | None:
    """Send bytes and return all that comes back; None where the connection is not closed in time."""
    got, seconds = b"", QUIET
    with socket.create_connection(("127.0.0.1", port), timeout=WAIT) as connection:
        try:
            connection.sendall(data)
            while True:
                connection.settimeout(seconds)
                try:
                    part = connection.recv(65_536)
                except TimeoutError:
                    if seconds > QUIET:
                        return None
                    part, seconds = b"-", WAIT
                    connection.shutdown(socket.SHUT_WR)
                if not part:
                    return got
                if not got and seconds == QUIET:
                    connection.shutdown(socket.SHUT_WR)
                    seconds = WAIT
                got += part if part != b"-" else b""
        except (ConnectionError, BrokenPipeError, OSError):
            return got


def commanded(folder: Path, archive: Path, number: int, seed: int) -> str | None:
    """Give a bad input to the real command, with the real models; return what is wrong."""
    what = ("config", "batch", "ingest")[number % 3]
    inputs = {"config": {".toml": as_toml(Config()).encode()}, "batch": valid.QUESTIONS, "ingest": valid.files()}[what]
    kind, data = bad(inputs, number // 3, seed)
    path = folder / f"{number}{kind}"
    path.write_bytes(data)
    store = ["--store", str(archive)]
    arguments = {
        "config": ["--config", str(path), "config", "check"],
        "batch": [*store, "batch", str(path)],
        "ingest": [*store, "ingest", str(path)],
    }[what]
    code = "from tui.command import main; main()"
    try:
        ran = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, timeout=WAIT, check=False)
    except subprocess.TimeoutExpired:
        return f"qa {what} {number}: no end within {WAIT:g} s"
    if ran.returncode not in (0, 1, 2) or b"Traceback" in ran.stderr:
        return f"qa {what} {number}: exit code {ran.returncode}, {ran.stderr.decode(errors='replace')[-200:]}"
    return None


def run(folder: Path, seed: int, _: float = 0, share: float = 1.0) -> Count:
    """Try them all, or a share of them."""
    count = Count()
    files, settings, batches, requests, commands = (
        int(share * whole) for whole in (FILES, SETTINGS, BATCHES, REQUESTS, COMMANDS)
    )
    for start in range(0, files, GROUP):
        for wrong in take_in(folder / str(start), range(start, min(files, start + GROUP)), seed):
            count.case(wrong)
    archive, _files = damage.made(folder / "sound")
    for number in range(settings):
        count.case(configure(folder, number, seed))
    for number in range(batches):
        count.case(answer(archive, folder, number, seed))
    memory = [_peak()]
    with served(archive) as (port, server), ThreadPoolExecutor(CLIENTS) as pool:
        for wrong in pool.map(partial(request, port, seed=seed), range(requests)):
            count.case(wrong)
        memory.append(_peak_of(server.pid))
        count.case("the server answers no more" if not (exchanged(port, HEALTH) or b"").startswith(FINE) else None)
    for number in range(commands):
        count.case(commanded(folder, archive, number, seed))
    memory.append(_peak())
    count.case(f"{max(memory)} MB were needed" if max(memory) > MEMORY else None)
    count.facts = {"files": files, "settings": settings, "batches": batches, "requests": requests}
    count.facts |= {"commands": commands, "MB at most": max(memory)}
    return count


HEALTH, FINE = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n", b"HTTP/1.1 200"


def _peak() -> int:
    """Return the most memory in MB that this process or one of its children has needed so far."""
    own, theirs = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return max(own, theirs) // 1024


def _peak_of(process: int) -> int:
    """Return the most memory in MB that a running process has needed so far; 0 where the system does not tell."""
    path = Path(f"/proc/{process}/status")
    rows = path.read_text("ascii").splitlines() if path.exists() else []
    return next((int(row.split()[1]) // 1024 for row in rows if row.startswith("VmHWM")), 0)
