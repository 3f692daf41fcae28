"""Who takes part: pseudonyms, their roles, and the invitations that bring them in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lowres.collection.book import Book, Turn
from lowres.collection.events import ROLES, Granted, Invited, Joined, Redeemed, Role, digest_of, new_id, now
from lowres.collection.state import State
from lowres.errors import LowresError
from lowres.workbench.pseudonyms import new_pseudonym
from lowres.workbench.tokens import COOKIE, INVITATION, Refused, read, sign

EVERY = "*"  # every language
_LOCAL = "local"  # the subject of whoever sits at the machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who takes part: `id` is what events name them by, the pseudonym what others see."""

    id: str
    pseudonym: str


def person_of(state: State, id: str) -> Person | None:
    """The person of an id, None where nobody is."""
    joined = state.people.get(id)
    return Person(id=id, pseudonym=joined.pseudonym) if joined else None


def local_person(book: Book) -> Person:
    """Whoever sits at the machine, who may do everything in every language."""
    person = subject_person(book, _LOCAL)
    with book.reading() as state:
        missing = [role for role in ROLES if (role, EVERY) not in state.grants.get(person.id, ())]
    if missing:
        with book.deciding() as turn:
            for role in missing:
                turn.append(Granted(person=person.id, whom=person.id, role=role, language=EVERY))
    return person


def subject_person(book: Book, subject: str) -> Person:
    """The person of somebody's account elsewhere, who joins where they are new; kept as a digest only."""
    digest = digest_of(subject)
    with book.reading() as state:
        if found := person_of(state, state.subjects.get(digest, "")):
            return found
    with book.deciding() as turn:
        known = person_of(turn.state, turn.state.subjects.get(digest, ""))
        return known or _join(turn, subject=digest)


def _join(turn: Turn, subject: str = "", by: str = "") -> Person:
    person = Person(id=new_id("person"), pseudonym=new_pseudonym({one.pseudonym for one in turn.state.people.values()}))
    turn.append(Joined(person=person.id, pseudonym=person.pseudonym, subject=subject, by=by))
    return person


# --- invitations


def invite(book: Book, secret: str, by: str, role: Role, language: str, *, days: float = 7, uses: int = 1) -> str:
    """The token of a link that makes whoever follows it a `role` in `language`, `uses` times within `days`."""
    expires = (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="milliseconds")
    with book.deciding() as turn:
        _check_admin(turn.state, by, language)
        invited = Invited(person=by, token=new_id("link"), role=role, language=language, expires=expires, uses=uses)
        turn.append(invited)
    return sign(secret, INVITATION, [invited.token, ""])


def call_back(book: Book, secret: str, by: str, whom: str, *, days: float = 7) -> str:
    """The token of a link by which somebody whose cookie is lost is themself again; only by an admin of all that they may do."""
    expires = (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="milliseconds")
    with book.deciding() as turn:
        held = sorted(turn.state.grants.get(whom, ()))
        if not held:
            raise LowresError("people", "they have no role", "an invitation")
        for _, language in held:
            _check_admin(turn.state, by, language)
        role, language = held[0]
        invited = Invited(person=by, token=new_id("link"), role=role, language=language, expires=expires)
        turn.append(invited)
    return sign(secret, INVITATION, [invited.token, whom])


def look_at(state: State, secret: str, token: str) -> Invited:
    """The invitation of a link that may still be followed; Refused in a sentence for whoever followed it."""
    id, _ = _signed(secret, token)
    invited = state.invitations.get(id)
    if invited is None:
        raise Refused("invitation", "of another workbench", "ask whoever sent it", 404)
    if invited.expires <= now():
        raise Refused("invitation", "it has expired", "ask for a new link", 410)
    if state.uses.get(id, 0) >= invited.uses:
        raise Refused("invitation", "it was used already", "ask for a new link", 410)
    if "admin" not in state.roles(invited.person, invited.language):
        raise Refused("invitation", "whoever made it is no admin any longer", "ask for a new link", 410)
    return invited


def redeem(book: Book, secret: str, token: str, current: str = "") -> Person:
    """Follow a link: the role is given to `current` where they are signed in, else to somebody new; Refused where it is not good."""
    _, whom = _signed(secret, token)
    with book.deciding() as turn:
        state = turn.state
        invited = look_at(state, secret, token)
        person = person_of(state, whom or current)
        has = person is not None and (invited.role, invited.language) in state.grants.get(person.id, ())
        if whom and not has:
            raise Refused("invitation", "the role was taken away since", "ask for a new link", 410)
        if has and not whom:
            return person  # a second click takes no use from a link for many
        person = person or _join(turn, by=invited.person)
        turn.append(Redeemed(person=person.id, token=invited.token, use=state.uses.get(invited.token, 0) + 1))
        return person


def _signed(secret: str, token: str) -> tuple[str, str]:
    """The link's id, and whom alone it is for ('' anybody)."""
    value = read(secret, INVITATION, token)
    return value[0], value[1]


# --- the cookie


def cookie_of(secret: str, person: Person) -> str:
    """What a browser keeps of who signed in."""
    return sign(secret, COOKIE, person.id)


def cookie_person(state: State, secret: str, cookie: str) -> Person | None:
    """Who signed in by a cookie; None where it is forged, too old or of nobody."""
    try:
        return person_of(state, read(secret, COOKIE, cookie))
    except Refused:
        return None


# --- admins


def administered(state: State, person: str) -> list[str]:
    """The languages that somebody is admin of; '*' stands for every one."""
    return sorted(language for role, language in state.grants.get(person, ()) if role == "admin")


def grant(book: Book, by: str, whom: str, role: Role, language: str, on: bool) -> None:
    """Give a role, or take it away; by an admin of the language only."""
    with book.deciding() as turn:
        _check_admin(turn.state, by, language)
        if whom not in turn.state.people:
            raise LowresError("people", "nobody of that name", "somebody of the list")
        turn.append(Granted(person=by, whom=whom, role=role, language=language, on=on))


def listed(state: State, by: str) -> Mapping[Person, list[tuple[Role, str]]]:
    """Everybody by pseudonym, with those of their roles that `by` is admin of."""
    mine = administered(state, by)
    people = sorted((person_of(state, id) for id in state.people), key=lambda one: one.pseudonym)
    return {one: sorted(held for held in state.grants.get(one.id, ()) if held[1] in mine or EVERY in mine) for one in people}


def _check_admin(state: State, by: str, language: str) -> None:
    if language not in (mine := administered(state, by)) and EVERY not in mine:
        raise LowresError("people", f"you are no admin of {'every language' if language == EVERY else language}", "an admin's invitation")
