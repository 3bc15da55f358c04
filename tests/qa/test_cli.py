"""Issue 2's command line, as another program and as a hostile user meet it."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from qa.cli import app
from qa.retrieve.search import DEPTH
from qa.types import NO_ANSWER
from tests.conftest import SEEDS, Ran
from tests.vectorstore.build import filled, record
from vectorstore.sqlite import FILE as LEDGER

Qa = Callable[..., Ran]
KNOWN = "How far away can the S-400 hit a target?"
UNKNOWN = "Which football club won the Danish cup in 1987?"
ANSWER = ["id", "question", "answered", "answer", "answerer", "citations", "sentences", "unanswered", "rewritten"]
ANSWER += ["confidence", "passages", "usage", "notice", "status", "error", "seconds", "input"]
CITATION = ["number", "article", "source", "url", "title", "publisher", "published", "start", "end", "quote", "answers"]
PASSAGE = {"article", "source", "url", "title", "start", "end", "score", "also"}
LISTING = {"id", "source", "url", "title", "publisher", "published", "passages"}
REPORT = ["added", "changed", "unchanged", "removed", "skipped", "failed", "articles", "passages", "seconds"]


@pytest.fixture
def store(seeds_store: Path, tmp_path: Path) -> Path:
    """An archive of the seeds that a test may change."""
    return shutil.copytree(seeds_store, tmp_path / "store")


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    def give(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8"))

    return give


def parsed(ran: Ran) -> Any:
    assert ran.out.count("\n") == 1
    return json.loads(ran.out)


def process(*arguments: object, **named: Any) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "from qa.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, timeout=60, **named)


def spoilt(store: Path) -> Path:
    """Overwrite the middle of the ledger."""
    with (store / LEDGER).open("r+b") as stream:
        stream.seek(100)
        stream.write(b"\xff" * 40_000)
    return store


# before the command


def test_the_version_is_that_of_the_distribution(qa: Qa) -> None:
    ran = qa("--version")
    assert (ran.code, ran.err) == (0, "")
    assert re.fullmatch(r"qa \d+\.\d+\.\d+\n", ran.out)


def test_no_help_holds_brackets_which_would_be_taken_for_markup() -> None:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    texts = [text for command in group.commands.values() for text in (command.help, *map(_help_of, command.params))]
    assert [text for text in texts if "[" in (text or "")] == []


def _help_of(parameter: object) -> str | None:
    return getattr(parameter, "help", None)


def test_help_names_every_promised_command_on_stdout(qa: Qa) -> None:
    ran = qa("--help")
    assert ran.code == 0
    for name in "ingest ask batch search articles show remove rebuild doctor config".split():
        assert f" {name} " in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("--store",),
        ("--nonsense",),
        ("nonsense",),
        ("ask",),
        ("ask", "a?", "--nonsense"),
        ("search", "a?", "-k", "0"),
        ("search", "a?", "-k", str(2 * DEPTH + 1)),
        ("search", "a?", "-k", "many"),
        ("ingest",),
        ("remove",),
        ("show",),
        ("config", "nonsense"),
        ("ask", "a?", "--since", "soon"),
        ("ask", "a?", "--until", "2020-13"),
        ("ask", "a?", "--since", ""),
        ("ask", "a?", "--asked-on", "now"),
        ("ask", "a?", "--since", "2019", "--until", "2018"),
        ("search", "a?", "--since", "2019", "--until", "2018"),
        ("ask", "a?", "--answerer", "nobody"),
        ("batch", "-", "--retry-failed"),
        ("batch", "-", "--retry-failed", "-o", "-"),
        ("ask", ""),
        ("ask", " \t\n"),
        ("ask", "?!…"),
        ("search", ""),
        ("ask", "x" * 10_000),
        ("ask", "why " * 2_500),
    ],
)
def test_what_cannot_be_meant_is_exit_2_with_words_on_stderr_and_nothing_on_stdout(
    qa: Qa, seeds_store: Path, arguments: tuple[str, ...]
) -> None:
    ran = qa("--store", seeds_store, *arguments) if arguments != ("--store",) else qa("--store")
    assert ran.code == 2
    assert ran.out == ""
    assert "rror: " in ran.err
    assert "Traceback" not in ran.err


def test_a_question_that_is_too_long_says_how_long_it_is_and_may_be(qa: Qa, seeds_store: Path) -> None:
    ran = qa("--store", seeds_store, "ask", "why " * 2_500)
    assert "10,000 characters" in ran.err
    assert len(ran.err) < 300


def test_qa_store_names_the_archive_and_the_flag_wins(
    qa: Qa, seeds_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_STORE", str(seeds_store))
    assert qa("articles").code == 0
    assert qa("--store", tmp_path / "none", "articles").code == 1
    monkeypatch.setenv("QA_STORE", str(tmp_path / "none"))
    assert qa("articles").code == 1
    assert qa("--store", seeds_store, "articles").code == 0


def test_qa_config_names_the_file_and_the_flag_wins(qa: Qa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.toml").write_text("[search]\nper_article = 3\n")
    (tmp_path / "b.toml").write_text("[search]\nper_article = 5\n")
    monkeypatch.setenv("QA_CONFIG", str(tmp_path / "a.toml"))
    assert "per_article = 3\n" in qa("config", "show").out
    assert "per_article = 5\n" in qa("--config", tmp_path / "b.toml", "config", "show").out
    assert str(tmp_path / "a.toml") in qa("config", "check").out


@pytest.mark.parametrize("command", [("config", "check"), ("config", "show"), ("articles",), ("ask", "Who?")])
def test_an_unknown_key_is_exit_2_with_file_key_and_the_nearest_valid_one(
    qa: Qa, tmp_path: Path, command: tuple[str, ...]
) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[search]\nper_artcle = 3\n")
    ran = qa("--config", path, *command)
    assert (ran.code, ran.out) == (2, "")
    assert f"{path}: there is no setting search.per_artcle." in ran.err
    assert "Did you mean search.per_article?" in ran.err


def test_a_hint_stands_below_its_error(qa: Qa, tmp_path: Path) -> None:
    error, hint = qa("--store", tmp_path / "none", "articles").err.splitlines()
    assert error == f"error: There is no archive in {tmp_path / 'none'}."
    assert hint == "       Make one with: qa ingest PATH"


@pytest.mark.parametrize(
    "command",
    [
        ("ask", "Who?"),
        ("search", "Who?"),
        ("articles",),
        ("show", "x"),
        ("remove", "x"),
        ("rebuild",),
        ("doctor",),
    ],
)
@pytest.mark.parametrize("empty", [True, False])
def test_where_there_is_no_archive_it_is_said_and_nothing_is_created(
    qa: Qa, tmp_path: Path, command: tuple[str, ...], empty: bool
) -> None:
    folder = tmp_path / "archive"
    if empty:
        folder.mkdir()
    ran = qa("--store", folder, *command)
    assert (ran.code, ran.out) == (1, "")
    assert "There is no archive" in ran.err
    assert folder.exists() == empty
    assert not empty or list(folder.iterdir()) == []


def test_a_batch_without_an_archive_creates_neither_archive_nor_output(qa: Qa, tmp_path: Path) -> None:
    (tmp_path / "q.txt").write_text("Who?")
    ran = qa("--store", tmp_path / "none", "batch", tmp_path / "q.txt", "-o", tmp_path / "out.jsonl")
    assert ran.code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["q.txt"]


def test_a_file_in_the_place_of_the_archive_is_exit_2(qa: Qa, tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("x")
    for command in (("articles",), ("ingest", SEEDS)):
        ran = qa("--store", tmp_path / "notes", *command)
        assert ran.code == 2
        assert "is a file" in ran.err


# ingest


def test_ingest_reports_in_the_promised_fields_on_stdout_and_narrates_on_stderr(qa: Qa, tmp_path: Path) -> None:
    ran = qa("--store", tmp_path / "store", "ingest", SEEDS, "--json")
    assert ran.code == 0
    report = parsed(ran)
    assert list(report) == REPORT
    assert (report["added"], report["failed"], report["articles"]) == (5, [], 5)
    assert "5 added" in ran.err
    again = qa("--quiet", "--store", tmp_path / "store", "ingest", SEEDS, "--json")
    assert (again.code, again.err, parsed(again)["unchanged"]) == (0, "", 5)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.txt", b"", "the file is empty (0 bytes)"),
        ("white.txt", b" \n\t", "the file is empty"),
        ("binary.txt", b"\x7fELF" + bytes(range(256)) * 9, "binary"),
        ("broken.jsonl", b'{"text": "torn', "JSON"),
        ("broken.jsonl.gz", b"\x1f\x8b\x08\x00torn", ""),
        ("fake.jsonl.gz", b"this is no gzip", ""),
        ("missing.txt", None, "no such file or folder"),
    ],
)
def test_a_file_that_cannot_be_taken_in_is_exit_1_named_with_its_reason(
    qa: Qa, tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    ran = qa("--store", tmp_path / "store", "ingest", path, "--json")
    assert ran.code == 1
    (failure,) = parsed(ran)["failed"]
    assert str(path) in failure["source"]
    assert said in failure["reason"]
    assert f"failed: {path}" in ran.err
    assert not (tmp_path / "store").exists()


def test_an_empty_folder_is_exit_1_and_says_what_could_be_read(qa: Qa, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    ran = qa("--store", tmp_path / "store", "ingest", tmp_path / "folder")
    assert (ran.code, ran.out) == (1, "")
    assert "no articles to ingest" in ran.err
    assert ".jsonl" in ran.err


@pytest.mark.parametrize("shard", ["0/3", "4/3", "x", "1/0", "-1/2", "1"])
def test_a_share_that_is_none_is_refused(qa: Qa, tmp_path: Path, shard: str) -> None:
    ran = qa("--store", tmp_path / "store", "ingest", SEEDS, f"--shard={shard}")
    assert ran.code == 2
    assert f"'{shard}' is no share of the input." in ran.err
    assert not (tmp_path / "store").exists()


def test_a_share_may_be_empty_though_the_input_may_not(qa: Qa, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("A heron was seen at the weir. It stood there for an hour.")
    codes = [
        qa("--store", tmp_path / "store", "ingest", tmp_path / "one.txt", "--shard", s).code for s in ("1/2", "2/2")
    ]
    assert codes == [0, 0]
    assert len(parsed(qa("--store", tmp_path / "store", "articles", "--json"))) == 1


@pytest.mark.parametrize("command", [("backup", "a.tar.gz"), ("restore", "a.tar.gz"), ("doctor", "--salvage", "new")])
def test_what_is_for_a_folder_alone_says_so_of_a_shared_archive(qa: Qa, command: tuple[str, ...]) -> None:
    ran = qa("--store", "postgresql://reader@127.0.0.1:1/news", *command)
    assert ran.code == 2
    assert "is for archives in a folder" in ran.err
    assert "pg_dump" in ran.err


def test_ingest_reads_standard_input(qa: Qa, tmp_path: Path, piped: Callable[[bytes], None]) -> None:
    piped(b"An otter was seen in the harbour on Monday. Two fishermen said that it was quite large.")
    assert parsed(qa("--store", tmp_path / "store", "ingest", "-", "--json"))["added"] == 1


def test_prune_refuses_to_empty_a_folder_and_with_yes_says_the_count_first(qa: Qa, store: Path, tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text("An otter was seen in the harbour on Monday by two old fishermen.")
    assert qa("--store", store, "ingest", tmp_path / "news").code == 0
    (tmp_path / "news" / "a.txt").unlink()
    refused = qa("--store", store, "ingest", "--prune", tmp_path / "news", "--json")
    assert (refused.code, refused.out) == (2, "")
    assert "would remove 1 of 6 articles" in refused.err
    ran = qa("--store", store, "ingest", "--prune", "--yes", tmp_path / "news", "--json")
    assert (ran.code, parsed(ran)["removed"], parsed(ran)["articles"]) == (0, 1, 5)
    assert "1 article gone" in ran.err


# ask, search


def test_an_answer_as_json_has_the_promised_fields_and_verbatim_quotes(qa: Qa, seeds_store: Path) -> None:
    ran = qa("--store", seeds_store, "ask", KNOWN, "--json")
    answer = parsed(ran)
    assert (ran.code, list(answer), answer["status"]) == (0, ANSWER, "ok")
    assert (answer["id"], answer["question"], answer["input"]) == (None, KNOWN, {})
    assert 1 <= len(answer["passages"]) <= 20
    assert all(set(passage) == PASSAGE for passage in answer["passages"])
    markers = {int(marker) for marker in re.findall(r"\[(\d+)\]", answer["answer"])}
    assert markers == {citation["number"] for citation in answer["citations"]}
    for citation in answer["citations"]:
        assert list(citation) == CITATION
        text = parsed(qa("--store", seeds_store, "show", citation["article"], "--json"))["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_an_unanswerable_question_is_exit_0_with_the_one_constant(qa: Qa, seeds_store: Path) -> None:
    ran = qa("--store", seeds_store, "ask", UNKNOWN, "--json")
    answer = parsed(ran)
    assert (ran.code, answer["answered"], answer["answer"], answer["citations"]) == (0, False, NO_ANSWER, [])
    assert answer["passages"]
    printed = qa("--store", seeds_store, "ask", UNKNOWN)
    assert (printed.code, printed.out.splitlines()[0]) == (0, NO_ANSWER)
    assert "not an answer" in printed.out


def test_the_same_question_gives_the_same_bytes_but_seconds(qa: Qa, seeds_store: Path) -> None:
    def asked() -> str:
        out = qa("--store", seeds_store, "ask", KNOWN, "--json", "--asked-on", "2020").out
        return re.sub(r'"seconds": [\d.]+', "", out)

    assert asked() == asked()


def test_a_question_is_asked_today_unless_it_says_otherwise(qa: Qa, tmp_path: Path) -> None:
    store, today = tmp_path / "store", date.today()
    for name, who, day in (("old", "Anna Berg", today.replace(today.year - 3, day=1)), ("new", "Carl Dahl", today)):
        text = f"{who} resigned as minister of fisheries of Norway this week. The king accepted it."
        page = f"---\ntitle: Minister resigns\ndate: {day}\n---\n\n{text}\n"
        (tmp_path / f"{name}.md").write_text(page, encoding="utf-8")
        assert qa("--store", store, "ingest", tmp_path / f"{name}.md").code == 0

    def first(*options: str) -> str:
        question = "Who resigned as minister of fisheries of Norway this week?"
        return str(parsed(qa("--store", store, "ask", question, "--json", *options))["citations"][0]["quote"])

    assert first().startswith("Carl Dahl")
    assert first("--asked-on", str(today.replace(today.year - 3, day=2))).startswith("Anna Berg")


def test_a_question_may_come_from_standard_input(qa: Qa, seeds_store: Path, piped: Callable[[bytes], None]) -> None:
    piped(b"\xef\xbb\xbfWho visited Moscow?\r\n")
    assert parsed(qa("--store", seeds_store, "ask", "-", "--json"))["question"] == "Who visited Moscow?\n"
    piped(b"")
    assert qa("--store", seeds_store, "ask", "-").code == 2
    piped(b"Who \xff?")
    ran = qa("--store", seeds_store, "ask", "-")
    assert (ran.code, "UTF-8" in ran.err) == (1, True)


@pytest.mark.parametrize(
    "question",
    [
        "Who \udcff sold the S-400?",
        "Who said “the \udcff S-400”?",
        'S-400" OR NEAR(',
        "\0 who?",
        "'; DROP TABLE articles; --",
        "[red]who?[/]",
        "AND OR NOT",
        "の?",
        "1",
        "who " * 900,
    ],
)
def test_an_odd_question_is_answered_or_not_but_never_breaks(qa: Qa, seeds_store: Path, question: str) -> None:
    for command in ("ask", "search"):
        ran = qa("--store", seeds_store, command, question, "--json", "--publisher", "x\udcff'")
        assert ran.code == 0
        parsed(ran)
    assert qa("--store", seeds_store, "ask", question).code == 0


def test_search_has_the_promised_fields_and_at_most_k_passages(qa: Qa, seeds_store: Path) -> None:
    hits = parsed(qa("--store", seeds_store, "search", KNOWN, "--json", "-k", "3"))
    assert len(hits) == 3
    assert all(set(hit) == PASSAGE | {"published", "text"} for hit in hits)
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)


def test_filters_cut_before_the_ranking_and_bounds_are_inclusive(qa: Qa, seeds_store: Path) -> None:
    def dates(*options: str) -> set[str]:
        return {hit["published"] for hit in parsed(qa("--store", seeds_store, "search", KNOWN, "--json", *options))}

    assert dates("--since", "2018/12/19", "--until", "2018-12-19") == {"2018-12-19"}
    assert dates("--until", "2017") == {"2017-10-06", "2017-10-13"}
    assert dates("--since", "2022-08") == {"2022-08-15", "2023-04"}
    assert dates("--source", "*/putin-*") == {"2022-08-15"}
    assert dates("--publisher", "nobody") == set()


@pytest.mark.parametrize("command", ["ask", "search"])
def test_an_empty_source_is_refused(qa: Qa, seeds_store: Path, command: str) -> None:
    ran = qa("--store", seeds_store, command, KNOWN, "--source", " ")
    assert (ran.code, ran.out) == (2, "")
    assert "A source filter is empty." in ran.err


@pytest.mark.parametrize("command", ["ask", "search"])
def test_the_number_of_undated_articles_that_a_date_filter_leaves_out_is_said(
    qa: Qa, store: Path, tmp_path: Path, command: str
) -> None:
    (tmp_path / "otter.txt").write_text("An otter was seen in the harbour by two old fishermen from the village.")
    qa("--store", store, "ingest", tmp_path / "otter.txt")
    ran = qa("--store", store, command, "Who saw the otter?", "--since", "2017")
    assert "excludes 1 undated article." in ran.err
    assert "otter" not in ran.out.replace("otter?", "")


def test_search_without_a_hit_says_so_and_prints_an_empty_list(qa: Qa, seeds_store: Path) -> None:
    assert qa("--store", seeds_store, "search", "x", "--publisher", "nobody").out == "No passages found.\n"
    assert parsed(qa("--store", seeds_store, "search", "x", "--publisher", "nobody", "--json")) == []


# batch


def test_a_batch_row_is_the_answer_that_ask_gives_with_id_and_input(qa: Qa, seeds_store: Path, tmp_path: Path) -> None:
    questions = tmp_path / "q.jsonl"
    questions.write_text(json.dumps({"id": "q7", "question": KNOWN, "topic": "arms"}) + "\r\n\r\n", "utf-8")
    row = parsed(qa("--store", seeds_store, "batch", questions))
    alone = parsed(qa("--store", seeds_store, "ask", KNOWN, "--json"))
    assert list(row) == ANSWER
    assert row | {"id": None, "input": {}, "seconds": 0} == alone | {"seconds": 0}
    assert (row["id"], row["input"]) == ("q7", {"topic": "arms"})


def test_a_batch_goes_on_after_rows_that_fail_and_is_exit_1(qa: Qa, seeds_store: Path, tmp_path: Path) -> None:
    questions, out = tmp_path / "q.jsonl", tmp_path / "out.jsonl"
    rows = ["{", json.dumps({"question": ""}), json.dumps({"question": "a?", "since": "soon"})]
    rows += [json.dumps({"question": "x" * 10_000}), json.dumps({"question": KNOWN})]
    questions.write_text("\n".join(rows), "utf-8")
    ran = qa("--store", seeds_store, "batch", questions, "-o", out)
    values = [json.loads(raw) for raw in out.read_text("utf-8").splitlines()]
    assert ran.code == 1
    assert "4 failed" in ran.err
    assert [value["status"] for value in values] == ["error"] * 4 + ["ok"]
    assert [value["answer"] is None for value in values] == [True] * 4 + [False]
    before = out.read_bytes()
    assert qa("--store", seeds_store, "batch", questions, "-o", out).code == 1
    assert out.read_bytes() == before


def test_a_batch_reads_csv_and_standard_input(qa: Qa, seeds_store: Path, piped: Callable[[bytes], None]) -> None:
    piped('\ufeffid,question\r\n1,"Who said,\r\n ""no""?"\r\n'.encode())
    row = parsed(qa("--store", seeds_store, "batch", "-", "--format", "csv", "-o", "-"))
    assert (row["id"], row["question"]) == ("1", 'Who said,\n "no"?')


def test_an_output_that_holds_other_questions_is_exit_2(qa: Qa, seeds_store: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Who?")
    (tmp_path / "b.txt").write_text("When?")
    out = tmp_path / "out.jsonl"
    assert qa("--store", seeds_store, "batch", tmp_path / "a.txt", "-o", out).code == 0
    ran = qa("--store", seeds_store, "batch", tmp_path / "b.txt", "-o", out)
    assert ran.code == 2
    assert "line 1" in ran.err


@pytest.mark.parametrize(
    ("name", "content", "code", "said"),
    [
        ("missing.txt", None, 1, "cannot be read"),
        ("empty.txt", b"\n \n", 2, "no question"),
        ("latin.txt", b"Who \xff?", 1, "not UTF-8"),
        ("double.jsonl", b'{"id": 1, "question": "a"}\n{"id": "1", "question": "b"}', 2, "Lines 1 and 2"),
        ("none.csv", b"frage\nWer?\n", 2, "no column named question"),
    ],
)
def test_questions_that_cannot_be_used_are_named(
    qa: Qa, seeds_store: Path, tmp_path: Path, name: str, content: bytes | None, code: int, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    ran = qa("--store", seeds_store, "batch", tmp_path / name)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err


def test_an_output_in_a_missing_folder_is_exit_1_before_anything_is_asked(
    qa: Qa, seeds_store: Path, tmp_path: Path
) -> None:
    (tmp_path / "q.txt").write_text("Who?")
    ran = qa("--store", seeds_store, "batch", tmp_path / "q.txt", "-o", tmp_path / "no" / "out.jsonl")
    assert ran.code == 1
    assert "out.jsonl cannot be written" in ran.err


# articles, show, remove


def test_articles_are_listed_in_the_promised_fields(qa: Qa, seeds_store: Path) -> None:
    listed = parsed(qa("--store", seeds_store, "articles", "--json"))
    assert len(listed) == 5
    assert all(set(article) == LISTING and article["passages"] > 0 for article in listed)
    assert len(qa("--store", seeds_store, "articles").out.splitlines()) == 5


def test_an_article_is_shown_by_id_prefix_path_or_relative_path(
    qa: Qa, seeds_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = SEEDS / "putin-arms-offer.md"
    shown = parsed(qa("--store", seeds_store, "show", path, "--json"))
    assert {"id", "source", "url", "title", "publisher", "published", "ingested", "text"} <= set(shown)
    monkeypatch.chdir(SEEDS)
    for name in (shown["id"], shown["id"][:8], shown["id"][:8].upper(), "putin-arms-offer.md"):
        assert parsed(qa("--store", seeds_store, "show", name, "--json"))["id"] == shown["id"]


def test_an_article_of_a_dump_is_shown_by_its_address(qa: Qa, store: Path, tmp_path: Path) -> None:
    row = {
        "url": "https://news.example/otter",
        "title": "Otter",
        "text": "An otter was seen in the harbour by two men.",
    }
    (tmp_path / "dump.jsonl").write_text(json.dumps(row))
    qa("--store", store, "ingest", tmp_path / "dump.jsonl")
    assert parsed(qa("--store", store, "show", "https://news.example/otter", "--json"))["title"] == "Otter"


def test_the_original_comes_back_byte_for_byte(seeds_store: Path, store: Path, tmp_path: Path) -> None:
    odd = "Ein Otter wurde am Montag im Hafen gesehen.\r\n\r\nZwei Fischer sagten, er sei größer.".encode("cp1252")
    (tmp_path / "otter.txt").write_bytes(odd)
    assert process("--store", store, "ingest", tmp_path / "otter.txt").returncode == 0
    assert process("--store", store, "show", tmp_path / "otter.txt", "--original").stdout == odd
    seed = SEEDS / "putin-arms-offer.md"
    assert process("--store", seeds_store, "show", seed, "--original").stdout == seed.read_bytes()


@pytest.mark.parametrize("command", ["show", "remove"])
@pytest.mark.parametrize("name", ["nothing", "ffffffffffffffff", "", "x\udcff", "*"])
def test_an_unknown_article_is_exit_1(qa: Qa, seeds_store: Path, command: str, name: str) -> None:
    ran = qa("--store", seeds_store, command, name)
    assert (ran.code, ran.out) == (1, "")
    assert "No article matches" in ran.err
    assert len(parsed(qa("--store", seeds_store, "articles", "--json"))) == 5


def test_remove_takes_all_that_are_named_or_none(qa: Qa, store: Path) -> None:
    ids = [article["id"] for article in parsed(qa("--store", store, "articles", "--json"))]
    assert qa("--store", store, "remove", ids[0], "nothing").code == 1
    assert len(parsed(qa("--store", store, "articles", "--json"))) == 5
    ran = qa("--store", store, "remove", ids[0], ids[1][:8], ids[0])
    assert (ran.code, "2 removed." in ran.err) == (0, True)
    assert len(parsed(qa("--store", store, "articles", "--json"))) == 3
    assert (SEEDS / "putin-arms-offer.md").exists()


def test_an_archive_that_was_emptied_abstains(qa: Qa, store: Path) -> None:
    ids = [article["id"] for article in parsed(qa("--store", store, "articles", "--json"))]
    assert qa("--store", store, "remove", *ids).code == 0
    answer = parsed(qa("--store", store, "ask", KNOWN, "--json"))
    assert (answer["answered"], answer["passages"]) == (False, [])
    assert parsed(qa("--store", store, "articles", "--json")) == []


# stores that are not as they should be


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """An archive that another embedder made."""
    text = "The otter was seen in the harbour. It was quite large."
    return filled(tmp_path / "foreign", record("/news/otter.txt", text, title="Otter"))


@pytest.mark.parametrize("command", [("ask", "Who?"), ("search", "Who?"), ("ingest", SEEDS)])
def test_an_archive_of_another_embedder_is_exit_2_with_the_command_that_rebuilds(
    qa: Qa, foreign: Path, command: tuple[object, ...]
) -> None:
    ran = qa("--store", foreign, *command)
    assert (ran.code, ran.out) == (2, "")
    assert "another embedder: fake-words" in ran.err
    assert "qa rebuild" in ran.err


def test_rebuild_makes_it_answer_again(qa: Qa, foreign: Path) -> None:
    assert qa("--store", foreign, "rebuild").code == 0
    hits = parsed(qa("--store", foreign, "search", "Where was the otter seen?", "--json"))
    assert [hit["source"] for hit in hits] == ["/news/otter.txt"]


@pytest.mark.parametrize("command", [("ask", "Who?"), ("articles",), ("show", "x"), ("remove", "x"), ("ingest", SEEDS)])
def test_a_damaged_ledger_is_exit_1_in_words(qa: Qa, store: Path, command: tuple[object, ...]) -> None:
    ran = qa("--store", spoilt(store), *command)
    assert (ran.code, ran.out) == (1, "")
    assert LEDGER in ran.err
    assert "qa doctor" in ran.err


def test_the_doctor_finds_a_healthy_archive_healthy(qa: Qa, store: Path) -> None:
    ran = qa("--store", store, "doctor", "--json")
    checks = parsed(ran)
    assert ran.code == 0
    assert len(checks) > 4
    assert all(set(check) == {"name", "ok", "detail", "hint"} and check["ok"] for check in checks)


def test_the_doctor_names_what_to_start_for_the_configured_model(
    qa: Qa, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_ANSWER__ANSWERER", "ollama")
    monkeypatch.setenv("QA_ANSWER__OLLAMA__HOST", "http://127.0.0.1:1")
    monkeypatch.setenv("QA_ANSWER__OLLAMA__MODEL", "small:1b")
    ran = qa("--store", store, "doctor")
    assert ran.code == 1
    assert "FAIL answerer: http://127.0.0.1:1 cannot be reached" in ran.out
    assert "ollama serve" in ran.out


@pytest.mark.parametrize(("part", "name"), [("SEARCH__RERANKER", "reranker"), ("READER__MODEL", "reader")])
def test_the_doctor_names_a_configured_model_that_cannot_be_loaded(
    qa: Qa, store: Path, monkeypatch: pytest.MonkeyPatch, part: str, name: str
) -> None:
    monkeypatch.setenv(f"QA_{part}", "some/no-such-model")
    ran = qa("--store", store, "doctor")
    assert ran.code == 1
    assert f"FAIL {name}: The model some/no-such-model is not on this machine." in ran.out
    assert "hf download some/no-such-model" in ran.out


def test_the_doctor_is_exit_1_where_a_check_fails(qa: Qa, store: Path) -> None:
    ran = qa("--store", spoilt(store), "doctor", "--json")
    assert ran.code == 1
    assert next(check["ok"] for check in parsed(ran)) is False
    assert "FAIL ledger" in qa("--store", store, "doctor").out


def test_the_doctor_repairs_what_can_be_made_again(qa: Qa, store: Path) -> None:
    with closing(sqlite3.connect(store / LEDGER)) as ledger:
        ledger.execute("DELETE FROM passages_fts")
        ledger.commit()
    mended = qa("--store", store, "doctor")
    assert (mended.code, "full-text index: rebuilt" in mended.out) == (0, True)
    well = qa("--store", store, "doctor")
    assert (well.code, "full-text index: rebuilt" in well.out) == (0, False)


# as a process


def test_a_reader_that_goes_away_ends_it_without_a_complaint(seeds_store: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "from qa.cli import main; main()",
        "--store",
        str(seeds_store),
        "articles",
        "--json",
    ]
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as gone:
        ran = subprocess.run(command, stdout=gone, stderr=subprocess.PIPE, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_output_is_utf_8_whatever_the_locale(seeds_store: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "latin-1", "LC_ALL": "C"}
    ran = process("--store", seeds_store, "articles", env=environment)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert "—" in ran.stdout.decode("utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full here")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_output_without_room_is_exit_1_with_the_reason(seeds_store: Path, unbuffered: str) -> None:
    entry = "from tui.start import main; main()"  # the command as it is installed
    command = [sys.executable, "-c", entry, "--store", str(seeds_store), "articles"]
    with Path("/dev/full").open("w") as full:
        surroundings = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
        ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=surroundings, check=False, timeout=60)
        silent = subprocess.run(command, stdout=full, stderr=full, env=surroundings, check=False, timeout=60)
    assert (ran.returncode, silent.returncode) == (1, 1)
    assert ran.stderr.decode().startswith("error: The output cannot be written: No space left on device.")


def test_the_installed_command_writes_what_an_ascii_stream_cannot(seeds_store: Path) -> None:
    entry = "from tui.start import main; main()"
    command = [sys.executable, "-c", entry, "--store", str(seeds_store), "articles"]
    surroundings = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    ran = subprocess.run(command, capture_output=True, env=surroundings, check=False, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert " — " in ran.stdout.decode("utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--store", "x" * 300, "articles"),
        ("--store", "x" * 300, "ingest", "a.txt"),
        ("--config", "x" * 300, "articles"),
        ("ingest", "x" * 300),
    ],
)
def test_a_name_that_is_too_long_is_said(qa: Qa, store: Path, arguments: tuple[str, ...]) -> None:
    ran = qa("--store", store, *arguments)
    assert ran.code in (1, 2)
    assert "too long" in ran.err


def test_closed_standard_streams_do_not_break_it(seeds_store: Path) -> None:
    shell = 'exec "$0" -c "from qa.cli import main; main()" --store "$1" '
    for tail, code in (("articles >&-", 0), ("ask - <&-", 2), (f"ask '{KNOWN}' >&-", 0), ("mcp <&-", 0)):
        ran = subprocess.run(
            ["sh", "-c", shell + tail, sys.executable, seeds_store], capture_output=True, text=True, check=False
        )
        assert (ran.returncode, "Traceback" in ran.stderr) == (code, False), ran.stderr


def test_a_name_that_is_empty_is_not_the_folder_one_is_in(qa: Qa, store: Path) -> None:
    ran = qa("--store", store, "ingest", "", "--prune")
    assert (ran.code, "has no name" in ran.err) == (2, True)


def test_an_archive_that_may_only_be_read_answers(qa: Qa, store: Path, request: pytest.FixtureRequest) -> None:
    for path in _all(store):
        path.chmod(0o555 if path.is_dir() else 0o444)
    request.addfinalizer(lambda: [path.chmod(0o755) for path in _all(store)])
    before = sorted(path.name for path in _all(store))
    assert qa("--store", store, "ask", KNOWN).code == 0
    assert qa("--store", store, "articles").code == 0
    assert sorted(path.name for path in _all(store)) == before


def _all(folder: Path) -> Iterator[Path]:
    yield folder
    yield from sorted(folder.rglob("*"))
