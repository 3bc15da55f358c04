"""What is asked of a Chroma server before chromadb is, and what its failures mean.

What a collection's stored settings name, Chroma up to 1.5.9 runs (CVE-2026-45829). So they are read over HTTP first,
and chromadb opens the collection only if they are harmless.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from vectorstore.chroma import harmless
from vectorstore.index import IndexUnusable

if TYPE_CHECKING:
    import httpx

SETTING, TOKEN, TENANT, DATABASE = "[vectorstore] chroma", "QA_CHROMA_TOKEN", "QA_CHROMA_TENANT", "QA_CHROMA_DATABASE"
VERSION = "1"  # every server since 1.0 calls its interface so
# seconds for a connection, an answer and a sign of life: who is dead or silent is found out within 5
CONNECT, ANSWER, BEAT = 1.3, 2.5, 2.2
PATIENCE = 60.0  # seconds for an answer of a server that is busy


@dataclass(frozen=True, slots=True)
class ChromaServer:
    """Where a Chroma server is and who asks; an empty tenant or database is the one that the token belongs to."""

    address: str
    token: str = field(default="", repr=False)
    tenant: str = ""
    database: str = ""

    @property
    def port(self) -> int:
        """The port that it listens on."""
        parts = urlsplit(self.address)
        return parts.port or (443 if parts.scheme == "https" else 80)

    @property
    def headers(self) -> dict[str, str]:
        """The token as gates in front of a server take it, and as Chroma Cloud does."""
        return {"Authorization": f"Bearer {self.token}", "X-Chroma-Token": self.token} if self.token else {}

    def place(self, known: Any) -> Tenancy:
        """Return the tenant and the database; `known` is what the server says that the token belongs to."""
        said = known if isinstance(known, Mapping) else {}
        tenants, databases = [said.get("tenant")], said.get("databases")
        return Tenancy(
            self.tenant or _only(tenants, "default_tenant"), self.database or _only(databases, "default_database")
        )

    def __str__(self) -> str:
        parts = urlsplit(self.address)
        return f"Chroma at {parts.scheme}://{parts.netloc.rpartition('@')[2]} ({SETTING})"


@dataclass(frozen=True, slots=True)
class Tenancy:
    """A tenant and one of its databases."""

    tenant: str
    database: str

    @property
    def path(self) -> str:
        """Where it is in the interface."""
        return f"tenants/{quote(self.tenant, safe='')}/databases/{quote(self.database, safe='')}"


@dataclass(frozen=True, slots=True)
class Rest:
    """What is asked of a server before chromadb is: who it is, who we are, and what a collection's settings are."""

    server: ChromaServer
    client: httpx.Client

    def get(self, path: str) -> Any:
        """Return what is there, or None; raises IndexUnusable."""
        import httpx  # 0.2 s

        with failures(self.server):
            try:
                return self.client.get(path).json()
            except httpx.HTTPStatusError as error:
                if error.response.status_code != 404:
                    raise
        return None

    def post(self, path: str, content: Any) -> Any:
        """Return the reply to what is sent; raises IndexUnusable."""
        with failures(self.server):
            return self.client.post(path, json=content).json()

    def place(self) -> Tenancy:
        """Return the tenant and the database; raises IndexUnusable for another server than ours."""
        version = self.get("version")
        if not isinstance(version, str):
            raise IndexUnusable(f"There is no {self.server}, or one before version {VERSION}.", "Check the address.")
        if version.partition(".")[0] != VERSION:
            said = version[:40] if version.isprintable() else "unknown"
            raise IndexUnusable(f"{self.server} has version {said}.", f"Version {VERSION} is needed: chroma run")
        place = self.server.place(self.get("auth/identity"))
        if self.get(place.path) is None:
            raise IndexUnusable(f"{self.server} has no such database for this tenant.", f"Set {TENANT} and {DATABASE}.")
        return place

    def ours(self, place: Tenancy, name: str, dimension: int) -> Any:
        """Return a collection as it is stored, or None; raises IndexUnusable unless settings and dimension are ours."""
        stored = self.get(f"{place.path}/collections/{quote(name, safe='')}")
        if stored is None:
            return None
        which = f"The collection {name} of {self.server}"
        hint = "Remove it there, then write it with: qa doctor"
        if not isinstance(stored, Mapping) or not stored.get("configuration_json") or not harmless(stored):
            raise IndexUnusable(f"{which} was not made by this program.", hint)
        if stored.get("dimension") not in {None, dimension}:
            has = stored["dimension"]
            raise IndexUnusable(f"{which} has vectors of dimension {has}, not {dimension}.", hint)
        return stored


def _only(names: Any, usual: str) -> str:
    known = [name for name in names if isinstance(name, str) and name != "*"] if isinstance(names, list) else []
    return known[0] if len(known) == 1 else usual


@contextmanager
def asking(server: ChromaServer) -> Iterator[Rest]:
    """Ask a server for the length of a block."""
    import httpx  # 0.2 s

    with httpx.Client(base_url=f"{server.address.rstrip('/')}/api/v2/", headers=server.headers) as client:
        yield Rest(server, governed(client, ANSWER))


def governed(client: httpx.Client, seconds: float) -> httpx.Client:
    """Let no request of a client wait longer for an answer, and let each that is refused raise HTTPStatusError."""
    import httpx  # 0.2 s

    client.timeout = httpx.Timeout(seconds, connect=CONNECT)
    client.event_hooks = {"response": [_accepted]}
    return client


def _accepted(response: httpx.Response) -> None:
    if not response.is_success:
        response.read()
        response.raise_for_status()


@contextmanager
def failures(server: ChromaServer, seconds: float = 5) -> Iterator[None]:
    """Raise IndexUnusable for what fails in the block, without what the server was sent; it had so many seconds."""
    import httpx  # 0.2 s

    try:
        yield
    except (httpx.HTTPError, LookupError, ValueError) as error:  # of replies that are no JSON, or not what they were
        raise _explained(server, error, seconds) from None


def _explained(server: ChromaServer, error: Exception, seconds: float) -> IndexUnusable:
    import httpx  # 0.2 s

    match error:
        case httpx.TimeoutException():
            return IndexUnusable(f"{server} did not answer within {seconds:.0f} seconds.", "See whether it is busy.")
        case httpx.HTTPStatusError() if error.response.status_code in {401, 403}:
            said = "refused the token" if server.token else "wants a token"
            return IndexUnusable(f"{server} {said}.", f"Set the environment variable {TOKEN}.")
        case httpx.HTTPStatusError():
            return _refused(server, error.response)
        case httpx.ConnectError():
            return _unreached(server, error)
        case httpx.HTTPError():
            return IndexUnusable(f"{server} broke off an answer.", "Check that it runs; see its log.")
    return IndexUnusable(f"{server} gave an answer that Chroma would not give.", "Check the address.")


def _refused(server: ChromaServer, response: httpx.Response) -> IndexUnusable:
    try:
        body = response.json()
    except ValueError:
        body = None
    said = str(body.get("message", "")) if isinstance(body, dict) else ""
    said = " ".join(said.replace(server.token or "\0", "***").split())[:200]
    return IndexUnusable(f"{server} failed: {said or f'status {response.status_code}'}.", "See its log.")


def _unreached(server: ChromaServer, error: BaseException) -> IndexUnusable:
    causes: list[BaseException] = []
    at: BaseException | None = error
    while at is not None:
        causes.append(at)
        at = at.__cause__ or at.__context__
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            hint = "For a CA of your own, set SSL_CERT_FILE to its certificate."
            return IndexUnusable(f"The certificate of {server} is not valid: {cause.verify_message}.", hint)
        if isinstance(cause, ssl.SSLError):
            return IndexUnusable(f"{server} does not speak TLS.", "Check whether the address begins with http://")
        if isinstance(cause, socket.gaierror):
            return IndexUnusable(f"{server} cannot be reached: unknown host.", "Check the address.")
    why = next((one.strerror for one in causes if isinstance(one, OSError) and one.strerror), "no connection")
    return IndexUnusable(f"{server} cannot be reached: {why.lower()}.", "Check that it runs, and the address.")
