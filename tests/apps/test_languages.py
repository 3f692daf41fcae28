"""Languages: which there are, what is counted of them, how well they are read, what to do next; charts and tables beside them."""

import json
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowres.evaluation.tables import Row as LabelRow
from lowres.registry.release import Row
from lowres.workbench import languages
from lowres.workbench.adapters import list_rows
from lowres.workbench.charts import Measured, counts_chart, describe_counts, describe_measured, measured_chart, versions_chart
from lowres.workbench.languages import (
    absent_datasets,
    card_of_language,
    count,
    evaluated_runs,
    language_name,
    list_languages,
    list_resources,
    measured_versions,
    newest,
    own_resources,
    recipes_of,
    syntheses,
    weak_intents,
)
from lowres.workbench.runs import read_scores
from lowres.workbench.tables import Number, Text, html_table
from tests.apps.axe import serious
from tests.apps.chromium import see, settle, shot
from tests.apps.test_workbench import Tags


@pytest.fixture(autouse=True)
def own_places(tmp_path, monkeypatch):
    monkeypatch.setenv("LOWRES_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LOWRES_DATABASE", str(tmp_path / "collections.db"))
    monkeypatch.delenv("LOWRES_MIRROR", raising=False)
    monkeypatch.delenv("LOWRES_REGISTRY", raising=False)


@pytest.fixture
def known(runs):
    """Every language by its code, with the toy's runs and what comes with lowres."""
    return {one.iso639_3: one for one in list_languages(runs, list_rows("").rows)}


def row(name: str = "a", version: str = "1.0.0", **more) -> Row:
    rest = {"language": "swh", "locale": "sw-KE", "base": "b", "licence": "MIT", "private": False, "bytes": 1, "created": "2026", "signed": False}
    return Row.model_validate({"name": name, "version": version, "release": "0" * 64, "exact_match": None, "gain": None} | rest | more)


# --- which


def test_languages_come_from_cards_registry_runs_and_catalogue(known):
    assert known["swh"].has_card and [one.spec for one in known["swh"].adapters] == ["swh-massive@1.0.0"]
    assert [path.name for path in known["qaa"].runs] == ["toy"] and known["qaa"].name == "Toy" and not known["qaa"].has_card
    assert [path.name for path in known["urd"].runs] == ["urd-toy"]
    assert not known["yor"].prepared and {one.name for one in known["yor"].datasets} >= {"injongo", "wiktionary-yor"}
    listed = list(known.values())
    assert [one.prepared for one in listed] == sorted((one.prepared for one in listed), reverse=True)


def test_dictionaries_are_listed_with_the_other_language(known):
    assert not any(one.kind == "lexicon" for one in known["eng"].datasets)
    assert any(one.kind == "lexicon" for one in known["swh"].datasets)


def test_the_newest_version_that_is_not_yanked_counts():
    rows = [row(version="1.9.0"), row(version="1.10.0"), row(version="2.0.0", yanked=True), row(name="b")]
    assert [one.spec for one in newest(rows)] == ["a@1.10.0", "b@1.0.0"]


def test_a_run_whose_card_is_broken_is_passed_over(runs, tmp_path):
    broken = shutil.copytree(runs, tmp_path / "runs")
    (broken / "toy" / "language.yaml").write_text("iso639_3: [", encoding="utf-8")
    assert "qaa" not in {one.iso639_3 for one in list_languages(broken, ())}


def test_the_card_is_the_users_or_the_runs(known):
    assert card_of_language(known["swh"]).names["endonym"] == "Kiswahili"
    assert card_of_language(known["qaa"]).name == "Toy" and card_of_language(known["yor"]) is None


def test_individual_languages_are_called_by_their_plain_names():
    assert language_name("swh") == "Swahili" and language_name("urd") == "Urdu"


# --- what there is


def test_what_comes_with_lowres_is_counted(known):
    listed = {one.name: one for one in list_resources(known["swh"])}
    lines = (languages.resources_folder() / "languages" / "swh" / "lexicon.tsv").read_text(encoding="utf-8").splitlines()
    assert count(listed["swh/lexicon.tsv"]).n == len([line for line in lines if line.strip() and not line.startswith("#")]) - 1
    assert count(listed["swh/paradigms.tsv"]).n > 1000 and count(listed["swh/entities.tsv"]).n > 400
    said = count(listed["demo/sw-KE.jsonl"])
    assert said.n == 190 and said.words > 4 * said.n and listed["demo/sw-KE.jsonl"].licence == "CC0-1.0"
    assert listed["swh/lexicon.tsv"].licence == "CC0-1.0"


def test_what_is_elsewhere_has_no_path_and_is_named_for_fetching(known):
    listed = list_resources(known["swh"])
    assert next(one for one in listed if one.name == "massive sw-KE").path is None
    absent = absent_datasets(listed)
    assert "freedict-eng-swh" in absent and "massive" not in absent  # a run fetches what it needs of that
    assert "afromt-eng-swh" not in absent  # of no stated licence


def test_what_is_in_the_mirror_is_counted(known, mirror, monkeypatch):
    monkeypatch.setenv("LOWRES_MIRROR", str(mirror))
    listed = {one.name: one for one in list_resources(known["swh"])}
    assert count(listed["massive sw-KE"]).n == 16_521 and count(listed["bible-swh"]).n == 7_853
    assert all(one.path for one in listed.values()) and absent_datasets(list(listed.values())) == []


def test_every_kind_of_data_of_the_catalogue_can_be_counted(known, mirror, monkeypatch):
    monkeypatch.setenv("LOWRES_MIRROR", str(mirror))
    seen = {}
    for one in (*list_resources(known["swh"]), *list_resources(known["eng"]), *list_resources(known["gsw"])):
        if (one.kind, one.format) not in seen:
            seen[one.kind, one.format] = count(one)
    assert len(seen) > 8 and all(size.n > 0 for size in seen.values())


def test_a_language_without_anything_beside_a_card_has_nothing_of_its_own():
    assert list(own_resources("yor")) == [] and recipes_of("yor") == []
    assert recipes_of("swh")[0] == "swh-demo"  # which needs no data


# --- how well, and what next


def test_runs_that_were_evaluated_are_tested(known):
    assert [one.name for one in evaluated_runs(known["qaa"])] == ["toy"] and evaluated_runs(known["urd"]) == []
    assert [folder.name for folder, _ in syntheses(known["qaa"])] == ["toy"]


def label(name: str, support: int, f1: float) -> LabelRow:
    return LabelRow(name=name, support=support, n_predicted=0, precision=0, recall=0, f1=f1, accuracy=0, exact_match=0)


def test_weak_intents_are_those_with_enough_utterances_to_say_so(runs):
    from dataclasses import replace

    report = read_scores(runs / "toy")[0]
    rows = [label("rare", 1, 0.0), label("unseen", 0, 0.0), *(label(f"i{n}", 10 + n, 0.9 - n / 100) for n in range(20))]
    weak = weak_intents(replace(report, intents=tuple(rows)))
    assert [one.name for one in weak][:2] == ["i19", "i18"] and len(weak) == languages.N_WEAK
    assert [one.name for one in weak_intents(replace(report, intents=tuple(rows[:4])))] == ["rare", "i1", "i0"]


def test_measured_adapters_stand_beside_their_control():
    figure = {"value": 0.5, "low": 0.4, "high": 0.6}
    gain = {"value": 0.2, "low": 0.1, "high": 0.3}
    rows = [row(exact_match=figure, gain=gain), row(name="b", exact_match=figure | {"value": 0.55}), row(name="c"), row(name="u", language="urd", exact_match=figure)]
    found = measured_versions(rows)
    assert [one.name for one in found] == ["b@1.0.0", "a@1.0.0", "Urdu"]  # two of Swahili are told apart
    assert found[1].control == pytest.approx(30) and found[0].control is None


# --- charts and tables


def test_charts_are_plain_values_with_words_beside_them():
    rows = [Measured(name="x", value=50, low=40, high=60, control=30), Measured(name="y", value=20, low=10, high=30)]
    chart = measured_chart(rows, "control")
    assert [one["value"] for one in chart["data"]["values"]] == [50, 20] and json.dumps(chart)
    assert describe_measured(rows, "t", "control") == "t: x 50.0 (40.0 to 60.0), control 30.0; y 20.0 (10.0 to 30.0)"
    assert describe_counts([("a", 1200)], "t") == "t: a 1,200" and counts_chart([("a", 3)], most=100)["data"]["values"] == [{"name": "a", "n": 3}]
    assert len(versions_chart(rows)["data"]["values"]) == 2


@given(st.text(), st.text(), st.text())
def test_tables_show_any_text_as_text(caption, cell, lang):
    html = html_table(caption, ["a", cell], [[cell, Text(cell, lang, "rtl"), Number(cell)]])
    assert [tag for tag, _ in Tags(html).tags] == ["div", "table", "caption", "thead", "tr", "th", "th", "tbody", "tr", "th", "td", "td"]
    html.encode("utf-8")


def test_a_text_in_a_table_has_its_language_and_direction():
    cells = [attrs for tag, attrs in Tags(html_table("c", ["h"], [["x", Text("لگاؤ", "ur-PK", "rtl")]])).tags if tag == "td"]
    assert cells == [{"dir": "rtl", "lang": "ur-PK"}]


# --- the page


def html_of(test) -> str:
    return "\n".join(one.proto.body for one in test.get("html"))


def charts_of(test) -> list:
    return list(test.get("vega_lite_chart") or test.get("arrow_vega_lite_chart"))


def test_the_page_shows_all_languages_with_nothing_but_what_is_bundled(page, tmp_path):
    test = page("languages", folder=tmp_path / "runs")
    assert not test.exception and not test.error and len(charts_of(test)) == 1
    assert "Amharic" in html_of(test) and "swh-massive@1.0.0" in html_of(test) and "Yoruba" in html_of(test)


def test_a_bundled_language_has_scores_next_steps_and_resources(page, tmp_path):
    test = page("languages", folder=tmp_path / "runs")
    test.selectbox(key="language").set_value("urd").run()
    assert not test.exception and not test.error and len(charts_of(test)) == 3
    assert '<bdi lang="ur" dir="rtl">اردو</bdi>' in html_of(test) and 'class="lr-words" dir="rtl"' in html_of(test)
    assert "not on this machine" in html_of(test) and "lowres run urd-massive" in test.code[0].value


def test_a_runs_language_shows_its_misses(page):
    test = page("languages")
    test.selectbox(key="language").set_value("qaa").run()
    assert not test.exception and not test.error and len(charts_of(test)) >= 3
    assert any("dictionary misses" in one.value for one in test.markdown) and len(test.metric) >= 1


def test_a_language_that_nobody_prepared_says_how_to_begin(page, tmp_path):
    test = page("languages", folder=tmp_path / "runs")
    test.selectbox(key="language").set_value("yor").run()
    assert not test.exception and not test.error
    assert "lowres new yor" in test.code[0].value and "lowres fetch wiktionary-yor" in test.code[0].value


def test_a_registry_that_cannot_be_read_is_one_line_and_the_rest_is_shown(page, runs, tmp_path, monkeypatch):
    monkeypatch.setenv("LOWRES_REGISTRY", "nowhere://x")
    test = page("languages")
    assert not test.exception and len(test.error) == 1 and "Swahili" in html_of(test)


def test_a_broken_report_is_one_line_and_the_rest_is_shown(page, runs, tmp_path):
    broken = shutil.copytree(runs, tmp_path / "runs")
    (broken / "toy" / "evaluate" / "report.json").write_text("{}", encoding="utf-8")
    test = page("languages", folder=broken)
    test.selectbox(key="language").set_value("qaa").run()
    assert not test.exception and len(test.error) == 1 and any("dictionary misses" in one.value for one in test.markdown)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (400, "dark")])
def test_the_page_is_accessible_and_fits(workbench, page_at, tmp_path, width, scheme):
    page = page_at(f"{workbench.url}/?language=swh", width=width, scheme=scheme)
    see(page, "Kiswahili")
    see(page, "Data of the language", 60)
    settle(page)
    shot(page, tmp_path, f"languages-{width}-{scheme}")
    assert serious(page) == []
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
