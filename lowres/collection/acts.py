"""What a person may do next in a collection, and doing it: every act is checked against what is true at that moment.

All of them raise LowresError in a sentence for whoever tried, and change nothing then.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from lowres.collection.book import Book
from lowres.collection.events import (
    Adjudicated,
    Consented,
    Judged,
    Leased,
    Offered,
    Opened,
    Partition,
    Retracted,
    Role,
    Skipped,
    Withdrawn,
    digest_of,
    now,
)
from lowres.collection.state import Item, State
from lowres.collection.tidying import character_errors
from lowres.errors import LowresError

T = TypeVar("T")
LEASE = timedelta(minutes=20)  # what a task takes at most; who takes longer loses nothing, somebody else may have done it too


def require(state: State, person: str, collection: str, role: Role) -> Opened:
    """The collection, in which the person is in that role."""
    opened = state.collections.get(collection)
    if opened is None:
        raise LowresError("collection", f"'{collection}' is not there", f"one of: {', '.join(state.collections) or 'none yet'}")
    if role not in state.roles(person, opened.language):
        raise LowresError(f"{role}, {opened.language}", "you have no such role", "an invitation by an admin")
    return opened


def part_of(prompt: str, collection: str, opened: Opened) -> Partition:
    """The part of all renderings of a prompt: drawn once, by the names alone, never moved while the shares stay."""
    draw = int.from_bytes(hashlib.sha256(f"{collection}/{prompt}".encode()).digest()[:8]) / 2**64
    if draw < opened.train_share:
        return "train"
    return "dev" if draw < opened.train_share + opened.dev_share else "test"


# --- the speaker


def open_collection(book: Book, event: Opened) -> None:
    """Begin a collection, or change its settings: admins of its language only. Items keep the part that they were given."""
    with book.deciding() as turn:
        if "admin" not in turn.state.roles(event.person, event.language):
            raise LowresError(f"admin, {event.language}", "you have no such role", "an invitation by an admin")
        before = turn.state.collections.get(event.collection)
        if before and before.language != event.language:
            raise LowresError("collection", f"'{event.collection}' is of {before.language}", "another name")
        turn.append(event)


def consent(book: Book, person: str, collection: str) -> None:
    """Agree to the collection's text and licence as they are now."""
    with book.deciding() as turn:
        opened = require(turn.state, person, collection, "contributor")
        turn.append(Consented(person=person, collection=collection, licence=opened.licence, text=digest_of(opened.consent)))


def withdraw(book: Book, person: str, collection: str = "") -> int:
    """Withdraw from a collection, or from all; returns how many items no later export has."""
    with book.deciding() as turn:
        mine = [one for name in turn.state.of_collection if collection in (name, "") for one in turn.state.standing(name)]
        turn.append(Withdrawn(person=person, collection=collection))
        return sum(one.offered.person == person for one in mine)


def next_prompt(book: Book, person: str, collection: str, ordered: Sequence[str]) -> str | None:
    """The first prompt of `ordered` (ids, best first) that nobody rendered and nobody else holds, leased; None where all are done.

    What the person skipped comes after all that nobody touched, the first skipped first.
    """

    def find(state: State) -> str | None:
        require(state, person, collection, "contributor")
        return _open_prompt(state, person, collection, ordered)

    return _leased(book, person, collection, find, lambda prompt: f"prompt/{prompt}")


def _open_prompt(state: State, person: str, collection: str, ordered: Sequence[str]) -> str | None:
    skipped = dict.fromkeys(state.skipped[collection, person].values())
    ranked = [one for one in ordered if one not in skipped]
    left = [one for one in skipped if one in set(ordered)] if skipped else []
    at = now()
    return next((one for one in [*ranked, *left] if _is_open(state, person, collection, one, at)), None)


def _is_open(state: State, person: str, collection: str, prompt: str, at: str) -> bool:
    if any(one.stands and not state.withdrawn(one) for one in state.of_prompt.get((collection, prompt), ())):
        return False
    return all(holder == person for holder in state.lessees(collection, f"prompt/{prompt}", at))


def _leased(book: Book, person: str, collection: str, find: Callable[[State], T | None], task_of: Callable[[T], str]) -> T | None:
    """What there is to do, leased. A page that is drawn again holds it for long enough still: it waits for no turn to write."""
    with book.reading() as state:
        found = find(state)
        if found is None or person in state.lessees(collection, task_of(found), _in(LEASE / 2)):
            return found
    with book.deciding() as turn:
        found = find(turn.state)
        if found is not None:
            turn.append(Leased(person=person, collection=collection, task=task_of(found), until=_in(LEASE)))
        return found


def _in(time: timedelta) -> str:
    return (datetime.now(UTC) + time).isoformat(timespec="milliseconds")


def offer(book: Book, offered: Offered) -> int:
    """Take an item: its part is given here, whatever the event says; returns the number of the event."""
    if wrong := next(character_errors(offered.reading.text), None):
        raise LowresError("utterance", str(wrong))
    with book.deciding() as turn:
        state, person, collection = turn.state, offered.person, offered.collection
        opened = require(state, person, collection, "admin" if offered.origin == "imported" else "contributor")
        if offered.origin != "imported" and not state.consented(collection, person):
            raise LowresError(opened.licence, "you have not agreed to it yet", "agree to the collection's text first")
        if offered.replaces:
            _own(state, person, collection, offered.replaces)
        part = offered.partition if offered.origin == "imported" else _part(state, offered, opened)
        return turn.append(offered.model_copy(update={"partition": part}))


def _part(state: State, offered: Offered, opened: Opened) -> Partition:
    """Where the item corrects another, that one's part; else its prompt's; what came from talking to the model is a test."""
    if before := state.items.get(offered.replaces):
        return before.offered.partition
    if offered.origin == "talk":
        return "test"
    return part_of(offered.prompt.id if offered.prompt else offered.item, offered.collection, opened)


def _own(state: State, person: str, collection: str, item: str) -> Item:
    found = state.items.get(item)
    if found is None or (found.offered.person, found.offered.collection) != (person, collection):
        raise LowresError("item", "it is not yours", "an item of your own in this collection")
    if not found.stands or state.withdrawn(found):
        raise LowresError("item", "it was corrected or taken back before", "the newest one")
    return found


def skip(book: Book, person: str, collection: str, prompt: str) -> int:
    """Leave a prompt; it comes back to the person after all others."""
    with book.deciding() as turn:
        require(turn.state, person, collection, "contributor")
        if person in turn.state.lessees(collection, f"prompt/{prompt}", now()):
            turn.append(Leased(person=person, collection=collection, task=f"prompt/{prompt}", until=now()))  # others may have it
        return turn.append(Skipped(person=person, collection=collection, prompt=prompt))


def undo(book: Book, person: str, collection: str) -> str:
    """Take back one's newest act in the collection, which stays on record; returns its kind: offered, judged or skipped."""
    with book.deciding() as turn:
        done = turn.state.done.get((collection, person))
        if not done:
            raise LowresError("undo", "there is nothing of yours to take back", "an act of your own")
        act = turn.state.acts[done[-1]]
        _still_open(turn.state, act)
        turn.append(Retracted(person=person, collection=collection, of=done[-1]))
        return act.kind


def _still_open(state: State, act: Offered | Judged | Skipped) -> None:
    item = None if isinstance(act, Skipped) else state.items[act.item]
    if item and item.decisions:
        raise LowresError("undo", "the item was decided on already", "an adjudicator")
    if isinstance(act, Offered) and item and item.judgments:
        raise LowresError("undo", "the item was judged already", "an adjudicator, who may correct it or leave it out")


# --- the judge


def next_item(book: Book, person: str, collection: str) -> Item | None:
    """An item to be judged, leased: never one's own, nor one judged before; those that lack the fewest judgments first."""

    def find(state: State) -> Item | None:
        return _open_item(state, person, collection, require(state, person, collection, "judge").overlap)

    return _leased(book, person, collection, find, lambda item: f"judge/{item.offered.item}")


def _open_item(state: State, person: str, collection: str, overlap: int) -> Item | None:
    at = now()
    waiting = (one for n in reversed(range(overlap)) for one in state.by_judgments.get((collection, n), {}).values())
    return next((one for one in waiting if one.stands and _may_judge(state, person, one, overlap, at) and not state.withdrawn(one)), None)


def _may_judge(state: State, person: str, item: Item, overlap: int, at: str) -> bool:
    judges = {one.person for one in item.judgments.values()}
    if person == item.offered.person or person in judges or item.decisions:
        return False
    held = set(state.lessees(item.offered.collection, f"judge/{item.offered.item}", at))
    return person in held or len(judges | held) < overlap


def judge(book: Book, judged: Judged) -> int:
    """Take a judgment; Clash where the person judged the item before. Returns the number of the event."""
    with book.deciding() as turn:
        require(turn.state, judged.person, judged.collection, "judge")
        if _others_item(turn.state, judged).decisions:
            raise LowresError("item", "it was decided on meanwhile", "the next one")
        attempt = turn.state.n_retracted.get((judged.item, judged.person), 0)  # each that was taken back made room for one more
        return turn.append(judged.model_copy(update={"attempt": attempt}))


def _others_item(state: State, event: Judged | Adjudicated) -> Item:
    """The item that an event is about, which stands, and which whoever does it has not written."""
    found = state.items.get(event.item)
    if found is None or found.offered.collection != event.collection:
        raise LowresError("item", "it is not in this collection", "an item of it")
    if found.offered.person == event.person:
        raise LowresError("item", "it is your own", "an item by somebody else")
    if not found.stands or state.withdrawn(found):
        raise LowresError("item", "its author took it back meanwhile", "the next one")
    return found


# --- the adjudicator


def undecided(book: Book, person: str, collection: str) -> list[Item]:
    """Items that all judges looked at without a majority for them, oldest first; none of one's own."""
    with book.reading() as state:
        opened = require(state, person, collection, "adjudicator")
        return [one for one in state.standing(collection) if one.status(opened.overlap) == "disputed" and one.offered.person != person]


def adjudicate(book: Book, event: Adjudicated) -> int:
    """Take a decision; a later one may follow, and both stay on record."""
    with book.deciding() as turn:
        require(turn.state, event.person, event.collection, "adjudicator")
        _others_item(turn.state, event)
        return turn.append(event)
