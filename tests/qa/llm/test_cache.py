from __future__ import annotations

import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.llm.cache import CachedLanguageModel
from qa.llm.prompts import Prompt
from qa.types import Usage
from tests.conftest import ROOT
from tests.fakes import FakeLanguageModel
from vectorstore.errors import ModelBroken, ModelBusy

PROMPT = Prompt("Answer in a word.", "Who said “é\u2028\ud800”?")


def told(generator: CachedLanguageModel, prompt: Prompt = PROMPT) -> tuple[str, Usage]:
    *pieces, usage = generator.stream(prompt)
    assert isinstance(usage, Usage)
    return "".join(map(str, pieces)), usage


def entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_the_same_prompt_is_asked_once_and_costs_nothing_the_second_time(tmp_path: Path) -> None:
    model = FakeLanguageModel()
    first = told(CachedLanguageModel(model, tmp_path / "cache"))
    again = told(CachedLanguageModel(model, tmp_path / "cache"))
    assert first[0] == again[0] == f"So: {PROMPT.user}"
    assert (first[1].cached, again[1]) == (0, Usage(cached=first[1].prompt + first[1].completion))
    assert len(model.asked) == 1


def test_it_goes_by_the_name_and_window_of_its_model(tmp_path: Path) -> None:
    cached = CachedLanguageModel(FakeLanguageModel(name="fake: x", window=77), tmp_path)
    assert (cached.name, cached.window) == ("fake: x", 77)


@pytest.mark.parametrize(
    ("model", "settings", "prompt"),
    [
        (FakeLanguageModel(name="fake: other"), "", PROMPT),
        (FakeLanguageModel(window=9), "", PROMPT),
        (FakeLanguageModel(), "host = b", PROMPT),
        (FakeLanguageModel(), "", Prompt(PROMPT.system + " ", PROMPT.user)),
        (FakeLanguageModel(), "", Prompt(PROMPT.system, PROMPT.user + " ")),
        (FakeLanguageModel(), "", Prompt(PROMPT.system + PROMPT.user, "")),
    ],
)
def test_another_model_server_or_prompt_is_asked_again(
    tmp_path: Path, model: FakeLanguageModel, settings: str, prompt: Prompt
) -> None:
    told(CachedLanguageModel(FakeLanguageModel(), tmp_path))
    told(CachedLanguageModel(model, tmp_path, settings), prompt)
    assert model.asked.pop() == prompt


@pytest.mark.parametrize("error", [ModelBusy("Busy."), ModelBroken("Cut off.")])
def test_an_answer_that_broke_off_is_not_kept(tmp_path: Path, error: Exception) -> None:
    class Breaking(FakeLanguageModel):
        def stream(self, prompt: Prompt) -> Iterator[str | Usage]:
            self.asked.append(prompt)
            yield "So"
            raise error

    model = Breaking()
    for _ in range(2):
        with pytest.raises(type(error)):
            told(CachedLanguageModel(model, tmp_path))
    assert len(model.asked) == 2
    assert entries(tmp_path) == []


def test_an_answer_that_nobody_waited_for_is_not_kept_and_its_model_is_stopped(tmp_path: Path) -> None:
    ended: list[bool] = []

    class Endless(FakeLanguageModel):
        def stream(self, prompt: Prompt) -> Iterator[str | Usage]:
            try:
                while prompt:
                    yield "more "
            finally:
                ended.append(True)

    stream = CachedLanguageModel(Endless(), tmp_path).stream(PROMPT)
    assert next(stream) == "more "
    stream.close()  # type: ignore[attr-defined]  # a generator it is
    assert ended
    assert entries(tmp_path) == []


def test_what_is_kept_is_readable_by_its_owner_only_and_leaves_nothing_beside(tmp_path: Path) -> None:
    told(CachedLanguageModel(FakeLanguageModel(), tmp_path / "cache"))
    (entry,) = entries(tmp_path)
    assert stat.S_IMODE(entry.stat().st_mode) == 0o600
    assert stat.S_IMODE(entry.parent.stat().st_mode) == 0o700
    assert PROMPT.system not in entry.read_text()


def test_an_entry_that_is_damaged_anywhere_is_asked_again_and_mended(tmp_path: Path) -> None:
    model = FakeLanguageModel()
    cached = CachedLanguageModel(model, tmp_path)
    text, _ = told(cached)
    (entry,) = entries(tmp_path)
    whole = entry.read_bytes()
    damaged = [whole[:cut] for cut in range(len(whole))]
    damaged += [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(len(whole))]
    damaged += [b"\xff", b"[]", b"{}", b"null", b'{"text": 1, "tokens": "x", "seal": null}']
    for data in damaged:
        entry.write_bytes(data)
        assert told(cached)[0] == text, data
    assert entry.read_bytes() == whole


def test_an_entry_in_the_place_of_another_is_no_answer(tmp_path: Path) -> None:
    model = FakeLanguageModel()
    cached, other = CachedLanguageModel(model, tmp_path), Prompt("", "Who else?")
    told(cached)
    (entry,) = entries(tmp_path)
    told(cached, other)
    (second,) = set(entries(tmp_path)) - {entry}
    second.write_bytes(entry.read_bytes())
    assert told(cached, other)[0] == "So: Who else?"


def test_a_folder_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    model = FakeLanguageModel()
    for _ in range(2):
        assert told(CachedLanguageModel(model, tmp_path / "cache"))[0] == f"So: {PROMPT.user}"
    assert len(model.asked) == 2


def test_several_threads_share_a_folder(tmp_path: Path) -> None:
    cached = CachedLanguageModel(FakeLanguageModel(), tmp_path)
    prompts = [Prompt("", f"Who said {n % 5}?") for n in range(100)]
    found: list[str] = []
    work = [threading.Thread(target=lambda p=prompt: found.append(told(cached, p)[0])) for prompt in prompts]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert sorted(found) == sorted(f"So: {prompt.user}" for prompt in prompts)
    assert len(entries(tmp_path)) == 5


PROGRAM = """
import sys
from pathlib import Path
from qa.llm.cache import CachedLanguageModel
from qa.llm.prompts import Prompt
from tests.fakes import FakeLanguageModel
model = FakeLanguageModel()
for n in range(50):
    text = "".join(map(str, list(CachedLanguageModel(model, Path(sys.argv[1])).stream(Prompt("", f"Who {n}?")))[:-1]))
    assert text == f"So: Who {n}?", text
"""


def test_several_processes_share_a_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    running = [subprocess.Popen(command, cwd=ROOT) for _ in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    assert len(entries(tmp_path)) == 50
