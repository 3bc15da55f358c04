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
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from qa.saved import beside
from vectorstore.articles import counted
from vectorstore.copies import articles_in, copy, move_aside, take_over
from vectorstore.disk import FULL
from vectorstore.errors import AppError, StoreDamaged, StoreMissing, UsageError
from vectorstore.lock import locked
from vectorstore.sqlite import FILE as LEDGER

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
    _refuse_others(file, folder)
    with _scratch(file.with_name(f".{file.name}.part")) as scratch, _explained(file):
        parts = _copied(folder, scratch)
        manifest = BackupManifest(_now(), articles_in(scratch), {name: _sha256(path) for name, path in parts.items()})
        half = scratch / "whole"
        with half.open("wb") as stream:
            _pack(stream, parts, manifest)
            stream.flush()
            os.fsync(stream.fileno())
        half.replace(file)
    return manifest


def _refuse_others(file: Path, folder: Path) -> None:
    """Raise UsageError where the file holds something else than a backup, or the archive has its own files."""
    place, archive = file.resolve(), folder.resolve()
    if place.is_relative_to(archive) or place in {beside(archive, name) for name in SAVED.values()}:
        raise UsageError(f"{file} belongs to the archive itself.", "Keep the backup in another folder.")
    if place.exists() and not (place.is_file() and _is_packed(place)):
        raise UsageError(f"{file} is there already, and is no backup.", "Choose another file.")


def _is_packed(file: Path) -> bool:
    """Tell whether a file begins as gzip does, or is empty."""
    with _explained(file), file.open("rb") as stream:
        return stream.read(2) in {b"", b"\x1f\x8b"}


def verify(file: Path) -> BackupManifest:
    """Return what a backup holds, after comparing every part with its hash; raises AppError if it is damaged."""
    return _read(file, None)


def restore(file: Path, folder: Path, *, replace: bool = False) -> BackupManifest:
    """Put the archive in a backup into `folder`, in one step, after it was verified.

    Conversations and notes that are there are kept under another name if the backup has its own. Raises UsageError if
    `folder` holds articles already and `replace` is false, AppError if the backup is damaged.
    """
    if (there := articles_in(folder)) and not replace:
        has = counted(there, "article")
        raise UsageError(f"{folder} already holds {has}.", "To replace them with the backup's, add --yes.")
    with _explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with _scratch(folder / ".restoring") as scratch:
        manifest = _read(file, scratch)
        take_over(folder, scratch)
        with _explained(folder):
            for part in SAVED.keys() & manifest.sha256.keys():
                place = beside(folder, SAVED[part])
                move_aside(place, "replaced")
                shutil.move(scratch / part, place)  # a mounted folder is not on the disk that it lies in
            if FOLLOWED in manifest.sha256:
                (scratch / FOLLOWED).replace(folder / FOLLOWED)
    return manifest


def _copied(folder: Path, scratch: Path) -> dict[str, Path]:
    copy(folder / LEDGER, scratch / LEDGER)
    parts = {LEDGER: scratch / LEDGER}
    for part, name in SAVED.items():
        if (saved := beside(folder, name)).is_file():
            parts[part] = _saved(saved, scratch / part)
    if (folder / FOLLOWED).is_file():
        parts[FOLLOWED] = Path(shutil.copy(folder / FOLLOWED, scratch / FOLLOWED))
    return parts


def _saved(saved: Path, copied: Path) -> Path:
    try:
        copy(saved, copied)
    except StoreDamaged as error:
        raise StoreDamaged(error.message, f"To back up without it, move {saved} away.") from error
    return copied


def _pack(stream: IO[bytes], parts: Mapping[str, Path], manifest: BackupManifest) -> None:
    with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=1) as packed:
        data = json.dumps(asdict(manifest), indent=1).encode()
        head = tarfile.TarInfo(MANIFEST)
        head.size = len(data)
        packed.addfile(head, io.BytesIO(data))
        for name, path in parts.items():
            packed.add(path, name)


def _read(file: Path, scratch: Path | None) -> BackupManifest:
    """Compare the parts that the manifest names with their hashes, and put them into `scratch`, if there is one."""
    try:
        with tarfile.open(file, "r:gz") as packed:
            manifest = _manifest(json.loads(_part(packed, MANIFEST).read()))
            if manifest.format > FORMAT or not manifest.sha256.keys() <= {LEDGER, *SAVED, FOLLOWED}:
                raise AppError(f"{file} was written by a newer version.", "Install the newer version.")
            for name, wanted in manifest.sha256.items():
                if _poured(_part(packed, name), scratch / name if scratch else Path(os.devnull)) != wanted:
                    raise AppError(f"{file} is damaged: {name} is not what was written.", HINT)
    except (tarfile.TarError, EOFError, zlib.error, LookupError, ValueError) as error:
        raise AppError(f"{file} is no backup, or is damaged: {error}.", HINT) from error
    except OSError as error:  # BadGzipFile is one too
        if error.errno in FULL:
            raise AppError(f"There is no space left for what {file} holds.", "Free some space.") from error
        raise AppError(f"{file} cannot be read: {error.strerror or error}.", HINT) from error
    return manifest


def _manifest(value: Any) -> BackupManifest:
    """Return the manifest; raises ValueError for nonsense. What a newer version adds is left out."""
    match value:
        case {
            "made": str(made),
            "articles": int(articles),
            "sha256": {"ledger.sqlite3": str(), **rest} as sha256,
            "format": int(version),
        } if all(isinstance(one, str) for one in rest.values()):
            return BackupManifest(made, articles, sha256, version)
    raise ValueError("its manifest makes no sense")


def _part(packed: tarfile.TarFile, name: str) -> IO[bytes]:
    part = packed.extractfile(name)
    if part is None:
        raise KeyError(name)
    return part


def _poured(part: IO[bytes], target: Path) -> str:
    """Write a part to a file and return its SHA-256."""
    found = hashlib.sha256()
    with target.open("wb") as stream:
        while piece := part.read(PIECE):
            found.update(piece)
            stream.write(piece)
    return found.hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def _scratch(place: Path) -> Iterator[Path]:
    """A folder beside what is written, to move parts from in one step; what a killed run left in it is taken away."""
    lock = place.with_name(f"{place.name}.lock")
    with locked(lock, 0):
        shutil.rmtree(place, ignore_errors=True)
        try:
            with _explained(place.parent):
                place.mkdir()
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)
            with suppress(OSError):  # some systems delete no file that is open
                lock.unlink()


@contextmanager
def _explained(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise AppError(f"{place} cannot be written: {error.strerror or error}.", "Choose another place.") from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
