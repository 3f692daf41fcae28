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
from lowres.tagger import END, START, Tagger, features, lanes_of, pack, read_tagger, train_tagger, unpack, write_tagger

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


def by_plain_addition(tagger: Tagger, words: list[str]) -> list[str]:
    """The tags that the definition gives: floats added feature by feature."""
    padded, tags = [*START, *words, *END], [*START]
    for i, word in enumerate(words, 2):
        scores = [0.0] * len(tagger.tags)
        for feature in features(padded, i, tags[-1], tags[-2]):
            for tag, weight in unpack(tagger.weights.get(feature, 0), len(scores)).items():
                scores[tag] += weight
        tags.append(tagger.tags[tagger.certain.get(word, scores.index(max(scores)))])
    return tags[2:]


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda s: s[0][0])
def test_it_learns_its_sentences(sentence):
    assert SMALL.tag([form.title() for form, _, _ in sentence]) == [tag for _, tag, _ in sentence]


def test_what_is_written_is_read_back_with_the_same_tags_and_bytes(tmp_path):
    write_tagger(tmp_path / "a", SMALL)
    again = read_tagger(tmp_path / "a")
    write_tagger(tmp_path / "b", again)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (again.tags, again.weights, again.lemmas, again.edits) == (
        SMALL.tags, SMALL.weights, SMALL.lemmas, SMALL.edits)  # fmt: skip
    assert again.tag(["he", "saw", "letters"]) == SMALL.tag(["he", "saw", "letters"])


def test_the_bundled_tagger_holds_the_weights_of_its_file():
    path = resources_folder() / "models" / "english-tagger" / "tagger.json.gz"
    tags, weights = map(json.loads(gzip.decompress(path.read_bytes())).get, ("tags", "weights"))
    assert english().tags == tags and english().weights.keys() == weights.keys()
    for feature in list(weights)[::97]:
        row = {int(tag): weight for tag, weight in weights[feature].items()}
        assert unpack(english().weights[feature], len(tags)) == row


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


@given(st.lists(st.sampled_from(WORDS) | st.text(min_size=1, max_size=6).map(str.lower), max_size=8))
def test_tags_are_those_of_plain_addition(words):
    words = [word for word in words if word.lower() == word]
    assert SMALL.tag(words) == by_plain_addition(SMALL, words)


SPOKEN = ["set", "an", "alarm", "for", "5", "every", "new", "7:30", "beds", "clear", "exchange", "漢", "ጤና", "play", "it"]


@given(st.lists(st.sampled_from(SPOKEN)))
def test_the_bundled_tagger_gives_the_tags_of_plain_addition(words):
    assert english().tag(words) == by_plain_addition(english(), words)


def test_an_exact_tie_is_settled_in_the_order_of_training():
    words = ["bed", "room", "two", "switch", "off", "the", "lights"]
    assert english().tag(words)[0] == by_plain_addition(english(), words)[0] == "VERB|PASS;PST;V.PTCP"


def test_of_two_equal_tags_the_first_wins():
    assert Tagger(["A|", "B|", "C|"], {"b": pack({1: 2.0, 2: 2.0}, lanes_of(range(3)))}).tag(["x"]) == ["B|"]
    assert Tagger(["A|", "B|"], {}).tag(["x"]) == ["A|"]


@given(st.dictionaries(st.integers(0, 90), st.integers(-10**7, 10**7).filter(bool).map(lambda n: n / 100)))
def test_weights_survive_packing(row):
    assert unpack(pack(row, lanes_of(range(91))), 91) == row


@given(st.lists(st.dictionaries(st.integers(0, 6), st.integers(-2000, 2000).map(lambda n: n / 100)), max_size=18))
def test_packed_rows_add_up_lane_by_lane(rows):
    packed = sum(pack(row, lanes_of(range(7))) for row in rows)
    hundredths = [sum(round(100 * row.get(tag, 0)) for row in rows) for tag in range(7)]
    assert unpack(packed, 7) == {tag: n / 100 for tag, n in enumerate(hundredths) if n}


def test_forgetting_word_types_changes_no_tag(monkeypatch):
    sentences = [[form for form, _, _ in sentence] for sentence in SENTENCES]
    fresh = train_tagger(SENTENCES)
    monkeypatch.setattr(module, "_TYPES", 3)
    assert [fresh.tag(words) for words in sentences] == [SMALL.tag(words) for words in sentences]
    assert len(fresh._types) <= 3


def broken() -> dict[str, bytes]:
    """Files that are no tagger."""
    record = {"tags": ["A|"], "weights": {"b": {"0": 1.0}}, "certain": {}, "lemmas": {}, "edits": {}}
    wrong = {
        "no weights": {k: v for k, v in record.items() if k != "weights"}, "a tag too many": {"weights": {"b": {"1": 1.0}}},
        "a weight in words": {"weights": {"b": {"0": "one"}}}, "not a number": {"weights": {"b": {"0": float("nan")}}},
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
