"""People: an admin invites them, and says what they may do."""

import streamlit as st

from lowres.collection.events import ROLES
from lowres.workbench import people
from lowres.workbench.access import current_book, current_person, database, signs_in
from lowres.workbench.markup import safe_markdown
from lowres.workbench.page import friendly
from lowres.workbench.people import EVERY, Person
from lowres.workbench.tokens import find_secret
from lowres.workbench.wording import _


def language_title(code: str) -> str:
    if code == EVERY:
        return _("every language")
    import langcodes

    return f"{langcodes.get(code).display_name()} ({code})"


def show_link(token: str) -> None:
    """A link to be sent on; it is shown once, nothing of it is kept."""
    origin = (st.context.url or "").split("/", 3)
    st.write(_("Send this link to whom it is for. It is shown only now:"))
    st.code(f"{'/'.join(origin[:3])}/enter?token={token}", language=None, wrap_lines=True)


def invite(me: Person, languages: list[str]) -> None:
    with st.form("invite", border=True):
        first, second = st.columns(2)
        role = first.selectbox(_("Role"), ROLES, format_func=_)
        language = second.selectbox(_("Language"), languages, format_func=language_title)
        third, fourth = st.columns(2)
        days = third.number_input(_("Days until it expires"), 1, 90, 7)
        uses = fourth.number_input(_("How many people may follow it"), 1, 1000, 1)
        if st.form_submit_button(_("Make a link"), type="primary"):
            with friendly():
                show_link(people.invite(current_book(), find_secret(database()), me.id, role, language, days=days, uses=uses))


def roles(me: Person, languages: list[str]) -> None:
    with current_book().reading() as state:
        listed = people.listed(state, me.id)
    rows = [
        {_("Person"): one.pseudonym, _("Roles"): ", ".join(f"{_(role)}: {language_title(language)}" for role, language in held)}
        for one, held in listed.items()
    ]
    st.dataframe(rows, hide_index=True, width="stretch")
    with st.container(border=True):
        who = st.selectbox(_("Person"), list(listed), format_func=lambda one: one.pseudonym)
        first, second = st.columns(2)
        role = first.selectbox(_("Role"), ROLES, format_func=_, key="role")
        language = second.selectbox(_("Language"), languages, format_func=language_title, key="language")
        has = (role, language) in listed[who]
        with st.container(horizontal=True):
            if st.button(_("Take the role away") if has else _("Give the role")):
                with friendly():
                    people.grant(current_book(), me.id, who.id, role, language, not has)
                    st.rerun()
            lost = _("For who lost their device: they are themselves again on another.")
            if signs_in() and st.button(_("A link to come back"), help=lost):
                with friendly():
                    show_link(people.call_back(current_book(), find_secret(database()), me.id, who.id))


def page() -> None:
    st.title(_("People"))
    me = current_person()
    with current_book().reading() as state:
        mine = people.administered(state, me.id)
    if not mine:
        st.info(_("Only admins see who takes part."))
        st.stop()
    languages = [EVERY, *known_languages()] if EVERY in mine else mine
    st.subheader(_("Invite"))
    if signs_in():
        invite(me, languages)
    else:
        command = safe_markdown("lowres app --sign-in")
        st.info(_("This workbench is for you alone. To invite others, start it with {option}.", option=command))
    st.subheader(_("Who takes part"))
    with friendly():
        roles(me, languages)


def known_languages() -> list[str]:
    """Languages that have a card, or a collection."""
    from lowres.resources import resources_folder

    cards = {path.parent.name for path in (resources_folder() / "languages").glob("*/card.yaml")}
    with current_book().reading() as state:
        return sorted(cards | {one.language for one in state.collections.values()})


page()
