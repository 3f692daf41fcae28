"""From a prompt to a figure, in the browser: collect, judge twice, adjudicate, export, evaluate; in three scripts, by keyboard."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from lowres.catalog import Reference
from lowres.collection import acts
from lowres.collection.book import Book
from lowres.collection.events import Granted, Opened
from lowres.collection.exchange import import_items
from lowres.collection.journal import Journal
from tests.apps.axe import serious
from tests.apps.chromium import come_in, see, settle, shot


@dataclass(frozen=True, slots=True)
class Speech:
    """Two renderings in a language; the slot is from the second word to the third."""

    code: str
    locale: str
    forward: str
    first: str
    second: str
    words: str
    corrected: str


SPEECHES = [
    Speech("swh", "sw-KE", "ArrowRight", "niamshe saa moja asubuhi", "amka saa mbili usiku", "saa moja", "niamshe saa mbili usiku"),
    Speech("urd", "ur-PK", "ArrowLeft", "مجھے صبح سات بجے جگاؤ", "مجھے شام آٹھ بجے جگانا", "صبح سات", "مجھے شام آٹھ بجے جگاؤ"),
    Speech("amh", "am-ET", "ArrowRight", "ነገ ጠዋት ሰባት ሰዓት ቀስቅሰኝ", "ዛሬ ማታ ሁለት ሰዓት ቀስቅስ", "ጠዋት ሰባት", "ዛሬ ማታ ሁለት ሰዓት ቀስቅሰኝ"),
]
PROMPTS = "annotated\tintent\nwake me up at [time : seven]\talarm_set\nset an alarm for [time : eight] tonight\talarm_set\n"


@pytest.fixture(scope="module")
def server(start_workbench):
    return start_workbench(options=("--sign-in",))


def open_collection(server, speech: Speech) -> str:
    """With prompts of two utterances in a file, as an admin would."""
    path = Path(server.log.parent) / "prompts.tsv"
    path.write_text(PROMPTS, encoding="utf-8")
    book, name = Book(Journal(server.database)), f"{speech.code}-home"
    with book.deciding() as turn:
        turn.append(Granted(person="root", whom="root", role="admin", language="*"))
    prompts = Reference(path=str(path), format="table", licence="CC0-1.0", locale="en-US")
    spoken = {"language": speech.code, "locale": speech.locale}
    acts.open_collection(book, Opened(person="root", collection=name, title=name, prompts=prompts, **spoken,
                                      overlap=2, consent="I agree that this is published."))  # fmt: skip
    return name


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(120)


def contribute(page, speech: Speech, text: str) -> None:
    """One rendering, with nothing but the keyboard from the text on."""
    box = page.locator(".st-key-said input")
    box.fill(text)
    press(page, "Enter")
    page.locator(".marker .text", has_text=text).wait_for()
    settle(page)
    reach_marker(page)
    press(page, speech.forward, speech.forward, f"Shift+{speech.forward}", "1")
    page.locator(".marker .slots li").first.wait_for()
    settle(page)
    for reason in page.locator("[class*=st-key-reason] input").all():
        reason.fill("so people say it")
        press(page, "Enter")
        settle(page)


def reach_marker(page) -> None:
    """Go on with Tab until the marker has the focus."""
    for _ in range(30):
        press(page, "Tab")
        if page.evaluate("document.activeElement.shadowRoot?.activeElement?.classList.contains('text') ?? false"):
            return
    raise AssertionError("Tab never reached the text to be marked")


def save(page) -> None:
    page.locator(".stApp button:not([disabled])", has_text="and next").wait_for()  # a run of the page may be on its way still
    settle(page)
    press(page, "Control+s")
    page.wait_for_timeout(400)
    settle(page)


def judge(page, name: str, good: bool) -> None:
    for question, answer in (("intent", 2), ("slots", 2 if good else 1), ("grammar", 4 if good else 2), ("spelling", 2), ("language", 2)):
        page.locator(f".st-key-scale-{question}").get_by_role("radio", name=re.compile(f"^{answer} ")).first.check(force=True)
        settle(page)
    save(page)
    page.wait_for_function("!document.querySelector('.st-key-scale-intent input:checked')")
    settle(page)


@pytest.mark.parametrize("speech", SPEECHES, ids=lambda one: one.code)
def test_from_prompt_to_figure(server, page_at, tmp_path, tiny_base, speech):
    name = open_collection(server, speech)
    rtl = speech.code == "urd"

    author = page_at(server.url)
    come_in(author, server.invitation("contributor", speech.code))
    author.goto(f"{server.url}/collect")
    see(author, "I agree that this is published.")
    author.get_by_text("I agree", exact=True).click()
    settle(author)
    author.get_by_role("button", name="Begin").click()
    for text in (speech.first, speech.second):
        author.locator(".st-key-said input").wait_for()
        settle(author)
        contribute(author, speech, text)
        assert author.locator(".marker .text").get_attribute("dir") == ("rtl" if rtl else "ltr")
        if text == speech.first:
            assert author.locator(".marker .slots li bdi").inner_text() == speech.words
            assert serious(author) == []
            shot(author, tmp_path, f"collect_{speech.code}")
        save(author)
        author.wait_for_function("!document.querySelector('.st-key-said input')?.value")  # emptied, or gone with the last prompt
    see(author, "Every prompt has been rendered")

    for person, good in (("first", True), ("second", False)):
        page = page_at(server.url, width=400 if person == "second" else 1280)
        come_in(page, server.invitation("judge", speech.code))
        page.goto(f"{server.url}/judge")
        for number in (1, 2):
            page.locator(".st-key-scale-intent").wait_for()
            settle(page)
            if number == 1 and good:
                assert serious(page) == []
            shot(page, tmp_path, f"judge_{speech.code}_{person}")
            judge(page, name, good or number == 1)
        see(page, "Nothing to judge for you now")

    decider = page_at(server.url)
    come_in(decider, server.invitation("adjudicator", speech.code))
    decider.goto(f"{server.url}/adjudicate")
    see(decider, "1 to decide")
    settle(decider)
    decider.get_by_text("Take it corrected").click()
    settle(decider)
    decider.locator(".st-key-final_text input").fill(speech.corrected)
    press(decider, "Enter")
    decider.locator(".marker .text", has_text=speech.corrected).wait_for()
    settle(decider)
    assert serious(decider) == []
    shot(decider, tmp_path, f"adjudicate_{speech.code}")
    save(decider)
    see(decider, "Nothing to decide")
    decider.get_by_role("tab", name="Agreement").click()
    see(decider, "Krippendorff's alpha")

    path = tmp_path / f"{name}.jsonl"
    run(server, tmp_path, "collection", "export", name, str(path))
    items = import_items(path, "massive")
    assert [one.reading.text for one in items] == [speech.first, speech.corrected]
    assert [one.status for one in items] == ["accepted", "corrected"]
    assert [slot.surface for slot in items[0].reading.slots] == [speech.words]
    evaluate(server, tmp_path, tiny_base, speech, name)


def run(server, folder: Path, *args: str) -> str:
    environment = os.environ | {"LOWRES_DATABASE": server.database, "OMP_NUM_THREADS": "1", "LOWRES_CACHE": str(folder / "cache")}
    command = [sys.executable, "-m", "lowres", *args]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def evaluate(server, folder: Path, tiny_base: Path, speech: Speech, name: str) -> None:
    """A run of two dictionary entries, tested on the collection."""
    import shutil

    from lowres.evaluation import read_reports

    shutil.copytree(tiny_base, folder / "tiny")
    word = speech.first.split()
    (folder / "lexicon.tsv").write_text(f"source\ttarget\nwake\t{word[0]}\nseven\t{word[1]}\n", encoding="utf-8")
    rows = "".join(
        f"wake me at [time : {hour}]\talarm_set\nstop the {thing}\tstop\n" for hour in ("seven", "nine") for thing in ("music", "alarm")
    )
    (folder / "en.tsv").write_text("annotated\tintent\n" + rows, encoding="utf-8")
    recipe = f"""name: home
language: {speech.code}
source: {{path: en.tsv, format: table, licence: CC0-1.0, locale: en-US, partition: train}}
resources: {{lexicons: [{{path: lexicon.tsv, format: table, licence: CC0-1.0}}]}}
synthesize: {{rules: [look_up], variants: 1, min_coverage: 0.0}}
adapt: {{base: tiny, epochs: 1, steps: 2, batch_size: 4}}
control: null
evaluate: [{{path: "collection:{name}", locale: {speech.locale}, partition: test}}]
"""
    (folder / "home.yaml").write_text(recipe, encoding="utf-8")
    run(server, folder, "run", "home.yaml")
    (report,) = read_reports(folder / "runs" / "home" / "evaluate" / "report.json")
    assert report.n == 2
    assert "2 utterances" in run(server, folder, "check", "home.yaml")


BAD = {
    "amka \u202esaa moja": "turns the direction of text",
    "amka saa " * 1200: "characters; 500 at most",
    "amka\ue000 saa": "exists in one font only",
    "\u0301amka saa": "stands on no letter",
}


def test_bad_texts_are_refused_with_a_sentence_and_html_is_only_text(server, page_at):
    """The page goes on after each; what a joiner or a space too much is put right is said."""
    speech = Speech("cym", "cy-GB", "ArrowRight", "", "", "", "")  # of a language whose prompts nobody has rendered
    open_collection(server, speech)
    page = page_at(server.url)
    page.on("dialog", lambda dialog: pytest.fail("a script ran"))
    come_in(page, server.invitation("contributor", speech.code))
    page.goto(f"{server.url}/collect")
    page.get_by_text("I agree", exact=True).click()
    settle(page)
    page.get_by_role("button", name="Begin").click()
    box = page.locator(".st-key-said input")
    box.wait_for()
    for text, said in BAD.items():
        box.fill(text)
        press(page, "Enter")
        see(page, said)
        assert page.get_by_role("button", name="Save and next").is_disabled()
    html = '<img src=x onerror="alert(1)"><script>alert(2)</script>'
    box.fill(html)
    press(page, "Enter")
    page.locator(".marker .text", has_text=html).wait_for()
    settle(page)
    assert page.locator(".marker .text img, .marker .text script").count() == 0
    box.fill("  amka\u200d   saa moja ")
    press(page, "Enter")
    see(page, "Spaces were tidied")
    page.locator(".marker .text", has_text="amka saa moja").wait_for()
