"""Glossing: longest phrase first, labels both ways, words found under their affixes."""

import random
import time

from hypothesis import given
from hypothesis import strategies as st

from lowres.affixes import Affixes, learn_affixes
from lowres.gloss import (
    Glosser,
    build_glosser,
    format_glosses,
    gloss_utterance,
    parse_glosses,
    project_labels,
)
from lowres.lexicon import Entry, SourcedEntry, build_lexicon
from lowres.loans import learn_loans
from lowres.morphology import Inflection, build_paradigms, parse_features
from lowres.text import word_spans
from lowres.utterance import Slot, Utterance, word_labels

GLOSSER = Glosser({"taa": ("lamp", "light"), "taa za jikoni": ("kitchen lights",), "washa": ("turn on",)})


def said(text: str, *slots: tuple[str, int, int], intent: str | None = None) -> Utterance:
    return Utterance(id="1", text=text, locale="sw-KE", intent=intent, slots=tuple(Slot(name=n, start=a, end=b) for n, a, b in slots))


def test_the_longest_phrase_is_glossed_and_unknown_words_stay():
    glossed, owners = gloss_utterance(said("washa taa za jikoni haraka"), GLOSSER)
    assert glossed.text == "turn on kitchen lights haraka"
    assert owners == (0, 0, 1, 2, 4)


def test_labels_come_along_into_the_gloss_and_back():
    utterance = said("washa taa za jikoni", ("device", 6, 19), intent="light_on")
    glossed, owners = gloss_utterance(utterance, GLOSSER)
    assert glossed.intent == "light_on"
    assert [(s.name, glossed.slot_text(s)) for s in glossed.slots] == [("device", "kitchen lights")]
    back = project_labels(glossed, owners, utterance.text)
    assert [utterance.text[s.start : s.end] for s in back] == ["taa za"]  # two gloss words stand for three words


def test_without_chance_the_first_gloss_is_taken_and_with_it_others_too():
    drawn = {gloss_utterance(said("taa"), GLOSSER, random.Random(i))[0].text for i in range(40)}
    assert gloss_utterance(said("taa"), GLOSSER)[0].text == "lamp" and drawn == {"lamp", "light"}


def test_an_inflected_word_is_found_under_its_affixes():
    verbs = ("amsha", "washa", "cheza", "pika", "tafuta")
    cells = [Inflection(verb, "ni" + verb[:-1] + "e", parse_features("V;SBJV;1;SG")) for verb in verbs]
    lexicon = build_lexicon([SourcedEntry(Entry("call", "piga", "VERB"), "a"), SourcedEntry(Entry("dance", "cheza", "VERB"), "a")])
    glosser = build_glosser(lexicon, build_paradigms(cells))
    assert glosser.gloss("nipige") == ("call",)
    assert glosser.gloss("niCheze") == ("dance",)  # in the table, under its lemma
    assert glosser.gloss("zzz") == ()


def test_affixes_of_raw_text_need_several_words():
    known = {"nyumba", "shule", "meza", "kisima", "duka"}
    assert learn_affixes(build_paradigms(()), known, ["nyumbani", "shuleni", "mezani"]).votes == {}
    learnt = learn_affixes(build_paradigms(()), known, ["nyumbani", "shuleni", "mezani", "dukani"])
    assert learnt.stems("kisimani")[0][0] == "kisima"


def test_glosses_survive_their_file():
    assert parse_glosses(format_glosses(GLOSSER.glosses)) == GLOSSER.glosses


WORDS = st.sampled_from(["washa", "taa", "za", "jikoni", "haraka", "x"])


@given(st.lists(WORDS, min_size=1, max_size=9), st.data())
def test_labels_projected_from_any_gloss_are_slots_of_the_text(spoken, data):
    text = " ".join(spoken)
    glossed, owners = gloss_utterance(said(text), GLOSSER)
    names = data.draw(st.lists(st.sampled_from(["O", "a", "b"]), min_size=len(owners), max_size=len(owners)))
    spans = word_spans(glossed.text)
    slots = tuple(Slot(name=n, start=s, end=e) for n, (s, e) in zip(names, spans, strict=True) if n != "O")
    labelled = Utterance(id="1", text=glossed.text, locale="x", slots=slots)
    back = Utterance(id="1", text=text, locale="x", slots=project_labels(labelled, owners, text))
    assert len(word_labels(back)) == len(spoken)
    assert {slot.name for slot in back.slots} <= set(names)


def test_a_word_whose_marks_the_dictionary_leaves_out_is_found_last():
    glosser = Glosser({"fun": ("for",), "fún": ("give",), "ile": ("house",)})
    assert glosser.gloss("fún") == ("give",) and glosser.gloss("ilé") == ("house",) and glosser.gloss("ọ̀nà") == ()


def test_a_word_in_parts_is_known_by_the_longest_that_is_known():
    glosser = Glosser({"ile": ("house",), "mae": ("is",), "r": ("the",)})
    assert glosser.gloss("ilé-ìfowópamọ́") == ("house",) and glosser.gloss("mae'r") == ("is",)
    assert glosser.gloss("x-y") == glosser.gloss("-") == glosser.gloss("'") == ()


def test_what_sounds_like_the_source_comes_last():
    glosser = Glosser({"الارم": ("warning",)}, loans=learn_loans(["set the alarm on my calendar"] * 4, {}))
    assert glosser.gloss("الارم") == ("warning",) and glosser.gloss("کیلنڈر") == ("calendar",)
    under = Glosser({"کیلن": ("stem",)}, Affixes({("", "ڈر"): {("", ""): 9}}), learn_loans(["calendar"] * 4, {}))
    assert under.gloss("کیلنڈر") == ("stem",)


def test_where_no_affix_is_known_a_known_beginning_says_most():
    glosser = Glosser({"alarm": ("alarm",), "oynatmak": ("play",)}, Affixes({}, "right", ("mak", "mek")), learn_loans(["alarms"] * 9, {}))
    assert [glosser.gloss(word) for word in ("alarmını", "oynat", "oynatır", "ala")] == [("alarm",), ("play",), ("play",), ()]


def test_a_word_without_end_costs_nothing():
    glosser = Glosser({"alarm": ("alarm",)}, Affixes({("", "ı"): {("", ""): 9}}, "right", ("mak",)), learn_loans(["alarm"] * 9, {}))
    start = time.process_time()
    for word in ("q" * 10**5, "q-" * 10**5, "ala" * 10**5):
        assert glosser.gloss(word) == ()
    assert time.process_time() - start < 1


def test_a_glosser_learns_mutations_and_loans_of_what_it_is_given():
    words = [f"c{vowel}{rest}" for vowel in "aeo" for rest in ("llen", "rwyd", "stell", "ntor")]
    lexicon = build_lexicon(SourcedEntry(Entry(f"thing{i}", word, "NOUN"), "a") for i, word in enumerate(words))
    text = {"g" + word[1:]: 1 for word in words}
    glosser = build_glosser(lexicon, build_paradigms(()), text=text, english=["book a taxi"] * 4)
    assert [glosser.gloss(word) for word in text] == [(f"thing{i}",) for i in range(len(words))]
    assert glosser.gloss("tacsi") == ("taxi",)
    assert build_glosser(lexicon, build_paradigms(()), text=text).gloss("tacsi") == ()


def test_of_forms_that_marks_tell_apart_the_nearest_is_meant():
    glosser = Glosser({"ojo": ("rain",), "ọjọ": ("day",), "ọ̀jọ̀": ("sifter",)})
    assert [glosser.gloss(word) for word in ("ọjọ́", "ojó", "ọ̀jọ")] == [("day",), ("rain",), ("day",)]
    assert Glosser({"ojo": ("rain",), "ọ̀jọ̀": ("sifter",)}).gloss("ọ̀jọ") == ("sifter",)


def test_a_glosser_learns_where_words_grow_and_how_verbs_are_listed():
    stems = [f"{first}{vowel}{middle}" for first in "bdkst" for vowel in "aeiou" for middle in ("lan", "rem")]
    entries = [*((f"do {one}", f"{one}mak", "VERB") for one in stems)]
    entries += [*((f"thing {one}", f"{one}dal{more}", "NOUN") for one in stems for more in ("", "cık"))]
    lexicon = build_lexicon(SourcedEntry(Entry(*entry), "a") for entry in entries)
    glosser = build_glosser(lexicon, build_paradigms(()))
    assert glosser.affixes.grows == "right" and glosser.affixes.listed == ("mak",)
    assert glosser.gloss("balan") == ("do balan",) and glosser.gloss("balandaloğlu") == ("thing balan",)
