"""Letters of a language on the page, for those whose keyboard lacks them: a press writes where the caret is."""

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from lowres.collection.events import digest_of
from lowres.collection.letters import letters_of
from lowres.language import Language
from lowres.workbench.wording import _


@cache
def _component() -> Any:
    here = Path(__file__).with_name("keyboard")
    script, style = (here.with_suffix(end).read_text(encoding="utf-8") for end in (".js", ".css"))
    return st.components.v2.component("lowres_keyboard", html='<div class="letters"></div>', css=style, js=script)


def letters_for(language: Language, box: str) -> None:
    """A picker below the text input whose key is `box`, closed until it is asked for."""
    rows = _rows(language.iso639_3)
    if not rows:
        return
    shown = [(_(title), is_open, letters) for title, is_open, letters in rows]
    data = {
        "version": digest_of(f"{box} {shown}"), "box": box, "rows": shown, "dir": language.direction, "lang": language.bcp47,
        "words": {"letters": _("Letters")},
    }  # fmt: skip
    with st.expander(_("Letters of {language}", language=language.name)):
        _component()(data=data, key=f"letters of {box}")


@lru_cache(maxsize=16)
def _rows(code: str) -> list[tuple[str, bool, list[tuple[str, str, str, str]]]]:
    """Groups: title, whether it stands open, letters as (what is written, with shift, what is shown, name)."""
    from lowres.language import read_language

    groups = letters_of(read_language(code))
    return [(one.title, one.open, [(letter.text, letter.upper, letter.shown, letter.name) for letter in one.letters]) for one in groups]
