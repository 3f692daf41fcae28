"""Adapters: what the registry holds, their cards, scores over versions, two compared, and pulling one."""

from collections.abc import Sequence

import streamlit as st

from lowres.registry import pull
from lowres.registry.package import Package
from lowres.registry.release import Release, Row
from lowres.workbench.access import is_admin, signs_in
from lowres.workbench.adapters import (
    Listed,
    OnShelf,
    card_html,
    flip_rows,
    list_rows,
    on_shelf,
    percents,
    read_card,
    read_release,
    registry_url,
    score_rows,
    shared_tests,
    shelf_changed_at,
    shown,
    source_rows,
    version_points,
)
from lowres.workbench.charts import describe_measured, describe_versions, measured_chart, versions_chart
from lowres.workbench.languages import language_name, measured_versions
from lowres.workbench.markup import STYLE, safe_markdown
from lowres.workbench.page import friendly
from lowres.workbench.tables import TABLE_STYLE, Cell, Number, html_table
from lowres.workbench.wording import _


def score_names() -> dict[str, str]:
    return {
        "intent_accuracy": _("intent accuracy"), "slot_f1": _("slot F1"), "exact_match": _("exact match"),
        "gain": _("exact match over the best control"),
    }  # fmt: skip


@st.cache_data(ttl=60, show_spinner="…")
def listed_rows(url: str) -> Listed:
    return list_rows(url)


@st.cache_data(show_spinner=False, max_entries=200)
def release_of(url: str, spec: str, sha256: str) -> Release:
    return read_release(url, spec)


def published(row: Row) -> Release:
    return release_of(registry_url(), row.spec, row.release)


# --- the list


def adapter_row(row: Row, pulled: dict[str, OnShelf]) -> list[Cell]:
    marks = ((_("signed"), row.signed), (_("private"), row.private), (_("yanked"), row.yanked), (_("pulled"), row.spec in pulled))
    size = f"{row.bytes / 1e6:.1f} MB"
    return [
        row.spec, f"{language_name(row.language)} ({row.locale})", row.base, Number(size), Number(percents(row.exact_match)),
        Number(percents(row.gain)), row.licence, ", ".join(mark for mark, yes in marks if yes) or "–",
    ]  # fmt: skip


def the_list(rows: Sequence[Row], pulled: dict[str, OnShelf]) -> None:
    head = [
        _("adapter"), _("language"), _("base"), _("size"), _("exact match"), _("over the best control"), _("licence"), _("marks"),
    ]  # fmt: skip
    measured = measured_versions(rows)
    if measured:
        title, control = _("Exact match in percent. Line: 95 % interval; orange: the best control."), _("best control")
        st.vega_lite_chart(spec=measured_chart(measured, control), alt=describe_measured(measured, title, control))
        st.caption(title)
    st.html(html_table(_("Adapters of the registry; percent, with 95 % intervals"), head, (adapter_row(row, pulled) for row in rows)))


# --- one


def one_adapter(rows: Sequence[Row], pulled: dict[str, OnShelf]) -> None:
    specs = {row.spec: row for row in rows}
    row = specs[st.selectbox(_("Adapter"), list(specs), key="adapter")]
    pull_it(row, pulled)
    with friendly():
        st.html(card_html(read_card(registry_url(), published(row).package)))


def pull_it(row: Row, pulled: dict[str, OnShelf]) -> None:
    here = pulled.get(row.spec)
    if here:
        st.success(_("On this machine: {place}", place=safe_markdown(here.folder)))
        return
    if signs_in() and not is_admin():
        st.caption(_("An admin can pull it to the machine that serves this page."))
        return
    bar = st.empty()
    if not st.button(_("Pull {adapter}, {size} MB", adapter=row.spec, size=f"{row.bytes / 1e6:.1f}"), key="pull"):
        return
    with friendly():
        pull(row.spec, registry_url(), progress=lambda title, total: shown(lambda share, said: bar.progress(share, said), title, total))
        st.rerun()


def versions(rows: Sequence[Row]) -> None:
    names = list(dict.fromkeys(row.name for row in rows))
    name = st.selectbox(_("Adapter"), names, key="versions of")
    with friendly():
        points = version_points([published(row).package for row in rows if row.name == name and not row.yanked], score_names())
        if not points:
            st.info(_("This adapter was published without scores."))
            return
        title = _("Scores in percent by version; lines: 95 % intervals.")
        st.vega_lite_chart(spec=versions_chart(points), alt=describe_versions(points, title))
        st.caption(title)


# --- two


def compare(rows: Sequence[Row]) -> None:
    specs = {row.spec: row for row in rows}
    left, right = st.columns(2)
    one = left.selectbox(_("Adapter"), list(specs), key="compared")
    other = right.selectbox(_("beside"), list(specs), index=min(1, len(specs) - 1), key="compared with")
    with friendly():
        beside([published(specs[spec]).package for spec in (one, other)])


def beside(packages: Sequence[Package]) -> None:
    specs, names = [package.spec for package in packages], score_names()
    st.html(html_table(_("What they are"), [_("what"), *specs], facts(packages)))
    st.html(html_table(_("Scores in percent, with 95 % intervals"), [_("test set"), _("score"), *specs], score_rows(packages, names)))
    if not shared_tests(*packages):
        st.caption(_("They were tested on different utterances, so their scores cannot be compared with each other."))
    lost = [f"{spec}, {how}" for spec in specs for how in (_("switched on"), _("routed"))]
    caption = _("Utterances of other languages that the base reads right and that are lost, in percent")
    flips = list(flip_rows(packages))
    if flips:
        st.html(html_table(caption, [_("locale"), *lost], flips))
    st.html(html_table(_("Data that they were made from"), [_("data"), _("licence"), *specs], source_rows(packages)))


def facts(packages: Sequence[Package]) -> list[list[Cell]]:
    rows = {
        _("language"): [f"{language_name(one.language)} ({one.locale})" for one in packages],
        _("base"): [one.base.spec for one in packages],
        _("the base's weights"): [one.base.weights[:12] + "…" for one in packages],
        _("licence"): [one.licence for one in packages],
        _("size"): [f"{one.bytes / 1e6:.1f} MB" for one in packages],
        _("made"): [one.created[:10] for one in packages],
        _("core minutes"): [f"{sum(one.core_minutes.values()):.1f}" if one.core_minutes else "–" for one in packages],
        _("lowres"): [one.lowres for one in packages],
    }
    return [[name, *values] for name, values in rows.items()]


# --- the shelf


@st.cache_data(max_entries=4, show_spinner=False)
def checked_shelf(changed: int) -> list[OnShelf]:
    return on_shelf()


def the_shelf(found: Sequence[OnShelf]) -> None:
    if not found:
        st.info(_("No adapter was pulled yet."))
        return
    head = [_("adapter"), _("checked"), _("signed by"), _("folder")]
    whole, nobody = _("every file as it was published, and it fits its base"), _("no known key")
    rows = [[one.package.spec, one.problem or whole, one.signed_by or nobody, str(one.folder)] for one in found]
    st.html(html_table(_("Adapters on this machine"), head, rows))


def page() -> None:
    st.html(STYLE + TABLE_STYLE)
    st.title(_("Adapters"))
    found = Listed(rows=(), broken=())
    with friendly():
        found = listed_rows(registry_url())
    st.caption(_("Registry: {place}", place=safe_markdown(registry_url() or _("the one that comes with lowres"))))
    for line in found.broken:
        st.warning(safe_markdown(line))
    everything = any(row.yanked for row in found.rows) and st.toggle(_("Show yanked versions, too"), key="yanked")
    rows = [row for row in found.rows if everything or not row.yanked]
    shelf = checked_shelf(shelf_changed_at())
    pulled = {one.package.spec: one for one in shelf if not one.problem}
    if not rows:
        st.info(_("The registry holds no adapter."))
    else:
        tabs(rows, pulled)
    st.subheader(_("On this machine"))
    the_shelf(shelf)


def tabs(rows: Sequence[Row], pulled: dict[str, OnShelf]) -> None:
    views = {_("All"): lambda: the_list(rows, pulled), _("Card"): lambda: one_adapter(rows, pulled),
             _("Versions"): lambda: versions(rows), _("Compare two"): lambda: compare(rows)}  # fmt: skip
    chosen = st.radio(_("Show"), list(views), horizontal=True, key="view", label_visibility="collapsed")
    views[chosen]()


page()
