"""What the pages of a collection share: the book of the database, who is here, which collection was chosen, its prompts."""

import os
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import streamlit as st

from lowres.catalog import Reference
from lowres.collection import acts
from lowres.collection.events import MarkedSlot, Opened, Role
from lowres.collection.tidying import tidy
from lowres.errors import LowresError
from lowres.language import Language, language_of_locale, read_language
from lowres.utterance import Utterance
from lowres.workbench.access import current_book as book
from lowres.workbench.access import current_person as person
from lowres.workbench.collecting import Progress
from lowres.workbench.unsure import read_uncertainty
from lowres.workbench.wording import _

__all__ = ["book", "person"]  # pages ask this room for them
_CHOSEN, _BEGUN = "chosen collection", "what marking began with"
LICENCE = "CC-BY-4.0"
DEMO = Reference(path="resources:demo/en-US.jsonl", format="massive", licence="CC0-1.0", locale="en-US")
CONSENT = (
    "What I write here becomes part of a public test set of my language, under the licence CC-BY-4.0, by my pseudonym and without my name. "
    "I wrote it myself, and it names no private person. I may withdraw at any time: no later export holds what I wrote."
)


def collections_of(language: str) -> list[tuple[str, Opened]]:
    """Names and settings of a language's collections, ISO 639-3."""
    with book().reading() as state:
        return [(name, opened) for name, opened in state.collections.items() if opened.language == language]


def ensure_collection(language: str, locale: str) -> str:
    """The first collection of a language, opened with what is sensible where there is none: the demo's prompts, three judges."""
    if there := collections_of(language):
        return there[0][0]
    name = read_language(language).name
    acts.open_collection(book(), Opened(
        person=person().id, collection=language, title=f"{name}", language=language, locale=locale, prompts=DEMO, licence=LICENCE,
        consent=CONSENT,
    ))  # fmt: skip
    return language


def start(title: str, role: Role) -> tuple[str, Opened, Language]:
    """Head of a page for people in that role: the chosen collection, its settings, its language. The page ends where there is none."""
    st.title(title)
    me = person()
    with book().reading() as state:
        mine = {name: one for name, one in state.collections.items() if role in state.roles(me.id, one.language)}
    if not mine:
        st.info(_("There is no collection yet in which you are {role}. An admin opens one on the page “Collections”.", role=_(role)))
        st.stop()
    name = _choose(mine)
    return name, mine[name], read_language(mine[name].language)


def _choose(mine: Mapping[str, Opened]) -> str:
    kept = st.session_state.get(_CHOSEN)
    st.session_state[_CHOSEN] = kept if kept in mine else next(iter(mine))
    return st.sidebar.selectbox(_("Collection"), list(mine), key=_CHOSEN, format_func=lambda one: mine[one].title)


@lru_cache(maxsize=8)
def prompts_of(reference: Reference) -> dict[str, Utterance]:
    """The prompts of a collection by id, in the order of their file."""
    from lowres.sources import read_utterances

    mirror = os.environ.get("LOWRES_MIRROR")
    found = read_utterances(reference, Path.cwd(), Path(mirror) if mirror else None)
    return {one.id: one for one in found}


def labels_of(prompts: Mapping[str, Utterance]) -> tuple[list[str], list[str]]:
    """All intents and all slot names of the prompts, sorted."""
    intents = {one.intent for one in prompts.values() if one.intent}
    return sorted(intents), sorted({slot.name for one in prompts.values() for slot in one.slots})


def parse_collection_name(text: str) -> str:
    """A name of a collection: what may stand in a file name and a recipe."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", text):
        raise LowresError(_("name"), f"'{text}'", _("small letters, digits and hyphens, 64 at most"))
    return text


def language_of(locale: str) -> Language:
    """The card of a locale's language."""
    return read_language(language_of_locale(locale))


def begun(of: tuple[str, ...], slots: tuple[MarkedSlot, ...]) -> tuple[MarkedSlot, ...]:
    """What marking began with: `slots` the first time that this prompt and text are shown, the same from then on."""
    kept = st.session_state.get(_BEGUN)
    if kept is None or kept[0] != of:
        kept = st.session_state[_BEGUN] = (of, slots)
    return kept[1]


def show_quotas(opened: Opened, found: Progress) -> None:
    """What the collection lacks, as a chart and a table."""
    from lowres.collection.asking import quotas

    wanted = quotas(list(prompts_of(opened.prompts).values()), found.prompts)
    st.write(_("{n} utterances by {people} people.", n=found.n_items, people=found.n_people))
    for title, kind in ((_("Intents"), "intent"), (_("Slots"), "slot")):
        rows = [one for one in wanted if one.kind == kind and one.collected < one.target]
        shown = [{_("name"): one.name, _("lacking"): one.target - one.collected, _("there"): one.collected} for one in rows]
        st.markdown(f"**{title}**")
        column = st.column_config.ProgressColumn(format="%d", min_value=0, max_value=max([one.target for one in rows] or [1]))
        st.dataframe(shown, hide_index=True, width="stretch", column_config={_("lacking"): column})


def uncertainty_of(opened: Opened) -> dict[str, float]:
    """By prompt, how likely the model reads it wrong, where that was measured; {} where it was not."""
    return read_uncertainty(opened.prompts, prompts_of(opened.prompts))


def tidied(text: str) -> tuple[str, list[str]]:
    """What was typed in its tidy form, and what was done to it, in sentences."""
    found = tidy(text)
    return found.text, [_(one.message, **one.values) for one in found.notes]


@st.cache_resource(max_entries=1, show_spinner=False)
def base_reader():
    """The base with its own labels, once in the process."""
    from lowres.model import read_base
    from lowres.reading import Reader
    from lowres.workbench.unsure import BASE

    return Reader(*read_base(BASE))
