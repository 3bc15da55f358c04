from pathlib import Path

import pytest

from qa.ingest.web.following import FILE, Followed, Following
from vectorstore.errors import StoreDamaged, StoreLocked, UsageError


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def test_what_is_followed_is_kept_and_can_be_removed(store: Path) -> None:
    store.mkdir()
    following = Following(store)
    assert following.list() == []
    first, second = Followed("https://a.example/", "A", seen=frozenset({"x", "y"})), Followed("https://b.example/")
    following.save(first)
    following.save(second)
    following.save(first)
    assert Following(store).list() == [first, second]
    following.remove("https://a.example/")
    assert following.list() == [second]
    with pytest.raises(UsageError):
        following.remove("https://a.example/")


@pytest.mark.parametrize("content", ["", "{", "[1]", '[{"address": 1}]', "null"])
def test_a_damaged_file_is_named(store: Path, content: str) -> None:
    store.mkdir()
    (store / FILE).write_text(content)
    with pytest.raises(StoreDamaged, match=FILE):
        Following(store).list()


def test_two_processes_do_not_follow_at_the_same_time(store: Path) -> None:
    with Following(store).held(), pytest.raises(StoreLocked), Following(store).held():
        pass
