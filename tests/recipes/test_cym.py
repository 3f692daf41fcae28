"""Welsh rules on sentences of our own: target text and slots, and that no utterance breaks them."""

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
WELSH = resources_folder() / "languages" / "cym"
LOOK_UP, *RULES = (
    "look_up",
    "cym.address",
    "cym.clock",
    "cym_clauses.clauses",
    "cym_nouns.noun_phrases",
    "cym_nouns.mutations",
)


@cache
def resources() -> Resources:
    entries = [SourcedEntry(entry, "lexicon") for entry in read_table(WELSH / "lexicon.tsv")]
    inflector = Inflector(build_paradigms(read_unimorph(WELSH / "paradigms.tsv")))
    return Resources(read_language("cym"), build_lexicon(entries), inflector)


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
    ("value", "english", "welsh"),
    [
        (0.0, "open the window please", "agor y ffenestr os gwelwch yn dda"),
        (0.5, "open the window please", "agorwch y ffenestr os gwelwch yn dda"),
        (0.9, "open the window please", "agora'r ffenestr os gweli di'n dda"),
        (0.5, "can you open your calendar", "allwch chi agor eich calendr"),
        (0.9, "can you open your calendar", "fedri di agor dy galendr"),
        (0.5, "turn the lamp on", "trowch y lamp ymlaen"),
        (0.0, "don't open the door", "peidio ag agor y drws"),
        (0.5, "don't open the door", "peidiwch ag agor y drws"),
    ],
)
def test_address_speaks_one_way_throughout(value: float, english: str, welsh: str) -> None:
    assert rendered(english, value=value) == welsh


@pytest.mark.parametrize(
    ("english", "welsh"),
    [
        ("wake me up at half past six", "deffrwch fi am hanner awr wedi chwech"),
        ("call my sister at [time: quarter to ten]", "ffoniwch fy chwaer am [time: chwarter i ddeg]"),
        ("the shop opens at [time: seven p. m.]", "mae'r siop yn agor am [time: saith o'r gloch y nos]"),
        ("the shop is shut at noon", "mae'r siop yn cau am hanner dydd"),
        ("may tenth", "mai y degfed"),
        ("on the tenth of may", "ar y degfed o fai"),
    ],
)
def test_clock_and_dates(english: str, welsh: str) -> None:
    assert rendered(english) == welsh


@pytest.mark.parametrize(
    ("english", "welsh"),
    [
        ("what is on my list", "beth sydd ar fy rhestr"),
        ("what is the price of the book", "beth yw pris y llyfr"),
        ("what is happening in london", "beth sy'n digwydd yn llundain"),
        ("who is the manager", "pwy yw'r rheolwr"),
        ("who sings this song", "pwy sy'n canu'r gân hon"),
        ("where is the station", "ble mae'r orsaf"),
        ("what is the weather like", "sut mae'r tywydd"),
        ("do i have any messages", "oes gen i unrhyw negeseuon"),
        ("i have two tickets", "mae gen i ddau docyn"),
        ("i want to buy a new car", "dwi eisiau prynu car newydd"),
        ("i would like to hear the news", "hoffwn i glywed y newyddion"),
        ("does the train stop here", "ydy'r trên yn stopio yma"),
        ("can i see the pictures", "alla i weld y lluniau"),
        ("will you come home", "wnewch chi ddod adref"),
        ("what should i wear", "beth ddylwn i wisgo"),
        ("is the room warm", "ydy'r ystafell yn gynnes"),
        ("the coffee is not hot", "mae'r coffi ddim yn boeth"),
        ("we have not heard the song", "rydyn ni ddim wedi clywed y gân"),
        ("my friend sent a letter", "wnaeth fy ffrind anfon llythyr"),
        ("it will be cold", "bydd hi'n oer"),
    ],
)
def test_clauses_put_the_verb_first(english: str, welsh: str) -> None:
    assert rendered(english) == welsh


@pytest.mark.parametrize(
    ("english", "welsh"),
    [
        ("a friend of my mother", "ffrind fy mam"),
        ("the name of the song", "enw'r gân"),
        ("a list of things", "rhestr o bethau"),
        ("my sister's phone number", "rhif ffôn fy chwaer"),
        ("this song and that book", "y gân hon a'r llyfr hwnnw"),
        ("these songs", "y caneuon hyn"),
        ("[kind: red] shoes", "esgidiau [kind: coch]"),
        ("[kind: shopping] list", "rhestr [kind: siopa]"),
        ("the word [w: zeugma]", "y gair [w: zeugma]"),
        ("two hours", "dwy awr"),
        ("three books", "tri llyfr"),
        ("very hot", "poeth iawn"),
    ],
)
def test_noun_phrases_put_the_head_first(english: str, welsh: str) -> None:
    assert rendered(english) == welsh


@pytest.mark.parametrize(
    ("english", "welsh"),
    [
        ("in wales", "yng nghymru"),
        ("in my kitchen", "yn fy nghegin"),
        ("in a box", "mewn bocs"),
        ("the girl and the boy", "y ferch a'r bachgen"),
        ("a cat and a dog", "cath a chi"),
        ("the best film", "y ffilm orau"),
        ("bread or water", "bara neu ddŵr"),
        ("tell me about it", "dywedwch wrtha i amdani hi"),
        ("tell my mother", "dywedwch wrth fy mam"),
        ("send a message to my father", "anfonwch neges i fy nhad"),
    ],
)
def test_mutations(english: str, welsh: str) -> None:
    assert rendered(english) == welsh


def test_every_rule_changes_something() -> None:
    sentence = "please tell my mother what is on the new list at half past six"
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
        target = render(pair, id="t", locale="cy-GB")
    except Rejected:
        return
    assert len(target.slots) == len(source.slots)
