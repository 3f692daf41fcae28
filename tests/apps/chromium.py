"""Debian's Chromium, headless, by Playwright; a page of it that asks anything of another machine fails its test.

    def test_it(workbench, page_at):
        page = page_at(f"{workbench.url}/languages")
        see(page, "Swahili")

The fixtures `browser`, `workbench`, `start_workbench` and `page_at` are in conftest.py.
"""

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
WIDE, NARROW = {"width": 1280, "height": 1000}, {"width": 400, "height": 860}
_LOCAL = {"127.0.0.1", "localhost"}


def launch(playwright):
    """A Playwright browser."""
    return playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)


def guard(context) -> list[str]:
    """Block what a context asks of other machines; returns the list that fills with it."""
    asked: list[str] = []

    def elsewhere(url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in _LOCAL

    def refuse(route) -> None:
        asked.append(route.request.url)
        route.abort()

    context.route(elsewhere, refuse)
    return asked


def see(page, text: str, seconds: float = 30) -> None:
    """Wait until the page shows `text`."""
    page.get_by_text(text).locator("visible=true").first.wait_for(timeout=seconds * 1000)


def come_in(page, link: str) -> None:
    """Follow an invitation: the page is then the workbench's first, signed in."""
    page.goto(link)
    page.get_by_role("button").click()
    page.locator("[data-testid=stSidebar]").wait_for(state="attached")


def settle(page, seconds: float = 30) -> None:
    """Wait until the page's script has run to its end."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=seconds * 1000)
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')", timeout=seconds * 1000)


def shot(page, folder: Path, name: str) -> Path:
    """A screenshot of the whole page, kept in pytest's folder, or where SCREENSHOTS says."""
    path = Path(os.environ.get("SCREENSHOTS", folder)) / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True)
    return path
