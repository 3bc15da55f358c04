"""What servers do wrong, for every provider that speaks HTTP: a typed error in time, no part passed off as whole."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import formatdate

import pytest

from qa.llm.language_model import language_model
from qa.llm.prompts import Prompt
from qa.types import Usage
from tests.faults import (
    KINDS,
    PIECES,
    PROVIDERS,
    TEXT,
    Act,
    Faults,
    endless,
    faults,
    hang_up,
    reply,
    said,
    silent,
    stream,
    whole,
)
from tests.qa.llm.test_language_model import PROMPT, configured, text_of
from vectorstore.errors import AnswererMissing, ModelBroken, ModelBusy, ModelCut, ModelError, ModelRefused, ModelSlow

DEADLINE = 1.0  # seconds, where it is what ends the waiting
LONG = 30.0  # seconds, where it is not, also on a machine with much else to do
SLACK = 2.0  # seconds that a busy machine may add to a deadline
pytestmark = pytest.mark.usefixtures("loaded")
every_provider = pytest.mark.parametrize("provider", PROVIDERS)


@dataclass(slots=True)
class Came:
    """What came of one answer."""

    pieces: list[str | Usage]
    error: ModelError | None
    seconds: float

    @property
    def whole(self) -> bool:
        """Whether it was passed off as a whole answer."""
        return self.error is None


def asked(provider: str, address: str, deadline: float = LONG, retries: int = 2) -> Came:
    pieces: list[str | Usage] = []
    started = time.monotonic()
    error = None
    try:
        pieces.extend(
            language_model(configured(provider, address, deadline=deadline), provider, retries).stream(PROMPT)
        )
    except ModelError as raised:
        error = raised
    return Came(pieces, error, time.monotonic() - started)


@pytest.fixture(scope="module")
def server() -> Iterator[Faults]:
    with faults() as running:
        yield running


@pytest.fixture(scope="module")
def loaded(server: Faults) -> None:
    """The libraries are loaded before anything has to be in time."""
    for provider in PROVIDERS:
        server.will(whole(provider))
        assert asked(provider, server.address, 280).whole


@every_provider
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ModelRefused),
        (401, ModelRefused),
        (402, ModelRefused),
        (403, ModelRefused),
        (404, AnswererMissing),
        (413, ModelRefused),
        (422, ModelRefused),
        (301, AnswererMissing),
        (302, AnswererMissing),
        (303, AnswererMissing),
        (307, AnswererMissing),
        (308, AnswererMissing),
        (204, ModelBroken),
    ],
)
def test_what_will_not_get_better_is_named_and_not_asked_again(
    server: Faults, provider: str, status: int, kind: type[ModelError]
) -> None:
    elsewhere = {"location": f"{server.address}/elsewhere"}
    server.will(reply(status, json.dumps({"error": {"message": "No, because."}}), **elsewhere))
    came = asked(provider, server.address)
    assert type(came.error) is kind
    assert came.error.hint
    assert [one.path for one in server.asked] == [server.asked[0].path]
    assert text_of(came.pieces) == ""


@every_provider
@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 529])
def test_a_busy_server_is_asked_again_a_few_times_and_then_named(server: Faults, provider: str, status: int) -> None:
    server.will(reply(status, "{}", retry_after="0.01"))
    came = asked(provider, server.address)
    assert type(came.error) is ModelBusy
    assert f"status {status}" in came.error.message
    assert len(server.asked) == 3


@every_provider
def test_a_server_that_is_busy_once_answers_the_next_time(server: Faults, provider: str) -> None:
    server.will(reply(529, "overloaded", "text/plain", retry_after_ms="5"), whole(provider))
    came = asked(provider, server.address)
    assert came.whole
    assert text_of(came.pieces) == TEXT
    assert len(server.asked) == 2


RETRY_AFTER = {
    "seconds": ({"retry_after": "7"}, 7.0),
    "decimals": ({"retry_after": "7.5"}, 7.5),
    "a date": ({"retry_after": "Thu, 01 Jan 2026 00:00:09 GMT", "date": "Thu, 01 Jan 2026 00:00:00 GMT"}, 9.0),
    "a date gone by, 0": ({"retry_after": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0.0),
    "milliseconds": ({"retry_after_ms": "6500", "retry_after": "900"}, 6.5),
    "absurd": ({"retry_after": "9" * 300}, 86_400.0),
    "negative": ({"retry_after": "-5"}, 0.0),
    "garbage": ({"retry_after": "soon"}, None),
    "no number": ({"retry_after": "nan"}, None),
    "infinite": ({"retry_after": "inf"}, None),
    "no date": ({"retry_after": "Thu, 99 Foo 2026 99:99:99 GMT"}, None),
    "two": ({"retry_after": "5, 6"}, None),
    "empty": ({"retry_after": ""}, None),
    "none": ({}, None),
}


@every_provider
@pytest.mark.parametrize("form", RETRY_AFTER)
def test_what_a_server_asks_to_wait_is_understood_in_every_form(server: Faults, provider: str, form: str) -> None:
    headers, after = RETRY_AFTER[form]
    server.will(reply(429, "{}", **headers))
    came = asked(provider, server.address, retries=0)
    assert isinstance(came.error, ModelBusy)
    assert came.error.after == after
    assert len(server.asked) == 1


@every_provider
def test_a_wait_that_ends_after_the_deadline_is_not_begun(server: Faults, provider: str) -> None:
    server.will(reply(429, "{}", retry_after=formatdate(time.time() + 3600, usegmt=True)), whole(provider))
    came = asked(provider, server.address)
    assert isinstance(came.error, ModelBusy)
    assert came.error.after == pytest.approx(3600, abs=10)
    assert came.seconds < LONG
    assert len(server.asked) == 1


@every_provider
def test_a_server_that_is_not_there_is_named_with_how_to_start_it(provider: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    came = asked(provider, address)
    assert type(came.error) is AnswererMissing
    assert address in came.error.message
    assert "set [answer." in came.error.hint or "check [answer." in came.error.hint or "look" in came.error.hint.lower()
    assert came.seconds < LONG / 2


@every_provider
def test_a_connection_that_does_not_come_about_is_given_up_in_time(provider: str) -> None:
    with socket.socket() as full, socket.socket() as one, socket.socket() as two:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for waiting in (one, two):  # whom the listener has no room for hears nothing
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        came = asked(provider, f"http://127.0.0.1:{full.getsockname()[1]}", DEADLINE)
    assert isinstance(came.error, AnswererMissing)
    assert came.seconds < DEADLINE + SLACK


@every_provider
def test_a_server_that_says_nothing_is_given_up_in_time(server: Faults, provider: str) -> None:
    server.will(silent())
    came = asked(provider, server.address, DEADLINE)
    assert isinstance(came.error, ModelSlow)
    assert DEADLINE * 0.7 < came.seconds < DEADLINE + SLACK
    assert len(server.asked) == 1
    assert "" in came.pieces or not came.pieces


def test_openais_timeout_is_that_of_one_silence(server: Faults) -> None:
    server.will(stream(KINDS["openai"], said("openai")[:3], end="stall"))
    config = configured("openai", server.address, part={"timeout": 0.3})
    started = time.monotonic()
    with pytest.raises(ModelSlow, match=r"silent for 0\.3 s"):
        list(language_model(config, "openai").stream(PROMPT))
    assert time.monotonic() - started < 0.3 + SLACK


@every_provider
def test_an_answer_that_drips_is_given_up_in_time(server: Faults, provider: str) -> None:
    server.will(stream(KINDS[provider], said(provider, ["drop "] * 400), gap=0.05))
    came = asked(provider, server.address, DEADLINE)
    assert isinstance(came.error, ModelSlow)
    assert came.seconds < DEADLINE + SLACK
    assert len(server.asked) == 1


@every_provider
def test_an_explanation_that_drips_is_given_up_in_time(server: Faults, provider: str) -> None:
    async def act(_: object, writer: object) -> None:
        import asyncio

        writer.write(b"HTTP/1.1 400 No\r\ncontent-type: text/plain\r\n\r\n")  # type: ignore[attr-defined]
        for _number in range(400):
            writer.write(b"x")  # type: ignore[attr-defined]
            await writer.drain()  # type: ignore[attr-defined]
            await asyncio.sleep(0.05)

    server.will(act)
    came = asked(provider, server.address, DEADLINE)
    assert isinstance(came.error, (ModelSlow, ModelRefused))
    assert came.seconds < DEADLINE + SLACK


@every_provider
def test_a_connection_that_is_closed_without_a_word_is_a_busy_server(server: Faults, provider: str) -> None:
    server.will(hang_up())
    came = asked(provider, server.address, retries=0)
    assert isinstance(came.error, ModelBusy)
    assert len(server.asked) == 1


CUTS = [(provider, at) for provider in PROVIDERS for at in range(len(said(provider)))]


@pytest.mark.parametrize("end", ["whole", "cut", "reset"])
@pytest.mark.parametrize(("provider", "at"), CUTS)
def test_an_answer_cut_between_any_two_chunks_is_never_passed_off_as_whole(
    server: Faults, provider: str, at: int, end: str
) -> None:
    chunks = said(provider)
    server.will(stream(KINDS[provider], chunks[:at], end=end))
    came = asked(provider, server.address)
    finished = provider == "openai" and any(b'"finish_reason": "stop"' in chunk for chunk in chunks[:at])
    if came.whole:
        assert finished, "its end was never told"
        assert text_of(came.pieces) == TEXT
    else:
        assert isinstance(came.error, ModelBroken)
    assert len(server.asked) == 1


@every_provider
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_an_answer_in_splinters_is_read_as_the_same(server: Faults, provider: str, size: int) -> None:
    server.will(stream(KINDS[provider], said(provider), size=size))
    came = asked(provider, server.address)
    assert came.error is None
    assert text_of(came.pieces) == TEXT


@every_provider
def test_an_answer_cut_within_any_chunk_is_never_passed_off_as_whole(server: Faults, provider: str) -> None:
    data = b"".join(said(provider))
    end = data.index(b'"finish_reason": "stop"') if provider == "openai" else len(data) - 1
    for at in range(1, end, 41):
        server.will(stream(KINDS[provider], [data[:at]]))
        assert isinstance(asked(provider, server.address).error, ModelBroken), at
        assert len(server.asked) == 1


def framed(provider: str, data: bytes) -> bytes:
    head = b"event: content_block_delta\n" if provider == "anthropic" else b""
    return data + b"\n" if provider == "ollama" else head + b"data: " + data + b"\n\n"


GARBLED = {
    "no JSON": b"{oops",
    "no UTF-8": b'{"message": {"content": "caf\xe9"}}',
    "no object": b"[1, 2]",
    "a number": b"5",
    "nested without end": b"[" * 100_000,
    "control characters": b"\x00\x01\x02",
}


@every_provider
@pytest.mark.parametrize("form", GARBLED)
@pytest.mark.parametrize("at", [0, 4])
def test_what_is_no_event_breaks_the_answer(server: Faults, provider: str, form: str, at: int) -> None:
    chunks = said(provider)
    server.will(stream(KINDS[provider], [*chunks[:at], framed(provider, GARBLED[form]), *chunks[at:]]))
    came = asked(provider, server.address)
    assert isinstance(came.error, ModelBroken)
    assert len(server.asked) == 1


EMPTY = {
    "openai": [b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[]}\n\n'] * 3,
    "anthropic": [chunk for chunk in said("anthropic") if b"text_delta" not in chunk],
    "ollama": said("ollama", []),
}


@every_provider
@pytest.mark.parametrize("done", [True, False])
def test_an_answer_that_says_nothing_is_none(server: Faults, provider: str, done: bool) -> None:
    chunks = EMPTY[provider] if done else EMPTY[provider][:-1]
    server.will(stream(KINDS[provider], [*chunks, b"data: [DONE]\n\n"] if provider == "openai" and done else chunks))
    came = asked(provider, server.address)
    assert isinstance(came.error, ModelBroken)
    assert len(server.asked) == 1


ODD = [
    b'{"choices": null}',
    b'{"choices": [null]}',
    b'{"choices": [{"delta": null}]}',
    b'{"choices": [{"delta": {"content": {"a": 1}}}]}',
    b'{"message": null, "done": false}',
    b'{"message": "text", "done": false}',
    b'{"type": "content_block_delta", "delta": null}',
    b'{"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": 5}}',
    b'{"usage": {"prompt_tokens": "many", "completion_tokens": -3}, "choices": []}',
]


@every_provider
@pytest.mark.parametrize("event", ODD)
def test_an_event_of_an_odd_shape_neither_hangs_nor_crashes(server: Faults, provider: str, event: bytes) -> None:
    chunks = said(provider)
    server.will(stream(KINDS[provider], [*chunks[:3], framed(provider, event), *chunks[3:]]))
    came = asked(provider, server.address)
    assert isinstance(came.error, ModelBroken) if came.error else text_of(came.pieces) == TEXT
    assert came.seconds < LONG / 2


@every_provider
def test_an_endless_line_is_given_up(server: Faults, provider: str) -> None:
    server.will(endless(KINDS[provider], 100))
    came = asked(provider, server.address)
    assert isinstance(came.error, ModelBroken)
    assert came.seconds < LONG / 2
    assert len(server.asked) == 1


@every_provider
def test_100_megabytes_are_given_up(server: Faults, provider: str) -> None:
    [line] = [chunk for chunk in said(provider, ["x" * 200_000]) if len(chunk) > 200_000]
    server.will(endless(KINDS[provider], 100, line))
    came = asked(provider, server.address)
    assert isinstance(came.error, ModelBroken)
    assert "8 MB" in came.error.message
    assert len(server.asked) == 1


@every_provider
@pytest.mark.parametrize("kind", ["text/html", "application/octet-stream", "", "text/plain; charset=utf-8"])
def test_an_answer_of_another_kind_is_none(server: Faults, provider: str, kind: str) -> None:
    server.will(stream(kind, said(provider)))
    came = asked(provider, server.address)
    assert isinstance(came.error, ModelBroken)
    assert len(server.asked) == 1


@every_provider
def test_a_compressed_answer_is_none(server: Faults, provider: str) -> None:
    async def act(_: object, writer: object) -> None:
        data = gzip.compress(b"".join(said(provider)))
        head = f"HTTP/1.1 200 OK\r\ncontent-type: {KINDS[provider]}\r\ncontent-encoding: gzip\r\n\r\n"
        writer.write(head.encode() + data)  # type: ignore[attr-defined]

    server.will(act)
    assert isinstance(asked(provider, server.address).error, ModelBroken)
    assert server.asked[0].headers["accept-encoding"] == "identity"


@every_provider
@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"type": "overloaded_error", "message": "Overloaded"}, ModelBusy),
        ({"type": "rate_limit_error", "message": "Slow down"}, ModelBusy),
        ({"type": "server_error", "code": 500, "message": "Oops"}, ModelBusy),
        ({"type": "authentication_error", "message": "Who?"}, ModelRefused),
        ({"message": "the runner was ended"}, ModelBroken),
        ("the runner was ended", ModelBroken),
    ],
)
@pytest.mark.parametrize("at", [0, 4])
def test_an_error_within_an_answer_is_named(
    server: Faults, provider: str, error: object, kind: type[ModelError], at: int
) -> None:
    body = json.dumps({"type": "error", "error": error}).encode()
    event = framed(provider, body).replace(b"content_block_delta", b"error")
    server.will(stream(KINDS[provider], [*said(provider)[:at], event]))
    came = asked(provider, server.address, retries=1)
    assert type(came.error) is kind
    assert len(server.asked) == (2 if kind is ModelBusy and at == 0 else 1), "asked again once it had begun"


@every_provider
@pytest.mark.parametrize(
    ("reason", "kind"),
    [("length", ModelCut), ("max_tokens", ModelCut), ("content_filter", ModelRefused), ("tool_use", ModelBroken)],
)
def test_an_answer_that_ended_for_another_reason_is_not_whole(
    server: Faults, provider: str, reason: str, kind: type[ModelError]
) -> None:
    server.will(whole(provider, reason=reason))
    came = asked(provider, server.address)
    assert type(came.error) is kind
    assert len(server.asked) == 1


@every_provider
def test_a_reset_after_the_first_words_is_not_asked_again(server: Faults, provider: str) -> None:
    at = next(at for at, chunk in enumerate(said(provider)) if PIECES[0].encode() in chunk) + 1
    server.will(stream(KINDS[provider], said(provider)[:at], end="reset"), whole(provider))
    came = asked(provider, server.address)
    assert isinstance(came.error, ModelBroken)
    assert len(server.asked) == 1


@every_provider
@pytest.mark.parametrize("begun", [True, False])
def test_closing_the_stream_ends_the_request_at_once(server: Faults, provider: str, begun: bool) -> None:
    act: Act = stream(KINDS[provider], said(provider)[:-1], end="stall") if begun else silent()
    server.will(act)
    pieces = language_model(configured(provider, server.address, deadline=60), provider).stream(PROMPT)
    for piece in pieces:
        if server.asked and (piece or not begun):
            break
    started = time.monotonic()
    pieces.close()  # type: ignore[attr-defined]
    assert time.monotonic() - started < 1
    assert server.left.wait(30), "the server was not told"
    assert [thread for thread in threading.enumerate() if thread.name == "language model"] == []


@every_provider
def test_a_silent_model_leaves_room_to_breathe(server: Faults, provider: str) -> None:
    server.will(stream(KINDS[provider], said(provider), gap=0.25))
    came = asked(provider, server.address)
    assert came.error is None
    assert "" in came.pieces
    assert text_of(came.pieces) == TEXT


@every_provider
def test_the_prompt_is_sent_as_it_is(server: Faults, provider: str) -> None:
    odd = Prompt("\u2028 {x} \\", "“naïve” 🙂\x07 </s>")
    server.will(whole(provider))
    list(language_model(configured(provider, server.address), provider).stream(odd))
    sent = list(strings(server.asked[0].body))
    assert odd.system in sent
    assert odd.user in sent


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(inner)
