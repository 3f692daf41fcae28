"""Loanwords: English words heard in words of other scripts, what is the language's own, and their file form."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowres.catalog import Reference
from lowres.loans import MAX_LETTERS, MIN_TIMES, Loans, consonants, english_sounds, format_loans, learn_loans, parse_loans, roman_sounds
from lowres.sources import read_utterances
from lowres.text import bare, fold, words

PROMPTS = ["set an alarm", "open my calendar", "book a taxi", "play the podcast", "buy a train ticket", "meeting with facebook friends",
           "order pizza", "turn the radio on", "vacuum the house", "the first list"]  # fmt: skip
LOANS = learn_loans(PROMPTS * MIN_TIMES, {})


@pytest.mark.parametrize(("word", "english"), [
    ("الارم", "alarm"), ("کیلنڈر", "calendar"), ("ٹیکسی", "taxi"), ("میٹنگ", "meeting"),  # Urdu
    ("ፖድካስት", "podcast"), ("ታክሲ", "taxi"), ("ትኬት", "ticket"),  # Amharic
    ("փոդքասթ", "podcast"), ("ռադիո", "radio"), ("տաքսի", "taxi"),  # Armenian
    ("подкаст", "podcast"), ("такси", "taxi"), ("टैक्सी", "taxi"), ("კალენდარი", "calendar"),
    ("tacsi", "taxi"), ("tíkẹ̀tì", "ticket"), ("kàlẹ́ndà", None), ("mkate", None), ("ਘਰ", None), ("家", None), ("ہے", None),
])  # fmt: skip
def test_english_is_heard_in_any_script(word, english):
    assert LOANS.of(fold(word)) == ((english,) if english else ())


def test_english_itself_is_no_loan():
    alike = learn_loans(["phone a funny store", "kate tells katy a story", "then ten"] * MIN_TIMES + ["site city plays place"], {})
    assert [word for word in (*LOANS.words, *alike.words, "site", "city", "plays", "place") if alike.of(word) or LOANS.of(word)] == []
    assert learn_loans(["city"] * MIN_TIMES + ["site"], {}).others == {"site"}


def test_what_has_no_letters_or_no_spaces_is_no_loan():
    assert [word for word in ("", "7:30", "123", "🕐", "☕", "上", "点", "ใหญ่") if LOANS.of(word)] == [] == [*Loans().of("такси")]


def test_of_words_that_sound_alike_the_more_frequent_is_meant():
    assert learn_loans(["list"] * 9 + ["last"] * 5, {}).of("لسٹ") == ("list",)
    assert learn_loans(["list"] * 5 + ["last"] * 9, {}).of("لسٹ") == ("last",)


def test_rare_words_of_the_source_are_not_listened_for():
    assert learn_loans(["taxi"] * (MIN_TIMES - 1), {}) == Loans() and learn_loans(["taxi"] * MIN_TIMES, {}).words == ("taxi",)


def test_what_people_often_write_is_the_languages_own_unless_a_dictionary_has_it():
    text = {"فہرست": 40, "ٹیکسی": 1, "کتاب": 9}
    loans = learn_loans(["the first taxi"] * MIN_TIMES, text)
    assert loans.others == {"فہرست"} and loans.of("فہرست") == () and loans.of("ٹیکسی") == ("taxi",)
    assert learn_loans(["the first taxi"] * MIN_TIMES, text, known={"فہرست"}).of("فہرست") == ("first",)


def test_sounds_and_their_consonants():
    assert [english_sounds(one) for one in ("nation", "schedule", "quick", "phone", "knight")] == ["naSn", "skedul", "kwik", "fon", "nait"]
    assert [roman_sounds(one) for one in ("cinema", "چائے")] == ["sinema", "Cie"]
    assert consonants("kalendar") == "klntr" and consonants("haha") == ""


@given(st.text(max_size=40))
def test_any_text_is_listened_to(text):
    found = LOANS.of(fold(text))
    assert len(found) <= 1 and set(found) <= set(LOANS.words)
    assert len(consonants(roman_sounds(text))) <= 8 * MAX_LETTERS


def test_an_endless_word_costs_nothing():
    start = time.process_time()
    assert LOANS.of("ک" * 10**6) == ()
    assert time.process_time() - start < 1


native = st.lists(st.text(st.characters(categories=("L", "M", "N")), min_size=1, max_size=9), max_size=6)


@given(st.lists(st.sampled_from(LOANS.words), unique=True), native)
def test_loans_survive_their_file(listed, own):
    loans = Loans(tuple(listed), frozenset(own))
    assert parse_loans(format_loans(loans)) == loans


def test_whoever_writes_the_file_does_not_keep_the_reader_waiting():
    words = [f"b{'aeiou'[i % 5]}{'aeiou'[i // 5 % 5]}{'aeiou'[i // 25 % 5]}{'aeiou'[i // 125 % 5]}t" for i in range(625)]
    loans = parse_loans(format_loans(Loans(tuple(words))))
    start = time.process_time()
    loans.of("батаака")
    loans.of("бат")
    assert time.process_time() - start < 0.1
    with pytest.raises(ValueError, match="no loans"):
        parse_loans("taxi\n" * 20_001 + "\n")


@pytest.mark.parametrize("text", [
    "ghghgh\n\n", "aaa\n\n", "", "taxi\n", "taxi\n\nmary", "Taxi\n\n", "ta xi\n\n", "такси\n\n", "a\n\n", "x" * 30 + "\n\n"])  # fmt: skip
def test_another_file_is_refused(text):
    with pytest.raises(ValueError, match="no loans"):
        parse_loans(text)


def test_adapters_of_one_source_share_what_is_heard():
    one, other = parse_loans("taxi\n\nkesi\n"), parse_loans("taxi\n\ntoksi\n")
    assert one.words is other.words and one._heard is other._heard and one.n_bytes < 1000


@pytest.mark.parametrize("locale", ["hi-IN", "ru-RU", "fa-IR", "ko-KR", "id-ID"])
def test_what_is_heard_is_far_more_often_in_the_prompt_than_in_another(mirror, locale):
    """On locales for which nothing was chosen; all of their words are asked, without a dictionary or text that knows the native ones."""
    prompts, said = (
        {one.id: one.text for one in read_utterances(Reference(dataset="massive", locale=each, partition="dev"), mirror, mirror)}
        for each in ("en-US", locale)
    )
    loans, order = learn_loans(prompts.values(), {}), list(prompts)
    asked = {id: {fold(bare(word)) for word in words(text)} for id, text in prompts.items()}
    heard = [(id, found[0]) for id, text in said.items() for word in words(text) if (found := loans.of(fold(bare(word))))]
    here = sum(english in asked[id] for id, english in heard)
    elsewhere = sum(english in asked[order[i * 7 % len(order)]] for i, (_, english) in enumerate(heard))
    assert here > 30 and here > 4 * elsewhere, f"{here} and {elsewhere} of {len(heard)}"


@pytest.mark.parametrize("locale", ["zh-CN", "ja-JP"])
def test_clusters_of_scripts_without_spaces_sound_like_nothing(mirror, locale):
    prompts, said = (
        [one.text for one in read_utterances(Reference(dataset="massive", locale=each, partition="dev"), mirror, mirror)]
        for each in ("en-US", locale)
    )
    loans = learn_loans(prompts, {})
    assert not any(loans.of(fold(bare(word))) for text in said for word in words(text) if not word.isascii())
