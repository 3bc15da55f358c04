"""What is kept of a revision is made once, holds for that revision alone, and stays bounded."""

from __future__ import annotations

from collections.abc import Callable

from vectorstore.revisions import RevisionCache


def makes(value: str, made: list[str]) -> Callable[[], str]:
    def make() -> str:
        made.append(value)
        return value

    return make


def test_a_value_is_made_once_for_each_revision() -> None:
    cache, made = RevisionCache(4), list[str]()
    assert [cache.get(1, "key", makes("old", made)) for _ in range(3)] == ["old"] * 3
    assert cache.get(2, "key", makes("new", made)) == "new"
    assert cache.get(1, "key", makes("again", made)) == "old"
    assert made == ["old", "new"]


def test_the_value_that_was_not_asked_for_longest_goes_first() -> None:
    cache, made = RevisionCache(2), list[str]()
    for key in ("a", "b", "a", "c", "a", "b"):
        cache.get(1, key, makes(key, made))
    assert made == ["a", "b", "c", "b"]


def test_nothing_too_is_kept() -> None:
    cache, made = RevisionCache(2), list[str]()
    for _ in range(2):
        assert cache.get(1, "key", lambda: made.append("made")) is None
    assert made == ["made"]
