"""Adjudicate: what the judges could not settle is decided, as an event of its own; and how far judges agree."""

import streamlit as st

from lowres.collection import acts
from lowres.collection.events import Adjudicated, Opened
from lowres.collection.state import Item
from lowres.language import Language
from lowres.workbench import room
from lowres.workbench.deciding import agreement_of, alpha_rows, judge_rows, judgment_rows
from lowres.workbench.markup import STYLE, safe_markdown, spans
from lowres.workbench.page import friendly
from lowres.workbench.reading_form import reading_form, show_item
from lowres.workbench.scales import DECISIONS
from lowres.workbench.wording import _, in_words


def decide(event: Adjudicated) -> None:
    try:
        acts.adjudicate(room.book(), event)
        st.session_state["decision"], st.session_state["decision note"] = None, ""
    except acts.LowresError as error:
        st.session_state["refused"] = in_words(error)


def show(item: Item, language: Language) -> None:
    show_item(item, language)
    offered = item.offered
    st.dataframe(judgment_rows(item), hide_index=True, width="stretch")
    for one in item.judgments.values():
        if one.corrected:
            st.caption(_("A judge would have it so: {intent}", intent=safe_markdown(one.corrected.intent.replace("_", " "))))
            st.html(spans(one.corrected.utterance(offered.item, offered.locale), language.direction, offered.locale))


def form(name: str, opened: Opened, language: Language, item: Item, me: str) -> None:
    show(item, language)
    decision = st.radio(_("Decision"), list(DECISIONS), index=None, key="decision", format_func=lambda one: _(DECISIONS[one]))
    final = None
    if decision == "corrected":
        final = reading_form(item.offered.reading, opened, language, key="final", text_too=True)
        if final == item.offered.reading:
            st.caption(_("Nothing is corrected yet."))
    note = st.text_input(_("Note (optional)"), key="decision note", max_chars=1000)
    event = None
    if decision and not (decision == "corrected" and final == item.offered.reading):
        event = Adjudicated(person=me, collection=name, item=item.offered.item, decision=decision, final=final, note=note)
    st.button(_("Decide and next"), type="primary", disabled=event is None, shortcut="Mod+S", on_click=decide, args=(event,))


def agreement(name: str) -> None:
    found, spans_found, judging = agreement_of(room.book(), name)
    st.write(_("Krippendorff's alpha: 1 is agreement, 0 what chance gives."))
    st.dataframe(alpha_rows(found), hide_index=True, width="stretch")
    if spans_found.f1:
        said = f"{spans_found.f1.value:.2f} ({spans_found.f1.low:.2f} – {spans_found.f1.high:.2f})"
        st.write(_("Exact F1 of slots between judges: {f1}, over {n} pairs of judges.", f1=said, n=spans_found.n_pairs))
    with room.book().reading() as state:
        names = {person: joined.pseudonym for person, joined in state.people.items()}
    st.write(_("Each judge beside the others: the mean difference on grammar and spelling, the share of other answers elsewhere."))
    st.dataframe(judge_rows(judging, names), hide_index=True, width="stretch")


def page() -> None:
    st.html(STYLE)
    name, opened, language = room.start(_("Adjudicate"), "adjudicator")
    me = room.person().id
    todo, agreeing = st.tabs([_("To decide"), _("Agreement")], on_change="rerun")
    with todo, friendly():
        if refused := st.session_state.pop("refused", ""):
            st.warning(safe_markdown(refused))
        items = acts.undecided(room.book(), me, name)
        if items:
            st.caption(_("{n} to decide.", n=len(items)))
            form(name, opened, language, items[0], me)
        else:
            st.success(_("Nothing to decide: either a majority of judges agreed, or they have not all judged yet."))
    if agreeing.open:  # alpha's intervals of thousands of items take a second
        with agreeing, friendly():
            agreement(name)


page()
