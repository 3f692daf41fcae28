"""Every page as a person sees it: it opens, is legible, asks nobody else; and Urdu reads from right to left."""

import pytest

from tests.apps.axe import serious
from tests.apps.chromium import see, settle, shot
from tests.apps.conftest import APPS

PAGES = sorted(path.stem for path in APPS.glob("*.py") if path.stem != "workbench")


@pytest.fixture(scope="module")
def served(start_workbench, runs):
    """A server over the two runs."""
    return start_workbench(runs=runs)


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_and_is_legible(served, page_at, tmp_path, name, width):
    page = page_at(f"{served.url}/{name}", width=width, scheme="dark" if width == 400 else "light")
    page.locator("h1").first.wait_for()
    settle(page, 60)
    shot(page, tmp_path, f"{name}-{width}")
    assert page.get_by_text("Something went wrong").count() == 0, served.log.read_text()[-3000:]
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
    assert serious(page) == []


def test_urdu_reads_from_right_to_left_and_the_chosen_run_goes_along(served, page_at):
    page = page_at(f"{served.url}/runs")
    see(page, "toy: Toy")
    page.get_by_role("link", name="Pairs").click()
    see(page, "of the words rendered")
    page.locator("[data-testid=stSidebar] [data-testid=stSelectbox] button").first.click()
    page.get_by_role("option", name="urd-toy").click()
    see(page, "لگاؤ")
    words = page.locator(".lr-gloss[dir=rtl]").first.locator("li")
    places = [words.nth(n).bounding_box()["x"] for n in range(words.count())]
    assert len(places) == 4 and places == sorted(places, reverse=True)
    assert page.locator("script", has_text="alert(1)").count() == 0
    page.get_by_role("link", name="Runs").click()
    see(page, "urd-toy: Urdu")
