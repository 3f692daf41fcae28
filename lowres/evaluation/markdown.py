"""report.md: the twin of report.json for people."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from lowres.evaluation.predictions import Answer
from lowres.evaluation.report import Report
from lowres.evaluation.scores import SCORES, Flips, Interval, SystemScores
from lowres.evaluation.tables import Confusion, Cost, Row
from lowres.utterance import Utterance

N_COSTS = 20
N_CONFUSIONS = 20
N_FLIPPED = 10  # intents
N_UNKNOWN = 50
_SPECIAL = re.compile(r"[\\|*`\[\]<>#]|(?<!\w)_|_(?!\w)")  # an underscore inside a word means nothing


def render_reports(reports: Sequence[Report], *, plot: str = "") -> str:
    """All test sets of one adapter in Markdown; `plot` is the path of the picture, relative to the file."""
    first = reports[0]
    lines = [f"# Evaluation: {plain(first.name)} {plain(first.version)} ({plain(first.language)})", ""]
    lines += [f"![Scores of every system, and how far confidence can be trusted]({plot})", ""] if plot else []
    for report in reports:
        lines += _report(report)
    return "\n".join(lines).rstrip() + "\n"


def _report(report: Report) -> Iterator[str]:
    yield from (f"## {plain(report.dataset)} {plain(report.locale)} {plain(report.partition)}", "")
    yield from (f"{report.n:,} utterances. Percent, with 95 % bootstrap intervals.", "")
    yield from _systems(report)
    yield from _differences(report)
    yield from _source(report)
    yield from _costs(report)
    yield from _rows("Per intent", "intent", "utterances", report.intents)
    yield from _rows("Per slot", "slot", "spans", report.slots)
    yield from _confusions("Intents confused", report.intent_confusions)
    yield from _confusions("Slots confused", report.slot_confusions)
    yield from _calibration(report)
    yield from _rejection(report)
    yield from _unknown_words(report)
    yield from _core_minutes(report)
    yield from ("### Signature", "", "```text", report.signature, "```", "")


def table(head: Sequence[str], rows: Iterable[Sequence[object]], *, words: int = 1) -> Iterator[str]:
    """A Markdown table and an empty line: the first `words` columns are text, the others figures."""
    yield _line(head)
    yield _line(["---" if i < words else "---:" for i in range(len(head))])
    yield from (_line(map(str, row)) for row in rows)
    yield ""


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def plain(text: object) -> str:
    """`text` on one line with nothing that Markdown reads; right-to-left text is isolated from what surrounds it."""
    bare = _SPECIAL.sub(r"\\\g<0>", " ".join(str(text).split()))
    mirrored = any(unicodedata.bidirectional(char) in ("R", "AL") for char in bare)
    return f"\u2068{bare}\u2069" if mirrored else bare


def percent(interval: Interval) -> str:
    """A share as "64.1 (62.4 to 65.8)"."""
    return f"{100 * interval.value:.1f} ({100 * interval.low:.1f} to {100 * interval.high:.1f})"


def in_words(interval: Interval) -> str:
    """A share as "1.3 % (0.9 to 1.7)"."""
    value, _, bounds = percent(interval).partition(" ")
    return f"{value} % {bounds}"


def is_clear(difference: Interval) -> bool:
    """Whether a difference exceeds its interval, which then excludes 0."""
    return difference.low > 0 or difference.high < 0


def difference(interval: Interval) -> str:
    """A difference in points as "+1.7 (+0.2 to +3.2) clear", or "unclear"."""
    value, low, high = (f"{100 * figure:+.1f}" for figure in (interval.value, interval.low, interval.high))
    return f"{value} ({low} to {high}) {'clear' if is_clear(interval) else 'unclear'}"


def each_score(scores: SystemScores) -> list[Interval]:
    """The three scores in the order of `SCORES`."""
    return [getattr(scores, name) for name in SCORES]


def _systems(report: Report) -> Iterator[str]:
    rows = [[plain(name), *map(percent, each_score(scores))] for name, scores in report.shown.items()]
    rows += [[plain(name), f"not run: {plain(why)}", "", ""] for name, why in report.missing.items()]
    yield from table(["system", *SCORES.values()], rows)


def _differences(report: Report) -> Iterator[str]:
    if report.differences:
        yield from ("### Adapter against its controls", "")
        yield from ("Paired difference in points; clear means that it exceeds its interval (0 lies outside).", "")
        rows = ([plain(name), *map(difference, each_score(scores))] for name, scores in report.differences.items())
        yield from table(["adapter minus", *SCORES.values()], rows)
    if report.closed is not None:
        yield from (f"{report.closed:.0%} of the way from {plain(report.best_control)} to the skyline, in exact match: the same "
                    "base trained as long on human utterances of the language.", "")  # fmt: skip


def _source(report: Report) -> Iterator[str]:
    if report.source is None:
        return
    locale = plain(report.source_locale or "the source locale")
    yield from (f"### What the adapter costs {locale}", "")
    names = {"base": "without the adapter", "adapter": "with the adapter"}
    rows = [[names[name], *map(percent, each_score(report.source_scores[name]))] for name in names]
    yield from table([locale, *SCORES.values()], rows)
    yield from flip_lines(report.source)


def flip_lines(flips: Flips) -> Iterator[str]:
    """Flips in both directions, and the intents that lost most."""
    yield f"Of {flips.n:,} utterances, {in_words(flips.negative)} were lost (negative flips)"
    yield from (f"and {in_words(flips.positive)} won (positive flips).", "")
    rows = [[plain(row.intent), row.n, row.n_negative, row.n_positive] for row in flips.intents if row.n_negative]
    if rows:
        yield from table(["intents that lost most", "utterances", "lost", "won"], rows[:N_FLIPPED])


def _costs(report: Report) -> Iterator[str]:
    yield from ("### What to improve first", "")
    if not report.costs:
        yield from ("Nothing: every utterance is exactly right.", "")
        return
    yield "Exact matches lost to each intent and slot, dearest first; alone: it is the only reason, so that mending it"
    yield from ("wins them.", "")
    head = ["", "intent or slot", "example", "lost", "alone", "% of all"]
    yield from table(head, (_cost(cost, report) for cost in report.costs[:N_COSTS]), words=3)


def _cost(cost: Cost, report: Report) -> list[object]:
    example = report.examples.get(cost.example)
    shown = answer_line(example) if example else plain(cost.example)
    return [cost.kind, plain(cost.name), shown, cost.n, cost.n_alone, f"{100 * cost.share:.1f}"]


def answer_line(answer: Answer) -> str:
    """An utterance, what it means, and what was read in it, on one line."""
    meant, read = labels_line(answer.gold), labels_line(answer.predicted)
    return f"{plain(answer.gold.text)} ({plain(answer.gold.id)}). Meant: {meant}. Read: {read}"


def labels_line(utterance: Utterance) -> str:
    """Intent and slots as "alarm_set, time: five am"."""
    slots = [f"{plain(slot.name)}: {plain(utterance.slot_text(slot))}" for slot in utterance.slots]
    return ", ".join([plain(utterance.intent or "no intent"), *slots])


def _rows(title: str, kind: str, unit: str, rows: Sequence[Row]) -> Iterator[str]:
    if rows:
        yield from (f"### {title}", "")
        head = [kind, unit, "predicted", "precision", "recall", "F1", "all right", "exact match"]
        yield from table(head, ([plain(row.name), row.support, row.n_predicted, *_shares(row)] for row in rows))


def _shares(row: Row) -> list[str]:
    return [f"{100 * value:.1f}" for value in (row.precision, row.recall, row.f1, row.accuracy, row.exact_match)]


def _confusions(title: str, confusions: Sequence[Confusion]) -> Iterator[str]:
    if confusions:
        yield from (f"### {title}", "")
        rows = ([plain(c.gold), plain(c.predicted) + _borders(c), c.n] for c in confusions[:N_CONFUSIONS])
        yield from table(["meant", "read", "times"], rows, words=2)


def _borders(confusion: Confusion) -> str:
    return " (wrong borders)" if confusion.gold == confusion.predicted else ""


def _calibration(report: Report) -> Iterator[str]:
    found = report.calibration
    yield from ("### How far confidence can be trusted", "")
    yield f"Expected calibration error {100 * found.error:.1f}, Brier score {found.brier:.3f}; confidence against exact"
    yield from ("match, in bins of as many utterances each.", "")
    rows = (
        [f"{b.low:.2f} to {b.high:.2f}", b.n, *(f"{100 * x:.1f}" for x in (b.confidence, b.accuracy))]
        for b in found.bins
    )
    yield from table(["confidence", "utterances", "mean confidence", "exact match"], rows)


def _rejection(report: Report) -> Iterator[str]:
    if found := report.rejection:
        yield from ("### Rejection of what no intent covers", "")
        yield f"Below confidence {found.threshold:.3f} (chosen on dev), {in_words(found.out_rejected)} of {found.n_out:,}"
        yield f"out-of-domain utterances are refused, and {in_words(found.in_rejected)} of {found.n_in:,} in-domain ones."
        yield from (f"Area under the ROC curve {found.area_under_roc:.3f}.", "")


def _unknown_words(report: Report) -> Iterator[str]:
    if report.known_share is not None:
        yield from (f"Lexicon or paradigms have {report.known_share:.0%} of the test's words as they stand.", "")
    if report.unknown_words:
        yield from ("### Frequent words of the language's dev data that no dictionary or table explains", "")
        yield from (", ".join(f"{plain(word)} ({n})" for word, n in report.unknown_words[:N_UNKNOWN]), "")


def _core_minutes(report: Report) -> Iterator[str]:
    if report.core_minutes:
        yield from ("### Core minutes", "")
        rows = [*report.core_minutes.items(), ("together", sum(report.core_minutes.values()))]
        yield from table(["stage", "core minutes"], ([plain(stage), f"{minutes:.1f}"] for stage, minutes in rows))
