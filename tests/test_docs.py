"""The pages are whole: links lead somewhere, lines are short, and the guide has every option, key and action."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.core import TyperOption as Option
from typer.main import get_command

from tui import command as qa_command
from tui.actions import ACTIONS, WITHIN

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
WRAPPED = [page for page in PAGES if page.name != "transcript.md"]  # a program writes that one
NAMES = {"escape": "Esc", "slash": "/", "delete": "Del"}


def anchors(page: Path) -> set[str]:
    """The names that a page's headings have in links, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(page: Path) -> list[str]:
    """The links of a page to files and headings that are not there."""
    found = []
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not link.startswith("http") and not (target.exists() and (not anchor or anchor in anchors(target))):
            found.append(link)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    assert broken(page) == []


@pytest.mark.parametrize("page", WRAPPED, ids=lambda page: page.name)
def test_a_pages_prose_is_wrapped_at_120(page: Path) -> None:
    lines = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE).splitlines()
    assert [line for line in lines if len(line) > 120 and not line.startswith("|")] == []


def test_the_guide_names_every_command_and_option() -> None:
    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    missing = []
    for name, command in get_command(qa_command.app).commands.items():  # type: ignore[attr-defined]
        if f"qa {name}" not in guide:
            missing.append(name)
        options = [parameter.opts for parameter in command.params if isinstance(parameter, Option)]
        missing += [f"{name} {forms[0]}" for forms in options if not any(form in guide for form in forms)]
    assert missing == []


def test_the_guide_has_every_key() -> None:
    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    table = guide[guide.index("| key | |") : guide.index("`[screen] keys`")]
    first = [action.keys.split(",")[0] for action in ACTIONS if action.keys]
    shown = [NAMES.get(key, "Ctrl+" + key[5:].upper() if key.startswith("ctrl+") else key) for key in first]
    shown = [key.upper() if re.fullmatch(r"f\d+", key) else key for key in shown]
    assert [key for key in shown if not re.search(rf"(?<![\w+]){re.escape(key)}(?!\w)", table)] == []


def test_the_guide_names_every_action_that_a_key_can_be_bound_to() -> None:
    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_.]+)`", guide[guide.index("`[screen] keys`") :]))
    assert {*(action.name for action in ACTIONS), *WITHIN} - named == set()
