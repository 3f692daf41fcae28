"""Collecting, without the page: what to ask a speaker next, what a rendering may be saved with, what is exported."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lowres.collection.asking import order_prompts
from lowres.collection.book import Book
from lowres.collection.events import MarkedSlot, Offered, Opened, Prompt, Reading, new_id
from lowres.collection.state import Item, Status
from lowres.utterance import Utterance
from lowres.workbench.marking import carried


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a collection stands: items by status, how many people wrote them, and the ids of the prompts that they render."""

    n_items: int
    n_people: int
    statuses: Mapping[Status, int]
    prompts: frozenset[str]


def progress_of(book: Book, collection: str) -> Progress:
    """Counted now, without what was taken back or withdrawn."""
    from collections import Counter

    with book.reading() as state:
        opened = state.collections[collection]
        items = list(state.standing(collection))
        return Progress(
            n_items=len(items), n_people=len({one.offered.person for one in items}),
            statuses=Counter(one.status(opened.overlap) for one in items),
            prompts=frozenset(one.offered.prompt.id for one in items if one.offered.prompt),
        )  # fmt: skip


def ranked_prompts(
    book: Book, collection: str, person: str, prompts: Mapping[str, Utterance], uncertainty: Mapping[str, float]
) -> list[str]:
    """Ids of the prompts, the one to ask next first."""
    with book.reading() as state:
        done = [one.offered.prompt.id for one in state.standing(collection) if one.offered.prompt]
        skipped = list(state.skipped.get((collection, person), {}).values())
    return order_prompts(list(prompts.values()), collected=done, skipped=skipped, uncertainty=uncertainty, person=person)


def names_for(prompt: Utterance | None, all_names: Iterable[str]) -> list[str]:
    """Slot names, those of the prompt first: they get the keys 1, 2, …"""
    first = dict.fromkeys(slot.name for slot in prompt.slots) if prompt else {}
    return [*first, *(name for name in all_names if name not in first)]


def first_marks(text: str, prompt: Utterance | None, before: tuple[MarkedSlot, ...]) -> tuple[MarkedSlot, ...]:
    """What can be marked without asking: what was marked in the text before it was changed, and what the prompt has word for word."""
    kept = carried(before, text)
    if kept or prompt is None:
        return kept
    there = (
        MarkedSlot(name=slot.name, start=slot.start, end=slot.end, surface=prompt.slot_text(slot), method="unchanged")
        for slot in prompt.slots
    )
    return carried([one for one in there if len(one.surface) > 1], text)


def offer_of(
    reading: Reading, *, person: str, collection: str, opened: Opened, prompt: Utterance | None, orthography: str,
    reasons: Mapping[str, str],
) -> Offered:  # fmt: skip
    """The event of a rendering; its part is given when it is taken."""
    asked = Prompt(id=prompt.id, text=prompt.text, locale=prompt.locale, intent=prompt.intent or "") if prompt else None
    return Offered(
        person=person, collection=collection, item=new_id("item"), reading=reading, locale=opened.locale, orthography=orthography,
        partition="test", prompt=asked, reasons=dict(reasons),
    )  # fmt: skip


def correction_of(item: Item, reading: Reading, reasons: Mapping[str, str]) -> Offered:
    """The event by which an author puts another reading in the place of an own item."""
    said = {"item": new_id("item"), "reading": reading, "reasons": dict(reasons), "replaces": item.offered.item}
    return Offered(**item.offered.model_dump(exclude={"kind", "at", *said}), **said)


def own_items(book: Book, collection: str, person: str) -> list[Item]:
    """What the person contributed and stands by, newest first."""
    with book.reading() as state:
        return [one for one in reversed(state.of_collection.get(collection, [])) if one.offered.person == person and one.stands
                and not state.withdrawn(one)]  # fmt: skip


def known_texts(book: Book, collection: str, but: str = "") -> dict[str, str]:
    """Texts that the collection has already, with who wrote them; without the item `but`."""
    with book.reading() as state:
        return {one.offered.reading.text: one.offered.person for one in state.standing(collection) if one.offered.item != but}
