"""The built-in rules one by one, and how a recipe's names find theirs."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from lowres.errors import LowresError
from lowres.formats.massive import parse_annotation
from lowres.language import read_language, read_letters
from lowres.lexicon import Entry, SourcedEntry, build_lexicon
from lowres.morphology import Inflection, Inflector, build_paradigms, parse_features
from lowres.pair import Pair, Word, read_pair
from lowres.rules import BUILT_IN, Resources, load_rules, look_up, module_paths, module_rules, transliterated
from lowres.rules.grammar import conjugated, drop_articles, drop_function_words, inflect, order
from lowres.rules.script import transliterate
from lowres.rules.verbs import subject_person
from lowres.utterance import Utterance

TOY = Path(__file__).parent / "fixtures" / "qaa"
CELLS = [
    ("leko", "eleko", "V;IMP;2"),
    ("leko", "nileko", "V;PRS;1;SG"),
    ("leko", "lekiku", "V;PST"),
    ("veli", "velisu", "N;PL"),
    ("jusa", "jusasu", "ADJ;PL"),
]


def resources_of(*rows: tuple[str, ...]) -> Resources:
    """The toy language with entries (source, target[, upos]) and a small table."""
    entries = [
        SourcedEntry(Entry(source, target, "".join(upos), i), "lexicon")
        for i, (source, target, *upos) in enumerate(rows)
    ]
    table = build_paradigms(Inflection(lemma, form, parse_features(bundle)) for lemma, form, bundle in CELLS)
    return Resources(read_language("qaa", TOY), build_lexicon(entries), Inflector(table), read_letters("qaa", TOY))


def pair_of(annotated: str) -> Pair:
    text, slots = parse_annotation(annotated, "here")
    return read_pair(Utterance(id="1", text=text, locale="en", slots=slots))


def forms(annotated: str, resources: Resources, *rules) -> str:
    pair = pair_of(annotated)
    for rule in rules:
        pair = rule(pair, resources, random.Random(1))
    return " ".join(word.form for word in pair.words)


# --- look_up


@pytest.mark.parametrize(
    ("text", "rows", "expected"),
    [
        (
            "set an alarm clock",
            [("alarm", "gonto"), ("alarm clock", "gontora"), ("set an alarm clock", "tipogon")],
            "tipogon",
        ),
        ("set an alarm clock", [("alarm", "gonto"), ("alarm clock", "gontora")], "set an gontora"),
        ("play songs", [("song", "veli")], "play veli"),
        ("play songs", [("songs", "velisu"), ("song", "veli")], "play velisu"),
        ("Play THE song", [("play", "leko"), ("the", "na")], "leko na song"),
        ("turn the light off", [("turn off", "dulo", "VERB"), ("light", "firo")], "dulo the firo"),
        ("turn off the light", [("turn off", "dulo", "VERB"), ("turn", "gira")], "dulo the light"),
        ("turn the light off", [("turn", "gira"), ("off", "ze")], "gira the light ze"),
        ("book a restaurant", [("book", "kitabu", "NOUN"), ("book", "agiza", "VERB")], "agiza a restaurant"),
        ("x", [], "x"),
    ],
)
def test_the_longest_phrase_is_looked_up_by_form_lemma_and_part_of_speech(text, rows, expected):
    assert forms(text, resources_of(*rows), look_up) == expected


def test_a_separated_verb_renders_both_its_words():
    word = look_up(pair_of("turn the light off"), resources_of(("turn off", "dulo", "VERB")), random.Random(1)).words[0]
    assert (word.form, word.source, word.gloss, word.origin) == ("dulo", (0, 3), "turn off", "lexicon")


def test_a_particle_in_another_slot_is_not_its_verbs():
    resources = resources_of(("turn off", "dulo", "VERB"), ("turn", "gira", "VERB"))
    assert forms("turn it [place : off]", resources, look_up) == "gira it off"


def test_names_in_slots_are_translated_only_by_names():
    resources = resources_of(("london", "londo", "PROPN"), ("paris", "kandu", "NOUN"), ("oslo", "osulo"))
    text = "in [place : London] or [place : Paris] or [place : Oslo]"
    assert forms(text, resources, look_up) == "in londo or Paris or osulo"


def test_the_choice_is_the_rngs():
    resources = resources_of(("song", "veli"), ("song", "vilo"))
    first = {look_up(pair_of("song"), resources, random.Random(seed)).words[0].form for seed in range(20)}
    assert first == {"veli", "vilo"}


# --- the others


def test_words_are_inflected_from_the_table_with_all_features_or_the_core_ones():
    resources = resources_of(("play", "leko", "VERB"), ("song", "veli", "NOUN"))
    found = inflect(look_up(pair_of("play the songs"), resources, random.Random(1)), resources, random.Random(1))
    said = [(word.form, word.lemma, word.origin) for word in found.words]
    assert said == [("eleko", "leko", "paradigm:table"), ("the", "the", "copy"), ("velisu", "veli", "paradigm:table")]


def test_copied_words_and_words_without_features_stay():
    resources = resources_of(("new", "jusa", "ADJ"))
    assert forms("leko veli new", resources, look_up, inflect) == "leko veli jusa"


def test_a_verb_agrees_with_the_pronoun_before_it():
    resources = resources_of(("play", "leko", "VERB"), ("i", "ni", "PRON"))
    assert forms("i play", resources, look_up, subject_person, inflect) == "ni nileko"
    pair = subject_person(pair_of("they said it"), resources, random.Random(1))
    assert {"3", "PL"} <= pair.words[1].features and "SG" not in pair.words[1].features


def test_commands_have_no_subject_before_them():
    pair = pair_of("you")
    told = replace(pair_of("stop").words[0], source=(0,))
    assert "IMP" in told.features
    both = pair.with_words([pair.words[0], told])
    assert subject_person(both, resources_of(), random.Random(1)).words[1] == told


def test_articles_are_left_out_and_nothing_else():
    assert forms("the dog and a cat saw an owl", resources_of(), drop_articles) == "dog and cat saw owl"
    assert forms("the", resources_of(("the dog", "x")), look_up, drop_articles) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("play the song from me", "leko song"),
        ("[place : from london]", "london"),
        ("play [place : this]", "leko this"),  # all of a slot
        ("is it", ""),
    ],
)
def test_function_words_that_nothing_renders_are_left_out(text, expected):
    assert forms(text, resources_of(("play", "leko")), look_up, drop_function_words) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("play [movie : The Gift]", "leko The Gift"),
        ("play [movie : the gift]", "leko zawo"),
        ("Play [movie : Song of Song]", "leko Song Song"),
        ("Play [food : a Song]", "leko veli"),  # one capital may be anybody's habit
        ("Gift", "zawo"),
        ("play the Gift", "leko zawo"),  # in no slot
        ("[movie : Gift]", "zawo"),  # a sentence begins with a capital
    ],
)
def test_a_title_is_kept_in_the_slot_that_it_fills(text, expected):
    known = resources_of(("play", "leko"), ("gift", "zawo", "NOUN"), ("song", "veli", "NOUN"))
    assert forms(text, known, look_up, drop_function_words) == expected


def test_function_words_that_are_rendered_stay():
    known = resources_of(("play", "leko"), ("from", "ze"), ("me", "ne"))
    assert forms("play songs from me", known, look_up, drop_function_words) == "leko songs ze ne"
    pair = look_up(pair_of("play songs"), known, random.Random(1))
    assert drop_function_words(pair, known, random.Random(1)) is pair


def test_order_is_the_cards():
    assert forms("play the new song", resources_of(), order) == "the song new play"


@pytest.mark.parametrize(
    ("word", "expected"),
    [("quito", "kuito"), ("phoenix", "foeniks"), ("yale", "ial"), ("max", "maks"), ("e", ""), ("oslo", "oslo")],
)
def test_letters_are_spelt_the_longest_first(word, expected):
    assert transliterated(word, read_letters("qaa", TOY)) == expected


def test_only_copied_words_are_spelt_anew():
    resources = resources_of(("song", "xoc"))
    pair = transliterate(look_up(pair_of("song max oslo"), resources, random.Random(1)), resources, random.Random(1))
    assert [(word.form, word.origin) for word in pair.words] == [
        ("xoc", "lexicon"),
        ("maks", "rule:transliterate"),
        ("oslo", "copy"),
    ]
    assert transliterate(pair, Resources(resources.language), random.Random(1)) is pair


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_rule_returns_a_new_pair_and_draws_only_from_its_rng(name):
    resources = resources_of(("play", "leko", "VERB"), ("play", "lika", "VERB"), ("new", "jusa", "ADJ"))
    pair = pair_of("i play the new [song : max song] songs")
    state = random.getstate()
    first, second = (BUILT_IN[name](pair, resources, random.Random(5)) for _ in range(2))
    assert first == second and random.getstate() == state and pair == pair_of("i play the new [song : max song] songs")
    assert BUILT_IN[name].__doc__


# --- names


def test_names_find_built_in_rules_and_those_of_a_languages_file():
    rules = load_rules(["look_up", "qaa.polite"], TOY)
    assert rules[0] is look_up and rules[1] is module_rules(TOY / "qaa.py")["qaa.polite"]
    assert set(module_rules(TOY / "qaa.py")) == {"qaa.polite", "qaa.clock"}  # nothing imported, nothing private
    assert module_paths(["look_up", "qaa.polite", "qaa.clock", "xyz.a"], TOY) == [TOY / "qaa.py"]


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("look_upp", "did you mean 'look_up'?"),
        ("qaa.polit", "did you mean 'qaa.polite'?"),
        ("qaa.Clock", "did you mean 'qaa.clock'?"),
        ("", "allowed: "),
        ("xyz.polite", ""),
        ("qaa.random", ""),
        ("qaa.", ""),
        (".", ""),
    ],
)
def test_a_name_that_is_no_rule_is_told_the_nearest(name, allowed):
    with pytest.raises(LowresError) as caught:
        load_rules([name], TOY, "recipe.yaml:7")
    assert str(caught.value).startswith(f"recipe.yaml:7: no rule '{name}'") and allowed in str(caught.value)


@pytest.mark.parametrize("text", ["def", "import nothing_like_this", "1 / 0", "raise SystemError('x')"])
def test_a_file_that_cannot_be_imported_is_one_line(tmp_path, text):
    (tmp_path / "abc.py").write_text(text)
    with pytest.raises(LowresError, match=r"abc\.py: .*; a Python file that can be imported") as caught:
        load_rules(["abc.rule"], tmp_path)
    assert "\n" not in str(caught.value)


def test_a_verb_with_a_particle_takes_the_tables_form_and_keeps_it():
    told = conjugated(Word(form="leko su", lemma="leko su", upos="VERB"), resources_of(), "PST")
    assert (told.form, told.origin) == ("lekiku su", "paradigm:table")
    other = Word(form="leko su", lemma="leko su", upos="VERB")
    assert conjugated(other, resources_of(), "FUT") is other
