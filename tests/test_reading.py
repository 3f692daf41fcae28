"""Reading: with and without glosses, once and twice, and how sure it is."""

import math
from dataclasses import replace

import pytest
import torch

from lowres.gloss import Glosser
from lowres.model import encode, read_base
from lowres.reading import Reader, _mixed, gloss_pieces, log_probabilities, predict
from lowres.utterance import Utterance, word_labels

GLOSSER = Glosser({"niamshe": ("wake me up",), "saa": ("time", "hour"), "moja": ("one",), "me": ("child",)})


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(*read_base("lowres-mini"), glosser=GLOSSER)


def said(text: str) -> Utterance:
    return Utterance(id="1", text=text, locale="und")


def sure(reader: Reader, text: str) -> float:
    return predict(reader, [said(text)])[0].confidence


def test_beside_and_again_each_change_what_is_read(reader):
    found = {
        (beside, again): sure(replace(reader, beside=beside, again=again), "niamshe saa moja")
        for beside in (True, False)
        for again in (True, False)
    }
    assert len(set(found.values())) == 4
    assert found[False, False] == sure(replace(reader, glosser=None), "niamshe saa moja")


def test_what_is_in_the_source_language_is_read_without_the_dictionary(reader):
    plain = replace(reader, glosser=None)
    assert GLOSSER.is_source("wake me up") and sure(reader, "wake me up") == sure(plain, "wake me up")
    assert not GLOSSER.is_source("niamshe me saa") and sure(reader, "niamshe me saa") != sure(plain, "niamshe me saa")
    texts = ["wake me up", "niamshe saa moja", "up"]
    found = [one.confidence for one in predict(reader, [said(text) for text in texts])]
    assert found == pytest.approx([sure(reader, text) for text in texts], abs=1e-5)


def test_what_no_dictionary_knows_is_not_taken_for_the_source_language():
    assert not GLOSSER.is_source("zorp") and not GLOSSER.is_source("")


def test_two_readings_are_averaged_word_by_word():
    """A word read through two words of gloss has their mean, one without a gloss its own; a gloss beyond the last word has no say."""
    own = torch.tensor([0.0, -2.0]), torch.tensor([[0.0, -4.0], [-1.0, -3.0], [-3.0, 0.0]])
    glossed = torch.tensor([-1.0, 1.0]), torch.tensor([[0.0, 0.0], [-2.0, -4.0], [-1.0, -2.0], [9.0, 0.0]])
    intents, slots = _mixed(own, glossed, (0, 0, 2, 7))
    expected = torch.tensor([[-0.5, -3.0], [-1.0, -3.0], [-2.0, -1.0]])
    assert torch.allclose(intents, torch.tensor([-0.5, -0.5]).log_softmax(-1))
    assert torch.allclose(slots, expected.log_softmax(-1))


def test_confidence_is_the_probability_of_the_whole_answer(reader):
    plain = replace(reader, glosser=None)
    found = predict(plain, [said("wake me up at nine am on friday")], bridge=False)[0]
    intents, slots = log_probabilities(plain, [encode(said(found.utterance.text), plain.pieces)])[0]
    labels = [plain.labels.slots.index(label) for label in word_labels(found.utterance)]
    expected = float(intents.max()) + sum(float(slots[k, label]) for k, label in enumerate(labels))
    assert found.confidence == pytest.approx(math.exp(expected), rel=1e-4) and 0 < found.confidence < 1


def test_glosses_are_pieces_of_the_source_language(reader):
    none, first = gloss_pieces("jua niamshe", GLOSSER, reader.pieces)
    assert none == () and first == sum((reader.pieces.pieces(one) for one in ("wake", "me", "up")), ())
    assert gloss_pieces("niamshe", None, reader.pieces) == ()


def test_a_reader_gives_answers_in_the_order_asked(reader):
    texts = ["saa", "niamshe saa moja wake", "play some music by queen", "moja"]
    assert [one.utterance.text for one in predict(reader, [said(text) for text in texts], size=2)] == texts
    assert predict(reader, []) == []
    assert all(torch.isfinite(torch.tensor(one.confidence)) for one in predict(reader, [said("x" * 10_000)]))
