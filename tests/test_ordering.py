"""Word order: where the card has them, with every slot whole and every word there."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowres.analysis import Token
from lowres.language import Typology
from lowres.ordering import reorder
from lowres.pair import NOTHING, Pair, Word, render
from lowres.utterance import Slot, Utterance

ENGLISH = {
    "word_order": "SVO",
    "adjective": "before",
    "possessor": "before",
    "adposition": "preposition",
    "numeral": "before",
}
TAGS = {
    "N": "NOUN",
    "A": "ADJ",
    "V": "VERB",
    "X": "AUX",
    "P": "ADP",
    "D": "DET",
    "#": "NUM",
    "C": "CCONJ",
    "T": "PART",
    ".": "PUNCT",
    "R": "PRON",
    "M": "PRON",
    "O": "PROPN",
}


def pair_of(text: str, slots: tuple[tuple[int, int], ...] = ()) -> Pair:
    """A pair of words such as "red/A ball/N"; `slots` are (first word, past the last); M is a possessive pronoun."""
    cells = [cell.split("/") for cell in text.split()]
    forms, starts = [form for form, _ in cells], []
    for form in forms:
        starts.append(sum(map(len, forms[: len(starts)])) + len(starts))
    spans = tuple(
        Slot(name=f"s{i}", start=starts[a], end=starts[b - 1] + len(forms[b - 1])) for i, (a, b) in enumerate(slots)
    )
    owner = tuple(next((i for i, (a, b) in enumerate(slots) if a <= k < b), -1) for k in range(len(forms)))
    tokens = tuple(Token(f, s, s + len(f), f, TAGS[t]) for (f, t), s in zip(cells, starts, strict=True))
    words = tuple(
        Word(f, f, TAGS[t], frozenset({"PSS"}) if t == "M" else NOTHING, (i,), gloss=f) for i, (f, t) in enumerate(cells)
    )
    return Pair(Utterance(id="1", text=" ".join(forms), locale="en", slots=spans), tokens, owner, words)


def ordered(text: str, slots: tuple[tuple[int, int], ...] = (), **typology: str) -> str:
    found = reorder(pair_of(text, slots), Typology(**(ENGLISH | typology)))
    return " ".join(word.form for word in found.words)


@pytest.mark.parametrize(
    ("text", "typology", "expected"),
    [
        ("play/V the/D new/A song/N", {}, "play the new song"),
        ("play/V new/A song/N", {"adjective": "after"}, "play song new"),
        ("big/A new/A song/N", {"adjective": "after"}, "song new big"),
        ("two/# songs/N", {"numeral": "after"}, "songs two"),
        ("two/# new/A songs/N", {"numeral": "after", "adjective": "after"}, "songs new two"),
        ("two/# new/A songs/N", {"adjective": "after"}, "two songs new"),
        ("alarm/N clock/N", {"possessor": "after", "adjective": "after"}, "clock alarm"),
        ("alarm/N clock/N", {"possessor": "after"}, "alarm clock"),
        ("play/V this/D song/N", {"demonstrative": "after"}, "play song this"),
        ("play/V my/M song/N", {"possessor": "after"}, "play song my"),
        ("play/V my/M song/N", {"possessor": "after", "possessive": "before"}, "play my song"),
        ("a/D meeting/N this/D friday/N", {"possessor": "after", "adjective": "after"}, "a meeting this friday"),
        ("name/N of/P song/N", {"possessor": "before"}, "of song name"),
        ("name/N of/P song/N", {"possessor": "before", "adposition": "postposition"}, "song of name"),
        ("name/N of/P song/N", {"possessor": "after"}, "name of song"),
        ("set/V alarm/N for/P noon/N", {"word_order": "SOV"}, "for noon alarm set"),
        ("set/V alarm/N for/P noon/N", {"word_order": "SOV", "oblique": "after object"}, "alarm for noon set"),
        ("tell/V me/R jokes/N", {"word_order": "SOV"}, "me jokes tell"),
        ("what/R is/X weather/N in/P town/N", {"word_order": "SOV"}, "in town weather what is"),
        ("what/R is/X weather/N", {"word_order": "SOV", "question": "first"}, "what weather is"),
        ("how/R long/A will/X it/R rain/V", {"word_order": "SOV"}, "it how long rain will"),
        ("remind/V me/R to/T call/V mom/N", {"word_order": "SOV"}, "me to mom call remind"),
        ("songs/N and/C films/N", {"word_order": "SOV"}, "songs and films"),
        ("play/V songs/N and/C films/N", {"word_order": "SOV"}, "songs and films play"),
        ("rain/N in/P town/N", {"word_order": "SOV"}, "in town rain"),
        ("he/R plays/V songs/N", {"word_order": "VSO"}, "plays he songs"),
        ("play/V songs/N", {"word_order": "VSO"}, "play songs"),
        ("what/R is/X it/R", {"word_order": "VSO"}, "what is it"),
        ("in/P new/A york/O", {"adposition": "postposition"}, "new york in"),
        ("in/P my/M city/N", {"adposition": "postposition"}, "my city in"),
        ("go/V to/P", {"adposition": "postposition"}, "go to"),
        ("play/V songs/N", {"word_order": "SOV"}, "songs play"),
        ("play/V songs/N and/C stop/V music/N", {"word_order": "SOV"}, "songs play and music stop"),
        (
            "he/R plays/V songs/N in/P town/N",
            {"word_order": "SOV", "adposition": "postposition"},
            "he town in songs plays",
        ),
        ("play/V songs/N ?/. now/R", {"word_order": "SOV"}, "songs play ? now"),
        ("new/A", {"adjective": "after"}, "new"),
        ("the/D new/A", {"adjective": "after"}, "the new"),
    ],
)
def test_words_go_where_the_card_has_them(text, typology, expected):
    assert ordered(text, **typology) == expected


@pytest.mark.parametrize(
    ("text", "slots", "typology", "expected"),
    [
        ("play/V new/A song/N", ((1, 3),), {"adjective": "after"}, "play song new"),
        ("play/V new/A song/N", ((1, 2),), {"adjective": "after"}, "play song new"),
        ("play/V new/A rain/N song/N", ((1, 3),), {"possessor": "after"}, "play new rain song"),
        ("in/P my/M town/N", ((1, 3),), {"adposition": "postposition"}, "my town in"),
        ("by/P you/R and/C me/R", ((1, 4),), {"adposition": "postposition"}, "you and me by"),
        ("play/V songs/N now/R", ((0, 2),), {"word_order": "SOV"}, "play songs now"),
        ("go/V in/P town/N", ((0, 2),), {"word_order": "SOV", "adposition": "postposition"}, "town go in"),
        ("wake/V me/R at/P five/#", ((2, 4),), {"word_order": "SOV"}, "me at five wake"),
        ("add/V milk/N to/P my/M list/N", ((1, 2), (3, 5)), {"word_order": "SOV"}, "to my list milk add"),
        ("let/V it/R be/V new/A song/N", ((0, 3),), {"word_order": "SOV", "adjective": "after"}, "let it be song new"),
    ],
)
def test_slots_move_whole_or_within_themselves(text, slots, typology, expected):
    assert ordered(text, slots, **typology) == expected


CHOICES = [
    dict(zip(ENGLISH, values, strict=True))
    for values in product(
        ("SVO", "SOV", "VSO"),
        ("before", "after"),
        ("before", "after"),
        ("preposition", "postposition"),
        ("before", "after"),
    )
]


@st.composite
def pairs(draw) -> Pair:
    tags = draw(st.lists(st.sampled_from(sorted(TAGS)), min_size=1, max_size=10))
    cuts = sorted(draw(st.sets(st.integers(0, len(tags)), max_size=6)))
    return pair_of(
        " ".join(f"w{i}/{tag}" for i, tag in enumerate(tags)), tuple(zip(cuts[::2], cuts[1::2], strict=False))
    )


@given(pairs(), st.sampled_from(CHOICES))
def test_no_word_is_lost_and_no_slot_is_split(pair, typology):
    moved = reorder(pair, Typology(**typology))
    assert Counter(moved.words) == Counter(pair.words)
    said = render(moved, id="1", locale="qaa")  # raises Rejected where a slot is split
    by_name = {slot.name: sorted(said.slot_text(slot).split()) for slot in said.slots}
    assert by_name == {slot.name: sorted(pair.utterance.slot_text(slot).split()) for slot in pair.utterance.slots}


@given(pairs())
def test_the_order_of_english_moves_nothing(pair):
    assert reorder(pair, Typology(**ENGLISH)) == pair


def test_titles_and_names_stay_as_they_are():
    def tokens(*words):
        text = " ".join(form for form, _ in words)
        made = tuple(Word(form, form, upos, source=(i,)) for i, (form, upos) in enumerate(words))
        slots = (Slot(name="place", start=0, end=len(text)),)
        utterance = Utterance(id="1", text=text, locale="en-US", slots=slots)
        whole = [Token(w.form, 0, 1, w.form, w.upos) for w in made]
        return Pair(utterance, tuple(whole), (0,) * len(made), made)

    turkish = Typology(word_order="SOV", adjective="after", possessor="after", adposition="postposition", numeral="before")
    said = reorder(tokens(("let", "VERB"), ("it", "PRON"), ("?", "PUNCT")), turkish)
    assert [word.form for word in said.words] == ["let", "it", "?"]
    named = reorder(tokens(("san", "PROPN"), ("juan", "PROPN"), ("hotel", "NOUN")), turkish)
    assert [word.form for word in named.words] == ["hotel", "san", "juan"]
