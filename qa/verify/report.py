"""A verified draft as people read it: its text with marks, its sources below, on a terminal, in Markdown, in HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qa.export import footnoted_markdown, footnoted_page
from qa.marks import Marked, join
from qa.render import source
from qa.sanitize import line
from qa.types import Citation
from qa.verify.lookup import ClaimVerdict, Finding
from qa.verify.statements import Paragraph
from vectorstore.articles import counted

SIGNS = {ClaimVerdict.SUPPORTED: "", ClaimVerdict.CONTRADICTED: "✗", ClaimVerdict.NOT_FOUND: "○"}
WORDS = {"supported": "supported", "contradicted": "contradicted (✗)", "not_found": "not found (○)"}
LONGEST = 4_000  # characters of a sentence that are shown


@dataclass(frozen=True, slots=True)
class DraftReport:
    """A draft's text with its marks, and the citations that they name, each once."""

    text: str
    citations: tuple[Citation, ...]
    counts: Mapping[str, int]

    @property
    def summary(self) -> str:
        """How many statements came to what."""
        return told(self.counts)

    def terminal(self) -> Marked:
        """Return it as a terminal shows it, like an answer with its sources."""
        return join(
            "\n", [self.text, "", *map(source, self.citations), *([""] if self.citations else []), self.summary]
        )

    def markdown(self, title: str) -> str:
        """Return it as Markdown with footnotes."""
        return f"# {line(title)}\n\n" + footnoted_markdown(self.text, self.citations, [self.summary])

    def html(self, title: str) -> str:
        """Return it as one HTML page."""
        return footnoted_page(line(title), self.text, self.citations, [self.summary])


def told(counts: Mapping[str, int]) -> str:
    """Return the counts in words."""
    said = ", ".join(f"{count} {WORDS[name]}" for name, count in counts.items())
    return f"{counted(sum(counts.values()), 'statement')}: {said}."


def reported(paragraphs: Sequence[Paragraph], findings: Sequence[Finding]) -> DraftReport:
    """Return the report of a draft; quotes are numbered as they come."""
    by_row = {finding.row.name: finding for finding in findings}
    numbers: dict[tuple[str, int, int], Citation] = {}
    blocks = []
    for paragraph in paragraphs:
        sentences = [_shown(part.text, by_row.get(part.row.name) if part.row else None, numbers) for part in paragraph]
        blocks.append(" ".join(sentences))
    outcomes = [finding.outcome for finding in findings]
    counts = {outcome.value: outcomes.count(outcome) for outcome in ClaimVerdict}
    return DraftReport("\n\n".join(blocks), tuple(numbers.values()), counts)


def _shown(text: str, finding: Finding | None, numbers: dict[tuple[str, int, int], Citation]) -> str:
    """A sentence with its mark; brackets of its own are no markers."""
    words = line(text.replace("[", "(").replace("]", ")"), LONGEST)
    if finding is None:
        return words
    for citation in finding.citations:
        key = (citation.article.id, citation.start, citation.end)
        numbers.setdefault(key, replace(citation, number=len(numbers) + 1))
    cited = (numbers[citation.article.id, citation.start, citation.end].number for citation in finding.citations)
    return f"{words} {SIGNS[finding.outcome]}{''.join(f'[{number}]' for number in cited)}"
