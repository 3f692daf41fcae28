"""The network as pretrained: one encoder under all objectives, each a loss in nats or a cosine distance."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import XLMRobertaConfig, XLMRobertaForMaskedLM

from lowres.model import IGNORE, MAX_PIECES, LabelledEncoder, Labels
from lowres.pretraining.config import ModelSize
from lowres.pretraining.store import Rows, Special

N_SOUND_FEATURES = 24  # of panphon
_WARMTH = 0.05  # temperature of the contrast


def new_encoder(n_rows: int, size: ModelSize) -> XLMRobertaForMaskedLM:
    """A randomly initialised encoder of `n_rows` token rows with its masked-word head, in the XLM-R architecture."""
    config = XLMRobertaConfig(
        vocab_size=n_rows, hidden_size=size.hidden, num_hidden_layers=size.layers, num_attention_heads=size.heads,
        intermediate_size=size.feed_forward, max_position_embeddings=MAX_PIECES + 2, type_vocab_size=1,
        hidden_dropout_prob=0.1, attention_probs_dropout_prob=0.1, pad_token_id=1, bos_token_id=0, eos_token_id=2,
    )  # fmt: skip
    return XLMRobertaForMaskedLM(config)


def hide_words(rows: Rows, share: float, special: Special, rng: torch.Generator) -> Tensor:
    """Hide a `share` of whole words in place: 80 % of their pieces by the mask, 10 % by a random piece.

    Returns rows, columns and original ids of all pieces to predict, (3, pieces to predict).
    """
    device = rows.ids.device
    chosen = torch.rand(len(rows.row), generator=rng, device=device) < share
    row, column = (chosen[rows.word.clamp(min=0)] & (rows.word >= 0)).nonzero(as_tuple=True)
    targets = rows.ids[row, column]
    fate = torch.rand(len(row), generator=rng, device=device)
    other = torch.randint(special.n, special.n_pieces, (len(row),), generator=rng, device=device)
    replaced = torch.where(fate < 0.8, torch.full_like(other, special.mask), other)
    rows.ids[row, column] = torch.where(fate < 0.9, replaced, targets)
    return torch.stack([row, column, targets])


class Learner(nn.Module):
    """Encoder, masked-word head and label heads as trained together."""

    def __init__(self, masked: XLMRobertaForMaskedLM, labels: Labels, n_languages: int = 1) -> None:
        super().__init__()
        self.masked = masked
        self.labelled = LabelledEncoder(masked.roberta, labels)
        self.sound_head = nn.Linear(masked.config.hidden_size, N_SOUND_FEATURES)
        self.language_head = nn.Linear(masked.config.hidden_size, n_languages)

    def states(self, rows: Rows) -> Tensor:
        """(rows, pieces, hidden)."""
        return self.labelled.encoder(input_ids=rows.ids, attention_mask=rows.mask).last_hidden_state

    def words_loss(self, states: Tensor, hidden: Tensor) -> Tensor:
        """Cross entropy of the hidden pieces, as `hide_words` gives them."""
        row, column, targets = hidden
        return functional.cross_entropy(self.masked.lm_head(states[row, column]).float(), targets)

    def sound_loss(self, states: Tensor, rows: Rows, hidden: Tensor, sounds: Tensor) -> Tensor | None:
        """Mean squared error of the features (sounds, features) of hidden words; None where nobody knows any."""
        words = rows.word[hidden[0], hidden[1]].unique()
        words = words[(rows.sound[words] >= 0) & (rows.column[words] > 0)]
        if not len(words):
            return None
        found = self.sound_head(states[rows.row[words], rows.column[words]])
        return functional.mse_loss(found.float(), sounds[rows.sound[words]])

    def language_loss(self, states: Tensor, rows: Rows, away: bool) -> Tensor:
        """Cross entropy of the language; trained `away` from it, the states lose what the head finds (Ganin and Lempitsky,
        2015; Adams et al., 2019)."""
        pooled = self.pooled(states, rows)
        return functional.cross_entropy(self.language_head(_Reversed.apply(pooled) if away else pooled).float(), rows.language)

    def heads(self, states: Tensor, rows: Rows) -> tuple[Tensor, Tensor]:
        """Logits: intents (rows, intents), slots (words, slots)."""
        own = self.labelled
        return own.intent_head(own.dropout(states[:, 0])).float(), own.slot_head(own.dropout(states[rows.row, rows.column])).float()

    def labels_loss(self, states: Tensor, rows: Rows) -> Tensor:
        """Mean cross entropy of intents plus that of slots per word."""
        intents, slots = self.heads(states, rows)
        intent = functional.cross_entropy(intents, rows.intent, ignore_index=IGNORE)
        return intent + functional.cross_entropy(slots, rows.slot, ignore_index=IGNORE)

    def pooled(self, states: Tensor, rows: Rows) -> Tensor:
        """Mean over words, (rows, hidden)."""
        inside = (rows.word >= 0).unsqueeze(-1).to(states.dtype)
        return (states * inside).sum(1) / inside.sum(1).clamp(min=1)

    def contrast_loss(self, one: Tensor, other: Tensor) -> Tensor:
        """InfoNCE both ways between pooled states of the same meaning, (rows, hidden) each."""
        one, other = (functional.normalize(side.float(), dim=-1) for side in (one, other))
        with torch.autocast(one.device.type, enabled=False):  # which would make the products coarse again
            scores, own = one @ other.T / _WARMTH, torch.arange(len(one), device=one.device)
        return (functional.cross_entropy(scores, own) + functional.cross_entropy(scores.T, own)) / 2

    def guided_losses(
        self, states: Tensor, rows: Rows, aim: tuple[Tensor, tuple[Tensor, Tensor]], original: Rows
    ) -> tuple[Tensor, Tensor]:
        """How far each word and the whole are from the states aimed at (cosine distance), and how far the labels are from
        those aimed at (Kullback-Leibler, of intents and of slots per word). `aim` is of `original`, the same word by word."""
        aimed, labels = aim
        both = (rows.column > 0) & (original.column > 0)
        ours = torch.cat([states[rows.row[both], rows.column[both]], states[:, 0]])
        theirs = torch.cat([aimed[original.row[both], original.column[both]], aimed[:, 0]])
        near = 1 - functional.cosine_similarity(ours.float(), theirs.float()).mean()
        intents, slots = self.heads(states, rows)
        return near, apart(intents, labels[0]) + apart(slots[both], labels[1][both])


class _Reversed(torch.autograd.Function):
    """The same forwards, the gradient reversed."""

    @staticmethod
    def forward(ctx: Any, states: Tensor) -> Tensor:
        return states.view_as(states)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        return -gradient


def apart(ours: Tensor, theirs: Tensor) -> Tensor:
    """Kullback-Leibler divergence of their distribution from ours, of logits (rows, labels), a mean over rows."""
    ours, theirs = ours.float().log_softmax(-1), theirs.float().log_softmax(-1)
    return functional.kl_div(ours, theirs, reduction="batchmean", log_target=True)
