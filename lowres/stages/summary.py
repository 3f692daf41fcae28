"""What a finished run prints: the scores beside the controls, three glossed pairs, and what to improve first."""

import json
from pathlib import Path

from lowres.evaluation import read_reports
from lowres.interlinear import glossed
from lowres.stages.data import PAIRS
from lowres.synthesis import Kept, parse_kept

N_PAIRS = 3


def print_summary(folder: Path) -> None:
    """Print the summary of the run in `folder`."""
    from rich.console import Console

    console = Console(highlight=False, markup=False)  # words may hold brackets
    for kept in example_pairs(folder / "synthesize" / PAIRS):
        console.print("\n".join(glossed(kept, console.width)), "", soft_wrap=True)
    found = folder / "evaluate" / "report.json"
    for report in read_reports(found) if found.is_file() else ():
        console.print(_scores(report), _advice(folder, report), "")
    console.print(f"report: {folder / 'evaluate' / 'report.md'}", soft_wrap=True)


def example_pairs(path: Path, n: int = N_PAIRS) -> list[Kept]:
    """`n` pairs spread over the file, of four to nine words with a slot, well covered."""
    with open(path, encoding="utf-8") as lines:
        kept = [parse_kept(json.loads(line)) for line in lines]
    good = [one for one in kept if 4 <= len(one.words) <= 9 and one.utterance.slots and one.coverage >= 0.9] or kept
    return good[len(good) // (2 * n) :: max(1, len(good) // n)][:n]


def _scores(report):
    from rich.table import Table

    title = f"{report.dataset}/{report.locale}/{report.partition}, {report.n} test utterances (95 % intervals)"
    table = Table(title=title, title_justify="left")
    table.add_column("system")
    for name in ("intent", "slot F1", "exact match"):
        table.add_column(name, justify="right")
    for name, scores in report.shown.items():
        figures = (scores.intent_accuracy, scores.slot_f1, scores.exact_match)
        cells = [f"{100 * one.value:.1f} ({100 * one.low:.1f}–{100 * one.high:.1f})" for one in figures]
        table.add_row(name.replace("_", " "), *cells, style="bold" if name == "adapter" else "")
    return table


def _advice(folder: Path, report) -> str:
    counts = json.loads((folder / "synthesize" / "report.json").read_text(encoding="utf-8"))
    lines = [f"{counts['n_pairs']} pairs, {counts['coverage']:.0%} of their words rendered; "
             f"core-minutes: {sum(report.core_minutes.values()):.1f}"]  # fmt: skip
    if report.closed is not None:
        lines.append(f"exact match: {report.closed:.0%} of the way from {report.best_control} to the skyline")
    if report.source:
        lines.append(f"{report.source_locale} with the adapter active: {100 * report.source.negative.value:.1f} % negative flips")
    lines.append("words the lexicon misses most: " + ", ".join(f"{one['word']} {one['count']}" for one in counts["misses"][:8]))
    if report.known_share is not None:
        lines.append(f"words of the test that lexicon or paradigms have: {report.known_share:.0%}")
    if report.unknown_words:
        lines.append("words people say that nothing explains: " + ", ".join(f"{word} {n}" for word, n in report.unknown_words[:8]))
    lines.append("dearest errors: " + ", ".join(f"{one.kind} {one.name} {one.n}" for one in report.costs[:6]))
    return "\n".join(lines)
