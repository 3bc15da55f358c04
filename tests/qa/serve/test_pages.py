"""The page: its own files only, nothing inline, every field with its label."""

from __future__ import annotations

import re

import httpx
import pytest

from qa.serve.pages import ASSETS, FOLDER

HTML = (FOLDER / "index.html").read_text("utf-8")


async def test_its_files_are_served_without_a_token_or_a_trace_of_others(client: httpx.AsyncClient) -> None:
    for path, (name, kind) in ASSETS.items():
        reply = await client.get(path)
        assert reply.headers["content-type"] == kind
        assert reply.content == (FOLDER / name).read_bytes()
    assert {path.name for path in FOLDER.iterdir()} == {name for name, _ in ASSETS.values()}


@pytest.mark.parametrize("name", [name for name, _ in ASSETS.values()])
def test_no_file_asks_another_host(name: str) -> None:
    text = (FOLDER / name).read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r"https?://\w|url\(|@import", text) == []


def test_nothing_is_inline() -> None:
    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", HTML) == []
    scripts = "".join((FOLDER / name).read_text("utf-8") for name, kind in ASSETS.values() if "javascript" in kind)
    assert re.findall(r"innerHTML|insertAdjacentHTML|document\.write|eval\(|\.style\b", scripts) == []


def test_every_field_has_its_label_and_every_script_what_it_names() -> None:
    fields = set(re.findall(r'<(?:input|textarea) id="(\w+)"', HTML))
    assert fields == set(re.findall(r'<label for="(\w+)"', HTML))
    ids = re.findall(r'id="([\w-]+)"', HTML)
    assert len(ids) == len(set(ids))
    scripts = "".join((FOLDER / name).read_text("utf-8") for name, kind in ASSETS.values() if "javascript" in kind)
    assert set(re.findall(r'\bat\("([\w-]+)"\)', scripts)) <= set(ids)
