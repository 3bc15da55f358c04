"""The examples of docs/python.md and of the README run as they stand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.qa.test_archive import BRIDGE, MARKET

ROOT = Path(__file__).parent.parent


def examples(page: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", ["docs/python.md", "README.md"])
def test_the_examples_of_a_page_run_one_after_the_other(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "bridge.md").write_text(BRIDGE, encoding="utf-8")
    (tmp_path / "articles" / "market.md").write_text(MARKET, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    blocks = examples(page)
    assert blocks
    for block in blocks:
        exec(compile(block, page, "exec"), names)
    assert "sixty years" in capsys.readouterr().out
