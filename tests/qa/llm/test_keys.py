"""A key goes into one header of one request and nowhere else: a canary is looked for wherever a text could end up."""

from __future__ import annotations

import base64
import gc
import json
import logging
import pickle
import shutil
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from qa.llm.keys import Key, find_key, scrub
from qa.llm.language_model import language_model
from qa.llm.transport import _transport
from qa.settings import AnswerPart
from tests.conftest import CommandLine
from tests.faults import (
    KINDS,
    PROVIDERS,
    Act,
    Asked,
    Faults,
    Writer,
    endless,
    faults,
    hang_up,
    reply,
    said,
    stream,
    whole,
)
from tests.qa.llm.test_language_model import PROMPT, configured
from vectorstore.errors import AnswererMissing, ModelError

CANARY = "sk-canary/0123456789+abcdef'=="
VARIABLES = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY", "ollama": "OLLAMA_API_KEY"}
HEADER = {"openai": "authorization", "anthropic": "x-api-key", "ollama": "authorization"}


@pytest.fixture(scope="module")
def server() -> Iterator[Faults]:
    with faults() as running:
        yield running


def echoing(status: int, **headers: str) -> Act:
    """Refuse, and say the key again, in every way there is."""

    async def act(asked: Asked, writer: Writer) -> None:
        key = asked.headers.get("authorization", asked.headers.get("x-api-key", "")).removeprefix("Bearer ")
        assert key == CANARY
        body = json.dumps({"error": {"message": f"Bad key {key}", "param": key, "code": key, "type": key}, "key": key})
        await reply(status, body, x_key=key, www_authenticate=f"Bearer {key}", location=f"/?k={key}", **headers)(
            asked, writer
        )

    return act


def echoing_within(provider: str) -> Act:
    async def act(asked: Asked, writer: Writer) -> None:
        data = json.dumps({"type": "error", "error": {"type": "server_error", "message": f"{CANARY} failed"}}).encode()
        event = data + b"\n" if provider == "ollama" else b"event: error\ndata: " + data + b"\n\n"
        await stream(KINDS[provider], [*said(provider)[:3], event])(asked, writer)

    return act


def acts(provider: str) -> dict[str, Act]:
    statuses = {f"status {status}": echoing(status) for status in (301, 400, 401, 403, 404, 422, 429, 500, 503)}
    return {
        **statuses,
        "plain text": reply(400, f"the key {CANARY} is bad", "text/plain"),
        "kind": stream(f"text/{CANARY}", []),
        "an error within": echoing_within(provider),
        "cut": stream(KINDS[provider], said(provider)[:4], end="reset"),
        "garbled": stream(KINDS[provider], [f"data: {CANARY}\n\n{CANARY}\n".encode()]),
        "odd": stream(KINDS[provider], [f'data: {{"choices": "{CANARY}"}}\n\n{{"message": "{CANARY}"}}\n'.encode()]),
        "nothing": hang_up(),
        "endless": endless(KINDS[provider], 3),
        "whole": whole(provider),
    }


def texts(error: BaseException | None) -> Iterator[str]:
    """All that an exception says, and what it came of."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield from (repr(error.args), str(error), repr(vars(error)))
        yield from traceback.format_exception(error)
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("retries", [0, 1])
def test_no_error_and_no_log_holds_the_key(
    server: Faults,
    provider: str,
    retries: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(VARIABLES[provider], CANARY)
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, name)
    said_so: list[str] = []
    for case, act in acts(provider).items():
        server.will(act)
        model = language_model(configured(provider, server.address, deadline=200), provider, retries)
        said_so += [repr(model), str(model)]
        try:
            list(model.stream(PROMPT))
        except ModelError as error:
            said_so += texts(error)
        else:
            assert case == "whole"
        assert server.asked[0].headers[HEADER[provider]].removeprefix("Bearer ") == CANARY, case
    out, err = capfd.readouterr()
    said_so += [out, err, caplog.text, *(repr(vars(record)) for record in caplog.records)]
    assert any("httpcore" in record.name for record in caplog.records)
    assert [text[:300] for text in said_so if "canary" in text or "0123456789" in text] == []


FORMS = (
    CANARY,
    quote(CANARY, safe=""),
    quote(CANARY, safe="").lower(),
    json.dumps(CANARY)[1:-1],
    base64.b64encode(CANARY.encode()).decode(),
    base64.urlsafe_b64encode(f"Bearer {CANARY}".encode()).decode(),
)


def shows(text: str) -> bool:
    """Tell whether a text shows the key or a good part of it, in some form."""
    coded = (base64.b64encode(bytes(n) + CANARY.encode()).decode()[4:24] for n in range(3))
    return "sk-canary" in text.lower() or "0123456789" in text or any(part in text for part in coded)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_a_server_that_echoes_the_key_in_an_answer_is_not_repeated(
    server: Faults, provider: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLES[provider], CANARY)
    text = " ".join(f"It is {form}, sk-lark." for form in FORMS)
    server.will(whole(provider, [text[at : at + size] for at in range(0, len(text), size)]))
    model = language_model(configured(provider, server.address), provider)
    said = "".join(piece for piece in model.stream(PROMPT) if isinstance(piece, str))
    assert not shows(said)
    assert said.count("***") == said.count("sk-lark.") == len(FORMS)


def test_a_key_that_is_echoed_reaches_no_file(
    server: Faults, qa: CommandLine, seeds_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    for kind in ("CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    told = [f"King Salman visited Moscow in October 2017, said {form}. [1] " for form in FORMS]
    server.will(whole("openai", told))
    archive = shutil.copytree(seeds_store, tmp_path / "archive")
    config, asked = tmp_path / "config.toml", tmp_path / "asked.txt"
    config.write_text(f'[answer]\nanswerer = "openai"\n[answer.openai]\nmodel = "m"\nbase_url = "{server.address}/v1"')
    asked.write_text("When did King Salman visit Moscow?")
    options = ["--config", config, "--store", archive]
    for command in (
        ["ask", asked.read_text()],
        ["ask", asked.read_text(), "--json"],
        ["batch", asked, "-o", tmp_path / "a"],
    ):
        ran = qa(*options, *command)
        assert ran.code == 0
        assert not shows(ran.out + ran.err)
    assert server.asked[-1].headers["authorization"].endswith(CANARY)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"answers", "a", "ledger.sqlite3"} <= {part for path in written for part in path.relative_to(tmp_path).parts}
    assert [path for path in written if shows(path.read_bytes().decode("latin-1"))] == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_libraries_never_hold_the_key(server: Faults, provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_TEST_KEY", CANARY)
    for variable in VARIABLES.values():
        monkeypatch.delenv(variable, raising=False)
    if provider == "ollama":
        pytest.skip("its library reads OLLAMA_API_KEY itself")
    server.will(whole(provider))
    config = configured(provider, server.address, part={"api_key_env": "FOOTNOTE_TEST_KEY"})
    pieces = language_model(config, provider).stream(PROMPT)
    next(piece for piece in pieces if piece)
    held = [
        repr(value)
        for found in gc.get_objects()
        if str(type(found).__module__).startswith(("openai", "anthropic", "llama_index"))
        for value in getattr(found, "__dict__", {}).values()
        if isinstance(value, str)
    ]
    list(pieces)
    assert held
    assert [text for text in held if "canary" in text] == []
    assert server.asked[0].headers[HEADER[provider]].endswith(CANARY)


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_without_a_key_a_hosted_model_is_not_asked_and_both_ways_to_give_one_are_named(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLES[provider], raising=False)
    with pytest.raises(AnswererMissing, match="no key") as caught:
        language_model(AnswerPart.model_validate({provider: {"model": "m"}}), provider)
    assert VARIABLES[provider] in caught.value.hint
    assert "api_key_file" in caught.value.hint


def test_a_server_of_ones_own_needs_no_key_and_gets_none(server: Faults, monkeypatch: pytest.MonkeyPatch) -> None:
    for provider in PROVIDERS:
        monkeypatch.delenv(VARIABLES[provider], raising=False)
        server.will(whole(provider))
        list(language_model(configured(provider, server.address), provider).stream(PROMPT))
        assert {"authorization", "x-api-key"} & set(server.asked[0].headers) == set()


def test_a_key_file_wins_over_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_KEY", "other")
    path = tmp_path / "key"
    path.write_text(f"{CANARY}\n")
    path.chmod(0o600)
    assert find_key("SOME_KEY", str(path)).reveal() == CANARY
    assert find_key("SOME_KEY", "").reveal() == "other"
    assert not find_key("NO_SUCH_KEY", "")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o610, 0o777])
def test_a_key_file_that_others_may_read_is_refused_with_what_to_type(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key"
    path.write_text(CANARY)
    path.chmod(mode)
    with pytest.raises(AnswererMissing) as caught:
        find_key("X", str(path))
    assert caught.value.hint == f"Run: chmod 600 {path}"
    assert CANARY not in "".join(texts(caught.value))


@pytest.mark.parametrize("content", ["two words", "line\nline", "caf\xe9", "a\x00b"])
def test_a_key_that_is_no_key_is_refused_and_not_repeated(tmp_path: Path, content: str) -> None:
    path = tmp_path / "key"
    path.write_text(f"{CANARY}{content}", encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(AnswererMissing, match="does not hold just a key") as caught:
        find_key("X", str(path))
    assert CANARY not in repr(caught.value)


def test_a_missing_key_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(AnswererMissing, match="no-key cannot be read"):
        find_key("X", str(tmp_path / "no-key"))


def test_a_key_shows_itself_to_nobody() -> None:
    key = Key(CANARY)
    assert "canary" not in f"{key} {key!r} {[key]}"
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_a_key_is_taken_out_of_a_text_in_every_form() -> None:
    forms = (
        CANARY,
        json.dumps(CANARY),
        repr(CANARY),
        repr(CANARY.encode()),
        "sk-canary%2F0123456789%2Babcdef%27%3D%3D",
    )
    for form in forms:
        assert "canary" not in scrub(f"<{form}>", [Key(CANARY)])
    assert scrub("text", [Key("")]) == "text"


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("before", ["", "a", "Bearer ", "user:"])
def test_a_key_is_taken_out_of_base64_wherever_it_begins(encode: Callable[[bytes], bytes], before: str) -> None:
    for after in ("", "x", "\n and more"):
        told = scrub(f"<{encode(f'{before}{CANARY}{after}'.encode()).decode()}>", [Key(CANARY)])
        assert "***" in told
        left = told.strip("<>").partition("***")
        assert all(len(part.rstrip("=")) <= len(f"{before}{after}") * 8 // 6 + 3 for part in left[::2])


@pytest.mark.parametrize("proxy", [f"weird://u:{CANARY}@host", f"socks5://u:{CANARY}@host:1"])
def test_a_proxy_that_cannot_be_used_is_said_without_its_password(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", proxy)
    with pytest.raises(AnswererMissing, match="proxy") as caught:
        _transport("https://models.example/v1")
    assert CANARY not in "".join(texts(caught.value))


def test_this_machine_is_asked_without_a_proxy(server: Faults, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    server.will(whole("openai"))
    list(language_model(configured("openai", server.address), "openai").stream(PROMPT))
    assert len(server.asked) == 1


def test_another_machine_is_asked_by_the_proxy_of_the_environment(
    server: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.address)
    server.will(whole("openai"))
    list(language_model(configured("openai", "http://models.example"), "openai").stream(PROMPT))
    assert server.asked[0].path == "http://models.example/v1/chat/completions"
