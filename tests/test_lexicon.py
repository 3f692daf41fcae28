"""Lexicons: glosses cleaned, translations ranked, parts of speech respected."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowres.lexicon import Entry, SourcedEntry, agreement, build_lexicon, clean_form, clean_gloss
from lowres.text import fold


def built(*rows, **options):
    """A lexicon of (source, target, upos, rank, lexicon) rows, the last three as far as they are given."""
    defaults = ("", "", "", 0, "a")
    full = [(*row, *defaults[len(row) :]) for row in rows]
    return build_lexicon((SourcedEntry(Entry(*row[:4]), row[4]) for row in full), **options)


@pytest.mark.parametrize(
    ("gloss", "upos", "expected"),
    [
        ("to set up", "VERB", ("set up",)),
        ("(transitive) to set up, to found", "VERB", ("set up", "found")),
        ("a dog", "NOUN", ("dog",)),
        ("the sun; a star", "NOUN", ("sun", "star")),
        ("be happy", "ADJ", ("happy",)),
        ("be", "VERB", ("be",)),
        ("to be born", "VERB", ("be born",)),
        ("to tell someone", "VERB", ("tell",)),
        ("to give sth", "VERB", ("give",)),
        ("to wash oneself", "VERB", ("wash",)),
        ("an", "DET", ("an",)),
        ("the", "DET", ("the",)),
        ("to", "ADP", ("to",)),
        ("some bread", "NOUN", ("some bread",)),
        ("house, home, dwelling", "NOUN", ("house", "home", "dwelling")),
        ("dog [animal]", "NOUN", ("dog",)),
        ("dog {zool}", "NOUN", ("dog",)),
        ("dog (an animal", "NOUN", ("dog",)),
        ("music: a tune", "NOUN", ("tune",)),
        ("salt &amp; pepper", "NOUN", ("salt & pepper",)),
        ("“hello!”", "INTJ", ("hello",)),
        ("dog; dog", "NOUN", ("dog",)),
        ("a person who sings songs for money", "NOUN", ()),
        ("", "", ()),
        ("(archaic)", "", ()),
        ("  ; , ", "", ()),
        ("Alternative form of x", "NOUN", ()),
        ("plural of mtu", "NOUN", ()),
        ("Misspelling of foo", "", ()),
        ("first-person singular present of ona", "VERB", ()),
        ("Soft mutation of ci", "NOUN", ()),
        ("verbal noun of canu", "NOUN", ()),
        ("a part of the house", "NOUN", ("part of the house",)),
        ("form of address", "NOUN", ("form of address",)),
    ],
)
def test_glosses_are_cleaned(gloss, upos, expected):
    assert clean_gloss(gloss, upos) == expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("kitabu", ("kitabu",)),
        ("-zuri", ("zuri",)),
        ("mtu (watu)", ("mtu",)),
        ("nyumba; makao", ("nyumba", "makao")),
        ("ngoma / muziki", ("ngoma", "muziki")),
        ("", ()),
        ("*soma", ("soma",)),
        ("a b c d e f", ()),
        ("sawa!", ("sawa",)),
        ("mama, mama", ("mama",)),
        ("ng'ombe", ("ng'ombe",)),
    ],
)
def test_forms_are_cleaned(form, expected):
    assert clean_form(form) == expected


@given(st.text(max_size=60), st.sampled_from(["", "NOUN", "VERB"]))
def test_any_text_gives_short_clean_parts(text, upos):
    for part in (*clean_gloss(text, upos), *clean_form(text)):
        assert part and part == part.strip() and len(part.split()) <= 5


def test_agreement_of_parts_of_speech():
    same, kin, unknown, other = (
        agreement(*pair) for pair in (("NOUN", "NOUN"), ("VERB", "AUX"), ("", "NOUN"), ("NOUN", "VERB"))
    )
    assert same > kin > unknown > other > 0
    assert agreement("NOUN", "") == agreement("NOUN", "X") == unknown and agreement("PROPN", "NOUN") == kin


def test_part_of_speech_decides_between_translations():
    lexicon = built(("book", "kitabu", "NOUN", 0), ("book", "agiza", "VERB", 1))
    assert lexicon.ranked(("book",), "VERB")[0][0].form == "agiza"
    assert lexicon.ranked(("book",), "NOUN")[0][0].form == "kitabu"
    assert lexicon.ranked(("shelf",), "NOUN") == ((), ())


def test_the_first_listed_the_agreed_and_the_used_come_first():
    assert [one.form for one in built(("car", "gari", "", 0), ("car", "motokaa", "", 1)).translations["car"]] == [
        "gari",
        "motokaa",
    ]
    agreed = built(
        ("car", "motokaa", "", 1),
        ("car", "gari", "", 0),
        ("car", "motokaa", "", 1, "b"),
        ("car", "motokaa", "", 1, "c"),
    )
    assert agreed.translations["car"][0].form == "motokaa"
    used = built(("car", "gari", "", 1), ("car", "motokaa", "", 0), frequencies={"gari": 500})
    assert used.translations["car"][0].form == "gari"


@pytest.mark.parametrize("label", ["(obsolete, dialectal) ", "(transitive, archaic) ", "[poetic] "])
@pytest.mark.parametrize("reverse", [True, False])
def test_what_a_dictionary_calls_disused_comes_last(label, reverse):
    old = Entry(f"{label}to tell", "ayıtmak", "VERB") if reverse else Entry("tell", f"{label}ayıtmak", "VERB")
    usual = Entry("to say, to tell", "söylemek", "VERB") if reverse else Entry("tell", "söylemek", "VERB", 1)
    found = build_lexicon(SourcedEntry(one, "a", reverse=reverse) for one in (old, usual)).translations["tell"]
    assert [one.form for one in found] == ["söylemek", "ayıtmak"]


def test_a_label_is_no_word_of_the_gloss():
    glosses = {"seyrek": "rare", "nadir": "(rare) rare"}
    rows = [SourcedEntry(Entry(gloss, form, "ADJ"), "a", reverse=True) for form, gloss in glosses.items()]
    assert [one.form for one in build_lexicon(rows).translations["rare"]] == ["seyrek", "nadir"]


@pytest.mark.parametrize(
    ("word", "wanted", "offered", "meant"),
    [
        ("can", "AUX", "NOUN", False), ("can", "AUX", "VERB", True), ("can", "AUX", "", True), ("can", "NOUN", "NOUN", True),
        ("may", "AUX", "PROPN", False), ("all", "DET", "NOUN", True), ("for", "ADP", "VERB", True),
        ("in", "ADP", "ADV", True), ("there", "PRON", "ADV", True), ("book", "VERB", "NOUN", True),
    ],
)  # fmt: skip
def test_auxiliaries_are_not_rendered_by_things_spelt_alike(word, wanted, offered, meant):
    assert bool(built((word, "x", offered)).ranked((word,), wanted)[0]) is meant


def test_a_lexicon_that_repeats_itself_has_one_vote():
    once, twice = built(("car", "gari")), built(("car", "gari"), ("car", "gari"))
    assert once.translations == twice.translations


def test_what_is_trusted_outranks_what_was_collected():
    rows = [SourcedEntry(Entry("car", "motokaa"), "a"), SourcedEntry(Entry("car", "gari"), "mine", trust=3.0)]
    best = build_lexicon(rows).translations["car"][0]
    assert (best.form, best.lexicon) == ("gari", "mine")


def test_a_reverse_lexicon_is_read_by_its_glosses():
    rows = [
        SourcedEntry(Entry("(transitive) to set up, to found", "anzisha", "VERB"), "w", reverse=True),
        SourcedEntry(Entry("plural of mtu", "watu", "NOUN"), "w", reverse=True),
    ]
    lexicon = build_lexicon(rows)
    assert lexicon.translations.keys() == {"set up", "found"} and lexicon.longest == {"set": 2, "set up": 2, "found": 1}
    assert [one.form for one in lexicon.glosses["anzisha"]] == ["set up", "found"]  # a gloss's first word counts more


def test_headwords_lose_to_and_brackets_and_are_folded():
    lexicon = built(("to Play (music)", "cheza", "VERB"), ("TO", "kwa", "ADP"), ("O’Brien", "obrien"))
    assert lexicon.translations.keys() == {"play", "to", "o'brien"}


def test_citation_forms_are_brought_to_the_paradigms():
    lexicon = built(
        ("read", "kusoma", "VERB"), lemma=lambda form, upos: form.removeprefix("ku") if upos == "VERB" else form
    )
    assert lexicon.translations["read"][0].form == "soma" and "soma" in lexicon.glosses


def test_an_earlier_key_is_preferred_and_the_hopeless_are_left_out():
    lexicon = built(("go", "enda", "VERB"), ("went", "alienda", "VERB"), ("go", "mchezo", "NOUN"))
    options, weights = lexicon.ranked(("went", "go"), "VERB")
    assert [one.form for one in options] == ["alienda", "enda"] and weights[0] > weights[1]
    assert lexicon.ranked(("went", "go"), "VERB") == (options, weights)


@given(
    st.lists(
        st.tuples(st.text(max_size=8), st.text(max_size=8), st.sampled_from(["", "NOUN", "VERB"]), st.integers(0, 5)),
        max_size=12,
    ),
    st.randoms(),
)
def test_any_entries_make_a_lexicon_that_does_not_depend_on_their_order(rows, rng):
    entries = [SourcedEntry(Entry(*row), "a", reverse=len(row[0]) % 2 == 0) for row in rows]
    lexicon = build_lexicon(entries)
    shuffled = build_lexicon(rng.sample(entries, len(entries)))
    assert shuffled.translations == lexicon.translations and shuffled.longest == lexicon.longest
    for phrase, options in lexicon.translations.items():
        assert phrase == fold(phrase) and lexicon.longest[phrase.split(" ")[0]] >= len(phrase.split(" "))
        assert [one.score for one in options] == sorted((one.score for one in options), reverse=True)
        assert all(any(gloss.form == phrase for gloss in lexicon.glosses[fold(one.form)]) for one in options)
