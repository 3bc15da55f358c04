"""The shares of an input are the whole of it, and none knows of another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qa.incoming import taking_in
from qa.ingest.pipeline import ingest
from qa.ingest.shard import WHOLE, Shard, shard_of
from qa.ingest.survey import Request
from qa.types import IngestReport
from tests.fakes import FakeEmbedder
from tests.qa.ingest.kinds.build import zipped
from vectorstore.errors import UsageError
from vectorstore.store import Store

SHARES = [Shard(number, 2) for number in (1, 2)]


def prose(subject: object) -> str:
    return f"The heron {subject} was seen at the weir on Friday. Two walkers said that it stood there for an hour."


def take(store: Path, *paths: Path, **request: Any) -> IngestReport:
    *_, report = ingest(store, Request(paths, **{"confirm": lambda _: True, **request}), FakeEmbedder)
    assert isinstance(report, IngestReport)
    return report


def sources(store: Path) -> set[str]:
    with Store.open(store) as opened:
        return set(opened.ledger.known())


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder of every shape: files that are an article each, a dump with and without addresses, and a ZIP archive."""
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.txt").write_text(prose(number), "utf-8")
    rows: list[dict[str, str]] = [{"text": prose(f"row {number}")} for number in range(8)]
    rows += [{"text": prose(f"page {number}"), "url": f"https://weir.example/{number}"} for number in range(8)]
    (folder / "dump.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (folder / "more.zip").write_bytes(zipped({f"{number}.txt": prose(f"zip {number}").encode() for number in range(8)}))
    (folder / "notes.log").write_text("no article", "utf-8")
    return folder


def test_a_source_belongs_to_the_same_share_wherever_and_whenever_it_is_asked() -> None:
    names = ("/news/a.txt", "https://weir.example/1", "/n/é#3")
    assert [[number for number in (1, 2, 3) if Shard(number, 3).takes(name)] for name in names] == [[1], [2], [3]]


def test_the_shares_of_an_input_are_the_whole_of_it_and_have_nothing_in_common(news: Path, tmp_path: Path) -> None:
    take(tmp_path / "whole", news)
    store, added = tmp_path / "store", 0
    for share in SHARES:
        report = take(store, news, shard=share)
        added += report.added
        assert added == len(sources(store))  # none that another share had taken
        assert report.skipped == share.takes(f"{news}/notes.log")  # told once
    assert sources(store) == sources(tmp_path / "whole")
    assert take(store, news, shard=SHARES[0]).added == 0


def test_files_of_other_shares_are_not_even_opened(news: Path, tmp_path: Path) -> None:
    for path in news.iterdir():
        path.write_bytes(b"")  # a failure for whoever reads it
    failed = [{failure.source for failure in take(tmp_path / "store", news, shard=share).failed} for share in SHARES]
    assert set.intersection(*failed) == {f"{news}/dump.jsonl", f"{news}/more.zip"}
    assert len(set.union(*failed)) == 14


def test_prune_removes_what_is_gone_from_its_own_share_alone(news: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    take(store, news)
    gone = {f"{news}/{number}.txt" for number in range(12)} | {f"{news}/dump.jsonl#{line}" for line in range(1, 9)}
    for number in range(12):
        (news / f"{number}.txt").unlink()
    (news / "dump.jsonl").unlink()
    left = sources(store)
    for share in SHARES:
        own = {source for source in gone if share.takes(source)}
        assert take(store, news, shard=share, prune=True).removed == len(own)
        left -= own
        assert sources(store) == left


def test_prune_spares_the_articles_of_a_container_that_breaks_in_every_share(news: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    take(store, news)
    whole = (news / "more.zip").read_bytes()
    (news / "more.zip").write_bytes(whole[: len(whole) // 2])
    assert [take(store, news, shard=share, prune=True).removed for share in SHARES] == [0, 0]


def test_prune_asks_where_it_would_remove_more_than_a_tenth_of_its_share(news: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    take(store, news)
    files = {share: [path for path in news.glob("*.txt") if share.takes(str(path))] for share in SHARES}
    share = max(SHARES, key=lambda share: len(files[share]))
    many = sum(map(share.takes, sources(store))) // 10 + 1
    for path in files[share][:many]:
        path.unlink()
    with pytest.raises(UsageError, match=f"would remove {many} of"):
        take(store, news, shard=share, prune=True, confirm=lambda _: False)


def test_standard_input_is_shared_by_its_articles(tmp_path: Path) -> None:
    rows = "".join(json.dumps({"text": prose(number)}) + "\n" for number in range(20)).encode()
    added = [take(tmp_path / "store", stdin=rows, shard=share).added for share in SHARES]
    assert sum(added) == 20
    assert min(added) > 0


def test_an_address_is_fetched_for_its_own_share_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    class Archive:
        def ingesting(self, *_: Any, **__: Any) -> list[Any]:
            return []

    def fetched(addresses: list[str], _: bool) -> list[Any]:
        asked.append(addresses)
        return []

    monkeypatch.setattr("qa.incoming._fetched", fetched)
    addresses = [f"https://weir.example/{number}" for number in range(9)]
    for share in ("1/2", "2/2"):
        list(taking_in(Archive(), addresses, shard=share))  # type: ignore[arg-type]
    assert sorted(asked[0] + asked[1]) == addresses
    assert all(asked)


def test_a_share_is_written_as_a_number_of_so_many() -> None:
    assert shard_of("") == WHOLE
    assert shard_of("3/16") == Shard(3, 16)
    assert shard_of("1/1").takes("anything")
    for wrong in ("0/3", "4/3", "1/0", "x", "1", "1/2/3", "-1/2", "1 / 2", "٣/16", "1/9999999"):
        with pytest.raises(UsageError, match="no share of the input"):
            shard_of(wrong)
