"""A server of the seeds in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from qa.archive import Archive
from qa.serve.app import make_app
from qa.serve.guard import App, Gatekeeper
from qa.serve.service import Service
from tests.qa.serve.clients import client_of
from vectorstore.embedding import Embedder


@pytest.fixture(scope="session")
def service(seeds_store: Path, embedder: Embedder) -> Iterator[Service]:  # noqa: ARG001 - exported by now
    """The seeds' service. Only to be read, but for batches, which it keeps beside the archive."""
    with Archive.open(seeds_store) as archive:
        service = Service.of(archive)
        yield service
        service.close()


@pytest.fixture(scope="session")
def app(service: Service) -> App:
    """The seeds' server, for this machine."""
    return make_app(service, Gatekeeper())


@pytest.fixture
async def client(app: App) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the seeds' server, on the same machine."""
    async with client_of(app) as client:
        yield client
