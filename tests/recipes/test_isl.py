"""Icelandic rules on sentences of our own: target text and slots, and that no utterance breaks them."""

import random
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowres.formats.pairs import read_table
from lowres.formats.unimorph import read_unimorph
from lowres.language import read_language
from lowres.lexicon import SourcedEntry, build_lexicon
from lowres.morphology import Inflector, build_paradigms
from lowres.pair import Rejected, read_pair, render
from lowres.resources import resources_folder
from lowres.rules import Resources, load_rules
from lowres.synthesis import apply
from lowres.utterance import Slot, Utterance

FOLDER = Path(__file__).parents[2] / "recipes"
ICELANDIC = resources_folder() / "languages" / "isl"
LOOK_UP, *RULES = (
    "look_up", "isl.address", "isl.clock", "isl_clauses.clauses", "isl_words.small_words", "isl_nouns.cases",
)


@cache
def resources() -> Resources:
    entries = [SourcedEntry(entry, "lexicon") for entry in read_table(ICELANDIC / "lexicon.tsv")]
    inflector = Inflector(build_paradigms(read_unimorph(ICELANDIC / "paradigms.tsv")))
    return Resources(read_language("isl"), build_lexicon(entries), inflector)


class Fixed(random.Random):
    """Answers `value` to every draw: 0 is the first of several."""

    def __init__(self, value: float) -> None:
        super().__init__()
        self.value = value

    def random(self) -> float:
        return self.value


def utterance(marked: str) -> Utterance:
    """The utterance of a text with slots as in "play [song: barcelona]"."""
    text, slots = "", []
    for part in re.split(r"(\[[^\]]*\])", marked):
        if part.startswith("["):
            name, _, part = part[1:-1].partition(": ")
            slots.append(Slot(name=name, start=len(text), end=len(text) + len(part)))
        text += part
    return Utterance(id="t", text=text, locale="en-US", slots=tuple(slots))


def rendered(marked: str, value: float = 0.5, rules: tuple[str, ...] = RULES) -> str:
    """The target with its slots marked the same way; words are the first that the lexicon has."""
    pair = apply(load_rules([LOOK_UP], FOLDER), read_pair(utterance(marked)), resources(), Fixed(0.0))
    pair = apply(load_rules(rules, FOLDER), pair, resources(), Fixed(value))
    target = render(pair, id="t", locale="und")
    text = target.text
    for slot in reversed(target.slots):
        text = f"{text[: slot.start]}[{slot.name}: {text[slot.start : slot.end]}]{text[slot.end :]}"
    return text
