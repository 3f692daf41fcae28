"""Finished runs as the Markdown tables of the README.

    python benchmarks/table.py runs/*

First one row per test set: the adapter's three scores, what it gains over the best control in exact match (paired), how
much of the source locale it loses, core minutes. Then per test set all systems with 95 % intervals, the paired
difference to the best control, and the signature that makes the figures citable. Reads evaluate/report.json only.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from lowres.errors import LowresError
from lowres.evaluation import SCORES, Report, is_clear, read_reports
from lowres.evaluation.markdown import difference, each_score, in_words, percent, plain, table

ADAPTER = "adapter"
CONTROLS = ("base", "gloss", "word_for_word")


def title(report: Report) -> str:
    return f"{report.name} on {report.dataset} {report.locale} {report.partition}"


def summary(reports: Sequence[Report]) -> Iterator[str]:
    """One row per test set."""
    head = ["test set", *SCORES.values(), *(f"{plain(name)}: exact match" for name in CONTROLS)]
    head += ["exact match over the best control", "skyline: exact match", "of the way closed",
             "source utterances lost", "core minutes"]  # fmt: skip
    yield from table(head, [summary_row(report) for report in reports])


def summary_row(report: Report) -> list[str]:
    control = report.best_control
    gain = report.differences[control].exact_match if control else None
    lost = percent(report.source.negative) if report.source else "not measured"
    *others, exact_match = each_score(report.systems[ADAPTER])
    scores = [*(f"{100 * one.value:.1f}" for one in others), percent(exact_match)]
    over = f"{difference(gain)}, {plain(control)}" if gain else "no control"
    exact = [f"{100 * report.systems[name].exact_match.value:.1f}" if name in report.systems else "–" for name in CONTROLS]
    return [plain(title(report)), *scores, *exact, over, *ceiling(report), lost, f"{sum(report.core_minutes.values()):.1f}"]


def ceiling(report: Report) -> list[str]:
    """The skyline's exact match and the share of the way to it, from the best control, that the adapter has come."""
    best = f"{100 * report.skyline.exact_match.value:.1f}" if report.skyline else "–"
    return [best, f"{report.closed:.0%}" if report.closed is not None else "–"]


def details(report: Report) -> Iterator[str]:
    """Systems, difference to the best control, source flips, core minutes and signature of one test set."""
    yield from (f"### {plain(title(report))}", "")
    rows = [[plain(name), *map(percent, each_score(scores))] for name, scores in report.shown.items()]
    control = report.best_control
    if control:
        rows.append([f"adapter minus {plain(control)}", *map(difference, each_score(report.differences[control]))])
    yield from table([f"{report.n:,} utterances", *SCORES.values()], rows)
    for name, why in report.missing.items():
        yield from (f"{plain(name)} was not run: {plain(why)}.", "")
    if report.source:
        flips = report.source
        lost, won = in_words(flips.negative), in_words(flips.positive)
        yield from (f"{plain(report.source_locale)} with the adapter active: {lost} of {flips.n:,} lost, {won} won.", "")
    minutes = ", ".join(f"{plain(stage)} {spent:.1f}" for stage, spent in report.core_minutes.items())
    yield from (f"Core minutes: {minutes}." if minutes else "Core minutes: not known.", "")
    yield from (f"`{report.signature}`", "")


def beaten(reports: Sequence[Report]) -> str:
    """How many adapters beat every control in exact match by more than the interval."""
    clear = [all(is_clear(d.exact_match) and d.exact_match.value > 0 for d in one.differences.values()) for one in reports]
    return f"{sum(clear)} of {len(reports)} adapters are above each of their controls in exact match by more than the interval."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", type=Path, help="run folders; those without an evaluation are named and left out")
    options = parser.parse_args()
    found = {run: run / "evaluate" / "report.json" for run in options.runs}
    try:
        reports = [report for path in found.values() if path.is_file() for report in read_reports(path)]
    except LowresError as error:
        raise SystemExit(str(error)) from None
    for run in (run for run, path in found.items() if not path.is_file()):
        print(f"{run}: no evaluation yet\n")
    if not reports:
        raise SystemExit("no finished run: lowres run RECIPE makes one")
    print("\n".join([*summary(reports), beaten(reports), "", *(line for one in reports for line in details(one))]).rstrip())


if __name__ == "__main__":
    main()
