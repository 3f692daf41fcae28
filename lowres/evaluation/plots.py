"""report.png: scores of every system with their intervals, and a reliability diagram."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lowres.evaluation.confidence import Calibration
from lowres.evaluation.report import Report
from lowres.evaluation.scores import SCORES, Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito 2008: told apart with any colour vision, and in grey.
_ADAPTER, _CONTROL, _INK, _FAINT = "#0072B2", "#B8BEC6", "#22272E", "#D5D9DE"
_ORANGE = "#D55E00"
_GAP = 1.4  # between groups, in bars
_TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1]
_PERCENT = ["0", "20", "40", "60", "80", "100 %"]
_STYLE = {"text.parse_math": False, "font.size": 9.5, "text.color": _INK, "axes.labelcolor": _INK}
_STYLE |= {"xtick.color": _INK, "ytick.color": _INK, "font.family": "DejaVu Sans", "axes.unicode_minus": False}


def plot_systems(reports: Sequence[Report], path: Path) -> None:
    """Write a PNG with a row per test set; the plot holds ASCII only, so that no script lacks a font."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(_STYLE):
        heights = [1.3 + 0.26 * len(SCORES) * (len(report.shown) + _GAP) for report in reports]
        figure = Figure(figsize=(10.5, sum(heights)), layout="constrained")
        figure.get_layout_engine().set(w_pad=0.12, h_pad=0.12)
        grid = figure.subplots(len(reports), 2, squeeze=False, width_ratios=(1.9, 1), height_ratios=heights)
        for report, (bars, reliability) in zip(reports, grid, strict=True):
            _plot_scores(bars, report)
            _plot_reliability(reliability, report.calibration)
        figure.savefig(path, format="png", dpi=150, metadata={"Software": None})


def _ascii(text: str) -> str:
    return text.encode("ascii", "replace").decode()


def _plot_scores(axes: "Axes", report: Report) -> None:
    """Bars grouped by score, each labelled at its side and with its figure."""
    ticks, position = [], 0.0
    for score, title in SCORES.items():
        axes.text(0, position - 0.85, title, fontweight="bold", va="center")
        for system, scores in report.shown.items():
            _bar(axes, position, getattr(scores, score), _ADAPTER if system == "adapter" else _CONTROL)
            ticks.append((position, system))
            position += 1
        position += _GAP
    axes.set_yticks([y for y, _ in ticks], [_ascii(name).replace("_", " ") for _, name in ticks])
    axes.set_ylim(position - _GAP - 0.3, -1.5)  # the first group on top
    axes.set_xlim(0, 1.08)
    axes.set_xticks(_TICKS, _PERCENT)
    axes.set_xlabel("lines: 95 % intervals")
    axes.tick_params(axis="y", length=0)
    _bare(axes, "left", "bottom")
    axes.xaxis.grid(True, color=_FAINT, linewidth=0.7)
    axes.set_axisbelow(True)
    title = f"{report.dataset} {report.locale} {report.partition}, {report.n:,} utterances"
    axes.set_title(_ascii(title), loc="left", fontsize=11, pad=8)


def _bar(axes: "Axes", y: float, interval: Interval, colour: str) -> None:
    axes.barh(y, interval.value, height=0.78, color=colour)
    for width, ink in ((3.6, "white"), (1.4, _INK)):  # the halo keeps it visible on the bar
        axes.plot([interval.low, interval.high], [y, y], color=ink, linewidth=width, solid_capstyle="butt")
    weight = "bold" if colour == _ADAPTER else "normal"
    right = max(interval.value, interval.high)
    axes.text(right + 0.012, y, f"{100 * interval.value:.1f}", va="center", fontweight=weight)


def _plot_reliability(axes: "Axes", calibration: Calibration) -> None:
    """Exact match against confidence; on the diagonal, confidence means what it says."""
    sure = [b.confidence for b in calibration.bins]
    right = [b.accuracy for b in calibration.bins]
    axes.plot([0, 1], [0, 1], color=_INK, linewidth=1, linestyle=(0, (4, 3)))
    axes.fill_between(sure, right, sure, color=_ORANGE, alpha=0.15, linewidth=0)
    axes.plot(sure, right, color=_ORANGE, marker="o", markersize=4.5, linewidth=1.6)
    axes.text(0.97, 0.05, "below the line:\ntoo sure", transform=axes.transAxes, ha="right", fontsize=8.5)
    axes.set(xlim=(0, 1.03), ylim=(0, 1.03))
    axes.set_xticks(_TICKS, _PERCENT)
    axes.set_yticks(_TICKS, _PERCENT)
    axes.set_xlabel("adapter's confidence")
    axes.set_ylabel("exact match")
    axes.set_box_aspect(1)
    axes.set_anchor("N")
    axes.grid(True, color=_FAINT, linewidth=0.7)
    axes.set_axisbelow(True)
    _bare(axes)
    axes.set_title(f"calibration error {100 * calibration.error:.1f}", loc="left", fontsize=11, pad=8)


def _bare(axes: "Axes", *also: str) -> None:
    for side in ("top", "right", *also):
        axes.spines[side].set_visible(False)
