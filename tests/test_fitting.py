"""What training hides from the model, and when it stops."""

import json
import random

import pytest
import torch

from lowres import fitting
from lowres.fitting import CHECKPOINT, GLOSS_DROPOUT, SPLIT_SHARE, drop, fit
from lowres.model import Example
from lowres.reading import Reader
from lowres.recipe import Adapt

WHOLE = Example(pieces=((9,), (4, 5), (9,)), glosses=((1,), (2, 3), ()), intent=1, slots=(0, 1, 0))


def test_some_glosses_are_hidden_and_some_words_split_into_their_pieces():
    rng = random.Random(1)
    drawn = [drop(WHOLE, {(9,): (6, 7, 8)}, rng) for _ in range(2000)]
    assert sum(one.glosses[1] == () for one in drawn) / 2000 == pytest.approx(GLOSS_DROPOUT, abs=0.03)
    assert sum(one.pieces[0] == (6, 7, 8) for one in drawn) / 2000 == pytest.approx(SPLIT_SHARE, abs=0.03)
    assert any(one.pieces[0] != one.pieces[2] for one in drawn)
    assert {one.pieces[1] for one in drawn} == {(4, 5)} and {one.glosses[1] for one in drawn} == {(), (2, 3)}
    assert all((one.intent, one.slots) == (1, (0, 1, 0)) for one in drawn)


def test_without_glosses_and_words_of_its_own_an_example_stays_as_it_is():
    plain = Example(pieces=((4, 5),), intent=1, slots=(0,))
    assert drop(plain, {(9,): (6, 7)}, random.Random(1)) is plain and drop(plain, {}, random.Random(1)) is plain


def fitted(monkeypatch, folder, scores: list[float], *, dev=("an utterance",), **settings) -> tuple[float, list[dict]]:
    """(the only weight after `fit`, its log): each epoch adds 1 to the weight, and `scores` are those on synthetic dev."""
    model = torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.zeros_(model.weight)

    def epoch(reader, *_):
        reader.model.weight.data += 1
        return 0.5

    monkeypatch.setattr(fitting, "_epoch", epoch)
    monkeypatch.setattr(fitting, "_exact", lambda reader, _: scores[round(float(reader.model.weight.detach())) - 1])
    fit(Reader(model, None, None), [], dev, Adapt(base="tiny", **settings), folder, print)
    log = [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    return float(model.weight.detach()), log


def test_the_best_epoch_is_kept_and_patience_ends_training(monkeypatch, tmp_path):
    weight, log = fitted(monkeypatch, tmp_path, [0.2, 0.5, 0.5, 0.4, 0.9], epochs=5, patience=2)
    assert weight == 2 and [one["synthetic_dev_exact_match"] for one in log] == [0.2, 0.5, 0.5, 0.4]


def test_more_patience_sees_the_later_best(monkeypatch, tmp_path):
    weight, log = fitted(monkeypatch, tmp_path, [0.2, 0.5, 0.5, 0.4, 0.9], epochs=5, patience=3)
    assert weight == 5 and len(log) == 5


def test_without_synthetic_dev_the_last_epoch_is_kept(monkeypatch, tmp_path):
    weight, log = fitted(monkeypatch, tmp_path, [0.0] * 4, dev=(), epochs=4, patience=1)
    assert weight == 4 and len(log) == 4


def test_what_was_stopped_goes_on_from_its_last_epoch(monkeypatch, tmp_path):
    fitted(monkeypatch, tmp_path, [0.2, 0.5], epochs=2, patience=2)
    assert (tmp_path / CHECKPOINT).is_file()
    weight, log = fitted(monkeypatch, tmp_path, [0.2, 0.5, 0.1, 0.1, 0.9], epochs=5, patience=2)
    assert weight == 2 and len(log) == 4
