"""Models on disk: where they are and what they are called. Nothing is ever downloaded."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from vectorstore.errors import ModelMissing

EMBEDDING = "[embedding] model"  # the setting that names the embedder
COMPLETE = "Is it a complete model folder?"
SEAL = "seal.json"


def located(name: str, setting: str = EMBEDDING, owner: str = "sentence-transformers") -> Path:
    """Return a model's folder; `name` is a folder, or a Hugging Face model name to find in the hub's local cache.

    A name without an owner gets `owner`. Raises ModelMissing, naming `setting`, if neither exists.
    """
    if os.path.isdir(folder := os.path.expanduser(name)):  # noqa: PTH111, PTH112 - unlike pathlib's, raise for no text
        return Path(folder)
    stay_offline()
    from huggingface_hub import snapshot_download  # 0.25 s
    from huggingface_hub.errors import HFValidationError, IncompleteSnapshotError

    repository = name if "/" in name else f"{owner}/{name}"
    try:
        return Path(snapshot_download(repository, local_files_only=True))
    except IncompleteSnapshotError as partial:  # files for other runtimes are often left out
        return Path(partial.snapshot_path)
    except HFValidationError:
        problem = f"There is no folder {name}, and it is not a valid model name."
        hint = f"Set {setting} to a model's folder, or to its name on the Hugging Face hub: {owner}/…"
    except OSError:
        problem = f"The model {repository} is not on this machine."
        hint = f"Download it once with `hf download {repository}`, or set {setting} to a folder."
    raise ModelMissing(problem, hint)


def stated(path: Path) -> Any:
    """Return the content of a JSON file in a model's folder, {} if there is no file; raises ModelMissing."""
    try:
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except ValueError as error:
        raise ModelMissing(f"{path} is not valid JSON: {error}.", COMPLETE) from None


def stay_offline() -> None:
    """Keep the model libraries off the network and the terminal, even if they are already imported."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
    if hub := sys.modules.get("huggingface_hub.constants"):  # it read the environment when it was imported
        hub.HF_HUB_OFFLINE = True  # type: ignore[attr-defined]


def model_name(model: Path) -> str:
    """Return the model's title and the first 12 hex digits of the SHA-256 over its files."""
    return f"{title(model)}@{_hash(model)[:12]}"


def title(model: Path) -> str:
    """Return a model's title: the name of its folder, except in the hub's cache and in the package.

    There the folder is models--OWNER--TITLE/snapshots/HASH or gt_TITLE/model.
    """
    if model.parent.name == "snapshots":
        return model.parents[1].name.rpartition("--")[2]
    if model.name == "model":
        return model.parent.name.removeprefix("gt_").replace("_", "-")
    return model.name


def known_hash(model: Path, cache: Path) -> str:
    """Return the SHA-256 over a model's files, cached until a size or time changes, as hashing costs 0.2 s."""
    facts = [(str(p), p.stat().st_size, p.stat().st_mtime_ns) for p in _files(model.resolve())]
    note = cache / "known" / hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]
    if known := _kept(note):
        return known
    value = _hash(model)
    with suppress(OSError):  # what cannot be noted is hashed the next time too
        _keep(note, value)
    return value


def _kept(note: Path) -> str | None:
    """Return what was kept in a note; None if there is none or it is damaged."""
    try:
        value, check = note.read_text("ascii").split()
    except (OSError, ValueError):
        return None
    return value if check == _check(value) else None


def _keep(note: Path, value: str) -> None:
    """Write a note, whole for whoever reads it meanwhile."""
    note.parent.mkdir(parents=True, exist_ok=True)
    half = note.with_name(f"{note.name}-{os.getpid()}")
    try:
        half.write_text(f"{value} {_check(value)}", encoding="ascii")
        half.replace(note)
    finally:
        half.unlink(missing_ok=True)


def _check(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:8]


def _files(model: Path) -> list[Path]:
    kinds = {".json", ".txt", ".safetensors", ".bin", ".model"}
    return sorted(path for path in model.rglob("*") if path.suffix in kinds and path.is_file())


def _hash(model: Path) -> str:
    digest = hashlib.sha256()
    for path in _files(model):
        digest.update(path.relative_to(model).as_posix().encode())
        with path.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def seal(folder: Path) -> None:
    """Record what the files in a folder hold (SHA-256), and how big and how old they are."""
    facts = {path.name: [sha256(path), *stamp(path)] for path in sorted(folder.iterdir()) if path.name != SEAL}
    (folder / SEAL).write_text(json.dumps(facts, indent=1), encoding="utf-8")


def is_sealed(folder: Path) -> bool:
    """Tell whether the files in a folder are what `seal` found; one is read only if its size or time has changed."""
    try:
        facts = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        return bool(facts) and all(
            stamp(folder / name) == rest or sha256(folder / name) == digest for name, (digest, *rest) in facts.items()
        )
    except (OSError, ValueError, TypeError, AttributeError):
        return False


def stamp(path: Path) -> list[int]:
    """Return a file's size and time."""
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
