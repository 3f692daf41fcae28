"""Interlinear glosses: Leipzig abbreviations, columns aligned in any script, nothing lost in wrapping."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from lowres.interlinear import aligned, categories, format_glossed, glossed, leipzig, rows_of, word_slots
from lowres.pair import Word
from lowres.synthesis import Kept
from lowres.utterance import Slot, Utterance


def word(form: str, gloss: str = "", features: str = "", lemma: str = "", origin: str = "lexicon") -> Word:
    return Word(form, lemma or form, "", frozenset(filter(None, features.split(";"))), (), origin, gloss)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (word("niamshe", "wake up", "V;IMP;2;SG"), "wake.up.IMP.2SG"),
        (word("vitabu", "book", "N;PL"), "book.PL"),
        (word("alisema", "say", "3;PST;SG;V;IND"), "say.IND.PST.3SG"),
        (word("ya"), "–"),
        (word("ya", "", "GEN"), "GEN"),
        (word("x", "give", "1;3;PL;V"), "give.1.3.PL"),
    ],
)
def test_glosses_follow_leipzig(made, expected):
    assert leipzig(made) == expected


@given(st.sets(st.sampled_from("1 2 3 SG PL DU V N IMP PST GEN V.PTCP DEF MASC".split())))
def test_every_category_is_told_but_the_part_of_speech(features):
    told = "".join(categories(features))
    assert all(feature in told for feature in features - {"V", "N"})
    assert categories(features) == categories(sorted(features, reverse=True))


def kept_of(text: str, words: list[Word], slots: tuple[Slot, ...] = ()) -> Kept:
    said = Utterance(id="7:0", text=text, locale="und", intent="play_music", slots=slots)
    return Kept(said, "what was said", tuple(words), 0.75, -1.5)


TEXTS = {
    "combining": ["e\u0301\u0323kọ\u0301", "ń", "q\u0301q\u0301q\u0301", "a"],
    "wide": ["日本", "カナダ", "x", "月"],
    "right to left": ["مجھے", "جگائیں", "کل", "صبح نو بجے"],
    "ethiopic": ["ንቃኝ", "ነገ", "ጠዋት", "በ"],
}


@pytest.mark.parametrize("forms", TEXTS.values(), ids=TEXTS)
def test_columns_start_in_the_same_cell_on_every_line(forms):
    made = [word(form, f"g{i}", origin=f"o{i}") for i, form in enumerate(forms)]
    lines = aligned(rows_of(made, [""] * len(made)), 200)
    where = [[cell_len(line[: line.index(mark)]) for mark in marks]
             for line, marks in ((lines[0], forms), (lines[2], ["g0", "g1", "g2", "g3"]), (lines[3], ["o0", "o1", "o2", "o3"]))]  # fmt: skip
    assert where[0] == where[1] == where[2]


def test_a_word_from_right_to_left_does_not_take_its_neighbours_along():
    lines = aligned(rows_of([word("کل"), word("صبح")], ["", ""]), 80)
    assert re.search("کل\u200e +صبح\u200e", lines[0])


FORMS = st.text("ab ጠ日\u0301", min_size=1, max_size=12).map(lambda text: " ".join(text.split()))  # one space parts words of a form


@given(st.lists(FORMS, min_size=1, max_size=12), st.integers(1, 60))
def test_wrapping_loses_nothing_and_fits_where_it_can(forms, width):
    made = [word(f"{i}{form}{i}", f"g{i}") for i, form in enumerate(forms)]
    lines = aligned(rows_of(made, [""] * len(made)), width)
    words = [line.removeprefix("words ") for line in lines if line.startswith("words ")]
    assert "".join("".join(words).split()) == "".join("".join(one.form for one in made).split())
    assert all(cell_len(line) <= width or len(line.removeprefix("words").split("  ")) <= 3 for line in lines if line.startswith("words"))


def test_a_pair_opens_with_what_it_is_and_ends_with_its_translation():
    kept = kept_of("cheza wimbo", [word("cheza", "play", "IMP"), word("", "the"), word("wimbo", "song")], (Slot(name="song", start=6, end=11),))
    lines = glossed(kept, 100, ["tʃeza", "wimbo"])
    assert lines[0] == "7:0  play_music  75% rendered  naturalness -1.50" and lines[-1] == "‘what was said’"
    assert [line.split()[0] for line in lines[1:-1]] == ["words", "IPA", "lemma", "gloss", "slot", "origin"]
    assert lines[5].split() == ["slot", "[song]"] and lines[4].split() == ["gloss", "play.IMP", "song"]


def test_the_record_says_the_same():
    kept = kept_of("cheza wimbo", [word("cheza", "play", "IMP"), word("wimbo", "song")], (Slot(name="song", start=6, end=11),))
    record = format_glossed(kept, ["tʃeza", "wimbo"])
    assert json.loads(json.dumps(record)) == record
    assert [(one["leipzig"], one["slot"], one["ipa"]) for one in record["words"]] == [("play.IMP", None, "tʃeza"), ("song", "song", "wimbo")]
    assert format_glossed(kept)["words"][0]["ipa"] is None and record["source"] == "what was said"


def test_words_that_are_not_written_have_no_place():
    kept = kept_of("a b", [word("a"), word(""), word("b")], (Slot(name="s", start=2, end=3),))
    assert [(one.form, slot and slot.name) for one, slot in word_slots(kept)] == [("a", None), ("b", "s")]
