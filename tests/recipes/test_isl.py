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
    "look_up",
    "isl.address",
    "isl.clock",
    "isl_clauses.clauses",
    "isl_words.small_words",
    "isl_nouns.cases",
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


@pytest.mark.parametrize(
    ("value", "english", "icelandic"),
    [
        (0.5, "open the window please", "opnaðu gluggann takk"),
        (0.9, "open the window please", "opna gluggann vinsamlegast"),
        (0.5, "please open the window", "vinsamlegast opnaðu gluggann"),
        (0.5, "can you open the window", "geturðu opnað gluggann"),
        (0.5, "could you turn on the lamp", "gætirðu kveikt á lampanum"),
        (0.5, "will you read the story", "viltu lesa söguna"),
        (0.5, "remind me to call my sister", "minntu mig á að hringja í systur mína"),
        (0.5, "don't open the door", "ekki opna hurðina"),
    ],
)
def test_address(value: float, english: str, icelandic: str) -> None:
    assert rendered(english, value=value) == icelandic


@pytest.mark.parametrize(
    ("english", "icelandic"),
    [
        ("wake me at half past six", "vektu mig klukkan hálf sjö"),
        ("call my sister at [time: quarter to nine]", "hringdu í systur mína klukkan [time: korter í níu]"),
        ("the meeting is at [time: ten past four]", "fundurinn er klukkan [time: tíu mínútur yfir fjögur]"),
        ("the meeting is at [time: seven p. m.]", "fundurinn er klukkan [time: sjö e. h.]"),
        ("the shop opens at noon", "búðin opnar á hádegi"),
        ("on the tenth of may", "þann tíunda maí"),
        ("in the morning", "í fyrramálið"),
        ("on [d: monday]", "á [d: mánudag]"),
    ],
)
def test_clock_and_days(english: str, icelandic: str) -> None:
    assert rendered(english) == icelandic


@pytest.mark.parametrize(
    ("english", "icelandic"),
    [
        ("what is happening", "hvað er að gerast"),
        ("what is the weather like", "hvernig er veðrið"),
        ("is there a meeting tomorrow", "er fundur á morgun"),
        ("are there any messages", "eru einhver skilaboð"),
        ("do i have any messages", "er ég með einhver skilaboð"),
        ("i want to buy a new car", "ég vil kaupa nýjan bíl"),
        ("i would like to hear the news", "ég myndi vilja heyra fréttirnar"),
        ("does the train stop here", "stöðvar lestin hér"),
        ("when does the shop close", "hvenær lokar búðin"),
        ("can i see the pictures", "get ég séð myndirnar"),
        ("i do not know", "ég veit ekki"),
        ("we have not heard the song", "við höfum ekki heyrt lagið"),
        ("who sings this song", "hver syngur þetta lag"),
        ("what should i buy", "hvað ætti ég að kaupa"),
        ("the song that i heard", "lagið sem ég heyrði"),
    ],
)
def test_clauses(english: str, icelandic: str) -> None:
    assert rendered(english) == icelandic


@pytest.mark.parametrize(
    ("english", "icelandic"),
    [
        ("what is on my list", "hvað er á listanum mínum"),
        ("i have two tickets", "ég er með tvo miða"),
        ("turn off the light in the kitchen", "slökktu á ljósinu í eldhúsinu"),
        ("add milk to the list", "bættu við mjólk á listann"),
        ("the name of the song", "nafn lagsins"),
        ("my sister's phone number", "símanúmer systur minnar"),
        ("john's birthday", "afmæli johns"),
        ("this song and that book", "þetta lag og þessi bók"),
        ("the new book", "nýja bókin"),
        ("a new book", "ný bók"),
        ("my new book is in the car", "nýja bókin mín er í bílnum"),
        ("she is tired", "hún er þreytt"),
        ("the room is too warm", "herbergið er of hlýtt"),
        ("is the room warm", "er herbergið hlýtt"),
        ("[kind: red] shoes", "[kind: rauðir] skór"),
        ("a [kind: chicken] soup", "[kind: kjúklings] súpa"),
        ("the word [w: zeugma]", "orðið [w: zeugma]"),
        ("three books", "þrjár bækur"),
        ("how many songs", "hversu mörg lög"),
    ],
)
def test_cases_articles_and_agreement(english: str, icelandic: str) -> None:
    assert rendered(english) == icelandic


def test_every_rule_changes_something() -> None:
    sentence = "please tell my mother that the new song is on the list at half past six"
    whole = rendered(sentence)
    for left_out in RULES:
        assert rendered(sentence, rules=tuple(rule for rule in RULES if rule != left_out)) != whole


WORDS = (
    "please can you i do what is the a my your this wake up turn on off of to in at for and not have will new two song "
    "list lights morning monday june tenth half past six p. m. john's olly it's don't very best there how much was sent"
).split()


@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=12),
    st.lists(st.integers(0, 12), max_size=4),
    st.random_module(),
)
@settings(max_examples=150, deadline=None)
def test_no_utterance_breaks_the_rules_or_a_slot(words: list[str], cuts: list[int], seed: object) -> None:
    marks = sorted({cut for cut in cuts if cut < len(words)})
    slots = [(a, b) for a, b in zip(marks[::2], marks[1::2], strict=False)]
    text = " ".join(words)
    starts = [len(" ".join(words[:k])) + bool(k) for k in range(len(words))]
    spans = tuple(Slot(name="s", start=starts[a], end=starts[b - 1] + len(words[b - 1])) for a, b in slots)
    source = Utterance(id="t", text=text, locale="en-US", slots=spans)
    try:
        pair = apply(load_rules([LOOK_UP, *RULES], FOLDER), read_pair(source), resources(), random.Random(text))
        target = render(pair, id="t", locale="is-IS")
    except Rejected:
        return
    assert len(target.slots) == len(source.slots)
