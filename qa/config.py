"""Loading the configuration: read once, checked strictly, frozen.

The file is the first of --config, QA_CONFIG and config.toml in the user's config folder; without one, the defaults
apply. The working folder is never searched. Flags and environment variables override the file: each setting has a
variable, such as QA_ANSWER__OPENAI__BASE_URL for answer.openai.base_url.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import urlsplit

import platformdirs
from pydantic import BaseModel, ValidationError

from qa.llm.addresses import checked_database, is_database, is_meant_as_database
from qa.sanitize import spelled_out
from qa.settings import Answerer, Config
from vectorstore.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from vectorstore.chroma_http import ChromaServer
    from vectorstore.postgres.shared import Shared

APP = "footnote-qa"
FIELDS = ("url", "title", "text", "published", "publisher", "section", "author", "language")


_NEVER = ("store.", "vectorstore.", "ingest.", "screen.")  # sections that do not change an existing archive's answers
_SELDOM = {"api_key_env", "api_key_file", "cache", "deadline", "prices", "threads", "timeout"}  # settings that do not


def config_file(given: Path | None = None) -> Path | None:
    """Return the file to read: the one given, QA_CONFIG, or the one in the user's config folder; None if none exists.

    Raises ConfigError if a file that was named does not exist.
    """
    named = given or (expanded(os.environ["QA_CONFIG"]) if os.environ.get("QA_CONFIG") else None)
    if named is not None:
        if not named.is_file():
            raise ConfigError(f"There is no configuration file at {named}.", "Check --config and QA_CONFIG.")
        return named
    usual = platformdirs.user_config_path(APP, appauthor=False) / "config.toml"
    return usual if usual.is_file() else None


def load(given: Path | None = None) -> Config:
    """Return the configuration; raises ConfigError with the file or variable, the key and the nearest valid key.

    Errors neither repeat nor keep the values that were read, because one might be an API key in the wrong place.
    """
    path = config_file(given)
    return in_environment(Config() if path is None else parse(_table(path), path), os.environ)


def _table(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problem = f"{path} is not valid TOML: {error}"
    except UnicodeDecodeError as error:
        problem = f"{path} is not valid TOML: byte {error.start} is not UTF-8"
    except OSError as error:
        problem = f"{path} cannot be read: {error.strerror}."
    raise ConfigError(problem)


def parse(table: Mapping[str, Any], path: Path) -> Config:
    """Return the configuration in a TOML table; errors name `path`."""
    return _checked(table, lambda _: f"{path}: ")


def in_environment(config: Config, environment: Mapping[str, str]) -> Config:
    """Return the configuration, overridden by variables such as QA_ANSWER__OPENAI__BASE_URL.

    Lists and tables are written as in TOML, other values plainly. Raises ConfigError naming the variable.
    """
    variables = {name: text for name, text in environment.items() if name.startswith("QA_") and "__" in name}
    if not variables:
        return config
    known = {variable(key): (key, value) for key, value, _ in settings(config)}
    table = config.model_dump()
    for name, text in sorted(variables.items()):
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
            hint = f"Did you mean {near[0]}?" if near else "See: qa config show"
            raise ConfigError(f"{name}: there is no such setting.", hint)
        key, value = known[name]
        part, (*sections, last) = table, key.split(".")
        for section in sections:
            part = part[section]
        part[last] = _from_toml(text, name) if isinstance(value, (tuple, Mapping)) else text
    return _checked(table, lambda wrong: "".join(f"{name}: " for name in variables if _within(wrong, known[name][0])))


def _within(key: str, setting: str) -> bool:
    """Return whether a key belongs to the setting, or to its table or list."""
    return f"{key}.".startswith(f"{setting}.")


def variable(key: str) -> str:
    """Return the environment variable of a setting: QA_ANSWER__OPENAI__BASE_URL for answer.openai.base_url."""
    return "QA_" + key.upper().replace(".", "__")


def _from_toml(text: str, name: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (tomllib.TOMLDecodeError, RecursionError):
        example = '["*.tmp"] or { text = "body" }'
    raise ConfigError(f"{name}: not valid TOML.", f"Write it like {example}; see: qa config show")


def _checked(table: Mapping[str, Any], origin: Callable[[str], str]) -> Config:
    """Return a table's configuration; `origin` returns where a key was set, for messages."""
    problem = hint = ""
    try:
        config = Config.model_validate(table)
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False, include_context=False)[0]
        key = ".".join(str(part) for part in wrong["loc"])
        problem, hint = f"{key}: {wrong['msg'].removeprefix('Value error, ')}.", "See: qa config show"
        if wrong["type"] == "extra_forbidden":
            problem, hint = f"there is no setting {key}.", _nearest(key)
        problem = origin(key) + problem
    if problem:  # raised out here, so that it does not carry the values along
        raise ConfigError(problem, hint)
    for field in config.ingest.fields:
        if field not in FIELDS:
            where = origin("ingest.fields")
            raise ConfigError(f"{where}ingest.fields: there is no field {field}.", f"Fields: {', '.join(FIELDS)}.")
    return config


def answered_by(config: Config, name: str) -> Config:
    """Return the configuration with another answerer; raises UsageError if there is none of that name."""
    known = get_args(Answerer)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        said = f"Did you mean {near[0]}? " if near else ""
        raise UsageError(f"There is no answerer {name!r}.", f"{said}Answerers: {', '.join(known)}.")
    return config.model_copy(update={"answer": config.answer.model_copy(update={"answerer": name})})


def settings(part: BaseModel, prefix: str = "") -> Iterator[tuple[str, Any, str]]:
    """Yield each setting's dotted key, value and description, in the order of the file."""
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        if isinstance(value, BaseModel):
            yield from settings(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value, field.description or ""


def decisive(config: Config) -> dict[str, Any]:
    """Return the settings that answers depend on, by dotted key; only the chosen model's are among them."""
    others = tuple(f"answer.{name}." for name in get_args(Answerer) if name != config.answer.answerer)
    return {
        key: value
        for key, value, _ in settings(config)
        if not key.startswith((*_NEVER, *others)) and key.rpartition(".")[2] not in _SELDOM
    }


def _nearest(key: str) -> str:
    known = [name for name, _, _ in settings(Config())]
    sections = sorted({name.split(".")[0] for name in known})
    alone = "." not in key  # written above all sections: find the section that has it
    match = [name for name in known if alone and name.endswith(f".{key}")][:1]
    match = match or difflib.get_close_matches(key, [*known, *sections], n=1, cutoff=0.4)
    if not match:
        match = [name for name in known if name.split(".")[-1] == key.rsplit(".", maxsplit=1)[-1]][:1]
    return f"Did you mean {match[0]}?" if match else "See: qa config show"


def store_folder(config: Config, given: Path | str | None = None) -> Path:
    """Return the archive's folder: the one given, QA_STORE, the configured one, or the one in the user's data folder.

    Of a shared archive, which another address or [store] url names, it holds what belongs to this machine alone. Raises
    ConfigError if it is a file, or was meant as an address, which the message does not repeat.
    """
    typed = str(given or os.environ.get("QA_STORE") or "")
    database = typed if is_database(typed) else "" if typed else config.store.url
    chosen = config.store.path if is_database(typed) else typed or config.store.path
    if is_meant_as_database(str(chosen)):
        raise ConfigError(
            "--store, QA_STORE or [store] path is neither a folder nor the address of a database.",
            "Write postgresql://USER@HOST/DATABASE, or ./ before the name of a folder.",
        )
    usual = platformdirs.user_data_path(APP, appauthor=False) / (_named(database) if database else "archive")
    folder = expanded(chosen) if chosen else usual
    if folder.is_file():
        raise ConfigError(f"{folder} is a file, not a folder.", "Check --store, QA_STORE and [store] path.")
    return folder


def _named(database: str) -> str:
    """Return the name of a folder for what belongs to a shared archive; the same for every user of one."""
    parts = urlsplit(database)
    place = f"{parts.hostname or ''}:{parts.port or ''}{parts.path}?{parts.query}"
    return f"shared-{parts.path.strip('/')[:40]}-{hashlib.sha256(place.encode()).hexdigest()[:8]}"


def shared_archive(config: Config, given: Path | str | None = None) -> Shared | None:
    """Return the shared archive that --store, QA_STORE or [store] url names, None where they name a folder.

    Raises ConfigError for an address that is none, and UsageError where PostgreSQL's client is not installed.
    """
    typed = str(given or os.environ.get("QA_STORE") or "")
    address = typed or config.store.url
    if not is_database(address):
        return None
    try:
        checked_database(address)
    except ValueError as error:
        raise ConfigError(f"--store and QA_STORE: the address {error}.") from None
    try:
        from vectorstore.postgres.shared import Shared  # psycopg: 0.1 s
    except ModuleNotFoundError:
        raise UsageError(
            "A shared archive needs PostgreSQL’s client.", "Install it: pip install 'footnote-qa[team]'"
        ) from None
    return Shared(address, chroma_server(config))


def chroma_server(config: Config, environment: Mapping[str, str] = os.environ) -> ChromaServer | None:
    """Return the configured Chroma server, None if there is none.

    The token, the tenant and the database come from QA_CHROMA_TOKEN, QA_CHROMA_TENANT and QA_CHROMA_DATABASE; without
    the latter two they are those that the token belongs to. Raises ConfigError, which does not repeat it, for a token
    that cannot be one.
    """
    from vectorstore.chroma_http import DATABASE, TENANT, TOKEN, ChromaServer

    if not config.vectorstore.chroma:
        return None
    token, tenant, database = (environment.get(name, "").strip() for name in (TOKEN, TENANT, DATABASE))
    if not (token.isascii() and token.isprintable() and " " not in token):
        raise ConfigError(f"{TOKEN} does not hold just a token.", "A token is one line without spaces.")
    return ChromaServer(config.vectorstore.chroma, token, tenant, database)


def cache_folder(config: Config) -> Path:
    """Return the folder for prepared models."""
    if config.embedding.cache:
        return expanded(config.embedding.cache)
    return platformdirs.user_cache_path(APP, appauthor=False)


def expanded(text: str | Path) -> Path:
    """Return the path with ~ expanded; raises UsageError if there is no such user."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise UsageError(f"Unknown home folder in {text}.", "Write the full path, starting with /.") from None


def as_toml(config: Config) -> str:
    """Return the configuration as the text of a config.toml, with a comment above each setting."""
    lines: list[str] = []
    section = ""
    for key, value, description in settings(config):
        head, _, name = key.rpartition(".")
        if head != section:
            lines += ["", f"[{head}]"] if lines else [f"[{head}]"]
            section = head
        lines += [f"# {description}", f"{name} = {_toml(value)}"]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_toml(v)}" for k, v in value.items()) + " }" if value else "{}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, str):
        written = json.dumps(value, ensure_ascii=False)  # TOML escapes as JSON does, but for half characters
        return spelled_out(written, lambda character: f"\\U{ord(character):08X}")
    return str(value)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[\w-]+", name, re.ASCII) else _toml(name)
