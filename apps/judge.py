"""Judge: an utterance by somebody else, five questions, and how one would have marked it; nobody sees what others said."""

import streamlit as st

from lowres.collection import acts
from lowres.collection.events import Judged, Opened, Reading
from lowres.collection.state import Item
from lowres.language import Language
from lowres.workbench import room
from lowres.workbench.markup import STYLE, safe_markdown
from lowres.workbench.page import friendly
from lowres.workbench.reading_form import reading_form, show_item
from lowres.workbench.scales import SCALES
from lowres.workbench.wording import _, in_words


def current(name: str, me: str) -> Item | None:
    """The item that the person holds, else the next one."""
    with room.book().reading() as state:
        kept = state.items.get(st.session_state.get(f"item of {name}", ""))
        still = kept and kept.stands and not kept.decisions and me not in {one.person for one in kept.judgments.values()}
    found = kept if still else acts.next_item(room.book(), me, name)
    st.session_state[f"item of {name}"] = found.offered.item if found else ""
    return found


def leave(name: str) -> None:
    """The next item, with nothing answered."""
    st.session_state[f"item of {name}"] = ""
    for scale in SCALES:
        st.session_state[f"scale {scale.name}"] = None
    st.session_state["note"] = ""
    st.session_state["otherwise"] = False


def save(name: str, judged: Judged) -> None:
    try:
        acts.judge(room.book(), judged)
        leave(name)
    except acts.LowresError as error:
        st.session_state["refused"] = in_words(error)
        st.session_state[f"item of {name}"] = ""


def undo(name: str, me: str) -> None:
    with friendly():
        acts.undo(room.book(), me, name)
        leave(name)
        st.toast(_("Taken back: your newest judgment."))


def questions() -> dict[str, int | None]:
    answers = {}
    for scale in SCALES:
        values = list(scale.answers)
        answers[scale.name] = st.radio(
            _(scale.question), values, index=None, key=f"scale {scale.name}", horizontal=True,
            format_func=lambda value, scale=scale: f"{value} · {_(scale.answers[value])}",
        )  # fmt: skip
    return answers


def judging(name: str, opened: Opened, language: Language, item: Item, me: str) -> None:
    show_item(item, language)
    answers = questions()
    corrected: Reading | None = None
    if st.checkbox(_("I would mark it otherwise"), key="otherwise"):
        corrected = reading_form(item.offered.reading, opened, language, key="judged")
    note = st.text_input(_("Note (optional)"), key="note", max_chars=1000)
    judged = None
    if all(value is not None for value in answers.values()):
        same = corrected is None or corrected == item.offered.reading
        judged = Judged(person=me, collection=name, item=item.offered.item, corrected=None if same else corrected, note=note, **answers)
    with st.container(horizontal=True):
        st.button(_("Save and next"), type="primary", disabled=judged is None, shortcut="Mod+S", on_click=save, args=(name, judged))
        st.button(_("Undo"), shortcut="Alt+Z", on_click=undo, args=(name, me))
    if judged is None:
        st.caption(_("Answer all five questions, then save."))


def page() -> None:
    st.html(STYLE)
    name, opened, language = room.start(_("Judge"), "judge")
    me = room.person().id
    if refused := st.session_state.pop("refused", ""):
        st.warning(safe_markdown(refused))
    with friendly():
        item = current(name, me)
        if item is None:
            st.success(_("Nothing to judge for you now: what is here is yours, judged by you, or with others at the moment."))
            st.button(_("Undo"), shortcut="Alt+Z", on_click=undo, args=(name, me))
        else:
            judging(name, opened, language, item, me)


page()
