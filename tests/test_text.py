"""Characters and words: spans, clusters, matching keys and normal form, on text of any script."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lowres.text import fold, foreign_letters, graphemes, join_syllables, nfc, split_syllables, word_spans, words

LETTERS = "፡abÉ ñ'’ʼ7.,-\u0301\u200d\u200c  \n\t\u00a0\u3000ጤናሰላም漢字かなカナไทยที่ລາວខ្មែរမြန်မာབོད་اردوہے\u064eहिन्दी👩‍👩‍👧🇰🇪İßſςﬁ"
ANY = st.text(max_size=40) | st.text(st.sampled_from(LETTERS), max_size=40)


@given(ANY)
def test_spans_cover_every_character_that_is_no_space(text):
    spans = word_spans(text)
    covered = [i for start, end in spans for i in range(start, end)]
    left_out = set(range(len(text))) - set(covered)
    assert covered == sorted(set(covered)) and all(start < end for start, end in spans)
    # \x1c to \x1f are spaces to Python and none to Unicode
    assert all(text[i].isspace() or text[i] == "\u1361" for i in left_out)
    assert not any(text[i].isspace() and text[i] not in "\x1c\x1d\x1e\x1f" or text[i] == "\u1361" for i in covered)


@given(ANY)
def test_words_are_the_text_at_the_spans(text):
    assert words(text) == [text[start:end] for start, end in word_spans(text)]


@given(st.text(st.characters(max_codepoint=127), max_size=40))
def test_ascii_text_is_split_as_the_same_text_beside_another_script(text):
    assert words(text + " ጤና") == [*words(text), "ጤና"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wake me at 5:30", ["wake", "me", "at", "5:30"]),
        ("niamshe saa kumi na moja", ["niamshe", "saa", "kumi", "na", "moja"]),
        ("ሰላም ለሁሉም", ["ሰላም", "ለሁሉም"]),
        ("مجھے صبح جگا دو", ["مجھے", "صبح", "جگا", "دو"]),
        ("五点起床", ["五", "点", "起", "床"]),
        ("play 音楽 now", ["play", "音", "楽", "now"]),
        ("ok音楽ok", ["ok", "音", "楽", "ok"]),
        ("ที่นี่", ["ที่", "นี่"]),
        (" \u3000\n", []),
    ],
)
def test_words_of_spaced_and_unspaced_scripts(text, expected):
    assert words(text) == expected


@given(ANY)
def test_graphemes_make_up_the_text(text):
    clusters = graphemes(text)
    assert "".join(clusters) == text and all(clusters)


@pytest.mark.parametrize(("text", "n"), [("e\u0301a", 2), ("👩‍👩‍👧", 1), ("🇰🇪", 1), ("हि", 1), ("\r\n", 1), ("ጤና", 2)])
def test_a_cluster_is_what_a_reader_calls_a_letter(text, n):
    assert len(graphemes(text)) == n


@given(ANY)
@example("İstanbul")
@example("\u0345\u0301")
@example("a\u00ad\u0301")
@example("ŉ\u0374\u1fef\u1ffd")
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@given(ANY)
def test_folded_text_is_in_normal_form_and_has_single_spaces(text):
    folded = fold(text)
    assert unicodedata.is_normalized("NFC", folded)
    assert folded == " ".join(folded.split())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ng’ombe", "ng'ombe"), ("ngʼombe", "ng`ombe"), ("CAFÉ", "cafe\u0301"), ("ΣΟΦΟΣ", "σοφος"), ("straße", "STRASSE"),
        ("می\u200cخواهم", "میخواهم"), ("saa  tatu ", "saa tatu"), ("co\u00adop", "coop"),
    ],
)  # fmt: skip
def test_spellings_of_one_word_share_a_key(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("dé", "de"), ("بَ", "ب"), ("wéit", "weit"), ("ሀ", "ሃ")])
def test_accents_and_vowel_signs_tell_words_apart(one, other):
    assert fold(one) != fold(other)


@given(ANY)
def test_normal_form_is_stable_and_the_same_for_equivalent_text(text):
    assert nfc(nfc(text)) == nfc(text) == nfc(unicodedata.normalize("NFD", text))


@given(st.text(max_size=12).filter(lambda text: not any("\ue000" <= letter <= "\ue007" for letter in text)))
def test_letters_split_and_join_again(text):
    assert join_syllables(split_syllables(nfc(text))) == nfc(text)


def test_an_ethiopic_syllable_is_a_consonant_and_a_vowel():
    ten, ti = split_syllables("ተ"), split_syllables("ቲ")
    assert len(ten) == 2 and ten[0] == ti[0] and ten[1] != ti[1]
    assert join_syllables(ten[0] + ti[1]) == "ቲ"


def test_a_vowel_without_its_consonant_is_left_out():
    assert join_syllables("\ue003a\ue003") == "a"
    assert join_syllables("ሁ\ue002") == "ሁ"  # that syllable has a vowel of its own


@pytest.mark.parametrize(("text", "script", "foreign"), [
    ("東京タワー", "Jpan", ""), ("서울 tv", "Kore", "tv"), ("اردو", "Aran", ""), ("Ереван", "Armn", "Ереван"), ("a1!", "Latn", ""),
    ("абв", "Qaaa", ""),
])  # fmt: skip
def test_letters_of_another_script_are_foreign(text, script, foreign):
    assert foreign_letters(text, script) == foreign


def test_the_ethiopic_wordspace_parts_words():
    assert words("ሰላም፡ለሁሉ፡ነገር።") == ["ሰላም", "ለሁሉ", "ነገር።"]
    assert word_spans("ሀ፡ለ") == [(0, 1), (2, 3)]
