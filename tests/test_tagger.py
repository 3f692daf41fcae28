"""The tagger: what a handful of sentences teaches it, its file, and sums of weights against plain addition."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowres import tagger as module
from lowres.analysis import english
from lowres.errors import LowresError
from lowres.resources import resources_folder
from lowres.tagger import Tagger
from lowres.tagger.features import END, START, around, history, joint, lanes_of, marked, pack, unpack
from lowres.tagger.files import read_tagger, write_tagger
from lowres.tagger.training import kind_of, train_tagger

TEXT = """
play/VERB|2;IMP/play the/DET|/the songs/NOUN|PL/song
she/PRON|/she plays/VERB|3;SG/play the/DET|/the drums/NOUN|PL/drum
read/VERB|2;IMP/read the/DET|/the letters/NOUN|PL/letter now/ADV|/now
he/PRON|/he reads/VERB|3;SG/read a/DET|/a letter/NOUN|SG/letter
the/DET|/the boats/NOUN|PL/boat were/AUX|PST/be old/ADJ|/old
we/PRON|/we saw/VERB|PST/see the/DET|/the boat/NOUN|SG/boat
"""
SENTENCES = [[tuple(word.split("/")) for word in line.split()] for line in TEXT.strip().splitlines()]
WORDS = sorted({form for sentence in SENTENCES for form, _, _ in sentence})
SMALL = train_tagger(SENTENCES)


def active(tagger: Tagger, padded: list[str], i: int, last: str, before: str) -> list[str]:
    """The features of a word, as their definitions name them."""
    kinds = [kind_of(word[1:], tagger.kinds) for word in padded]
    places = ((i, 0), (i - 1, 1), (i + 1, 2), (i - 2, 3), (i + 2, 4))
    found = [feature for k, place in places for feature in around(padded[k], kinds[k])[place]]
    left, here, right = (word[1:] for word in padded[i - 1 : i + 2])
    return [*found, *history(last, before), *joint(left, here, right, tuple(kinds[i - 1 : i + 2]), last, before)]


def by_plain_addition(tagger: Tagger, words: list[str]) -> list[str]:
    """The tags that the definition gives: weights added feature by feature; of equal tags the first."""
    padded, tags = [*START, *marked(words), *END] if words else [], [*START]
    for i, word in enumerate(words, 2):
        scores = [0] * len(tagger.tags)
        for feature in active(tagger, padded, i, tags[-1], tags[-2]):
            for tag, weight in unpack(tagger.weights.get(feature, 0), len(scores)).items():
                scores[tag] += weight
        tags.append(tagger.tags[tagger.certain.get(word.lower(), scores.index(max(scores)))])
    return tags[2:]


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda s: s[0][0])
def test_it_learns_its_sentences(sentence):
    assert SMALL.tag([form.title() for form, _, _ in sentence]) == [tag for _, tag, _ in sentence]


def test_what_is_written_is_read_back_with_the_same_tags_and_bytes(tmp_path):
    write_tagger(tmp_path / "a", SMALL)
    again = read_tagger(tmp_path / "a")
    write_tagger(tmp_path / "b", again)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    parts = ("tags", "weights", "certain", "kinds", "lemmas", "edits", "language")
    assert [getattr(again, part) for part in parts] == [getattr(SMALL, part) for part in parts]
    assert again.tag(["he", "saw", "letters"]) == SMALL.tag(["he", "saw", "letters"])


def test_the_bundled_tagger_holds_the_weights_of_its_file():
    path = resources_folder() / "models" / "english-tagger" / "tagger.json.gz"
    tags, weights = map(json.loads(gzip.decompress(path.read_bytes())).get, ("tags", "weights"))
    assert english().tags == tags and english().weights.keys() == weights.keys()
    for feature in list(weights)[::97]:
        row = {int(tag): weight for tag, weight in weights[feature].items()}
        assert unpack(english().weights[feature], len(tags)) == row


def test_capitals_count_where_a_sentence_has_any():
    assert marked(["Call", "Rob", "at", "NASA", "McCoy"]) == ["Fcall", "Trob", "lat", "Unasa", "Mmccoy"]
    assert marked(["call", "rob", "5"]) == ["ncall", "nrob", "n5"] and marked(["ጤና"]) == ["nጤና"]


def test_training_is_reproducible_and_the_seed_matters():
    assert train_tagger(SENTENCES).weights == SMALL.weights
    assert train_tagger(SENTENCES, seed=14).weights != SMALL.weights


def test_frequent_words_with_one_tag_are_certain():
    often = train_tagger(SENTENCES * 8, epochs=1)
    assert set(often.certain) == {"the"} and not SMALL.certain
    assert often.tag(["the"]) == ["DET|"]


def test_lemmas_are_learnt_by_suffix_and_by_heart():
    assert SMALL.lemma("flags", "NOUN") == "flag"
    assert SMALL.lemma("Saw", "VERB") == "see"
    assert SMALL.lemma("were", "AUX") == "be"
    assert SMALL.lemma("xyz", "ADP") == "xyz"
    assert SMALL.lemma("s", "NOUN") == "s"


@given(st.lists(st.sampled_from(WORDS) | st.text(min_size=1, max_size=6), max_size=8))
def test_tags_are_those_of_plain_addition(words):
    assert SMALL.tag(words) == by_plain_addition(SMALL, words)


SPOKEN = ["set", "an", "alarm", "for", "5", "every", "new", "7:30", "beds", "clear", "exchange", "漢", "ጤና", "play", "it"]


@given(st.lists(st.sampled_from(SPOKEN)))
def test_the_bundled_tagger_gives_the_tags_of_plain_addition(words):
    assert english().tag(words) == by_plain_addition(english(), words)


def test_of_two_equal_tags_the_first_wins():
    assert Tagger(["A|", "B|", "C|"], {"b": pack({1: 200, 2: 200}, lanes_of(range(3)))}).tag(["x"]) == ["B|"]
    assert Tagger(["A|", "B|"], {}).tag(["x"]) == ["A|"]


@given(st.dictionaries(st.integers(0, 90), st.integers(-(10**7), 10**7).filter(bool)))
def test_weights_survive_packing(row):
    assert unpack(pack(row, lanes_of(range(91))), 91) == row


@given(st.lists(st.dictionaries(st.integers(0, 6), st.integers(-200_000, 200_000)), max_size=40))
def test_packed_rows_add_up_lane_by_lane(rows):
    packed = sum(pack(row, lanes_of(range(7))) for row in rows)
    sums = [sum(row.get(tag, 0) for row in rows) for tag in range(7)]
    assert unpack(packed, 7) == {tag: n for tag, n in enumerate(sums) if n}


def test_forgetting_word_types_changes_no_tag(monkeypatch):
    sentences = [[form for form, _, _ in sentence] for sentence in SENTENCES]
    fresh = train_tagger(SENTENCES)
    monkeypatch.setattr(module, "_TYPES", 3)
    assert [fresh.tag(words) for words in sentences] == [SMALL.tag(words) for words in sentences]
    assert len(fresh._types) <= 3


def broken() -> dict[str, bytes]:
    """Files that are no tagger."""
    record = {"tags": ["A|"], "weights": {"b": {"0": 1}}, "certain": {}, "kinds": {}, "lemmas": {}, "edits": {}, "language": ""}
    wrong = {
        "no weights": {k: v for k, v in record.items() if k != "weights"}, "a tag too many": {"weights": {"b": {"1": 1}}},
        "a weight in words": {"weights": {"b": {"0": "one"}}}, "a weight of no number": {"weights": {"b": {"0": None}}},
        "an edit of one part": {"edits": {"NOUN s": [1]}},
    }  # fmt: skip
    files = {name: json.dumps(change if name == "no weights" else record | change) for name, change in wrong.items()}
    whole = gzip.compress(json.dumps(record).encode())
    return {name: gzip.compress(text.encode()) for name, text in files.items()} | {
        "empty": b"", "truncated": whole[:-9], "plain text": b"tags", "a list": gzip.compress(b"[1]"),
    }  # fmt: skip


@pytest.mark.parametrize(("name", "data"), broken().items())
def test_a_broken_file_is_refused_in_one_line(tmp_path, name, data):
    (tmp_path / "tagger").write_bytes(data)
    with pytest.raises(LowresError, match="not a tagger") as refused:
        read_tagger(tmp_path / "tagger")
    assert "\n" not in str(refused.value) and str(tmp_path) in str(refused.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(LowresError, match="no such file"):
        read_tagger(tmp_path / "tagger")
