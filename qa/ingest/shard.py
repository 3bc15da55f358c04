"""A share of the input: each of several machines takes one, without talking to the others."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from qa.ingest.raw import RawArticle
from qa.ingest.sources import FoundFiles, Paths, file_of, name_of
from qa.types import Failure
from vectorstore.errors import UsageError


@dataclass(frozen=True, slots=True)
class Shard:
    """The `number`-th of `count` shares, from 1 on; a source belongs to the same one wherever it is asked."""

    number: int = 1
    count: int = 1

    def takes(self, source: str) -> bool:
        """Return whether a source belongs to this share."""
        if self.count == 1:
            return True
        digest = hashlib.blake2b(source.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return int.from_bytes(digest, "big") % self.count == self.number - 1

    def files(self, found: FoundFiles, alone: Callable[[Path], bool]) -> FoundFiles:
        """Return what this share reads: its own files, and those that are not `alone` but hold many articles."""
        mine = Paths.of(path for path in found.files if not alone(path) or self.takes(name_of(path)))
        unread = Paths.of(path for path in found.unread if self.takes(name_of(path)))
        return replace(found, files=mine, unread=unread)

    def drafts(self, drafts: Iterable[RawArticle | Failure]) -> Iterator[RawArticle | Failure]:
        """Yield this share's articles, and the failures of whole files, after which nobody knows what is gone."""
        for draft in drafts:
            whole = isinstance(draft, Failure) and file_of(draft.source) == draft.source
            if whole or self.takes(draft.source):
                yield draft


WHOLE = Shard()


def shard_of(text: str) -> Shard:
    """Return the share that is written "3/16", all of the input for ""; raises UsageError for what is no share."""
    if not text:
        return WHOLE
    match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text, re.ASCII)
    number, count = map(int, match.groups()) if match else (0, 0)
    if not 1 <= number <= count:
        raise UsageError(f"{text!r} is no share of the input.", "Shares are written 1/16, 2/16 … 16/16.")
    return Shard(number, count)
