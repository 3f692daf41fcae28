"""Texts as flat tensors: laid out as `model.collate` does, switched word by word, drawn fairly."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lowres.model import IGNORE, MAX_PIECES, Example, PieceReader, collate
from lowres.pretraining.store import Special, Switch, Text, lay_out, shelve, similar, store_texts, unroll, words_of
from lowres.pretraining.tokenizer import SPECIAL, train_tokenizer

READER = PieceReader(train_tokenizer(["wake me up at five am"] * 20, vocabulary=300, spare=0))
SPECIALS = Special(READER.first, READER.pad, READER.tokenizer.mask_token_id, len(SPECIAL), len(READER.tokenizer))

word = st.lists(st.integers(len(SPECIAL), 299), min_size=1, max_size=16).map(tuple)
text = st.lists(word, min_size=1, max_size=48).map(tuple)


def _labelled(pieces: tuple) -> Example:
    return Example(pieces, intent=len(pieces) % 3, slots=tuple(len(ids) % 4 for ids in pieces))


def _rng(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@settings(deadline=None)
@given(st.lists(text, min_size=1, max_size=5))
def test_rows_are_those_of_collate(texts):
    """Reference: the batch that predictions are made on, which joins and pads row by row."""
    examples = [_labelled(pieces) for pieces in texts]
    store = store_texts(map(Text, examples), READER.last)
    rows = lay_out(store, torch.arange(len(texts))[:, None], SPECIALS)
    batch = collate(examples, READER)
    whole = batch.attention_mask.sum(1) < MAX_PIECES  # collate keeps the last separator of a text that is cut off
    assert torch.equal(rows.ids[whole], batch.input_ids[whole]) and torch.equal(rows.mask, batch.attention_mask)
    assert rows.ids.shape == batch.input_ids.shape and torch.equal(rows.ids[:, : MAX_PIECES - 1], batch.input_ids[:, : MAX_PIECES - 1])
    assert torch.equal(rows.intent, batch.intents)
    told = torch.full_like(batch.slots, IGNORE)
    real = rows.column > 0
    place = {(int(r), int(c)): int(s) for r, c, s in zip(rows.row[real], rows.column[real], rows.slot[real], strict=True)}
    for row, columns in enumerate(batch.first_piece.tolist()):
        for k in range(len(texts[row])):
            told[row, k] = place.get((row, columns[k]), IGNORE)
    inside = batch.word_mask & (batch.first_piece < MAX_PIECES - 2)
    assert torch.equal(told[inside], batch.slots[inside])


@settings(deadline=None)
@given(st.lists(text, min_size=2, max_size=6))
def test_texts_of_one_row_stand_one_after_another(texts):
    store = store_texts((Text(Example(one)) for one in texts), READER.last)
    chosen = torch.tensor([[0, 1], [1, -1]])
    rows = lay_out(store, chosen, SPECIALS)
    flat = [[piece for n in some for ids in (*texts[n], (READER.last,)) for piece in ids] for some in ((0, 1), (1,))]
    for row, pieces in zip(rows.ids.tolist(), flat, strict=True):
        assert row[0] == READER.first and [one for one in row if one != READER.pad][1:] == pieces[: len(row) - 1]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5)), max_size=20))
def test_unroll_goes_through_every_run(runs):
    start, size = torch.tensor(runs, dtype=torch.long).reshape(-1, 2).T
    owner, place = unroll(start, size)
    assert place.tolist() == [a + k for a, n in runs for k in range(n)]
    assert owner.tolist() == [i for i, (_, n) in enumerate(runs) for _ in range(n)]


@settings(deadline=None)
@given(st.lists(st.integers(2, 200), min_size=1, max_size=300), st.integers(16, 2000), st.integers(0, 99))
def test_rows_of_like_size_keep_to_the_budget(sizes, budget, seed):
    sizes = torch.tensor(sizes)
    chosen = similar(sizes, budget, _rng(seed))
    assert len(chosen) and len(set(chosen.tolist())) == len(chosen)
    kept = sizes[chosen].clamp(max=MAX_PIECES)
    assert kept.sum() <= 2 * max(budget, MAX_PIECES) + MAX_PIECES
    between = (sizes > sizes[chosen].min()) & (sizes < sizes[chosen].max())
    assert set(between.nonzero()[:, 0].tolist()) <= set(chosen.tolist())


def test_every_row_is_as_likely_as_any_other():
    """Short rows and long ones: a batch of the shortest holds many more."""
    sizes, rng = torch.cat([torch.full((80,), 3), torch.full((20,), 60)]), _rng()
    times = torch.zeros(100)
    for _ in range(6000):
        times[similar(sizes, 120, rng)] += 1
    assert times.min() > 0.75 * times.mean() and times.max() < 1.35 * times.mean()


def test_languages_are_drawn_by_the_root_of_their_size():
    shelf = shelve({"big": list(range(900)), "none": [], "small": list(range(900, 1000))})
    texts = shelf.texts[shelf.draw(20_000, _rng())][:, 0]
    assert abs((texts < 900).float().mean() - 0.75) < 0.02
    assert set(texts.tolist()) == set(range(1000))
    again = shelf.texts[shelf.draw_in(torch.tensor([1, 1]), _rng())]
    assert (again >= 900).all() and len(shelve({}, width=2)) == 0


@pytest.fixture
def two() -> tuple:
    """Words 0 and 1 of the source's lexicon; in language 0 only word 1 has translations, (40) and (41, 42)."""
    store = store_texts([Text(Example(((20,), (21, 22), (23,))), [0, 1, -1])], READER.last)
    behind = len(store.pieces)
    store.pieces = torch.cat([store.pieces, torch.tensor([40, 41, 42], dtype=torch.int32)])
    switch = Switch(
        torch.tensor([[0, 0]]), torch.tensor([[0, 2]]), torch.tensor([behind, behind + 1]), torch.tensor([1, 2]),
    )  # fmt: skip
    return store, switch


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_only_words_with_a_translation_are_switched(two, share):
    store, switch = two
    texts = torch.zeros(200, 1, dtype=torch.long)
    words = words_of(store, texts)
    runs = switch.runs(store, *words, torch.zeros(200, dtype=torch.long), torch.full((200,), share), _rng())
    rows = lay_out(store, texts, SPECIALS, words, runs)
    said = {tuple(one for one in row if one >= len(SPECIAL)) for row in rows.ids.tolist()}
    assert said == ({(20, 40, 23), (20, 41, 42, 23)} if share else {(20, 21, 22, 23)})
    assert rows.row.tolist() == lay_out(store, texts, SPECIALS, words).row.tolist()


def test_a_share_of_the_words_is_switched(two):
    store, switch = two
    words = words_of(store, torch.zeros(4000, 1, dtype=torch.long))
    start, _ = switch.runs(store, *words, torch.zeros(4000, dtype=torch.long), torch.full((4000,), 0.3), _rng())
    assert abs((start >= len(store.pieces) - 3).float().mean() - 0.3 / 4) < 0.01
