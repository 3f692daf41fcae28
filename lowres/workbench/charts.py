"""Charts as Vega-Lite 5 specifications: plain values, drawn by whatever page shows them."""

from collections.abc import Iterator
from typing import Any

from lowres.evaluation import SCORES, Report

# Okabe and Ito 2008: told apart with any colour vision.
_COLOURS = {"adapter": "#0072B2", "base": "#999999", "gloss": "#E69F00", "word for word": "#009E73"}
_OTHERS = ("#CC79A7", "#56B4E9", "#D55E00")


def scores_chart(report: Report) -> dict[str, Any]:
    """Bars of every system by score, each with its 95 % interval and its figure; percent."""
    rows = list(_rows(report))
    systems = list(dict.fromkeys(row["system"] for row in rows))
    colours = [_COLOURS.get(name) or _OTHERS[i % len(_OTHERS)] for i, name in enumerate(systems)]
    y = {"field": "score", "type": "nominal", "sort": list(SCORES.values()), "title": None, "axis": {"labelLimit": 200, "ticks": False, "domain": False}}
    offset = {"field": "system", "type": "nominal", "sort": systems}
    tooltip = [{"field": "system"}, {"field": "score"}, *({"field": name, "format": ".1f"} for name in ("value", "low", "high"))]
    colour = {"field": "system", "type": "nominal", "scale": {"domain": systems, "range": colours}, "legend": {"title": None, "orient": "top", "labelLimit": 300}}
    x = {"type": "quantitative", "scale": {"domain": [0, 100]}, "title": "percent; lines: 95 % intervals", "axis": {"values": list(range(0, 101, 20))}}
    # all three are bars with a size of their own: other marks miss the middle of a bar
    bar = {"mark": {"type": "bar", "size": 13}, "encoding": {"x": x | {"field": "value"}, "color": colour}}
    halo, line = (
        {"mark": {"type": "bar", "size": width, "color": ink}, "encoding": {"x": x | {"field": "low"}, "x2": {"field": "high"}}}
        for width, ink in ((4, "white"), (2, "#222222"))
    )
    figure = {
        "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 12},
        "encoding": {"x": x | {"field": "high"}, "text": {"field": "value", "type": "quantitative", "format": ".1f"}},
    }
    return {
        "data": {"values": rows}, "height": {"step": 19}, "layer": [bar, halo, line, figure],
        "encoding": {"y": y, "yOffset": offset, "tooltip": tooltip}, "config": {"view": {"stroke": None}},
    }  # fmt: skip


def _rows(report: Report) -> Iterator[dict[str, Any]]:
    for system, scores in report.systems.items():
        for field, title in SCORES.items():
            one = getattr(scores, field)
            figures = {"value": 100 * one.value, "low": 100 * one.low, "high": 100 * one.high}
            yield {"system": system.replace("_", " "), "score": title, **figures}


def describe_scores(report: Report) -> str:
    """The chart in words, for those who cannot see it."""
    said = (f"{row['system']} {row['score']} {row['value']:.1f} ({row['low']:.1f} to {row['high']:.1f})" for row in _rows(report))
    return "Scores in percent: " + ", ".join(said)
