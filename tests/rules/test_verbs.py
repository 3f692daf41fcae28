"""Auxiliaries, negation, politeness and the subject's person in a made-up language."""

import pytest

from lowres.rules.grammar import inflect
from lowres.rules.lookup import look_up
from lowres.rules.verbs import auxiliaries, subject_person
from tests.rules.casing import _VERB, resources, rows, said

RULES = (look_up, auxiliaries, subject_person, inflect)
POSITIVE = {bundle: ending for bundle, ending in _VERB.items() if "NEG" not in bundle}


@pytest.mark.parametrize(
    ("text", "card", "expected"),
    [
        ("i see", {}, "mi vidom"),
        ("they see", {}, "lo vidost"),
        ("will she see", {}, "la vidoras"),
        ("does she see", {}, "la vidos"),
        ("is she playing", {}, "la lekos"),
        ("did she see", {}, "la vidokus"),
        ("i have to see", {}, "mi have vidota"),  # no perfect
        ("is she , playing songs", {}, "is la , lekota velisu"),  # a verb of another clause
        ("i see what plays", {}, "mi vidom what lekos"),  # a subject has one verb
        ("play songs", {}, "eleko velisu"),
        ("play songs", {"politeness": "FORM"}, "elekona velisu"),
        ("play songs", {"imperative": "NFIN"}, "lekota velisu"),
        ("play songs", {"imperative": ""}, "leko velisu"),
        ("i see", {"present": "FUT"}, "mi vidoram"),
    ],
)
def test_auxiliaries_become_features_of_the_verb(text, card, expected):
    assert said(text, resources(**card), *RULES) == expected


def test_a_negative_form_takes_the_place_of_not_and_else_the_word_stays():
    assert said("she does not see", resources(), *RULES) == "la vidosnos"
    assert said("she doesn't see", resources(rows(verbs=POSITIVE)), *RULES) == "la no vidos"
    assert said("she does not see", resources(rows(verbs=POSITIVE)), *RULES) == "la no vidos"
    assert said("she does not see", resources(negation=""), *RULES) == "la no vidos"


def test_without_a_table_only_do_goes():
    assert said("will she see", resources([]), *RULES) == "will la vido"
    assert said("does she see", resources([]), *RULES) == "la vido"
