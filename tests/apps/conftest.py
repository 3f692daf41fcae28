"""Two runs to be looked at: the toy language's, made for this, and three pairs of right-to-left Urdu; servers and a browser.

How to test a page in the browser:

    def test_it(workbench, page_at):                    # a server of this module on an empty folder of runs and a new database
        page = page_at(f"{workbench.url}/languages")    # page_at(url, width=400, locale="ur", scheme="dark") for others
        see(page, "Swahili")                            # from chromium import see, settle, shot
        assert serious(page) == []                      # from axe import serious

Where people sign in, `come_in(page_at(server.url), server.invitation("judge", "swh"))` makes the page that of a new judge.

`start_workbench(runs=runs, database=…, options=("--sign-in",), LOWRES_SECRET=…)` starts one with settings of its own, and may
be called several times. Every call of `page_at` is another person's browser: it shares no cookies with the others
(`page.context.new_page()` does). After the test the pages are closed, and it fails where one asked another machine for anything.
"""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from lowres.language import card_path
from lowres.synthesis import format_kept
from tests.apps.chromium import NARROW, WIDE, guard, launch
from tests.apps.server import Served, serve
from tests.apps.urdu import urdu_pairs

APPS = Path(__file__).resolve().parents[2] / "apps"
TOY = Path(__file__).resolve().parents[1] / "fixtures" / "qaa"


@pytest.fixture(scope="session")
def runs(tmp_path_factory, tiny_base) -> Path:
    """A folder of runs: `toy`, finished, and `urd-toy`, which has pairs alone; for reading only."""
    from lowres.recipe import read_recipe
    from lowres.run import do_stage, open_run
    from lowres.stages import STAGES

    folder = shutil.copytree(TOY, tmp_path_factory.mktemp("workbench") / "toy")
    shutil.copytree(tiny_base, folder / "tiny")
    run = open_run(read_recipe(folder / "toy.yaml"), folder / "runs")
    for stage in STAGES.values():
        do_stage(run, stage)
    write_urdu(folder / "runs" / "urd-toy")
    return folder / "runs"


def write_urdu(folder: Path) -> None:
    (folder / "synthesize").mkdir(parents=True)
    (folder / "recipe.yaml").write_text("name: urd-toy\nsource: {locale: en-US}\n", encoding="utf-8")
    shutil.copyfile(card_path("urd"), folder / "language.yaml")
    lines = (format_kept(one) + "\n" for one in urdu_pairs())
    (folder / "synthesize" / "pairs.jsonl").write_text("".join(lines), encoding="utf-8")


@pytest.fixture
def page(runs, monkeypatch):
    """`page(name, run=…)`: a page's AppTest on one of the runs, in a folder without recipes, run once."""
    pytest.importorskip("streamlit", reason="no streamlit: pip install 'lowres[app]'")
    from streamlit.testing.v1 import AppTest

    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # AppTest puts the page there; spawned processes would run it

    def opened(name: str, run: str = "toy", folder: Path | None = None):
        monkeypatch.setenv("LOWRES_RUNS", str(folder or runs))
        test = AppTest.from_file(str(APPS / f"{name}.py"), default_timeout=60)
        test.session_state["chosen run"] = run
        return test.run()

    return opened


@pytest.fixture(scope="module")
def browser() -> Iterator:
    """Chromium, for the tests of a module: Playwright's loop must be gone where other modules run loops of their own."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install 'lowres[test]'")
    if not shutil.which("chromium"):
        pytest.skip("no chromium: apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def start_workbench(tmp_path_factory) -> Iterator[Callable[..., Served]]:
    """`start_workbench(runs=…, database=…, options=…, **environment)`: a server until the end of the module."""
    pytest.importorskip("streamlit", reason="no streamlit: pip install 'lowres[app]'")
    with ExitStack() as running:
        yield lambda **settings: running.enter_context(serve(tmp_path_factory.mktemp("served"), **settings))


@pytest.fixture(scope="module")
def workbench(start_workbench) -> Served:
    """A server with no runs and a new database, for one local user."""
    return start_workbench()


@pytest.fixture
def page_at(browser) -> Iterator[Callable]:
    """`page_at(url, width=1280, locale="en-US", scheme="light")`: a page of a new person's browser."""
    contexts = []

    def opened(url: str, width: int = WIDE["width"], locale: str = "en-US", scheme: str = "light"):
        size = NARROW if width <= NARROW["width"] else WIDE
        context = browser.new_context(viewport=size | {"width": width}, locale=locale, color_scheme=scheme, reduced_motion="reduce")
        contexts.append((context, guard(context)))
        page = context.new_page()
        page.goto(url)
        return page

    yield opened
    for context, _ in contexts:
        context.close()
    assert [url for _, asked in contexts for url in asked] == []
