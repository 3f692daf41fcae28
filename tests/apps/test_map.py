"""The map: which utterances, where they lie, how they are drawn, and what a click shows."""

import shutil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowres.errors import LowresError
from lowres.utterance import Utterance
from lowres.workbench import map as maps
from lowres.workbench.map import (
    base_name,
    centred,
    direction_of,
    figure,
    flat,
    groups_of,
    list_sources,
    methods,
    nearest_of,
    picked,
    read_bare,
    same_intent,
    sampled,
    source_name,
    vectors_of,
)
from tests.apps.axe import serious
from tests.apps.chromium import see, settle, shot


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def own_places(cache, tmp_path, monkeypatch):
    monkeypatch.setenv("LOWRES_CACHE", str(cache))
    monkeypatch.setenv("LOWRES_DATABASE", str(tmp_path / "collections.db"))
    monkeypatch.delenv("LOWRES_MIRROR", raising=False)


def said(text: str, intent: str | None = "a", locale: str = "en-US") -> Utterance:
    return Utterance(id=text, text=text, locale=locale, intent=intent)


POINTS = [said("one"), said("two", "b"), said("moja", "a", "sw-KE"), said("mbili", "b", "sw-KE")]


# --- which


def test_the_demo_is_always_there_and_massive_where_it_is(mirror, monkeypatch):
    assert [source_name(one) for one in list_sources()] == ["demo en-US train", "demo sw-KE test"]
    monkeypatch.setenv("LOWRES_MIRROR", str(mirror))
    names = [source_name(one) for one in list_sources()]
    assert names[:2] == ["demo en-US train", "demo sw-KE test"] and "massive ur-PK dev" in names


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=8), st.integers(1, 5000))
def test_at_most_so_many_are_drawn_and_short_sources_whole(sizes, most):
    drawn = sampled(sizes, most)
    assert sum(map(len, drawn)) <= most and (sum(sizes) > most or [len(rows) for rows in drawn] == sizes)
    for size, rows in zip(sizes, drawn, strict=True):
        assert len(set(rows)) == len(rows) and all(0 <= one < size for one in rows)
    cut = [len(rows) for size, rows in zip(sizes, drawn, strict=True) if len(rows) < size]
    assert not cut or max(map(len, drawn)) - min(cut) <= 1  # who gives, gives as much as the others


# --- where


def test_the_base_of_an_adapter_is_named(runs, tmp_path):
    assert base_name(runs / "toy") == "tiny"
    with pytest.raises(LowresError, match="names no base"):
        base_name(tmp_path)


def test_vectors_are_of_every_layer(tiny_base):
    reader = read_bare("tiny", tiny_base.parent)
    found = vectors_of(reader, ["molo", "pasimo eleko", "molo"])
    assert found.shape == (2, 3, 16) and found.dtype == np.float16
    assert np.allclose(found[:, 0], found[:, 2], atol=1e-2) and not np.allclose(found[:, 0], found[:, 1], atol=1e-2)


def test_an_adapter_reads_its_dictionary_beside_the_words(runs):
    from lowres.workbench.talk import read_reader

    reader = read_reader(runs / "toy")
    text = next(iter(reader.glosser.glosses))
    with_glosses = vectors_of(reader, [text])
    reader.glosser = None
    assert not np.allclose(with_glosses, vectors_of(reader, [text]), atol=1e-2)


def test_languages_are_put_around_their_own_middle():
    rows = np.array([[1, 2], [3, 4], [10, 10], [12, 14]], dtype=np.float32)
    moved = centred(rows, ["a", "a", "b", "b"])
    assert np.allclose(moved[:2].mean(0), 0) and np.allclose(moved[2:].mean(0), 0) and rows[0, 0] == 1


def test_the_directions_in_which_rows_differ_most_are_drawn():
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=(60, 8)).astype(np.float32) * np.array([0.1, 9, 0.1, 3, 0.1, 0.1, 0.1, 0.1], dtype=np.float32)
    placed = flat(hidden)
    assert placed.shape == (60, 2) and abs(np.corrcoef(placed[:, 0], hidden[:, 1])[0, 1]) > 0.99
    assert abs(np.corrcoef(placed[:, 1], hidden[:, 3])[0, 1]) > 0.95 and np.array_equal(placed, flat(hidden))


@pytest.mark.parametrize("method", methods(10))
@pytest.mark.parametrize("n", [1, 2, 3, 5, 40])
def test_few_points_are_drawn_as_well(n, method):
    rows = np.random.default_rng(0).normal(size=(n, 6)).astype(np.float32)
    assert flat(rows, method).shape == (n, 2) and np.isfinite(flat(rows, method)).all()
    assert np.isfinite(flat(np.zeros((n, 6), dtype=np.float32), "PCA")).all()


def test_slow_ways_are_for_few_points():
    assert methods(maps.MOST_NEIGHBOURS + 1) == ["PCA"]


def test_nearest_utterances_and_their_intents():
    rows = np.array([[1, 0], [0, 1], [2, 0.1], [3, 0.2]], dtype=np.float32)
    assert nearest_of(rows, [2, 3], [0, 1]) == [0, 0] and same_intent(rows, POINTS) == {"sw-KE": 0.5}
    assert same_intent(rows[:2], POINTS[:2]) == {}


# --- how it is drawn


def test_groups_are_languages_or_intents():
    assert groups_of(POINTS, "language") == ["en-US", "en-US", "sw-KE", "sw-KE"]
    assert groups_of(POINTS, "intent") == ["a", "b", "a", "b"] and groups_of(POINTS, "intent", ["b"]) == ["", "b", "", "b"]
    assert len(set(groups_of([said(str(n), f"i{n:02}") for n in range(30)], "intent"))) == maps.N_COLOURS + 1


def test_every_point_is_drawn_once_by_webgl_with_its_number():
    places = np.arange(8, dtype=np.float32).reshape(4, 2)
    plot = figure(places, POINTS, groups_of(POINTS, "intent", ["b"]), "others", "en-US")
    assert {trace.type for trace in plot.data} == {"scattergl"} and [trace.name for trace in plot.data] == ["others", "b"]
    assert sorted(n for trace in plot.data for n in trace.customdata) == [0, 1, 2, 3]
    assert list(plot.data[1].marker.symbol) == ["circle", "circle-open"]  # by language


def test_what_is_pointed_at_is_text():
    plot = figure(np.zeros((1, 2)), [said("<b>a</b> & " + "x" * 200, "<i>")], ["<i>"], "others")
    assert plot.data[0].text[0].startswith("&lt;b&gt;a&lt;/b&gt; &amp; xx") and plot.data[0].text[0].count("<") == 1


@pytest.mark.parametrize(
    ("event", "numbers"),
    [
        (None, []), ({"selection": {"points": []}}, []), ({"selection": {"points": [{"customdata": 2}, {"customdata": [1]}]}}, [2, 1]),
        ({"selection": {"points": [{"customdata": 9}, {"customdata": -1}, {"customdata": "x"}, {}]}}, []),  # of the map before
    ],
)  # fmt: skip
def test_what_was_clicked_is_of_this_map(event, numbers):
    assert picked(event, 4) == numbers


def test_directions_are_the_cards():
    assert direction_of("ur-PK") == "rtl" and direction_of("sw-KE") == "ltr" and direction_of("xx-strange") == "auto"


# --- the page


def html_of(test) -> str:
    return "\n".join(one.proto.body for one in test.get("html"))


def test_the_page_draws_the_demo_through_a_run(page, runs, tmp_path):
    shutil.copytree(runs.parent / "tiny", tmp_path / "tiny")
    copied = shutil.copytree(runs, tmp_path / "runs")
    shutil.copyfile(runs.parent / "toy.yaml", tmp_path / "toy.yaml")
    for name in ("languages", "qaa.py"):
        source = runs.parent / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, tmp_path / name)
    test = page("map", folder=copied)
    assert not test.exception and not test.error and len(test.get("plotly_chart")) == 2
    assert "same intent" in html_of(test) and html_of(test).count('lang="sw-KE"') >= 10
    test.radio(key="sides").set_value("the base alone").run()
    test.radio(key="by").set_value("language").run()
    test.toggle(key="centred").set_value(False).run()
    test.number_input[0].set_value(test.number_input[0].max).run()
    assert not test.exception and not test.error and len(test.get("plotly_chart")) == 1


def test_no_utterances_is_a_sentence(page, tmp_path):
    test = page("map", folder=tmp_path / "runs")
    test.multiselect(key="sources").set_value([]).run()
    assert not test.exception and "at least one set" in test.info[0].value


def test_what_comes_with_lowres_is_a_map_and_a_click_shows_the_utterance(workbench, page_at, tmp_path):
    page = page_at(f"{workbench.url}/map")
    page.set_viewport_size({"width": 1280, "height": 1900})
    see(page, "What you clicked", 180)
    page.locator(".js-plotly-plot").nth(1).wait_for()
    settle(page, 60)
    assert serious(page) == []
    spot = page.evaluate("""() => {
        const map = document.querySelector(".js-plotly-plot"), box = map.getBoundingClientRect(), layout = map._fullLayout;
        const trace = map._fullData[1];
        const [x, y] = [layout.xaxis.l2p(trace.x[0]), layout.yaxis.l2p(trace.y[0])];
        return {x: box.x + layout.xaxis._offset + x, y: box.y + layout.yaxis._offset + y};
    }""")
    page.mouse.move(spot["x"], spot["y"])
    page.locator(".hoverlayer .hovertext").first.wait_for()
    page.mouse.click(spot["x"], spot["y"])
    page.locator("p.lr-text").first.wait_for(timeout=30_000)
    shot(page, tmp_path, "map-1280")


def test_the_map_fits_a_narrow_dark_screen(workbench, page_at, tmp_path):
    page = page_at(f"{workbench.url}/map", width=400, scheme="dark")
    see(page, "What you clicked", 180)
    settle(page, 60)
    page.get_by_text("The same as a table").click()
    see(page, "nearest in another language")
    shot(page, tmp_path, "map-400-dark")
    assert serious(page) == [] and page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 400
