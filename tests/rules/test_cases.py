"""Case, definiteness, possession and agreement in a made-up language."""

import random

import pytest

from lowres.pair import render
from lowres.rules.cases import agree, cases
from lowres.rules.grammar import drop_articles, inflect
from lowres.rules.lookup import look_up
from tests.rules.casing import pair_of, resources, rows, said

RULES = (look_up, cases, agree, drop_articles, inflect)


@pytest.mark.parametrize(
    ("text", "card", "expected"),
    [
        ("play the song", {}, "eleko velin"),
        ("play a song", {}, "eleko veli"),  # beside local cases only what is definite
        ("play a song", {"object": "ACC"}, "eleko velin"),
        ("play the song", {"object": ""}, "eleko veli"),
        ("play the song", {"object": "", "definite_object": "ACC"}, "eleko velin"),
        ("play the song in town", {}, "eleko velin kandumi"),
        ("play the song in town", {"prepositions": {"in": "ABL"}}, "eleko velin kandude"),
        ("play the song in town", {"prepositions": {"in": ""}}, "eleko velin ze kandu"),
        ("play the song in town", {"keep": ("in",)}, "eleko velin ze kandu"),
        ("play the song in town", {"keep": ("in",), "governed": "GEN"}, "eleko velin ze kanduro"),
        ("the song of the town", {}, "veli kanduro"),
        ("play songs from the town", {}, "eleko velisu kandude"),
        ("mother's house", {}, "mamaro dom"),
        ("mother's house", {"possessor": ""}, "mama dom"),
        ("in my house", {}, "domjimi"),
        ("in my house", {"possessive": "word"}, "ji dommi"),
        ("play two songs", {"counted": "SG"}, "eleko two veli"),
        ("play songs", {"counted": "SG"}, "eleko velisu"),
        ("play the song and the song", {}, "eleko velin and veli"),
        ("play the red song", {}, "eleko jusakan velin"),
        ("in the red town", {}, "jusakami kandumi"),
        ("in the red house", {}, "jusa dommi"),
        ("play the red song", {"agree": {}}, "eleko jusa velin"),
        ("play the red song", {"agree": {"ADJ": ("gender",)}}, "eleko jusaka velin"),
        ("tell me", {}, "ehalom"),
        ("in london", {}, "ze london"),  # a name has no form, so the preposition stays
        ("play songs tomorrow", {}, "eleko velisu tomorrow"),
    ],
)
def test_nouns_take_the_case_of_their_place_and_adjectives_agree(text, card, expected):
    assert said(text, resources(**card), *RULES) == expected


def test_a_table_with_core_cases_keeps_prepositions_and_says_what_stands_beside_them():
    core = {"N;NOM;SG": "", "N;ACC;SG": "n", "N;DAT;SG": "do"}
    assert said("play a song in town", resources(rows(nouns=core)), *RULES) == "eleko velin ze kandudo"


def test_without_nouns_in_the_table_nothing_changes():
    assert said("play the song in town", resources(rows(nouns={})), look_up, cases) == "leko the veli ze kandu"


def test_a_preposition_that_is_all_of_a_slot_stays():
    given = resources()
    pair = pair_of("play the song [where : in] town")
    for rule in RULES:
        pair = rule(pair, given, random.Random(1))
    assert " ".join(word.form for word in pair.words) == "eleko velin ze kandu"
    assert render(pair, id="1", locale="qaa").slots[0].name == "where"
    assert said("play [where : in town]", given, *RULES) == "eleko kandumi"
