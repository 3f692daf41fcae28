"""Collect: a prompt is rendered in the language, its slots are marked, what is doubtful is asked about, and the next one comes."""

import streamlit as st

from lowres.collection import acts
from lowres.collection.events import MarkedSlot, Opened, Reading
from lowres.collection.state import Item
from lowres.language import Language
from lowres.utterance import Utterance
from lowres.workbench import room
from lowres.workbench.checking import findings_of, show_findings
from lowres.workbench.collecting import correction_of, first_marks, names_for, offer_of, own_items, progress_of, ranked_prompts
from lowres.workbench.keyboard import letters_for
from lowres.workbench.look import direct
from lowres.workbench.marking import mark
from lowres.workbench.markup import STYLE, safe, safe_markdown, spans
from lowres.workbench.page import friendly
from lowres.workbench.reading_form import reading_form
from lowres.workbench.wording import _, in_words

SAID, CORRECTED = "said", "own item being corrected"


def agreed(name: str, opened: Opened, me: str) -> bool:
    """Whether the contributor agreed; else what they would agree to is shown."""
    with room.book().reading() as state:
        if state.consented(name, me):
            return True
    st.subheader(_("Before you begin"))
    st.html(f'<blockquote dir="auto">{safe(opened.consent)}</blockquote>')
    st.markdown(_("Licence: **{licence}**", licence=safe_markdown(opened.licence)))
    yes = st.checkbox(_("I agree"))
    if st.button(_("Begin"), type="primary", disabled=not yes):
        with friendly():
            acts.consent(room.book(), me, name)
            st.rerun()
    return False


def current(name: str, opened: Opened, me: str) -> Utterance | None:
    """The prompt that the person holds, else the next one."""
    prompts, kept = room.prompts_of(opened.prompts), st.session_state.get(f"prompt of {name}")
    if kept not in prompts:
        uncertainty = room.uncertainty_of(opened)
        kept = acts.next_prompt(room.book(), me, name, ranked_prompts(room.book(), name, me, prompts, uncertainty))
        st.session_state[f"prompt of {name}"] = kept
    return prompts.get(kept)


def leave(name: str) -> None:
    """The next prompt, with an empty box."""
    st.session_state[f"prompt of {name}"] = None
    st.session_state[SAID] = ""
    st.session_state.pop("marked", None)


def save(name: str, offered) -> None:
    try:
        acts.offer(room.book(), offered)
        st.toast(_("Saved. Thank you!"))
        leave(name)
    except acts.LowresError as error:
        st.session_state["refused"] = in_words(error)


def skip(name: str, me: str, prompt: str) -> None:
    with friendly():
        acts.skip(room.book(), me, name, prompt)
        leave(name)


def undo(name: str, me: str) -> None:
    with friendly():
        acts.undo(room.book(), me, name)
        st.toast(_("Taken back: your newest contribution."))
        leave(name)


def ask(prompt: Utterance, language: Language) -> None:
    st.caption(_("Say this in {language}, as you would say it to an assistant:", language=safe_markdown(language.name)))
    st.html(spans(prompt, "ltr", prompt.locale))
    st.caption(_("What is meant: {intent}", intent=safe_markdown((prompt.intent or "").replace("_", " "))))


def render(name: str, opened: Opened, language: Language, prompt: Utterance) -> None:
    me, direction = room.person().id, language.direction
    direct(SAID, direction)
    text = st.text_input(
        _("Your words in {language}", language=safe_markdown(language.name)), key=SAID, help=_("Enter, then mark the slots.")
    )
    letters_for(language, SAID)
    tidied, notes = room.tidied(text)
    for note in notes:
        st.caption(note)
    slots: tuple[MarkedSlot, ...] = ()
    if tidied:
        names = names_for(prompt, room.labels_of(room.prompts_of(opened.prompts))[1])
        begun = first_marks(tidied, prompt, st.session_state.get("marked", ()))
        slots = mark(
            tidied, room.begun((prompt.id, tidied), begun), names, direction=direction, lang=opened.locale, key="marking", methods=True
        )
        st.session_state["marked"] = slots
    orthography = st.selectbox(_("Variety or orthography"), ["", *opened.variants], key="orthography") if opened.variants else ""
    found = findings_of(tidied, slots, prompt, opened, name, language, me) if tidied else ()
    reasons, blocked = show_findings(found)
    offered = None
    if tidied and not blocked:
        reading = Reading(text=tidied, intent=prompt.intent or "", slots=slots)
        offered = offer_of(reading, person=me, collection=name, opened=opened, prompt=prompt, orthography=orthography, reasons=reasons)
    with st.container(horizontal=True):
        st.button(_("Save and next"), type="primary", disabled=offered is None, shortcut="Mod+S", on_click=save, args=(name, offered))
        st.button(_("Skip"), shortcut="Alt+N", on_click=skip, args=(name, me, prompt.id))
        st.button(_("Undo"), shortcut="Alt+Z", on_click=undo, args=(name, me))
    if refused := st.session_state.pop("refused", ""):
        st.error(safe_markdown(refused))


def mine(name: str, opened: Opened, language: Language, me: str) -> None:
    found = own_items(room.book(), name, me)
    st.write(_("{n} contributions of yours in this collection.", n=len(found)))
    for item in found[:50]:
        show_own(item, name, opened, language, me)
    with st.expander(_("Withdraw")):
        st.write(_("No later export will hold what you contributed to this collection. What was exported before cannot be called back."))
        sure = st.checkbox(_("I withdraw all that I contributed here"))
        if st.button(_("Withdraw"), disabled=not sure):
            with friendly():
                n_items = acts.withdraw(room.book(), me, name)
                st.success(_("Withdrawn: {n} contributions.", n=n_items))


def show_own(item: Item, name: str, opened: Opened, language: Language, me: str) -> None:
    """An item of one's own, and the form in its place once its author corrects it."""
    offered = item.offered
    if st.session_state.get(CORRECTED) == offered.item:
        with st.container(border=True), friendly():
            correct(item, name, opened, language, me)
        return
    st.html(spans(offered.reading.utterance(offered.item, offered.locale), language.direction, offered.locale))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{safe_markdown(offered.reading.intent)} · {_(item.status(opened.overlap))}")
        st.button(_("Correct it"), key=f"correct {offered.item}", on_click=turn_to, args=(offered.item,))


def turn_to(item: str) -> None:
    """The item that is being corrected, '' none."""
    st.session_state[CORRECTED] = item


def correct(item: Item, name: str, opened: Opened, language: Language, me: str) -> None:
    offered = item.offered
    prompt = room.prompts_of(opened.prompts).get(offered.prompt.id) if offered.prompt else None
    if prompt:
        st.html(spans(prompt, "ltr", prompt.locale))
    reading = reading_form(offered.reading, opened, language, key="mended", text_too=True)
    reasons, blocked = show_findings(findings_of(reading.text, reading.slots, prompt, opened, name, language, me, but=offered.item))
    st.caption(_("What you said before stays on record; the correction is judged anew."))
    with st.container(horizontal=True):
        wanted = st.button(_("Save the correction"), type="primary", disabled=blocked or reading == offered.reading)
        st.button(_("Cancel"), on_click=turn_to, args=("",))
    if wanted:
        acts.offer(room.book(), correction_of(item, reading, reasons))
        turn_to("")
        st.rerun()


def contribute(name: str, opened: Opened, language: Language, me: str) -> None:
    prompt = current(name, opened, me)
    if prompt is None:
        st.success(_("Every prompt has been rendered. Thank you!"))
    else:
        ask(prompt, language)
        render(name, opened, language, prompt)


def page() -> None:
    st.html(STYLE)
    name, opened, language = room.start(_("Collect"), "contributor")
    me = room.person().id
    if not agreed(name, opened, me):
        return
    tabs = st.tabs([_("Contribute"), _("My contributions"), _("What is lacking")], on_change="rerun")
    parts = (
        lambda: contribute(name, opened, language, me),
        lambda: mine(name, opened, language, me),
        lambda: room.show_quotas(opened, progress_of(room.book(), name)),
    )
    for tab, part in zip(tabs, parts, strict=True):
        if tab.open:  # what nobody looks at is not counted
            with tab, friendly():
                part()


page()
