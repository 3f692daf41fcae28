"""Languages: what there is of each, how well it is read, and what to do next."""

import os
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from lowres.evaluation import Report
from lowres.language import Language
from lowres.registry.release import Row
from lowres.workbench.adapters import list_rows, read_package_reports, read_release, registry_url
from lowres.workbench.charts import counts_chart, describe_counts, describe_measured, describe_scores, measured_chart, scores_chart
from lowres.workbench.languages import (
    Known,
    Resource,
    Size,
    Tested,
    absent_datasets,
    card_of_language,
    count,
    evaluated_runs,
    list_languages,
    list_resources,
    measured_versions,
    newest,
    own_resources,
    recipes_of,
    syntheses,
    weak_intents,
)
from lowres.workbench.markup import STYLE, counted_words, safe, safe_markdown
from lowres.workbench.page import friendly
from lowres.workbench.runs import Synthesis, changed_at, command_to_make, local_path
from lowres.workbench.serve import RUNS
from lowres.workbench.tables import TABLE_STYLE, Cell, Number, html_table
from lowres.workbench.wording import _

N_MISSES = 25
Made = Sequence[tuple[Path, Synthesis]]
ORDER = ("lexicon", "paradigms", "names", "text", "utterances", "parallel", "treebank")


def kinds() -> dict[str, str]:
    return {
        "lexicon": _("dictionary entries"), "paradigms": _("forms in paradigms"), "names": _("local names"), "text": _("lines of text"),
        "utterances": _("labelled utterances"), "parallel": _("translated sentences, for tests"), "treebank": _("parsed sentences"),
    }  # fmt: skip


@st.cache_data(ttl=60, show_spinner=False)
def registry_rows(url: str) -> list[Row]:
    return list(list_rows(url).rows)


@st.cache_data(ttl=60, show_spinner="…")
def languages(runs: str, url: str, rows: list[Row]) -> list[Known]:
    return list_languages(Path(runs), rows)


@st.cache_data(show_spinner=False, max_entries=10_000)
def size_of(resource: Resource, changed: int) -> Size:
    return count(resource)


@st.cache_data(show_spinner=False, max_entries=100)
def adapter_reports(url: str, spec: str, release: str) -> list[Report]:
    return read_package_reports(url, read_release(url, spec).package)


# --- all of them


def all_scores(rows: Sequence[Row]) -> None:
    measured = measured_versions(newest(rows))
    if measured:
        title, control = _("Exact match in percent. Line: 95 % interval; orange: the best control."), _("best control")
        st.subheader(_("How well each adapter reads its language"))
        st.vega_lite_chart(spec=measured_chart(measured, control), alt=describe_measured(measured, title, control))
        st.caption(title)


def overview(found: Sequence[Known]) -> None:
    st.subheader(_("All languages"))
    names = kinds()
    head = [
        _("language"), _("code"), _("adapters"), _("runs"), names["lexicon"], names["paradigms"], names["names"], _("more data sets here"),
    ]  # fmt: skip
    caption = _("Languages that somebody has prepared, with the files beside their cards")
    st.html(html_table(caption, head, (prepared_row(one) for one in found if one.prepared)))
    others = [one for one in found if not one.prepared]
    with st.expander(_("{n} more of which the catalogue knows data", n=len(others))):
        rows = ([one.name, one.iso639_3, datasets_here(one)] for one in others)
        st.html(html_table(_("Languages that nobody has prepared yet"), [_("language"), _("code"), _("data sets here")], rows))


def prepared_row(one: Known) -> list[Cell]:
    sizes = {resource.kind: size for resource in own_resources(one.iso639_3) if (size := sized(resource))}
    counts = [Number(f"{sizes[kind].n:,}" if kind in sizes else "–") for kind in ("lexicon", "paradigms", "names")]
    adapters = ", ".join(row.spec for row in one.adapters) or "–"
    return [one.name, one.iso639_3, adapters, ", ".join(path.name for path in one.runs) or "–", *counts, datasets_here(one)]


def datasets_here(one: Known) -> Number:
    mine = [[member for member in dataset.files if member.language in ("", one.iso639_3)] for dataset in one.datasets]
    return Number(_("{n} of {total}", n=sum(all(map(local_path, members)) for members in mine), total=len(mine)))


# --- one of them


def about(known: Known, card: Language | None) -> None:
    st.subheader(safe_markdown(known.name))
    if card is None:
        st.caption(_("ISO 639-3: {code}. Nobody has written a card for it yet.", code=known.iso639_3))
        return
    endonym = f'<bdi lang="{safe(card.bcp47)}" dir="{card.direction}">{safe(card.names.get("endonym", card.name))}</bdi>'
    facts = [known.iso639_3, card.glottocode, card.script, card.typology.word_order]
    facts.append(_("written from right to left") if card.direction == "rtl" else _("written from left to right"))
    listed = "".join(f"<span>{safe(one)}</span>" for one in facts if one)
    st.html(f'<p class="lr-meta" style="font-size: .95rem"><b>{endonym}</b>{listed}</p>')


def read_tested(known: Known) -> list[Tested]:
    found: list[Tested] = []
    with friendly():
        found += evaluated_runs(known)
    for row in known.adapters:
        with friendly():
            found.append(Tested(name=row.spec, reports=tuple(adapter_reports(registry_url(), row.spec, row.release))))
    return [one for one in found if one.reports]


def scores(tested: Sequence[Tested]) -> Report | None:
    """The charts; the report from which follows what to do next."""
    st.subheader(_("How well it is read"))
    if not tested:
        st.info(_("No scores: nothing of this language is tested on human utterances yet."))
        return None
    chosen = tested[0]
    if len(tested) > 1:
        names = [one.name for one in tested]
        chosen = tested[names.index(st.selectbox(_("Run or adapter"), names, key="tested"))]
    for report in chosen.reports:
        one_test(report)
    return chosen.reports[0]


def one_test(report: Report) -> None:
    title = safe_markdown(f"{report.dataset} {report.locale} {report.partition}")
    st.markdown(_("**{title}**, {n} human utterances", title=title, n=f"{report.n:,}"))
    st.vega_lite_chart(spec=scores_chart(report), alt=describe_scores(report))
    st.caption(safe_markdown(report.signature))


def coverage(made: Made, report: Report | None) -> None:
    figures = [(_("source words rendered, {run}", run=safe_markdown(folder.name)), found.covered) for folder, found in made]
    if report and report.known_share is not None:
        figures.append((_("test words that dictionary or tables have"), report.known_share))
    if report and report.closed is not None:
        figures.append((_("way from the best control to human training data"), report.closed))
    for column, (name, value) in zip(st.columns(max(len(figures), 1)), figures, strict=False):
        column.metric(name, f"{value:.0%}", border=True)


def next_steps(known: Known, card: Language | None, listed: Sequence[Resource], made: Made, report: Report | None) -> None:
    st.subheader(_("What to do next"))
    left, right = st.columns(2)
    with left:
        missed_words(made)
        unexplained_words(card, report)
    with right:
        intents(report)
    if report is None:
        st.write(_("Collect human utterances: without them no figure means anything."))
    commands = missing_commands(known, listed)
    if commands:
        st.write(_("On the command line:"))
        st.code("\n".join(commands), language=None, wrap_lines=True)


def missed_words(made: Made) -> None:
    misses = next((found.misses for _folder, found in made if found.misses), ())
    if not misses:
        st.info(_("Which source words the dictionary misses is known once a run has synthesized pairs."))
        return
    rows, title = list(misses[:N_MISSES]), _("times that the dictionary missed it")
    st.write(_("**Source words that the dictionary misses**, most frequent first. Adding them to a dictionary of your own helps most."))
    st.vega_lite_chart(spec=counts_chart(rows), alt=describe_counts(rows, title))


def unexplained_words(card: Language | None, report: Report | None) -> None:
    if report and report.unknown_words:
        st.write(_("**Words of the human test utterances that nothing explains**"))
        st.html(counted_words(report.unknown_words[: 2 * N_MISSES], card.direction if card else "ltr", report.locale))


def intents(report: Report | None) -> None:
    if report is None:
        st.info(_("No intents are known to be weak: nothing is tested yet."))
        return
    title = _("F1 in percent")
    rows = [(f"{row.name} ({row.support})", 100 * row.f1) for row in weak_intents(report)]
    st.write(_("**The weakest intents**, F1 in percent, with the number of their test utterances: look at their pairs, or collect more."))
    st.vega_lite_chart(spec=counts_chart(rows, shape=".0f", most=100), alt=describe_counts(rows, title, ".0f"))


def missing_commands(known: Known, listed: Sequence[Resource]) -> list[str]:
    """What to type where a card, a run or data are missing."""
    absent = absent_datasets(listed)
    recipes = recipes_of(known.iso639_3)
    return [
        *([f"lowres fetch {' '.join(absent)}"] if absent else []),
        *([f"lowres new {known.iso639_3}"] if not known.has_card else []),
        *([f"lowres run {recipes[0]}"] if recipes and not known.runs else []),
        *(command_to_make(folder) for folder in known.runs[:1] if not (folder / "evaluate" / "report.json").is_file()),
    ]


def resources(listed: Sequence[Resource]) -> None:
    """Last, because counting takes a moment the first time."""
    st.subheader(_("What there is on this machine"))
    names = kinds()
    place = st.empty()
    with st.spinner(_("Counting …")):
        counted = [(one, sized(one)) for one in listed]
    totals = {kind: sum(size.n for one, size in counted if size and one.kind == kind) for kind in ORDER}
    rows = [(names[kind], totals[kind]) for kind in ORDER if totals[kind]]
    title = _("how many, all data sets together")
    if rows:
        place.vega_lite_chart(spec=counts_chart(rows), alt=describe_counts(rows, title))
    else:
        place.info(_("Nothing of this language is on this machine yet."))
    head = [_("data"), _("how many"), _("kind"), _("words"), _("licence")]
    st.html(html_table(_("Data of the language"), head, (resource_row(one, size, names) for one, size in counted)))


def sized(one: Resource) -> Size | None:
    if one.path is None:
        return None
    with friendly():
        return size_of(one, changed_at(one.path))
    return None


def resource_row(one: Resource, size: Size | None, names: dict[str, str]) -> list[Cell]:
    many = f"{size.n:,}" if size else _("not on this machine")
    words = f"{size.words:,}" if size and size.words else "–"
    return [one.name, Number(many), names[one.kind], Number(words), one.licence or "–"]


def detail(known: Known) -> None:
    card, made = None, []
    with friendly():
        card = card_of_language(known)
    with friendly():
        made = syntheses(known)
    about(known, card)
    report = scores(read_tested(known))
    coverage(made, report)
    listed = list_resources(known)
    next_steps(known, card, listed, made, report)
    resources(listed)


def page() -> None:
    st.html(STYLE + TABLE_STYLE)
    st.title(_("Languages"))
    choice, below = st.container(), st.container()
    rows: list[Row] = []
    with friendly():
        rows = registry_rows(registry_url())
    asked = st.session_state.get("language") or st.query_params.get("language")
    if not asked:
        with below:
            all_scores(rows)  # before the catalogue is read, which takes a moment the first time
    found = {one.iso639_3: one for one in languages(os.environ.get(RUNS, "runs"), registry_url(), rows)}
    with choice:
        code = st.selectbox(
            _("Language"), list(found), index=list(found).index(asked) if asked in found else None, key="language",
            format_func=lambda one: f"{found[one].name} ({one})", placeholder=_("All languages: choose one to look closer"),
        )  # fmt: skip
    with below:
        if code:
            detail(found[code])
        else:
            overview(list(found.values()))


page()
