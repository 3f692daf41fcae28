"""CoNLL-U, as sentences of words and as text."""

import pytest

from lowres.formats.conllu import TreebankWord, read_conllu, read_conllu_text
from tests.formats.samples import SAMPLES, refusal, rows

TEXT = SAMPLES["treebank", "conllu"]


def test_ranges_are_skipped(tmp_path):
    words = [TreebankWord("Wake", "wake", "VERB", "Mood=Imp"), TreebankWord("me", "I", "PRON", "_")]
    assert rows(read_conllu, tmp_path, TEXT) == [words]


def test_the_text_is_the_comment_else_the_words(tmp_path):
    bare = "".join(line for line in TEXT.splitlines(True) if not line.startswith("#"))
    assert rows(read_conllu_text, tmp_path, TEXT.replace("Wake me", "Wake me!") + bare) == [
        ("s1", "Wake me!"),
        ("2", "Wake me"),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1\tWake\twake", "a.tsv:1: 3 columns; 10 columns separated by tabs"),
        ("²" + "\tx" * 9, "a.tsv:1: '²\\tx"),
        ("1\t" + "\tx" * 8, "a.tsv:1: '1\\t\\tx"),
        ("1\ta\ta\tNOUM" + "\t_" * 6, "a.tsv:1: the part of speech 'NOUM'; one of ADJ, ADP"),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path, line, message):
    assert refusal(read_conllu, tmp_path, line).startswith(message)
