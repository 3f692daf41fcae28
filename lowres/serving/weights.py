"""An adapter's weights in memory: PEFT's two files in half precision, and LoRA of many adapters stacked for one batch.

LoRA adds scale * (x A) B to a linear layer's output (Hu et al. 2022, arxiv.org/abs/2106.09685). Here A is (in, rank) and
B (rank, out) with the scale in it, one layer after the other in a flat tensor, so that a batch is stacked in one copy.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from torch import Tensor

from lowres.adapter import ADAPTER_FILE, TRANSITIONS_FILE, WEIGHTS_FILE
from lowres.errors import LowresError
from lowres.model import Labels

CONFIG_FILE = "adapter_config.json"
_PREFIX = "base_model.model."
_UNKNOWN = {  # what changes the formula above, and what it must be
    "peft_type": "LORA", "bias": "none", "use_dora": False, "lora_bias": False, "fan_in_fan_out": False, "alpha_pattern": {},
    "use_qalora": False, "use_bdlora": None, "target_parameters": None, "layer_replication": None, "alora_invocation_tokens": None,
}  # fmt: skip
Shapes = tuple[tuple[int, int], ...]  # (in, out) of the linear layers of a base's encoder, in their order


@dataclass(frozen=True, slots=True)
class Lora:
    """The ranks of the layers, 0 where a layer has none, and all A and B in one flat tensor of half precision."""

    ranks: tuple[int, ...]
    flat: Tensor


@dataclass(frozen=True, slots=True)
class Rows:
    """Token embeddings that an adapter has instead of its base's, or behind them: sorted ids (rows,), vectors (rows, size)."""

    ids: Tensor
    vectors: Tensor


@dataclass(frozen=True, slots=True)
class Heads:
    """Weights (labels, hidden) and biases (labels,) of both heads."""

    intent: tuple[Tensor, Tensor]
    slot: tuple[Tensor, Tensor]

    def only(self, own: Labels, labels: Labels) -> "Heads":
        """The rows for `labels` of heads whose labels are `own`."""
        pairs = ((self.intent, own.intents, labels.intents), (self.slot, own.slots, labels.slots))
        return Heads(*(_selected(head, [names.index(one) for one in wanted]) for head, names, wanted in pairs))


def _selected(head: tuple[Tensor, Tensor], rows: list[int]) -> tuple[Tensor, Tensor]:
    return head if rows == list(range(len(head[1]))) else (head[0][rows], head[1][rows])


@dataclass(frozen=True, slots=True)
class Weights:
    """All that was trained of an adapter, and its label transitions (slots, slots)."""

    lora: Lora
    rows: Rows | None
    heads: Heads | None
    transitions: Tensor


def read_weights(folder: Path, layers: Sequence[str], shapes: Shapes, embedding: str) -> Weights:
    """The weights of the adapter in `folder` over a base with these linear layers; LowresError of any other file.

    `layers` and `embedding` are names of modules of a `LabelledEncoder`.
    """
    if (folder / WEIGHTS_FILE).is_file():
        raise LowresError(folder, "all weights, no adapter", "an adapter: adapt.full is for comparisons")
    config = _read_config(folder / CONFIG_FILE)
    state = {name.removeprefix(_PREFIX): value for name, value in _read_tensors(folder / ADAPTER_FILE).items()}
    transitions = _read_tensors(folder / TRANSITIONS_FILE).get("transitions")
    lora, rows, heads = _lora(state, config, layers, shapes, folder), _rows(state, config, embedding, folder), _heads(state)
    if state or transitions is None:
        what = f"a tensor '{next(iter(state))}' that the base has no place for" if state else "no label transitions"
        raise LowresError(folder, what, "an adapter of this base")
    return Weights(lora, rows, heads, transitions.clone())


def _read_config(path: Path) -> dict[str, Any]:
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
        wrong = [key for key, value in _UNKNOWN.items() if config.get(key, value) != value]
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise LowresError(path, f"cannot be read ({error})", "PEFT's configuration of a LoRA adapter") from None
    if wrong:
        raise LowresError(path, f"{wrong[0]}: {config[wrong[0]]}", f"{wrong[0]}: {_UNKNOWN[wrong[0]]}")
    return config


def _read_tensors(path: Path) -> dict[str, Tensor]:
    """All tensors in half precision; LowresError where one holds what is no number."""
    from safetensors.torch import load_file

    try:
        found = {name: value.half() for name, value in load_file(path).items()}
    except (OSError, SafetensorError, ValueError, RuntimeError, KeyError) as error:
        raise LowresError(path, f"cannot be read ({str(error)[:100]})", "tensors as lowres adapt writes them") from None
    for name, value in found.items():
        if not bool(value.isfinite().all()):
            raise LowresError(path, f"'{name}' holds what is no number", "finite numbers")
    return found


def _lora(state: dict[str, Tensor], config: dict, layers: Sequence[str], shapes: Shapes, folder: Path) -> Lora:
    """Takes the LoRA tensors out of `state`."""
    ranks, parts = [], []
    for layer, (size_in, size_out) in zip(layers, shapes, strict=True):
        a, b = (state.pop(f"{layer}.lora_{side}.weight", None) for side in "AB")
        if a is None and b is None:
            ranks.append(0)
            continue
        rank = a.shape[0] if a is not None and a.ndim == 2 else 0
        if b is None or not rank or (*a.shape, *b.shape) != (rank, size_in, size_out, rank):
            raise LowresError(folder, f"LoRA of '{layer}' does not fit", f"A of (rank, {size_in}), B of ({size_out}, rank)")
        ranks.append(rank)
        parts += [a.T.reshape(-1), (b.T.float() * _scale(config, rank, folder)).half().reshape(-1)]
    return Lora(tuple(ranks), torch.cat(parts) if parts else torch.zeros(0, dtype=torch.half))


def _scale(config: dict, rank: int, folder: Path) -> float:
    alpha = config.get("lora_alpha")
    if not isinstance(alpha, int | float) or not abs(alpha) <= 1e6:
        raise LowresError(folder / CONFIG_FILE, f"lora_alpha: {alpha}", "a number")
    return alpha / (math.sqrt(rank) if config.get("use_rslora") else rank)


def _rows(state: dict[str, Tensor], config: dict, embedding: str, folder: Path) -> Rows | None:
    """Takes the token rows out of `state`."""
    vectors = state.pop(f"{embedding}.token_adapter.trainable_tokens_delta", None)
    listed = config.get("trainable_token_indices") or {}
    if vectors is None and not listed:
        return None
    ids = listed.get(embedding) if isinstance(listed, dict) and len(listed) == 1 else None
    whole = isinstance(ids, list) and all(type(one) is int and 0 <= one < 1 << 31 for one in ids)
    if vectors is None or not whole or vectors.ndim != 2 or len(vectors) != len(ids) or len(set(ids)) != len(ids):
        raise LowresError(folder, "token rows that do not fit their indices", "one row for each of trainable_token_indices")
    order = torch.tensor(ids, dtype=torch.int32).argsort()
    return Rows(torch.tensor(ids, dtype=torch.int32)[order], vectors[order])


def _heads(state: dict[str, Tensor]) -> Heads | None:
    """Takes the heads out of `state`."""
    names = [f"{head}.{part}" for head in ("intent_head", "slot_head") for part in ("weight", "bias")]
    if not all(name in state for name in names):
        return None
    intent, intent_bias, slot, slot_bias = (state.pop(name).clone() for name in names)  # a part of the file would keep all of it
    return Heads((intent, intent_bias), (slot, slot_bias))


class Scratch:
    """Memory that is used again and again: what was taken under a name is overwritten when it is taken anew."""

    def __init__(self) -> None:
        self._kept: dict[str, Tensor] = {}

    def take(self, name: str, *shape: int, dtype: torch.dtype = torch.float) -> Tensor:
        """A tensor of that shape; what is in it is left over."""
        size = math.prod(shape)
        kept = self._kept.get(name)
        if kept is None or kept.numel() < size:
            kept = self._kept[name] = torch.empty(size, dtype=dtype)
        return kept[:size].view(shape)


def stack(loras: Sequence[Lora | None], shapes: Shapes, scratch: Scratch) -> list[Tensor]:
    """A (adapters, in, rank) and B (adapters, rank, out) of every layer, in single precision; None stands for no adapter.

    They are in `scratch`: the next call overwrites them.
    """
    kinds = {lora.ranks for lora in loras if lora is not None}
    if len(kinds) == 1:
        ranks, size = kinds.pop(), next(len(lora.flat) for lora in loras if lora is not None)
        flats = [torch.zeros(size, dtype=torch.half) if lora is None else lora.flat for lora in loras]
        halves = torch.stack(flats, out=scratch.take("halves", len(flats), size, dtype=torch.half))
        return _layers(halves, ranks, shapes, scratch.take("parts", len(flats) * size))
    most = [max([1, *(ranks[i] for ranks in kinds)]) for i in range(len(shapes))]
    out = [torch.zeros(len(loras), *size) for rank, (n, m) in zip(most, shapes, strict=True) for size in ((n, rank), (rank, m))]
    for row, lora in enumerate(loras):
        _fill([one[row] for one in out], lora, shapes)
    return out


def _layers(flat: Tensor, ranks: Sequence[int], shapes: Shapes, room: Tensor) -> list[Tensor]:
    """The parts of stacked flat tensors (adapters, all) in single precision, each contiguous in `room` (adapters * all,)."""
    n, out, at = len(flat), [], 0
    if n == 1:
        room.copy_(flat[0])
    for rank, (size_in, size_out) in zip(ranks, shapes, strict=True):
        for size in ((size_in, rank), (rank, size_out)) if rank else ():
            end = at + size[0] * size[1]
            part = room[n * at : n * end].view(n, *size)
            out.append(part if n == 1 else part.copy_(flat[:, at:end].view(n, *size)))
            at = end
        if not rank:
            out += [torch.zeros(n, size_in, 1), torch.zeros(n, 1, size_out)]
    return out


def _fill(out: Sequence[Tensor], lora: Lora | None, shapes: Shapes) -> None:
    """Write one adapter's parts into the corners of larger ones."""
    if lora is None or not any(lora.ranks):
        return
    parts = _layers(lora.flat[None], lora.ranks, shapes, torch.empty(len(lora.flat)))
    for i, rank in enumerate(lora.ranks):
        if rank:
            out[2 * i][:, :rank] = parts[2 * i][0]
            out[2 * i + 1][:rank] = parts[2 * i + 1][0]
