"""Collections: admins open them, look at how far they are, take them out in the formats of others, and put files in."""

import os
import tempfile
from pathlib import Path

import streamlit as st

from lowres.collection import acts
from lowres.collection.events import Opened
from lowres.collection.exchange import SUFFIXES
from lowres.evaluation import SCORES
from lowres.evaluation.markdown import percent
from lowres.language import Language
from lowres.stages.collections import STATUSES
from lowres.workbench import room
from lowres.workbench.administering import exported, imported, known_languages, opened_from, settings_of
from lowres.workbench.charts import describe_measured, measured_chart
from lowres.workbench.collecting import progress_of
from lowres.workbench.loaded import reader_of
from lowres.workbench.markup import STYLE, safe_markdown, spans
from lowres.workbench.page import friendly
from lowres.workbench.scoring import Scored, failures, score_collection, weak_intents
from lowres.workbench.serve import RUNS
from lowres.workbench.tables import TABLE_STYLE, Number, html_table
from lowres.workbench.talk import Choice, brought, list_choices, title_of
from lowres.workbench.unsure import measure_uncertainty
from lowres.workbench.wording import _

SCORED, N_WRONG = "scored collection", 20


def new_collection(me: str) -> None:
    with st.form("new collection", border=False), friendly():
        title = st.text_input(_("Title"), max_chars=200)
        name = st.text_input(_("Name, as recipes and files have it"), placeholder="swh-home", max_chars=64)
        language = st.selectbox(_("Language"), known_languages(), format_func=lambda one: f"{one.name} ({one.iso639_3})")
        settings = settings_of(None, language)
        if st.form_submit_button(_("Open the collection"), type="primary"):
            event = opened_from(settings, person=me, collection=room.parse_collection_name(name), title=title, language=language)
            acts.open_collection(room.book(), event)
            st.rerun()


def standing(name: str, opened: Opened) -> None:
    found = progress_of(room.book(), name)
    columns = st.columns(len(STATUSES))
    for column, status in zip(columns, STATUSES, strict=True):
        column.metric(_(status), found.statuses.get(status, 0))
    room.show_quotas(opened, found)


def asking(opened: Opened) -> None:
    prompts = room.prompts_of(opened.prompts)
    measured = len(room.uncertainty_of(opened))
    known = _(
        "The model's doubt is known of {measured} of {n} prompts; what it doubts is asked for sooner.", n=len(prompts), measured=measured
    )
    st.write(known)
    if measured < len(prompts) and st.button(_("Measure the model's doubt")):
        bar = st.progress(0.0, _("Reading every prompt with the base …"))
        measure_uncertainty(opened.prompts, prompts, room.base_reader(), bar.progress)
        st.rerun()


def models_of(opened: Opened) -> dict[str, Choice | None]:
    """What can read the collection's language, by title; the base alone comes last."""
    found = [one for one in list_choices(Path(os.environ.get(RUNS, "runs"))) if one.language == opened.language]
    return {title_of(one): one for one in found} | {_("the base alone"): None}


def scoring(name: str, opened: Opened) -> None:
    models = models_of(opened)
    chosen = models[st.selectbox(_("Model"), list(models), key="scored model")]
    if st.button(_("Score it on what was accepted"), type="primary"):
        with st.spinner(_("Reading every utterance …")):
            reader = reader_of(brought(chosen).folder) if chosen else room.base_reader()
            prompts, doubt = room.prompts_of(opened.prompts), room.uncertainty_of(opened)
            st.session_state[SCORED] = (name, chosen, score_collection(room.book(), name, reader, prompts, doubt))
    kept = st.session_state.get(SCORED)
    if kept and kept[:2] == (name, chosen):
        show_scored(kept[2], room.language_of(opened.locale))


def show_scored(found: Scored, language: Language) -> None:
    st.html(html_table(
        _("On {n} accepted utterances of the test part, percent, with 95 % intervals", n=len(found.answers)), [_("score"), _("percent")],
        [(_(title), Number(percent(getattr(found.scores, key)))) for key, title in SCORES.items()],
    ))  # fmt: skip
    if one := found.estimate:
        st.markdown(_("Exact match on all {n} prompts would be about **{score}** percent; what was collected says as much as {worth} "
                      "prompts drawn at random.", n=one.n_prompts, score=percent(one.score), worth=round(one.worth)))  # fmt: skip
    weak = weak_intents(found.answers)
    title = _("Weakest intents: exact match in percent; in brackets the utterances")
    st.markdown(f"**{title}**")
    st.vega_lite_chart(spec=measured_chart(weak, ""), alt=describe_measured(weak, title, ""))
    wrong = failures(found.answers)
    with st.expander(_("{n} read wrong", n=len(wrong))):
        for answer in wrong[:N_WRONG]:
            st.html(spans(answer.gold, language.direction, answer.gold.locale))
            st.caption(_("it read: {intent}", intent=safe_markdown((answer.predicted.intent or "").replace("_", " "))))
            st.html(spans(answer.predicted, language.direction, answer.gold.locale))


def take_out(name: str) -> None:
    format = st.selectbox(_("Format"), list(SUFFIXES), key="format")
    statuses = st.multiselect(_("Items that are"), STATUSES, default=["accepted", "corrected"], format_func=_, key="statuses")
    if st.button(_("Prepare the export"), disabled=not statuses):
        st.session_state["export"] = (name, *exported(room.book(), name, format, statuses))
    kept = st.session_state.get("export")
    if kept and kept[0] == name:
        st.download_button(_("Download {file}", file=kept[1]), kept[2], file_name=kept[1], type="primary")


def put_in(name: str, me: str) -> None:
    format = st.selectbox(_("Format"), [one for one, suffix in SUFFIXES.items() if suffix], key="import format")
    part = st.selectbox(_("Part, where the file does not say"), ["", "train", "dev", "test"], key="import part")
    file = st.file_uploader(_("A file"), key="import file")
    if file and st.button(_("Add its items")):
        with tempfile.TemporaryDirectory() as work:
            path = Path(work) / Path(file.name).name
            path.write_bytes(file.getvalue())
            n_items = imported(room.book(), name, path, format, part, me)
        st.success(_("Added: {n} items.", n=n_items))


def change(name: str, opened: Opened, me: str) -> None:
    with st.form("settings", border=False):
        title = st.text_input(_("Title"), opened.title, max_chars=200)
        settings = settings_of(opened, room.language_of(opened.locale))
        st.caption(_("Items keep the part that they were given. A new text of consent is asked for before the next contribution."))
        if st.form_submit_button(_("Save")):
            acts.open_collection(
                room.book(), opened_from(settings, person=me, collection=name, title=title, language=room.language_of(opened.locale))
            )
            st.rerun()


def page() -> None:
    st.html(STYLE + TABLE_STYLE)
    me = room.person().id
    with room.book().reading() as state:
        mine = {name: one for name, one in state.collections.items() if "admin" in state.roles(me, one.language)}
    if not mine:
        st.title(_("Collections"))
        st.write(_("There is no collection yet. Open one: people render its prompts, judge them, and what they agree on is a test set."))
        new_collection(me)
        return
    name, opened, _language = room.start(_("Collections"), "admin")
    titles = [_("Where it stands"), _("What to ask"), _("Score"), _("Export"), _("Import"), _("Settings"), _("New collection")]
    parts = [
        lambda: standing(name, opened), lambda: asking(opened), lambda: scoring(name, opened), lambda: take_out(name), lambda: put_in(name, me),
        lambda: change(name, opened, me), lambda: new_collection(me),
    ]  # fmt: skip
    for tab, part in zip(st.tabs(titles, on_change="rerun"), parts, strict=True):
        if tab.open:
            with tab, friendly():
                part()


page()
