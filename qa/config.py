"""What can be configured: read once, checked strictly, passed on frozen.

A file is looked for in --config, then QA_CONFIG, then the user's config folder; without one the defaults hold. The
working folder is never read unasked. Flags and environment win over the file where they are given: each setting has a
variable, QA_ANSWER__OPENAI__BASE_URL for answer.openai.base_url.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import platformdirs
from pydantic import BaseModel, ValidationError

from qa.settings import Answerer, Config
from vectorstore.errors import ConfigError, UsageError

APP = "footnote-qa"
FIELDS = ("url", "title", "text", "published", "publisher", "section", "author", "language")


_NEVER = ("store.", "ingest.", "screen.")  # sections that change no answer of an archive that is there
_SELDOM = {"api_key_env", "api_key_file", "cache", "deadline", "prices", "threads", "timeout"}  # nor do these settings


def config_file(given: Path | None = None) -> Path | None:
    """Return the file to read: given, named by QA_CONFIG, or in the user's config folder; None where there is none.

    Raises ConfigError where a file that was named is not there.
    """
    named = given or (expanded(os.environ["QA_CONFIG"]) if os.environ.get("QA_CONFIG") else None)
    if named is not None:
        if not named.is_file():
            raise ConfigError(f"There is no configuration file at {named}.", "Check --config and QA_CONFIG.")
        return named
    usual = platformdirs.user_config_path(APP, appauthor=False) / "config.toml"
    return usual if usual.is_file() else None


def load(given: Path | None = None) -> Config:
    """Return the configuration; raises ConfigError naming the file or the variable, the key and the nearest valid key.

    No error repeats a value, and none keeps what was read: it may hold a key that was put into the wrong place.
    """
    path = config_file(given)
    return in_environment(Config() if path is None else parse(_table(path), path), os.environ)


def _table(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        problem = f"{path} is not valid TOML: {error}"
    except UnicodeDecodeError as error:
        problem = f"{path} is not valid TOML: byte {error.start} is not UTF-8"
    except OSError as error:
        problem = f"{path} cannot be read: {error.strerror}."
    raise ConfigError(problem)


def parse(table: Mapping[str, Any], path: Path) -> Config:
    """Return the configuration in a TOML table; `path` is named in errors."""
    return _checked(table, lambda _: f"{path}: ")


def in_environment(config: Config, environment: Mapping[str, str]) -> Config:
    """Return the configuration with what variables such as QA_ANSWER__OPENAI__BASE_URL say.

    Lists and tables are written as in TOML, all else as it is. Raises ConfigError naming the variable.
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
    """Whether a key is the setting's own, or one in its table or list."""
    return f"{key}.".startswith(f"{setting}.")


def variable(key: str) -> str:
    """Return the environment variable of a setting: QA_ANSWER__OPENAI__BASE_URL for answer.openai.base_url."""
    return "QA_" + key.upper().replace(".", "__")


def _from_toml(text: str, name: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        example = '["*.tmp"] or { text = "body" }'
    raise ConfigError(f"{name}: is written as in TOML.", f"Such as {example}; see: qa config show")


def _checked(table: Mapping[str, Any], origin: Callable[[str], str]) -> Config:
    """Return a table's configuration; `origin` gives the words that name where a key was set."""
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
    if problem:  # raised out here, where it does not carry along what was read
        raise ConfigError(problem, hint)
    for field in config.ingest.fields:
        if field not in FIELDS:
            where = origin("ingest.fields")
            raise ConfigError(f"{where}ingest.fields: {field} is no field.", f"Fields: {', '.join(FIELDS)}.")
    return config


def answered_by(config: Config, name: str) -> Config:
    """Return the configuration with another answerer; raises UsageError where there is none of that name."""
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
    """Return the settings that answers depend on, by their dotted keys; of the models only the chosen one's."""
    others = tuple(f"answer.{name}." for name in get_args(Answerer) if name != config.answer.answerer)
    return {
        key: value
        for key, value, _ in settings(config)
        if not key.startswith((*_NEVER, *others)) and key.rpartition(".")[2] not in _SELDOM
    }


def _nearest(key: str) -> str:
    known = [name for name, _, _ in settings(Config())]
    sections = sorted({name.split(".")[0] for name in known})
    alone = "." not in key  # written above all sections: whatever section has it is meant
    match = [name for name in known if alone and name.endswith(f".{key}")][:1]
    match = match or difflib.get_close_matches(key, [*known, *sections], n=1, cutoff=0.4)
    if not match:
        match = [name for name in known if name.split(".")[-1] == key.rsplit(".", maxsplit=1)[-1]][:1]
    return f"Did you mean {match[0]}?" if match else "See: qa config show"


def store_folder(config: Config, given: Path | None = None) -> Path:
    """Return the archive's folder: given, named by QA_STORE, configured, or in the user's data folder.

    Raises ConfigError where a file stands at that place.
    """
    chosen = given or os.environ.get("QA_STORE") or config.store.path
    folder = expanded(chosen) if chosen else platformdirs.user_data_path(APP, appauthor=False) / "archive"
    if folder.is_file():
        raise ConfigError(f"{folder} is a file; an archive is a folder.", "Check --store, QA_STORE and [store] path.")
    return folder


def cache_folder(config: Config) -> Path:
    """Return the folder for prepared models."""
    if config.embedding.cache:
        return expanded(config.embedding.cache)
    return platformdirs.user_cache_path(APP, appauthor=False)


def expanded(text: str | Path) -> Path:
    """Return the path that was written, ~ as the home folder; raises UsageError where there is no such user."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise UsageError(f"{text} names no home folder.", "Write the path in full, from / on.") from None


def as_toml(config: Config) -> str:
    """Return the configuration as the text of a config.toml, a comment line before each setting."""
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
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # TOML escapes as JSON does, and DEL
    return str(value)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[\w-]+", name, re.ASCII) else _toml(name)
