"""compare: what was lost and won between two runs, traced to the words of their pairs."""

import json
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowres.errors import LowresError
from lowres.evaluation import (
    Known,
    Mistake,
    compare,
    flips,
    format_comparison,
    known_words,
    mistakes,
    render_comparison,
    score_difference,
    trace,
)
from lowres.evaluation.scores import count
from lowres.pair import Word
from tests.evaluation.answering import answer, any_answers, random_answers, utterance


@dataclass
class Pairs:
    """What `known_words` reads of a kept pair."""

    utterance: object
    words: tuple


def known(origin, label="O", gloss="x", n=3):
    return Known(count=n, origin=origin, gloss=gloss, label=label)


GOLD = ("amka [time : saa tatu] [date : leo]", "cheza muziki [date : leo]", "hali ya hewa [place : Mombasa]")
RIGHT = [answer(gold, gold, id=str(i)) for i, gold in enumerate(GOLD)]
OLD = [RIGHT[0], RIGHT[1], answer(GOLD[2], "hali ya hewa Mombasa", id="2")]
NEW = [
    answer(GOLD[0], "amka [time : saa] tatu leo", ("alarm_set", "alarm_query"), id="0"),
    answer(GOLD[1], "[date : cheza] muziki leo", id="1"),
    RIGHT[2],
]
OLD_WORDS = {
    "amka": known("freedict-eng-swh"),
    "saa": known("rule:swh.time", "time", "nine"),
    "tatu": known("rule:swh.time", "time", "nine"),
    "leo": known("freedict-eng-swh", "date"),
    "cheza": known("freedict-eng-swh"),
    "hewa": known("freedict-eng-swh"),
}
NEW_WORDS = {
    "amka": known("freedict-eng-swh"),
    "leo": known("freedict-eng-swh", "O", "today", 9),
    "cheza": known("freedict-eng-swh"),
    "hewa": known("freedict-eng-swh"),
    "mombasa": known("copy", "place"),
}


def compared(**options):
    return compare(OLD, NEW, OLD_WORDS, NEW_WORDS, old_name="swh-1", new_name="swh-2", **options)


def spoken(traced):
    return [one.word for one in traced]


def test_what_was_lost_and_won():
    found = compared()
    assert [change.id for change in found.lost] == ["0", "1"] and [change.id for change in found.won] == ["2"]
    assert (found.n, found.old.exact_match.value, found.new.exact_match.value) == (3, 2 / 3, 1 / 3)
    assert found.difference == score_difference(count(OLD), count(NEW))
    assert found.flips == flips(OLD, NEW)


def test_a_lost_utterance_is_traced_to_its_words():
    first, second = compared().lost
    assert spoken(first.trace.missing) == ["saa", "tatu"]
    assert first.trace.missing[0].known == OLD_WORDS["saa"]
    assert spoken(first.trace.mislabelled) == ["leo"] and first.trace.mislabelled[0].label == "date"
    assert first.trace.mislabelled[0].known == NEW_WORDS["leo"]
    assert first.trace.unseen == ()
    assert spoken(second.trace.unseen) == ["muziki"] and second.trace.missing == ()


def test_a_won_utterance_is_traced_the_other_way():
    (change,) = compared().won
    assert spoken(change.trace.missing) == ["mombasa"] and change.trace.missing[0].known.origin == "copy"
    assert spoken(change.trace.unseen) == ["hali", "ya"]
    assert change.mistakes == (Mistake(kind="missed", gold="place", predicted="O", text="Mombasa"),)


def test_causes_are_summed_by_what_gave_the_words():
    causes = {(cause.kind, cause.origin): cause for cause in compared().lost_causes}
    assert list(causes) == [("missing", "rule:swh.time"), ("mislabelled", "freedict-eng-swh"), ("unseen", "")]
    assert [cause.n for cause in causes.values()] == [1, 2, 1]
    assert causes["missing", "rule:swh.time"].words == (("saa", 1), ("tatu", 1))
    assert causes["mislabelled", "freedict-eng-swh"].words == (("leo", 2),)


def test_words_known_as_they_are_meant_explain_nothing():
    words = {"leo": known("freedict-eng-swh", "date")}
    old, new = [answer("[date : leo]", "[date : leo]")], [answer("[date : leo]", "leo")]
    (cause,) = compare(old, new, words, words).lost_causes
    assert (cause.kind, cause.n, cause.words) == ("unexplained", 1, ())


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        ("[date : leo] saa", "leo saa", ("missed", "date", "O", "leo")),
        ("leo saa", "[date : leo] saa", ("spurious", "O", "date", "leo")),
        ("[date : leo saa]", "[date : leo] saa", ("borders", "date", "date", "leo saa")),
        ("[date : leo saa]", "leo [time : saa]", ("label", "date", "time", "leo saa")),
    ],
)
def test_every_mistake_has_its_kind(gold, predicted, expected):
    kind, meant, read, text = expected
    mistake = Mistake(kind=kind, gold=meant, predicted=read, text=text)
    assert mistakes(answer(gold, predicted)) == (mistake,)
    intent = Mistake(kind="intent", gold="alarm_set", predicted="play_music", text="")
    assert mistakes(answer(gold, predicted, ("alarm_set", "play_music"))) == (intent, mistake)


@settings(deadline=None)
@given(any_answers())
def test_only_exact_answers_have_no_mistakes(answered):
    assert [not mistakes(one) for one in answered] == count(answered).exact.tolist()


@given(st.sets(st.sampled_from("abcd")), st.sets(st.sampled_from("abcd")))
def test_every_word_is_traced_once(right, failed):
    gold = utterance("A [date : b] c d a")
    found = trace(gold, {w: known("x") for w in right}, {w: known("x") for w in failed})
    assert set(spoken(found.missing)) == right - failed
    assert set(spoken(found.unseen)) == set("abcd") - right - failed
    assert set(spoken(found.mislabelled)) == failed & {"b"}
    assert len(found.missing) + len(found.unseen) == len(set("abcd") - failed)


def pair(annotated, *words):
    return Pairs(utterance(annotated), words)


def test_known_words_keep_the_most_frequent_origin_gloss_and_label():
    pairs = [
        pair(
            "[time : saa tatu] Amka",
            Word("saa tatu", "saa", origin="rule:swh.time", gloss="nine"),
            Word("Amka", "amka"),
        ),
        pair(
            "[time : saa] amka", Word("saa", "saa", origin="freedict", gloss="hour"), Word("amka", "amka", gloss="wake")
        ),
        pair("saa", Word("saa", "saa", origin="freedict", gloss="watch"), Word("", "the")),
        pair("[time : saa]", Word("saa", "saa", origin="freedict", gloss="hour")),
    ]
    found = known_words(pairs)
    assert found["saa"] == Known(count=4, origin="freedict", gloss="hour", label="time")
    assert found["tatu"] == Known(count=1, origin="rule:swh.time", gloss="nine", label="time")
    assert found["amka"] == Known(count=2, origin="copy", gloss="", label="O")
    assert set(found) == {"saa", "tatu", "amka"}


def test_words_that_do_not_make_up_their_text_are_refused():
    with pytest.raises(LowresError, match="pair 1: words that do not make up 'saa tatu'"):
        known_words([pair("saa tatu", Word("saa", "saa"))])


def test_the_words_of_real_kept_pairs_are_read():
    from lowres.language import read_language
    from lowres.lexicon import Entry, SourcedEntry, build_lexicon
    from lowres.rules import Resources, look_up
    from lowres.synthesis import synthesize
    from lowres.tally import Tally

    lexicon = build_lexicon([SourcedEntry(Entry("today", "leo", "NOUN"), "freedict-eng-swh")])
    options = {"locale": "sw-KE", "variants": 1, "min_coverage": 0.0, "seed": 1, "tally": Tally()}
    resources = Resources(read_language("swh"), lexicon)
    found = known_words(synthesize([utterance("play jazz [date : today]")], [look_up], resources, **options))
    assert found["leo"] == Known(count=1, origin="freedict-eng-swh", gloss="today", label="date")
    assert found["jazz"].origin == "copy"


def test_the_page_says_what_was_lost_and_why():
    page = render_comparison(compared())
    for part in (
        "# swh-1 against swh-2",
        "| swh-2 minus swh-1 |",
        "- 1 of 2 lost utterances contain a word that rule:swh.time no longer gives: saa (1), tatu (1)",
        "- 2 of 2 lost utterances contain a word that freedict-eng-swh gives, but which swh-2 saw mostly under another slot",
        "- 1 of 1 won utterances contain a word that copying the source newly gives: mombasa (1)",
        "- swh-2: intent alarm_set read as alarm_query; slot time with wrong borders: saa tatu; slot date missed: leo",
        "- only swh-1 saw: saa 'nine' from rule:swh.time, 3 times; tatu 'nine' from rule:swh.time, 3 times",
        "- swh-2 saw under another slot: leo 'today' from freedict-eng-swh, 9 times, mostly as O, here date",
        "- neither saw: muziki",
        "spurious slot date: cheza",
    ):
        assert part in page
    assert "And 1 more." in render_comparison(compared(), limit=1)


def test_nothing_changed_is_said_too():
    page = render_comparison(compare(OLD, OLD, OLD_WORDS, OLD_WORDS))
    assert "Lost: 0 utterances" in page and "Won: 0 utterances" in page and "+0.0 (+0.0 to +0.0) unclear" in page


def test_the_record_is_plain_json_of_everything():
    record = format_comparison(compared())
    assert json.loads(json.dumps(record)) == record
    assert record["lost"][0]["trace"]["missing"][0]["known"]["origin"] == "rule:swh.time"
    assert record["lost_causes"][0] == {
        "kind": "missing",
        "origin": "rule:swh.time",
        "n": 1,
        "words": [["saa", 1], ["tatu", 1]],
    }


def test_runs_on_other_utterances_cannot_be_compared():
    with pytest.raises(LowresError, match="compare: 1 utterances missing"):
        compare(random_answers(3, seed=1), random_answers(2, seed=1), {}, {})
