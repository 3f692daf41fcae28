"""The source utterance read: commands, number, tense, clitics, and offsets of any text."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lowres.analysis import Token, analyse, english, joint_tag, read_tagged, spoken
from lowres.resources import resources_folder
from lowres.tagger import read_tagger, train_tagger
from lowres.text import word_spans

LETTERS = "ab eS's'’ n't 'll 7:.,?!-\u0301\u200d\t\u3000ጤና漢字かไทยမြန်اردوहिन्दी👩‍👧İß"

FRESH = read_tagger(resources_folder() / "models" / "english-tagger" / "tagger.json.gz")


def token(text: str, form: str) -> Token:
    return next(token for token in analyse(text) if token.form == form)


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("play some music", "play"), ("please wake me up at five am", "wake"), ("olly remove the alarm", "remove"),
        ("could you please remind me to call john", "remind"), ("okay now set an alarm", "set"),
        ("Please, remove the meeting", "remove"), ("can you tell me the time", "tell"),
    ],
)  # fmt: skip
def test_a_bare_verb_that_opens_an_utterance_is_a_command(text, verb):
    found = token(text, verb)
    assert (found.lemma, found.upos, found.features) == (verb, "VERB", {"2", "IMP"})


@pytest.mark.parametrize(
    ("text", "verb"),
    [("i want to play a game", "play"), ("she plays the drums", "plays"), ("they called my mother", "called")],
)
def test_a_verb_after_its_subject_is_no_command(text, verb):
    assert token(text, verb).upos == "VERB" and "IMP" not in token(text, verb).features


@pytest.mark.parametrize(
    ("text", "form", "lemma"),
    [
        ("turn off the lights", "lights", "light"), ("delete the meetings", "meetings", "meeting"),
        ("show my emails", "emails", "email"), ("how many children are there", "children", "child"),
        ("list the cities", "cities", "city"),
    ],
)  # fmt: skip
def test_plural_nouns_have_a_singular_lemma(text, form, lemma):
    found = token(text, form)
    assert (found.lemma, found.upos, "PL" in found.features) == (lemma, "NOUN", True)


@pytest.mark.parametrize(
    ("text", "form", "lemma"),
    [("i called my mother yesterday", "called", "call"), ("who won the game", "won", "win"),
     ("what happened today", "happened", "happen")],
)  # fmt: skip
def test_past_verbs_have_a_bare_lemma(text, form, lemma):
    found = token(text, form)
    assert (found.lemma, found.upos, "PST" in found.features) == (lemma, "VERB", True)


@pytest.mark.parametrize(
    ("text", "form", "lemma", "feature"),
    [
        ("i don't know", "don't", "do", "NEG"), ("they'll come", "they'll", "they", "FUT"),
        ("john’s birthday", "john’s", "john", "PSS"), ("show my friend's address", "friend's", "friend", "PSS"),
    ],
)  # fmt: skip
def test_a_clitic_stays_with_its_host_and_adds_a_feature(text, form, lemma, feature):
    found = token(text, form)
    assert found.lemma == lemma and feature in found.features


def test_what_is_no_possessor():
    found = token("what's the weather", "what's")
    assert found.lemma == "what" and "PSS" not in found.features


def test_punctuation_and_case_change_no_reading():
    plain, written = analyse("turn off the lights"), analyse("Turn off the LIGHTS!")
    assert [(t.lemma, t.upos, t.features) for t in plain] == [(t.lemma, t.upos, t.features) for t in written]
    assert written[-1].form == "LIGHTS!"


@given(st.text(min_size=1, max_size=40) | st.text(st.sampled_from(LETTERS), min_size=1, max_size=40))
@example("'s n't ' . ... ’")
@example("\u3000")
@example("-1- -e2- -e-")
def test_any_text_of_any_script_has_a_token_for_each_word(text):
    tokens = analyse(text)
    assert [(t.start, t.end) for t in tokens] == word_spans(text)
    assert [t.form for t in tokens] == [text[t.start : t.end] for t in tokens]
    assert all(t.upos and t.lemma for t in tokens)


SPOKEN = ["play", "the", "news", "at", "5", "o'clock", "don't", "turn", "lights", "off", "please", "漢", "ጤና"]


@given(st.lists(st.sampled_from(SPOKEN), max_size=9))
def test_what_was_read_before_changes_nothing(words):
    text = " ".join(words)
    assert analyse(text, FRESH) == analyse(text) == analyse(text)


def test_two_taggers_keep_their_readings_apart():
    nouns = train_tagger([[("we", "NOUN|SG", "we"), ("hear", "NOUN|SG", "hear"), ("music", "NOUN|SG", "music")]])
    assert [t.upos for t in analyse("we hear music", nouns)] == ["NOUN", "NOUN", "NOUN"]
    assert [t.upos for t in analyse("we hear music", english())] == ["PRON", "VERB", "NOUN"]


def test_a_verb_of_request_in_front_is_a_command_unless_it_governs_nothing():
    assert "IMP" in analyse("play music")[0].features and "IMP" in analyse("olly turn off the lights")[1].features
    assert analyse("play")[0].upos == "NOUN"


def test_tags_are_learnt_from_universal_dependencies():
    assert joint_tag("VERB", "Mood=Imp|VerbForm=Fin|Person=2") == "VERB|2;IMP"
    assert joint_tag("NOUN", "Number=Plur") == "NOUN|PL"
    assert joint_tag("ADJ", "Degree=Sup|Number=Sing") == "ADJ|SPRL"
    assert joint_tag("ADP", "_") == "ADP|"


def test_a_treebank_is_read_as_tagged_words_and_spoken_without_punctuation(tmp_path):
    rows = [(1, "Dogs", "dog", "NOUN", "Number=Plur"), (2, "bark", "bark", "VERB", "Tense=Pres"), (3, ".", ".", "PUNCT", "_")]
    lines = ["\t".join([str(i), form, lemma, upos, "_", feats, *"____"]) for i, form, lemma, upos, feats in rows]
    (tmp_path / "a.conllu").write_text("\n".join([*lines, "", ""]), encoding="utf-8")
    sentences = list(read_tagged([tmp_path / "a.conllu"]))
    assert [spoken(s) for s in sentences] == [[("Dogs", "NOUN|PL", "dog"), ("bark", "VERB|PRS", "bark")]]
    assert len(sentences[0]) == 3
