"""The session on the page: what was said and whether it was right, saved under a name, and replayed against any adapter."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from lowres.collection.events import Reading
from lowres.evaluation import Prediction
from lowres.utterance import Utterance
from lowres.workbench.loaded import reader_of
from lowres.workbench.markup import safe_markdown
from lowres.workbench.page import friendly
from lowres.workbench.sessions import (
    Replayed,
    Turn,
    count_outcomes,
    list_sessions,
    read_session,
    replay,
    session_path,
    summary,
    turn_of,
    write_session,
)
from lowres.workbench.tables import Text, html_table
from lowres.workbench.talk import Choice, brought, title_of
from lowres.workbench.wording import _, counted

_TURNS, _SAVED, _REPLAYED = "turns", "saved sessions", "replayed"


def turns() -> dict[tuple[str, str], Turn]:
    """What was said in this session, by text and adapter."""
    return st.session_state.setdefault(_TURNS, {})


def remembered(choice: Choice, prediction: Prediction, gold: Utterance | None) -> Turn:
    """The turn of an answer, as it is on record: what a person said of it stays when it is asked again."""
    new = turn_of(prediction, choice.spec, gold)
    old = turns().get((new.text, new.adapter))
    if old is None or old.answered != new.answered:
        turns()[new.text, new.adapter] = new if old is None or gold else new.model_copy(update={"expected": old.expected})
    return turns()[new.text, new.adapter]


def expect(turn: Turn, expected: Reading) -> None:
    """Put on record how a turn should have been read."""
    turns()[turn.text, turn.adapter] = turn.model_copy(update={"expected": expected})


def show_sessions(runs: Path, choices: Sequence[Choice], chosen: Choice) -> None:
    """The session so far, a box to save it in, and the saved ones to be replayed."""
    said = list(turns().values())
    with st.expander(_("This session, and saved ones to replay")):
        if said:
            st.html(_turns_table(said))
            _save(runs, said)
        else:
            st.caption(_("Nothing was said yet. What you say is listed here, to be saved and replayed later."))
        if names := list_sessions(runs):
            _replay(runs, names, choices, chosen)


def _turns_table(said: Sequence[Turn]) -> str:
    verdicts = {True: _("right"), False: _("wrong"), None: "–"}
    rows = [[_said(one), summary(one.answered), verdicts[one.right], one.adapter] for one in said]
    return html_table(_("Said in this session"), [_("utterance"), _("answer"), _("verdict"), _("adapter")], rows)


def _said(turn: Turn) -> Text:
    return Text(turn.text, turn.locale, "auto")


def _save(runs: Path, said: Sequence[Turn]) -> None:
    with st.form("save session", border=False):
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        name = left.text_input(_("Name of the session"), max_chars=48)
        asked = right.form_submit_button(_("Save"))
    if asked:
        with friendly():
            path, own = session_path(runs, name), st.session_state.setdefault(_SAVED, set())
            write_session(path, said, replace=path.stem in own)
            own.add(path.stem)
            st.success(counted("Saved: {n} utterance.", "Saved: {n} utterances.", len(said)))
            st.code(f'lowres replay "{path}" --adapter {said[-1].adapter}', language=None)


def _replay(runs: Path, names: Sequence[str], choices: Sequence[Choice], chosen: Choice) -> None:
    st.markdown(f"**{_('Replay')}**")
    specs = {one.spec: one for one in choices}
    with st.form("replay", border=False):
        left, middle, right = st.columns([2, 2, 1], vertical_alignment="bottom")
        name = left.selectbox(_("Saved session"), names)
        first = list(specs).index(chosen.spec)
        spec = middle.selectbox(_("Adapter"), list(specs), index=first, format_func=lambda one: title_of(specs[one]))
        asked = right.form_submit_button(_("Replay"))
    if asked:
        with friendly(), st.spinner(_("Replaying …")):
            found = replay(read_session(session_path(runs, name)), reader_of(brought(specs[spec]).folder))
            st.session_state[_REPLAYED] = (name, spec, found)
    if _REPLAYED in st.session_state:
        _show_replayed(*st.session_state[_REPLAYED])


def _show_replayed(name: str, spec: str, found: Sequence[Replayed]) -> None:
    titles = {"same": _("same"), "changed": _("changed"), "fixed": _("fixed"), "broken": _("broken")}
    counts = count_outcomes(found)
    st.markdown(_("**{session}** by **{adapter}**", session=safe_markdown(name), adapter=safe_markdown(spec)))
    with st.container(horizontal=True):
        for outcome, n in counts.items():
            st.metric(titles[outcome], f"{n:,}", width=110)
    order = list(counts)
    ranked = sorted(found, key=lambda one: order.index(one.outcome))
    wanted = [summary(one.turn.expected) if one.turn.expected else "–" for one in ranked]
    rows = [
        [_said(one.turn), titles[one.outcome], summary(one.turn.answered), summary(one.now), expected]
        for one, expected in zip(ranked, wanted, strict=True)
    ]
    head = [_("utterance"), _("outcome"), _("answer then"), _("answer now"), _("expected")]
    st.html(html_table(_("Every utterance, broken ones first"), head, rows))
