"""Fonts of every script, both themes, narrow screens, the keyboard; and no serious finding of axe."""

import re

import pytest

from lowres.workbench import fonts
from lowres.workbench.fonts import _choose, _ranges
from tests.apps.axe import serious
from tests.apps.chromium import come_in, see, settle, shot

INSTALLED = pytest.mark.skipif(not fonts.found_faces(), reason="no Noto fonts: apt-get install fonts-noto-core")


# --- fonts


def test_ranges_begin_above_what_is_left_to_the_page():
    assert _ranges("20-7e a0 1200-1248 124a", 0x24F) == ((0x1200, 0x1248), (0x124A, 0x124A))
    assert _ranges("240-260", 0x24F) == ((0x250, 0x260),) and _ranges("20-7e", 0x7F) == ()


def test_a_face_is_chosen_for_each_script_and_weight(tmp_path):
    names = (
        "NotoSans-Regular.ttf NotoSans-Bold.ttf NotoSans-Italic.ttf NotoSansEthiopic-Regular.ttf NotoSerifEthiopic-Regular.ttf "
        "NotoSerifTibetan-Bold.ttf NotoSansMono-Regular.ttf NotoSansArabicUI-Regular.ttf NotoSansArabic[wght].ttf "
        "NotoNastaliqUrdu-Regular.ttf NotoSansCJK-Regular.ttc NotoColorEmoji.ttf DejaVuSans.ttf"
    ).split()
    chosen = {face.path.name: face for face in _choose((tmp_path / name, "20-7e 1200") for name in names)}
    assert set(chosen) == {
        "NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSansEthiopic-Regular.ttf", "NotoSerifTibetan-Bold.ttf",
        "NotoSansArabic[wght].ttf", "NotoNastaliqUrdu-Regular.ttf",
    }  # fmt: skip
    assert chosen["NotoSans-Bold.ttf"].weight == "700" and chosen["NotoSansArabic[wght].ttf"].weight == "100 900"
    assert chosen["NotoNastaliqUrdu-Regular.ttf"].family == fonts.NASTALIQ
    assert "unicode-range:U+1200}" in chosen["NotoSansEthiopic-Regular.ttf"].css


def test_where_no_font_is_installed_it_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(fonts, "_installed", lambda: [])
    assert fonts.found_faces.__wrapped__() == ()
    assert "fonts-noto-core" in capsys.readouterr().err


@INSTALLED
def test_code_points_are_those_that_the_file_has():
    path = next(face.path for face in fonts.found_faces() if face.path.name.startswith("NotoSansEthiopic"))
    assert set(_ranges(fonts._charset(path), 0x1100)) >= {(0x1200, 0x1200), (0x1338, 0x1338)}


@INSTALLED
def test_only_the_fonts_of_the_letters_on_the_page_are_loaded_from_here(workbench, page_at):
    page = page_at(f"{workbench.url}/people")
    see(page, "Who takes part")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(
        """() => document.querySelector("[data-testid=stMain]").insertAdjacentHTML("beforeend",
        '<p lang="am">ጤና ይስጥልኝ</p><p lang="ur" dir="rtl">آج موسم کیسا ہے</p>')"""
    )
    page.wait_for_function(
        """() => ["Lowres Noto", "Lowres Nastaliq"].every((family) =>
        [...document.fonts].some((face) => face.family.includes(family) && face.status === "loaded"))"""
    )
    loaded = [url.removeprefix(f"{workbench.url}/fonts/") for url in asked if "/fonts/" in url]
    assert {"NotoSansEthiopic-Regular.ttf", "NotoNastaliqUrdu-Regular.ttf"} <= set(loaded) and len(loaded) <= 4


# --- pages


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_a_page_is_legible_in_both_themes_and_on_a_phone(workbench, page_at, tmp_path, scheme, width):
    page = page_at(f"{workbench.url}/people", scheme=scheme, width=width)
    see(page, "Who takes part")
    settle(page)
    shot(page, tmp_path, f"people-{scheme}-{width}")
    colour = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", colour)[:3])) < 200) == (scheme == "dark")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
    assert serious(page) == []


def test_keys_are_told_by_a_key(workbench, page_at):
    page = page_at(f"{workbench.url}/people")
    see(page, "Who takes part")
    settle(page)
    page.keyboard.press("?")
    see(page, "save, and on to the next")
    assert serious(page) == []
    page.keyboard.press("Escape")
    page.get_by_text("save, and on to the next").wait_for(state="hidden")


def test_a_question_mark_in_a_text_is_a_question_mark(workbench, page_at):
    page = page_at(f"{workbench.url}/people")
    see(page, "Who takes part")
    settle(page)
    page.get_by_role("combobox").first.click()
    page.keyboard.type("?")
    page.wait_for_timeout(300)
    assert page.get_by_text("save, and on to the next").count() == 0


def test_doors_are_legible_too(start_workbench, page_at, tmp_path):
    server = start_workbench(options=("--sign-in",))
    for scheme in ("light", "dark"):
        page = page_at(server.invitation("judge", "swh"), scheme=scheme, width=400)
        see(page, "You are invited")
        shot(page, tmp_path, f"enter-{scheme}")
        assert serious(page) == []
    come_in(page, page.url)
    page.goto(f"{server.url}/leave")
    see(page, "To come back you need a new link")
    assert serious(page) == []
    page.goto(f"{server.url}/enter?token=x")
    see(page, "That did not work")
    assert serious(page) == []
