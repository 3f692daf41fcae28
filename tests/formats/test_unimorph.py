"""UniMorph's and SIGMORPHON's tables."""

import pytest

from lowres.formats.unimorph import read_sigmorphon, read_unimorph
from lowres.morphology import Inflection
from tests.formats.samples import refusal, rows

CELL = Inflection("soma", "nilisoma", frozenset({"V", "PST", "1", "SG"}))


def test_three_columns_and_four_are_read(tmp_path):
    assert rows(read_unimorph, tmp_path, "soma\tnilisoma\tV;PST;1;SG\n\nsoma\tnilisoma\tV;1;SG;PST\tsource\n") == [
        CELL,
        CELL,
    ]


def test_the_shared_task_has_features_before_the_form(tmp_path):
    assert rows(read_sigmorphon, tmp_path, "soma\tV;PST;1;SG\tnilisoma\n") == [CELL]


@pytest.mark.parametrize(
    ("reader", "line", "message"),
    [
        (read_unimorph, "soma\tV;PST", "a.tsv:1: 2 columns; 3 or 4 columns separated by tabs"),
        (read_sigmorphon, "a\tV\tb\tc", "a.tsv:1: 4 columns; 3 columns separated by tabs"),
        (
            read_unimorph,
            "soma\tnilisoma\t;",
            "a.tsv:1: lemma 'soma', form 'nilisoma', features ';'; a lemma, a form and",
        ),
        (read_unimorph, "soma\t\tV;PST", "a.tsv:1: lemma 'soma', form ''"),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path, reader, line, message):
    assert refusal(reader, tmp_path, line).startswith(message)
