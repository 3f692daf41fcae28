"""Talk: an utterance typed or picked, what an adapter, the base and the version before read in it, and which pairs are like it."""

import os
from pathlib import Path

import streamlit as st

from lowres.collection.events import read_off
from lowres.errors import LowresError
from lowres.evaluation import Prediction, Report
from lowres.language import Direction, Language
from lowres.utterance import Utterance
from lowres.workbench.correcting import correct, open_correction, say_right
from lowres.workbench.loaded import base_reader_of, cached_reports, neighbours_of, reader_of
from lowres.workbench.look import direct
from lowres.workbench.markup import STYLE, confidence_bar, glossed_words, safe, safe_markdown, spans
from lowres.workbench.page import friendly
from lowres.workbench.runs import command_to_make, read_card_of, source_locale
from lowres.workbench.serve import RUNS
from lowres.workbench.session_panel import remembered, show_sessions
from lowres.workbench.sessions import Turn, labels_of
from lowres.workbench.tables import TABLE_STYLE
from lowres.workbench.talk import (
    NEIGHBOUR_STYLE,
    Choice,
    adapter_file,
    base_from,
    brought,
    examples_of,
    first_choice,
    glosses_of,
    list_choices,
    neighbour_html,
    pairs_for,
    parse_said,
    rivals,
    threshold_of,
    title_of,
    version_before,
)
from lowres.workbench.wording import _

N_NEIGHBOURS = 5
SAID, SAID_IN, PICKED, RUN = "said", "said in", "picked", "chosen run"


def choose(choices: list[Choice]) -> tuple[Choice, Choice | None]:
    """Whom to talk to, and what to compare with."""
    left, right = st.columns(2)
    first = first_choice(choices, st.session_state.get(RUN))
    spec = _kept(left, _("Talk to"), {one.spec: one for one in choices}, "talk to", first)
    chosen = next(one for one in choices if one.spec == spec)
    others = {one.spec: one for one in rivals(chosen, choices)}
    before = version_before(chosen, choices)
    other = _kept(right, _("Compare with"), {"": None, **others}, f"compare {spec}", before)
    return chosen, others.get(other)


def _kept(place, label: str, options: dict[str, Choice | None], key: str, first: Choice | None) -> str:
    """A box whose choice is still there when the user comes back from another page."""
    kept = st.session_state.get(key, st.session_state.get(f"kept {key}"))
    st.session_state[key] = kept if kept in options else first.spec if first else ""
    found = place.selectbox(label, list(options), key=key, format_func=lambda spec: title_of(options[spec]) if spec else _("nothing"))
    st.session_state[f"kept {key}"] = found
    return found


def ask(language: Language, examples: list[Utterance]) -> str:
    """What the user typed or picked."""
    if st.session_state.setdefault(SAID_IN, language.iso639_3) != language.iso639_3:
        st.session_state.update({SAID_IN: language.iso639_3, SAID: ""})  # what was said in one language is not asked of another's adapter
    direct(SAID, language.direction)
    left, right = st.columns([3, 2])
    text = left.text_input(_("Say something in {language}", language=safe_markdown(language.name)), key=SAID, help=_("Enter sends it."))
    if examples:
        right.selectbox(
            _("Or pick what somebody said"), [one.text for one in examples], index=None, key=PICKED, placeholder=_("An utterance"),
            on_change=lambda: st.session_state.update({SAID: st.session_state[PICKED] or ""}),
        )  # fmt: skip
    return text


def show(title: str, prediction: Prediction, language: Language, remark: str = "") -> None:
    """What one model says."""
    said = prediction.utterance
    st.caption(safe_markdown(title))
    intent = f'<p class="lr-intent" lang="en">{safe(said.intent or _("no intent"))}</p>'
    st.html(intent + spans(said, language.direction, language.bcp47) + confidence_bar(prediction.confidence))
    if remark:
        st.caption(remark)


def same_or_not(one: Prediction, other: Prediction) -> str:
    """Whether two models answer the same."""
    both = [(p.utterance.intent, p.utterance.slots) for p in (one, other)]
    return _("The same answer.") if both[0] == both[1] else _("Another answer.")


def converse(
    choice: Choice, rival: Choice | None, said: Utterance, language: Language, reports: list[Report], gold: Utterance | None
) -> None:
    """What was said, read by all of them, and what there is to know of it."""
    from lowres.reading import predict

    with st.spinner(_("Reading the model …")):
        reader = reader_of(choice.folder)
    prediction = predict(reader, [said])[0]
    turn = remembered(choice, prediction, gold)
    columns = st.columns(3 if rival else 2)
    with columns[0], st.container(border=True):
        show(title_of(choice), prediction, language)
        sounds = st.empty()
        verdict(turn, prediction, threshold_of(reports), gold, language.direction)
    with columns[1], st.container(border=True), friendly():
        other = predict(base_reader_of(choice.folder), [said])[0]
        show(_("The base without an adapter"), other, language, same_or_not(prediction, other))
    if rival:
        with columns[2], st.container(border=True), friendly():
            other = predict(reader_of(brought(rival).folder), [said])[0]
            show(title_of(rival), other, language, same_or_not(prediction, other))
    correct(choice, turn, gold, language, reader.labels, reports[0].locale if reports else choice.locale)
    show_glosses(choice, glosses_of(reader, said.text), language)
    with friendly():
        show_neighbours(choice, said.text, language)
    show_sounds(sounds, said.text, language, choice)


def verdict(turn: Turn, prediction: Prediction, threshold: float | None, gold: Utterance | None, direction: Direction) -> None:
    """What is to be thought of the answer, and the buttons for it."""
    if threshold is not None and prediction.confidence < threshold:
        st.warning(_("Below the report's threshold of {share}: an assistant would ask again.", share=f"{threshold:.0%}"))
    with st.container(horizontal=True):
        st.button(_("Right"), on_click=say_right, args=(turn,), icon=":material/check:")
        st.button(_("Wrong"), on_click=open_correction, args=(turn,), icon=":material/edit:")
    if turn.expected is None:
        return
    if gold and labels_of(turn.expected) == labels_of(read_off(gold)):
        st.caption(_("Right: people marked it so.") if turn.right else _("Wrong: people marked it otherwise."))
    else:
        st.caption(_("Right, as you said.") if turn.right else _("Wrong, as you said."))
    if not turn.right:
        wanted = turn.expected.utterance("expected", turn.locale)
        st.html(f'<small>{safe(_("Expected:"))} <bdi lang="en">{safe(wanted.intent)}</bdi></small>{spans(wanted, direction, turn.locale)}')


def show_glosses(choice: Choice, rows: list, language: Language) -> None:
    if rows:
        st.subheader(_("What the adapter's dictionary says"))
        st.html(glossed_words(rows, language.direction, language.bcp47, source_locale(choice.folder) if not choice.version else "en"))


def show_neighbours(choice: Choice, text: str, language: Language) -> None:
    """The training pairs that share most with it; each opens word by word."""
    st.subheader(_("Nearest training pairs"))
    run = pairs_for(choice, Path(os.environ.get(RUNS, "runs")))
    if run is None:
        st.caption(_("They are in a run's folder, and none of this language is here. This makes one:"))
        st.code(f"lowres run {choice.name}", language=None)
        return
    near, source = neighbours_of(run, text, N_NEIGHBOURS), source_locale(run)
    if not near:
        st.caption(_("No pair has three letters in a row in common with it."))
        return
    if near[0].share == 1:
        st.caption(_("The first one is the same: that the model reads it right says nothing about others."))
    st.html("".join(neighbour_html(one, language.direction, source) for one in near))
    st.caption(_("Of the run {run}; shares are of three letters in a row that both have.", run=safe_markdown(run.name)))


def show_sounds(place, text: str, language: Language, choice: Choice) -> None:
    """The utterance in IPA. It comes last: the tables take seconds to be read, once."""
    from lowres.phonology import transcribe

    try:
        ipa = transcribe(text, language, base_from(choice.folder))
        place.html(f'<p class="lr-ipa" dir="ltr" lang="{safe(language.iso639_3)}-fonipa">[{safe(ipa)}]</p>')
    except LowresError as error:
        place.caption(_("No IPA: {why}", why=safe_markdown(error)))


def follow_run(runs: Path) -> None:
    """A run that was chosen on another page since is talked to; it may have nothing to talk to."""
    name = st.session_state.get(RUN)
    if name != st.session_state.get("followed run"):
        st.session_state["followed run"] = name
        for key in ("talk to", "kept talk to"):
            st.session_state.pop(key, None)
    if name:
        st.session_state[RUN] = name  # else it would be forgotten here: its box is on other pages
    if name and (runs / name).is_dir() and not adapter_file(runs / name).is_file():
        st.info(_("The run {run} has no adapter yet. This makes one:", run=safe_markdown(name)))
        st.code(command_to_make(runs / name), language=None)


def talk(choice: Choice, rival: Choice | None) -> None:
    """The conversation with one adapter, which must be here."""
    language, reports = read_card_of(choice.folder), cached_reports(choice)
    examples = examples_of(choice, reports)
    text = ask(language, examples)
    if text.strip():
        said = parse_said(text, choice.locale)
        gold = next((one for one in examples if one.text == said.text), None)
        converse(choice, rival, said, language, reports, gold)
    else:
        st.caption(_("Intent, slots and confidence appear here, beside what the base says without the adapter."))


def page() -> None:
    st.html(STYLE + TABLE_STYLE + NEIGHBOUR_STYLE)
    st.title(_("Talk"))
    runs = Path(os.environ.get(RUNS, "runs"))
    with st.container():
        follow_run(runs)
    choices = list_choices(runs)
    choice, rival = choose(choices)
    above, below = st.container(), st.container()  # what comes and goes above closes nothing that is open below
    with above, friendly():
        with st.spinner(_("Fetching the adapter that comes with lowres …")):
            choice = brought(choice)
        talk(choice, rival)
    with below, friendly():
        show_sessions(runs, choices, choice)
    if choice.folder and not st.session_state.get(SAID):
        with friendly():
            reader_of(choice.folder)  # while the user still types


page()
