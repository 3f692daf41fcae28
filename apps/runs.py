"""Runs: which stages are fresh, and the report; scores and what the dictionary missed are on Languages."""

from pathlib import Path

import streamlit as st

from lowres.workbench.markup import safe_markdown
from lowres.workbench.page import card_of, friendly, start
from lowres.workbench.runs import StageState, command_to_make, freshness, report_parts
from lowres.workbench.wording import _

COLOURS = {"fresh": "green", "stale": "orange", "not made": "gray"}


def stages(folder: Path) -> None:
    found = freshness(folder)
    for column, stage in zip(st.columns(len(found.stages)), found.stages, strict=True):
        with column.container(border=True):
            stage_box(stage)
    st.caption(safe_markdown(found.compared_with[:1].upper() + found.compared_with[1:]) + ".")
    if any(stage.state != "fresh" for stage in found.stages):
        st.write(_("To make what is not fresh:"))
        st.code(command_to_make(folder), language=None, wrap_lines=True)


def stage_box(stage: StageState) -> None:
    st.markdown(f"**{stage.name}** :{COLOURS[stage.state]}-badge[{_(stage.state)}]")
    spent = _("{n} core-minutes", n=f"{max(0.1, stage.core_minutes):.1f}") if stage.core_minutes is not None else ""
    why = stage.why if stage.state == "stale" else ""
    remarks = filter(None, [spent, stage.finished[:10], why, _("in work, or interrupted") if stage.in_work else ""])
    st.caption("  \n".join(map(safe_markdown, remarks)) or "–")


def whole_report(folder: Path) -> None:
    for kind, part in report_parts(folder):
        if kind == "picture":
            st.image(str(folder / "evaluate" / part), alt=_("The scores of this report as bars; its tables have the figures."))
        elif kind == "verbatim":
            st.code(part, language=None, wrap_lines=True)
        else:
            st.markdown(part)


def page() -> None:
    folder = start(_("Runs"))
    with friendly():
        language = card_of(folder)
        st.subheader(f"{safe_markdown(folder.name)}: {safe_markdown(language.name)}")
        stages(folder)
    st.subheader(_("Report"))
    with friendly():
        if (folder / "evaluate" / "report.md").is_file():
            whole_report(folder)
        else:
            st.info(_("No report yet."))
    st.caption(_("Scores as charts, missed words and weak intents: on the page Languages."))


page()
