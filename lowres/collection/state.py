"""What the events amount to: people and their roles, collections, items with their judgments and decisions."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from lowres.collection.events import (
    Adjudicated,
    Consented,
    Event,
    Granted,
    Invited,
    Joined,
    Judged,
    Offered,
    Opened,
    Reading,
    Redeemed,
    Retracted,
    Role,
    Skipped,
    Withdrawn,
    digest_of,
)

Status = Literal["open", "disputed", "accepted", "corrected", "rejected"]


@dataclass(slots=True, kw_only=True)
class Item:
    """An utterance that was offered, and all that was said of it since; `number` is that of its event."""

    number: int
    offered: Offered
    judgments: dict[int, Judged] = field(default_factory=dict)
    decisions: dict[int, Adjudicated] = field(default_factory=dict)
    retracted: bool = False
    replaced_by: str = ""

    @property
    def stands(self) -> bool:
        """Whether its author still stands by it."""
        return not self.retracted and not self.replaced_by

    @property
    def decision(self) -> Adjudicated | None:
        """The newest decision."""
        return self.decisions[max(self.decisions)] if self.decisions else None

    @property
    def reading(self) -> Reading:
        """What is exported: the decision's, else the speaker's."""
        return (self.decision and self.decision.final) or self.offered.reading

    def status(self, overlap: int) -> Status:
        """A decision where there is one; else accepted by a majority of `overlap` judges, disputed where all judged without one."""
        if self.decision:
            return self.decision.decision
        approving = sum(map(approves, self.judgments.values()))
        if 2 * approving > overlap:
            return "accepted"
        return "disputed" if len(self.judgments) >= overlap else "open"


def approves(judged: Judged) -> bool:
    """Whether a judge takes the item as it is: intent, slots and language right, nothing to correct."""
    return judged.intent == judged.slots == judged.language == 2 and judged.corrected is None


@dataclass(slots=True)
class State:
    """Folded from events by `apply`; reads are plain look-ups. `last` is the number of the newest event.

    `by_judgments` holds the items of a collection by how many judgments they have, those first that have had as many for longest.
    """

    last: int = 0
    people: dict[str, Joined] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)
    grants: dict[str, set[tuple[Role, str]]] = field(default_factory=lambda: defaultdict(set))
    invitations: dict[str, Invited] = field(default_factory=dict)
    uses: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    collections: dict[str, Opened] = field(default_factory=dict)
    consents: dict[tuple[str, str], Consented] = field(default_factory=dict)
    withdrawals: dict[tuple[str, str], int] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    of_collection: dict[str, list[Item]] = field(default_factory=lambda: defaultdict(list))
    of_prompt: dict[tuple[str, str], list[Item]] = field(default_factory=lambda: defaultdict(list))
    by_judgments: dict[tuple[str, int], dict[str, Item]] = field(default_factory=lambda: defaultdict(dict))
    skipped: dict[tuple[str, str], dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    leases: dict[tuple[str, str], dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    done: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    acts: dict[int, Offered | Judged | Skipped] = field(default_factory=dict)
    n_retracted: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))

    def apply(self, number: int, event: Event) -> None:
        """What follows from one more event."""
        _FOLDS[event.kind](self, number, event)
        self.last = number

    def roles(self, person: str, language: str) -> frozenset[Role]:
        """What a person may do in a language (ISO 639-3)."""
        return frozenset(role for role, where in self.grants.get(person, ()) if where in (language, "*"))

    def consented(self, collection: str, person: str) -> bool:
        """Whether the person agreed to the collection's text and licence as they are now, and did not withdraw."""
        given, opened = self.consents.get((collection, person)), self.collections.get(collection)
        return bool(given and opened and given.licence == opened.licence and given.text == digest_of(opened.consent))

    def withdrawn(self, item: Item) -> bool:
        """Whether the item's author withdrew after it; agreeing again brings back nothing of before."""
        offered = item.offered
        return any(item.number < self.withdrawals.get((where, offered.person), 0) for where in (offered.collection, ""))

    def standing(self, collection: str) -> Iterator[Item]:
        """The items that count: their authors stand by them, and did not withdraw."""
        return (one for one in self.of_collection.get(collection, ()) if one.stands and not self.withdrawn(one))

    def lessees(self, collection: str, task: str, at: str) -> list[str]:
        """Who holds a lease on the task at that time."""
        return [person for person, until in self.leases.get((collection, task), {}).items() if until > at]


def _offered(state: State, number: int, event: Offered) -> None:
    item = Item(number=number, offered=event)
    if before := state.items.get(event.replaces):
        before.replaced_by = event.item
    state.items[event.item] = item
    state.of_collection[event.collection].append(item)
    state.by_judgments[event.collection, 0][event.item] = item
    if event.prompt:
        state.of_prompt[event.collection, event.prompt.id].append(item)
    _act(state, number, event)


def _act(state: State, number: int, event: Offered | Judged | Skipped) -> None:
    """Remember what its author may take back."""
    state.acts[number] = event
    state.done[event.collection, event.person].append(number)


def _judged(state: State, number: int, event: Judged) -> None:
    item = state.items[event.item]
    _move(state, item, 1)
    item.judgments[number] = event
    _act(state, number, event)


def _move(state: State, item: Item, step: int) -> None:
    """An item gets a judgment more or less."""
    collection, n, id = item.offered.collection, len(item.judgments), item.offered.item
    state.by_judgments[collection, n + step][id] = state.by_judgments[collection, n].pop(id)


def _skipped(state: State, number: int, event: Skipped) -> None:
    state.skipped[event.collection, event.person][number] = event.prompt
    _act(state, number, event)


def _retracted(state: State, number: int, event: Retracted) -> None:
    was = state.acts.pop(event.of, None)
    if was is None:
        return
    state.done[was.collection, was.person].remove(event.of)
    if isinstance(was, Offered):
        state.items[was.item].retracted = True
        if before := state.items.get(was.replaces):
            before.replaced_by = ""
    elif isinstance(was, Judged):
        item = state.items[was.item]
        _move(state, item, -1)
        del item.judgments[event.of]
        state.n_retracted[was.item, was.person] += 1
    else:
        del state.skipped[was.collection, was.person][event.of]


def _granted(state: State, number: int, event: Granted) -> None:
    held = state.grants[event.whom]
    (held.add if event.on else held.discard)((event.role, event.language))


def _joined(state: State, number: int, event: Joined) -> None:
    state.people[event.person] = event
    if event.subject:
        state.subjects[event.subject] = event.person


def _redeemed(state: State, number: int, event: Redeemed) -> None:
    state.uses[event.token] += 1
    if invited := state.invitations.get(event.token):
        state.grants[event.person].add((invited.role, invited.language))


def _withdrawn(state: State, number: int, event: Withdrawn) -> None:
    state.withdrawals[event.collection, event.person] = number
    for key in [key for key in state.consents if key[1] == event.person and event.collection in (key[0], "")]:
        del state.consents[key]


_FOLDS = {
    "opened": lambda state, number, event: state.collections.__setitem__(event.collection, event),
    "joined": _joined,
    "granted": _granted,
    "invited": lambda state, number, event: state.invitations.__setitem__(event.token, event),
    "redeemed": _redeemed,
    "consented": lambda state, number, event: state.consents.__setitem__((event.collection, event.person), event),
    "withdrawn": _withdrawn,
    "offered": _offered,
    "skipped": _skipped,
    "leased": lambda state, number, event: state.leases[event.collection, event.task].__setitem__(event.person, event.until),
    "judged": _judged,
    "adjudicated": lambda state, number, event: state.items[event.item].decisions.__setitem__(number, event),
    "retracted": _retracted,
}
