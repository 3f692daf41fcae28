"""Marking slots in a text on a page, by pointer or by keyboard alone."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from lowres.collection.events import MarkedSlot, digest_of
from lowres.text import graphemes
from lowres.workbench.markup import hue
from lowres.workbench.wording import _


@cache
def _component() -> Any:
    here = Path(__file__).with_name("marking")
    script, style = (here.with_suffix(end).read_text(encoding="utf-8") for end in (".js", ".css"))
    return st.components.v2.component("lowres_marking", html='<div class="marker"></div>', css=style, js=script)


def mark(
    text: str, slots: Sequence[MarkedSlot], names: Sequence[str], *, direction: str, lang: str, key: str, methods: bool = False
) -> tuple[MarkedSlot, ...]:
    """The slots as the user marked them in `text` (NFC), at first `slots`; the first nine `names` have the keys 1 to 9.

    `methods` asks of each slot how it came to be: translated, replaced by something of the place, or left as it was.
    """
    given = [{"name": one.name, "start": one.start, "end": one.end, "method": one.method} for one in slots]
    kinds = [("translation", _("translated")), ("localization", _("replaced by something of here")), ("unchanged", _("left as it was"))]
    words = {
        "text": _("The utterance: mark its slots"), "names": _("Slot names"), "slots": _("Marked slots"), "method": _("How it was said"),
        "remove": _("Remove"),
        "keys": _("Drag over words, then press a name. Keys: ← → a word, Shift more, Ctrl a letter, 1 to 9 a name, Delete removes."),
    }  # fmt: skip
    version = digest_of(json.dumps([text, given, list(names), methods, lang]))
    data = {
        "version": version, "letters": _letters(text), "slots": given, "names": list(names),
        "hues": {name: hue(name) for name in (*names, *(one.name for one in slots))},
        "methods": kinds if methods else [], "words": words, "dir": "rtl" if direction == "rtl" else "ltr", "lang": lang,
    }  # fmt: skip
    found = _component()(data=data, key=key, default={"marked": None}, on_marked_change=lambda: None).marked
    answers = isinstance(found, dict) and found.get("version") == version  # what was marked in another text is not asked for
    return parse_marked(text, found.get("slots") if answers else given, names, methods)


def _letters(text: str) -> list[tuple[str, int, int]]:
    """Grapheme clusters with their code points: (cluster, start, end)."""
    found, start = [], 0
    for one in graphemes(text):
        found.append((one, start, start + len(one)))
        start += len(one)
    return found


def parse_marked(text: str, marked: Any, names: Sequence[str], methods: bool) -> tuple[MarkedSlot, ...]:
    """What a browser sent, of which nothing is trusted: slots in order that fit into the text and bear one of the names."""
    edges = {start for _, start, _ in _letters(text)} | {len(text)}
    found, last = [], 0
    rows = [one for one in marked if _is_slot(one, edges, names)] if isinstance(marked, list) else []
    for one in sorted(rows, key=lambda one: one["start"]):
        if one["start"] >= last:
            last = one["end"]
            method = one.get("method") if methods else None
            method = method if method in ("translation", "localization", "unchanged") else None
            surface = text[one["start"] : one["end"]]
            found.append(MarkedSlot(name=one["name"], start=one["start"], end=last, surface=surface, method=method))
    return tuple(found)


def _is_slot(one: Any, edges: set[int], names: Sequence[str]) -> bool:
    if not isinstance(one, dict) or not {type(one.get("start")), type(one.get("end"))} <= {int}:
        return False
    return one.get("name") in names and one["start"] < one["end"] and {one["start"], one["end"]} <= edges


def carried(slots: Sequence[MarkedSlot], text: str) -> tuple[MarkedSlot, ...]:
    """Slots of an earlier text in `text`: those whose words are found there still, in their order."""
    found, position = [], 0
    for one in slots:
        start = text.find(one.surface, position)
        if start >= 0 and one.surface:
            position = start + len(one.surface)
            found.append(one.model_copy(update={"start": start, "end": position}))
    return tuple(found)
