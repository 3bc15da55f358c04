"""The fast part of `python -m benchmarks.faults inputs`: a share of each kind of bad input, all of it in a moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from benchmarks.faults import damage, inputs

SEED = 2


def test_bad_files_are_taken_in_or_named(tmp_path: Path) -> None:
    assert [wrong for wrong in inputs.take_in(tmp_path / "files", range(18), SEED) if wrong] == []


def test_bad_settings_are_read_or_named(tmp_path: Path) -> None:
    assert [wrong for number in range(200) if (wrong := inputs.configure(tmp_path, number, SEED))] == []


def test_bad_batches_are_answered_or_named(tmp_path: Path) -> None:
    archive, _ = damage.made(tmp_path / "sound")
    assert [wrong for number in range(9) if (wrong := inputs.answer(archive, tmp_path, number, SEED))] == []


def test_bad_requests_are_answered_or_refused_and_the_server_goes_on(tmp_path: Path) -> None:
    archive, _ = damage.made(tmp_path / "sound")
    with inputs.served(archive) as (port, _), ThreadPoolExecutor(inputs.CLIENTS) as pool:
        assert [wrong for wrong in pool.map(partial(inputs.request, port, seed=SEED), range(26)) if wrong] == []
        assert (inputs.exchanged(port, inputs.HEALTH) or b"").startswith(inputs.FINE)
