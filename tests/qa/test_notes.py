"""The notebook: what is kept comes back with its reference, and becomes clippings in Markdown."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from qa.archive import Archive
from qa.notes import Notebook, UnknownNote, notes_markdown
from qa.saved import beside
from qa.settings import Config
from qa.types import Citation
from qa.wiring import wire
from tests.conftest import CommandLine
from vectorstore.articles import Reference
from vectorstore.errors import StoreDamaged

LAMP = Reference("a1", "/lamp.md", "https://gazette.example/lamp", "The lamp", "Coast Gazette", "2019-03-03")
BEES = Reference("b2", "/bees.txt", None, "", None, None)
LIT = Citation(2, LAMP, 40, 62, "The keeper lit the lamp.", ((44, 50),))
DARK = Citation(1, LAMP, 10, 22, "It was *dark*.")
HIVES = Citation(1, BEES, 0, 9, "Two hives")


@pytest.fixture
def notebook(tmp_path: Path) -> Notebook:
    return Notebook(tmp_path / "new" / "notes.sqlite3")


def test_a_kept_quote_comes_back_with_its_reference_its_place_and_its_question(notebook: Notebook) -> None:
    kept = notebook.keep(LIT, "Who lit it?")
    assert kept is not None
    (note,) = notebook.list()
    assert note == kept
    assert (note.quote, note.start, note.end, note.article) == (LIT.quote, 40, 62, LAMP)
    assert note.question == "Who lit it?"
    assert note.kept.endswith("+00:00")


def test_the_newest_note_is_listed_first(notebook: Notebook) -> None:
    notebook.keep(LIT)
    notebook.keep(HIVES)
    assert [note.quote for note in notebook.list()] == [HIVES.quote, LIT.quote]


def test_a_quote_is_kept_once(notebook: Notebook) -> None:
    assert notebook.keep(LIT, "Who?") is not None
    assert notebook.keep(LIT, "Who else?") is None
    assert [note.question for note in notebook.list()] == ["Who?"]


def test_a_deleted_note_can_be_put_back_with_its_remark(notebook: Notebook) -> None:
    notebook.keep(LIT)
    (kept,) = notebook.list()
    notebook.remark(kept.id, "for the opening")
    (note,) = notebook.list()
    notebook.delete(note.id)
    assert notebook.list() == []
    assert notebook.restore(note)
    assert notebook.list() == [note]
    assert note.remark == "for the opening"


def test_a_note_that_is_gone_is_named(notebook: Notebook) -> None:
    with pytest.raises(UnknownNote):
        notebook.delete("none")
    with pytest.raises(UnknownNote):
        notebook.remark("none", "")


def test_a_lone_surrogate_is_no_hindrance(notebook: Notebook) -> None:
    notebook.keep(Citation(1, Reference("c", "/\udce9.txt"), 0, 1, "\ud800"), "\udfff?")
    assert [note.quote for note in notebook.list()] == ["?"]


def test_a_notebook_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite3"
    path.write_bytes(b"no database" * 400)
    with pytest.raises(StoreDamaged, match="notebook"):
        Notebook(path).list()


@pytest.mark.parametrize("column", ["quote", "title", "published", "start"])
def test_a_note_that_makes_no_sense_is_named(notebook: Notebook, tmp_path: Path, column: str) -> None:
    notebook.keep(LIT)
    with closing(sqlite3.connect(tmp_path / "new" / "notes.sqlite3")) as database:
        database.execute(f"UPDATE notes SET {column} = x'80'")
        database.commit()
    with pytest.raises(StoreDamaged, match=r"notes\.sqlite3 make no sense"):
        notebook.list()


def test_the_clippings_are_grouped_by_article_in_the_order_of_the_text(notebook: Notebook) -> None:
    for citation in (LIT, HIVES, DARK):
        notebook.keep(citation, "Who?")
    text = notes_markdown(notebook.list())
    assert text.count("## The lamp") == 1
    assert "Coast Gazette, 3 March 2019, https://gazette.example/lamp" in text
    assert text.index("> “It was \\*dark\\*.”") < text.index("> “The keeper lit the lamp.”")
    assert "characters 40–62" in text
    assert "Asked: Who?" in text
    assert "undated, /bees.txt" in text


def test_an_archive_has_its_notebook_beside_it(tmp_path: Path) -> None:
    with Archive(wire(Config(), tmp_path / "store")) as archive:
        archive.notes.keep(LIT)
    assert (tmp_path / "store-notes.sqlite3").is_file()


def test_the_command_line_lists_and_exports_the_notes(qa: CommandLine, tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert "n keeps a quote" in qa("--store", store, "notes").out
    Archive(wire(Config(), store)).notes.keep(LIT, "Who?")
    assert "“The keeper lit the lamp.”\n— Coast Gazette, 3 March 2019" in qa("--store", store, "notes").out
    (row,) = json.loads(qa("--store", store, "notes", "--json").out)
    assert (row["quote"], row["start"], row["question"]) == (LIT.quote, 40, "Who?")
    ran = qa("--store", store, "notes", "--export", tmp_path / "clips.md")
    assert (ran.code, ran.out) == (0, "")
    assert "## The lamp" in (tmp_path / "clips.md").read_text()
    again = qa("--store", store, "notes", "--export", tmp_path / "clips.md")
    assert again.code == 1
    assert "already there" in again.err


def test_an_archive_has_one_notebook_however_its_folder_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "archive" / "sub").mkdir(parents=True)
    for here, written in ((".", "archive"), ("archive", "."), ("archive/sub", ".."), (".", "archive/sub/..")):
        monkeypatch.chdir(tmp_path / here)
        assert beside(Path(written), "notes") == tmp_path / "archive-notes.sqlite3"
