"""Looking inside a base: vectors, the nearest translation, pieces, the map; and the verb on real data."""

import json

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lowres.model import PieceReader, read_base
from lowres.probing import best_layer, fairness, flat, nearest, retrieval, sentence_vectors
from lowres.reading import Reader

TEXTS = ("wake me up at nine am", "play", "what's the weather in san francisco next friday evening", "olly!")


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(*read_base("lowres-mini"))


def test_a_sentence_is_the_mean_of_its_pieces_whatever_stands_beside_it(reader):
    together = sentence_vectors(reader, TEXTS)
    for text, vectors in zip(TEXTS, together.transpose(0, 1), strict=True):
        words = [piece for word in text.split() for piece in reader.pieces.pieces(word)]
        ids = torch.tensor([[reader.pieces.first, *words, reader.pieces.last]])
        found = reader.model.encoder(input_ids=ids, attention_mask=torch.ones_like(ids), output_hidden_states=True)
        assert torch.allclose(vectors[-1], found.last_hidden_state[0, 1:-1].mean(0), atol=2e-2)
        assert torch.allclose(vectors[0], found.hidden_states[0][0, 1:-1].mean(0), atol=2e-2)
    assert torch.allclose(sentence_vectors(reader, TEXTS[::-1], size=1).flip(1), together, atol=2e-2)
    assert sentence_vectors(reader, []).shape == (1 + reader.model.config.num_hidden_layers, 0, reader.model.config.hidden_size)


def test_the_layer_is_the_one_in_which_most_is_found():
    rng = torch.Generator().manual_seed(1)
    same, other = torch.randn(40, 16, generator=rng), torch.randn(40, 16, generator=rng)
    layer, means = best_layer([(torch.stack([other, same, same]), torch.stack([same] * 3)), (torch.stack([same, same, other]), torch.stack([same] * 3))])
    assert layer == 1 and means[1] == 1.0 and means[0] == pytest.approx(0.5, abs=0.1)


def test_translations_that_are_the_same_are_found():
    ours = torch.randn(50, 16, generator=torch.Generator().manual_seed(1))
    assert retrieval(ours, 3 * ours).plain.value == 1.0
    assert retrieval(ours, ours.roll(1, 0)).plain.value == 0.0


def test_what_all_sentences_of_a_language_share_can_be_taken_away():
    rng = torch.Generator().manual_seed(1)
    ours, shift = torch.randn(200, 16, generator=rng), 40 * torch.randn(16, generator=rng)
    found = retrieval(ours + shift, ours + 0.3 * torch.randn(200, 16, generator=rng))
    assert found.plain.value < 0.5 < 0.95 < found.centred.value and found.n == 200
    assert found.centred.low <= found.centred.value <= found.centred.high


def test_the_nearest_is_by_direction_not_by_length():
    assert nearest(torch.tensor([[1.0, 0.1]]), torch.tensor([[0.0, 1.0], [90.0, 0.0], [0.9, 0.9]])).tolist() == [1]


def test_pieces_are_counted_word_by_word(reader):
    pieces: PieceReader = reader.pieces
    found = fairness(pieces, ["wake me", "unbelievable"])
    n = sum(len(pieces.pieces(word)) for word in ("wake", "me", "unbelievable"))
    assert found.n_words == 3 and found.per_word == n / 3 and found.per_character == n / 18
    assert fairness(pieces, []).per_word == 0.0


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=2, max_size=12), st.integers(0, 99))
def test_what_differs_in_two_dimensions_keeps_its_distances(points, seed):
    turned, _ = torch.linalg.qr(torch.randn(16, 2, generator=torch.Generator().manual_seed(seed)))
    points = torch.tensor(points, dtype=torch.float32)
    found = flat(points @ turned.T)
    assert found.shape == (len(points), 2)
    assert torch.allclose(torch.cdist(found, found), torch.cdist(points, points), atol=1e-2)


def test_the_verb_measures_a_base_on_real_data(mirror, lowres, tmp_path, reader):
    """Reference: retrieval on the lines of the two files, read here."""
    locales = ("--locale", "en-US", "--locale", "sw-KE")
    done = lowres("probe", "lowres-mini", "--mirror", mirror, "--out", "inside", "--limit", 40, *locales, cwd=tmp_path)
    assert done.rc == 0, done.err
    told = json.loads((tmp_path / "inside" / "probe.json").read_text(encoding="utf-8"))
    assert set(told["zero_shot"]) == {"en-US", "sw-KE"} == set(told["places"])
    assert {"tatoeba-swh-eng swh", "ntrex128 hye"} <= set(told["retrieval"])
    sides = [mirror / "parallel" / "tatoeba" / f"tatoeba.isl-eng.{language}" for language in ("isl", "eng")]
    layer, by_layer = told["layer"], told["by_layer"]
    assert by_layer[layer] == max(by_layer) and len(by_layer) == 1 + reader.model.config.num_hidden_layers
    ours, theirs = (sentence_vectors(reader, side.read_text(encoding="utf-8").splitlines()[:40])[layer] for side in sides)
    expected = [retrieval(ours, theirs), retrieval(theirs, ours)]
    found = [told["retrieval"]["tatoeba-isl-eng isl"][way] for way in ("into English", "from English")]
    shares = [(one["n"], one["plain"]["value"], one["centred"]["value"]) for one in found]
    assert shares == [(one.n, one.plain.value, one.centred.value) for one in expected] and shares[0] != shares[1]
    assert told["pieces"]["utterances"]["en-US"]["per_word"] < told["pieces"]["text"]["ud-text-amh"]["per_word"]
    assert done.out == (tmp_path / "inside" / "probe.md").read_text(encoding="utf-8")
    assert (tmp_path / "inside" / "map.png").read_bytes().startswith(b"\x89PNG")


def test_a_locale_that_nobody_has_is_one_line(mirror, lowres, tmp_path):
    done = lowres("probe", "lowres-mini", "--mirror", mirror, "--locale", "xx-XX", cwd=tmp_path)
    assert done.rc == 1 and done.err.startswith("lowres: probe --locale: no locale 'xx-XX' in massive; ")
    assert not (tmp_path / "probe").exists()
