import os
from pathlib import Path

import pytest

from qa.ingest.sources import FoundFiles, file_of, find, name_of
from vectorstore.errors import UsageError


def takes(path: Path) -> bool:
    return path.suffix == ".txt"


def listed(found: FoundFiles, root: Path) -> list[str]:
    return [path.relative_to(root.resolve()).as_posix() for path in found.files]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.txt", "sub/deep/c.txt", "drafts/d.txt", "photo.jpg", ".hidden.txt", ".git/e.txt"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    return tmp_path / "in"


def test_a_folder_is_walked_in_order_without_hidden_entries_and_other_kinds_are_counted(folder: Path) -> None:
    found = find([folder], takes=takes)
    assert listed(found, folder) == ["a.txt", "b.txt", "drafts/d.txt", "sub/deep/c.txt"]
    assert len(found.unread) == 1
    assert found.failures == ()


def test_files_are_in_the_order_of_the_parts_of_their_paths(tmp_path: Path) -> None:
    for name in ("a/b.txt", "a-b.txt", "a.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert listed(find([tmp_path], takes=takes), tmp_path) == ["a/b.txt", "a-b.txt", "a.txt"]


def test_exclusions_work_as_in_gitignore(folder: Path) -> None:
    assert listed(find([folder], ["drafts/", "b.*"], takes=takes), folder) == ["a.txt", "sub/deep/c.txt"]
    assert listed(find([folder], ["*.txt", "!a.txt"], takes=takes), folder) == ["a.txt"]
    assert listed(find([folder], ["sub/**/c.txt", "/b.txt"], takes=takes), folder) == ["a.txt", "drafts/d.txt"]


@pytest.mark.parametrize("pattern", ["!", "a\\", "[z-a]"])
def test_a_pattern_that_is_none_is_named(folder: Path, pattern: str) -> None:
    with pytest.raises(UsageError) as caught:
        find([folder], ["*.tmp", pattern], takes=lambda _: True)
    assert repr(pattern) in caught.value.message


def test_a_file_given_by_name_is_listed_whatever_its_kind_and_the_exclusions(folder: Path) -> None:
    assert listed(find([folder / "photo.jpg"], ["*.jpg"], takes=takes), folder) == ["photo.jpg"]


def test_a_file_found_twice_is_listed_once_and_a_named_one_is_not_skipped(folder: Path) -> None:
    found = find([folder, folder / "a.txt", folder / "photo.jpg", folder / "sub" / ".." / "b.txt"], takes=takes)
    assert listed(found, folder) == ["a.txt", "b.txt", "drafts/d.txt", "photo.jpg", "sub/deep/c.txt"]
    assert not found.unread


def test_a_missing_path_is_a_failure_that_names_it_and_the_rest_goes_on(folder: Path) -> None:
    found = find([folder / "gone", folder], takes=takes)
    assert [(failure.source, failure.reason) for failure in found.failures] == [
        (str(folder / "gone"), "no such file or folder")
    ]
    assert len(found.files) == 4


def test_an_empty_folder_is_no_failure(tmp_path: Path) -> None:
    assert find([tmp_path], takes=takes) == FoundFiles()


def test_loops_of_links_end_and_linked_folders_are_walked_once(folder: Path) -> None:
    (folder / "sub" / "loop").symlink_to(folder)
    (folder / "again").symlink_to(folder / "drafts")
    found = find([folder], takes=takes)
    assert sorted(path.name for path in found.files) == ["a.txt", "b.txt", "c.txt", "d.txt"]


@pytest.mark.parametrize("follow", [False, True])
def test_a_link_out_of_the_folder_is_left_out_with_its_reason_unless_it_is_to_be_followed(
    folder: Path, tmp_path: Path, follow: bool
) -> None:
    (tmp_path / "away" / "deep").mkdir(parents=True)
    (tmp_path / "away" / "deep" / "key.txt").write_text("x")
    (folder / "file.txt").symlink_to(tmp_path / "away" / "deep" / "key.txt")
    (folder / "sub" / "tree").symlink_to(tmp_path / "away")
    found = find([folder], takes=takes, follow=follow)
    assert ("key.txt" in {path.name for path in found.files}) is follow
    assert [Path(left.source).name for left in found.left_out] == ([] if follow else ["file.txt", "tree"])
    assert all("--follow-links" in left.reason for left in found.left_out)
    assert found.failures == ()


def test_a_path_that_is_a_link_is_meant(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    assert len(find([tmp_path / "link"], takes=takes).files) == 4
    assert len(find([tmp_path / "link" / "a.txt"], takes=takes).files) == 1


def test_a_link_to_itself_and_a_pipe_are_failures(tmp_path: Path) -> None:
    (tmp_path / "self").symlink_to(tmp_path / "self")
    os.mkfifo(tmp_path / "pipe")
    found = find([tmp_path / "self", tmp_path / "pipe"], takes=takes)
    assert not found.files
    assert [Path(failure.source).name for failure in found.failures] == ["self", "pipe"]
    assert not find([tmp_path], takes=takes).files


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_closed_folder_is_a_failure(folder: Path) -> None:
    (folder / "sub").chmod(0)
    try:
        found = find([folder], takes=takes)
    finally:
        (folder / "sub").chmod(0o755)
    assert [failure.reason for failure in found.failures] == ["permission denied"]


def test_a_name_that_is_not_utf8_is_spelled_out() -> None:
    assert name_of(Path(os.fsdecode(b"caf\xe9.txt"))) == "caf\\xe9.txt"


def test_the_folder_of_a_page_that_a_browser_saved_whole_holds_no_articles(tmp_path: Path) -> None:
    for name in (
        "Quay.html",
        "Quay_files/ad.txt",
        "Kai.htm",
        "Kai-Dateien/ad.txt",
        "press_files/a.txt",
        "Quay_notes/b.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    assert listed(find([tmp_path], takes=takes), tmp_path) == ["Quay_notes/b.txt", "press_files/a.txt"]


@pytest.mark.parametrize(
    ("source", "file"),
    [
        ("/a/b.txt", "/a/b.txt"),
        ("/a/dump.jsonl#12", "/a/dump.jsonl"),
        ("/a/x.zip!/notes/b.txt", "/a/x.zip"),
        ("/a/x.ZIP!/in.zip!/mail.mbox#3", "/a/x.ZIP"),
        ("/a/letter.eml!/report.pdf", "/a/letter.eml"),
        ("/a/mail.mbox#3!/report.pdf", "/a/mail.mbox"),
        ("/Hello!/b.txt", "/Hello!/b.txt"),
        ("/C#/b.txt", "/C#/b.txt"),
    ],
)
def test_the_file_of_a_source_is_what_holds_the_article(source: str, file: str) -> None:
    assert file_of(source) == file
