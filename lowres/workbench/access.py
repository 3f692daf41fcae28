"""Who looks at a page, and what they may do; pages ask here before they show or change anything of a collection."""

import os
from functools import cache

import streamlit as st

from lowres.collection.book import Book
from lowres.collection.events import Role
from lowres.collection.journal import Journal
from lowres.errors import LowresError
from lowres.workbench.markup import safe_markdown
from lowres.workbench.people import (
    Person,
    administered,
    cookie_person,
    local_person,
    look_at,
    redeem,
    subject_person,
)
from lowres.workbench.serve import DATABASE, SIGN_IN, collections_file
from lowres.workbench.tokens import find_secret
from lowres.workbench.wording import _, chosen_language, in_words, language_name

COOKIE_NAME, INVITATION = "lowres", "invitation"


def current_book() -> Book:
    """The collections' book, one per process; the page ends in one line where the database cannot be used."""
    try:
        return book_of(database())
    except LowresError as error:
        st.error(safe_markdown(error))
        st.stop()


def database() -> str:
    """Where collections are: what the server was told, else a file among the runs."""
    return os.environ.get(DATABASE) or collections_file()


@cache
def book_of(database: str) -> Book:
    """The one book of a database in this process."""
    return Book(Journal(database))


def signs_in() -> bool:
    """Whether people sign in; else whoever sits at the machine is the only one."""
    return bool(os.environ.get(SIGN_IN))


def visitor() -> Person | None:
    """Who looks at the page, None where they have not signed in."""
    book = current_book()
    if not signs_in():
        return local_person(book)
    if has_account():
        return subject_person(book, f"{st.user.get('iss', '')}|{st.user['sub']}")
    if cookie := st.context.cookies.get(COOKIE_NAME):
        with book.reading() as state:
            return cookie_person(state, find_secret(database()), cookie)
    return None


def has_account() -> bool:
    """Whether whoever looks at the page signed in with an account of the provider."""
    return has_oidc() and bool(st.user.is_logged_in)


def has_oidc() -> bool:
    """Whether `[auth]` of Streamlit's secrets names a provider to sign in with."""
    from streamlit.auth_util import get_secrets_auth_section

    return bool(get_secrets_auth_section())


def current_person() -> Person:
    """Who looks at the page; it ends with a way to sign in where nobody knows."""
    if found := visitor():
        return found
    st.info(_("Who are you? Open the invitation link that was sent to you, on this device. An admin makes such links."))
    if has_oidc():
        st.button(_("Sign in with your account"), on_click=st.login, type="primary")
    st.stop()


def show_invitation() -> None:
    """Whoever came by a link and is signed in with an account takes the role as that account, by a button."""
    token, person = st.query_params.get(INVITATION), visitor()
    if not token or person is None:
        return
    book, secret = current_book(), find_secret(database())
    try:
        with book.reading() as state:
            invited = look_at(state, secret, token)
        language = language_name(invited.language, chosen_language())
        st.info(_("You are invited to work on {language} as {role}.", language=language, role=_(invited.role)))
        if st.button(_("Come in"), type="primary"):
            redeem(book, secret, token, person.id)
            del st.query_params[INVITATION]
            st.rerun()
    except LowresError as error:
        st.error(safe_markdown(in_words(error)))


def may(role: Role, language: str) -> bool:
    """Whether whoever looks at the page has the role in a language (ISO 639-3)."""
    person = visitor()
    if person is None:
        return False
    with current_book().reading() as state:
        return role in state.roles(person.id, language)


def roles_of(person: Person) -> list[tuple[Role, str]]:
    """A person's roles, each with its language; '*' is every one."""
    with current_book().reading() as state:
        return sorted(state.grants.get(person.id, ()))


def is_admin() -> bool:
    """Whether whoever looks at the page is an admin of any language."""
    person = visitor()
    if person is None:
        return False
    with current_book().reading() as state:
        return bool(administered(state, person.id))
