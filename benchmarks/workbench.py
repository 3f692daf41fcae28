"""The workbench under load: contributors at once, pages that react, nothing acknowledged that is lost to kill -9.

    python benchmarks/workbench.py --seconds 60
    python benchmarks/workbench.py --first 3

A server with a database of 10,000 collected items and a run of 50,000 pairs; 30 processes take prompts, offer and judge, faster
than people do (an item and a judgment every --pause seconds), five browsers type, save, filter and answer, a second apart. In the
end the server and all writers are killed with SIGKILL, and every item that was acknowledged must be in the database. Needs Debian's
chromium. With --first the server is started so many times, and what is timed is how soon a page of a new browser is whole.
"""

import argparse
import multiprocessing
import os
import shutil
import signal
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lowres.catalog import Reference
from lowres.collection import acts
from lowres.collection.book import Book
from lowres.collection.events import ROLES, Consented, Granted, Judged, Offered, Opened, Prompt, Reading, digest_of, new_id
from lowres.collection.journal import Journal
from tests.apps.chromium import launch, settle
from tests.apps.server import serve

THINK = 1.0  # seconds of a person between two clicks
BEGIN = 40  # seconds until all processes and browsers are at work; their figures do not count
NAME, CONSENT = "swh-load", "I agree."


def fill(database: str, prompts: Path, n_items: int, people: list[str]) -> None:
    """A collection with `n_items` items of its own, and people who may do everything in Swahili."""
    book = Book(Journal(database))
    reference = Reference(path=str(prompts), format="table", licence="CC0-1.0", locale="en-US")
    with book.deciding() as turn:
        turn.append(Granted(person="root", whom="root", role="admin", language="*"))
        for who in people:
            for role in ROLES[:3]:
                turn.append(Granted(person="root", whom=who, role=role, language="swh"))
            turn.append(Consented(person=who, collection=NAME, licence="CC-BY-4.0", text=digest_of(CONSENT)))
        turn.append(Opened(person="root", collection=NAME, title=NAME, language="swh", locale="sw-KE", prompts=reference, consent=CONSENT))
        for i in range(n_items):
            turn.append(item(people[i % len(people)], f"old-{i}", f"sema neno namba {i} tena"))


def item(person: str, prompt: str, text: str) -> Offered:
    return Offered(person=person, collection=NAME, item=new_id("item"), reading=Reading(text=text, intent="say"), locale="sw-KE",
                   partition="test", prompt=Prompt(id=prompt, text="say it", locale="en-US", intent="say"))  # fmt: skip


def contribute(database: str, person: str, ids: list[str], until: float, pause: float, results) -> None:
    """One person: prompt, item, judgment, again and again; what was acknowledged goes into `results` at once."""
    book, mine = Book(Journal(database)), ids[hash(person) % len(ids) :] + ids[: hash(person) % len(ids)]
    while time.time() < until:
        began = time.perf_counter()
        prompt = acts.next_prompt(book, person, NAME, mine)
        if prompt is not None:
            offered = item(person, prompt, f"sema {new_id('neno')} sasa")
            acts.offer(book, offered)
            results.put(("item", offered.item, time.perf_counter() - began, time.time()))
        began = time.perf_counter()
        if found := acts.next_item(book, person, NAME):
            acts.judge(
                book, Judged(person=person, collection=NAME, item=found.offered.item, intent=2, slots=2, grammar=4, spelling=2, language=2)
            )
            results.put(("judgment", found.offered.item, time.perf_counter() - began, time.time()))
        time.sleep(pause)


def browse(url: str, until: float, results) -> None:
    """One browser: renderings on Collect, a filter on Pairs, answers on Judge; the seconds until each page has reacted."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        page = launch(playwright).new_page()
        while time.time() < until:
            for act in (type_and_save, filter_pairs, answer):
                for what, seconds in act(page, url):
                    time.sleep(THINK)
                    results.put(("page", what, seconds, time.time()))


def timed(page, what: str, act) -> tuple[str, float]:
    began = time.perf_counter()
    act()
    page.wait_for_timeout(20)  # for the browser to send it
    settle(page, 60)
    return what, time.perf_counter() - began


def type_and_save(page, url: str):
    page.goto(f"{url}/collect")
    page.locator(".st-key-said input").wait_for()
    settle(page, 60)
    for _ in range(3):
        page.locator(".st-key-said input").fill(f"sema {new_id('neno')} tena")
        yield timed(page, "collect: type", lambda: page.keyboard.press("Enter"))
        for reason in page.locator("[class*=st-key-reason] input").all():
            reason.fill("so people say it")
            page.keyboard.press("Enter")
            settle(page, 60)
        yield timed(page, "collect: save", lambda: page.keyboard.press("Control+s"))


def filter_pairs(page, url: str):
    page.goto(f"{url}/pairs")
    box = page.get_by_role("textbox", name="Text, on either side")
    box.wait_for()
    settle(page, 60)
    for word in ("ninety", "seven", "nothing like it"):
        box.fill(word)
        yield timed(page, "pairs: filter", lambda: page.keyboard.press("Enter"))


def answer(page, url: str):
    page.goto(f"{url}/judge")
    page.locator(".st-key-scale-intent").wait_for()
    settle(page, 60)
    for question in ("intent", "slots", "grammar", "spelling", "language"):
        radio = page.locator(f".st-key-scale-{question}").get_by_role("radio").first
        yield timed(page, "judge: answer", lambda radio=radio: radio.check(force=True))
    yield timed(page, "judge: save", lambda: page.keyboard.press("Control+s"))


def write_run(folder: Path, n_pairs: int) -> None:
    """A run of Swahili with that many pairs, each of its own words."""
    from lowres.language import card_path
    from lowres.pair import Word
    from lowres.synthesis import Kept, format_kept
    from lowres.utterance import Utterance

    (folder / "synthesize").mkdir(parents=True)
    (folder / "recipe.yaml").write_text(f"name: {folder.name}\nsource: {{locale: en-US}}\n", encoding="utf-8")
    shutil.copyfile(card_path("swh"), folder / "language.yaml")
    words = "sema neno moja mbili tatu nne tano sita saba nane tisa kumi".split()
    with (folder / "synthesize" / "pairs.jsonl").open("w", encoding="utf-8") as file:
        for i in range(n_pairs):
            forms = [words[i % 12], words[i // 12 % 12], words[i // 144 % 12], str(i)]
            made = tuple(Word(form=one, source=(k,), lemma=one, origin="look_up", gloss="word") for k, one in enumerate(forms))
            said = Utterance(id=f"{i}:0", text=" ".join(forms), locale="sw-KE", intent=f"intent_{i % 60}")
            file.write(format_kept(Kept(replace(said), f"say seven words {i}", made, 1.0)) + "\n")


def p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--pause", type=float, default=2.0, help="seconds")
    parser.add_argument("--browsers", type=int, default=5)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--pairs", type=int, default=50_000)
    parser.add_argument("--database", default="", help="an empty one; an SQLite file of its own where none is named")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="time the first pages of N servers instead")
    options = parser.parse_args()
    if options.first:
        first_pages(options.first)
        return
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        prompts, ids = folder / "prompts.tsv", [str(i) for i in range(1, 12_001)]
        prompts.write_text("text\tintent\n" + "".join(f"say word number {i}\tsay\n" for i in ids), encoding="utf-8")
        write_run(folder / "runs" / "swh-load", options.pairs)
        database, people = options.database or str(folder / "collections.db"), [f"person-{i}" for i in range(options.people)]
        fill(database, prompts, options.items, people)
        began = time.perf_counter()
        with serve(folder, runs=folder / "runs", database=database) as served:
            print(f"server up: {time.perf_counter() - began:.1f} s")
            report(options, served, database, people, ids, context)


def report(options, served, database: str, people: list[str], ids: list[str], context) -> None:
    local_consent(served, database)
    queue, until = context.Queue(), time.time() + BEGIN + options.seconds
    writers = [context.Process(target=contribute, args=(database, who, ids, until, options.pause, queue)) for who in people]
    browsers = [context.Process(target=browse, args=(served.url, until, queue)) for _ in range(options.browsers)]
    for one in (*writers, *browsers):
        one.start()
    found, errors = [], 0
    while time.time() < until - 1:
        while not queue.empty():
            found.append(queue.get())
        errors = sum(one.exitcode not in (None, 0) for one in (*writers, *browsers))
        time.sleep(0.1)
    served.kill()
    for one in writers:
        os.kill(one.pid, signal.SIGKILL)
    while not queue.empty():
        found.append(queue.get())
    for one in browsers:
        one.terminate()
    there = {event.item for _, event in Journal(database).read() if isinstance(event, Offered)}
    items = [name for kind, name, *_ in found if kind == "item"]
    print(f"errors: {errors}; log of the server: {sum('Traceback' in line for line in served.log.read_text().splitlines())} tracebacks")
    print(f"items acknowledged: {len(items)}, lost after kill -9: {len(set(items) - there)}")
    timed = [(kind, name, seconds) for kind, name, seconds, when in found if when > until - options.seconds]  # all have begun
    for kind in ("item", "judgment"):
        print(line(f"store, {kind}", [seconds for one, _, seconds in timed if one == kind]))
    pages = [(what, seconds) for kind, what, seconds in timed if kind == "page"]
    for what in sorted({what for what, _ in pages}):
        print(line(what, [seconds for one, seconds in pages if one == what]))
    print(line("all pages", [seconds for _, seconds in pages]))


def first_pages(n: int) -> None:
    """From a server that is up to a page that is whole: the first page, then Talk; each server and browser is new."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        for _ in range(n):
            with tempfile.TemporaryDirectory() as work, serve(Path(work)) as served:
                page = launch(playwright).new_page()
                for name, ready in (("", "h1"), ("talk", ".st-key-said input")):
                    began = time.perf_counter()
                    page.goto(f"{served.url}/{name}")
                    page.locator(ready).first.wait_for()
                    settle(page, 60)
                    print(f"/{name}: {time.perf_counter() - began:.1f} s")
                page.context.browser.close()


def local_consent(served, database: str) -> None:
    """The browsers' local user has agreed, so that pages begin with work."""
    from lowres.workbench.people import local_person

    book = Book(Journal(database))
    acts.consent(book, local_person(book).id, NAME)


def line(name: str, seconds: list[float]) -> str:
    if not seconds:
        return f"{name}: none"
    middle, high, most = (1000 * one for one in (statistics.median(seconds), p95(seconds), max(seconds)))
    return f"{name}: n {len(seconds)}, median {middle:.0f} ms, p95 {high:.0f} ms, most {most:.0f} ms"


if __name__ == "__main__":
    main()
