from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qa.ingest.identity import identity_of
from qa.ingest.pipeline import ingest, rebuild
from qa.ingest.records import headed
from qa.ingest.survey import NO_ARTICLES, Request
from qa.ingest.taking import FIRST_GROUP
from qa.types import IngestReport, Progress
from tests.conftest import ROOT
from tests.fakes import FakeEmbedder
from tests.qa.ingest.kinds.build import column, pdf, zipped
from vectorstore.articles import Article, Passage
from vectorstore.embedding import Embedder
from vectorstore.errors import EmbedderMismatch, StoreMissing, UsageError
from vectorstore.store import Store

if TYPE_CHECKING:
    from vectorstore.embedding import Vectors


@dataclass(frozen=True, slots=True)
class Counting(FakeEmbedder):
    """Remembers how many passages it was given."""

    given: list[int] = field(default_factory=list)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.given.append(len(texts))
        return FakeEmbedder.embed_passages(self, texts)


def take(folder: Path, *paths: Path, embedder: Embedder | None = None, **request: Any) -> IngestReport:
    asked = Request(paths, **{"confirm": lambda _: True, **request})
    *_, report = ingest(folder, asked, lambda: embedder or FakeEmbedder())
    assert isinstance(report, IngestReport)
    return report


def counts(report: IngestReport) -> tuple[int, int, int, int, int, int]:
    """(added, changed, unchanged, removed, skipped, failed)."""
    r = report
    return r.added, r.changed, r.unchanged, r.removed, r.skipped, len(r.failed)


def prose(subject: str) -> str:
    return f"The {subject} was seen in the harbour on Monday by two fishermen. They said that it was quite large."


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with three articles."""
    folder = tmp_path / "news"
    (folder / "deep").mkdir(parents=True)
    for name in ("whale.txt", "seal.md", "deep/shark.txt"):
        (folder / name).write_text(prose(Path(name).stem), "utf-8")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def sources(folder: Path) -> list[str]:
    with Store.open(folder) as opened:
        return sorted(Path(listing.article.source).name for listing in opened.ledger.articles())


def test_articles_come_in_with_their_passages_and_original_bytes(news: Path, store: Path) -> None:
    report = take(store, news)
    assert counts(report) == (3, 0, 0, 0, 0, 0)
    assert (report.articles, report.passages) == (3, 3)
    with Store.open(store) as opened:
        key = opened.ledger.resolve(str(news / "whale.txt"))
        assert opened.ledger.original(key) == prose("whale").encode()
        assert opened.ledger.article(key).text == prose("whale")


def test_a_second_run_embeds_nothing(news: Path, store: Path) -> None:
    take(store, news)
    report = take(store, news, embedder=(counting := Counting()))
    assert counts(report) == (0, 0, 3, 0, 0, 0)
    assert counting.given == []


def test_progress_tells_titles_as_they_come_and_the_archives_size_with_each_group(tmp_path: Path, store: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(FIRST_GROUP + 2):
        (folder / f"{number}.md").write_text(f"# Whale {number}\n\n{prose(f'whale {number}')}", "utf-8")
    (folder / "photo.jpg").touch()
    steps = [one for one in ingest(store, Request((folder,)), FakeEmbedder) if isinstance(one, Progress)]
    assert [one.title for one in steps if one.title] == [f"Whale {number}" for number in range(FIRST_GROUP + 2)]
    groups = [one for one in steps if one.articles is not None]
    assert [(one.done, one.total, one.articles) for one in groups] == [(4, 6, 4), (6, 6, 6)]

    (folder / "5.md").write_text(f"# Whale 5\n\n{prose('whale that came back')}", "utf-8")
    *steps, report = ingest(store, Request((folder,)), FakeEmbedder)  # type: ignore[assignment]
    assert [one.total for one in steps if one.stage == "embed"] == [1, 1]  # what is unchanged is no work
    assert isinstance(report, IngestReport)
    assert [(Path(one.source).name, one.reason) for one in report.passed_over] == [("photo.jpg", NO_ARTICLES)]


def test_a_changed_article_is_embedded_alone_and_keeps_its_id(news: Path, store: Path) -> None:
    take(store, news)
    with Store.open(store) as opened:
        before = opened.ledger.resolve(str(news / "whale.txt"))
    (news / "whale.txt").write_text(prose("blue whale"), "utf-8")
    report = take(store, news, embedder=(counting := Counting()))
    assert counts(report) == (0, 1, 2, 0, 0, 0)
    assert counting.given == [1]
    with Store.open(store) as opened:
        assert opened.ledger.resolve(str(news / "whale.txt")) == before
        assert "blue whale" in opened.ledger.article(before).text


def test_a_touched_article_is_unchanged(news: Path, store: Path) -> None:
    take(store, news)
    os.utime(news / "whale.txt", (1, 1))
    assert counts(take(store, news, embedder=(counting := Counting()))) == (0, 0, 3, 0, 0, 0)
    assert counting.given == []


def test_one_article_given_twice_is_taken_once(news: Path, store: Path) -> None:
    assert take(store, news, news / "whale.txt", news).articles == 3


def test_bad_files_are_listed_with_their_reasons_and_stop_nothing(news: Path, store: Path) -> None:
    (news / "empty.txt").touch()
    (news / "binary.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    (news / "photo.png").write_bytes(b"\x89PNG")
    (news / "broken.jsonl.gz").write_bytes(gzip.compress(b'{"text": "x"}\n' * 999)[:-30])
    report = take(store, news, news / "missing.txt")
    assert (report.added, report.skipped) == (3, 1)
    reasons = {Path(failure.source).name.split("#")[0]: failure.reason for failure in report.failed}
    assert set(reasons) == {"empty.txt", "binary.txt", "missing.txt", "broken.jsonl.gz"}
    assert "empty" in reasons["empty.txt"]
    assert "binary" in reasons["binary.txt"]
    assert "no such file" in reasons["missing.txt"]


def test_a_file_that_may_not_be_read_is_a_failure(news: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path) -> Any:
        if path.name == "whale.txt":
            raise PermissionError(13, "Permission denied")
        return path.open("rb")

    monkeypatch.setattr(
        "qa.ingest.read.opened", refused
    )  # permissions do not hold for root, who runs many test machines
    report = take(store, news)
    assert report.added == 2
    assert [(Path(f.source).name, f.reason) for f in report.failed] == [("whale.txt", "permission denied")]


def test_where_nothing_can_be_read_no_archive_is_made_and_no_model_loaded(tmp_path: Path, store: Path) -> None:
    (tmp_path / "nothing").mkdir()

    def never() -> Embedder:
        raise AssertionError("no embedder is needed")

    for request in (
        Request((tmp_path / "nothing",)),
        Request((tmp_path / "missing",)),
        Request((tmp_path / "missing",), prune=True),
        Request((tmp_path / "nothing",), prune=True),
        Request((), stdin=b" "),
    ):
        *_, report = ingest(store, request, never)
        assert isinstance(report, IngestReport)
        assert (report.articles, report.added) == (0, 0)
        assert not store.exists()


def test_excluded_files_are_left_out(news: Path, store: Path) -> None:
    take(store, news, exclude=("deep/", "*.md"))
    assert sources(store) == ["whale.txt"]


def test_standard_input_is_an_article_of_its_own(store: Path) -> None:
    assert take(store, stdin=prose("otter").encode()).added == 1
    assert take(store, stdin=prose("otter").encode()).unchanged == 1
    assert sources(store)[0].startswith("stdin:")


def test_rows_of_a_dump_are_articles_and_the_last_of_one_address_counts(tmp_path: Path, store: Path) -> None:
    dump = tmp_path / "dump.jsonl"
    values = [{"url": f"https://n.example/{n % 3}", "text": prose(f"whale {n}"), "title": f"T{n}"} for n in range(4)]
    dump.write_text("".join(json.dumps(value) + "\n" for value in values), "utf-8")
    report = take(store, dump)
    assert counts(report) == (3, 0, 0, 0, 1, 0)
    assert report.warnings == (f"{dump}#4: takes the place of an earlier row with its URL, https://n.example/0",)
    with Store.open(store) as opened:
        assert "whale 3" in opened.ledger.article(opened.ledger.resolve("https://n.example/0")).text
    assert counts(take(store, dump, embedder=(counting := Counting()))) == (0, 0, 3, 0, 1, 0)
    assert counting.given == []


def test_a_row_with_an_address_that_is_none_is_taken_like_the_others(tmp_path: Path, store: Path) -> None:
    urls = ("http://[foo/bar", "https://example.org/a")
    rows = [json.dumps({"url": url, "text": prose(f"Row {at}")}) for at, url in enumerate(urls)]
    (tmp_path / "rows.jsonl").write_text("\n".join(rows))
    assert take(store, tmp_path / "rows.jsonl").added == 2


def test_a_row_that_stands_twice_is_skipped_without_a_warning(tmp_path: Path, store: Path) -> None:
    (tmp_path / "dump.jsonl").write_text(2 * (json.dumps({"url": "https://n.example/0", "text": prose("ray")}) + "\n"))
    report = take(store, tmp_path / "dump.jsonl")
    assert (counts(report), report.warnings) == ((1, 0, 0, 0, 1, 0), ())


def test_half_a_character_in_a_row_does_no_harm(tmp_path: Path, store: Path) -> None:
    dump = tmp_path / "dump.jsonl"
    row = '{"title": "T \\udc00", "publisher": "P \\ud800", "url": "https://n.example/\\ud83d", "text": "%s \\ud800"}'
    dump.write_text(row % prose("whale"), "utf-8")
    report = take(store, dump)
    assert report.added == 1, report.failed


def test_an_article_that_is_too_long_or_has_no_text_is_a_failure_that_says_why(news: Path, store: Path) -> None:
    (news / "long.txt").write_text(prose("gull") * 20, "utf-8")
    (news / "empty.html").write_text("<html><body><h1></h1>", "utf-8")
    report = take(store, news, longest=500)
    assert report.added == 3
    reasons = {Path(one.source).name: one.reason for one in report.failed}
    assert reasons.keys() == {"long.txt", "empty.html"}
    assert "an article may have 500 ([ingest] max_characters)" in reasons["long.txt"]
    assert not any(str(news) in reason for reason in reasons.values())  # a failure names its source already


def test_a_title_of_80_kilobytes_is_cut_for_it_stands_above_each_passage(tmp_path: Path, store: Path) -> None:
    (tmp_path / "long.md").write_text(f"# {'whales ' * 12_000}\n\n{prose('whale')}\n", "utf-8")
    assert take(store, tmp_path / "long.md").added == 1
    with Store.open(store) as opened:
        (listing,) = opened.ledger.articles()
    assert len(listing.article.title) <= 1_001


# --prune


def test_prune_removes_what_is_gone_from_the_path(news: Path, store: Path) -> None:
    take(store, news)
    (news / "whale.txt").unlink()
    assert counts(take(store, news)) == (0, 0, 2, 0, 0, 0)
    assert counts(take(store, news, prune=True)) == (0, 0, 2, 1, 0, 0)
    assert sources(store) == ["seal.md", "shark.txt"]


def test_prune_spares_what_is_there_though_the_folder_leaves_it_out(news: Path, store: Path) -> None:
    (news / "notes.log").write_text(prose("gull"), "utf-8")
    (news / "rows.jsonl").write_text(json.dumps({"text": prose("ray")}), "utf-8")
    take(store, news, news / "notes.log")
    assert take(store, news, exclude=("*.jsonl",), prune=True).removed == 0
    (news / "notes.log").unlink()
    (news / "rows.jsonl").unlink()
    assert take(store, news, exclude=("*.jsonl",), prune=True).removed == 2


def test_prune_says_the_count_before_it_removes(news: Path, store: Path) -> None:
    take(store, news)
    (news / "whale.txt").unlink()
    for step in ingest(store, Request((news,), prune=True, confirm=lambda _: True), FakeEmbedder):
        if isinstance(step, Progress) and step.stage == "prune":
            assert step.total == 1
            assert len(sources(store)) == 3
            return
    raise AssertionError("nothing was said")


def test_prune_touches_only_what_lies_under_the_given_path(news: Path, store: Path) -> None:
    take(store, news)
    for name in ("whale.txt", "deep/shark.txt"):
        (news / name).unlink()
    assert take(store, news / "deep", prune=True).removed == 1
    assert sources(store) == ["seal.md", "whale.txt"]


def test_prune_of_a_folder_that_is_empty_now_removes_all_of_it(news: Path, store: Path) -> None:
    take(store, news)
    (news / "deep/shark.txt").unlink()
    assert counts(take(store, news / "deep", prune=True)) == (0, 0, 0, 1, 0, 0)


@pytest.mark.parametrize("beside", [True, False])
def test_a_missing_path_prunes_nothing(news: Path, store: Path, beside: bool) -> None:
    take(store, news)
    (news / "whale.txt").unlink()
    paths = (news, news / "gone") if beside else (news / "whale.txt",)
    assert take(store, *paths, prune=True).removed == 0
    assert len(sources(store)) == 3


def test_prune_spares_an_article_that_can_no_longer_be_read(news: Path, store: Path) -> None:
    take(store, news)
    (news / "whale.txt").write_bytes(b"")
    assert counts(take(store, news, prune=True)) == (0, 0, 2, 0, 0, 1)
    assert len(sources(store)) == 3


def test_prune_spares_standard_input_and_rows_with_an_address(tmp_path: Path, news: Path, store: Path) -> None:
    (news / "dump.jsonl").write_text(json.dumps({"url": "https://n.example/1", "text": prose("ray")}), "utf-8")
    take(store, news, stdin=prose("otter").encode())
    (news / "dump.jsonl").unlink()
    assert take(store, tmp_path, prune=True).removed == 0


def test_prune_removes_rows_that_are_gone_from_a_dump(news: Path, store: Path) -> None:
    dump = news / "dump.jsonl"
    rows = [json.dumps({"text": prose(name)}) + "\n" for name in ("ray", "eel", "cod")]
    dump.write_text("".join(rows), "utf-8")
    assert take(store, news).added == 6
    dump.write_text("".join(rows[:1]), "utf-8")
    assert counts(take(store, dump, prune=True)) == (0, 0, 1, 2, 0, 0)


def test_prune_does_not_take_a_folder_with_a_number_sign_for_its_neighbour(tmp_path: Path, store: Path) -> None:
    for name in ("C", "C#"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(prose(name), "utf-8")
    take(store, tmp_path / "C", tmp_path / "C#")
    assert take(store, tmp_path / "C", prune=True).removed == 0
    (tmp_path / "C#" / "a.txt").unlink()
    assert take(store, tmp_path / "C#", prune=True).removed == 1


def test_members_of_an_archive_are_articles_like_files_also_to_prune(news: Path, store: Path) -> None:
    ferry = [column(50, 600, ["The ferry left at seven in the morning.", "Forty passengers were on board of it."])]
    (news / "packed.zip").write_bytes(zipped({"a/ray.txt": prose("ray"), "ferry.pdf": pdf(ferry), "photo.png": b""}))
    assert counts(take(store, news)) == (5, 0, 0, 0, 0, 0)
    with Store.open(store) as opened:
        key = opened.ledger.resolve(f"{news / 'packed.zip'}!/ferry.pdf")
        assert opened.ledger.article(key).text.endswith("Forty passengers were on board of it.")
    (news / "packed.zip").write_bytes(zipped({"ferry.pdf": pdf(ferry)}))
    assert counts(take(store, news, prune=True)) == (0, 0, 4, 1, 0, 0)
    (news / "packed.zip").unlink()
    assert counts(take(store, news, prune=True)) == (0, 0, 3, 1, 0, 0)


@pytest.mark.parametrize(("lost", "asked"), [(1, False), (2, True)])
def test_prune_asks_before_it_removes_more_than_a_tenth(tmp_path: Path, store: Path, lost: int, asked: bool) -> None:
    for number in range(12):
        (tmp_path / "in" / f"{number}.txt").parent.mkdir(exist_ok=True)
        (tmp_path / "in" / f"{number}.txt").write_text(prose(f"whale {number}"), "utf-8")
    take(store, tmp_path / "in")
    for number in range(lost):
        (tmp_path / "in" / f"{number}.txt").unlink()
    doubts: list[str] = []
    refuse = {"prune": True, "confirm": doubts.append}  # says nothing, which is no yes
    if asked:
        with pytest.raises(UsageError, match="would remove 2 of 12 articles") as caught:
            take(store, tmp_path / "in", **refuse)
        assert "--yes" in caught.value.hint
        assert doubts == [caught.value.message]
    else:
        assert take(store, tmp_path / "in", **refuse).removed == 1
    assert len(sources(store)) == (12 if asked else 11)


@pytest.mark.parametrize("whole", [True, False])
def test_prune_asks_where_a_folder_has_become_empty_however_few_it_held(
    tmp_path: Path, store: Path, whole: bool
) -> None:
    disk = tmp_path / "in" / "disk"
    (disk / "deep").mkdir(parents=True)
    (disk / "deep" / "ray.txt").write_text(prose("ray"), "utf-8")
    for number in range(12):
        (tmp_path / "in" / f"{number}.txt").write_text(prose(f"whale {number}"), "utf-8")
    take(store, tmp_path / "in")
    shutil.rmtree(disk / "deep")  # as when a disk is not mounted: its folder is there, and holds nothing
    with pytest.raises(UsageError, match="disk is empty"):
        take(store, disk if whole else tmp_path / "in", prune=True, confirm=lambda _: False)
    assert len(sources(store)) == 13


# between the first and the second reading


class Meddling(FakeEmbedder):
    """Changes a file once the first reading is over: it is opened only then."""

    def __init__(self, meddle: Callable[[], object]) -> None:
        meddle()
        super().__init__()


def meddled(store: Path, news: Path, meddle: Callable[[], object]) -> IngestReport:
    *_, report = ingest(store, Request((news,)), lambda: Meddling(meddle))
    assert isinstance(report, IngestReport)
    return report


def test_a_file_that_changes_after_the_survey_is_read_again(news: Path, store: Path) -> None:
    report = meddled(store, news, lambda: (news / "whale.txt").write_text(prose("narwhal"), "utf-8"))
    assert (counts(report), report.warnings) == ((3, 0, 0, 0, 0, 0), ())
    with Store.open(store) as opened:
        assert opened.ledger.containing("narwhal")


def test_a_file_that_changes_each_time_is_skipped_with_its_reason(
    news: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def growing(path: Path) -> Any:
        with path.open("a") as stream:
            stream.write("More of it was seen.\n")
        return path.open("rb")

    monkeypatch.setattr("qa.ingest.read.opened", growing)
    report = take(store, news)
    assert counts(report) == (0, 0, 0, 0, 3, 0)
    assert f"{news / 'whale.txt'}: skipped, it changed each time it was read" in report.warnings


@pytest.mark.parametrize("kind", ["pipe", "socket", "gone"])
def test_a_file_that_turns_into_something_else_is_skipped_at_once(news: Path, store: Path, kind: str) -> None:
    def turn() -> None:
        (news / "whale.txt").unlink()
        if kind == "pipe":
            os.mkfifo(news / "whale.txt")
        elif kind == "socket":
            with socket.socket(socket.AF_UNIX) as left:
                left.bind(str(news / "whale.txt"))

    report = meddled(store, news, turn)
    assert counts(report) == (2, 0, 0, 0, 1, 0)
    assert "whale.txt: skipped" in report.warnings[0]


# another embedder, and rebuilding


def test_an_archive_of_another_embedder_is_refused_with_the_command_that_rebuilds(news: Path, store: Path) -> None:
    take(store, news)
    with pytest.raises(EmbedderMismatch) as caught:
        take(store, news, embedder=FakeEmbedder("other"))
    assert "qa rebuild" in caught.value.hint
    assert len(sources(store)) == 3


def test_rebuild_makes_the_archive_one_of_the_new_embedder(news: Path, store: Path) -> None:
    take(store, news)
    (news / "whale.txt").unlink()  # the archive's own articles are what counts
    other = FakeEmbedder("other", 16)
    *_, report = rebuild(store, other)
    assert isinstance(report, IngestReport)
    assert (report.changed, report.articles, report.passages) == (3, 3, 3)
    with Store.open(store) as opened:
        opened.check_embedder(identity_of(other))
        passage, cosine = opened.dense(other.embed_query("x"), 1)[0]
        assert passage > 0
        assert cosine <= 1
    assert take(store, news, embedder=other).unchanged == 2


def test_passages_are_embedded_under_title_publisher_and_date_which_are_in_no_offsets() -> None:
    article = Article("/x", "Rain fell. Snow fell.", (), title="Weather", publisher="Press", published="2020-01")
    assert headed(article, Passage(0, 10, 0, 1)) == "Weather\nPress, 2020-01\nRain fell."
    assert headed(Article("/x", "Rain fell.", ()), Passage(0, 10, 0, 1)) == "Rain fell."


# Ctrl-C


def corpus(path: Path, number: int) -> Path:
    rows = ({"url": f"https://n.example/{n}", "title": f"T{n}", "text": prose(f"whale {n}")} for n in range(number))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def stopped(arguments: Sequence[object], ready: Callable[[], bool]) -> tuple[int, str]:
    """Start qa with the slow embedder, press Ctrl-C when `ready`, and return exit code and stderr."""
    command = [sys.executable, "-m", "tests.slow", *map(str, arguments)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    deadline = time.monotonic() + 60
    while process.poll() is None and not ready() and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, narration = process.communicate(timeout=60)
    return process.returncode, narration


def held(store: Path) -> int:
    try:
        with Store.open(store) as opened:
            return opened.ledger.count()[0]
    except StoreMissing:
        return 0


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent otherwise elsewhere")
def test_an_ingest_that_is_interrupted_and_run_again_loses_nothing_and_takes_nothing_twice(
    tmp_path: Path, store: Path
) -> None:
    dump = corpus(tmp_path / "dump.jsonl", 300)
    code, narration = stopped(["--store", store, "ingest", dump], lambda: held(store) > 0)
    done = held(store)
    assert code == 130, narration
    assert "Interrupted" in narration
    assert "Traceback" not in narration
    assert 0 < done < 300
    report = take(store, dump)
    assert counts(report) == (300 - done, 0, done, 0, 0, 0)
    whole = tmp_path / "whole"
    take(whole, dump)
    with Store.open(store) as ours, Store.open(whole) as theirs:
        assert ours.ledger.count() == theirs.ledger.count()
        assert ours.ledger.articles() == theirs.ledger.articles()


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent otherwise elsewhere")
def test_a_batch_that_is_interrupted_and_run_again_holds_every_question_once(tmp_path: Path, store: Path) -> None:
    take(store, corpus(tmp_path / "dump.jsonl", 40))
    questions, out = tmp_path / "questions.txt", tmp_path / "out.jsonl"
    asked = [f"Who saw the whale {n} in the harbour?" for n in range(25)]
    questions.write_text("\n".join(asked), "utf-8")
    arguments = ["--store", store, "batch", questions, "-o", out]

    def answered() -> int:
        return out.read_bytes().count(b"\n") if out.exists() else 0

    code, narration = stopped(arguments, lambda: answered() > 3)
    assert code == 130, narration
    assert "Traceback" not in narration
    assert 3 < answered() < 25
    subprocess.run([sys.executable, "-m", "tests.slow", *map(str, arguments)], cwd=ROOT, check=True)
    values = [json.loads(raw) for raw in out.read_text("utf-8").split("\n")[:-1]]
    assert [value["question"] for value in values] == asked
