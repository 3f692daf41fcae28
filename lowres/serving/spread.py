"""A base whose linear layers each add the LoRA of the adapters in a block: rows of many languages in one forward pass.

A block is rows of n adapters, equally many of each and one adapter's after another's, so that a layer's input
(rows, pieces, in) is (n, rows of one, in) too, and two products with (n, in, rank) and (n, rank, out) serve all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from lowres.serving.weights import Shapes


@dataclass(slots=True)
class _Turn:
    """A and B of every layer for the block that is read now, the number of its adapters, and that of its rows."""

    parts: Sequence[Tensor] = ()
    n: int = 0
    rows: int = 0


class _Spread(nn.Module):
    """A linear layer that adds what each adapter of the block adds."""

    def __init__(self, linear: nn.Linear, number: int, turn: _Turn) -> None:
        super().__init__()
        self.linear, self.number, self.turn = linear, number, turn

    def forward(self, x: Tensor) -> Tensor:
        """(rows, ..., in) to (rows, ..., out)."""
        turn, own = self.turn, self.linear(x)
        a, b = turn.parts[2 * self.number : 2 * self.number + 2]
        added = x.reshape(turn.n, -1, self.linear.in_features) @ a @ b
        # the shape that all layers share, where it fits: a graph then works it out once
        usual = own.dim() == 3 and own.shape[0] == turn.rows
        return own + (added.reshape(turn.rows, -1, self.linear.out_features) if usual else added.reshape(own.shape))


class SpreadEncoder(nn.Module):
    """Any encoder of transformers with all its linear layers but the pooler's replaced; in single precision, on the CPU."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder, self._turn = encoder, _Turn()
        found = [(n, m) for n, m in encoder.named_modules() if isinstance(m, nn.Linear) and "pooler" not in n.split(".")]
        self.layers = tuple(name for name, _ in found)
        self.shapes: Shapes = tuple((m.in_features, m.out_features) for _, m in found)
        for number, (name, linear) in enumerate(found):
            parent, _, last = name.rpartition(".")
            setattr(encoder.get_submodule(parent), last, _Spread(linear, number, self._turn))
        self.eval().requires_grad_(False)

    def forward(self, embedded: Tensor, mask: Tensor, *parts: Tensor) -> Tensor:
        """The last layer (rows, pieces, hidden) of embeddings (rows, pieces, size) under a mask (rows, pieces) of 0 and 1.

        `parts` are A and B of every layer in turn, see `weights.stack`.
        """
        self._turn.parts, self._turn.n, self._turn.rows = parts, parts[0].shape[0], embedded.shape[0]
        try:
            return self.encoder(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
        finally:
            self._turn.parts = ()

    @torch.inference_mode()
    def read(self, embedded: Tensor, mask: Tensor, parts: Sequence[Tensor]) -> Tensor:
        """As `forward`, without a graph."""
        return self(embedded, mask, *parts)
