"""Letters of six languages of four scripts, of well-known others, and of one that nobody knows."""

import dataclasses
import sys
import unicodedata

import pytest

from lowres.collection import letters as module
from lowres.collection.letters import JOINERS, MARKS, OTHER, OWN, RARE, SCRIPT, SIGNS, TITLES, LetterGroup, alphabet_of, letters_of
from lowres.language import format_card, read_language
from lowres.text import nfc

BUNDLED = ["amh", "urd", "cym", "isl", "hye", "swh"]


def language(iso639_3: str, bcp47: str, script: str):
    """A card of that language; only codes and script count."""
    return dataclasses.replace(read_language("swh"), iso639_3=iso639_3, bcp47=bcp47, script=script, names={"english": iso639_3})


def text_of(groups: tuple[LetterGroup, ...], title: str) -> str:
    return " ".join(key.text for group in groups if group.title == title for key in group.letters)


@pytest.fixture
def without_package(monkeypatch):
    """As if gflanguages were not installed."""
    module._exemplars.cache_clear()
    monkeypatch.setitem(sys.modules, "gfmetadata", None)
    yield
    module._exemplars.cache_clear()


@pytest.mark.parametrize("code", BUNDLED)
def test_every_key_writes_one_thing_once_in_normal_form(code):
    groups = letters_of(read_language(code))
    keys = [key for group in groups for key in group.letters]
    assert groups and all(group.letters for group in groups)
    assert len({key.text for key in keys}) == len(keys)
    assert all(key.text == nfc(key.text) and key.upper == nfc(key.upper) and key.shown and key.name for key in keys)


@pytest.mark.parametrize("code", BUNDLED)
def test_titles_are_sentences_to_translate_or_the_first_letter_of_a_row(code):
    assert all(group.title in TITLES or group.title == group.letters[0].text for group in letters_of(read_language(code)))


@pytest.mark.parametrize(
    ("code", "own"),
    [
        ("isl", "á ð é í ó ú ý þ æ ö"),
        ("hye", "ա բ գ դ ե զ է ը թ ժ ի լ խ ծ կ հ ձ ղ ճ մ յ ն շ ո չ պ ջ ռ ս վ տ ր ց ւ փ ք օ ֆ և"),
        ("swh", ""),  # a usual keyboard has them all
    ],
)
def test_the_letters_that_a_keyboard_lacks_come_first_in_the_alphabets_order(code, own):
    groups = letters_of(read_language(code))
    assert text_of(groups, OWN) == own and groups[0].title == (OWN if own else OTHER)


def test_welsh_has_its_circumflexes_and_the_plain_letters_folded():
    groups = letters_of(read_language("cym"))
    assert set("âêîôûŵŷ") <= set(text_of(groups, OWN).split())
    assert {key.text: key.upper for key in groups[0].letters}["ŵ"] == "Ŵ"
    (plain,) = (group for group in groups if group.title == OTHER)
    assert not plain.open and "ch" not in text_of(groups, OTHER)  # two keys that are there already
    assert text_of(groups, MARKS) == ""  # every letter of Welsh with a mark is one


def test_urdu_has_all_letters_its_marks_on_a_circle_its_digits_and_the_joiners_by_name():
    groups = letters_of(read_language("urd"))
    own = text_of(groups, OWN).split()
    assert own[:5] == ["ا", "آ", "ب", "پ", "ت"] and {"ٹ", "ڈ", "ڑ", "ں", "ہ", "ھ", "ی", "ے", "ئ", "ؤ"} <= set(own)
    assert "ي" not in own and "ي" in text_of(groups, RARE).split()  # of Arabic
    marks = next(group for group in groups if group.title == MARKS)
    assert not marks.open and all(key.shown == f"◌{key.text}" for key in marks.letters)
    assert "arabic fatha" in [key.name for key in marks.letters]
    joiner = next(group for group in groups if group.title == JOINERS).letters[0]
    assert (joiner.text, joiner.shown, joiner.name) == ("\u200c", "ZWNJ", "zero width non-joiner")
    assert {"۔", "؟", "۵"} <= set(text_of(groups, SIGNS).split())


def test_amharic_syllables_are_in_folded_rows_by_consonant():
    groups = [group for group in letters_of(read_language("amh")) if group.title not in TITLES]
    rows = {group.title: [key.text for key in group.letters] for group in groups}
    assert list(rows)[:4] == ["ሀ", "ለ", "ሐ", "መ"] and len(rows) == 34
    assert rows["ለ"] == list("ለሉሊላሌልሎሏ") and rows["ሀ"] == list("ሀሁሂሃሄህሆ")
    assert rows["ቀ"][:7] == list("ቀቁቂቃቄቅቆ") and "ቋ" in rows["ቀ"]  # with w, beside its consonant
    assert not any(group.open for group in groups)


@pytest.mark.parametrize(
    ("asked", "title", "some"),
    [
        (("yor", "yo", "Latn"), OWN, ["ẹ", "ẹ́", "ọ̀", "ṣ"]),
        (("yor", "yo", "Latn"), MARKS, ["\u0301", "\u0300"]),
        (("fas", "fa", "Arab"), JOINERS, ["\u200c"]),
        (("hin", "hi", "Deva"), OWN, ["अ", "क", "ह"]),
        (("hin", "hi", "Deva"), MARKS, ["ा", "ि", "्"]),
        (("haw", "haw", "Latn"), OWN, ["ā", "ʻ"]),
        (("jpn", "ja", "Jpan"), OWN, ["あ", "ア"]),
        (("rus", "ru", "Cyrl"), OWN, ["а", "ё", "я"]),
    ],
)
def test_other_languages_have_theirs(asked, title, some):
    assert set(some) <= set(text_of(letters_of(language(*asked)), title).split())


def test_vowel_signs_stand_open():
    assert next(group for group in letters_of(language("hin", "hi", "Deva")) if group.title == MARKS).open


def test_turkish_capitals_keep_their_dots():
    keys = {key.text: key.upper for group in letters_of(language("tur", "tr", "Latn")) for key in group.letters}
    assert keys["i"] == "İ" and keys["ı"] == "I"
    assert not any("\u0307" in key for key in keys)


@pytest.mark.parametrize("asked", [("zho", "zh", "Hans"), ("kor", "ko", "Kore")])
def test_what_is_typed_with_an_input_method_has_no_keys(asked):
    keys = [key.text for group in letters_of(language(*asked)) for key in group.letters]
    assert not any(unicodedata.name(key).startswith(("CJK UNIFIED", "HANGUL")) for key in keys)
    assert alphabet_of(language(*asked)) == frozenset()


def write(folder, name, text):
    home = folder / "languages" / "qaa"
    home.mkdir(parents=True, exist_ok=True)
    (home / name).write_text(text, encoding="utf-8")


def test_an_unknown_language_has_the_letters_of_its_lexicon_texts_and_letters_then_those_of_its_script(tmp_path):
    unknown = language("qaa", "qaa", "Latn")
    write(tmp_path, "card.yaml", format_card(unknown))
    write(tmp_path, "lexicon.tsv", "source\ttarget\nhouse\tŋéla\nsun\tɓaŋi\n")
    write(tmp_path, "letters.tsv", "sh\tʃ\n")
    groups = letters_of(unknown, tmp_path, ["maðo да"])
    assert set(text_of(groups, OWN).split()) == {"é", "ŋ", "ɓ", "ʃ", "ð"}  # Cyrillic is not its script
    assert text_of(groups, OTHER) == "a i l m o"
    (rest,) = (group for group in groups if group.title == SCRIPT)
    assert not rest.open and "ŋ" not in text_of(groups, SCRIPT) and "ʒ" in text_of(groups, SCRIPT)
    assert alphabet_of(unknown, tmp_path) == frozenset()  # nobody said that these are all


@pytest.mark.parametrize("script", ["Latn", "Ethi", "Arab", "Hani", "Zzzz", "Nkoo", "Cher"])
def test_a_language_of_which_nothing_is_known_raises_nothing(tmp_path, script):
    groups = letters_of(language("qaa", "qaa", script), tmp_path)
    assert bool(groups) == (script not in ("Hani", "Zzzz"))
    assert sum(len(group.letters) for group in groups) <= 400


def test_without_the_package_letters_are_counted(without_package):
    icelandic = read_language("isl")
    assert set("ðþæö") <= set(text_of(letters_of(icelandic), OWN).split())
    assert alphabet_of(icelandic) == frozenset()


def test_an_alphabet_has_both_cases_and_what_the_lexicon_uses_but_no_letters_of_neighbours():
    assert set("ðÐþÞæÆ") <= alphabet_of(read_language("isl"))
    urdu = alphabet_of(read_language("urd"))
    assert {"ی", "ں", "ئ", "آ"} <= urdu and not {"ي", "ك", "ه"} & urdu


@pytest.mark.parametrize(("code", "locale"), [("amh", "am-ET"), ("cym", "cy-GB"), ("isl", "is-IS"), ("hye", "hy-AM")])
def test_the_alphabet_covers_what_speakers_wrote(mirror, code, locale):
    from lowres.formats.massive import read_massive
    from lowres.text import foreign_letters

    spoken, alphabet = read_language(code), alphabet_of(read_language(code))
    texts = [one.text for one in read_massive(mirror / "massive" / "compact" / f"{locale}.jsonl.gz") if one.partition == "dev"]
    odd = [one for text in texts for one in text if one.isalpha() and not one.isascii() and one not in alphabet]
    odd = [one for one in odd if not foreign_letters(one, spoken.script)]
    assert len(odd) <= 3, odd
