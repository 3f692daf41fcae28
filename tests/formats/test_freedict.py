"""FreeDict's TEI."""

import pytest

from lowres.formats.freedict import read_freedict
from lowres.lexicon import Entry
from tests.formats.samples import refusal, rows

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE TEI SYSTEM "x.dtd">\n<TEI><text><body>\n'
ENTRY = "<entry><form><orth>soma</orth></form><pos>v</pos><def>read</def><def>study &amp; learn</def></entry>\n"
TAIL = "</body></text></TEI>\n"


def test_definitions_are_ranked_by_place(tmp_path):
    assert rows(read_freedict, tmp_path, HEAD + ENTRY + TAIL) == [
        Entry("soma", "read", "VERB", 0),
        Entry("soma", "study & learn", "VERB", 1),
    ]


def test_entries_before_a_mistake_are_given(tmp_path):
    path = tmp_path / "a.tei"
    path.write_text(HEAD + ENTRY + "<", encoding="utf-8")
    assert next(read_freedict(path)).left == "soma"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD + ENTRY, "a.tsv:4: broken XML (no element found); a whole TEI file"),
        (HEAD + "<entry></form>", "a.tsv:4: broken XML (mismatched tag)"),
        (HEAD + TAIL, "a.tsv: no <entry>; a FreeDict TEI dictionary"),
        (
            '<!DOCTYPE a [\n<!ENTITY b "bbbb">\n]><a>&b;</a>',
            "a.tsv:2: an entity declaration; a TEI file without <!ENTITY",
        ),
        (HEAD + "<entry>&undeclared;</entry>" + TAIL, "a.tsv:4: broken XML (undefined entity &undeclared;)"),
        (HEAD + "<entry>&#0;</entry>" + TAIL, "a.tsv:4: broken XML (reference to invalid character number)"),
        ("not XML", "a.tsv:1: broken XML (syntax error)"),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path, text, message):
    assert refusal(read_freedict, tmp_path, text).startswith(message)


def test_deep_nesting_is_no_crash(tmp_path):
    deep = "<a>" * 50_000 + "</a>" * 50_000
    assert refusal(read_freedict, tmp_path, deep) == "a.tsv: no <entry>; a FreeDict TEI dictionary"
