"""The command hands the screens what was typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.command import main
from tui.main import opened
from vectorstore.errors import ConfigError, UsageError


def test_the_typed_answerer_wins_over_the_configured_one(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[answer]\nanswerer = "ollama"\n')
    assert opened(tmp_path / "archive", config).settings.answerer == "ollama"
    assert opened(tmp_path / "archive", config, "openai").settings.answerer == "openai"
    assert opened(tmp_path / "archive", config).standings()[0].name == "extractive"


def test_an_answerer_that_there_is_not_is_refused_with_the_nearest_and_all(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="olama") as caught:
        opened(tmp_path / "archive", None, "olama")
    assert "Did you mean ollama?" in caught.value.hint
    assert "extractive, ollama, openai, anthropic, llama_cpp" in caught.value.hint


def test_a_key_of_an_action_that_there_is_not_is_refused_with_the_nearest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[screen]\nkeys = { "prompt.send" = "ctrl+d", "ask.focuss" = "f3" }\n')
    with pytest.raises(ConfigError, match=r"there is no action ask\.focuss"):
        opened(tmp_path / "archive", config)
    with pytest.raises(SystemExit) as ended:
        main(["--config", str(config), "config", "check"])
    assert ended.value.code == 2
    assert "Did you mean ask.focus?" in capsys.readouterr().err
