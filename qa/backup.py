"""A backup: one file that holds an archive's articles, originals, conversations and notes, with a hash of each part.

It is a tar file packed by gzip, which every system can unpack; zstd would need a package of its own before Python 3.14,
and originals, the greater part, are packed already. Chroma's files are left out: the ledger has all that is in them.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from qa.saved import beside
from vectorstore.copies import articles_in, copy, take_over
from vectorstore.errors import AppError, StoreMissing, UsageError
from vectorstore.ledger import FILE as LEDGER
from vectorstore.lock import locked

MANIFEST, FOLLOWED = "manifest.json", "following.json"
SAVED = {
    "conversations.sqlite3": "conversations",
    "notes.sqlite3": "notes",
}  # parts, by what they are beside an archive
FORMAT = 1
PIECE = 2**20
HINT = "Use another backup."


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """What a backup holds: when it was made, the number of articles, and each part's SHA-256."""

    made: str
    articles: int
    sha256: Mapping[str, str]
    format: int = FORMAT


def backup(folder: Path, file: Path) -> BackupManifest:
    """Write the archive in `folder` to a file, as it is at this moment; others may write to the archive meanwhile.

    Until the new file is whole, an old one of this name stays. Raises StoreMissing, StoreDamaged, and AppError where it
    cannot be written.
    """
    if not (folder / LEDGER).is_file():
        raise StoreMissing(f"There is no archive in {folder}.", "Make one with: qa ingest PATH")
    if file.is_dir() or not file.parent.is_dir():
        raise AppError(f"{file} cannot be written: it needs a folder, and a name in it.", "Choose another file.")
    half = file.with_name(f".{file.name}.part")
    with _explained(file), locked(file.with_name(f".{file.name}.lock"), 0), _scratch(file.parent) as scratch:
        parts = _copied(folder, scratch)
        manifest = BackupManifest(_now(), articles_in(scratch), {name: _sha256(path) for name, path in parts.items()})
        with half.open("wb") as stream:
            _pack(stream, parts, manifest)
            stream.flush()
            os.fsync(stream.fileno())
        half.replace(file)
    file.with_name(f".{file.name}.lock").unlink(missing_ok=True)
    return manifest


def verify(file: Path) -> BackupManifest:
    """Return what a backup holds, after comparing every part with its hash; raises AppError if it is damaged."""
    with _scratch(file.parent) as scratch:
        return _unpacked(file, scratch)


def restore(file: Path, folder: Path, *, replace: bool = False) -> BackupManifest:
    """Put the archive in a backup into `folder`, in one step, after it was verified.

    Raises UsageError if `folder` holds articles already and `replace` is false, AppError if the backup is damaged.
    """
    if (there := articles_in(folder)) and not replace:
        raise UsageError(f"{folder} already holds {there} articles.", "To replace them with the backup's, add --yes.")
    folder.mkdir(parents=True, exist_ok=True)
    with _scratch(folder) as scratch:
        manifest = _unpacked(file, scratch)
        take_over(folder, scratch)
        for part in SAVED.keys() & manifest.sha256.keys():
            copy(scratch / part, beside(folder, SAVED[part]))
        if FOLLOWED in manifest.sha256:
            (scratch / FOLLOWED).replace(folder / FOLLOWED)
    return manifest


def _copied(folder: Path, scratch: Path) -> dict[str, Path]:
    copy(folder / LEDGER, scratch / LEDGER)
    parts = {LEDGER: scratch / LEDGER}
    for part, name in SAVED.items():
        if (saved := beside(folder, name)).is_file():
            copy(saved, scratch / part)
            parts[part] = scratch / part
    if (folder / FOLLOWED).is_file():
        parts[FOLLOWED] = Path(shutil.copy(folder / FOLLOWED, scratch / FOLLOWED))
    return parts


def _pack(stream: IO[bytes], parts: Mapping[str, Path], manifest: BackupManifest) -> None:
    with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=1) as packed:
        data = json.dumps(asdict(manifest), indent=1).encode()
        head = tarfile.TarInfo(MANIFEST)
        head.size = len(data)
        packed.addfile(head, io.BytesIO(data))
        for name, path in parts.items():
            packed.add(path, name)


def _unpacked(file: Path, scratch: Path) -> BackupManifest:
    """Unpack the parts that the manifest names, and nothing else."""
    try:
        with tarfile.open(file, "r:gz") as packed:
            manifest = BackupManifest(**json.loads(_part(packed, MANIFEST).read()))
            for name in (LEDGER, *SAVED, FOLLOWED):
                if name in manifest.sha256:
                    with (scratch / name).open("wb") as target:
                        shutil.copyfileobj(_part(packed, name), target, PIECE)
    except (tarfile.TarError, EOFError, zlib.error, KeyError, ValueError, TypeError) as error:
        raise AppError(f"{file} is no backup, or is damaged: {error}.", HINT) from error
    except OSError as error:  # BadGzipFile is one too
        raise AppError(f"{file} cannot be read: {error.strerror or error}.", HINT) from error
    for name, wanted in manifest.sha256.items():
        if not (scratch / name).is_file() or _sha256(scratch / name) != wanted:
            raise AppError(f"{file} is damaged: {name} is not what was written.", HINT)
    if LEDGER not in manifest.sha256 or manifest.format > FORMAT:
        raise AppError(f"{file} was written by a newer version.", "Install the newer version.")
    return manifest


def _part(packed: tarfile.TarFile, name: str) -> IO[bytes]:
    part = packed.extractfile(name)
    if part is None:
        raise KeyError(name)
    return part


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def _scratch(parent: Path) -> Iterator[Path]:
    """A folder beside what is written, so that a part can be moved there in one step; a killed run leaves it behind."""
    try:
        made = tempfile.TemporaryDirectory(dir=parent, prefix=".qa-backup-")
    except OSError as error:
        raise AppError(f"{parent} cannot be written: {error.strerror}.", "Choose another folder.") from error
    with made as folder:
        yield Path(folder)


@contextmanager
def _explained(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise AppError(f"{file} cannot be written: {error.strerror or error}.", "Choose another file.") from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
