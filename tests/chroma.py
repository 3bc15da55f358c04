"""A Chroma server of the tests' own, and what may stand in front of one: TLS, a gate that wants a token, silence."""

from __future__ import annotations

import datetime
import http.client
import ipaddress
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

STARTING = 20.0  # seconds
RUN = "import sys, chromadb_rust_bindings as chroma; chroma.cli(['chroma', *sys.argv[1:]])"  # as its script, in 0.1 s


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Chroma:
    """`chroma run` over a folder, on a port of loopback that stays the same when it is started again."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it answers; raises OSError where it does not."""
        command = [sys.executable, "-c", RUN, "run", "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, "--path", str(self.folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + STARTING
        while self.process.poll() is None and time.monotonic() < until:
            if _beats(self.port):
                return
            time.sleep(0.02)
        self.stop()
        raise OSError("it did not answer")

    def memory(self) -> int:
        """Return the bytes of memory that it takes."""
        assert self.process
        rows = Path(f"/proc/{self.process.pid}/status").read_text("utf-8").splitlines()
        return 1024 * next(int(row.split()[1]) for row in rows if row.startswith("VmRSS"))

    def stop(self) -> None:
        """Stop it, as a machine that is switched off does."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


def _beats(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/api/v2/heartbeat")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@contextmanager
def serving(folder: Path) -> Iterator[Chroma]:
    """Run a Chroma server for the length of a block; skips the test, and says why, where none can be run."""
    chroma = Chroma(folder)
    try:
        chroma.start()
    except OSError as error:
        pytest.skip(f"chroma run does not serve here: {error}")
    try:
        yield chroma
    finally:
        chroma.stop()


@dataclass(slots=True)
class Front:
    """What stands between a client and Chroma: it wants `token`, gives `replies` itself, is `silent`, or passes on.

    For so many seconds it is `busy` with all but a heartbeat.
    """

    behind: int
    token: str = ""
    replies: Mapping[str, tuple[int, bytes]] = field(default_factory=dict)
    silent: bool = False
    busy: float = 0.0
    released: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """Return the status and the body of the reply."""
        if self.silent:
            self.released.wait(10)
        if "heartbeat" not in path:
            self.released.wait(self.busy)
        if self.token and headers.get("Authorization") != f"Bearer {self.token}":
            return 401, f"no entry with {headers.get('Authorization')}".encode()  # as careless servers do
        if own := next((reply for ending, reply in self.replies.items() if ending in path), None):
            return own
        connection = http.client.HTTPConnection("127.0.0.1", self.behind, timeout=10)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            reply = connection.getresponse()
            return reply.status, reply.read()
        finally:
            connection.close()


@contextmanager
def fronted(front: Front, certificate: Path | None = None) -> Iterator[Front]:
    """Put it up for the length of a block; with a `certificate` (and its key) over TLS."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, reply = front.answer(self.command, self.path, dict(self.headers), body)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        do_GET = do_POST = do_DELETE = _any  # noqa: N815 - the names that http.server looks for

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Say nothing of a client that left."""

    server = Server(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    front.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield front
    finally:
        front.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


def self_signed(folder: Path) -> Path:
    """Write a certificate for 127.0.0.1 that signs itself, with its key, and return the file; skips without tools."""
    pytest.importorskip("cryptography", reason="needs the Python package cryptography")
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "chroma.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "certificate.pem"
    path.touch(0o600)
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
