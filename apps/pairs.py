"""Pairs: the synthetic utterances, to be filtered and read word by word."""

from math import ceil

import streamlit as st

from lowres.synthesis import Kept
from lowres.workbench.markup import pair_card, safe_markdown
from lowres.workbench.page import cached_pairs, card_of, friendly, start
from lowres.workbench.pairs import Facets, Wanted, select
from lowres.workbench.runs import command_to_make, has_pairs, source_locale

PER_PAGE = 10


def ask(there: Facets) -> Wanted:
    """The filter, from the widgets above the list."""
    first, second, third = st.columns(3)
    intents = first.multiselect(
        "Intent", there.intents, format_func=lambda name: f"{name or 'no intent'} ({there.intents[name]:,})"
    )
    slots = second.multiselect("Slot", there.slots, format_func=lambda name: f"{name} ({there.slots[name]:,})")
    origins = third.multiselect(
        "Origin of a word", there.origins, format_func=lambda name: f"{name} ({there.origins[name]:,})"
    )
    left, right = st.columns(2)
    low, high = left.slider("Coverage: percent of the words that are not copied", 0, 100, (0, 100))
    text = right.text_input("Text, on either side")
    sets = {"intents": frozenset(intents), "slots": frozenset(slots), "origins": frozenset(origins)}
    return Wanted(**sets, low=low / 100, high=high / 100, text=text)


def part_of(found: list[Kept]) -> list[Kept]:
    """The pairs of the page that was asked for."""
    last = max(1, ceil(len(found) / PER_PAGE))
    st.session_state["page"] = min(st.session_state.get("page", 1), last)  # fewer pages than before
    number = st.number_input(f"Page, of {last:,}", 1, last, key="page", width=180)
    return found[(number - 1) * PER_PAGE : number * PER_PAGE]


def page() -> None:
    folder = start("Pairs")
    if not has_pairs(folder):
        st.info("No pairs yet. This makes them:")
        st.code(command_to_make(folder), language=None)
        st.stop()
    language = card_of(folder)
    with friendly():
        source = source_locale(folder)
        pairs, there = cached_pairs(folder)
        found = select(pairs, ask(there))
        st.markdown(
            f"**{len(found):,}** of {len(pairs):,} pairs: {safe_markdown(source)} to {safe_markdown(language.name)}"
        )
        for kept in part_of(found):
            with st.container(border=True):
                st.html(pair_card(kept, language.direction, source))


page()
