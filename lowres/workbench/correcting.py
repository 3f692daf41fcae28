"""How an utterance should have been read: its intent and slots corrected, kept in the session and offered as a test utterance."""

from typing import TYPE_CHECKING

import streamlit as st

from lowres.collection import acts
from lowres.collection.events import Opened, Reading
from lowres.language import Language
from lowres.utterance import Utterance
from lowres.workbench import room
from lowres.workbench.access import may
from lowres.workbench.checking import findings_of, show_findings
from lowres.workbench.marking import mark
from lowres.workbench.markup import safe, safe_markdown
from lowres.workbench.page import friendly
from lowres.workbench.session_panel import expect
from lowres.workbench.sessions import Turn
from lowres.workbench.talk import Choice, offer_of
from lowres.workbench.wording import _

if TYPE_CHECKING:
    from lowres.model import Labels

_WRONG, _INTENT, _THANKS = "wrong turn", "corrected intent", "thanks for a correction"


def open_correction(turn: Turn) -> None:
    """Ask how a turn should have been read."""
    st.session_state[_WRONG] = (turn.text, turn.adapter)
    st.session_state[_INTENT] = (turn.expected or turn.answered).intent


def say_right(turn: Turn) -> None:
    """Put on record that the answer was right."""
    expect(turn, turn.answered)
    _close()


def _close() -> None:
    st.session_state.pop(_WRONG, None)
    st.session_state.pop(_INTENT, None)


def correct(choice: Choice, turn: Turn, gold: Utterance | None, language: Language, labels: "Labels", locale: str) -> None:
    """The form for the turn that was called wrong, with what can be done with it; nothing where none was."""
    if st.session_state.pop(_THANKS, False):
        st.success(_("Kept. Others will judge it before it counts. Thank you!"))
    if st.session_state.get(_WRONG) != (turn.text, turn.adapter):
        return
    with st.container(border=True):
        st.subheader(_("How should it be understood?"))
        reading = _marked(turn.expected or turn.answered, language, labels)
        if st.button(_("Keep it in this session")):
            expect(turn, reading)
            _close()
            st.rerun()
        if gold:
            st.caption(_("It is in the test set already, so it is no candidate for a collection."))
        else:
            with friendly():
                _offer(choice, turn, reading, language, locale)


def _marked(begun: Reading, language: Language, labels: "Labels") -> Reading:
    intents = sorted({*labels.intents, begun.intent})
    intent = st.selectbox(_("Intent"), intents, key=_INTENT)
    names = dict.fromkeys([*(slot.name for slot in begun.slots), *labels.slots[1:]])
    slots = mark(begun.text, begun.slots, list(names), direction=language.direction, lang=language.bcp47, key="corrected slots")
    return Reading(text=begun.text, intent=intent, slots=slots)


def _offer(choice: Choice, turn: Turn, reading: Reading, language: Language, locale: str) -> None:
    """Into a collection of the language, as a candidate that others judge."""
    st.markdown(f"**{_('Make it a test utterance of the language')}**")
    there = dict(room.collections_of(language.iso639_3))
    if not there:
        _open(language, locale)
    elif not may("contributor", language.iso639_3):
        st.caption(_("You are no contributor of this language. An admin can invite you."))
    else:
        name = next(iter(there))
        if len(there) > 1:
            name = st.selectbox(_("Collection"), list(there), format_func=lambda one: safe_markdown(there[one].title))
        _keep(choice, turn, reading, language, name, there[name])


def _open(language: Language, locale: str) -> None:
    st.caption(_("There is no collection of {language} yet. One with three judges for each utterance and the demo's prompts:",
                 language=safe_markdown(language.name)))  # fmt: skip
    if st.button(_("Open a collection")):
        room.ensure_collection(language.iso639_3, locale)
        st.rerun()


def _keep(choice: Choice, turn: Turn, reading: Reading, language: Language, name: str, opened: Opened) -> None:
    me = room.person().id
    with room.book().reading() as state:
        agreed = state.consented(name, me)
    reasons, blocked = show_findings(findings_of(reading.text, reading.slots, None, opened, name, language, me))
    yes = agreed or _asks_consent(opened)
    if st.button(_("Keep it as a test utterance"), type="primary", disabled=blocked or not yes):
        if not agreed:
            acts.consent(room.book(), me, name)
        acts.offer(room.book(), offer_of(choice, turn, reading, person=me, collection=name, locale=opened.locale, reasons=reasons))
        expect(turn, reading)
        _close()
        st.session_state[_THANKS] = True
        st.rerun()


def _asks_consent(opened: Opened) -> bool:
    st.html(f'<blockquote dir="auto">{safe(opened.consent)}</blockquote>')
    st.caption(_("Licence: {licence}", licence=safe_markdown(opened.licence)))
    return st.checkbox(_("I agree"))
