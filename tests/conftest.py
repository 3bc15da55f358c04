"""No test reaches the network, a model hub, or the user's own folders; the packaged model is exported once."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.browser import CHROMIUM, QUIET
from tests.chroma import Chroma, serving
from vectorstore.embedding import Embedder, open_embedder
from vectorstore.packaged import packaged_model

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
# how long an example takes depends on what else the machine does
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session", autouse=True)
def sealed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Close the ways out; yields the folder that stands for the user's. Subprocesses inherit the environment."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("QA_")]:
            patch.delenv(name)
        for kind in ("DATA", "CONFIG", "STATE"):
            patch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
        # kept between runs: exporting takes 15 s, and the cache knows the model by its hash
        patch.setenv("XDG_CACHE_HOME", str(request.config.cache.mkdir("models")))
        for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "NO_COLOR"):
            patch.setenv(name, "1")
        patch.setenv("COLUMNS", "200")
        patch.setattr(socket.socket, "connect", _guarded(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", _guarded(socket.socket.connect_ex))
        patch.setattr(socket, "getaddrinfo", _looked_up(socket.getaddrinfo))
        yield home


def _guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
    def only_here(self: socket.socket, address: Any) -> Any:
        if self.family != getattr(socket, "AF_UNIX", None) and not str(address[0]).startswith(LOOPBACK):
            pytest.fail(f"a test tried to reach {address}")
        return connect(self, address)

    return only_here


def _looked_up(getaddrinfo: Callable[..., Any]) -> Callable[..., Any]:
    def only_here(host: Any, *rest: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name and not name.startswith(LOOPBACK):
            pytest.fail(f"a test tried to look up {name}")
        return getaddrinfo(host, *rest, **named)

    return only_here


@pytest.fixture(scope="session")
def embedder(sealed: Path) -> Embedder:  # noqa: ARG001 - the cache folder is the sealed one
    """The packaged model, as the command line opens it."""
    from qa.config import cache_folder
    from qa.settings import Config

    return open_embedder(packaged_model(), cache_folder(Config()))


@pytest.fixture(scope="session")
def seeds_store(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the five seeds, made with the packaged model. Only to be read."""
    from qa.ingest.pipeline import ingest
    from qa.ingest.survey import Request

    folder = tmp_path_factory.mktemp("seeds") / "archive"
    *_, report = ingest(folder, Request((SEEDS,)), lambda: embedder)
    assert report.articles == 5  # type: ignore[union-attr]  # the report is always the last
    return folder


@pytest.fixture(scope="session")
def chroma(sealed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chroma]:  # noqa: ARG001 - first of all
    """A Chroma server, shared: each test gives its collections names of its own; skipped where none can be run."""
    with serving(tmp_path_factory.mktemp("chroma-server")) as running:
        yield running


class CommandLine:
    """The command line, with parts of the test's own where it puts some in: `qa.parts["reader"] = lambda _: reader`."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.parts: dict[str, Callable[..., Any]] = {}

    def __call__(self, *arguments: object) -> Ran:
        from qa.cli import run
        from qa.config import shared_archive, store_folder
        from qa.wiring import Wiring

        wiring = type("OwnWiring", (Wiring,), dict(self.parts))
        self._capsys.readouterr()
        code = run(
            [str(argument) for argument in arguments],
            lambda config, store, say: wiring(
                config, store_folder(config, store), say, shared=shared_archive(config, store)
            ),
        )
        return Ran(code, *self._capsys.readouterr())


@pytest.fixture
def qa(capsys: pytest.CaptureFixture[str], embedder: Embedder) -> CommandLine:  # noqa: ARG001 - exported by now
    """The command line in this process: qa("--store", folder, "ask", "…") gives exit code, stdout and stderr."""
    return CommandLine(capsys)


@pytest.fixture(scope="module")  # its event loop runs as long, beside which no other can
def chromium() -> Iterator[Any]:
    """A browser without a window; skips where the Python package playwright is missing."""
    api = pytest.importorskip("playwright.sync_api", reason="needs the Python package playwright")
    with api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        yield browser
        browser.close()
