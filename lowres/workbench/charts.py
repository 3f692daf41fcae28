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
    y = {"field": "score", "type": "nominal", "sort": list(SCORES.values()), "title": None}
    offset = {"field": "system", "type": "nominal", "sort": systems}
    figures = ({"field": name, "format": ".1f"} for name in ("value", "low", "high"))
    tooltip = [{"field": "system"}, {"field": "score"}, *figures]
    return {
        "data": {"values": rows},
        "height": {"step": 19},
        "encoding": {"y": y | {"axis": _AXIS}, "yOffset": offset, "tooltip": tooltip},
        "layer": [_bars(systems), _intervals(4, "white"), _intervals(2, "#222222"), _figures()],
        "config": {"view": {"stroke": None}},
    }


_AXIS = {"labelLimit": 200, "ticks": False, "domain": False}
_PERCENT = {
    "type": "quantitative",
    "scale": {"domain": [0, 100]},
    "title": "percent; lines: 95 % intervals",
    "axis": {"values": list(range(0, 101, 20))},
}


def _bars(systems: list[str]) -> dict[str, Any]:
    colours = [_COLOURS.get(name) or _OTHERS[i % len(_OTHERS)] for i, name in enumerate(systems)]
    legend = {"title": None, "orient": "top", "labelLimit": 300}
    colour = {"field": "system", "type": "nominal", "scale": {"domain": systems, "range": colours}, "legend": legend}
    return {"mark": {"type": "bar", "size": 13}, "encoding": {"x": _PERCENT | {"field": "value"}, "color": colour}}


def _intervals(width: int, ink: str) -> dict[str, Any]:
    """Bars too, with a size of their own: other marks miss the middle of a bar."""
    ends = {"x": _PERCENT | {"field": "low"}, "x2": {"field": "high"}}
    return {"mark": {"type": "bar", "size": width, "color": ink}, "encoding": ends}


def _figures() -> dict[str, Any]:
    text = {"field": "value", "type": "quantitative", "format": ".1f"}
    # a grey that reads on a light page and on a dark one
    mark = {"type": "text", "align": "left", "dx": 5, "fontSize": 12, "color": "#767676"}
    return {"mark": mark, "encoding": {"x": _PERCENT | {"field": "high"}, "text": text}}


def _rows(report: Report) -> Iterator[dict[str, Any]]:
    for system, scores in report.shown.items():
        for field, title in SCORES.items():
            one = getattr(scores, field)
            figures = {"value": 100 * one.value, "low": 100 * one.low, "high": 100 * one.high}
            yield {"system": system.replace("_", " "), "score": title, **figures}


def describe_scores(report: Report) -> str:
    """The chart in words, for those who cannot see it."""
    said = (
        f"{row['system']} {row['score']} {row['value']:.1f} ({row['low']:.1f} to {row['high']:.1f})"
        for row in _rows(report)
    )
    return "Scores in percent: " + ", ".join(said)
