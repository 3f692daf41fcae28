"""Bilingual lexicons line by line."""

import pytest

from lowres.formats.pairs import read_apertium, read_gatitos, read_pairs, read_wiktionary
from lowres.lexicon import Entry
from tests.formats.samples import refusal, rows


def test_pairs_are_ranked_by_place(tmp_path):
    found = rows(read_pairs, tmp_path, "book kitabu\nbook\tbuku ndogo\nread \n")
    assert found == [Entry("book", "kitabu", "", 0), Entry("book", "buku ndogo", "", 1)]


def test_gatitos_has_one_translation_or_more_and_control_characters_are_dropped(tmp_path):
    assert rows(read_gatitos, tmp_path, "book\tkit\x02abu\tbuku\n") == [
        Entry("book", "kitabu", "", 0),
        Entry("book", "buku", "", 1),
    ]


def test_parts_of_speech_become_ud_tags(tmp_path):
    assert rows(read_wiktionary, tmp_path, "kitabu\tnoun\tbook\n") == [Entry("kitabu", "book", "NOUN")]
    assert rows(read_apertium, tmp_path, "llyfr\tn.m\tbook\tn\tLR\n") == [Entry("llyfr", "book", "NOUN")]


@pytest.mark.parametrize(
    ("reader", "line", "message"),
    [
        (read_pairs, "book", "a.tsv:2: 'book'; two columns, separated by tabs"),
        (read_pairs, "a\tb\tc", "a.tsv:2: 'a\\tb\\tc'; two columns"),
        (read_gatitos, "book", "a.tsv:2: 'book'; English and its translations, separated by tabs"),
        (read_wiktionary, "kitabu\tbook", "a.tsv:2: 'kitabu\\tbook'; headword, part of speech, gloss"),
        (read_apertium, "a\tn\tb", "a.tsv:2: 'a\\tn\\tb'; left, tags, right, tags, direction"),
    ],
)
def test_a_lexicon_with_too_few_columns_is_refused(tmp_path, reader, line, message):
    assert refusal(reader, tmp_path, f"\n{line}\n").startswith(message)
