"""The index of near texts against counting by hand, and its speed."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowres.collection.nearness import NearIndex, same_key
from lowres.text import split_syllables

SHORT = st.text(st.sampled_from("ab c,ጤናና\ud800"), max_size=12) | st.text(st.characters(categories=None), max_size=12)


def trigrams(text: str) -> set[str]:
    key = same_key(text)
    spelt = f" {split_syllables(key)} " if key else ""
    return {spelt[place : place + 3] for place in range(len(spelt) - 2)}


@given(st.lists(SHORT, max_size=12), SHORT)
def test_what_is_nearest_is_what_counting_finds(texts, asked):
    wanted = trigrams(asked)
    jaccard = [len(trigrams(one) & wanted) / max(len(trigrams(one) | wanted), 1) for one in texts]
    found = NearIndex(texts).nearest(asked, len(texts) or 1)
    assert [one.jaccard for one in found] == pytest.approx(sorted((one for one in jaccard if one), reverse=True))
    for one in found:
        assert one.text == texts[one.number] and one.jaccard == pytest.approx(jaccard[one.number])
        assert one.containment == pytest.approx(len(trigrams(one.text) & wanted) / len(wanted))
    assert NearIndex(texts).nearest(asked) == found[:1]


def test_case_punctuation_and_spacing_do_not_count():
    (near,) = NearIndex(["Weka kengele, saa kumi!"]).nearest("weka   kengele saa kumi")
    assert near.jaccard == near.containment == 1.0


def test_syllables_that_share_a_consonant_are_near():
    """መብራት and መብራቱ share all but a vowel."""
    one, other = NearIndex(["መብራት አጥፋ", "ሙዚቃ አጫውት"]).nearest("መብራቱ አጥፋ", 2)
    assert one.text == "መብራት አጥፋ" and one.jaccard > 0.6 > other.jaccard


def test_nothing_is_near_to_nothing():
    assert NearIndex([]).nearest("weka") == NearIndex(["weka"]).nearest("") == NearIndex(["", "!"]).nearest("weka") == ()


def test_fifty_thousand_texts_are_indexed_in_seconds_and_asked_in_milliseconds():
    rng = random.Random(1)
    syllables = [a + b for a in "bcdfghjklmnprstvwyz" for b in "aeiou"]
    words = ["".join(rng.choices(syllables, k=rng.randint(1, 4))) for _ in range(1500)]  # so few that postings are long
    texts = [" ".join(rng.choices(words, k=rng.randint(3, 10))) for _ in range(50_000)]
    start = time.process_time()
    index = NearIndex(texts)
    assert time.process_time() - start < 3
    asked = [*rng.sample(texts, 50), " ".join(texts[:20])[:500]]
    start = time.process_time()
    assert [index.nearest(one)[0].text for one in asked[:50]] == asked[:50] and index.nearest(asked[-1])
    assert (time.process_time() - start) / len(asked) < 0.02
