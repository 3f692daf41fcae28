"""Urdu rules on sentences of our own: target text and slots, and that no utterance breaks them."""

import random
import re
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowres.formats.pairs import read_table
from lowres.formats.unimorph import read_unimorph
from lowres.language import read_language, read_letters
from lowres.lexicon import SourcedEntry, build_lexicon
from lowres.morphology import Inflector, build_paradigms
from lowres.pair import Pair, Rejected, read_pair, render
from lowres.resources import resources_folder
from lowres.rules import Resources, load_rules, transliterated
from lowres.synthesis import apply
from lowres.utterance import Slot, Utterance

FOLDER = Path(__file__).parents[2] / "recipes"
URDU = resources_folder() / "languages" / "urd"
NAMES = (
    "look_up urd.articles urd.common_words transliterate urd.clock urd.dates urd.possessors "
    "urd_clauses.order urd_verbs.verbs urd_verbs.agree"
).split()


@cache
def resources() -> Resources:
    entries = [SourcedEntry(entry, "lexicon", trust=10.0) for entry in read_table(URDU / "lexicon.tsv")]
    inflector = Inflector(build_paradigms(read_unimorph(URDU / "paradigms.tsv")))
    return Resources(read_language("urd"), build_lexicon(entries), inflector, read_letters("urd"))


class Fixed(random.Random):
    """`random` always answers `value`: a low one takes the first translation and the polite command."""

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
            name, _, value = part[1:-1].partition(": ")
            slots.append(Slot(name=name, start=len(text), end=len(text) + len(value)))
            part = value
        text += part
    return Utterance(id="t", text=text, locale="en-US", slots=tuple(slots))


def rendered(marked: str, value: float = 0.32) -> str:
    """The target with its slots marked the same way."""
    pair = apply(load_rules(NAMES, FOLDER), read_pair(utterance(marked)), resources(), Fixed(value))
    target = render(pair, id="t", locale="ur")
    text = target.text
    for slot in reversed(target.slots):
        text = f"{text[: slot.start]}[{slot.name}: {text[slot.start : slot.end]}]{text[slot.end :]}"
    return text


@pytest.mark.parametrize(
    ("value", "urdu"),
    [(0.32, "لیمپ بند کریں"), (0.62, "لیمپ بند کرو"), (0.05, "لیمپ کو بند کریں"), (0.99, "لیمپ آف کر دو")],
)
def test_commands_are_polite_or_familiar_and_may_mark_what_is_known(value: float, urdu: str) -> None:
    assert rendered("turn off the lamp", value) == urdu


@pytest.mark.parametrize(
    ("english", "urdu"),
    [
        ("tell me a joke", "مجھے لطیفہ بتائیں"),
        ("don't call my brother", "میرے بھائی کو کال نہ کریں"),
        ("can you find a restaurant", "کیا آپ ریستوران تلاش کر سکتے ہیں"),
        ("i want to read a book", "میں کتاب پڑھنا چاہتا ہوں"),
        ("i need a doctor", "مجھے ڈاکٹر کی ضرورت ہے"),
        ("do i have a meeting", "کیا میرے پاس میٹنگ ہے"),
        ("i like coffee", "مجھے کافی پسند ہے"),
        ("what is happening", "کیا ہو رہا ہے"),
        ("is it going to rain", "کیا بارش ہوگی"),
        ("remind me to buy milk", "مجھے دودھ خریدنا یاد دلائیں"),
        ("did you buy bread", "کیا آپ نے روٹی خریدی"),
        ("what does this word mean", "اس لفظ کا کیا مطلب ہے"),
    ],
)
def test_the_verb_stands_last_in_the_form_that_the_clause_asks_for(english: str, urdu: str) -> None:
    assert rendered(english) == urdu


@pytest.mark.parametrize(
    ("english", "urdu"),
    [
        ("what is the price", "قیمت کیا ہے"),
        ("how is the weather", "موسم کیسا ہے"),
        ("when is my birthday", "میری سالگرہ کب ہے"),
        ("where are the boys", "لڑکے کہاں ہیں"),
        ("how many songs are there", "کتنے گانے ہیں"),
        ("tell me where the bank is", "مجھے بتائیں کہ بینک کہاں ہے"),
    ],
)
def test_question_words_stand_before_the_verb(english: str, urdu: str) -> None:
    assert rendered(english) == urdu


@pytest.mark.parametrize(
    ("english", "urdu"),
    [
        ("delete the list of songs", "گانوں کی فہرست حذف کریں"),
        ("my old door", "میرا پرانا دروازہ"),
        ("the color of my new shoes", "میرے نئے جوتوں کا رنگ"),
        ("where is [place: tower of london]", "[place: لندن کا ٹاور] کہاں ہے"),
        ("all my lists", "میری تمام فہرستیں"),
        ("add bread to my list", "میری فہرست میں روٹی شامل کریں"),
        ("show me the songs by [singer: anna]", "مجھے [singer: انا] کے گانے دکھائیں"),
        ("send a letter to [who: my mother]", "[who: میری ماں] کو خط بھیجیں"),
        ("a ticket from [a: paris] to [b: rome]", "[a: پیرس] سے [b: روم] کے لیے ٹکٹ"),
        ("the meeting with [who: john] on [day: monday]", "[day: پیر] کو [who: جان] کے ساتھ میٹنگ"),
        ("[day: tomorrow's] weather", "[day: کل کا] موسم"),
    ],
)
def test_postpositions_follow_and_possessors_agree(english: str, urdu: str) -> None:
    assert rendered(english) == urdu


@pytest.mark.parametrize(
    ("time", "urdu"),
    [
        ("seven am", "صبح سات بجے"),
        ("half past seven in the evening", "شام ساڑھے سات بجے"),
        ("quarter past two pm", "دوپہر سوا دو بجے"),
        ("one thirty pm", "دوپہر ڈیڑھ بجے"),
        ("quarter to nine pm", "رات پونے نو بجے"),
        ("five twenty pm", "شام پانچ بج کر بیس منٹ"),
        ("noon", "دوپہر بارہ بجے"),
    ],
)
def test_the_clock_has_words_for_halves_and_quarters(time: str, urdu: str) -> None:
    assert rendered(f"wake me up at [when: {time}]") == f"مجھے [when: {urdu}] جگائیں"


@pytest.mark.parametrize("date", ["june twenty seventh", "june twenty seven", "the twenty seventh of june"])
def test_dates_have_a_plain_number_before_the_month(date: str) -> None:
    assert rendered(f"[day: {date}]") == "[day: ستائیس جون]"


def test_words_that_no_lexicon_has_are_spelt_and_verbs_among_them_take_do() -> None:
    assert transliterated("shazam", read_letters("urd")) == "شازام"
    assert rendered("stream the songs") == "گانے اسٹریم کریں"


def test_the_lexicon_is_clean() -> None:
    rows = (URDU / "lexicon.tsv").read_text(encoding="utf-8").splitlines()[1:]
    assert len(rows) == len(set(rows)) > 2000
    assert all(unicodedata.is_normalized("NFC", row) and len(row.split("\t")) in (3, 5) for row in rows)
    assert not any(re.search("[a-z]", row.split("\t")[1]) for row in rows)


WORDS = (
    "please play turn on off up the a my me you i it what who when where how is are be do did can will would should "
    "not have want need like mean to for of in at on from by with and or that if songs list meetings email weather new "
    "latest first june march fifth seven thirty am pm half past tomorrow's john's friday morning remind tell call "
    "going n. b. xyzzy"
).split()


@st.composite
def utterances(draw: st.DrawFn) -> Utterance:
    words = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9))
    cuts = sorted(draw(st.sets(st.integers(0, len(words)), max_size=4)))
    text, slots, position = " ".join(words), [], 0
    starts = []
    for word in words:
        starts.append(position)
        position += len(word) + 1
    for number, (first, past) in enumerate(zip(cuts[::2], cuts[1::2], strict=False)):
        slots.append(Slot(name=f"s{number}", start=starts[first], end=starts[past - 1] + len(words[past - 1])))
    return Utterance(id="t", text=text, locale="en-US", slots=tuple(slots))


def kept(one: Utterance, seed: int) -> Pair | None:
    try:
        return apply(load_rules(NAMES, FOLDER), read_pair(one), resources(), random.Random(seed))
    except Rejected:
        return None


@settings(max_examples=300, deadline=None)
@given(utterances(), st.integers(0, 99))
def test_no_utterance_breaks_the_rules_and_slots_stay_whole(one: Utterance, seed: int) -> None:
    pair = kept(one, seed)
    if pair is None:
        return
    try:
        target = render(pair, id="t", locale="ur")
    except Rejected:
        return
    assert sorted(slot.name for slot in target.slots) == sorted(slot.name for slot in one.slots)
    assert pair == kept(one, seed)
