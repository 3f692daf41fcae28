"""The evaluate folder: report.json for machines, report.md and report.png for people."""

import json
from collections.abc import Sequence
from pathlib import Path

from lowres import __version__
from lowres.errors import LowresError
from lowres.evaluation.markdown import render_reports
from lowres.evaluation.plots import plot_systems
from lowres.evaluation.report import Report, format_report, parse_report

PLOT = "report.png"


def write_reports(folder: Path, reports: Sequence[Report]) -> None:
    """Write report.json, report.md and report.png into an existing folder."""
    if not reports:
        raise LowresError(folder, "no report", "at least one")
    record = {"version": __version__, "reports": [format_report(report) for report in reports]}
    text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    (folder / "report.json").write_text(text, encoding="utf-8", newline="\n")
    plot_systems(reports, folder / PLOT)
    (folder / "report.md").write_text(render_reports(reports, plot=PLOT), encoding="utf-8", newline="\n")


def read_reports(path: Path) -> list[Report]:
    """The reports of a report.json."""
    allowed = "report.json, as `lowres evaluate` writes it"
    try:
        record = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise LowresError(path, error.strerror or str(error), allowed) from None
    except (ValueError, RecursionError) as error:
        raise LowresError(path, f"not JSON ({error})", allowed) from None
    if not isinstance(record, dict) or not isinstance(record.get("reports"), list):
        raise LowresError(path, "no list 'reports'", allowed)
    return [parse_report(one, f"{path}: reports[{i}]") for i, one in enumerate(record["reports"])]
