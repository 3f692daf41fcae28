"""A map of utterances: where a base puts them, with an adapter and without, drawn in two dimensions."""

import importlib.util
import json
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from lowres.catalog import Reference, dataset
from lowres.errors import LowresError
from lowres.language import language_of_locale, read_language
from lowres.registry.package import MANIFEST, read_package
from lowres.resources import PREFIX
from lowres.utterance import Utterance
from lowres.workbench.runs import is_local
from lowres.workbench.talk import adapter_file

if TYPE_CHECKING:
    from lowres.reading import Reader

MOST = 5_000  # points
MOST_NEIGHBOURS = 2_000  # points that t-SNE is asked to draw: a few seconds of one core
_MANY = 1_500  # points that are drawn small
OTHER = ""  # a group that has no colour of its own
N_COLOURS = 8
_FEW = 50  # dimensions that t-SNE starts from
# Okabe and Ito 2008, and a dark red; each also has a shape of its own
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8A7BE0", "#A6761D")
SHAPES = ("circle", "diamond", "square", "triangle-up", "cross", "x", "star", "triangle-down")
_GREY = "#8A8A8A"

Vectors = NDArray[np.floating]
Method = Literal["PCA", "t-SNE"]


# --- what may be looked at


def list_sources() -> list[Reference]:
    """Utterances on this machine: the demo's, and the dev part of every locale of MASSIVE that is here."""
    demo = [_demo("en-US", "train"), _demo("sw-KE", "test")]
    massive = (Reference(dataset="massive", locale=member.locale, partition="dev") for member in dataset("massive").files)
    return demo + [one for one in massive if is_local(one)]


def _demo(locale: str, partition: str) -> Reference:
    return Reference(path=f"{PREFIX}demo/{locale}.jsonl", format="massive", licence="CC0-1.0", locale=locale, partition=partition)


def source_name(one: Reference) -> str:
    """As in 'massive sw-KE dev'."""
    return f"{one.dataset or 'demo'} {one.locale} {one.partition}"


def sampled(sizes: Sequence[int], most: int = MOST) -> list[list[int]]:
    """Which rows of sources of so many are drawn, at most so many in all: short ones whole, of the others an equal share, evenly spread."""
    shares, left = [0] * len(sizes), most
    for done, i in enumerate(sorted(range(len(sizes)), key=lambda i: sizes[i])):
        shares[i] = min(sizes[i], left // (len(sizes) - done))
        left -= shares[i]
    return [[k * size // share for k in range(share)] for size, share in zip(sizes, shares, strict=True)]


# --- where they lie


def base_name(folder: Path) -> str:
    """The base that the adapter of a run or package belongs to, without any training."""
    if (folder / MANIFEST).is_file():
        return read_package(folder).base.spec
    place = adapter_file(folder)
    try:
        return str(json.loads(place.read_text(encoding="utf-8"))["base"])
    except (OSError, ValueError, LookupError, TypeError):
        raise LowresError(place, "names no base", "an adapter as `lowres adapt` writes it") from None


def read_bare(name: str, base_from: Path | None = None) -> "Reader":
    """The base alone, even one that knows no label."""
    from lowres.model import Labels, base_labels, read_base
    from lowres.reading import Reader

    labels = base_labels(name, base_from)
    return Reader(*read_base(name, None if labels.intents else Labels(("none",), ("O",)), folder=base_from))


def vectors_of(reader: "Reader", texts: Sequence[str]) -> Vectors:
    """The mean of every layer over each text's words, (1 + layers, texts, hidden), in half precision: they are kept in memory."""
    from lowres.probing import sentence_vectors

    return sentence_vectors(reader, texts).numpy().astype(np.float16)


def centred(vectors: Vectors, groups: Sequence[str]) -> Vectors:
    """Rows (n, hidden) less the mean of their group (Pires et al., 2019): what says the language goes, what says the meaning stays."""
    moved, names = vectors.copy(), np.array(groups)
    for name in set(groups):
        moved[names == name] -= vectors[names == name].mean(0)
    return moved


def methods(n: int) -> list[Method]:
    """Ways to draw a map of n points that are installed, and quick enough."""
    return ["PCA", *(["t-SNE"] if n <= MOST_NEIGHBOURS and importlib.util.find_spec("sklearn") else [])]


def flat(vectors: Vectors, method: Method = "PCA") -> Vectors:
    """Rows (n, hidden) in two dimensions, (n, 2)."""
    apart = vectors - vectors.mean(0)
    few = _components(apart, _FEW if method == "t-SNE" else 2)
    if method == "PCA" or len(few) < 4:
        return few[:, :2]
    from sklearn.manifold import TSNE

    # no more neighbours than there are rows
    perplexity = min(30.0, (len(few) - 1) / 3)
    return TSNE(2, perplexity=perplexity, init=few[:, :2] / max(few[:, 0].std(), 1e-9) * 1e-4, random_state=0).fit_transform(few)


def _components(apart: Vectors, n: int) -> Vectors:
    """The n directions in which rows differ most, as coordinates (rows, n); the sign of each is fixed."""
    _, directions = np.linalg.eigh(apart.T @ apart)
    chosen = directions[:, ::-1][:, :n]
    chosen = chosen * np.where(chosen.sum(0) < 0, -1, 1)
    placed = apart @ chosen
    return np.pad(placed, ((0, 0), (0, max(0, n - placed.shape[1]))))


def nearest_of(vectors: Vectors, rows: Sequence[int], among: Sequence[int]) -> list[int]:
    """For each of `rows` the number of the nearest vector, by cosine, among others."""
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return np.array(among)[(unit[list(rows)] @ unit[list(among)].T).argmax(1)].tolist()


def same_intent(vectors: Vectors, points: Sequence[Utterance]) -> dict[str, float]:
    """Locale -> the share of its utterances whose nearest one in the first locale has their intent; of all locales but the first."""
    rows: dict[str, list[int]] = {}
    for i, one in enumerate(points):
        rows.setdefault(one.locale, []).append(i)
    pivot, *others = rows
    found = {}
    for name in others:
        near = nearest_of(vectors, rows[name], rows[pivot])
        found[name] = sum(points[i].intent == points[k].intent for i, k in zip(rows[name], near, strict=True)) / len(near)
    return found


# --- how it is drawn


def groups_of(points: Sequence[Utterance], by: Literal["intent", "language"], chosen: Sequence[str] = ()) -> list[str]:
    """The group of each point: its locale, or its intent where that is among the chosen (else the most frequent) ones."""
    if by == "language":
        return [one.locale for one in points]
    ranked = [name for name, _ in Counter(one.intent or "" for one in points).most_common(N_COLOURS)]
    named = set(chosen or ranked)
    return [one.intent or "" if (one.intent or "") in named else OTHER for one in points]


def figure(places: Vectors, points: Sequence[Utterance], groups: Sequence[str], others: str, filled: str = "") -> Any:
    """A plotly figure of WebGL points: a trace for each group, the grey `others` below; customdata is the number of the point.

    Where `filled` names a locale, the shapes of all other locales are open.
    """
    import plotly.graph_objects as go

    order = [name for name, _ in Counter(groups).most_common() if name != OTHER]
    plot = go.Figure()
    for name in [*([OTHER] if OTHER in groups else []), *order]:
        index = [i for i, group in enumerate(groups) if group == name]
        is_open = [bool(filled) and points[i].locale != filled for i in index]
        size = 5 if len(points) > _MANY else 8
        marker = {"size": 5, "color": _GREY, "opacity": 0.35} if name == OTHER else _marker(order.index(name), is_open, size)
        plot.add_trace(
            go.Scattergl(
                x=places[index, 0], y=places[index, 1], mode="markers", name=name or others, marker=marker, customdata=index,
                text=[_hover(points[i]) for i in index], hoverinfo="text",
            )
        )  # fmt: skip
    axis = {"showticklabels": False, "zeroline": False, "title": None, "showgrid": False}
    legend = {"orientation": "h", "y": -0.02, "yanchor": "top", "x": 0, "itemsizing": "constant"}
    margin = {"l": 0, "r": 0, "t": 10, "b": 0}
    plot.update_layout(height=560, margin=margin, xaxis=axis, yaxis=axis, legend=legend, dragmode="pan", hovermode="closest")
    return plot


def _marker(k: int, is_open: Sequence[bool], size: int) -> dict[str, Any]:
    shape = SHAPES[k % len(SHAPES)]
    symbols = [f"{shape}-open" if one else shape for one in is_open]
    colour = COLOURS[k % len(COLOURS)]
    line = {"width": 1.5 if any(is_open) else 0, "color": colour}
    return {"size": size, "color": colour, "symbol": symbols, "opacity": 0.85, "line": line}


def _hover(point: Utterance) -> str:
    text = point.text if len(point.text) <= 80 else point.text[:80] + "…"
    return f"{_plain(text)}<br>{_plain(point.intent or '')} {_plain(point.locale)}"


def _plain(text: str) -> str:
    """Plotly reads a few tags of HTML in what it shows."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def picked(event: Any, n: int) -> list[int]:
    """Numbers of the points that were clicked, of a map of n."""
    rows = event["selection"]["points"] if event else []
    found = (row.get("customdata") for row in rows)
    numbers = (one[0] if isinstance(one, list | tuple) and one else one for one in found)
    return [int(one) for one in numbers if isinstance(one, int | float) and 0 <= one < n]


@cache
def direction_of(locale: str) -> str:
    """'rtl' or 'ltr' by the language's card, 'auto' where it has none."""
    try:
        return read_language(language_of_locale(locale)).direction
    except LowresError:
        return "auto"
