"""Numbers in words: English ones read, a language's own said by its table or by CLDR."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowres.errors import LowresError
from lowres.formats.massive import parse_annotation
from lowres.language import read_language
from lowres.numerals import Number, Numerals, find_numbers, numerals_of, read_number, read_numbers, spelt_by_cldr
from lowres.pair import read_pair
from lowres.utterance import Utterance


@pytest.mark.parametrize(
    ("text", "n_tokens", "value", "ordinal"),
    [
        ("five", 1, 5, False),
        ("twenty three", 2, 23, False),
        ("twenty-three", 1, 23, False),
        ("twenty third", 2, 23, True),
        ("twenty-third", 1, 23, True),
        ("third of may", 1, 3, True),
        ("one hundred and five dollars", 4, 105, False),
        ("hundred", 1, 100, False),
        ("thousand", 1, 1000, False),
        ("hundred and fifth", 3, 105, True),
        ("nine hundred and ninety nine f. m.", 5, 999, False),
        ("two thousand seventeen", 3, 2017, False),
        ("five hundred thousand", 3, 500_000, False),
        ("two million five hundred thousand and two", 7, 2_500_002, False),
        ("three hundred and", 2, 300, False),
        ("eight thirty", 1, 8, False),  # a time, or two numbers
        ("one two three", 1, 1, False),  # digits told one by one
        ("zero", 1, 0, False),
    ],
)
def test_english_numbers_are_read(text, n_tokens, value, ordinal):
    assert read_number(text.split()) == (n_tokens, Number(value, ordinal))


@pytest.mark.parametrize("text", ["", "and five", "a hundred", "five-star", "ninety-nine-five", "23", "hundreds", "-", "the first"])
def test_what_is_no_number_is_none(text):
    assert read_number(text.split()) == (0, None)


@settings(max_examples=200)
@given(st.integers(0, 999_999_999))
def test_every_number_that_cldr_spells_in_english_reads_back(value):
    said = spelt_by_cldr("en", value, ordinal=False).split()
    assert read_number(said) == (len(said), Number(value))


@given(st.lists(st.sampled_from("one five twenty hundred thousand million and third zero-five twenty-one x".split()), max_size=9))
def test_no_sequence_breaks_the_reader(forms):
    n_tokens, number = read_number(forms)
    assert 0 <= n_tokens <= len(forms) and (number is None) == (n_tokens == 0)


def test_a_number_stays_in_its_slot():
    text, slots = parse_annotation("set [time : twenty] [date : three] times twenty five", "here")
    pair = read_pair(Utterance(id="1", text=text, locale="en", slots=slots))
    assert find_numbers(pair) == [(1, 2, Number(20)), (2, 3, Number(3)), (4, 6, Number(25))]


# --- the language's own


@pytest.mark.parametrize(
    ("code", "value", "said"),
    [
        ("swh", 23, "ishirini na tatu"),
        ("swh", 1999, "elfu moja mia tisa na tisini na tisa"),
        ("isl", 21, "tuttugu og einn"),
        ("cym", 45, "pedwar deg pump"),
        ("hye", 110, "հարյուր տասը"),
        ("hye", 999, "ինը հարյուր իննսունինը"),
        ("urd", 250_000, "دو لاکھ پچاس ہزار"),
        ("urd", 99, "ننانوے"),
        ("amh", 17, "አስራ ሰባት"),
        ("amh", 2021, "ሁለት ሺህ ሃያ አንድ"),
    ],
)
def test_numbers_are_said_as_people_say_them(code, value, said):
    assert numerals_of(read_language(code)).say(Number(value)) == said


@pytest.mark.parametrize(
    ("code", "value", "said"),
    [("hye", 1, "առաջին"), ("hye", 21, "քսանմեկերորդ"), ("urd", 5, "پانچواں"), ("amh", 3, "ሶስተኛ")],
)
def test_ordinals_too_where_somebody_wrote_them(code, value, said):
    assert numerals_of(read_language(code)).say(Number(value, ordinal=True)) == said
    assert numerals_of(read_language("isl")).say(Number(value, ordinal=True)) == ""


@pytest.mark.parametrize("code", ["swh", "cym", "isl", "hye", "urd", "amh"])
def test_numbers_below_a_hundred_thousand_have_each_a_name_of_their_own(code):
    numerals = numerals_of(read_language(code))
    values = [*range(1200), *range(1200, 100_000, 977)]
    said = {numerals.say(Number(value)) for value in values}
    assert len(said) == len(values) and "" not in said


def test_a_language_that_nobody_wrote_down_has_none(tmp_path):
    from dataclasses import replace

    swahili = read_language("swh")
    assert numerals_of(replace(swahili, iso639_3="urd", bcp47="ur"), tmp_path) is not None  # by its table
    assert numerals_of(replace(swahili, script="Arab")) is None  # CLDR writes it in Latin letters
    assert numerals_of(replace(swahili, bcp47="qab")) is None


def written(folder, rows: str):
    path = folder / "numbers.tsv"
    path.write_text("value\tform\tmore\n" + rows, encoding="utf-8")
    return path


def test_a_table_in_a_few_rows(tmp_path):
    rows = "1\tun\t\n2\tdo\t\n10\tdek\t{rest} u dek\n20\t{times}dek\t\n100\t{times?} sto\t\nnth\t{}-na\t\n1st\tpri\t\n"
    numerals = read_numbers(written(tmp_path, rows))
    said = {value: numerals.say(Number(value)) for value in (1, 10, 12, 100, 101, 212, 20, 3)}
    assert said == {1: "un", 10: "dek", 12: "do u dek", 100: "sto", 101: "sto un", 212: "do sto do u dek", 20: "undek", 3: ""}
    assert numerals.say(Number(1, True)) == "pri" and numerals.say(Number(2, True)) == "do-na"
    assert numerals.say(Number(10**9)) == "" and Numerals().say(Number(3)) == ""


@pytest.mark.parametrize(
    ("rows", "part"),
    [
        ("one\tun\t\n", "2: value 'one'"),
        ("1\tun\t\n1\tunu\t\n", "3: value '1'"),
        ("1\t\t\n", "2: no form for '1'"),
        ("1\tun {tens}\t\n", "2: the pattern 'un {tens}'"),
        ("1\tun\t{rest\n", "the pattern"),
        ("nth\t{rest}\t\n", "2: the pattern '{rest}'"),
        ("2\tdo\t\n", "no row for 1"),
        ("-1\tun\t\n", "2: value '-1'"),
        ("1\tun {rest}\t\n", "2: the pattern 'un {rest}'; words and {times} and {times?}"),
        ("1\tun\t\n1st\t{}-a\t\n", "3: the pattern '{}-a'; words"),
        ("1\tun\t\n1st\tpri\t{rest}\n", "3: the pattern '{rest}'; words"),
        ("1\tun\t\n1st\tpri\t\n1st\tpra\t\n", "4: value '1st'"),
        ("1\tun\t\nnth\t{} {}\t\n", "3: value 'nth'; each once"),
        ("1\tun\t\nnth\tna\t\n", "3: value 'nth'"),
        ("1\tun\t\nnth\t{}a\t\nnth\t{}b\t\n", "4: value 'nth'"),
    ],
)
def test_a_table_that_cannot_be_read_is_one_line(tmp_path, rows, part):
    with pytest.raises(LowresError) as caught:
        read_numbers(written(tmp_path, rows))
    assert part in str(caught.value) and "\n" not in str(caught.value)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.integers(0, 2000), st.sampled_from(["a", "{times} a", "a {rest}", "{times?} {rest}"]), max_size=8), st.integers(0, 10**9))
def test_any_table_says_any_number_or_nothing(rows, value):
    numerals = Numerals({1: ("un", "un {rest}")} | {base: (form, f"{form} {{rest}}") for base, form in rows.items()})
    assert isinstance(numerals.say(Number(value)), str)
