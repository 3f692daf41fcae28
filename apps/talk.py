"""Talk: an utterance typed, and what the adapter and the base without it read in it."""

from pathlib import Path

import streamlit as st

from lowres.evaluation import Prediction
from lowres.language import Language
from lowres.workbench.markup import confidence_bar, glossed_words, safe_markdown, spans
from lowres.workbench.page import cached_readers, card_of, friendly, start
from lowres.workbench.runs import command_to_make, source_locale
from lowres.workbench.talk import adapter_file, example_said, parse_said, read_said, threshold_of


def show(title: str, prediction: Prediction, language: Language, threshold: float | None) -> None:
    with st.container(border=True):
        st.caption(title)
        st.subheader(safe_markdown(prediction.utterance.intent or "no intent"))
        st.html(spans(prediction.utterance, language.direction, language.bcp47) + confidence_bar(prediction.confidence))
        if threshold is not None and prediction.confidence < threshold:
            st.warning(f"Below the report's threshold of {threshold:.0%}: an assistant would ask again.")


def answer(folder: Path, text: str, language: Language) -> None:
    readers = cached_readers(folder)
    reading = read_said(readers, parse_said(text, language.bcp47))
    left, right = st.columns(2)
    with left:
        show("With the adapter", reading.adapter, language, threshold_of(folder))
    with right:
        if reading.base:
            show("The base without it", reading.base, language, None)
        else:
            st.info(safe_markdown(f"No answer without the adapter: {readers.why_no_base}."))
    if reading.glosses:
        st.write("What the adapter's dictionary says of each word:")
        st.html(glossed_words(reading.glosses, language.direction, language.bcp47, source_locale(folder)))


def page() -> None:
    folder = start("Talk")
    if not adapter_file(folder).is_file():
        st.info("This run has no adapter yet. This makes one:")
        st.code(command_to_make(folder), language=None)
        st.stop()
    language = card_of(folder)
    direction = "rtl" if language.direction == "rtl" else "ltr"
    st.html(f"<style>.st-key-said input {{direction: {direction}; font-size: 1.15rem}}</style>")
    example = example_said(folder)
    text = st.text_input(
        f"Say something in {safe_markdown(language.name)}", key="said", placeholder=example, help="Enter sends it."
    )
    if not text.strip():
        st.caption(
            "Intent, slots and confidence appear here." + (f" For example: {safe_markdown(example)}" if example else "")
        )
        return
    with friendly():
        answer(folder, text, language)


page()
