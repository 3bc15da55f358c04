"""A Chroma server that is not there, not ours or not as we left it is told in a sentence without a secret."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.chroma import Chroma, Front, free_port, fronted, self_signed
from tests.vectorstore.build import matrix_of
from vectorstore.chroma_http import ANSWER, BEAT, CONNECT, ChromaServer, Tenancy
from vectorstore.chroma_server import ChromaServerIndex
from vectorstore.index import IndexUnusable

DIMENSION = 16
MATRIX = matrix_of(DIMENSION)
SECRET = "tk-3141592653"
HARMFUL = {"type": "known", "name": "sentence_transformer", "config": {"model_name": "evil", "trust_remote_code": True}}


def refusal(address: str, token: str = "", name: str = "told", **place: str) -> IndexUnusable:
    """What opening the index of a server raises, which holds neither the token nor what it was sent with."""
    with pytest.raises(IndexUnusable) as caught:
        ChromaServerIndex.make(ChromaServer(address, token, **place), name, DIMENSION).close()
    error = caught.value
    assert SECRET not in f"{error.message} {error.hint} {error!r} {error.__context__!r}"
    assert error.__cause__ is None
    return error


def local(front: Front, scheme: str = "http") -> str:
    return f"{scheme}://127.0.0.1:{front.port}"


def test_nobody_there_is_told_at_once() -> None:
    address = f"http://127.0.0.1:{free_port()}"
    error = refusal(address, SECRET)
    assert error.message == f"Chroma at {address} ([vectorstore] chroma) cannot be reached: connection refused."


def test_an_unknown_host_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "unknown host" in refusal("http://chroma.invalid:8000").message


def test_a_server_has_less_than_five_seconds() -> None:
    assert max(CONNECT, BEAT) + ANSWER < 5


def test_a_silent_server_is_told(chroma: Chroma, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vectorstore.chroma_http.ANSWER", 0.2)
    with fronted(Front(chroma.port, silent=True)) as front:
        assert "did not answer within 5 seconds" in refusal(local(front)).message


def test_a_server_that_falls_silent_is_told(chroma: Chroma, monkeypatch: pytest.MonkeyPatch) -> None:
    with fronted(Front(chroma.port)) as front:
        index = ChromaServerIndex.make(ChromaServer(local(front)), "falls-silent", DIMENSION)
        front.silent = True
        index._quick.session.timeout = 0.2
        monkeypatch.setattr("vectorstore.chroma_server.BEAT", 0.2)
        with pytest.raises(IndexUnusable, match="did not answer"):
            index.search(MATRIX.vectors[0], 3)
        index.close()


def test_a_busy_server_is_waited_for(chroma: Chroma) -> None:
    with fronted(Front(chroma.port)) as front:
        index = ChromaServerIndex.make(ChromaServer(local(front)), "is-busy", DIMENSION)
        index._quick.session.timeout = 0.2
        front.busy = 0.5
        assert list(index.add([1, 2], MATRIX.vectors[:2], [1, 1])) == [2]
        assert index.count() == 2
        front.silent, index._patient.session.timeout = True, 0.2
        with pytest.raises(IndexUnusable, match="did not answer within 60 seconds"):
            list(index.delete([1]))
        index.close()


def test_a_token_is_sent_and_a_wrong_one_told(chroma: Chroma) -> None:
    with fronted(Front(chroma.port, token=SECRET)) as front:
        ChromaServerIndex.make(ChromaServer(local(front), SECRET), "behind-a-gate", DIMENSION).close()
        assert "wants a token" in refusal(local(front)).message
        front.token = "another"
        wrong = refusal(local(front), SECRET)
        assert "refused the token" in wrong.message
        assert "QA_CHROMA_TOKEN" in wrong.hint


def test_a_token_that_expires_is_told_and_not_repeated(chroma: Chroma) -> None:
    with fronted(Front(chroma.port, token=SECRET)) as front:
        index = ChromaServerIndex.make(ChromaServer(local(front), SECRET), "expires", DIMENSION)
        front.token = "another"
        with pytest.raises(IndexUnusable, match="refused the token") as caught:
            index.count()
        assert SECRET not in f"{caught.value} {caught.value.__context__!r}"
        index.close()


def test_a_certificate_that_nobody_vouches_for_is_refused(
    chroma: Chroma, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path)
    with fronted(Front(chroma.port), certificate) as front:
        monkeypatch.setenv("CHROMA_SERVER_SSL_VERIFY", "false")  # chromadb's own, which must not count
        error = refusal(local(front, "https"), SECRET)
        assert error.message.startswith("The certificate of Chroma at https://")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        ChromaServerIndex.make(ChromaServer(local(front, "https")), "over-tls", DIMENSION).close()


def test_a_server_without_tls_is_told(chroma: Chroma) -> None:
    assert "does not speak TLS" in refusal(f"https://127.0.0.1:{chroma.port}").message


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, b'"0.5.23"', "has version 0.5.23"),
        (200, b'"2.0.0"', "has version 2.0.0"),
        (404, b"not here", "There is no Chroma at"),
        (200, b"<html>", "an answer that Chroma would not give"),
        (200, b'{"a": 1}', "There is no Chroma at"),
        (503, b"tk-3141592653", "failed: status 503"),
    ],
)
def test_another_server_is_told(chroma: Chroma, status: int, body: bytes, said: str) -> None:
    with fronted(Front(chroma.port, replies={"/version": (status, body)})) as front:
        assert said in refusal(local(front), SECRET).message


def test_a_database_that_is_not_there_is_told(chroma: Chroma) -> None:
    error = refusal(chroma.address, tenant="default_tenant", database="nowhere")
    assert "no such database" in error.message
    assert "QA_CHROMA_DATABASE" in error.hint


def _created(chroma: Chroma, name: str, configuration: dict[str, Any]) -> None:
    path = "api/v2/tenants/default_tenant/databases/default_database/collections"
    sent = {"name": name, "configuration": configuration}
    httpx.post(f"{chroma.address}/{path}", json=sent).raise_for_status()


@pytest.mark.parametrize(
    ("name", "configuration"),
    [("names-a-function", {"embedding_function": HARMFUL}), ("another-space", {"hnsw": {"space": "l2"}})],
)
def test_a_collection_with_other_settings_is_refused_before_chromadb_sees_it(
    chroma: Chroma, monkeypatch: pytest.MonkeyPatch, name: str, configuration: dict[str, Any]
) -> None:
    def never(*_: Any) -> Any:
        pytest.fail("chromadb was asked")

    _created(chroma, name, configuration)
    monkeypatch.setattr("vectorstore.chroma_server._Client", never)
    assert "was not made by this program" in refusal(chroma.address, name=name).message


def test_a_collection_of_another_dimension_is_refused(chroma: Chroma) -> None:
    index = ChromaServerIndex.make(ChromaServer(chroma.address), "of-sixteen", DIMENSION)
    list(index.add([1], MATRIX.vectors[:1], [1]))
    index.close()
    with pytest.raises(IndexUnusable, match="dimension 16, not 8"):
        ChromaServerIndex.open(ChromaServer(chroma.address), "of-sixteen", 8)


def test_what_a_broken_server_says_is_told_without_the_token(chroma: Chroma) -> None:
    said = json.dumps({"error": "InternalError", "message": f"cannot read {SECRET} \n at all"}).encode()
    with fronted(Front(chroma.port)) as front:
        index = ChromaServerIndex.make(ChromaServer(local(front), SECRET), "broken", DIMENSION)
        front.replies = {"/query": (500, said), "/count": (500, f"no json: {SECRET}".encode())}
        asked: list[Callable[[], object]] = [lambda: index.search(MATRIX.vectors[0], 3), index.count]
        for ask in asked:
            with pytest.raises(IndexUnusable) as caught:
                ask()
            assert "failed" in caught.value.message
            assert SECRET not in caught.value.message
        index.close()


def test_a_server_is_shown_without_what_is_secret() -> None:
    server = ChromaServer("https://user:word@chroma.example:8443/x", SECRET)
    assert str(server) == "Chroma at https://chroma.example:8443 ([vectorstore] chroma)"
    assert SECRET not in repr(server)


def test_what_the_token_belongs_to_is_used_where_it_is_one_and_nothing_is_set() -> None:
    server = ChromaServer("http://127.0.0.1:1")
    assert server.place({"tenant": "paper", "databases": ["news"]}) == Tenancy("paper", "news")
    assert server.place({"tenant": "*", "databases": ["a", "b"]}) == Tenancy("default_tenant", "default_database")
    assert server.place(["something else"]) == Tenancy("default_tenant", "default_database")
    assert ChromaServer("http://127.0.0.1:1", "", "x", "y").place({"tenant": "paper"}) == Tenancy("x", "y")
