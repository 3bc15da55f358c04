"""The manifest beside an output records what its answers were made from, so that runs are explained and never mixed."""

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
OTHER_OUTPUT = "Choose another file with -o, or restore what this one was started with."


@dataclass(frozen=True, slots=True)
class Provenance:
    """What answers depend on besides their questions: the archive, the answerer and the decisive settings.

    No setting holds a key, and the settings that say where keys are get left out.
    """

    archive: Mapping[str, Any]
    answerer: str
    config: Mapping[str, Any]
    decisive: Collection[str]

    @classmethod
    def of(cls, store: Store, answerer: str, config: Config) -> Provenance:
        """Return the basis of answers made now."""
        from qa.config import decisive, settings

        articles, passages = store.ledger.count()
        archive = {"fingerprint": store.ledger.digest(), "articles": articles, "passages": passages}
        shown = {key: value for key, value, _ in settings(config) if ".api_key_" not in key}
        return cls(archive, answerer, json.loads(json.dumps(shown)), tuple(decisive(config)))


@dataclass(slots=True)
class Manifest:
    """The manifest of one output; `questions` describes the file of questions, as `counted` returns it."""

    output: Path
    basis: Provenance
    questions: Mapping[str, Any]
    price: Price | None = None
    _facts: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """The manifest's path, beside the output."""
        return self.output.with_name(self.output.name + SUFFIX)

    def begin(self, *, continued: bool) -> None:
        """Write the manifest before the first question.

        Raises UsageError if a `continued` output was started with something else, or if another file has the
        manifest's name.
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
        """Write the results of the run."""
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
        raise UsageError(f"{self.path} is not a batch manifest.", "Remove it, or choose another output with -o.")

    def _agrees(self, earlier: Mapping[str, Any]) -> None:
        """Raise UsageError, naming the difference, if the output was started with something else."""
        if earlier["archive"]["fingerprint"] != self.basis.archive["fingerprint"]:
            raise UsageError(f"The archive has changed since {self.output} was started.", OTHER_OUTPUT)
        then = {"answerer": earlier["answerer"], **earlier["config"]}
        now = {"answerer": self.basis.answerer, **self.basis.config}
        for name in ("answerer", *self.basis.decisive):
            if then.get(name) != now[name]:
                raise UsageError(
                    f"{self.output} was started with {name} = {then.get(name)}, not {now[name]}.", OTHER_OUTPUT
                )


def counted(text: str, path: Path | None, count: int) -> dict[str, Any]:
    """Return a file of questions as its name (None for standard input), the hash of its text and its row count."""
    data = text.encode("utf-8", "surrogatepass")
    return {"file": path.name if path else None, "sha256": hashlib.sha256(data).hexdigest(), "count": count}


def versions() -> dict[str, str | None]:
    """Return the versions of the packages that affect answers; None if not installed."""
    return {"python": platform.python_version(), **{name: _version(name) for name in MADE_WITH}}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
