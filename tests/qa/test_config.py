from __future__ import annotations

import tomllib
import traceback
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from qa.config import (
    FIELDS,
    answered_by,
    as_toml,
    cache_folder,
    chroma_server,
    config_file,
    decisive,
    expanded,
    load,
    parse,
    settings,
    shared_archive,
    store_folder,
    variable,
)
from qa.settings import Config, EmbeddingPart, IngestPart, StorePart
from tests.conftest import ROOT
from vectorstore.chroma_http import ChromaServer
from vectorstore.errors import ConfigError, UsageError


def config(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_repository_file_lists_every_setting_with_its_default_and_comment() -> None:
    text = (ROOT / "config.toml").read_text("utf-8")
    head, _, body = text.partition("\n\n")
    assert head.startswith("#")
    assert body == as_toml(Config())


def test_the_repository_file_is_the_defaults() -> None:
    assert load(ROOT / "config.toml") == Config()


def test_every_setting_is_described_on_one_line() -> None:
    for key, _, description in settings(Config()):
        assert description.endswith("."), key
        assert "\n" not in description, key


def test_what_is_shown_can_be_read_back_whatever_it_holds(tmp_path: Path) -> None:
    odd = 'a "b" \\ c\n\t é \x7f \u2028'
    full = Config(
        store=StorePart(path=odd),
        embedding=EmbeddingPart(model=odd, threads=3),
        ingest=IngestPart(exclude=(odd, "*.tmp"), fields={"text": odd, "title": "headline"}),
    )
    assert load(config(tmp_path, as_toml(full))) == full


def test_without_a_file_the_defaults_hold() -> None:
    assert load() == Config()


def test_the_working_folder_is_never_read_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config(tmp_path, "[embedding]\nthreads = 7\n")
    monkeypatch.chdir(tmp_path)
    assert load().embedding.threads == 0


def test_a_given_file_wins_over_qa_config_which_wins_over_the_users_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for threads, name in enumerate(("user/footnote-qa", "environment", "given"), 1):
        (tmp_path / name).mkdir(parents=True)
        config(tmp_path / name, f"[embedding]\nthreads = {threads}\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user"))
    assert load().embedding.threads == 1
    monkeypatch.setenv("QA_CONFIG", str(tmp_path / "environment" / "config.toml"))
    assert load().embedding.threads == 2
    assert load(tmp_path / "given" / "config.toml").embedding.threads == 3


def test_an_empty_qa_config_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_CONFIG", "")
    assert config_file() is None


@pytest.mark.parametrize("given", [True, False])
def test_a_named_file_that_is_missing_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: bool) -> None:
    monkeypatch.setenv("QA_CONFIG", str(tmp_path / "no.toml"))
    with pytest.raises(ConfigError, match=r"no\.toml"):
        load(tmp_path / "no.toml" if given else None)


@pytest.mark.parametrize(
    ("text", "key", "nearest"),
    [
        ("[embedding]\nthread = 1\n", "embedding.thread", "embedding.threads"),
        ("[embeding]\nthreads = 1\n", "embeding", "embedding"),
        ("[serach]\n", "serach", "search"),
        ("[store]\npth = 'x'\n", "store.pth", "store.path"),
        ("chroma_above = 3\n", "chroma_above", "search.chroma_above"),
        ("threads = 3\n", "threads", "embedding.threads"),
        ("[search]\nchroma_abov = 3\n", "search.chroma_abov", "search.chroma_above"),
    ],
)
def test_an_unknown_key_is_named_with_its_file_and_the_nearest_valid_key(
    tmp_path: Path, text: str, key: str, nearest: str
) -> None:
    path = config(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert caught.value.message == f"{path}: there is no setting {key}."
    assert caught.value.hint == f"Did you mean {nearest}?"


def test_a_key_like_no_other_gets_the_way_to_all_keys(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(config(tmp_path, "zzzzqqqq = 1\n"))
    assert "qa config show" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[embedding]\nthreads = -1\n", "embedding.threads"),
        ("[embedding]\nthreads = 'many'\n", "embedding.threads"),
        ("[search]\nper_article = 0\n", "search.per_article"),
        ("[ingest]\nexclude = 'x'\n", "ingest.exclude"),
        ("[ingest.fields]\ntext = 5\n", "ingest.fields.text"),
        ("store = 5\n", "store"),
        ("[ingest.fields]\nbody = 'x'\n", "ingest.fields"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_file_and_key(tmp_path: Path, text: str, key: str) -> None:
    path = config(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert caught.value.message.startswith(f"{path}: {key}: ")


@pytest.mark.parametrize("data", [b"[store", b"a = \xff", b"\xff\xfe[\0", b"a = " + b"[" * 5_000])
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(data)
    with pytest.raises(ConfigError, match="not valid TOML"):
        load(path)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert load(config(tmp_path, "\ufeff[embedding]\nthreads = 2\n")).embedding.threads == 2


def test_every_field_may_be_mapped(tmp_path: Path) -> None:
    text = "[ingest.fields]\n" + "".join(f"{name} = 'x_{name}'\n" for name in FIELDS)
    assert set(load(config(tmp_path, text)).ingest.fields) == set(FIELDS)


def test_the_configuration_is_frozen() -> None:
    with pytest.raises(ValidationError):
        Config().embedding.threads = 3  # type: ignore[misc]


def test_the_archive_is_where_the_flag_then_qa_store_then_the_file_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = Config(store=StorePart(path=str(tmp_path / "filed")))
    assert store_folder(filed) == tmp_path / "filed"
    monkeypatch.setenv("QA_STORE", str(tmp_path / "environment"))
    assert store_folder(filed) == tmp_path / "environment"
    assert store_folder(filed, tmp_path / "typed") == tmp_path / "typed"


def test_the_archive_is_else_in_the_users_data_folder_and_nothing_is_created(sealed: Path) -> None:
    folder = store_folder(Config())
    assert folder == sealed / "data" / "footnote-qa" / "archive"
    assert not folder.exists()


def test_a_chroma_server_is_asked_in_the_name_that_the_environment_says(tmp_path: Path) -> None:
    assert chroma_server(Config(), {"QA_CHROMA_TOKEN": "tk-1"}) is None
    config = parse({"vectorstore": {"chroma": "https://chroma.example"}}, tmp_path / "config.toml")
    variables = {"QA_CHROMA_TOKEN": "tk-1\n", "QA_CHROMA_TENANT": "paper", "QA_CHROMA_DATABASE": "news"}
    assert chroma_server(config, variables) == ChromaServer("https://chroma.example", "tk-1", "paper", "news")
    with pytest.raises(ConfigError, match="QA_CHROMA_TOKEN does not hold just a token") as caught:
        chroma_server(config, {"QA_CHROMA_TOKEN": "two words"})
    assert "two words" not in str(caught.value)


def test_the_address_of_a_chroma_server_holds_no_password(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"vectorstore\.chroma"):
        parse({"vectorstore": {"chroma": "http://user:word@chroma.example"}}, tmp_path / "config.toml")


def test_a_file_in_the_place_of_the_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(ConfigError, match=r"notes\.txt is a file"):
        store_folder(Config(), tmp_path / "notes.txt")


@pytest.mark.parametrize(
    "typed",
    [
        "postgressql://ann:hunter2@db/news",
        "POSTGRESQL://ann:hunter2@db/news",
        "postgresql:ann:hunter2@db/news",
        "mysql://ann:hunter2@db/news",
        "host=db dbname=news password=hunter2",
    ],
)
def test_an_address_with_a_slip_is_not_taken_for_a_folder_or_repeated(typed: str) -> None:
    with pytest.raises(ConfigError, match="neither a folder nor the address") as caught:
        store_folder(Config(), typed)
    assert "hunter2" not in f"{caught.value}{caught.value.hint}"
    assert store_folder(Config(), "./postgresql:ann") == Path("postgresql:ann")
    assert store_folder(Config(), "C:/news") == Path("C:/news")


@pytest.mark.parametrize(
    "typed",
    ["postgresql://ann:hunter2@db/news", "postgresql://db/news?password=hunter2", "postgres://db/n?p%61ssword=hunter2"],
)
def test_an_address_with_a_password_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(ConfigError, match="must not contain a password") as caught:
        shared_archive(Config(), typed)
    assert "hunter2" not in f"{caught.value}{caught.value.hint}"


def test_a_tilde_is_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert store_folder(Config(store=StorePart(path="~/news"))) == tmp_path / "news"
    assert cache_folder(Config(embedding=EmbeddingPart(cache="~/models"))) == tmp_path / "models"


def test_a_tilde_of_nobody_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_CONFIG", "~nosuchuser/config.toml")
    asked = (
        config_file,
        lambda: store_folder(Config(), Path("~nosuchuser/news")),
        lambda: cache_folder(Config(embedding=EmbeddingPart(cache="~nosuchuser/models"))),
        lambda: expanded("~nosuchuser"),
    )
    for ask in asked:
        with pytest.raises(UsageError, match="~nosuchuser"):
            ask()


def test_keys_by_action_survive_being_printed_and_read_again() -> None:
    chosen = Config.model_validate({"screen": {"keys": {"ask.focus": "f3,ctrl+l"}, "theme": "nord"}})
    assert parse(tomllib.loads(as_toml(chosen)), Path("config.toml")) == chosen


@pytest.mark.parametrize(
    ("name", "text", "key", "value"),
    [
        (
            "QA_ANSWER__OPENAI__BASE_URL",
            "http://localhost:8000/v1",
            "answer.openai.base_url",
            "http://localhost:8000/v1",
        ),
        ("QA_ANSWER__ANSWERER", "ollama", "answer.answerer", "ollama"),
        ("QA_ANSWER__DEADLINE", "2.5", "answer.deadline", 2.5),
        ("QA_EMBEDDING__THREADS", "3", "embedding.threads", 3),
        ("QA_INGEST__EXCLUDE", '["*.tmp", "a b"]', "ingest.exclude", ("*.tmp", "a b")),
        ("QA_INGEST__FIELDS", '{ text = "body" }', "ingest.fields", {"text": "body"}),
        ("QA_STORE__PATH", "", "store.path", ""),
    ],
)
def test_a_variable_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, key: str, value: object
) -> None:
    path = config(tmp_path, "[store]\npath = 'x'\n[answer]\ndeadline = 9\n[embedding]\nthreads = 7\n")
    monkeypatch.setenv(name, text)
    assert {key: value for key, value, _ in settings(load(path))}[key] == value


def test_every_setting_has_a_variable_that_reads_back_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value, _ in settings(Config()):
        line = next(row for row in as_toml(Config()).splitlines() if row.startswith(f"{key.split('.')[-1]} = "))
        text = line.partition(" = ")[2] if isinstance(value, (tuple, dict)) else str(value)
        monkeypatch.setenv(variable(key), text)
    assert load() == Config()


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("QA_ANSWER__OPENAI__BASEURL", "QA_ANSWER__OPENAI__BASE_URL"),
        ("QA_ANSWER__OPENAI__API_KEY", "QA_ANSWER__OPENAI__API_KEY_ENV"),
        ("QA_EMBEDING__THREADS", "QA_EMBEDDING__THREADS"),
    ],
)
def test_a_variable_of_no_setting_is_named_with_the_nearest_and_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, nearest: str
) -> None:
    monkeypatch.setenv(name, CANARY)
    with pytest.raises(ConfigError) as caught:
        load()
    assert caught.value.message == f"{name}: there is no such setting."
    assert caught.value.hint == f"Did you mean {nearest}?"
    assert_silent(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "key"),
    [
        ("QA_EMBEDDING__THREADS", "many", "embedding.threads"),
        ("QA_ANSWER__ANSWERER", "nobody", "answer.answerer"),
        ("QA_INGEST__FIELDS", "{ text = 5 }", "ingest.fields"),
        ("QA_INGEST__FIELDS", '{ body = "x" }', "ingest.fields"),
        ("QA_INGEST__EXCLUDE", "*.tmp", "QA_INGEST__EXCLUDE"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, key: str
) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(ConfigError) as caught:
        load()
    assert caught.value.message.startswith(f"{name}: ")
    assert key in caught.value.message


def test_a_variable_does_not_take_the_blame_for_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_STORE__PATH", "/x")
    with pytest.raises(ConfigError) as caught:
        load(config(tmp_path, "store = 5\n"))
    assert caught.value.message.startswith(f"{tmp_path / 'config.toml'}: store: ")


CANARY = "sk-canary-0123456789abcdef"


def assert_silent(error: BaseException | None) -> None:
    while error is not None:
        assert CANARY not in "".join(traceback.format_exception(error))
        assert CANARY not in repr(error.args)
        assert CANARY not in repr(vars(error))
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize(
    "text",
    [
        f"[answer.openai]\napi_key = '{CANARY}'\n",
        f"[answer.openai]\nbase_url = 'http://{CANARY}@host/v1'\n",
        f"[answer.openai]\nbase_url = 'http://user:{CANARY}@host/v1'\n",
        f"[answer.openai]\nbase_url = 'http://host/v1?key={CANARY}'\n",
        f"[answer.anthropic]\nbase_url = 'https://host/#{CANARY}'\n",
        f"[answer.ollama]\nhost = 'host:99999999/{CANARY}'\n",
        f"[answer.openai]\nbase_url = 'http://[{CANARY}'\n",
        f"[answer.openai]\napi_key_env = '{CANARY}'\n",
        f"[answer.openai]\ntimeout = '{CANARY}'\n",
        f"[answer]\nanswerer = '{CANARY}'\n",
        f"[answer]\nopenai = '{CANARY}'\n",
        f"answer = '{CANARY}'\n",
        f"[answer.openai]\nmodel = '{CANARY}\n",
        f"[answer.openai]\nmodel = {CANARY}\n",
    ],
)
def test_a_key_in_the_file_is_refused_and_never_repeated(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(config(tmp_path, text))
    assert_silent(caught.value)


def test_a_key_in_a_file_that_is_no_text_is_never_repeated(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(f"# {CANARY}\n".encode() + b"\xff")
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert_silent(caught.value)


@pytest.mark.parametrize(
    "address", ["", "http://localhost:8000/v1", "https://api.example/openai/v1/", "http://[::1]:80"]
)
def test_addresses_that_hold_no_key_are_taken(address: str) -> None:
    assert Config.model_validate({"answer": {"openai": {"base_url": address}}}).answer.openai.base_url == address


@pytest.mark.parametrize("address", ["localhost:8000", "ftp://host", "http://", "http://ho st/", "http://host:no/"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ConfigError, match=r"base_url: must be an address"):
        parse({"answer": {"openai": {"base_url": address}}}, Path("config.toml"))


def test_another_answerer_changes_nothing_else() -> None:
    chosen = answered_by(Config(embedding=EmbeddingPart(threads=3)), "ollama")
    assert (chosen.answer.answerer, chosen.embedding.threads) == ("ollama", 3)
    assert answered_by(chosen, "extractive") == Config(embedding=EmbeddingPart(threads=3))


def test_an_answerer_that_there_is_not_is_refused_with_the_names_that_there_are() -> None:
    with pytest.raises(UsageError, match="no answerer 'olama'") as caught:
        answered_by(Config(), "olama")
    assert "Did you mean ollama?" in caught.value.hint
    assert "extractive, ollama, openai, anthropic, llama_cpp" in caught.value.hint


@pytest.mark.parametrize(
    ("changed", "matters"),
    [
        ({"search": {"per_article": 3}}, True),
        ({"answer": {"fallback": "extractive"}}, True),
        ({"answer": {"ollama": {"model": "x"}}}, True),
        ({"answer": {"openai": {"model": "x"}}}, False),
        ({"answer": {"deadline": 9.0, "prices": {"x": [1, 2]}}}, False),
        ({"embedding": {"model": "x"}}, True),
        ({"embedding": {"threads": 3, "cache": "x"}}, False),
        ({"store": {"path": "x"}, "screen": {"theme": "nord"}, "ingest": {"exclude": ["x"]}}, False),
    ],
)
def test_what_answers_depend_on_is_told_from_what_changes_none(changed: dict[str, Any], matters: bool) -> None:
    chosen = answered_by(Config.model_validate(changed), "ollama")
    assert (decisive(chosen) != decisive(answered_by(Config(), "ollama"))) == matters


def test_prices_are_pairs_that_survive_being_printed_and_read_again(tmp_path: Path) -> None:
    path = config(tmp_path, '[answer]\nprices = { "openai: gpt-oss" = [0.1, 2] }\n')
    assert load(path).answer.prices == {"openai: gpt-oss": (0.1, 2.0)}
    assert load(config(tmp_path, as_toml(load(path)))) == load(path)


@pytest.mark.parametrize("price", ["[1]", "[1, 2, 3]", "[-1, 2]", "'dear'"])
def test_a_price_that_is_none_is_refused(tmp_path: Path, price: str) -> None:
    with pytest.raises(ConfigError, match=r"answer\.prices\.x"):
        load(config(tmp_path, f"[answer]\nprices = {{ x = {price} }}\n"))
