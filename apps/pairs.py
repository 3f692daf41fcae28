"""Pairs: the synthetic utterances, to be filtered, read word by word and rule by rule, and their dictionary put right."""

from math import ceil
from pathlib import Path

import streamlit as st

from lowres.language import Language
from lowres.workbench.desk import show_own, show_pair
from lowres.workbench.fixes_markup import FIXES_STYLE
from lowres.workbench.markup import pair_card, safe_markdown
from lowres.workbench.page import cached_pairs, cached_source, card_of, friendly, start
from lowres.workbench.pairs import PairIndex, Wanted, select
from lowres.workbench.runs import command_to_make, has_pairs
from lowres.workbench.wording import _

PER_PAGE = 10
OPEN = "open pair"


def ask(there: PairIndex) -> Wanted:
    """The filter, from the widgets above the list."""
    titles = {"intents": _("Intent"), "slots": _("Slot"), "origins": _("Origin of a word"), "rules": _("Changed by the rule")}
    columns = st.columns(4)
    chosen = {kind: choose(column, title, there.counts(kind)) for column, (kind, title) in zip(columns, titles.items(), strict=True)}
    left, right = st.columns(2)
    low, high = left.slider(_("Coverage: percent of the words that are not copied"), 0, 100, (0, 100))
    text = right.text_input(_("Text, on either side"))
    return Wanted(**chosen, low=low / 100, high=high / 100, text=text)


def choose(place, title: str, counts: dict[str, int]) -> frozenset[str]:
    """Some of the names; none to be chosen from where the run's pairs were made before rules were noted."""
    missing = None if counts else _("None here, or the pairs were made by an earlier version: synthesize again.")
    label = {name: f"{name or _('no intent')} ({n:,})" for name, n in counts.items()}
    names = place.multiselect(title, counts, format_func=label.__getitem__, disabled=not counts, help=missing, placeholder=_("any"))
    return frozenset(names)


def part_of(found: list[int]) -> list[int]:
    """The pairs of the page that was asked for."""
    last = max(1, ceil(len(found) / PER_PAGE))
    st.session_state["page"] = min(st.session_state.get("page", 1), last)  # fewer pages than before
    number = st.number_input(_("Page, of {last}", last=f"{last:,}"), 1, last, key="page", width=180)
    return found[(number - 1) * PER_PAGE : number * PER_PAGE]


def listed(folder: Path, there: PairIndex, position: int, row: int, language: Language, source: str) -> None:
    """A pair in a frame; the one that is open is shown with all that made it."""
    kept = there.pair(position)
    id = kept.utterance.id
    is_open = st.session_state.get(OPEN) == id
    with st.container(border=True):
        place = st.empty()
        place.html(pair_card(kept, language.direction, source))
        label = _("Close") if is_open else _("Look closer, correct")
        # by row: a key made of the pair's id would leave the buttons of another page behind
        st.button(label, key=f"open {row}", on_click=turn, args=(id,))
        if is_open:
            show_pair(folder, there, kept, language, source, place)


def turn(id: str) -> None:
    st.session_state[OPEN] = None if st.session_state.get(OPEN) == id else id


def page() -> None:
    folder = start(_("Pairs"))
    if not has_pairs(folder):
        st.info(_("No pairs yet. This makes them:"))
        st.code(command_to_make(folder), language=None)
        st.stop()
    st.html(FIXES_STYLE)
    language = card_of(folder)
    with friendly():
        source, there = cached_source(folder), cached_pairs(folder)
        found = select(there, ask(there))
        counts = {"n": f"{len(found):,}", "all": f"{len(there):,}"}
        names = {"source": safe_markdown(source), "language": safe_markdown(language.name)}
        st.markdown(_("**{n}** of {all} pairs: {source} to {language}", **counts, **names))
        for row, position in enumerate(part_of(found)):
            listed(folder, there, position, row, language, source)
    with friendly():
        show_own(folder, language, cached_source(folder))


page()
