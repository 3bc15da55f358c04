"""What an output was made with and from, in a file beside it: so that answers can be explained, and never mixed."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.batch.budget import Price
from qa.batch.output import replace, writing
from qa.types import Usage
from vectorstore.errors import UsageError

if TYPE_CHECKING:
    from qa.settings import Config
    from vectorstore.store import Store

SUFFIX = ".manifest.json"
MADE_WITH = ("footnote-qa", "llama-index-core", "numpy", "onnxruntime", "tokenizers")
OTHER_OUTPUT = "Name another file with -o, or go back to what this one was begun with."


@dataclass(frozen=True, slots=True)
class Provenance:
    """What answers depend on beside their questions: the archive, who answers, and of the settings the decisive ones.

    Keys are in none of the settings, and where they are is left out.
    """

    archive: Mapping[str, Any]
    answerer: str
    config: Mapping[str, Any]
    decisive: Collection[str]

    @classmethod
    def of(cls, store: Store, answerer: str, config: Config) -> Provenance:
        """Return the basis of answers that are made now."""
        from qa.config import decisive, settings

        articles, passages = store.ledger.count()
        archive = {"fingerprint": store.ledger.digest(), "articles": articles, "passages": passages}
        shown = {key: value for key, value, _ in settings(config) if ".api_key_" not in key}
        return cls(archive, answerer, json.loads(json.dumps(shown)), tuple(decisive(config)))


@dataclass(slots=True)
class Manifest:
    """The manifest of one output; `questions` tells the file of questions, as `counted` gives it."""

    output: Path
    basis: Provenance
    questions: Mapping[str, Any]
    price: Price | None = None
    _facts: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """The file beside the output."""
        return self.output.with_name(self.output.name + SUFFIX)

    def begin(self, *, continued: bool) -> None:
        """Write what is known before the first question.

        Raises UsageError where an output that is `continued` was begun with something else, or where another file
        stands in the place.
        """
        earlier = self._earlier()
        runs = []
        if continued and earlier:
            self._agrees(earlier)
            runs = list(earlier["runs"])
        run = {"started": _now(), "finished": None, "versions": versions()}
        self._facts = {
            "output": self.output.name,
            "questions": dict(self.questions),
            "archive": dict(self.basis.archive),
            "answerer": self.basis.answerer,
            "config": dict(self.basis.config),
            "runs": [*runs, run],
            "rows": None,
            "usage": None,
            "cost": None,
        }
        self._write()

    def end(self, rows: Mapping[str, int], usage: Usage) -> None:
        """Write what it came to."""
        self._facts |= {"rows": dict(rows), "usage": asdict(usage)}
        self._facts["cost"] = round(self.price.of(usage), 6) if self.price else None
        self._facts["runs"][-1]["finished"] = _now()
        self._write()

    def _write(self) -> None:
        with writing(self.path):
            replace(self.path, [json.dumps(self._facts, indent=2, ensure_ascii=False)])

    def _earlier(self) -> dict[str, Any] | None:
        try:
            value = json.loads(self.path.read_bytes())
        except FileNotFoundError:
            return None
        except ValueError:
            value = None
        match value:
            case {"archive": {"fingerprint": str()}, "answerer": str(), "config": dict(), "runs": list()}:
                return dict(value)
        raise UsageError(f"{self.path} is no manifest of a batch.", "Remove it, or name another output with -o.")

    def _agrees(self, earlier: Mapping[str, Any]) -> None:
        """Raise UsageError, saying what differs, where the output was begun with something else."""
        if earlier["archive"]["fingerprint"] != self.basis.archive["fingerprint"]:
            raise UsageError(f"The archive has changed since {self.output} was begun.", OTHER_OUTPUT)
        then = {"answerer": earlier["answerer"], **earlier["config"]}
        now = {"answerer": self.basis.answerer, **self.basis.config}
        for name in ("answerer", *self.basis.decisive):
            if then.get(name) != now[name]:
                raise UsageError(
                    f"{self.output} was begun with {name} = {then.get(name)}, not {now[name]}.", OTHER_OUTPUT
                )


def counted(text: str, path: Path | None, count: int) -> dict[str, Any]:
    """Return what tells a file of questions: its name, None for standard input, a hash of its text, its questions."""
    data = text.encode("utf-8", "surrogatepass")
    return {"file": path.name if path else None, "sha256": hashlib.sha256(data).hexdigest(), "count": count}


def versions() -> dict[str, str | None]:
    """Return the versions of what has a part in answers; None for what is not installed."""
    return {"python": platform.python_version(), **{name: _version(name) for name in MADE_WITH}}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
