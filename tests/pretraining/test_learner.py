"""The objectives, one by one."""

import copy

import pytest
import torch
from torch.nn import functional

from lowres.model import IGNORE, Example, Labels, PieceReader
from lowres.pretraining.config import LossWeights, ModelSize
from lowres.pretraining.learner import N_SOUND_FEATURES, Learner, hide_words, new_encoder
from lowres.pretraining.steps import Library, step_losses
from lowres.pretraining.store import Special, Switch, Text, lay_out, shelve, store_texts
from lowres.pretraining.tokenizer import SPECIAL, train_tokenizer

READER = PieceReader(train_tokenizer(["wake me up at five am"] * 20, vocabulary=300, spare=0))
SPECIALS = Special(READER.first, READER.pad, READER.tokenizer.mask_token_id, len(SPECIAL), len(READER.tokenizer))
LABELS = Labels(("a", "b", "c"), ("O", "x", "y"))
SIZE = ModelSize(layers=1, hidden=16, heads=2, feed_forward=32)


def _rng(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _examples(n: int) -> list[Example]:
    """Texts of 2 to 6 words of 1 to 3 pieces, all labelled."""
    made = []
    for k in range(n):
        pieces = tuple(tuple(20 + (k * 7 + w * 3 + p) % 200 for p in range(1 + (k + w) % 3)) for w in range(2 + k % 5))
        made.append(Example(pieces, intent=k % 3, slots=tuple((k + w) % 3 for w in range(len(pieces)))))
    return made


@pytest.fixture
def learner() -> Learner:
    torch.manual_seed(1)
    return Learner(new_encoder(len(READER.tokenizer), SIZE), LABELS, n_languages=2).eval()


def _text(k: int, example: Example) -> Text:
    numbers = [w % 2 for w in range(len(example.pieces))]
    return Text(example, numbers if k < 30 else [], [-1 if w == 0 else (k + w) % 3 for w in range(len(numbers))], k // 30)


@pytest.fixture
def library() -> Library:
    """Texts 0 to 29 in one locale, 30 to 59 the same in another; every word of the first is of type 0 or 1, and every word
    but the first of a text sounds like one of three."""
    examples = _examples(30) * 2
    store = store_texts(map(_text, range(60), examples), READER.last)
    behind = len(store.pieces)
    store.pieces = torch.cat([store.pieces, torch.tensor([250, 251], dtype=torch.int32)])
    switch = Switch(
        torch.tensor([[0, 1]] * 2), torch.tensor([[1, 1], [0, 0]]), torch.tensor([behind, behind + 1]), torch.tensor([1, 1])
    )
    one, other = list(range(30)), list(range(30, 60))
    labelled, pairs = shelve({"d/en-US": one, "d/xx-XX": other}), shelve({"x": list(zip(other, one, strict=True))}, width=2)
    return Library(
        store=store, special=SPECIALS, labelled=labelled, shared=labelled, text=shelve({"x": other}), verses=pairs, entries=pairs,
        groups=torch.tensor([one, other]).T, meaning=torch.arange(30).repeat(2), english=shelve({"verses": one}),
        source=shelve({"d/en-US": one}), switch=switch, any_language=torch.tensor([1.0, 1.0]), open_language=torch.tensor([0.0, 1.0]),
        sounds=torch.tensor([[-1.0], [0.0], [1.0]]).expand(3, N_SOUND_FEATURES).contiguous(),
    )  # fmt: skip


def test_whole_words_are_hidden():
    store = store_texts(map(Text, _examples(200)), READER.last)
    rows = lay_out(store, torch.arange(200)[:, None], SPECIALS)
    before = rows.ids.clone()
    hidden = hide_words(rows, 0.4, SPECIALS, _rng())
    touched = torch.zeros_like(before, dtype=torch.bool)
    touched[hidden[0], hidden[1]] = True
    words, shown = set(rows.word[touched].tolist()), set(rows.word[~touched & (rows.word >= 0)].tolist())
    assert words and not words & shown and -1 not in words
    assert torch.equal(hidden[2], before[touched]) and torch.equal(rows.ids[~touched], before[~touched])
    assert 0.75 < (rows.ids[touched] == SPECIALS.mask).float().mean() < 0.85
    assert 0.35 < len(words) / len(words | shown) < 0.45
    assert hide_words(rows, 0.0, SPECIALS, _rng()).shape == (3, 0)


def test_label_losses_are_cross_entropies_over_words(learner):
    examples = _examples(5)
    store = store_texts(map(Text, examples), READER.last)
    rows = lay_out(store, torch.arange(5)[:, None], SPECIALS)
    states = learner.states(rows)
    intents, slots = learner.labelled.intent_head(states[:, 0]), []
    gold = []
    for row, example in enumerate(examples):
        at = 1
        for ids, slot in zip(example.pieces, example.slots, strict=True):
            slots.append(learner.labelled.slot_head(states[row, at]))
            gold.append(slot)
            at += len(ids)
    expected = functional.cross_entropy(intents, torch.tensor([e.intent for e in examples]))
    expected = expected + functional.cross_entropy(torch.stack(slots), torch.tensor(gold))
    assert torch.allclose(learner.labels_loss(states, rows), expected, atol=1e-5)
    assert (rows.slot == IGNORE).sum() == 5  # the separators


def test_contrast_tells_the_same_meaning_from_others(learner):
    apart = torch.eye(6, 16)
    assert learner.contrast_loss(apart, apart) < 1e-6
    assert learner.contrast_loss(apart, apart.roll(1, 0)) > 10
    same = torch.ones(6, 16)
    assert float(learner.contrast_loss(same, same)) == pytest.approx(torch.log(torch.tensor(6.0)).item(), abs=1e-5)


def test_what_is_read_as_the_original_costs_nothing(learner, library):
    rows = lay_out(library.store, torch.arange(8)[:, None], SPECIALS)
    states = learner.states(rows)
    near, apart = learner.guided_losses(states, rows, (states, learner.heads(states, rows)), rows)
    assert near < 1e-6 and apart < 1e-6
    mirrored = states.flip(-1)
    near, apart = learner.guided_losses(states, rows, (mirrored, learner.heads(mirrored, rows)), rows)
    assert near > 0.1 and apart > 1e-3


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("labelled", {"words", "labels"}), ("source", {"words", "labels"}), ("text", {"words"}), ("parallel", {"words"}), ("verses", {"words"}), ("entries", {"words"}),
        ("aligned_utterances", {"contrast"}), ("aligned_verses", {"contrast"}), ("aligned_entries", {"contrast"}),
        ("switched", {"near", "apart"}), ("relabelled", {"near", "apart", "labels"}),
    ],
)  # fmt: skip
def test_every_kind_has_its_losses_and_they_train(learner, library, kind, names):
    assert library.has(kind)
    losses, n_pieces = step_losses(learner, learner, library, kind, 400, 0.5, LossWeights(), _rng())
    assert set(losses) == names and 100 < n_pieces < 1500
    sum(losses.values()).backward()
    assert learner.masked.roberta.embeddings.word_embeddings.weight.grad.abs().sum() > 0


def test_labelled_utterances_are_switched_into_open_languages_alone(learner, library):
    """The only open language has no translations: the switched text is the original."""
    from lowres.pretraining.steps import draw_switched

    original, rows = draw_switched(library, 600, _rng(), labelled=True)
    assert torch.equal(original.ids, rows.ids)
    original, rows = draw_switched(library, 600, _rng(), labelled=False)
    assert (rows.ids >= 250).any() and not (original.ids >= 250).any()


def test_what_is_aimed_at_is_read_without_dropout_and_is_not_trained(learner, library, monkeypatch):
    read, states = [], learner.states

    def spy(rows):
        found = states(rows)
        read.append((learner.training, found.requires_grad))
        return found

    monkeypatch.setattr(learner, "states", spy)
    learner.train()
    step_losses(learner, learner, library, "switched", 400, 0.0, LossWeights(), _rng())
    assert read == [(False, False), (True, True)] and learner.training


def test_a_teacher_says_what_is_aimed_at(learner, library):
    """A teacher that is the model itself, before it is changed."""
    teacher = copy.deepcopy(learner)
    with torch.no_grad():
        learner.masked.roberta.embeddings.word_embeddings.weight.add_(torch.randn(1, 16))
    own, _ = step_losses(learner, learner, library, "switched", 400, 0.0, LossWeights(), _rng())
    told, _ = step_losses(learner, teacher, library, "switched", 400, 0.0, LossWeights(), _rng())
    assert told["near"] > own["near"]


def test_sounds_are_learnt_of_hidden_words_that_have_some(learner, library):
    rows = lay_out(library.store, torch.arange(20)[:, None], SPECIALS)
    hidden = hide_words(rows, 0.5, SPECIALS, _rng())
    states = learner.states(rows)
    words = sorted({int(rows.word[r, c]) for r, c in hidden[:2].T} & set((rows.sound >= 0).nonzero()[:, 0].tolist()))
    errors = [(learner.sound_head(states[rows.row[w], rows.column[w]]) - library.sounds[rows.sound[w]]) ** 2 for w in words]
    assert learner.sound_loss(states, rows, hidden, library.sounds).item() == pytest.approx(torch.stack(errors).mean().item(), abs=1e-5)
    assert len(words) < len(set(rows.word[hidden[0], hidden[1]].tolist()))  # a first word sounds like nothing
    assert learner.sound_loss(states, rows, hidden[:, :0], library.sounds) is None


@pytest.mark.parametrize(("counts", "names"), [(LossWeights(sound=1), {"words", "sound"}), (LossWeights(language=-1), {"words", "language"})])
def test_sound_and_language_are_learnt_where_they_count(learner, library, counts, names):
    losses, _ = step_losses(learner, learner, library, "text", 400, 0.5, counts, _rng())
    assert set(losses) == names


def test_away_from_language_the_head_learns_what_the_states_lose(learner, library):
    rows = lay_out(library.store, torch.arange(60)[:, None], SPECIALS)
    gradients = []
    for away in (False, True):
        learner.zero_grad()
        learner.language_loss(learner.states(rows), rows, away).backward()
        gradients.append([p.grad.clone() for p in (learner.language_head.weight, learner.masked.roberta.embeddings.word_embeddings.weight)])
    (head, states), (same, reversed_) = gradients
    assert torch.allclose(head, same) and torch.allclose(states, -reversed_) and states.abs().sum() > 0


@pytest.mark.parametrize("kind", ["labelled", "source", "text", "parallel", "verses", "entries"])
def test_a_language_is_told_of_texts_in_one(learner, library, kind):
    losses, _ = step_losses(learner, learner, library, kind, 400, 0.5, LossWeights(language=1), _rng())
    assert ("language" in losses) == (kind in ("labelled", "source", "text"))


def test_the_layers_learn_from_switched_text_where_the_teacher_is_the_model_and_products_are_coarse(learner, library):
    """Autocast keeps weights that it made coarse: those of the teacher, without a gradient, must not be used again."""
    learner.train()
    with torch.autocast("cpu", torch.bfloat16):
        losses, _ = step_losses(learner, learner, library, "switched", 400, 0.0, LossWeights(), _rng())
    sum(losses.values()).backward()
    layer = learner.masked.roberta.encoder.layer[0]
    assert all(one.weight.grad is not None and one.weight.grad.any() for one in (layer.attention.self.value, layer.intermediate.dense))
