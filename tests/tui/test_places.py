"""Places as people type them, drop them into the terminal, or leave half typed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui.places import SHOWN, begun_alike, fault, offers, places, words


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for folder in ("My Articles", "articles", ".hidden", "it's"):
        (tmp_path / folder).mkdir()
    for name in ("alpha.txt", "Beta.md"):
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("/a /b", ["/a", "/b"]),
        ("'/a b' \"/c d\"", ["/a b", "/c d"]),
        (r"/a\ b /c\'d", ["/a b", "/c'd"]),
        ("'/a b", ["/a b"]),  # never closed
        ("  ", []),
    ],
)
def test_what_is_typed_is_parted_as_a_shell_does(typed: str, values: list[str]) -> None:
    assert [word.value for word in words(typed)] == values


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("~/articles", ["articles"]),
        ("articles alpha.txt", ["articles", "alpha.txt"]),
        ("~/My Articles", ["My Articles"]),  # nobody protected the blank
        ("~/My Artcles", ["My Artcles"]),  # nor does the slip of the hand make it two
        ("'My Articles' ~/articles/", ["My Articles", "articles"]),
        (r"My\ Articles", ["My Articles"]),
        ("it's", ["it's"]),
        ("articles ~/articles", ["articles"]),
    ],
)
def test_paths_are_understood_quoted_escaped_and_plain(home: Path, typed: str, found: list[str]) -> None:
    assert places(typed) == [str(home / name) for name in found]


def test_web_addresses_stay_as_they_are_and_dropped_file_addresses_become_paths(home: Path) -> None:
    assert places("https://example.org/a ~/articles") == ["https://example.org/a", str(home / "articles")]
    assert places(f"file://{home}/My%20Articles") == [str(home / "My Articles")]


def test_what_is_wrong_is_said_with_the_nearest_name(home: Path) -> None:
    assert fault("~/artcles") == "There is no ~/artcles. Did you mean ~/articles?"
    assert fault("~/My Artcles") == "There is no ~/My Artcles. Did you mean ~/My Articles?"
    assert fault("~/articles/qqq/x") == "There is no ~/articles/qqq/x. ~/articles is there, with no qqq in it."
    assert fault(str(home.parent / "nosuch" / "x")).startswith(f"There is no {home.parent}/nosuch/x.")
    assert fault("~nosuchuser/x") == "There is no home folder ~nosuchuser."
    assert fault("https://") == "https:// is no whole web address."
    assert fault(" ").startswith("Type a folder")
    assert fault("~/articles alpha.txt https://example.org/") == ""
    assert fault("\0") != ""


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_folder_that_may_not_be_read_is_told_at_once(home: Path) -> None:
    (home / "articles").chmod(0)
    assert fault("~/articles") == f"You may not read {home}/articles."


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("typed", "shown", "first"),
    [
        ("~/", ["articles/", "it's/", "My Articles/", "alpha.txt", "Beta.md"], "~/articles/"),
        ("~/a", ["articles/", "alpha.txt"], "~/articles/"),
        ("~/.", [".hidden/"], "~/.hidden/"),
        ("~/my", ["My Articles/"], r"~/My\ Articles/"),
        ("alpha.txt '~/My A", ["My Articles/"], "alpha.txt '~/My Articles/"),
        ("~/My A", ["My Articles/"], r"~/My\ Articles/"),
        (r"~/My\ A", ["My Articles/"], r"~/My\ Articles/"),
        ("~", ["~/"], "~/"),
        ("https://example.org/a", [], ""),
        ("/nowhere/at/all", [], ""),
    ],
)
def test_the_last_name_goes_on_folders_first_and_hidden_ones_only_after_a_dot(
    typed: str, shown: list[str], first: str
) -> None:
    found = offers(typed)
    assert [offer.shown for offer in found] == shown
    assert (found[0].text if found else "") == first


def test_a_huge_folder_is_cut_and_given_up_when_something_else_is_typed(home: Path) -> None:
    for number in range(SHOWN + 5):
        (home / "articles" / f"{number:03}.txt").touch()
    found = offers("~/articles/")
    assert [found[0].shown, len(found)] == ["000.txt", SHOWN]
    assert begun_alike(found) == "~/articles/0"
    assert offers("~/articles/", stopped=lambda: True) == []
