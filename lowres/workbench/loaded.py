"""What the process holds of models and pairs: each is read once, for whoever looks at a page, until its file changes."""

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from lowres.collection.nearness import NearIndex
from lowres.evaluation import Report
from lowres.stages.data import PAIRS
from lowres.workbench.page import cached_pairs
from lowres.workbench.runs import changed_at
from lowres.workbench.talk import (
    Choice,
    Neighbour,
    adapter_file,
    base_from,
    base_of,
    pick_neighbours,
    read_base_reader,
    read_reader,
    reports_of,
)

if TYPE_CHECKING:
    from lowres.reading import Reader


def reader_of(folder: Path) -> "Reader":
    """The adapter of a run or package."""
    return _reader(str(folder), changed_at(adapter_file(folder)))


@st.cache_resource(max_entries=6, show_spinner=False)
def _reader(folder: str, changed: int) -> "Reader":
    return read_reader(Path(folder))


def base_reader_of(folder: Path) -> "Reader":
    """The model that answers without that adapter; LowresError says why none does."""
    name, trained = base_of(folder)
    return _base(name, str(trained or ""), str(base_from(folder) or ""), changed_at(adapter_file(trained)) if trained else 0)


@st.cache_resource(max_entries=3, show_spinner=False)
def _base(name: str, trained: str, place: str, changed: int) -> "Reader":
    return read_base_reader(name, Path(trained) if trained else None, Path(place) if place else None)


def cached_reports(choice: Choice) -> list[Report]:
    """The reports of a run or package."""
    folder = choice.folder
    return _reports(choice, changed_at(folder / "report.json", folder / "evaluate" / "report.json") if folder else 0)


@st.cache_resource(max_entries=16, show_spinner=False)
def _reports(choice: Choice, changed: int) -> list[Report]:
    return reports_of(choice)


def neighbours_of(run: Path, text: str, n: int) -> list[Neighbour]:
    """The `n` pairs of a run that are most like a text."""
    return pick_neighbours(near_index(run), cached_pairs(run), text, n)


def near_index(run: Path) -> NearIndex:
    """The target texts of a run's pairs, in their order."""
    return _near(str(run), changed_at(run / "synthesize" / PAIRS))


@st.cache_resource(max_entries=4, show_spinner=False)
def _near(run: str, changed: int) -> NearIndex:
    return NearIndex(text.partition("\n")[2] for text in cached_pairs(Path(run)).texts)
