"""Which bundle serves which features, and what a card declares that no table holds."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lowres.bundles import build_grammar, check_declared, describe
from lowres.errors import LowresError
from lowres.language import Features
from lowres.morphology import Inflection, build_paradigms, parse_features
from tests.rules.casing import resources, rows


def grammar_of(*bundles: str, **card):
    table = build_paradigms(Inflection("x", f"x{i}", parse_features(bundle)) for i, bundle in enumerate(bundles))
    return build_grammar(replace(resources().language, features=Features(**card)), table)


@pytest.mark.parametrize(
    ("atom", "wanted", "bundles", "expected"),
    [
        ("V", "IMP;2", ["V;IMP;2;PL", "V;IMP;2;SG", "V;NFIN"], "V;IMP;2;SG"),
        ("V", "IMP;2;FORM", ["V;IMP;2;SG", "V;IMP;2;SG;FORM"], "V;IMP;2;SG;FORM"),
        ("V", "IMP;2;FORM", ["V;IMP;2;SG", "V;NFIN"], "V;IMP;2;SG"),
        ("V", "PST;3;SG", ["V;PFV;3;SG;MASC", "V;IPFV;3;SG;MASC"], "V;PFV;3;SG;MASC"),
        ("V", "PRS;3;SG", ["V;IND;PRS;3;SG", "V;IND;PRS;3;SG;NEG"], "V;IND;PRS;3;SG"),
        ("V", "PRS;1;SG", ["V;IND;PRS;SG", "V;IND;PST;SG"], "V;IND;PRS;SG"),
        ("V", "NFIN", ["V.MSDR", "V;IMP;2"], "V.MSDR"),
        ("V", "V.PTCP;PST", ["V;IND;PST;3;SG"], ""),
        ("V", "SG", ["V;IND;PRS;3;SG"], ""),
        ("N", "PL", ["N;NOM;PL;PSS1S", "N;NOM;PL", "N;GEN;PL"], "N;NOM;PL"),
        ("N", "PL", ["N;NOM;PL;PSS1S", "N;GEN;PL"], ""),
        ("N", "SG;INDF", ["N;NOM;SG"], ""),
        ("N", "PL;PST", ["N;PL"], "N;PL"),
        ("ADJ", "FEM;SG", ["ADJ;FEM;SG", "N;FEM;SG"], "ADJ;FEM;SG"),
    ],
)
def test_the_nearest_bundle_without_what_nobody_asked_for(atom, wanted, bundles, expected):
    found = grammar_of(*bundles).bundles(atom, parse_features(wanted))
    assert (found[0] if found else frozenset()) == parse_features(expected)


def test_no_bundle_that_says_something_else_stands_in_for_the_best():
    listed = "V;IND;PRS;2;SG;DECL", "V;OBLIG;PRS;2;SG;DECL", "V;IND;PRS;2;SG;INT", "V;IND;PRS;2;SG;DECL;NOM"
    found = grammar_of(*listed).bundles("V", parse_features("PRS;2;SG"))
    assert found == (parse_features(listed[0]), parse_features(listed[3]))
    assert grammar_of(listed[1]).bundles("V", parse_features("PRS;2;SG")) == (parse_features(listed[1]),)


def test_a_command_is_to_the_second_person_where_the_card_says_no_other():
    asked = parse_features("IMP")
    assert grammar_of("V;IMP").verb(asked) == {"IMP", "2"}
    assert grammar_of("V;IMP", politeness="FORM").verb(asked) == {"IMP", "2", "FORM"}
    assert grammar_of("V;IMP", imperative="IMP;3", politeness="FORM").verb(asked) == {"IMP", "3"}


def test_prepositions_are_cases_where_the_table_has_local_ones():
    finnish = grammar_of("N;IN+ESS;SG", "N;IN+ABL;SG", "N;AT+ALL;SG", "N;GEN;SG")
    assert [finnish.case_of(one) for one in ("in", "from", "to", "of", "about")] == ["IN+ESS", "IN+ABL", "AT+ALL", "GEN", ""]
    german = grammar_of("N;NOM;SG", "N;DAT;SG", "N;GEN;SG", "N;ACC;SG")
    assert (german.case_of("in"), german.governed(), german.object(False)) == ("", "DAT", "ACC")
    assert "in IN+ESS" in describe(finnish) and "beside others: DAT" in describe(german)


def where(*key: str) -> str:
    return f"card.yaml:{len(key)}"


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ({"prepositions": {"in": "ALL"}}, r"card.yaml:3: features.prepositions.in: no table .* has ALL; the nearest: N;"),
        ({"imperative": "IMP;3"}, r"card.yaml:2: features.imperative: no table .* has IMP;3; the nearest: V;2;IMP;SG"),
        ({"object": "DAT"}, "features.object: no table"),
    ],
)
def test_a_bundle_that_no_table_holds_is_an_error_with_the_nearest(card, said):
    language = replace(resources().language, features=Features(**card))
    with pytest.raises(LowresError, match=said):
        check_declared(language, build_paradigms(rows()), where)
    check_declared(language, build_paradigms([]), where)  # without a table there is nothing to agree with


@pytest.mark.parametrize("seed", ["1", "2", "3", "4"])
def test_what_is_given_up_does_not_hang_on_the_order_of_sets(seed):
    """Two tenses asked for, a noun of two genders: in every process the same answer."""
    code = """if True:
        from dataclasses import replace
        from tests.rules.casing import resources
        from lowres.morphology import Inflection, Inflector, build_paradigms, parse_features
        from lowres.pair import make_word
        from lowres.rules.cases import gender
        rows = ["V;PRS", "V;PST", "V;FUT", "N;SG;FEM;MASC;NEUT"]
        table = build_paradigms(Inflection("x", f"x{i}", parse_features(one)) for i, one in enumerate(rows))
        made = replace(resources(), inflector=Inflector(table))
        found = made.grammar.bundles("V", parse_features("PRS;PST;FUT"))
        print(sorted(found[0]), *gender(make_word("x", "x", "NOUN", parse_features("SG"), (0,), "lexicon", "x"), made))"""
    paths = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[1])])
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "['PST', 'V'] FEM\n"
