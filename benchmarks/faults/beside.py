"""Damage to what lies beside the ledger: Chroma's files, caches, conversations, notes, followed feeds, configuration.

Each kind ends in a right answer or in one sentence, and in no process that crashes.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import IO, TypeVar

from benchmarks.faults.count import Count
from benchmarks.faults.damage import QUESTION, tried, trouble
from benchmarks.faults.forks import forked, kept, loaded, looked
from benchmarks.faults.oracle import troubles, unlike_the_ledger
from benchmarks.faults.spoils import CHATS, CONFIGS, FEEDS, NOTES, Spoil, put, run_sql, spoils
from qa.conversations import Conversations, SavedTurn, stale
from qa.ingest.web.following import Followed, Following
from qa.llm.cache import CachedLanguageModel
from qa.llm.prompts import Prompt
from qa.notes import Notebook, notes_markdown
from qa.saved import beside
from qa.types import Answer, Citation, Statement, Verdict
from tests.fakes import FakeLanguageModel
from tests.models import tiny_embedder
from tests.vectorstore.build import IDENTITY, filled, many
from vectorstore.articles import Reference
from vectorstore.doctor import repair
from vectorstore.embedding import open_embedder
from vectorstore.errors import AppError
from vectorstore.generations import Generations
from vectorstore.store import Store

Use = Callable[[], Iterator[str]]  # yields what is wrong
GRAPH = 350  # articles: with three passages each enough for a graph on disk
QUESTIONS = ("item 7 part 2", "w700")
EMBED = """
import json, shutil, sys
from pathlib import Path
from vectorstore import embedding
if sound := sys.argv[3:]:
    embedding._export = lambda _, folder, __: shutil.copytree(sound[0], folder)
embedder = embedding.open_embedder(Path(sys.argv[1]), Path(sys.argv[2]))
print(json.dumps(embedder.embed_query("rain in the harbour").tolist()))
"""
QUOTE = "The keeper said that eleven guests came."


def run(folder: Path, seed: int, _: float = 0, every: int = 1, groups: Collection[str] = ()) -> Count:
    """Try every kind of damage, or one of so many, of all groups or of some."""
    chance, count = random.Random(seed), Count()
    for name in groups or GROUPS:
        place = folder / name
        place.mkdir()
        cases = list(GROUPS[name](place))
        for what, path, spoil, use in cases[::every]:
            with kept(place):
                spoil(path, chance)
                wrong = looked([use()])
            count.case(f"{name}, {what}: {wrong}" if wrong else None)
    count.facts = {"groups": len(groups or GROUPS)}
    return count


Value = TypeVar("Value")
Case = tuple[str, Path, Spoil, Use]


def _index(place: Path) -> Iterator[Case]:
    loaded()
    archive = place / "archive"

    def fill(_: IO[str]) -> None:
        filled(archive, *many(GRAPH))
        with Store.writing(archive, IDENTITY) as writer:
            list(writer.sync_index(0))

    if wrong := forked(fill).trouble:
        raise RuntimeError(wrong)
    generations = Generations(archive)
    name = generations.current or ""
    files = [
        *(path for path in generations.path(name).rglob("*") if path.is_file()),
        generations.folder / f"{name}.seal",
    ]
    for number, path in enumerate(sorted(files)):
        for what, spoil in list(spoils())[number % 2 :: 2]:
            yield f"{path.name} {what}", path, spoil, partial(_searched, archive)


def _searched(archive: Path) -> Iterator[str]:
    yield from troubles(archive, QUESTIONS)
    for _ in repair(archive):
        pass
    yield from unlike_the_ledger(archive)


def _saved(place: Path) -> Iterator[Case]:
    chats, notes = beside(place / "archive", "conversations"), beside(place / "archive", "notes")
    cited = Citation(1, Reference("id", "/a.txt", None, "Title", None, None), 0, len(QUOTE), QUOTE)
    said = Statement(QUOTE, Verdict.SUPPORTED, (1,))
    saved = Conversations(chats)
    key = saved.create("Guests")
    saved.append(
        key,
        SavedTurn(
            "How many guests came?", Answer("How many?", True, QUOTE, "extractive", (cited,), (), sentences=(said,))
        ),
    )
    Notebook(notes).keep(cited)
    for path, statements, use in ((chats, CHATS, _chatted), (notes, NOTES, _noted)):
        for what, spoil in spoils():
            yield f"{path.name} {what}", path, spoil, partial(use, path)
        for statement in statements:
            yield statement, path, partial(run_sql, statement=statement), partial(use, path)


def _worded(act: Callable[[], Iterable[Value]]) -> list[Value]:
    """Return what comes of something that may fail in words, and in no other way."""
    try:
        return list(act())
    except AppError:
        return []


def _chatted(path: Path) -> Iterator[str]:
    chats = Conversations(path)
    _worded(lambda: chats.list("guests"))
    _worded(chats.questions)
    for key in [one.id for one in _worded(chats.list)]:
        quotes = _worded(partial(_quotes, chats, key))
        yield from (f"not marked: {one}" for one in quotes if one.quote != QUOTE and not stale(one, lambda _: QUOTE))
        _worded(partial(_written, chats, key))


def _quotes(chats: Conversations, key: str) -> list[Citation]:
    return [one for turn in chats.load(key).turns if turn.answer for one in turn.answer.citations]


def _written(chats: Conversations, key: str) -> Iterator[None]:
    chats.append(key, SavedTurn("And then?"))
    chats.rename(key, "other")
    yield


def _noted(path: Path) -> Iterator[str]:
    notes = Notebook(path)
    _worded(lambda: notes_markdown(notes.list()))
    for note in _worded(notes.list):
        if note.quote != QUOTE and not stale(note.citation, lambda _: QUOTE):
            yield f"not marked: {note}"
        _worded(partial(_remarked, notes, note.id))


def _remarked(notes: Notebook, key: str) -> Iterator[None]:
    notes.remark(key, "x")
    yield


def _feeds(place: Path) -> Iterator[Case]:
    following = Following(place)
    with following.held():
        following.save(Followed("https://example.org/feed", "Feed", ""))
    (path,) = place.glob("*.json")
    for what, spoil in spoils():
        yield what, path, spoil, partial(_followed, place)
    for what, content in FEEDS.items():
        yield what, path, partial(put, content=content), partial(_followed, place)


def _followed(place: Path) -> Iterator[str]:
    _worded(Following(place).list)
    yield from ()


def _configured(place: Path) -> Iterator[Case]:
    path = place / "config.toml"
    path.write_text("[search]\nper_article = 5\n", "utf-8")
    for what, spoil in spoils():
        yield what, path, spoil, partial(_commanded, path)
    for what, content in CONFIGS.items():
        yield what, path, partial(put, content=content), partial(_commanded, path)


def _commanded(path: Path) -> Iterator[str]:
    for command in (("ask", QUESTION), ("articles",), ("doctor",)):
        arguments = ("--quiet", "--config", str(path), *command)
        code, out, err = tried(arguments)
        if code == 0 and command[0] == "ask":
            yield "an answer from nowhere"
        if wrong := trouble(("", "", "", command[0]), code, out, err):
            yield wrong


def _remembered(place: Path) -> Iterator[Case]:
    list(_cached(place)[0].stream(Prompt("", "How many guests?")))
    (path,) = place.rglob("*.json")
    for what, spoil in spoils():
        yield what, path, spoil, partial(_recalled, place)


def _cached(place: Path) -> tuple[CachedLanguageModel, FakeLanguageModel]:
    inner = FakeLanguageModel(lambda _: QUOTE)
    return CachedLanguageModel(inner, place, ""), inner


def _recalled(place: Path) -> Iterator[str]:
    model, inner = _cached(place)
    said = "".join(piece for piece in model.stream(Prompt("", "How many guests?")) if isinstance(piece, str))
    if said != QUOTE:
        yield f"another answer: {said} (asked {len(inner.asked)} times)"


def _exported(place: Path) -> Iterator[Case]:
    model, cache, sound = tiny_embedder(place / "model"), place / "cache", place / "sound"
    right = open_embedder(model, cache).embed_query("rain in the harbour").tolist()
    files = sorted(path for path in cache.rglob("*") if path.is_file() and path.stat().st_size)
    shutil.copytree(next(cache.rglob("model.onnx")).parent, sound)
    for path in files:
        for what, spoil in spoils():
            yield f"{path.name} {what}", path, spoil, partial(_embedded, (model, cache, sound), right)
    yield "two processes at once", cache, _emptied, partial(_embedded, (model, cache), right, 2)


def _embedded(places: Sequence[Path], right: Sequence[float], processes: int = 1) -> Iterator[str]:
    """Embed in processes of their own: the model's libraries start threads, which a copy of this one would miss.

    `places` are the model, the cache, and an export that is copied in the place of one that is made, which takes 10 s.
    """
    cache, command = places[1], [sys.executable, "-c", EMBED, *map(str, places)]
    all_of_them = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    for one in all_of_them:
        said, _ = one.communicate()
        if json.loads(said or "null") != right:
            yield f"a process ended with {one.returncode}, and other vectors: {said}"
    if (exports := len(list(cache.rglob("model.onnx")))) != 1:
        yield f"{exports} exports"
    yield from (f"{path} is left" for path in cache.rglob("tmp*"))


def _emptied(path: Path, _: random.Random) -> None:
    shutil.rmtree(path)
    path.mkdir()


GROUPS: Mapping[str, Callable[[Path], Iterator[Case]]] = {
    "index": _index,
    "conversations and notes": _saved,
    "feeds": _feeds,
    "configuration": _configured,
    "answers of models": _remembered,
    "export of the model": _exported,
}
