"""Debian's Chromium, headless, that asks nothing of any other machine."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
         "--disable-background-networking", "--disable-component-update", "--disable-sync")  # fmt: skip
_LOCAL = {"127.0.0.1", "localhost", ""}


@contextmanager
def browser(profile: Path, width: int = 1280, height: int = 1100) -> Iterator:
    """A selenium driver with a new profile in `profile`."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for flag in (*FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    try:
        yield driver
    finally:
        driver.quit()


def asked_elsewhere(driver) -> list[str]:
    """Addresses that pages asked of other machines since the last call."""
    events = (json.loads(entry["message"])["message"] for entry in driver.get_log("performance"))
    urls = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
    urls = [url for url in urls if url.startswith(("http", "ws"))]
    return [url for url in urls if urlsplit(url).hostname not in _LOCAL]


def see(driver, text: str, seconds: float = 30) -> None:
    """Wait until the page shows `text`; raises TimeoutException otherwise."""
    from selenium.common.exceptions import StaleElementReferenceException
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    def there(_) -> bool:
        return text in driver.find_element(By.TAG_NAME, "body").text

    WebDriverWait(driver, seconds, ignored_exceptions=[StaleElementReferenceException]).until(
        there, f"'{text}' is not on {driver.current_url}"
    )


def element(driver, selector: str, seconds: float = 30):
    """The first element that the CSS selector finds, as soon as it is shown."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.expected_conditions import visibility_of_element_located
    from selenium.webdriver.support.ui import WebDriverWait

    return WebDriverWait(driver, seconds).until(visibility_of_element_located((By.CSS_SELECTOR, selector)), selector)
