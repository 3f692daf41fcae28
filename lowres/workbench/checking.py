"""What is wrong or doubtful about a rendering, on the page: errors block, a warning passes with a reason."""

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import streamlit as st

from lowres.collection.checks import Finding, blocks, check_offer, unanswered
from lowres.collection.events import MarkedSlot, Opened, Reading
from lowres.collection.letters import alphabet_of
from lowres.collection.nearness import NearIndex, same_key
from lowres.errors import LowresError
from lowres.language import Language, read_language
from lowres.utterance import Utterance
from lowres.workbench import room
from lowres.workbench.collecting import known_texts
from lowres.workbench.loaded import near_index
from lowres.workbench.markup import safe_markdown
from lowres.workbench.runs import has_pairs, list_runs, read_card_of
from lowres.workbench.serve import RUNS
from lowres.workbench.wording import _


def findings_of(
    text: str, slots: Sequence[MarkedSlot], prompt: Utterance | None, opened: Opened, collection: str, language: Language, me: str,
    but: str = "",
) -> tuple[Finding, ...]:  # fmt: skip
    """What the checks say of a rendering, beside what the collection and the language's training pairs hold already.

    Without a prompt, of something said freely; its slots may have any name. The item `but`, which it corrects, is not looked at.
    """
    known = known_texts(room.book(), collection, but)
    names = room.labels_of(room.prompts_of(opened.prompts))[1] if prompt else ()
    intent = (prompt.intent if prompt else None) or ""
    offer = Reading.model_construct(text=text, intent=intent, slots=tuple(slots))  # too long a text is for the checks to refuse
    return check_offer(
        offer, language=language, prompt=prompt, expected_slots=names, training_texts=training_index(language.iso639_3),
        own_texts={one for one, who in known.items() if who == me}, known_texts={same_key(one) for one, who in known.items() if who != me},
        alphabet=_alphabet(language.iso639_3),
    )  # fmt: skip


@lru_cache(maxsize=16)
def _alphabet(code: str) -> frozenset[str]:
    return alphabet_of(read_language(code))


def training_index(code: str) -> NearIndex | None:
    """The training pairs of the language's first run that has any; None without one."""
    for folder in list_runs(Path(os.environ.get(RUNS, "runs"))):
        try:
            if has_pairs(folder) and read_card_of(folder).iso639_3 == code:
                return near_index(folder)
        except LowresError:
            continue  # a broken run is for the page Runs to tell of
    return None


def show_findings(found: Sequence[Finding]) -> tuple[dict[str, str], bool]:
    """Show what was found, asking the reason of each warning; the reasons by code, and whether something stands in the way."""
    reasons: dict[str, str] = {}
    for one in found:
        said = safe_markdown(_(one.message, **one.values))
        if one.severity == "error":
            st.error(said, icon=":material/block:")
        elif one.code not in reasons:
            st.warning(said, icon=":material/help:")
            label = _("Why it is right as it is ({what})", what=one.code.replace("_", " "))
            reasons[one.code] = st.text_input(label, key=f"reason {one.code}", max_chars=300)
    return {code: reason for code, reason in reasons.items() if reason.strip()}, blocks(found) or bool(unanswered(found, reasons))
