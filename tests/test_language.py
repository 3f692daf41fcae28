"""Language cards: the bundled ones, what a locale tag means, and what a wrong card is told."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lowres.entities import read_local_names
from lowres.errors import LowresError
from lowres.language import beside_card, card_path, format_card, language_of_locale, macrolanguages, read_card, read_language
from lowres.resources import resources_folder

CARDS = sorted(resources_folder().glob("languages/*/card.yaml"))
CODES = [path.parent.name for path in CARDS]


@pytest.fixture
def card(tmp_path):
    """A copy of the Swahili card; `write(old, new)` changes it and returns its path."""
    path = tmp_path / "languages" / "swh" / "card.yaml"
    path.parent.mkdir(parents=True)
    text = card_path("swh", tmp_path).read_text(encoding="utf-8")

    def write(old: str, new: str):
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return write


def test_the_development_languages_have_cards():
    assert {"amh", "cym", "eng", "hye", "isl", "swh", "urd"} <= set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_every_bundled_card_is_read(code):
    language = read_language(code)
    assert language.iso639_3 == code and language.name and language.names["endonym"]
    assert (language.direction == "rtl") == (language.script in ("Arab", "Hebr"))


@pytest.mark.parametrize("code", CODES)
def test_a_card_survives_formatting(code, tmp_path):
    language = read_language(code)
    path = tmp_path / code / "card.yaml"
    path.parent.mkdir()
    path.write_text(format_card(language), encoding="utf-8")
    assert read_card(path) == language


def test_what_the_cards_say_of_word_order():
    swh, urd, cym = (read_language(code).typology for code in ("swh", "urd", "cym"))
    assert (swh.word_order, swh.adjective, swh.numeral) == ("SVO", "after", "after")
    assert (urd.word_order, urd.adposition) == ("SOV", "postposition")
    assert cym.word_order == "VSO"


def test_a_card_of_ones_own_comes_first(card, tmp_path):
    card("Kiswahili", "Lugha")
    assert read_language("sw-KE", tmp_path).names["endonym"] == "Lugha"
    assert read_language("cym", tmp_path) == read_language("cym")


def test_a_file_of_ones_own_counts_without_a_card_and_a_card_of_ones_own_brings_no_bundled_file(card, tmp_path):
    bundled = beside_card("entities.tsv", "swh", tmp_path)
    assert bundled and bundled.parent == card_path("swh", tmp_path).parent == resources_folder() / "languages" / "swh"
    own = tmp_path / "languages" / "swh" / "entities.tsv"
    own.write_text("kind\tname\nplace\tLamu\n", encoding="utf-8")
    assert beside_card("entities.tsv", "swh", tmp_path) == own
    assert read_local_names(read_language("swh", tmp_path), tmp_path)["place_name"][0].name == "Lamu"
    own.unlink()
    card("script: Latn", "script: Arab")
    assert beside_card("entities.tsv", "swh", tmp_path) is None and not read_local_names(read_language("swh", tmp_path), tmp_path)


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("sw-KE", "swh"), ("sw", "swh"), ("sw-CD", "swc"), ("swh", "swh"), ("cy-GB", "cym"), ("is-IS", "isl"),
        ("hy-AM", "hye"), ("ur-PK", "urd"), ("am-ET", "amh"), ("en-US", "eng"), ("zh-CN", "cmn"), ("nb-NO", "nob"),
        ("no", "nob"), ("ms-MY", "zsm"), ("az-IR", "azb"), ("yo", "yor"), ("kaz", "kaz"),
    ],
)  # fmt: skip
def test_a_locale_means_one_individual_language(tag, code):
    assert language_of_locale(tag) == code


def test_a_macrolanguage_is_refused_and_its_usual_member_named():
    with pytest.raises(LowresError, match=r"^language swa: a macrolanguage, it covers swc, swh; .*swh$"):
        language_of_locale("swa")


@pytest.mark.parametrize("code", sorted(macrolanguages()))
def test_the_table_of_macrolanguages_agrees_with_itself(code):
    entry = macrolanguages()[code]
    named = {*entry.get("regions", {}).values(), *filter(None, [entry.get("usual")])}
    assert len(entry["members"]) > 1 and named <= set(entry["members"])
    with pytest.raises(LowresError, match="macrolanguage"):
        language_of_locale(code)


@pytest.mark.parametrize(("tag", "said"), [("welsh", "did you mean 'cym'"), ("zzz", "such as|ISO 639-3"), ("", "BCP 47")])
def test_an_unknown_code_is_refused_with_a_suggestion(tag, said):
    with pytest.raises(LowresError, match=f"no such language code; .*({said})"):
        language_of_locale(tag)


@given(st.text(max_size=12))
@example("\x0000\x80")
def test_any_tag_is_a_language_or_a_one_line_error(tag):
    try:
        assert re.fullmatch("[a-z]{3}", language_of_locale(tag))
    except LowresError as error:
        assert "\n" not in str(error)


def test_a_language_without_a_card_names_the_way_to_one():
    with pytest.raises(LowresError, match="language yor: no card; .*lowres new yor"):
        read_language("yor")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("script: Latn", "script: Latin", r"card.yaml:6: script: no script 'Latin'; .*Latn"),
        ("script: Latn", "script: Qqqq", r"card.yaml:6: script: no script 'Qqqq'"),
        ("script: Latn", "scrpt: Latn", r"card.yaml:6: unknown key 'scrpt'; did you mean 'script'\?"),
        ("script: Latn", "script: Latn\nvowels: 5", r"card.yaml:7: unknown key 'vowels'; allowed: bcp47"),
        ("adjective: after", "adjectiv: after", r"card.yaml:10: unknown key .*adjectiv'; did you mean 'adjective'\?"),
        ("adjective: after", "adjective: behind", r"card.yaml:10: typology.adjective: 'behind'; one of before, after"),
        ("swah1253", "swahili", r"card.yaml:4: glottocode: 'swahili'; such as swah1253"),
        ("iso639_3: swh", "iso639_3: swa", r"card.yaml:2: iso639_3: swa: a macrolanguage.*; an individual language"),
        ("iso639_3: swh", "iso639_3: zzz", r"card.yaml:2: iso639_3: zzz: no such language code"),
        ("bcp47: sw", "bcp47: cy", r"card.yaml:3: bcp47: cy means cym; the tag of swh"),
        ("direction: ltr", "direction: left", r"card.yaml:7: direction: 'left'; one of ltr, rtl"),
        ("english: Swahili, ", "", r"card.yaml:5: names: no English name; english: and endonym:"),
        ("endonym:", "endonim:", r"card.yaml:5: unknown key 'names.endonim'; did you mean 'endonym'\?"),
        ("script: Latn\n", "", r"card.yaml:2: .*the key 'script' is missing"),
        ("numeral: after", "numeral: [after]", r"card.yaml:13: typology.numeral: \['after'\]"),
    ],
)
def test_a_wrong_card_is_told_where_and_what_is_allowed(card, old, new, said):
    with pytest.raises(LowresError, match=said) as refused:
        read_card(card(old, new))
    assert "\n" not in str(refused.value)


def test_a_card_in_a_folder_of_another_language_is_refused(card):
    path = card("swh", "swc")
    path.write_text(path.read_text(encoding="utf-8").replace("bcp47: sw", "bcp47: swc"), encoding="utf-8")
    with pytest.raises(LowresError, match="iso639_3: swc in a folder swh"):
        read_card(path)


LAST = "  demonstrative: after\n"
FEATURES = f"{LAST}features:\n  prepositions: {{in: LOC}}\n  imperative: IMP;2;SG\n  agree: {{ADJ: [number, case]}}\n"


def test_a_card_declares_features_and_is_written_without_what_goes_without_saying(card):
    language = read_card(card(LAST, FEATURES))
    assert language.features.prepositions == {"in": "LOC"} and language.features.agree == {"ADJ": ("number", "case")}
    text = format_card(language)
    assert "imperative: IMP;2;SG" in text.replace('"', "") and "politeness" not in text and "oblique" not in text
    assert "features" not in format_card(read_language("swh")).split("typology")[1]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("in: LOC", "in: LOCC", r"card.yaml:16: features.prepositions.in: no feature 'LOCC'.*did you mean 'LOC'"),
        ("IMP;2;SG", "IMP;2;SIN", r"card.yaml:17: features.imperative: no feature 'SIN' in UniMorph's schema"),
        ("[number, case]", "[numbr]", r"card.yaml:18: features.agree.ADJ: no dimension 'numbr'; did you mean 'number'"),
        ("imperative:", "imperativ:", r"card.yaml:17: unknown key 'features.imperativ'; did you mean 'imperative'"),
        ("demonstrative: after", "demonstrative: left", r"typology.demonstrative: 'left'; one of before, after"),
    ],
)
def test_features_that_the_schema_lacks_are_refused_with_the_line(card, old, new, said):
    with pytest.raises(LowresError, match=said):
        read_card(card(LAST, FEATURES.replace(old, new)))
