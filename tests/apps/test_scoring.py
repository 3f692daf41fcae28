"""What a model makes of a collection's test part, computed and on the page; an author corrects what they said."""

import pytest

from lowres.catalog import Reference
from lowres.collection import acts
from lowres.collection.asking import estimate
from lowres.collection.book import Book
from lowres.collection.events import Adjudicated, Consented, Granted, MarkedSlot, Offered, Opened, Prompt, Reading, digest_of, new_id
from lowres.collection.journal import Journal
from lowres.errors import LowresError
from lowres.evaluation.predictions import is_exact
from lowres.workbench import room
from lowres.workbench.people import local_person
from lowres.workbench.scoring import failures, score_collection, weak_intents
from tests.apps.axe import serious
from tests.apps.chromium import see, settle, shot

CONSENT = "I agree."


def opened(person: str, prompts: Reference = room.DEMO, **settings) -> Opened:
    return Opened(person=person, collection="home", title="Home", language="swh", locale="sw-KE", prompts=prompts, consent=CONSENT, **settings)


def fill(database: str, n: int = 24, author: str = "ann", **settings) -> Book:
    """A collection with `n` accepted utterances, which are the prompts themselves: the base reads English well."""
    book, prompts = Book(Journal(database)), room.prompts_of(room.DEMO)
    me = local_person(book).id
    with book.deciding() as turn:
        for person in ("root", me):
            turn.append(Granted(person="root", whom=person, role="admin", language="*"))
        turn.append(Granted(person="root", whom=author, role="contributor", language="swh"))
        turn.append(Granted(person="root", whom="eve", role="adjudicator", language="swh"))
        turn.append(opened("root", **settings))
        turn.append(Consented(person=author, collection="home", licence="CC-BY-4.0", text=digest_of(CONSENT)))
    for prompt in list(prompts.values())[:: len(prompts) // n][:n]:  # of every intent
        accept(book, author, prompt)
    return book


def accept(book: Book, author: str, prompt) -> None:
    slots = tuple(MarkedSlot(name=one.name, start=one.start, end=one.end, surface=prompt.slot_text(one)) for one in prompt.slots)
    reading = Reading(text=prompt.text, intent=prompt.intent, slots=slots)
    asked = Prompt(id=prompt.id, text=prompt.text, locale=prompt.locale, intent=prompt.intent)
    item = new_id("item")
    acts.offer(book, Offered(person=author, collection="home", item=item, reading=reading, locale="sw-KE", partition="test", prompt=asked))
    acts.adjudicate(book, Adjudicated(person="eve", collection="home", item=item, decision="accepted"))


@pytest.fixture(scope="module")
def base():
    from lowres.model import read_base
    from lowres.reading import Reader

    return Reader(*read_base("lowres-mini"))


def test_scores_and_estimate_are_of_the_accepted_test_part(tmp_path, base):
    book, prompts = fill(str(tmp_path / "c.db")), room.prompts_of(room.DEMO)
    found = score_collection(book, "home", base, prompts, {})
    right = {one.gold.text: float(is_exact(one)) for one in found.answers}
    assert len(found.answers) == 24 and found.scores.exact_match.value == pytest.approx(sum(right.values()) / 24)
    asked = list(prompts.values())
    assert found.estimate == estimate(asked, {one.id: right[one.text] for one in asked if one.text in right})
    assert found.estimate.n == 24 and found.estimate.n_prompts == len(prompts)


def test_only_the_test_part_is_scored(tmp_path, base):
    book, prompts = fill(str(tmp_path / "c.db"), train_share=0.5), room.prompts_of(room.DEMO)
    found = score_collection(book, "home", base, prompts, {})
    assert 0 < len(found.answers) < 24 and found.estimate.n_prompts < len(prompts)
    nothing = fill(str(tmp_path / "d.db"), train_share=1.0)
    with pytest.raises(LowresError, match="no accepted utterance for testing yet"):
        score_collection(nothing, "home", base, prompts, {})


def test_weak_intents_come_first_and_the_surest_failure_too(tmp_path, base):
    book = fill(str(tmp_path / "c.db"), n=60)
    found = score_collection(book, "home", base, room.prompts_of(room.DEMO), {})
    weak, wrong = weak_intents(found.answers), failures(found.answers)
    assert [one.value for one in weak] == sorted(one.value for one in weak) and all(one.low <= one.value <= one.high for one in weak)
    assert [one.confidence for one in wrong] == sorted((one.confidence for one in wrong), reverse=True)
    assert wrong and not any(map(is_exact, wrong))


def test_the_page_scores_the_base_and_says_what_it_means(start_workbench, page_at, tmp_path):
    database = str(tmp_path / "c.db")
    fill(database)
    served = start_workbench(database=database)
    page = page_at(f"{served.url}/testsets")
    page.get_by_role("tab", name="Score", exact=True).click()
    settle(page)
    page.get_by_role("combobox", name="Model").click()
    page.get_by_role("option", name="the base alone").click()
    settle(page)
    page.get_by_role("button", name="Score it on what was accepted").click()
    see(page, "On 24 accepted utterances", 60)
    settle(page)
    see(page, "prompts would be about")
    assert serious(page) == []
    shot(page, tmp_path, "scored")


def test_an_author_corrects_what_they_said(start_workbench, page_at, tmp_path):
    database = str(tmp_path / "c.db")
    book = Book(Journal(database))
    me = local_person(book).id
    fill(database, n=2, author=me)
    served = start_workbench(database=database)
    page = page_at(f"{served.url}/collect")
    page.get_by_role("tab", name="My contributions").click()
    settle(page)
    page.get_by_role("button", name="Correct it").first.click()
    box = page.locator(".st-key-mended_text input")
    box.wait_for()
    settle(page)
    assert page.get_by_role("button", name="Save the correction").is_disabled()
    box.fill("niamshe saa moja asubuhi")
    page.keyboard.press("Enter")
    page.locator(".marker .text", has_text="niamshe saa moja asubuhi").wait_for()
    settle(page)
    for reason in page.locator("[class*=st-key-reason] input").all():
        reason.fill("so people say it")
        page.keyboard.press("Enter")
        settle(page)
    assert serious(page) == []
    shot(page, tmp_path, "correcting_ones_own")
    page.get_by_role("button", name="Save the correction").click()
    box.wait_for(state="detached")
    settle(page)
    with Book(Journal(database)).reading() as state:
        texts = [one.offered.reading.text for one in state.standing("home")]
        replaced = [one for one in state.of_collection["home"] if one.replaced_by]
    assert "niamshe saa moja asubuhi" in texts and len(texts) == 2 and len(replaced) == 1
    newer = state.items[replaced[0].replaced_by].offered
    assert newer.prompt == replaced[0].offered.prompt and newer.partition == replaced[0].offered.partition
    assert state.items[newer.item].status(3) == "open", "judged anew"
