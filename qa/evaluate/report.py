"""An evaluation as one HTML page that shows every miss: no scripts, no external resources, all text escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from qa.evaluate import charts
from qa.evaluate.bootstrap import Figure
from qa.evaluate.curves import curve, reliability, spread
from qa.evaluate.measures import AUROC, DEEPEST, GROUPS, Table, confidences, figures, first_quotes, kinds, seconds
from qa.evaluate.missed import misses, said
from qa.evaluate.outcomes import CaseOutcome
from qa.sanitize import line

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
TILES = {
    "hits@1": "first article is right",
    "answer in a quote": "answer is in a quote",
    "abstention recall": "rightly not answered",
    "false abstentions": "wrongly not answered",
}
BY_KIND = {
    "hits@1": "The first article is an expected one",
    "answer in a quote": "The answer is in a quote",
    "abstention recall": "Unanswerable, and not answered",
    "false abstentions": "Answerable, and not answered",
}


def page(outcomes: Sequence[CaseOutcome], title: str, min_confidence: float) -> str:
    """Return the page as HTML; `min_confidence` is the threshold below which the assistant abstained."""
    style = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
    body = "".join(
        [*_head(outcomes, title), *_measures(outcomes), *_kinds(outcomes), *_charts(outcomes, min_confidence)]
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Evaluation: {said(title)}</title><style>{style}</style></head>"
        f"<body><main>{body}{''.join(misses(outcomes))}</main></body></html>\n"
    )


def _head(outcomes: Sequence[CaseOutcome], title: str) -> Iterator[str]:
    answered, failed = sum(o.answered for o in outcomes), sum(bool(o.error) for o in outcomes)
    missed = sum(not o.good for o in outcomes)
    yield f"<h1>{said(title)}</h1>"
    yield f'<p class="lead">{len(outcomes)} questions, {answered} answered, {missed} missed'
    yield f", {failed} failed.</p>" if failed else ".</p>"
    table = figures(outcomes)
    yield '<div class="tiles">'
    for name, words in TILES.items():
        if name in table:
            yield _tile(table[name], words)
    yield "</div>"


def _tile(figure: Figure, words: str) -> str:
    small = f"{figure.low:.2f} to {figure.high:.2f}, {figure.count} questions"
    return f'<div class="tile"><b>{figure.value:.3f}</b><span>{words}</span><small>{small}</small></div>'


def _measures(outcomes: Sequence[CaseOutcome]) -> Iterator[str]:
    yield "<h2>Measures</h2>"
    yield (
        '<p class="aside">The band is the 95 % interval of 2,000 resamples: where the figure would lie for similar'
        " questions. With fewer than thirty questions it is only a hint.</p>"
    )
    yield '<table><tr><th>measure</th><th></th><th class="number">value</th><th class="range number">95 % interval'
    yield '</th><th class="number">questions</th></tr>'
    yield from _rows(figures(outcomes))
    times = seconds(outcomes)
    if times:
        yield '<tr class="group"><td colspan="5">seconds an answer</td></tr>'
        yield from (_row(name, figure, "") for name, figure in times.items())
    yield "</table>"


def _rows(table: Table) -> Iterator[str]:
    group = ""
    for name, figure in table.items():
        if GROUPS[name] != group:
            group = GROUPS[name]
            yield f'<tr class="group"><td colspan="5">{group}</td></tr>'
        yield _row(name, figure, charts.interval(figure) if figure.high <= 1 else "")


def _row(name: str, figure: Figure, strip: str) -> str:
    return (
        f'<tr><td>{escape(name)}</td><td>{strip}</td><td class="number"><b>{figure.value:.3f}</b></td>'
        f'<td class="range">{figure.low:.3f} – {figure.high:.3f}</td><td class="number">{figure.count}</td></tr>'
    )


def _kinds(outcomes: Sequence[CaseOutcome]) -> Iterator[str]:
    tables = {kind or "other": figures(some) for kind, some in kinds(outcomes).items()}
    if not tables:
        return
    yield '<h2>By kind of question</h2><div class="pair">'
    for measure, words in BY_KIND.items():
        rows = [(line(kind, 40), table[measure]) for kind, table in tables.items() if measure in table]
        if rows:
            yield _figure(words, "", charts.bars(rows, words, bad=measure == "false abstentions"))
    yield "</div>"


def _figure(title: str, caption: str, chart: str) -> str:
    return f"<figure><h3>{title}</h3><figcaption>{caption}</figcaption>{chart}</figure>"


def _charts(outcomes: Sequence[CaseOutcome], min_confidence: float) -> Iterator[str]:
    yield '<h2>Ranks, abstentions, confidence</h2><div class="pair">'
    yield from _ranks(outcomes)
    positive = confidences(outcomes)[1]
    if any(positive) and not all(positive):
        yield from _abstention(outcomes, min_confidence)
    yield from _calibration(outcomes)
    yield "</div>"


def _ranks(outcomes: Sequence[CaseOutcome]) -> Iterator[str]:
    placed = [o.rank for o in outcomes if o.case.expected.answerable and o.case.expected.articles]
    if placed:
        counts = [placed.count(rank) for rank in range(1, DEEPEST + 1)]
        labels = [*map(str, range(1, DEEPEST + 1)), "none"]
        drawn = charts.columns(labels, [*counts, len(placed) - sum(counts)], "Ranks", "rank of the article")
        yield _figure("Rank of the first expected article", f"{len(placed)} questions whose article is known", drawn)


def _abstention(outcomes: Sequence[CaseOutcome], min_confidence: float) -> Iterator[str]:
    scores, positive = confidences(outcomes)
    judged = [o for o in outcomes if o.answer and o.case.expected.answerable is not None]
    given = [o for o in judged if o.answered]
    right = sum(bool(o.case.expected.answerable) for o in given)
    mark = (len(given) / len(judged), right / len(given)) if given else None
    drawn = charts.coverage(curve(scores, positive), mark, min_confidence, "Precision over coverage")
    yield _figure("Answering fewer, more surely", "as the confidence threshold moves", drawn)
    up, down = spread(scores, positive, True), spread(scores, positive, False)
    names = (f"answerable ({sum(up)})", f"unanswerable ({sum(down)})")
    told = f"the answerable question has the higher confidence in {figures(outcomes)[AUROC].value:.3f} of all pairs"
    yield _figure("Confidence by answerability", told, charts.mirrored(up, down, min_confidence, names))


def _calibration(outcomes: Sequence[CaseOutcome]) -> Iterator[str]:
    bins = reliability(*first_quotes(outcomes))
    if bins:
        told = "on the diagonal, yes; whiskers are 95 % intervals, columns count the answers"
        yield _figure("Can you trust the confidence?", told, charts.calibration(bins, "Reliability of the answers"))
