"""The network as pretrained: words to predict and labels over one encoder, both losses summed (Devlin et al. 2019)."""

import torch
from torch import nn
from torch.nn import functional
from transformers import XLMRobertaConfig, XLMRobertaForMaskedLM

from lowres.model import MAX_PIECES, Batch, LabelledEncoder, Labels, loss
from lowres.pretraining.config import ModelSize
from lowres.pretraining.tokenizer import SPECIAL


def new_encoder(n_rows: int, size: ModelSize) -> XLMRobertaForMaskedLM:
    """A randomly initialised encoder of `n_rows` token rows with its masked-word head, in the XLM-R architecture."""
    config = XLMRobertaConfig(
        vocab_size=n_rows, hidden_size=size.hidden, num_hidden_layers=size.layers, num_attention_heads=size.heads,
        intermediate_size=size.feed_forward, max_position_embeddings=MAX_PIECES + 2, type_vocab_size=1,
        hidden_dropout_prob=0.1, attention_probs_dropout_prob=0.1, pad_token_id=1, bos_token_id=0, eos_token_id=2,
    )  # fmt: skip
    return XLMRobertaForMaskedLM(config)


def mask_words(batch: Batch, rng: torch.Generator, *, share: float, mask: int, n_pieces: int) -> torch.Tensor:
    """Replace a `share` of whole words in place: 80 % of their pieces by `mask`, 10 % by a random one of `n_pieces`.

    Returns rows, columns and original ids of all pieces to predict, (3, pieces to predict).
    """
    n, width = batch.word_mask.shape
    chosen = (torch.rand(n, width, generator=rng) < share) & batch.word_mask
    piece = chosen.gather(1, batch.word_of_piece.clamp(min=0)) & (batch.word_of_piece >= 0)
    rows, columns = piece.nonzero(as_tuple=True)
    targets = batch.input_ids[rows, columns]
    fate = torch.rand(len(rows), generator=rng)
    replaced = torch.where(fate < 0.8, mask, torch.randint(len(SPECIAL), n_pieces, (len(rows),), generator=rng))
    batch.input_ids[rows, columns] = torch.where(fate < 0.9, replaced, targets)
    return torch.stack([rows, columns, targets])


class Pretrainer(nn.Module):
    """Encoder, masked-word head and label heads as trained together."""

    def __init__(self, masked: XLMRobertaForMaskedLM, labels: Labels) -> None:
        super().__init__()
        self.masked = masked
        self.labelled = LabelledEncoder(masked.roberta, labels)

    def forward(self, batch: Batch, masked: torch.Tensor) -> dict[str, torch.Tensor]:
        """The losses of a batch in nats: 'words' where some are masked, 'labels' where the batch has them."""
        states = self.labelled.hidden(batch)
        losses = {}
        if masked.shape[1]:
            rows, columns, targets = masked
            losses["words"] = functional.cross_entropy(self.masked.lm_head(states[rows, columns]).float(), targets)
        if batch.intents is not None:
            heads = self.labelled
            index = batch.first_piece.unsqueeze(-1).expand(-1, -1, states.shape[-1])
            slots = heads.slot_head(heads.dropout(states.gather(1, index)))
            losses["labels"] = loss(heads.intent_head(heads.dropout(states[:, 0])), slots, batch)
        return losses
