"""SIB-200: labelled sentences, and the same as text."""

import pytest

from lowres.formats.sib200 import read_sib200, read_sib200_text
from tests.formats.samples import refusal, rows

TEXT = 'index_id\tcategory\ttext\n7\tsports\t"A ""fast"" run."\n8\ttravel\tGo, then.\n'


def test_the_category_is_the_intent(tmp_path):
    found = rows(read_sib200, tmp_path, TEXT, locale="en", partition="dev")
    assert [(one.id, one.intent, one.text) for one in found] == [
        ("7", "sports", 'A "fast" run.'),
        ("8", "travel", "Go, then."),
    ]
    assert {(one.locale, one.partition) for one in found} == {("en", "dev")}


def test_as_text_it_is_keyed_by_its_id(tmp_path):
    assert rows(read_sib200_text, tmp_path, TEXT) == [("7", 'A "fast" run.'), ("8", "Go, then.")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("index_id\tcategory\n", "a.tsv:1: no column 'text' in the header; columns index_id, category, text"),
        (TEXT + "9\tsports\n", "a.tsv:4: 2 columns; 3: index_id, category, text"),
        (TEXT + '9\tsports\t"open\n', "a.tsv:4: a cell that cannot be read (unexpected end of data)"),
        (TEXT + "9\tsports\t \n", "a.tsv:4: text ''"),
        (TEXT + "9\t\tsome text\n", "a.tsv:4: an empty intent"),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path, text, message):
    assert refusal(read_sib200, tmp_path, text).startswith(message)
