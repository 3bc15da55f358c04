"""The start: what fails before the archive is open is said in the terminal, what fails later on the screen."""

from __future__ import annotations

import gc
import os
import re
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tui.fakes import services
from tests.tui.terminal import Terminal
from tui.app import FootnoteApp
from tui.main import run, starting
from tui.ports import Services, Settings
from vectorstore.errors import ConfigError, ModelMissing, UsageError


async def test_the_first_frame_is_there_before_the_archive_is_open(tmp_path: Path) -> None:
    gate = threading.Event()

    def load() -> Services:
        gate.wait(30)
        return services(tmp_path)

    app = FootnoteApp(load)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert app.main.panes.prompt.has_focus
        assert app.main.context.services is None
        await pilot.press("h", "i", "enter")  # a question that waits for the archive
        gate.set()
        while not (app.main.panes.view.last and app.main.panes.view.last.answer):
            await pilot.pause()


async def test_an_error_before_the_archive_is_open_ends_the_program_with_that_error() -> None:
    def load() -> Services:
        raise ConfigError("There is no setting colour.", "Did you mean color?")

    app = FootnoteApp(load)
    async with app.run_test() as pilot:
        while app.failure is None:
            await pilot.pause()
    assert isinstance(app.failure, ConfigError)


async def test_a_defect_while_loading_is_kept_to_be_raised() -> None:
    def load() -> Services:
        raise KeyError("lost")

    app = FootnoteApp(load)
    async with app.run_test() as pilot:
        while app.failure is None:
            await pilot.pause()
    assert isinstance(app.failure, KeyError)


async def test_models_that_are_missing_are_said_on_screen_and_asking_goes_on(tmp_path: Path) -> None:
    def warm() -> None:
        raise ModelMissing("No model at /nowhere.", "Point the configuration at one.")

    app = FootnoteApp(lambda: replace(services(tmp_path), warm=warm))
    async with app.run_test() as pilot:
        while not [n for n in app._notifications if "No model at /nowhere" in n.message]:
            await pilot.pause()
        assert app.is_running
        assert app.main.panes.status.status.doing == ""


async def test_the_configured_theme_wins_over_the_remembered_one(tmp_path: Path) -> None:
    memory = tmp_path / "memory.json"
    memory.write_text('{"theme": "nord"}')
    app = FootnoteApp(lambda: services(tmp_path, settings=Settings(theme="gruvbox")), memory)
    assert app.theme == "nord"
    async with app.run_test() as pilot:
        while app.theme != "gruvbox":
            await pilot.pause()


def test_garbage_is_not_looked_for_until_the_first_frame_is_there(tmp_path: Path) -> None:
    begun = starting(lambda: services(tmp_path))
    assert not gc.isenabled()
    begun()
    assert gc.isenabled()
    gc.unfreeze()


def test_without_a_terminal_the_user_is_led_to_the_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEXTUAL_DRIVER", raising=False)
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        with pytest.raises(UsageError, match="terminal") as caught:
            run(lambda: pytest.fail("nothing is opened"))
    assert "qa ask" in caught.value.hint


def test_a_broken_configuration_ends_in_a_sentence_and_exit_code_2(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[nonsense]\nx = 1\n")
    with Terminal([sys.executable, "-m", "tui", "--store", str(tmp_path / "a"), "--config", str(config)]) as terminal:
        assert terminal.wait() == 2
        terminal.quiet(0.2)
        assert re.search(rb"error: \S+config.toml: there is no setting nonsense", terminal.output)


def test_leaving_does_not_wait_for_a_model_that_is_being_prepared(tmp_path: Path) -> None:
    program = (
        "import time; from dataclasses import replace; from pathlib import Path; from tests.tui.fakes import services;"
        f"from tui.main import run; core = services(Path({str(tmp_path)!r}));"
        "run(lambda: replace(core, warm=lambda: time.sleep(600)))"
    )
    with Terminal([sys.executable, "-c", program]) as terminal:
        terminal.until(lambda out: b"3 articles" in out)
        terminal.send("\x11")
        assert terminal.wait() == 0
