"""Map: utterances of several languages where the base puts them, with an adapter and without; click to read."""

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import streamlit as st

from lowres.catalog import Reference
from lowres.sources import read_utterances
from lowres.utterance import Utterance
from lowres.workbench.loaded import base_reader_of, reader_of
from lowres.workbench.map import (
    MOST,
    MOST_NEIGHBOURS,
    Method,
    Vectors,
    base_name,
    centred,
    direction_of,
    figure,
    flat,
    groups_of,
    list_sources,
    methods,
    nearest_of,
    picked,
    read_bare,
    same_intent,
    sampled,
    source_name,
    vectors_of,
)
from lowres.workbench.markup import STYLE, safe, spans
from lowres.workbench.page import friendly
from lowres.workbench.runs import changed_at
from lowres.workbench.serve import RUNS
from lowres.workbench.tables import TABLE_STYLE, Cell, Number, Text, html_table
from lowres.workbench.talk import Choice, adapter_file, base_from, brought, first_choice, list_choices, title_of
from lowres.workbench.wording import _

if TYPE_CHECKING:
    from lowres.reading import Reader

ROWS, READ = 50, 30  # of a page of the table; of what was clicked
Side = Literal["adapter", "base"]
Look = tuple[int, bool, Method]  # layer, centred, how


# --- what takes time, once per process


@st.cache_resource(max_entries=2, show_spinner=False)
def bare_reader(name: str, place: Path | None) -> "Reader":
    return read_bare(name, place)


def reader_for(choice: Choice, side: Side) -> "Reader":
    """The ones that Talk holds in memory, too, but for a run's base: there Talk asks what the control trained."""
    folder = brought(choice).folder
    assert folder is not None
    if side == "adapter":
        return reader_of(folder)
    return base_reader_of(folder) if choice.version else bare_reader(base_name(folder), base_from(folder))


@st.cache_resource(max_entries=32, show_spinner=False)
def utterances_of(source: Reference) -> list[Utterance]:
    return read_utterances(source, Path())


@st.cache_resource(max_entries=16, show_spinner=False)
def layers_of(source: Reference, choice: Choice, changed: int, side: Side) -> Vectors:
    return vectors_of(reader_for(choice, side), [one.text for one in utterances_of(source)])


@st.cache_resource(max_entries=16, show_spinner=False)
def layout_of(key: tuple, side: Side, look: Look, _vectors: Vectors) -> Vectors:
    return flat(_vectors, look[2])


# --- what is asked


def choose_points() -> dict[Reference, list[int]]:
    """The sources, and which utterances of each are drawn."""
    sources = {source_name(one): one for one in list_sources()}
    chosen = [sources[name] for name in st.multiselect(_("Utterances"), list(sources), default=list(sources)[:2], key="sources")]
    if not chosen:
        st.info(_("Choose at least one set of utterances."))
        st.stop()
    sizes = [len(utterances_of(one)) for one in chosen]
    if sum(sizes) > MOST:
        st.caption(_("{n} of {total} are drawn: of each set an equal share.", n=f"{MOST:,}", total=f"{sum(sizes):,}"))
    return dict(zip(chosen, sampled(sizes), strict=True))


def choose_adapter() -> Choice:
    choices = {title_of(one): one for one in list_choices(Path(os.environ.get(RUNS, "runs")))}
    first = first_choice(list(choices.values()), st.session_state.get("chosen run"))
    if first is None:
        st.info(_("There is no adapter on this machine."))
        st.stop()
    return choices[st.selectbox(_("Adapter"), list(choices), index=list(choices).index(title_of(first)), key="looked through")]


def choose_sides() -> list[Side]:
    shown: dict[str, list[Side]] = {
        _("both"): ["adapter", "base"], _("with the adapter"): ["adapter"], _("the base alone"): ["base"],
    }  # fmt: skip
    return shown[st.radio(_("Show"), list(shown), horizontal=True, key="sides")]


def choose_look(n_layers: int, n_points: int) -> Look:
    left, middle, right = st.columns(3)
    layer = left.select_slider(_("Layer"), range(n_layers), value=n_layers - 1, key=f"layer of {n_layers}", help=_("0: the embeddings"))
    help_ = _("t-SNE shows groups better, takes longer, and is for {n} points at most.", n=f"{MOST_NEIGHBOURS:,}")
    how = middle.radio(_("Drawn by"), methods(n_points), horizontal=True, key="method", help=help_)
    centre = right.toggle(_("Each language around its own middle"), value=True, key="centred")
    return layer, centre, how


def choose_groups(points: Sequence[Utterance]) -> tuple[list[str], str]:
    """The group of each point, and the locale whose shapes are filled while the others' are open; '' where all are filled."""
    left, right = st.columns([1, 2])
    ways = {_("intent"): "intent", _("language"): "language"}
    by = ways[left.radio(_("Coloured by"), list(ways), horizontal=True, key="by")]
    if by == "language":
        return groups_of(points, "language"), ""
    ranked = [name for name, _n in Counter(one.intent or "" for one in points).most_common() if name]
    chosen = right.multiselect(_("Intents with a colour"), ranked, key="intents", max_selections=8, placeholder=_("the most frequent ones"))
    pivot = points[0].locale
    if any(one.locale != pivot for one in points):
        st.caption(_("Filled: {locale}; open: every other language.", locale=pivot))
    return groups_of(points, "intent", chosen), pivot


# --- what is shown


def one_map(side: Side, places: Vectors, points: Sequence[Utterance], groups: Sequence[str], filled: str, said: str) -> list[int]:
    titles = {"adapter": _("With the adapter"), "base": _("The base alone")}
    st.markdown(f"**{titles[side]}**")
    plot = figure(places, points, groups, _("other intents"), filled)
    config = {"displaylogo": False, "scrollZoom": True}
    event = st.plotly_chart(plot, on_select="rerun", key=f"map {side}", config=config, alt=f"{titles[side]}: {said}")
    return picked(event, len(points))


def in_words(points: Sequence[Utterance], groups: Sequence[str]) -> str:
    counts = ", ".join(f"{name or _('other intents')} {n}" for name, n in Counter(groups).most_common())
    return _("a map of {n} utterances: {counts}. The table below says the same.", n=f"{len(points):,}", counts=counts)


def neighbours(found: dict[Side, dict[str, float]], pivot: str) -> None:
    """How well the languages lie on each other, in figures."""
    titles = {"adapter": _("with the adapter"), "base": _("the base alone")}
    locales = next(iter(found.values()))
    if not locales:
        return
    rows = [[name, *(Number(f"{100 * shares[name]:.1f}") for shares in found.values())] for name in locales]
    caption = _("Utterances whose nearest one in {pivot} has the same intent, in percent", pivot=pivot)
    st.html(html_table(caption, [_("locale"), *(titles[side] for side in found)], rows))


def clicked(numbers: Sequence[int], points: Sequence[Utterance]) -> None:
    st.subheader(_("What you clicked"))
    if not numbers:
        st.caption(_("Click a point to read it; the toolbar above the map has a box and a lasso for several."))
    for i in numbers[:READ]:
        one = points[i]
        head = f'<div class="lr-meta"><b>{safe(one.intent or "")}</b><span>{safe(one.locale)}</span><span>{safe(one.id)}</span></div>'
        st.html(head + spans(one, direction_of(one.locale), one.locale))
    if len(numbers) > READ:
        st.caption(_("… and {n} more.", n=len(numbers) - READ))


def as_table(places: dict[Side, Vectors], vectors: Vectors, points: Sequence[Utterance]) -> None:
    with st.expander(_("The same as a table")):
        n_pages = -(-len(points) // ROWS)
        page_number = st.number_input(_("Page of {n}", n=n_pages), 1, n_pages, key=f"page of {n_pages}")
        rows = range((page_number - 1) * ROWS, min(len(points), page_number * ROWS))
        near = foreign_neighbours(vectors, rows, points)
        titles = {"adapter": _("place with the adapter"), "base": _("place in the base alone")}
        head = [_("utterance"), _("intent"), _("locale"), *(titles[side] for side in places), _("nearest in another language")]
        st.html(html_table(_("Utterances of the map"), head, (table_row(i, near.get(i), places, points) for i in rows)))


def table_row(i: int, near: int | None, places: dict[Side, Vectors], points: Sequence[Utterance]) -> list[Cell]:
    spots = [Number(f"{place[i, 0]:.1f}, {place[i, 1]:.1f}") for place in places.values()]
    one = points[i]
    return [text_cell(one), one.intent or "–", one.locale, *spots, text_cell(points[near]) if near is not None else "–"]


def text_cell(one: Utterance) -> Text:
    return Text(one.text, one.locale, direction_of(one.locale))


def foreign_neighbours(vectors: Vectors, rows: Sequence[int], points: Sequence[Utterance]) -> dict[int, int]:
    found: dict[int, int] = {}
    for locale in {points[i].locale for i in rows}:
        ours = [i for i in rows if points[i].locale == locale]
        others = [i for i, one in enumerate(points) if one.locale != locale]
        if others:
            found |= dict(zip(ours, nearest_of(vectors, ours, others), strict=True))
    return found


def page() -> None:
    st.html(STYLE + TABLE_STYLE)
    st.title(_("Map"))
    st.write(_("Where the model puts what people say: utterances that mean the same should lie together, whatever their language."))
    with friendly():
        chosen = choose_points()
        choice, sides = choose_adapter(), choose_sides()
        draw(chosen, choice, sides)


def draw(chosen: dict[Reference, list[int]], choice: Choice, sides: list[Side]) -> None:
    points = [utterances_of(source)[i] for source, rows in chosen.items() for i in rows]
    changed = changed_at(adapter_file(choice.folder)) if choice.folder else 0
    with st.spinner(_("Reading {n} utterances …", n=f"{len(points):,}")):
        layers = {side: {source: layers_of(source, choice, changed, side) for source in chosen} for side in sides}
    look = choose_look(len(next(iter(layers[sides[0]].values()))), len(points))
    groups, filled = choose_groups(points)
    vectors = {side: one_layer(of_source, chosen, look, points) for side, of_source in layers.items()}
    with st.spinner(_("Drawing …")):
        places = {side: layout_of((choice, changed, tuple(chosen)), side, look, rows) for side, rows in vectors.items()}
    numbers = maps(places, points, groups, filled)
    neighbours({side: same_intent(rows, points) for side, rows in vectors.items()}, points[0].locale)
    clicked(numbers, points)
    as_table(places, vectors[sides[0]], points)


def one_layer(layers: dict[Reference, Vectors], chosen: dict[Reference, list[int]], look: Look, points: Sequence[Utterance]) -> Vectors:
    rows = np.concatenate([layers[source][look[0], index] for source, index in chosen.items()]).astype(np.float32)
    return centred(rows, [one.locale for one in points]) if look[1] else rows


def maps(places: dict[Side, Vectors], points: Sequence[Utterance], groups: Sequence[str], filled: str) -> list[int]:
    said, numbers = in_words(points, groups), []
    for column, (side, rows) in zip(st.columns(len(places)), places.items(), strict=True):
        with column:
            numbers += one_map(side, rows, points, groups, filled, said)
    return list(dict.fromkeys(numbers))


page()
