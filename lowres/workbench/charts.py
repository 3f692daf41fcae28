"""Charts as Vega-Lite 5 specifications: plain values, drawn by whatever page shows them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lowres.evaluation import SCORES, Report

# Okabe and Ito 2008: told apart with any colour vision.
_COLOURS = {"adapter": "#0072B2", "base": "#999999", "gloss": "#E69F00", "word for word": "#009E73"}
_OTHERS = ("#CC79A7", "#56B4E9", "#D55E00")
_INK = "#7d7d7d"  # a grey that reads on a light page and on a dark one


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


_AXIS = {"labelLimit": 200, "ticks": False, "domain": False, "labelFlush": False}
_PERCENT = {
    "type": "quantitative",
    "scale": {"domain": [0, 100]},
    "title": "percent; lines: 95 % intervals",
    "axis": {"values": list(range(0, 101, 20))},
}


def _bars(systems: list[str]) -> dict[str, Any]:
    colours = [_COLOURS.get(name) or _OTHERS[i % len(_OTHERS)] for i, name in enumerate(systems)]
    legend = {"title": None, "orient": "top", "labelLimit": 300, "columns": 3}
    colour = {"field": "system", "type": "nominal", "scale": {"domain": systems, "range": colours}, "legend": legend}
    return {"mark": {"type": "bar", "size": 13}, "encoding": {"x": _PERCENT | {"field": "value"}, "color": colour}}


def _intervals(width: int, ink: str) -> dict[str, Any]:
    """Bars too, with a size of their own: other marks miss the middle of a bar."""
    ends = {"x": _PERCENT | {"field": "low"}, "x2": {"field": "high"}}
    return {"mark": {"type": "bar", "size": width, "color": ink}, "encoding": ends}


def _figures() -> dict[str, Any]:
    text = {"field": "value", "type": "quantitative", "format": ".1f"}
    mark = {"type": "text", "align": "left", "dx": 5, "fontSize": 12, "color": _INK}
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


# --- languages and adapters

_OWN, _CONTROL = _COLOURS["adapter"], _COLOURS["gloss"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A bar with its interval, in percent; `control` is what it is compared with, None where nothing is."""

    name: str
    value: float
    low: float
    high: float
    control: float | None = None
    series: str = ""


def measured_chart(rows: Sequence[Measured], control: str) -> dict[str, Any]:
    """A bar for each row with its interval and its figure, and a tick where its control stands; percent, in the order given."""
    values = [{"name": row.name, "value": row.value, "low": row.low, "high": row.high, "control": row.control} for row in rows]
    y = {"field": "name", "type": "nominal", "sort": [row.name for row in rows], "title": None, "axis": _AXIS | {"labelLimit": 170}}
    x = _PERCENT | {"title": None}
    tick = {"mark": {"type": "tick", "color": _CONTROL, "thickness": 4, "size": 20}, "encoding": {"x": x | {"field": "control"}}}
    bars = {"mark": {"type": "bar", "size": 15, "color": _OWN}, "encoding": {"x": x | {"field": "value"}}}
    tooltip = [{"field": "name"}, *({"field": one, "format": ".1f"} for one in ("value", "low", "high"))]
    tooltip.append({"field": "control", "format": ".1f", "title": control})
    ticks = [tick] if any(row.control is not None for row in rows) else []  # marks of nothing have no name for a screen reader
    layers = [bars, _between(x, 4, "white"), _between(x, 2, "#222222"), *ticks, _figures_at(x)]
    return {
        "data": {"values": values},
        "height": {"step": 30},
        "encoding": {"y": y, "tooltip": tooltip},
        "layer": layers,
        "config": {"view": {"stroke": None}},
    }


def _between(x: dict[str, Any], width: int, ink: str) -> dict[str, Any]:
    return {"mark": {"type": "bar", "size": width, "color": ink}, "encoding": {"x": x | {"field": "low"}, "x2": {"field": "high"}}}


def _figures_at(x: dict[str, Any], text: str = "value", field: str = "high", shape: str = ".1f") -> dict[str, Any]:
    mark = {"type": "text", "align": "left", "dx": 6, "fontSize": 12, "color": _INK}
    return {"mark": mark, "encoding": {"x": x | {"field": field}, "text": {"field": text, "type": "quantitative", "format": shape}}}


def describe_measured(rows: Sequence[Measured], title: str, control: str) -> str:
    """The chart in words."""
    beside = [f", {control} {row.control:.1f}" if row.control is not None else "" for row in rows]
    said = (f"{row.name} {row.value:.1f} ({row.low:.1f} to {row.high:.1f}){more}" for row, more in zip(rows, beside, strict=True))
    return f"{title}: " + "; ".join(said)


def counts_chart(rows: Sequence[tuple[str, float]], *, shape: str = ",d", most: float | None = None) -> dict[str, Any]:
    """A bar for each name with its figure, in the order given; `most` ends the axis."""
    names = [name for name, _ in rows]
    y = {"field": "name", "type": "nominal", "sort": names, "title": None, "axis": _AXIS | {"labelLimit": 190}}
    scale = {"domainMax": most} if most is not None else {}
    x = {"type": "quantitative", "title": None, "scale": scale, "axis": {"tickCount": 4, "tickMinStep": 1, "format": "~s"}}
    bars = {"mark": {"type": "bar", "size": 13, "color": _OWN}, "encoding": {"x": x | {"field": "n"}}}
    return {
        "data": {"values": [{"name": name, "n": n} for name, n in rows]},
        "height": {"step": 20},
        "encoding": {"y": y, "tooltip": [{"field": "name"}, {"field": "n", "format": shape}]},
        "layer": [bars, _figures_at(x, "n", "n", shape)],
        "config": {"view": {"stroke": None}},
    }


def describe_counts(rows: Sequence[tuple[str, float]], title: str, shape: str = ",d") -> str:
    """The chart in words."""
    return f"{title}: " + ", ".join(f"{name} {n:{shape}}" for name, n in rows)


def versions_chart(rows: Sequence[Measured]) -> dict[str, Any]:
    """Points of each series over the names in the order given, each with its interval; percent."""
    values = [{"version": row.name, "value": row.value, "low": row.low, "high": row.high, "series": row.series} for row in rows]
    series = list(dict.fromkeys(row.series for row in rows))
    order = list(dict.fromkeys(row.name for row in rows))
    x = {"field": "version", "type": "ordinal", "sort": order, "title": None, "axis": {"labelAngle": 0}}
    y = {"type": "quantitative", "title": None, "scale": {"domain": [0, 100]}}
    tooltip = [{"field": "version"}, {"field": "series"}, *({"field": one, "format": ".1f"} for one in ("value", "low", "high"))]
    shared = {"x": x, "xOffset": {"field": "series", "sort": series}, "color": _series_colours(series), "tooltip": tooltip}
    shape = {"field": "series", "sort": series, "legend": None}
    rules = {"mark": {"type": "rule", "strokeWidth": 2}, "encoding": shared | {"y": y | {"field": "low"}, "y2": {"field": "high"}}}
    points = {
        "mark": {"type": "point", "filled": True, "size": 70},
        "encoding": shared | {"y": y | {"field": "value"}, "shape": shape},
    }
    return {"data": {"values": values}, "height": 340, "layer": [rules, points], "config": {"view": {"stroke": None}}}


def _series_colours(series: Sequence[str]) -> dict[str, Any]:
    palette = [_OWN, _CONTROL, *_OTHERS, "#009E73"]
    scale = {"domain": list(series), "range": [palette[i % len(palette)] for i in range(len(series))]}
    legend = {"title": None, "orient": "top", "labelLimit": 300, "columns": 1}
    return {"field": "series", "type": "nominal", "sort": list(series), "legend": legend, "scale": scale}


def describe_versions(rows: Sequence[Measured], title: str) -> str:
    """The chart in words."""
    said = (f"{row.name}, {row.series}: {row.value:.1f} ({row.low:.1f} to {row.high:.1f})" for row in rows)
    return f"{title}: " + "; ".join(said)
