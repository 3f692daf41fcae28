"""Words read again by the lexicon, and phrases and clitics taken apart."""

import pytest

from lowres.english import MONTHS, WEEKDAYS, WHEN
from lowres.language import read_language
from lowres.lexicon import Entry, SourcedEntry, build_lexicon
from lowres.pair import COPY, Pair, Word, changed, inserted, read_pair
from lowres.rules import Resources
from lowres.rules.phrases import begins_phrase, is_nominal, past_subject
from lowres.rules.rereading import (
    by_command,
    by_entry,
    common_word,
    compared,
    lowered,
    small_word,
    spelt_letter,
    unbound,
    unclipped,
)
from lowres.utterance import Slot, Utterance


def pair_of(text: str, *slots: Slot) -> Pair:
    return read_pair(Utterance(id="t", text=text, locale="en", slots=slots))


def word(form: str, upos: str, i: int = 0, **fields) -> Word:
    return Word(form=form, lemma=form, upos=upos, source=(i,), gloss=form, **fields)


def resources(*rows: tuple[str, str, str], trust: float = 10.0) -> Resources:
    entries = [SourcedEntry(Entry(left=left, right=right, upos=upos), "dictionary", trust=trust) for left, right, upos in rows]
    return Resources(read_language("swh"), build_lexicon(entries), letters={"^b$": "be"})


def test_an_unknown_name_is_the_noun_of_the_lexicon():
    pair, known = pair_of("jazz"), resources(("jazz", "jazi", "NOUN"))
    found = common_word(pair, word("jazz", "PROPN", features=frozenset({"SG"})), known, opening=False)
    assert (found.form, found.upos, found.origin, found.features, found.gloss) == ("jazi", "NOUN", "dictionary", frozenset(), "jazz")


def test_a_collected_lexicon_alone_is_not_trusted():
    pair, name = pair_of("jazz"), word("jazz", "PROPN")
    assert by_entry(pair, name, resources(("jazz", "jazi", "NOUN"), trust=0.5), ("NOUN",)) is name


def test_an_opening_name_is_a_command():
    pair, known = pair_of("cancel the alarm"), resources(("cancel", "futa", "VERB"))
    found = common_word(pair, word("cancel", "PROPN"), known, opening=True)
    assert (found.form, found.upos, found.features) == ("futa", "VERB", frozenset({"IMP", "2"}))


def test_a_verb_inside_a_slot_stays_a_name():
    pair = pair_of("cancel", Slot(name="song", start=0, end=6))
    assert common_word(pair, word("cancel", "PROPN"), resources(("cancel", "futa", "VERB")), opening=False).origin == COPY


@pytest.mark.parametrize(("text", "upos"), [("skype the team", "VERB"), ("skype team", "PROPN")])
def test_what_no_lexicon_has_is_a_command_before_an_article_only(text, upos):
    assert by_command(pair_of(text), word("skype", "PROPN"), resources()).upos == upos


@pytest.mark.parametrize(("text", "form"), [("book the room", "weka"), ("book", "kitabu")])
def test_an_opening_noun_is_a_command_where_an_object_follows(text, form):
    known = resources(("book", "kitabu", "NOUN"), ("book", "weka", "VERB"))
    assert common_word(pair_of(text), word("kitabu", "NOUN", origin="dictionary"), known, opening=True).form == form


@pytest.mark.parametrize(("feature", "form"), [("CMPR", "more-fast"), ("SPRL", "most-fast")])
def test_comparison_by_words_where_the_lexicon_has_no_entry(feature, form):
    fast = word("fast", "ADJ", features=frozenset({feature}), origin="dictionary")
    assert compared(pair_of("fast"), fast, resources(), "rule:x", "more-", "most-").form == form
    assert compared(pair_of("fast"), fast, resources(("fast", "upesi", "ADJ")), "rule:x", "more-", "most-").form == "upesi"


def test_spelt_letters_have_names():
    assert spelt_letter(pair_of("b. b. c."), word("b.", "PROPN", 0), resources()) == "be"
    assert spelt_letter(pair_of("bb"), word("bb", "PROPN", 0), resources()) == ""


def test_a_small_word_at_the_front_before_an_object_is_a_command():
    known = resources(("dim", "punguza", "VERB"), ("dim", "hafifu", "ADJ"))
    pair, after = pair_of("dim the lights"), word("the", "DET", 1)
    assert small_word(pair, word("dim", "ADJ"), after, known, opening=True).features == {"IMP", "2"}
    known_name = changed(word("dim", "PROPN"), origin="dictionary")
    assert small_word(pair, known_name, after, known, opening=False) is known_name
    assert small_word(pair, word("dim", "ADJ"), None, resources(), opening=True).form == "dim"


def test_names_are_small_where_the_source_is():
    assert lowered(pair_of("london"), word("London", "PROPN")).form == "london"
    assert lowered(pair_of("London"), word("London", "PROPN")).form == "London"
    assert lowered(pair_of("london"), inserted("Jiji", "NOUN", "rule:x")).form == "Jiji"


def test_phrases_that_hide_a_clause_are_taken_apart_and_initials_kept():
    pair = pair_of("i need b. milk")
    bound = changed(word("nahitaji", "VERB"), source=(0, 1), gloss="i need")
    letter, milk = changed(word("be", "PROPN", 2), gloss="b."), word("maziwa", "NOUN", 3, origin="dictionary")
    known = resources(("need", "hitaji", "VERB"))
    apart = unbound(pair.with_words([bound, letter, milk]), known, lambda _, parts: parts[0] == "i")
    assert [(one.form, one.source) for one in apart] == [("i", (0,)), ("hitaji", (1,)), ("b.", (2,)), ("maziwa", (3,))]
    assert unbound(pair.with_words([bound]), known, lambda *_: False) == [bound]


def test_clitics_are_words_with_their_host_told_in_full():
    cannot, what = word("can't", "AUX", 0), word("what's", "PRON", 1)
    out = unclipped([cannot, what], "rule:x", {"ca": "can"}, ("not", "PART"))
    assert [(one.key, one.upos) for one in out] == [("can", "AUX"), ("n't", "PART"), ("what", "PRON"), ("'s", "AUX")]
    assert [one.source for one in out] == [(0,), (0,), (1,), (1,)] and out[1].form == "not"
    owner = word("john's", "PROPN", 0, features=frozenset({"PSS"}))
    assert unclipped([owner], "rule:x", {}) == [owner]


def test_where_noun_phrases_and_subjects_end():
    tokens = [("the", "DET"), ("name", "NOUN"), ("of", "ADP"), ("my", "PRON"), ("song", "NOUN"), ("good", "ADJ"), ("plays", "VERB")]
    words = [word(form, upos, i) for i, (form, upos) in enumerate(tokens)]
    assert past_subject(words, 0) == 5  # the adjective is the predicate
    assert past_subject(words, 6) == 6
    assert past_subject([word("she", "PRON"), *words], 0) == 1
    assert is_nominal(words[3]) and not is_nominal(words[2])
    assert is_nominal(word("today", "NOUN"), moments=True) and not is_nominal(word("today", "NOUN"))
    assert begins_phrase(words[3], words[1]) and not begins_phrase(words[4], words[1])


def test_may_is_a_month_but_says_no_time_by_itself():
    assert WHEN > WEEKDAYS and MONTHS - {"may"} == WHEN & MONTHS
