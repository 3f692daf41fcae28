"""`numbers` and `clock`: number expressions and times said as one, inside their slot, digits kept."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowres.clock import Clock
from lowres.dial import Dial
from lowres.formats.massive import parse_annotation
from lowres.language import read_language
from lowres.lexicon import Entry, SourcedEntry, build_lexicon
from lowres.numerals import Numerals, numerals_of
from lowres.pair import Pair, read_pair, render
from lowres.rules import Resources, look_up
from lowres.rules.numbers import clock, numbers, tell
from lowres.utterance import Utterance

TOY = Path(__file__).parents[1] / "fixtures" / "qaa"
ENTRIES = [("fifty one", "hamsinimoja", "NUM"), ("five", "tano", "NUM"), ("twenty", "ishirini", "NUM"), ("set an alarm", "weka kengele", "VERB")]
NUMERALS = numerals_of(read_language("swh"))
DIAL = Dial(
    hour="{hour} ru {part}", half="half {next}", past="{hour} e {minute} {part}", to="{minute} ot {next}", noon="zenit",
    figures="{time} ru", offset=6, parts={"morning": "ma", "night": "no", "pm": "pi"},
)  # fmt: skip


def resources_of(numerals: Numerals | None = NUMERALS, dial: Dial | None = DIAL) -> Resources:
    language = replace(read_language("qaa", TOY), clock=dial)
    return Resources(language, build_lexicon(SourcedEntry(Entry(*row), "lexicon") for row in ENTRIES), numerals=numerals)


def pair_of(annotated: str) -> Pair:
    text, slots = parse_annotation(annotated, "here")
    return read_pair(Utterance(id="1", text=text, locale="en", slots=slots))


def said(annotated: str, *rules, resources: Resources | None = None) -> str:
    pair, resources = pair_of(annotated), resources or resources_of()
    for rule in rules:
        pair = rule(pair, resources, random.Random(1))
    return render(pair, id="1", locale="qaa").text


@pytest.mark.parametrize(
    ("english", "expected"),
    [
        ("buy twenty three eggs", "buy ishirini na tatu eggs"),
        ("buy twenty-three eggs", "buy ishirini na tatu eggs"),
        ("buy five eggs", "buy tano eggs"),  # the dictionary's
        ("buy seven eggs", "buy saba eggs"),  # the dictionary has none
        ("buy fifty one eggs", "buy hamsinimoja eggs"),  # as one word in the dictionary
        ("buy 23 eggs", "buy 23 eggs"),
        ("the twenty third", "the wa ishirini na tatu"),
        ("twenty [x : five]", "ishirini tano"),  # not over a slot's border
        ("five twenty", "tano ishirini"),
    ],
)
def test_numbers_of_several_words_become_one(english, expected):
    assert said(english, look_up, numbers) == expected


def test_the_number_says_what_it_stands_for():
    word = numbers(pair_of("twenty three eggs"), resources_of(), random.Random(1)).words[0]
    assert (word.form, word.upos, word.source, word.gloss) == ("ishirini na tatu", "NUM", (0, 1), "twenty three")
    assert word.origin == "rule:numbers"


@pytest.mark.parametrize(
    ("english", "expected"),
    [
        ("[time : seven am]", "moja ru ma"),
        ("[time : five pm]", "kumi na moja ru pi"),
        ("[time : half past six in the morning]", "half moja"),
        ("[time : ten past nine in the morning]", "tatu e kumi ma"),
        ("[time : quarter past nine in the morning]", "tatu e kumi na tano ma"),
        ("[time : quarter to nine in the morning]", "kumi na tano ot tatu"),
        ("at noon", "at zenit"),
        ("[time : midnight]", "sita ru no"),
        ("[time : 7:30 pm]", "7:30 ru"),
        ("[time : seven am] on 3 may", "moja ru ma on 3 may"),
        ("[time : 7 pm]", "7 ru"),
        ("seven eggs", "seven eggs"),
    ],
)
def test_times_are_told_by_the_card(english, expected):
    assert said(english, clock) == expected


def test_what_the_card_does_not_tell_stays():
    assert said("[time : ten past nine am]", clock, resources=resources_of(dial=Dial(hour="{hour} ru"))) == "ten past nine am"
    assert said("[time : 7:30 pm]", clock, resources=resources_of(dial=Dial(hour="{hour} ru"))) == "7:30 pm"
    assert said("[time : nine am]", clock, resources=resources_of(numerals=None)) == "nine am"
    assert said("[time : nine am]", clock, numbers, resources=resources_of(numerals=None, dial=None)) == "nine am"


def test_hours_of_their_own_need_no_numbers():
    dial = Dial(hour="{hour} ru", hours=tuple("abcdefghijkl"))
    assert [tell(Clock(hour=hour), dial, None) for hour in (1, 7, 12)] == ["a ru", "g ru", "l ru"]


def test_only_the_hour_itself_is_noon():
    assert tell(Clock(hour=12, period="noon"), DIAL, NUMERALS) == "zenit"
    assert tell(Clock(hour=12, minute=10, period="noon"), DIAL, NUMERALS) == "sita e kumi"


@given(st.integers(1, 12), st.integers(0, 59), st.sampled_from(["", "am", "pm", "night", "noon", "midnight"]))
def test_any_time_is_told(hour, minute, period):
    told = tell(Clock(hour=hour, minute=minute, period=period), DIAL, NUMERALS)
    assert told and "{" not in told and told == " ".join(told.split())


WORDS = st.lists(st.sampled_from("five twenty seven third hundred and a. am at half past to 7:30 x".split()), min_size=1, max_size=9)


@settings(max_examples=150, deadline=None)
@given(WORDS, st.integers(0, 8), st.integers(1, 9))
def test_every_token_is_said_once_and_slots_stay_whole(words, start, size):
    marked = words[:start] + (["[x :", *words[start : start + size], "]"] if start < len(words) else []) + words[start + size :]
    pair = pair_of(" ".join(marked) if start < len(words) else " ".join(words))
    done = numbers(clock(pair, resources_of(), random.Random(1)), resources_of(), random.Random(2))
    assert sorted(i for word in done.words for i in word.source) == list(range(len(pair.tokens)))
    assert len(render(done, id="1", locale="qaa").slots) == len(pair.utterance.slots)
