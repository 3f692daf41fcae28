"""Who may do what next: prompts, leases, judging, adjudication, undo, withdrawal; on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lowres.collection import acts
from lowres.collection.book import Book
from lowres.collection.events import Adjudicated, Judged, Leased, MarkedSlot, Offered, Prompt, Reading, new_id
from lowres.collection.journal import Clash, Journal
from lowres.collection.state import State
from lowres.errors import LowresError
from tests.collection.conftest import opened, staffed

PROMPTS = [str(i) for i in range(8)]


def reading(text="amka saa moja", intent="alarm_set") -> Reading:
    return Reading(
        text=text, intent=intent, slots=(MarkedSlot(name="time", start=5, end=len(text), surface=text[5:], method="translation"),)
    )


def offer(book, who="ann", prompt="0", **more) -> str:
    item = new_id("item")
    asked = Prompt(id=prompt, text="wake up at seven", locale="en-US", intent="alarm_set")
    acts.offer(book, Offered(**{"person": who, "collection": "home", "item": item, "reading": reading(), "locale": "sw-KE",
                                "partition": "test",
                                "prompt": asked} | more))  # fmt: skip
    return item


def judge(book, who, item, good=True, **more) -> int:
    answers = {"intent": 2 if good else 0, "slots": 2, "grammar": 4, "spelling": 2, "language": 2}
    return acts.judge(book, Judged(person=who, collection="home", item=item, **answers | more))


def status(book, item):
    with book.reading() as state:
        return state.items[item].status(3)


def test_from_prompt_to_decision(book):
    assert acts.next_prompt(book, "ann", "home", PROMPTS) == "0"
    item = offer(book)
    for who in ("ben", "cat", "dan"):
        assert acts.next_item(book, who, "home").offered.item == item
        judge(book, who, item, good=who == "ben")
    assert status(book, item) == "disputed"
    assert [one.offered.item for one in acts.undecided(book, "dan", "home")] == [item]
    final = reading("amka saa mbili")
    acts.adjudicate(book, Adjudicated(person="dan", collection="home", item=item, decision="corrected", final=final))
    with book.reading() as state:
        found = state.items[item]
        assert found.status(3) == "corrected" and found.reading == final
        assert found.offered.reading == reading() and len(found.judgments) == 3  # nothing was overwritten
    assert acts.undecided(book, "dan", "home") == []


def test_a_majority_that_takes_it_needs_no_decision(book):
    item = offer(book)
    judge(book, "ben", item)
    assert status(book, item) == "open"
    judge(book, "cat", item)
    assert status(book, item) == "accepted"
    assert acts.undecided(book, "dan", "home") == []


def test_a_correction_is_no_approval(book):
    item = offer(book)
    for who in ("ben", "cat", "dan"):
        judge(book, who, item, corrected=reading("amka saa tatu"))
    assert status(book, item) == "disputed"


def test_nobody_judges_an_item_of_their_own_or_twice(book):
    item = offer(book)
    assert acts.next_item(book, "ann", "home") is None
    with pytest.raises(LowresError, match="your own"):
        judge(book, "ann", item)
    judge(book, "ben", item)
    assert acts.next_item(book, "ben", "home") is None
    with pytest.raises(Clash):
        judge(book, "ben", item)
    with pytest.raises(LowresError, match="your own"):
        acts.adjudicate(book, Adjudicated(person="ann", collection="home", item=item, decision="rejected"))


def test_no_more_judges_than_the_overlap_hold_an_item(book):
    acts.open_collection(book, opened(overlap=2))
    offer(book)
    assert [acts.next_item(book, who, "home") is not None for who in ("ben", "cat", "dan", "ben")] == [True, True, False, True]


def expired(book, who, task):
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat(timespec="milliseconds")
    book.journal.append(Leased(person=who, collection="home", task=task, until=past))


def test_a_lease_keeps_others_away_until_it_expires(book):
    assert acts.next_prompt(book, "ann", "home", PROMPTS) == "0"
    assert acts.next_prompt(book, "ben", "home", PROMPTS) == "1"
    assert acts.next_prompt(book, "ann", "home", PROMPTS) == "0"  # one's own comes back
    expired(book, "ann", "prompt/0")
    assert acts.next_prompt(book, "cat", "home", PROMPTS) == "0"
    offer(book, "ann", "0")  # late, and not lost
    assert acts.next_prompt(book, "dan", "home", PROMPTS) == "2"


def test_a_page_that_is_drawn_again_writes_nothing(book):
    acts.next_prompt(book, "ann", "home", PROMPTS)
    before = len(book.journal.read())
    acts.next_prompt(book, "ann", "home", PROMPTS)
    assert len(book.journal.read()) == before


def test_what_was_skipped_comes_last_and_to_others_as_ever(book):
    for prompt in ("0", "1"):
        acts.skip(book, "ann", "home", prompt)
    assert acts.next_prompt(book, "ann", "home", PROMPTS) == "2"
    assert acts.next_prompt(book, "ann", "home", PROMPTS[:2]) == "0"
    assert acts.next_prompt(book, "ben", "home", ["1", "2"]) == "1"


def test_who_skips_holds_it_no_longer(book):
    assert acts.next_prompt(book, "ann", "home", ["0"]) == "0"
    assert acts.next_prompt(book, "ben", "home", ["0"]) is None
    acts.skip(book, "ann", "home", "0")
    assert acts.next_prompt(book, "ben", "home", ["0"]) == "0"


@pytest.mark.parametrize("text", ["amka \u202esaa moja", "amka\u0000 saa", "  amka saa", "amka\nsaa"])
def test_a_text_with_hidden_characters_is_refused_whatever_page_it_comes_from(book, text):
    with pytest.raises(LowresError, match="utterance: "):
        offer(book, reading=Reading(text=text, intent="alarm_set"))


def test_undo_takes_back_the_newest_act_of_ones_own(book):
    item = offer(book)
    with pytest.raises(LowresError, match="nothing of yours"):
        acts.undo(book, "ben", "home")
    judge(book, "ben", item, good=False)
    assert acts.undo(book, "ben", "home") == "judged"
    judge(book, "ben", item)  # again, otherwise
    with pytest.raises(LowresError, match="judged already"):
        acts.undo(book, "ann", "home")
    other = offer(book, "ann", "1")
    assert acts.undo(book, "ann", "home") == "offered"
    with book.reading() as state:
        assert [one.offered.item for one in state.standing("home")] == [item]
        assert state.items[other].retracted
    assert acts.next_prompt(book, "ann", "home", ["1"]) == "1"


def test_a_correction_by_the_speaker_replaces_and_keeps_the_part(book):
    item = offer(book)
    with pytest.raises(LowresError, match="not yours"):
        offer(book, "ben", replaces=item)
    newer = offer(book, replaces=item, reading=reading("amka saa nne"))
    with book.reading() as state:
        assert [one.offered.item for one in state.standing("home")] == [newer]
        assert state.items[newer].offered.partition == state.items[item].offered.partition
    with pytest.raises(LowresError, match="corrected or taken back"):
        offer(book, replaces=item)
    acts.undo(book, "ann", "home")
    with book.reading() as state:
        assert [one.offered.item for one in state.standing("home")] == [item]


def test_a_correction_stays_in_its_collection_and_brings_back_nothing_withdrawn(book):
    item = offer(book)
    acts.open_collection(book, opened(collection="away"))
    acts.consent(book, "ann", "away")
    with pytest.raises(LowresError, match="in this collection"):
        offer(book, collection="away", replaces=item)
    acts.withdraw(book, "ann", "home")
    acts.consent(book, "ann", "home")
    with pytest.raises(LowresError, match="taken back"):
        offer(book, replaces=item)


def test_no_consent_no_item(book):
    with pytest.raises(LowresError, match="agree to the collection's text first"):
        offer(book, "cat")
    acts.open_collection(book, opened(consent="Something else."))
    with pytest.raises(LowresError, match="not agreed"):
        offer(book, "ann")  # to the new text
    acts.open_collection(book, opened(licence="CC0-1.0"))
    with pytest.raises(LowresError, match="CC0-1.0: you have not agreed"):
        offer(book, "ann")  # to the old text under another licence


def test_withdrawal_takes_out_all_of_before_for_good(book):
    offer(book, "ann", "0")
    other = offer(book, "ben", "1")
    assert acts.withdraw(book, "ann", "home") == 1
    with book.reading() as state:
        assert [one.offered.item for one in state.standing("home")] == [other]
    with pytest.raises(LowresError, match="not agreed"):
        offer(book, "ann", "2")
    acts.consent(book, "ann", "home")
    newer = offer(book, "ann", "2")
    with book.reading() as state:
        assert {one.offered.item for one in state.standing("home")} == {other, newer}
    assert acts.withdraw(book, "ben") == 1  # from all collections


def test_what_was_withdrawn_meanwhile_is_neither_judged_nor_decided(book):
    item = offer(book)
    acts.withdraw(book, "ann", "home")
    with pytest.raises(LowresError, match="took it back"):
        judge(book, "ben", item)
    with pytest.raises(LowresError, match="took it back"):
        acts.adjudicate(book, Adjudicated(person="dan", collection="home", item=item, decision="accepted"))


@pytest.mark.parametrize("act", [
    lambda book: acts.next_prompt(book, "eve", "home", PROMPTS), lambda book: acts.next_item(book, "eve", "home"),
    lambda book: acts.skip(book, "eve", "home", "0"), lambda book: offer(book, "eve"), lambda book: judge(book, "eve", "x"),
    lambda book: acts.consent(book, "eve", "home"), lambda book: acts.undecided(book, "eve", "home"),
    lambda book: acts.adjudicate(book, Adjudicated(person="eve", collection="home", item="x", decision="accepted")),
    lambda book: acts.open_collection(book, opened().model_copy(update={"person": "eve"})),
    lambda book: acts.next_prompt(book, "ann", "elsewhere", PROMPTS), lambda book: judge(book, "ben", "no such item"),
    lambda book: offer(book, "ann", origin="imported"),
])  # fmt: skip
def test_what_one_may_not(book, act):
    before = len(book.journal.read())
    with pytest.raises(LowresError):
        act(book)
    assert len(book.journal.read()) == before


def test_parts_are_of_prompts_near_their_shares_and_never_move(book):
    settings = opened(train_share=0.3, dev_share=0.2)
    parts = [acts.part_of(str(i), "home", settings) for i in range(4000)]
    assert parts == [acts.part_of(str(i), "home", settings) for i in range(4000)]
    assert abs(parts.count("train") / 4000 - 0.3) < 0.03 and abs(parts.count("dev") / 4000 - 0.2) < 0.03
    item = offer(book)
    with book.reading() as state:
        before = state.items[item].offered.partition
    acts.open_collection(book, opened(train_share=1.0 if before == "test" else 0.0))
    with book.reading() as state:
        assert state.items[item].offered.partition == before


def test_a_correction_keeps_its_part_when_the_shares_change_and_talk_is_always_a_test(book):
    acts.open_collection(book, opened(train_share=1.0))
    item, said = offer(book), offer(book, prompt="1", origin="talk")
    acts.open_collection(book, opened(train_share=0.0))
    newer = offer(book, replaces=item)
    with book.reading() as state:
        assert [state.items[one].offered.partition for one in (item, newer, said)] == ["train", "train", "test"]


def test_half_of_the_judges_are_no_majority(book):
    acts.open_collection(book, opened(overlap=2))
    item = offer(book)
    judge(book, "ben", item)
    with book.reading() as state:
        assert state.items[item].status(2) == "open"
    judge(book, "cat", item, good=False)
    with book.reading() as state:
        assert state.items[item].status(2) == "disputed"


def test_what_was_decided_on_is_taken_back_by_nobody(book):
    item = offer(book)
    acts.adjudicate(book, Adjudicated(person="dan", collection="home", item=item, decision="accepted"))
    with pytest.raises(LowresError, match="decided on already"):
        acts.undo(book, "ann", "home")


def test_an_adjudicator_is_shown_none_of_their_own(book):
    acts.consent(book, "dan", "home")
    item = offer(book, "dan")
    for who in ("ann", "ben", "cat"):
        judge(book, who, item, good=False)
    assert status(book, item) == "disputed"
    assert acts.undecided(book, "dan", "home") == [] and [one.offered.item for one in acts.undecided(book, "cat", "home")] == [item]


def test_two_books_of_one_database_agree(book, url):
    item, other = offer(book), Book(Journal(url))
    judge(other, "ben", item)
    with pytest.raises(Clash):
        judge(book, "ben", item)
    with book.reading() as mine, other.reading() as theirs:
        assert mine == theirs and isinstance(mine, State)


KINDS = "offer judge undo skip decide withdraw agree".split()
ACTS = st.lists(st.tuples(st.sampled_from("ann ben cat dan".split()), st.sampled_from(KINDS),
                          st.integers(0, 5)), max_size=25)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_whatever_people_do_events_only_come_on_top_and_fold_to_the_same(tmp_path_factory, done):
    """And what stands was neither taken back nor withdrawn, judged by no author, by each judge once."""
    book = staffed(str(tmp_path_factory.mktemp("acts") / "x.db"))
    before = book.journal.read()
    for who, what, which in done:
        _try(book, who, what, which)
        now = book.journal.read()
        assert now[: len(before)] == before
        before = now
    folded = State()
    for number, event in before:
        folded.apply(number, event)
    with book.reading() as state:
        assert state == folded
        for item in state.standing("home"):
            judges = [one.person for one in item.judgments.values()]
            assert len(set(judges)) == len(judges) and item.offered.person not in judges
            assert item.number > state.withdrawals.get(("home", item.offered.person), 0)


def _try(book, who, what, which):
    with book.reading() as state:
        item = [*[one.offered.item for one in state.of_collection.get("home", ())], "none"][which % (len(state.items) + 1)]
    tries = {
        "offer": lambda: offer(book, who, str(which)), "judge": lambda: judge(book, who, item, good=bool(which % 2)),
        "undo": lambda: acts.undo(book, who, "home"), "skip": lambda: acts.skip(book, who, "home", str(which)),
        "decide": lambda: acts.adjudicate(book, Adjudicated(person=who, collection="home", item=item, decision="rejected")),
        "withdraw": lambda: acts.withdraw(book, who, "home"), "agree": lambda: acts.consent(book, who, "home"),
    }  # fmt: skip
    try:
        tries[what]()
    except LowresError:
        pass
