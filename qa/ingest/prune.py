"""What is gone from the paths that were given, and when that looks like an accident rather than a wish."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from qa.ingest.sources import FoundFiles, file_of, name_of
from qa.ingest.survey import Request, Survey
from vectorstore.articles import counted
from vectorstore.errors import UsageError

SHARE = 0.1  # of the archive: more is removed only if somebody agrees
HINT = "Check that nothing is missing, such as a disk that is not mounted; to remove them, add --yes"


def gone(known: Mapping[str, str], request: Request, found: FoundFiles, survey: Survey) -> dict[str, str]:
    """Return the sources, with their ids, of what lay under the given paths: files that are not there, rows of dumps
    that were read without them.

    What failed to be read stays.
    """
    roots = [path.resolve() for path in request.paths]
    read = set(map(name_of, found.files))
    spared = survey.chosen.keys() | {failure.source for failure in survey.failures}
    return {
        source: id_
        for source, id_ in known.items()
        if source not in spared
        and (file := file_of(source)) not in spared
        and any(Path(file).is_relative_to(root) for root in roots)
        and not _there(source)
        and (file in read or not _there(file))
    }


def agreed(lost: Mapping[str, str], known: Collection[str], request: Request) -> set[str]:
    """Return the ids to remove; asks where they are many, or all of a folder, and raises UsageError unless agreed."""
    doubt = doubtful(lost, len(known))
    if doubt and not request.confirm(doubt):
        raise UsageError(doubt, HINT)
    return set(lost.values())


def doubtful(lost: Iterable[str], total: int) -> str:
    """Return why the loss of these sources may be an accident, or ""."""
    files = [file_of(source) for source in lost]
    removed = f"--prune would remove {len(files)} of {counted(total, 'article')}"
    if empty := _emptied(files):
        return f"{removed}: {empty[0]} is empty{f', and {len(empty) - 1} more folders' if empty[1:] else ''}."
    return f"{removed}." if len(files) > SHARE * total else ""


def _emptied(files: Iterable[str]) -> Sequence[str]:
    """The nearest folders above the files that still exist, those that hold nothing."""
    nearest = {_nearest(folder) for folder in {Path(file).parent for file in files}}
    return sorted(str(folder) for folder in nearest if _is_empty(folder))


def _nearest(folder: Path) -> Path:
    return next((one for one in (folder, *folder.parents) if one.is_dir()), folder)


def _is_empty(folder: Path) -> bool:
    try:
        return not any(not path.name.startswith(".") for path in folder.iterdir())
    except OSError:
        return False


def _there(file: str) -> bool:
    try:
        return Path(file).exists()
    except OSError:  # in a folder that may not be looked into
        return True
