"""One request to a model's server, under the same rules whatever library is on top.

The libraries get a client that sends every request through here. This adds the key, which they never see, follows no
redirects, limits and checks the answer, and turns failures into errors.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator, Mapping
from types import ModuleType, TracebackType
from typing import Any, Self

import httpx

from qa.llm.addresses import LOOPBACK, proxy_of
from qa.llm.deadlines import Call, Unreached
from qa.llm.http_errors import Server, refusal
from qa.llm.keys import Key, scrub, unlogged
from qa.llm.stream_protocols import Witness
from vectorstore.errors import AnswererMissing, ModelBroken, ModelBusy, ModelError, ModelSlow

CONNECT = 10.0  # seconds for a connection
LARGEST = 8_000_000  # bytes of an answer; 700 tokens take a quarter of one
EXPLAINED = 20_000  # bytes of an error's body
HEADERS = ("httpcore.http11", "httpcore.proxy", "httpcore.connection")  # loggers of headers, where a key may be echoed
OURS = {"authorization", "x-api-key", "accept-encoding", "connection", "content-length", "cookie", "host"}


class Wire:
    """The connection to a model's server for one call; its error, if any, is in `call.failure`."""

    def __init__(
        self,
        call: Call,
        server: Server,
        witness: Witness,
        *,
        kinds: tuple[str, ...],
        header: tuple[str, str],
        key: Key,
        silence: float,
    ) -> None:
        """`header` is the key's header and prefix; `silence` is the longest wait between pieces, in seconds."""
        self._call, self._server, self._witness, self._kinds = call, server, witness, kinds
        self._header, self._key, self._silence = header, key, silence
        witness.clean = self._scrubbed
        self._open = contextlib.ExitStack()
        self._socket: socket.socket | None = None
        call.when_stopped(self._cut)
        self._open.enter_context(unlogged(key, HEADERS))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()

    def client(self, library: ModuleType) -> Any:
        """Return a client of httpx, or of a library with its interface, that sends its requests through here."""
        client = library.Client(transport=self.transport(library), trust_env=False, follow_redirects=False)
        return self._open.enter_context(client)

    def transport(self, library: ModuleType) -> Any:
        """Return the transport for such a client."""

        def handle(request: Any) -> Any:
            body = self._send(request.method, str(request.url), dict(request.headers), request.content)
            return library.Response(200, headers={"content-type": self._kinds[0]}, content=body)

        return library.MockTransport(handle)  # the public way to answer requests with a function

    def _send(self, method: str, url: str, headers: Mapping[str, str], content: bytes) -> Iterator[bytes]:
        """Return the answer's body as it arrives; raises ModelError, and keeps it in case a library loses it."""
        try:
            response = self._response(method, url, headers, content)
        except httpx.HTTPError as error:
            self._call.failure = self._unanswered(error)
        except ModelError as error:
            self._call.failure = error
        else:
            return self._watched(response)
        raise self._call.failure

    def _response(self, method: str, url: str, headers: Mapping[str, str], content: bytes) -> httpx.Response:
        sent = {name: value for name, value in headers.items() if name.lower() not in OURS}
        sent["accept-encoding"] = "identity"  # a compressed answer could be any size
        if self._key:
            sent[self._header[0]] = self._header[1] + self._key.reveal()
        left = self._call.left
        timeout = httpx.Timeout(left, connect=min(CONNECT, 0.8 * left), read=min(self._silence, left))
        transport = self._open.enter_context(_transport(url))
        client = self._open.enter_context(httpx.Client(transport=transport, trust_env=False, timeout=timeout))
        request = client.build_request(method, url, headers=sent, content=content, extensions={"trace": self._trace})
        response = client.send(request, stream=True)
        self._open.callback(response.close)
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if response.status_code != 200:
            raise refusal(self._server, response.status_code, response.headers, self._explained(response))
        if kind not in self._kinds or response.headers.get("content-encoding", "identity") != "identity":
            raise ModelBroken(
                f"{self._server.where} sent {self._scrubbed(kind)[:80] or 'an unknown format'}.", self._server.start
            )
        return response

    def _explained(self, response: httpx.Response) -> str:
        body = b""
        try:
            for chunk in response.iter_raw():
                body += chunk
                if len(body) > EXPLAINED:
                    break
        except httpx.HTTPError:
            pass  # the status says enough
        return self._scrubbed(body[:EXPLAINED].decode("utf-8", "replace"))

    def _watched(self, response: httpx.Response) -> Iterator[bytes]:
        size = 0
        try:
            for chunk in response.iter_raw():
                size += len(chunk)
                if size > LARGEST:
                    raise ModelBroken(f"{self._server.where} sent more than {LARGEST // 10**6} MB.")
                self._witness.feed(chunk)
                yield chunk
            self._witness.close()
        except httpx.TimeoutException:
            failure: ModelError = self._silent()
        except httpx.HTTPError:
            failure = ModelBroken(f"{self._server.where} broke off during the answer.", "Try again.")
        except ModelError as error:
            failure = error
        else:
            return
        self._call.failure = failure
        raise failure

    def _unanswered(self, error: httpx.HTTPError) -> ModelError:
        where, start = self._server.where, self._server.start
        if isinstance(error, httpx.ConnectTimeout):
            return Unreached(f"{where} cannot be reached: the connection timed out.", start)
        if isinstance(error, httpx.TimeoutException):
            return self._silent()
        if isinstance(error, (httpx.ConnectError, httpx.ProxyError)):
            words = f"{where} cannot be reached: {self._scrubbed(str(error))[:200]}."
            # the loopback has no network faults to wait out: a retry would not help
            return (
                AnswererMissing(words, start) if where.split("//")[-1].startswith(LOOPBACK) else Unreached(words, start)
            )
        if isinstance(error, (httpx.NetworkError, httpx.RemoteProtocolError)):
            return ModelBusy(f"{where} closed the connection without an answer.", "Try again later.")
        return AnswererMissing(f"{where} cannot be asked: {type(error).__name__}.", start)

    def _silent(self) -> ModelError:
        return ModelSlow(
            f"{self._server.where} was silent for {min(self._silence, self._call.left) or self._silence:g} s.",
            "Raise the timeout or [answer] deadline, or choose a smaller model.",
        )

    def _scrubbed(self, text: str) -> str:
        return scrub(text, [self._key])

    def _trace(self, name: str, info: Mapping[str, Any]) -> None:
        """Keep the socket: only shutting it down wakes a thread that waits for a server."""
        if name.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")
            if self._call.stopped:
                self._cut()

    def _cut(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):  # it was closed already
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def _transport(url: str) -> httpx.HTTPTransport:
    """The transport to an address: direct, or through the proxy in the environment; raises AnswererMissing."""
    # loading the certificates takes 0.05 s, which only TLS needs
    verify = url.startswith("https:")
    try:
        return httpx.HTTPTransport(proxy=proxy_of(url), verify=verify)
    except (ValueError, ImportError, httpx.InvalidURL):  # their messages would reveal the proxy's password
        problem = "The proxy set in the environment cannot be used."
    raise AnswererMissing(problem, "Check HTTP_PROXY, HTTPS_PROXY and ALL_PROXY; NO_PROXY excludes hosts.")
