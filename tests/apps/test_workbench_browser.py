"""The workbench as a person sees it: served by `lowres app`, in Debian's Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import asked_elsewhere, browser, element, see

for _needed in ("selenium", "streamlit"):
    pytest.importorskip(_needed, reason=f"no {_needed}: pip install 'lowres[app,test]'")
pytestmark = pytest.mark.skipif(
    not (shutil.which("chromium") and shutil.which("chromedriver")),
    reason="no chromium and chromedriver: apt-get install chromium chromium-driver",
)


@pytest.fixture
def address(runs, tmp_path) -> Iterator[str]:
    """The workbench's address, served over the runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "HOME": str(tmp_path)}
    command = [sys.executable, "-m", "lowres", "app", "--runs", str(runs), "--port", str(port)]
    with open(tmp_path / "server.txt", "w") as log:
        server = subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(url: str, server: subprocess.Popen, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert server.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"{url} does not answer")


def test_every_page_shows_its_content_and_asks_nobody_else(address, tmp_path):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    with browser(tmp_path / "profile") as driver:
        driver.get(address)
        see(driver, "toy: Toy")
        see(driver, "evaluate")
        element(driver, "[data-testid=stVegaLiteChart] :is(canvas, svg)")
        shot(driver, tmp_path, "runs")

        driver.find_element(By.LINK_TEXT, "Pairs").click()
        see(driver, "of the words rendered")
        shot(driver, tmp_path, "pairs")

        choose(driver, "urd-toy")
        see(driver, "لگاؤ")
        words = [word.location["x"] for word in driver.find_elements(By.CSS_SELECTOR, ".lr-gloss[dir=rtl] li")[:4]]
        assert words == sorted(words, reverse=True) and len(set(words)) == 4
        assert not driver.find_elements(By.XPATH, "//script[contains(text(), 'alert(1)')]")
        shot(driver, tmp_path, "pairs-urdu")
        driver.find_element(By.LINK_TEXT, "Talk").click()
        see(driver, "no adapter yet")  # the choice went along

        choose(driver, "toy")
        see(driver, "Say something in Toy")
        element(driver, ".st-key-said input").send_keys("molo pasimo eleko", Keys.ENTER)
        see(driver, "% sure", 60)
        element(driver, ".lr-text[lang=qaa]")
        element(driver, ".lr-gloss [lang=qaa]")
        shot(driver, tmp_path, "talk")
        assert asked_elsewhere(driver) == []


def choose(driver, run: str) -> None:
    """Pick a run in the sidebar, and wait until it is the chosen one."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    box = "[data-testid=stSidebar] [data-testid=stSelectbox]"
    element(driver, f"{box} button").click()
    element(driver, "[role=option]")
    next(one for one in driver.find_elements(By.CSS_SELECTOR, "[role=option]") if one.text == run).click()
    WebDriverWait(driver, 10).until(lambda _: element(driver, f"{box} input").get_attribute("value") == run)


def shot(driver, folder, name: str) -> None:
    """A screenshot, kept in pytest's folder, or where SCREENSHOTS says."""
    assert driver.save_screenshot(str(Path(os.environ.get("SCREENSHOTS", folder)) / f"{name}.png"))
