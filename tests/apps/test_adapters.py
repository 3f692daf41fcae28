"""Adapters: what a registry holds, strangers' cards made harmless, versions and comparisons, pulling, the shelf."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowres.errors import LowresError
from lowres.registry import pull
from lowres.registry.client import open_registry
from lowres.registry.package import Flips
from lowres.workbench.adapters import (
    card_html,
    flip_rows,
    list_rows,
    on_shelf,
    percents,
    read_card,
    read_package_reports,
    read_release,
    score_rows,
    shared_tests,
    shown,
    source_rows,
    version_points,
)
from lowres.workbench.tables import Number
from tests.apps.axe import serious
from tests.apps.chromium import see, settle, shot
from tests.apps.test_workbench import Tags
from tests.registry.toy_package import _figure, make_package

NAMES = {"intent_accuracy": "intents", "slot_f1": "slots", "exact_match": "exact", "gain": "gain"}


@pytest.fixture(autouse=True)
def own_places(tmp_path, monkeypatch):
    monkeypatch.setenv("LOWRES_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LOWRES_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("LOWRES_DATABASE", str(tmp_path / "collections.db"))
    monkeypatch.delenv("LOWRES_REGISTRY", raising=False)


@pytest.fixture
def registry(tmp_path, monkeypatch) -> str:
    """A registry of toy@1.0.0, toy@1.10.0, toy@1.9.0 and other@1.0.0, which the pages show."""
    url = str(tmp_path / "registry")
    lost = Flips(locale="en-US", n=10, active=_figure(0.1), routed=_figure(0.02))
    for number, (name, version, flips) in enumerate([("toy", "1.0.0", ()), ("toy", "1.10.0", (lost,)), ("toy", "1.9.0", ()), ("other", "1.0.0", ())]):
        folder = tmp_path / f"package-{number}"
        package = make_package(folder, name, version, fill=number, flips=flips)
        open_registry(url).publish(folder, package)
    monkeypatch.setenv("LOWRES_REGISTRY", url)
    return url


# --- reading


def test_rows_and_reports_are_those_of_the_registry():
    assert {row.name for row in list_rows("").rows} >= {"swh-massive", "urd-massive"}
    package = read_release("", "swh-massive").package
    report = read_package_reports("", package)[0]
    assert report.systems["adapter"].exact_match.value == pytest.approx(package.scores[0].exact_match.value)
    assert read_card("", package).startswith("---\n")


def test_a_report_of_other_bytes_is_refused(registry):
    package = read_release(registry, "toy@1.0.0").package
    bad = package.model_copy(update={"files": package.files | {"report.json": package.files["labels.json"]}})
    with pytest.raises(LowresError):
        read_package_reports(registry, bad)


def test_a_broken_release_is_a_line_beside_the_others(registry):
    Path(registry, "releases", "toy", "1.9.0.json").write_text("{}", encoding="utf-8")
    Path(registry, "index.json.gz").unlink()
    found = list_rows(registry)
    assert [row.spec for row in found.rows] == ["other@1.0.0", "toy@1.0.0", "toy@1.10.0"] and len(found.broken) == 1


# --- cards


ALLOWED = {"div", "p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "code", "pre", "em", "strong",
           "s", "blockquote", "hr", "br"}  # fmt: skip


@pytest.mark.parametrize(
    "card",
    [
        "![seen](https://example.org/pixel.png)", "![seen][r]\n\n[r]: https://example.org/pixel.png", "[click](https://example.org)",
        "<https://example.org>", '<img src="https://example.org/x.png">', "<script>alert(1)</script>", '<a href="javascript:1">x</a>',
        "[x](javascript:alert(1))", "https://example.org", '```"><script>\nx\n```', "&lt;img src=x onerror=alert(1)&gt;", "a <b onclick=x>",
        "| <img src=x> | ![a](http://x) |\n|---|:-:|\n| <svg onload=1> | b |", "---\nlicense: x\n---\n<style>@import 'http://x'</style>",
    ],
)  # fmt: skip
def test_a_strangers_card_asks_for_nothing_and_runs_nothing(card):
    harmless(card_html(card))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])) | st.text(alphabet="<>![]()`|-#*&\"'= \nahrefsrc:/"))
def test_any_card_asks_for_nothing_and_runs_nothing(card):
    harmless(card_html(card))


def harmless(html: str) -> None:
    for tag, attributes in Tags(html).tags:
        assert tag in ALLOWED and set(attributes) <= {"class", "dir", "style", "tabindex", "start"}
        assert attributes.get("style") in (None, "text-align:left", "text-align:right", "text-align:center")


def test_a_card_keeps_what_it_says():
    html = card_html("---\nlicense: mit\n---\n# Title\n\n- one\n\n| a | b |\n|---|---:|\n| 1 | **2** |\n\n```python\nx < 1\n```\n")
    tags = [tag for tag, _ in Tags(html).tags]
    assert "license" not in html and tags[:2] == ["div", "h3"] and {"li", "table", "strong", "pre"} <= set(tags) and "x &lt; 1" in html
    assert '<div class="lr-scroll" tabindex="0"><table>' in html  # narrow screens scroll it, by keyboard as well


def test_every_card_that_comes_with_lowres_is_shown_whole():
    for row in list_rows("").rows:
        html = card_html(read_card("", read_release("", row.spec).package))
        harmless(html)
        assert row.name in Tags(html).text and "Scores" in Tags(html).text


# --- versions, and two compared


def packages(registry: str, *specs: str) -> list:
    return [read_release(registry, spec).package for spec in specs]


def test_scores_over_versions_come_in_their_order(registry):
    points = version_points(packages(registry, "toy@1.10.0", "toy@1.0.0", "toy@1.9.0"), NAMES)
    assert [one.name for one in points[::3]] == ["1.0.0", "1.9.0", "1.10.0"] and {one.series for one in points} == {"intents", "slots", "exact"}
    assert (points[0].low, points[0].value, points[0].high) == pytest.approx((79, 80, 81))


def test_two_are_compared_by_scores_sources_and_flips(registry):
    both = packages(registry, "toy@1.0.0", "toy@1.10.0")
    assert len(shared_tests(*both)) == 1
    rows = list(score_rows(both, NAMES))
    assert rows[2] == ["massive sw-KE test, 100", "exact", Number("50.0 (49.0 to 51.0)"), Number("50.0 (49.0 to 51.0)")] and len(rows) == 4
    assert list(source_rows(both)) == [["massive", "CC-BY-4.0", "source", "source"]]
    assert list(flip_rows(both)) == [["en-US", Number("–"), Number("–"), Number("10.0 (9.0 to 11.0)"), Number("2.0 (1.0 to 3.0)")]]


def test_other_test_sets_are_not_compared():
    one, other = packages("", "swh-massive", "urd-massive")
    assert shared_tests(one, other) == []
    rows = list(score_rows([one, other], NAMES))
    assert len(rows) == 8 and {row[2].text == "–" for row in rows} == {row[3].text == "–" for row in rows} == {True, False}
    assert percents(None) == "–"


# --- pulling, the shelf


def test_progress_is_drawn_as_bytes_arrive():
    drawn = []
    with shown(lambda share, title: drawn.append((share, title)), "toy", 10) as advance:
        advance(4)
        advance(8)
    assert drawn == [(0.0, "toy"), (0.4, "toy"), (1.0, "toy")]


def test_the_shelf_says_what_was_damaged_since(registry):
    assert on_shelf() == []
    folder = pull("toy@1.0.0", registry).folder
    assert [(one.package.spec, one.problem, one.signed_by) for one in on_shelf()] == [("toy@1.0.0", "", "")]
    (folder / "labels.json").write_text("{}", encoding="utf-8")
    assert "labels.json" in on_shelf()[0].problem


# --- the page


def html_of(test) -> str:
    return "\n".join(one.proto.body for one in test.get("html"))


def test_the_page_lists_what_comes_with_lowres(page, tmp_path):
    test = page("adapters", folder=tmp_path / "runs")
    assert not test.exception and not test.error
    assert "swh-massive@1.0.0" in html_of(test) and "52." in html_of(test) and any("No adapter was pulled" in one.value for one in test.info)


def test_a_card_is_shown_and_its_adapter_pulled(page, registry):
    test = page("adapters")
    test.radio(key="view").set_value("Card").run()
    test.selectbox(key="adapter").set_value("toy@1.9.0").run()
    assert "<h3>toy@1.9.0</h3>" in html_of(test) and "toy@1.9.0" in test.button(key="pull").label
    test.button(key="pull").click().run()
    assert not test.exception and not test.error and "toy/1" in test.success[0].value.replace("\\", "")
    assert [one.package.spec for one in on_shelf()] == ["toy@1.9.0"]


def test_what_cannot_be_pulled_is_one_line(page, registry):
    shutil.rmtree(Path(registry, "blobs"))
    test = page("adapters")
    test.radio(key="view").set_value("Card").run()
    test.button(key="pull").click().run()
    assert not test.exception and test.error and on_shelf() == []


def test_versions_and_comparison_are_shown(page, registry):
    test = page("adapters")
    test.radio(key="view").set_value("Versions").run()
    test.selectbox(key="versions of").set_value("toy").run()
    assert not test.exception and len(test.get("vega_lite_chart") or test.get("arrow_vega_lite_chart")) == 1
    test.radio(key="view").set_value("Compare two").run()
    test.selectbox(key="compared").set_value("toy@1.0.0").run()
    test.selectbox(key="compared with").set_value("toy@1.10.0").run()
    assert not test.exception and "10.0 (9.0 to 11.0)" in html_of(test)


def test_yanked_versions_are_shown_when_asked_for(page, registry):
    open_registry(registry).yank("toy", "1.9.0", "wrong")
    test = page("adapters")
    assert "toy@1.9.0" not in html_of(test)
    test.toggle(key="yanked").set_value(True).run()
    assert "toy@1.9.0" in html_of(test)


def test_an_empty_or_absent_registry_is_said(page, tmp_path, monkeypatch):
    monkeypatch.setenv("LOWRES_REGISTRY", str(tmp_path / "empty"))
    test = page("adapters")
    assert not test.exception and any("holds no adapter" in one.value for one in test.info)
    monkeypatch.setenv("LOWRES_REGISTRY", "nowhere://x")
    test = page("adapters")
    assert not test.exception and len(test.error) == 1


def test_who_signs_in_and_is_no_admin_pulls_nothing(page, registry, monkeypatch):
    monkeypatch.setenv("LOWRES_SIGN_IN", "1")
    test = page("adapters")
    test.radio(key="view").set_value("Card").run()
    assert not test.exception and not test.button and any("An admin can pull" in one.value for one in test.caption)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (400, "light")])
def test_every_view_is_accessible_and_fits(workbench, page_at, tmp_path, width, scheme):
    page = page_at(f"{workbench.url}/adapters", width=width, scheme=scheme)
    for view, shows in {"All": "over the best control", "Card": "Weak points", "Versions": "Scores in percent by version", "Compare two": "What they are"}.items():
        see(page, view)
        page.get_by_text(view, exact=True).click()
        see(page, shows)
        settle(page)
        shot(page, tmp_path, f"adapters-{view.split()[0].lower()}-{width}-{scheme}")
        assert serious(page) == []
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
