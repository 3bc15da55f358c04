"""Damage to an archive's files, one kind at a time: every command answers rightly, or says what is wrong."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import shutil
import sqlite3
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from benchmarks.faults.count import Count
from qa.cli import run as command
from qa.config import store_folder
from qa.ingest.pipeline import ingest
from qa.ingest.survey import Request
from qa.settings import Config
from qa.wiring import Say, Wiring
from tests.fakes import FakeEmbedder, FakeReader
from vectorstore.embedding import Embedder
from vectorstore.sqlite import FILE

Damage = Callable[[Path, random.Random], None]
TEXTS = {
    f"{place}.txt": f"The {place} opened again on Monday. Its keeper said that {number} guests came.\n\n"
    f"Nobody had expected so many guests at the {place}. The next opening is in {number} days.\n"
    for number, place in enumerate(("harbour", "mill", "station", "bridge", "market", "tower", "ferry", "quarry"), 11)
}
QUESTION = "How many guests came to the mill?"
TABLES = {  # and half of their rows; of the full-text tables there is none
    "meta": "key > 'j'",
    "articles": "key % 2",
    "originals": "article % 2",
    "sentences": "ord % 2",
    "passages": "id % 2",
    "vectors": "article % 2",
    "passages_fts": "",
    "articles_fts": "",
}
VALUES: Sequence[tuple[str, str, Mapping[str, str]]] = (
    (
        "articles",
        "key = 2",
        {"blocks": "'x'", "found": "'[1'", "text": "x'ff'", "id": "7", "title": "x'80'", "published": "'soon'"},
    ),
    ("passages", "id = 3", {"start": "'x'", "stop": "1e300", "first": "-9", "last": "x'00'", "ord": "'a'"}),
    ("sentences", "article = 2", {"start": "'x'", "stop": "-4", "kind": "'no such'", "block": "'x'"}),
    ("vectors", "article = 2", {"data": "x''"}),
    ("vectors", "article = 3", {"data": "'text'"}),
    ("vectors", "article = 4", {"data": "zeroblob(64)"}),
    ("originals", "article = 2", {"data": "7"}),
)
PLACES = (
    FILE,
    f"{FILE}-wal",
    f"{FILE}-shm",
    "chroma",
    "chroma/current",
    "rebuild",
    f"rebuild/{FILE}",
    "writer.lock",
    "writer.lock.holder",
)
NONSENSE: Mapping[str, Sequence[str | bytes | None]] = {
    "schema_version": ("", "two", "-1", "99999999999999999999", "1.5", b"\xff\xfe", None),
    "revision": ("", "x", "1e9", b"\x80", None),
    "identity": ("", "x", "[]", "{}", "7", '{"embedder": 1}', '{"a": {"b": []}}', b"\xff", None),
    "index_dirty": ("", "x", None),
    "index_revision": ("", "x", "-5", None),
}


def _flipped(folder: Path, chance: random.Random, share: float) -> None:
    path = folder / FILE
    data = bytearray(path.read_bytes())
    for at in chance.sample(range(len(data)), max(1, int(share * len(data)))):
        data[at] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def _page(folder: Path, chance: random.Random, fill: bytes) -> None:
    path, size = folder / FILE, 8192
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data) // size) * size
    data[at : at + size] = (fill * size)[:size]
    path.write_bytes(data)


def _cut(folder: Path, _: random.Random, length: int) -> None:
    path = folder / FILE
    os.truncate(path, min(length, path.stat().st_size) if length >= 0 else path.stat().st_size + length)


def _sql(folder: Path, _: random.Random, statement: str) -> None:
    with closing(sqlite3.connect(folder / FILE)) as database:
        database.execute(statement)
        database.commit()


def _meta(folder: Path, _: random.Random, key: str, value: str | bytes | None) -> None:
    with closing(sqlite3.connect(folder / FILE)) as database:
        if value is None:
            database.execute("DELETE FROM meta WHERE key = ?", (key,))
        else:
            database.execute("INSERT OR REPLACE INTO meta VALUES (?, CAST(? AS TEXT))", (key, value))
        database.commit()


def _put(folder: Path, _: random.Random, name: str, content: bytes | None) -> None:
    """Put a file in the place of something, or without content a folder."""
    path = folder / name
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    if content is None:
        (path / "inside").mkdir(parents=True)
    else:
        path.write_bytes(content)


def _linked(folder: Path, _: random.Random, name: str) -> None:
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(folder / name)


def kinds() -> Iterator[tuple[str, Damage]]:
    """Yield every kind of damage under its name."""
    yield from _bytes()
    for name, statement in _statements():
        yield name, partial(_sql, statement=statement)
    for key, values in NONSENSE.items():
        for value in values:
            yield f"meta.{key} = {value!r}", partial(_meta, key=key, value=value)
    yield from _in_the_place()


def _bytes() -> Iterator[tuple[str, Damage]]:
    for number in range(4):
        for share in (0.0, 0.001, 0.02):
            yield f"flipped {share} #{number}", partial(_flipped, share=share)
    for name, fill in {"zero": b"\0", "ones": b"\xff", "words": b"lorem ipsum "}.items():
        for number in range(3):
            yield f"page of {name} #{number}", partial(_page, fill=fill)
    for length in (0, 1, 15, 99, 100, 1000, 8192, 8193, 20000, 50000, -1, -8192, -8193):
        yield f"cut at {length}", partial(_cut, length=length)


def _statements() -> Iterator[tuple[str, str]]:
    for table, half in TABLES.items():
        yield f"without {table}", f"DROP TABLE {table}"
        if half:
            yield f"empty {table}", f"DELETE FROM {table}"
            yield f"half {table}", f"DELETE FROM {table} WHERE {half}"
    for column in ("text", "blocks", "found", "content_hash", "published_from"):
        yield f"without articles.{column}", f"ALTER TABLE articles RENAME {column} TO gone"
    for table, where, columns in VALUES:
        for column, value in columns.items():
            yield f"{table}.{column} = {value}", f"UPDATE {table} SET {column} = {value} WHERE {where}"


def _in_the_place() -> Iterator[tuple[str, Damage]]:
    contents: Mapping[str, bytes | None] = {
        "a folder": None,
        "empty": b"",
        "words": b"hello\n" * 4000,
        "bytes": bytes(range(256)) * 99,
    }
    for place in PLACES:
        for name, content in contents.items():
            yield f"{place} is {name}", partial(_put, name=place, content=content)
    for written in ("x" * 300, "../../etc", "a/b", "\0", "nothing here"):
        yield f"chroma/current says {written[:12]!r}", partial(_put, name="chroma/current", content=written.encode())
    for place in (FILE, "writer.lock"):
        yield f"{place} is a link to itself", partial(_linked, name=place)


def commands(archive: Path, files: Path, scratch: Path) -> Iterator[tuple[str, ...]]:
    """Yield the commands that an archive must withstand; those that write come last."""
    (scratch / "questions.txt").write_text(f"{QUESTION}\nWho keeps the ferry?\n", "utf-8")
    store = ("--quiet", "--store", str(archive))
    yield *store, "ask", QUESTION, "--json"
    yield *store, "search", QUESTION, "--json"
    yield *store, "batch", str(scratch / "questions.txt"), "-o", str(scratch / "answers.jsonl")
    yield *store, "verify", str(scratch / "questions.txt")
    yield *store, "articles"
    yield *store, "show", str(files / "mill.txt")
    yield *store, "show", str(files / "mill.txt"), "--original"
    yield *store, "doctor"
    yield *store, "ingest", str(files)
    yield *store, "remove", str(files / "tower.txt")
    yield *store, "rebuild"


class LightWiring(Wiring):
    """Light models in the place of the packaged ones."""

    def embedder(self) -> Embedder:
        """Return the fake."""
        return FakeEmbedder()

    def packaged(self) -> FakeReader:
        """Return the fake."""
        return FakeReader()


def wired(config: Config, store: str | None, say: Say) -> Wiring:
    """Return the light wiring."""
    return LightWiring(config, store_folder(config, store), say)


def made(folder: Path) -> tuple[Path, Path]:
    """Return a small archive in a folder, and the files that it is made of."""
    archive, files = folder / "archive", folder / "files"
    files.mkdir(parents=True)
    for name, text in TEXTS.items():
        (files / name).write_text(text, "utf-8")
    for _ in ingest(archive, Request((files,)), FakeEmbedder):
        pass
    return archive, files


def tried(arguments: Sequence[str]) -> tuple[int, str, str]:
    """Run a command in this process; return its exit code, output and errors, a traceback among these."""
    written, err = io.BytesIO(), io.StringIO()
    out = io.TextIOWrapper(written, "utf-8")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = command(list(arguments), wired)
        except Exception:  # noqa: BLE001 - that nothing comes through is what is tested
            code = -1
            err.write(traceback.format_exc())
    out.flush()
    return code, written.getvalue().decode("utf-8", "replace"), err.getvalue()


def trouble(arguments: Sequence[str], code: int, out: str, err: str) -> str | None:
    """Return what is wrong with how a command ended, or None."""
    if code == -1 or "Traceback" in err:
        last = [row.strip() for row in err.splitlines() if row.strip().startswith("File ")][-1:]
        return f"{arguments[3]}: {err.strip().splitlines()[-1]} {''.join(last)}"
    if code not in (0, 1, 2):
        return f"{arguments[3]}: exit code {code}"
    if code and not err.strip() and arguments[3] not in ("doctor", "batch"):
        return f"{arguments[3]}: failed without a word"
    quotes = [c["quote"] for c in json.loads(out)["citations"]] if arguments[3] == "ask" and code == 0 else []
    whole = "\n\n".join(" ".join(text.split()) for text in TEXTS.values())
    return next((f"never in the archive: {quote}" for quote in quotes if " ".join(quote.split()) not in whole), None)


def run(folder: Path, seed: int, _: float = 0) -> Count:
    """Try every command on every kind of damage; each pair is a case."""
    archive, files = made(folder / "sound")
    count = Count()
    for number, (name, damage) in enumerate(kinds()):
        place = folder / str(number)
        shutil.copytree(archive, place / "archive")
        if "chroma" not in name and "current" not in name:
            shutil.rmtree(place / "archive" / "chroma")  # which takes the doctor a process to look into
        damage(place / "archive", random.Random(seed * 10_000 + number))
        for arguments in commands(place / "archive", files, place):
            wrong = trouble(arguments, *tried(arguments))
            count.case(f"{name}: {wrong}" if wrong else None)
        shutil.rmtree(place)
    count.facts = {"kinds": number + 1}
    return count
