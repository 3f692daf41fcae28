"""Clock times in English: what is one, what it says, and what is none."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowres.clock import Clock, find_clocks, retell
from lowres.formats.massive import parse_annotation
from lowres.pair import Pair, Word, read_pair, render
from lowres.utterance import Utterance


def pair_of(annotated: str) -> Pair:
    text, slots = parse_annotation(annotated, "here")
    return read_pair(Utterance(id="1", text=text, locale="en", slots=slots))


def clocks(annotated: str) -> list[tuple[str, int, int]]:
    """(words, hour 0..23, minute) of the times found."""
    pair = pair_of(annotated)
    forms = [token.form for token in pair.tokens]
    return [(" ".join(forms[s:e]), clock.hour24, clock.minute) for s, e, clock in find_clocks(pair)]


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("seven am", 7, 0),
        ("seven a. m.", 7, 0),
        ("seven a.m.", 7, 0),
        ("seven a. m", 7, 0),
        ("seven p. m.", 19, 0),
        ("7am", 7, 0),
        ("7pm", 19, 0),
        ("7 pm", 19, 0),
        ("7:30", 7, 30),
        ("7:30 pm", 19, 30),
        ("7.30pm", 19, 30),
        ("7:05 a.m.", 7, 5),
        ("19:45", 19, 45),
        ("0:30", 0, 30),
        ("00:15", 0, 15),
        ("12:30", 12, 30),
        ("12:30 am", 0, 30),
        ("twelve am", 0, 0),
        ("twelve pm", 12, 0),
        ("noon", 12, 0),
        ("midday", 12, 0),
        ("midnight", 0, 0),
        ("twelve noon", 12, 0),
        ("half past six", 18, 30),
        ("half past seven am", 7, 30),
        ("quarter past six pm", 18, 15),
        ("a quarter past nine", 9, 15),
        ("quarter to seven am", 6, 45),
        ("a quarter to one pm", 12, 45),
        ("ten to eight am", 7, 50),
        ("ten past nine am", 9, 10),
        ("twenty past eight", 8, 20),
        ("twenty five past eight", 8, 25),
        ("twenty-five past eight", 8, 25),
        ("ten minutes past nine", 9, 10),
        ("seven thirty am", 7, 30),
        ("seven thirty five pm", 19, 35),
        ("seven thirty-five pm", 19, 35),
        ("seven fifteen am", 7, 15),
        ("seven oh five am", 7, 5),
        ("seven o five am", 7, 5),
        ("eight hundred am", 8, 0),
        ("eight hundred and thirty am", 8, 30),
        ("seven and thirty am", 7, 30),
        ("five o'clock", 17, 0),
        ("five o'clock in the morning", 5, 0),
        ("five in the morning", 5, 0),
        ("five in the afternoon", 17, 0),
        ("seven in the evening", 19, 0),
        ("eleven at night", 23, 0),
        ("two at night", 2, 0),
        ("twelve at night", 0, 0),
        ("eight o'clock pm", 20, 0),
        ("Seven AM", 7, 0),
    ],
)
def test_a_time_is_found_and_read(text, hour, minute):
    assert clocks(f"wake me at {text} please") == [(text, hour, minute)]


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("meet at six", 18),
        ("meet at 9", 9),
        ("meet by [when : six]", 18),
        ("meet before [when : 6] please", 18),
        ("from [time : nine] on", 9),
    ],
)
def test_a_bare_number_is_a_time_after_at_or_where_it_fills_a_slot(text, hour):
    assert [found[1] for found in clocks(text)] == [hour]


@pytest.mark.parametrize(
    "text",
    [
        "play two songs",
        "add six eggs",
        "from five to six people",
        "set it at seventy",
        "heat at two hundred degrees",
        "in five minutes",
        "at ten percent",
        "wait at most five minutes",
        "channel 7",
        "25:00",
        "7:99",
        "at 45",
        "remind me in two hours",
        "one hundred",
        "the last half",
        "quarter",
        "half",
        "a",
        "to",
        "past",
        "five to",
        "half past",
        "half past never",
        "o'clock",
        "am",
        "i am",
        "for [time : five minutes]",
        "[person : seven]",
        "one direction",
    ],
)
def test_what_is_no_time(text):
    assert clocks(text) == []


def test_all_times_of_an_utterance_are_found_in_order():
    assert clocks("from seven am to half past nine pm and at noon") == [
        ("seven am", 7, 0),
        ("half past nine pm", 21, 30),
        ("noon", 12, 0),
    ]


def test_a_time_ends_where_its_slot_ends():
    assert clocks("by [time : seven thirty] [place : am]") == [("seven thirty", 7, 30)]


@given(
    st.integers(0, 23),
    st.integers(0, 59),
    st.sampled_from(["", "am", "pm", "morning", "afternoon", "evening", "night", "noon", "midnight"]),
)
def test_every_clock_has_an_hour_of_the_day_and_a_part(hour, minute, period):
    clock = Clock(hour=hour, minute=minute, period=period)
    assert 0 <= clock.hour24 <= 23
    assert clock.part in ("morning", "afternoon", "evening", "night") if period else clock.part == ""
    assert clock.hour24 % 12 == hour % 12 or hour > 12


@given(
    st.lists(
        st.sampled_from(
            "a at one seven 7 7:30 25 thirty twenty-five and oh hundred half quarter past to am pm p. m. in the "
            "morning night noon o'clock minutes x".split()
        ),
        min_size=1,
        max_size=8,
    )
)
def test_any_words_give_times_that_do_not_overlap(words):
    pair = pair_of(" ".join(words))
    found = find_clocks(pair)
    assert all(s < e <= len(words) and 0 <= clock.minute < 60 and 0 <= clock.hour < 24 for s, e, clock in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))


def test_a_time_is_retold_in_its_place_and_slot():
    pair = retell(
        pair_of("wake me at [time : half past six] [date : today]"), lambda clock: f"oro {clock.hour24}", "rule:x"
    )
    said = render(pair, id="1", locale="qaa")
    assert said.text == "wake me at oro 18 today" and [said.slot_text(slot) for slot in said.slots] == [
        "oro 18",
        "today",
    ]
    told = pair.words[3]
    assert (told.origin, told.gloss, told.source, told.upos) == ("rule:x", "half past six", (3, 4, 5), "NUM")


def test_a_time_that_cannot_be_said_or_lies_inside_a_phrase_stays():
    pair = pair_of("wake me at seven am")
    assert retell(pair, lambda clock: "", "rule:x") == pair
    phrase = pair.with_words([*pair.words[:2], Word("x", "x", source=(2, 3), origin="lexicon"), pair.words[4]])
    assert retell(phrase, lambda clock: "oro", "rule:x") == phrase


@pytest.mark.parametrize(("minute", "to", "distance"), [(0, False, 0), (30, False, 30), (31, True, 29), (45, True, 15), (59, True, 1)])
def test_minutes_are_told_from_the_nearer_hour(minute, to, distance):
    clock = Clock(hour=8, minute=minute)
    assert (clock.to, clock.distance) == (to, distance)


@pytest.mark.parametrize(("hour", "expected"), [(0, 12), (1, 1), (12, 12), (13, 1), (23, 11)])
def test_the_dial_has_twelve_hours(hour, expected):
    assert Clock(hour=hour).hour12 == expected
