"""What can be configured: read once, checked strictly, passed on frozen.

A file is looked for in --config, then QA_CONFIG, then the user's config folder; without one the defaults hold. The
working folder is never read unasked. Flags and environment win over the file where they are given.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qa.answer.weights import CAUTION
from vectorstore.errors import ConfigError

APP = "footnote-qa"
FIELDS = ("url", "title", "text", "published", "publisher", "section", "author", "language")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StorePart(_Part):
    """Where the archive is."""

    path: str = Field("", description="Folder of the archive; empty: the user's data folder. Also --store, QA_STORE.")


class EmbeddingPart(_Part):
    """The model that turns text into vectors."""

    model: str = Field("", description="Folder of a sentence-transformers model; empty: the packaged all-MiniLM-L6-v2.")
    threads: int = Field(0, ge=0, le=256, description="Threads of the model; 0: one for each core.")
    cache: str = Field("", description="Folder for prepared models; empty: the user's cache folder.")


class IngestPart(_Part):
    """How articles are read."""

    exclude: tuple[str, ...] = Field((), description="Patterns, as in .gitignore, of files that folders leave out.")
    fields: Mapping[str, str] = Field(
        default_factory=dict,
        description='Keys of your dumps where they are not the usual ones, such as { text = "body_plain" }.',
    )


class SearchPart(_Part):
    """How evidence is found."""

    per_article: int = Field(4, ge=1, le=20, description="Passages of one article among the evidence, at most.")
    chroma_above: int = Field(
        100_000, ge=0, description="Passages above which a long-lived process asks Chroma, not the exact search."
    )


class AnswerPart(_Part):
    """When there is an answer."""

    caution: float = Field(
        CAUTION,
        ge=0,
        le=1,
        description="Confidence below which there is no answer; higher: fewer, and fewer wrong ones.",
    )


class ScreenPart(_Part):
    """How the terminal UI looks and listens."""

    theme: str = Field("", description="One of Textual's themes; empty: the one chosen last in the terminal UI.")
    keys: Mapping[str, str] = Field(
        default_factory=dict,
        description='Keys by action, as F1 lists them, such as { "ask.focus" = "f3,ctrl+l" }.',
    )


class Config(_Part):
    """All settings; `config.toml` beside the README lists them with their defaults."""

    store: StorePart = StorePart()
    embedding: EmbeddingPart = EmbeddingPart()
    ingest: IngestPart = IngestPart()
    search: SearchPart = SearchPart()
    answer: AnswerPart = AnswerPart()
    screen: ScreenPart = ScreenPart()


def config_file(given: Path | None = None) -> Path | None:
    """Return the file to read: given, named by QA_CONFIG, or in the user's config folder; None where there is none.

    Raises ConfigError where a file that was named is not there.
    """
    named = given or (Path(os.environ["QA_CONFIG"]).expanduser() if os.environ.get("QA_CONFIG") else None)
    if named is not None:
        if not named.is_file():
            raise ConfigError(f"There is no configuration file at {named}.", "Check --config and QA_CONFIG.")
        return named
    usual = platformdirs.user_config_path(APP, appauthor=False) / "config.toml"
    return usual if usual.is_file() else None


def load(given: Path | None = None) -> Config:
    """Return the configuration; raises ConfigError naming the file, the key and the nearest valid key."""
    path = config_file(given)
    if path is None:
        return Config()
    try:
        return parse(tomllib.loads(path.read_text(encoding="utf-8-sig")), path)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error


def parse(table: Mapping[str, Any], path: Path) -> Config:
    """Return the configuration in a TOML table; `path` is named in errors."""
    try:
        config = Config.model_validate(table)
    except ValidationError as error:
        problem = error.errors()[0]
        key = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            raise ConfigError(f"{path}: there is no setting {key}.", _nearest(key)) from None
        raise ConfigError(f"{path}: {key}: {problem['msg']}.", "See: qa config show") from None
    for field in config.ingest.fields:
        if field not in FIELDS:
            raise ConfigError(f"{path}: ingest.fields: {field} is no field.", f"Fields: {', '.join(FIELDS)}.")
    return config


def settings(part: BaseModel, prefix: str = "") -> Iterator[tuple[str, Any, str]]:
    """Yield each setting's dotted key, value and description, in the order of the file."""
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        if isinstance(value, BaseModel):
            yield from settings(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value, field.description or ""


def _nearest(key: str) -> str:
    known = [name for name, _, _ in settings(Config())]
    sections = sorted({name.split(".")[0] for name in known})
    match = difflib.get_close_matches(key, [*known, *sections], n=1, cutoff=0.4)
    if not match:
        match = [name for name in known if name.split(".")[-1] == key.rsplit(".", maxsplit=1)[-1]][:1]
    return f"Did you mean {match[0]}?" if match else "See: qa config show"


def store_folder(config: Config, given: Path | None = None) -> Path:
    """Return the archive's folder: given, named by QA_STORE, configured, or in the user's data folder.

    Raises ConfigError where a file stands at that place.
    """
    chosen = given or os.environ.get("QA_STORE") or config.store.path
    folder = Path(chosen).expanduser() if chosen else platformdirs.user_data_path(APP, appauthor=False) / "archive"
    if folder.is_file():
        raise ConfigError(f"{folder} is a file; an archive is a folder.", "Check --store, QA_STORE and [store] path.")
    return folder


def cache_folder(config: Config) -> Path:
    """Return the folder for prepared models."""
    if config.embedding.cache:
        return Path(config.embedding.cache).expanduser()
    return platformdirs.user_cache_path(APP, appauthor=False)


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
