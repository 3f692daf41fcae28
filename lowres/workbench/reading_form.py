"""A form for how somebody would have an utterance: its text where that may change, its intent, its slots."""

import streamlit as st

from lowres.collection.events import Opened, Reading
from lowres.collection.state import Item
from lowres.language import Language
from lowres.workbench import room
from lowres.workbench.keyboard import letters_for
from lowres.workbench.look import direct
from lowres.workbench.marking import carried, mark
from lowres.workbench.markup import safe, safe_markdown, spans
from lowres.workbench.wording import _


def reading_form(reading: Reading, opened: Opened, language: Language, *, key: str, text_too: bool = False) -> Reading:
    """What the user makes of `reading`."""
    intents, names = room.labels_of(room.prompts_of(opened.prompts))
    text = _text(reading, language, key) if text_too else reading.text
    options = sorted({*intents, reading.intent})
    intent = st.selectbox(_("Intent"), options, index=options.index(reading.intent), key=f"{key} intent {_of(reading)}")
    slots = reading.slots if text == reading.text else carried(reading.slots, text)
    named = [*dict.fromkeys(slot.name for slot in reading.slots), *names]
    marked = mark(
        text, slots, list(dict.fromkeys(named)), direction=language.direction, lang=opened.locale, key=f"{key} slots", methods=True
    )
    return Reading(text=text, intent=intent, slots=marked)


def show_item(item: Item, language: Language) -> None:
    """What was asked for, and what the speaker made of it."""
    offered = item.offered
    if offered.prompt:
        st.caption(_("The request in English"))
        st.html(f'<p class="lr-source" dir="auto" lang="{safe(offered.prompt.locale)}">{safe(offered.prompt.text)}</p>')
    st.html(spans(offered.reading.utterance(offered.item, offered.locale), language.direction, offered.locale))
    st.markdown(_("Intent: **{intent}**", intent=safe_markdown(offered.reading.intent.replace("_", " "))))


def _text(reading: Reading, language: Language, key: str) -> str:
    box = f"{key}_text"
    if st.session_state.get(f"{box} of") != _of(reading):
        st.session_state[f"{box} of"], st.session_state[box] = _of(reading), reading.text
    direct(box, language.direction)
    typed = st.text_input(_("Utterance"), key=box)
    letters_for(language, box)
    return room.tidied(typed)[0] or reading.text


def _of(reading: Reading) -> str:
    """What a widget belongs to: another reading asks anew."""
    from lowres.collection.events import digest_of

    return digest_of(reading.model_dump_json())[:12]
