"""A user's own TSV or CSV of utterances, entries and text; published tables with a header."""

import pytest

from lowres.formats.pairs import read_table
from lowres.formats.tables import read_bitext, read_columns, read_counted, read_text_table, read_utterance_table
from lowres.lexicon import Entry
from lowres.utterance import Slot
from tests.formats.samples import refusal, rows


def test_annotated_utterances(tmp_path):
    text = "id\tannotated\tintent\tpartition\na\tat [time : five]\talarm\ttest\nb\tstop\tstop\t\n"
    found = rows(read_utterance_table, tmp_path, text, locale="sw-KE", partition="train")
    assert [(one.id, one.text, one.partition) for one in found] == [("a", "at five", "test"), ("b", "stop", "train")]
    assert found[0].slots == (Slot(name="time", start=3, end=7),)
    assert found[0].locale == "sw-KE"


def test_plain_utterances_are_numbered_by_their_line(tmp_path):
    found = rows(read_utterance_table, tmp_path, 'text,intent\n"stop, please",stop\n', "a.csv")
    assert [(one.id, one.text, one.intent, one.partition) for one in found] == [("2", "stop, please", "stop", None)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("text\nstop\n", "a.tsv:1: no column 'intent' in the header; columns intent and perhaps id, text, annotated"),
        ("id\tintent\na\tb\n", "a.tsv:1: the header id, intent; a column 'text' or a column 'annotated'"),
        ("text\tannotated\tintent\na\ta\tb\n", "a.tsv:1: the header text, annotated, intent; a column 'text' or"),
        ("text\tintnet\tintent\n", "a.tsv:1: unknown column 'intnet'; did you mean 'intent'?"),
        ("text\ttext\tintent\n", "a.tsv:1: the column 'text' twice"),
        ("text\tintent\nstop\n", "a.tsv:2: 1 columns; 2: text, intent"),
        ("text\tintent\nstop\t \n", "a.tsv:2: an empty intent; the intent's name"),
        ("text\tintent\n \tstop\n", "a.tsv:2: text ''"),
        (
            "annotated\tintent\nat [time : five\ta\n",
            "a.tsv:2: a bracket that does not close or open in 'at [time : five'; [slot",
        ),
        ("text\tintent\tpartition\na\tb\tvalid\n", "a.tsv:2: partition 'valid'; train, dev or test"),
        ("id\ttext\tintent\n1\ta\tb\n1\tc\td\n", "a.tsv:3: the id '1' again; each id once"),
    ],
)
def test_mistakes_in_utterances_are_named_with_their_line(tmp_path, text, message):
    assert refusal(read_utterance_table, tmp_path, text).startswith(message)


def test_a_lexicon_with_parts_of_speech(tmp_path):
    text = "source,target,upos\nbook,kitabu,noun\nbook,agiza,VERB\nto,kwa,\n"
    expected = [Entry("book", "kitabu", "NOUN", 0), Entry("book", "agiza", "VERB", 0), Entry("to", "kwa", "", 0)]
    assert rows(read_table, tmp_path, text, "a.csv") == expected


def test_quotation_marks_are_characters_in_tsv(tmp_path):
    assert rows(read_table, tmp_path, 'source\ttarget\n"hi\thujambo\n') == [Entry('"hi', "hujambo")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("book\nread\n", "a.csv:1: no column 'source' in the header; columns source, target and perhaps upos"),
        ("source,target\nbook\n", "a.csv:2: 1 columns; 2: source, target"),
        ("source,target,upos\nbook,kitabu,thing\n", "a.csv:2: the part of speech 'thing'; one of ADJ, ADP"),
        ('source,target\n"a"b,c\n', "a.csv:2: a cell that cannot be read ("),
        (
            "source,target\n" + "a" * 140_000 + ",b\n",
            "a.csv:2: a cell that cannot be read (field larger than field limit",
        ),
    ],
)
def test_mistakes_in_a_lexicon_are_named_with_their_line(tmp_path, text, message):
    assert refusal(read_table, tmp_path, text, "a.csv").startswith(message)


def test_text(tmp_path):
    assert rows(read_text_table, tmp_path, "id\ttext\na\tHabari.\n\tKaribu.\nb\t \n") == [
        ("a", "Habari."),
        ("3", "Karibu."),
    ]
    assert refusal(read_text_table, tmp_path, "id\nb\n").startswith("a.tsv:1: no column 'text' in the header")


def test_counted_sentences(tmp_path):
    assert rows(read_counted, tmp_path, 'sentence,count\n"Ndiyo, bwana.",12\n', "a.csv") == [("12", "Ndiyo, bwana.")]


@pytest.mark.parametrize("count", ["", "-1", "1.5", "²", "٣", "9" * 5000])
def test_a_count_is_a_whole_number(tmp_path, count):
    assert refusal(read_counted, tmp_path, f"sentence,count\nHey.,{count}\n", "a.csv").startswith("a.csv:2: count '")


def test_bitext_has_two_columns(tmp_path):
    assert rows(read_bitext, tmp_path, 'en\tswa\n"He said ""no""."\tAlisema hapana.\n') == [
        ("2", 'He said "no".', "Alisema hapana.")
    ]
    assert refusal(read_bitext, tmp_path, "en\tswa\tyor\na\tb\tc\n").startswith("a.tsv:2: 3 columns; two, named after")


def test_columns_of_a_published_table(tmp_path):
    assert rows(read_columns, tmp_path, "code\tname\nswh\tSwahili\nyor\t\n")[1] == {"code": "yor", "name": ""}
