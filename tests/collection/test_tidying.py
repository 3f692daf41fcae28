"""Characters: what is tidied, what stays since the script needs it, and what stands in the way."""

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lowres.collection.tidying import ERRORS, MAX_CHARACTERS, NOTES, character_errors, named, tidy

SPECIAL = (
    "a é\u0301\u0327ل\u064bمدہ\u200c\u200d\u200b\ufeff\u00ad\u200e \t\n\u00a0"
    "\u2028क्षरবয্্👨\ufe0f🏽\u202e\u2066\0\x1f\ue000\u0378\ud800\u1100\u1161\u3164ጤ"
)
ANY = st.text(st.characters(categories=None), max_size=60) | st.text(st.sampled_from(SPECIAL), max_size=40)
TIDIED_AWAY = {"untidy"}


@given(ANY)
@example("ل\u200c\u200c\u200dم")
@example("a\u200b\u0301")
@example("\u0344 \u200d\u094d")
def test_tidying_twice_changes_nothing_and_leaves_nothing_untidy(raw):
    text = tidy(raw).text
    assert tidy(text).text == text and tidy(text).notes == ()
    assert unicodedata.is_normalized("NFC", text) and text == text.strip(" ") and "  " not in text
    assert not TIDIED_AWAY & {one.code for one in character_errors(text)}


@given(ANY)
def test_what_was_done_is_said_and_only_then(raw):
    tidied = tidy(raw)
    assert bool(tidied.notes) == (tidied.text != raw)
    assert all(one.severity == "note" and str(one).endswith(".") for one in tidied.notes)


@given(ANY)
def test_errors_name_their_place_and_can_be_shown(text):
    for one in character_errors(text):
        assert one.severity == "error"
        str(one).encode("utf-8")  # halves of characters are named, never shown
        assert one.where is None or 0 <= one.where[0] < one.where[1] <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم خانه\u200cها را",  # Persian: parts letters that would join
        "क्\u200dष क्\u200cष",  # Hindi: half form, visible virama
        "ශ්\u200dරී ලංකා",  # Sinhala
        "র\u200d্যাব",  # Bengali: before the virama
        "ه\u200d.ق",  # Persian abbreviation: the shape within a word
        "کِ\u200cها",  # with a vowel sign between
        "👨\u200d👩\u200d👧 hi",
    ],
)
def test_joiners_stay_where_the_script_needs_them(text):
    assert tidy(text).text == text and list(character_errors(text)) == []


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("habari\u200d za\u200c leo", "habari za leo"),
        ("Auf\u200clage", "Auflage"),
        ("د\u200cم", "دم"),  # dal joins nothing after it
        ("سلام\u200c دنیا", "سلام دنیا"),
        ("م\u200c\u200cن", "م\u200cن"),
        ("ሰላም\u200d", "ሰላም"),
    ],
)
def test_joiners_go_where_they_do_nothing_and_it_is_said(raw, text):
    tidied = tidy(raw)
    assert tidied.text == text
    assert [(one.code, one.values) for one in tidied.notes] == [("joiners", {"count": len(raw) - len(text)})]
    assert [one.code for one in character_errors(raw)] == ["untidy"]


def test_spaces_forms_and_invisible_characters_are_tidied():
    tidied = tidy("\u200e  cafe\u0301\u00a0 \tna\n maji\ufeff ")
    assert tidied.text == "café na maji"
    assert [one.code for one in tidied.notes] == ["composed", "spaces", "invisible"]
    assert str(tidied.notes[2]).endswith("U+200E left-to-right mark, U+FEFF zero width no-break space.")


@pytest.mark.parametrize(
    ("text", "code", "name", "where"),
    [
        ("wek\ud800a", "surrogate", "U+D800", (3, 4)),
        ("weka\x00", "control", "U+0000 null", (4, 5)),
        ("weka \u202ekengele", "bidi", "U+202E right-to-left override", (5, 6)),
        ("\u2067weka", "bidi", "U+2067 right-to-left isolate", (0, 1)),
        ("\ue000weka", "private", "U+E000", (0, 1)),
        ("we\u0378ka", "unassigned", "U+0378", (2, 3)),
        ("we\U000e0041ka", "hidden", "U+E0041 tag latin capital letter a", (2, 3)),
        ("we\u3164ka", "hidden", "U+3164 hangul filler", (2, 3)),
        ("\u0301weka", "lone_mark", "U+0301 combining acute accent", (0, 1)),
        ("weka \u064e", "lone_mark", "U+064E arabic fatha", (5, 6)),
    ],
)
def test_what_cannot_be_kept_is_named_at_its_place(text, code, name, where):
    (one,) = character_errors(text)
    assert (one.code, one.values, one.where) == (code, {"name": name}, where)
    assert name in str(one)


@pytest.mark.parametrize("text", ["", " ", "…", "\u200b", "!?"])
def test_a_text_without_a_word_is_empty(text):
    assert "empty" in [one.code for one in character_errors(text)]


def test_length_is_counted_in_characters():
    assert list(character_errors("a" * MAX_CHARACTERS)) == []
    (one,) = character_errors("a" * (MAX_CHARACTERS + 1))
    assert one.code == "too_long" and one.values == {"count": 501, "limit": 500} and one.where == (500, 501)


@pytest.mark.parametrize("text", ["م" + "\u064b\u0650" * 2_000_000, "م\u200c" * 4990, "a" * 10**7, "\u202e" * 10**6, "<script>" * 1000])
def test_endless_text_is_refused_at_once(text):
    start = time.process_time()
    tidy(text)
    assert "too_long" in [one.code for one in character_errors(text)]
    assert time.process_time() - start < 2


def test_html_is_only_text():
    text = '<script>alert("1")</script> weka kengele'
    assert tidy(text).text == text and list(character_errors(text)) == []


def test_every_sentence_is_one():
    for sentence in (NOTES | ERRORS).values():
        assert sentence[0].isupper() and sentence.endswith(".")


@given(st.characters(categories=None))
def test_any_character_can_be_spoken_of(letter):
    assert named(letter).startswith(f"U+{ord(letter):04X}")
    named(letter).encode()
