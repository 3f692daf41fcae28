"""Runs: which stages are fresh, the scores beside their controls, the report, and what the lexicon missed."""

from pathlib import Path

import streamlit as st

from lowres.evaluation import Report
from lowres.workbench.charts import describe_scores, scores_chart
from lowres.workbench.markup import counted_words, safe_markdown
from lowres.workbench.page import card_of, friendly, start
from lowres.workbench.runs import (
    StageState,
    Synthesis,
    command_to_make,
    freshness,
    read_scores,
    read_synthesis,
    report_parts,
)

COLOURS = {"fresh": "green", "stale": "orange", "not made": "gray"}


def stages(folder: Path) -> None:
    found = freshness(folder)
    for column, stage in zip(st.columns(len(found.stages)), found.stages, strict=True):
        with column.container(border=True):
            stage_box(stage)
    st.caption(safe_markdown(found.compared_with[:1].upper() + found.compared_with[1:]) + ".")
    if any(stage.state != "fresh" for stage in found.stages):
        st.write("To make what is not fresh:")
        st.code(command_to_make(folder), language=None)


def stage_box(stage: StageState) -> None:
    st.markdown(f"**{stage.name}** :{COLOURS[stage.state]}-badge[{stage.state}]")
    spent = f"{max(0.1, stage.core_minutes):.1f} core-minutes" if stage.core_minutes is not None else ""
    why = stage.why if stage.state == "stale" else ""
    remarks = filter(None, [spent, stage.finished[:10], why, "in work, or interrupted" if stage.in_work else ""])
    st.caption("  \n".join(map(safe_markdown, remarks)) or "–")


def scores(reports: list[Report]) -> None:
    if not reports:
        st.info("No scores: the run is not evaluated yet, or its recipe names no human utterances.")
    for report in reports:
        title = f"{report.dataset} {report.locale} {report.partition}"
        st.markdown(f"**{safe_markdown(title)}**, {report.n:,} human utterances")
        st.vega_lite_chart(spec=scores_chart(report), alt=describe_scores(report))
        st.caption(safe_markdown(report.signature))


def whole_report(folder: Path) -> None:
    for kind, part in report_parts(folder):
        if kind == "picture":
            st.image(str(folder / "evaluate" / part))
        elif kind == "verbatim":
            st.code(part, language=None, wrap_lines=True)
        else:
            st.markdown(part)


def misses(folder: Path, found: Synthesis, reports: list[Report]) -> None:
    st.write(
        f"{found.n_pairs:,} pairs of {found.n_utterances:,} utterances, {found.covered:.0%} of the words rendered."
    )
    st.write("Source words that the lexicon missed most: adding them to a lexicon of your own is the cheapest lever.")
    columns = {
        "word": st.column_config.TextColumn("word"),
        "times": st.column_config.ProgressColumn(
            "times", format="%d", min_value=0, max_value=max([n for _, n in found.misses] or [1])
        ),
    }
    rows = [{"word": word, "times": n} for word, n in found.misses]
    st.dataframe(
        rows, column_config=columns, hide_index=True, width="stretch", height=420 if len(rows) > 11 else "auto"
    )
    for report in reports:
        if report.unknown_words:
            st.write("Words of the human test utterances that nothing explains:")
            st.html(counted_words(report.unknown_words[:100], card_of(folder).direction, report.locale))


def page() -> None:
    folder = start("Runs")
    with friendly():
        language = card_of(folder)
        st.subheader(f"{safe_markdown(folder.name)}: {safe_markdown(language.name)}")
        stages(folder)
    reports: list[Report] = []
    tabs = st.tabs(["Scores", "What the lexicon missed", "Report"])
    with tabs[0], friendly():
        reports = read_scores(folder)
        scores(reports)
    with tabs[1], friendly():
        found = read_synthesis(folder)
        if found:
            misses(folder, found, reports)
        else:
            st.info("Nothing synthesized yet.")
    with tabs[2], friendly():
        if (folder / "evaluate" / "report.md").is_file():
            whole_report(folder)
        else:
            st.info("No report yet.")


page()
