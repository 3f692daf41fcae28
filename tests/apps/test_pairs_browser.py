"""A word corrected in the browser by keyboard alone; the open pair passes axe and fits a narrow screen."""

import shutil
from pathlib import Path

import pytest

from lowres.corrections import LEXICON, TAKEN_BACK, read_corrections
from lowres.language import read_language
from tests.apps.axe import serious
from tests.apps.chromium import see, settle, shot


@pytest.fixture(scope="module")
def toy(runs, tmp_path_factory) -> Path:
    """A folder with the toy's recipe, card and runs that may be changed."""
    return shutil.copytree(runs.parent, tmp_path_factory.mktemp("pairs") / "toy")


@pytest.fixture(scope="module")
def served(toy, start_workbench):
    return start_workbench(runs=toy / "runs")


def open_first(page) -> None:
    see(page, "of the words rendered")
    settle(page)
    page.get_by_role("button", name="Look closer, correct").first.press("Enter")
    see(page, "Correct a word", 60)
    settle(page)


def test_a_word_is_corrected_and_taken_back_by_keyboard(served, page_at, toy, tmp_path):
    page = page_at(f"{served.url}/pairs")
    open_first(page)
    assert serious(page) == []
    page.get_by_role("textbox", name="Translation, as a dictionary has it").focus()
    page.keyboard.type("pasula")
    page.keyboard.press("Enter")
    see(page, "Would change")
    see(page, "With this entry, not saved yet")
    shot(page, tmp_path, "pairs-tried")
    page.get_by_role("button", name="Save").press("Enter")
    see(page, "Saved in")
    see(page, "Own entries of Toy: 1")
    path = toy / "languages" / "qaa" / LEXICON
    assert [one.target for one in read_corrections(read_language("qaa", toy), toy)] == ["pasula"]
    page.locator("summary", has_text="Own entries of Toy: 1").press("Enter")
    page.get_by_role("button", name="Take back").press("Enter")
    see(page, "Own entries of Toy: 0")
    assert "pasula" in path.with_name(TAKEN_BACK).read_text(encoding="utf-8") and "pasula" not in path.read_text(encoding="utf-8")


def test_the_open_pair_fits_a_narrow_screen(served, page_at, tmp_path):
    page = page_at(f"{served.url}/pairs", width=400, scheme="dark")
    open_first(page)
    page.get_by_role("tab", name="Rule by rule").press("Enter")
    see(page, "look_up")
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    shot(page, tmp_path, "pairs-narrow")
