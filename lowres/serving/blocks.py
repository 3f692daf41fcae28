"""Readings of many adapters' utterances arranged in blocks, embedded, and read in one forward pass a block.

Rows are gathered in numpy, whose calls cost a fraction of torch's where arrays are small.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import torch
from torch import Tensor

from lowres.model import MAX_PIECES, Example
from lowres.serving.base import Base, Resident
from lowres.serving.weights import stack

MAX_ROWS = 32  # more in a block is slower: the outputs of the layers outgrow the cache of a core
Forward = Callable[[Tensor, Tensor, Sequence[Tensor]], Tensor]  # see `spread.SpreadEncoder.read`
Logits = tuple[Tensor, Tensor]  # intents (intents,), slots (words, slots)


@dataclass(frozen=True, slots=True)
class Row:
    """One reading of one utterance: who reads it, and its words and glosses in pieces."""

    reader: Resident
    example: Example


Groups = Sequence[Sequence[Row]]  # each of one reader, all of one size


@dataclass(frozen=True, slots=True)
class _Flat:
    """A row's tokens in order: ids, the word of each (-1 for the special ones), and the position of each word's first piece."""

    ids: list[int]
    words: list[int]
    firsts: list[int]


def read_rows(rows: Sequence[Row], base: Base, forward: Forward, most: int = MAX_ROWS) -> list[Logits]:
    """What the model says of each row, in the order given."""
    found: dict[int, Logits] = {}
    for block in arrange(rows, most):
        for group, logits in zip(block, _read_block([[rows[i] for i in group] for group in block], base, forward), strict=True):
            found.update(zip(group, logits, strict=True))
    return [found[i] for i in range(len(rows))]


def arrange(rows: Sequence[Row], most: int) -> Iterator[list[list[int]]]:
    """Blocks of groups of row numbers: a group has one reader, groups of a block have one size, rows are of like length."""
    readers: dict[int, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        readers[id(row.reader)].append(i)
    sizes: dict[int, list[list[int]]] = defaultdict(list)
    for group in readers.values():
        group.sort(key=lambda i: rows[i].example.n_pieces)
        for start in range(0, len(group), most):
            sizes[len(group[start : start + most])].append(group[start : start + most])
    for size, groups in sizes.items():
        groups.sort(key=lambda group: rows[group[-1]].example.n_pieces)
        step = max(1, most // size)
        yield from (groups[start : start + step] for start in range(0, len(groups), step))


def _read_block(groups: Groups, base: Base, forward: Forward) -> list[list[Logits]]:
    flat = [_flatten(row) for group in groups for row in group]
    embedded, mask = _embed(groups, flat, base)
    parts = stack([group[0].reader.lora for group in groups], base.encoder.shapes, base.scratch)
    return _logits(groups, flat, forward(embedded, mask, parts))


def _flatten(row: Row) -> _Flat:
    """As `model.collate` has it."""
    pieces = row.reader.pieces
    ids = [] if pieces.first is None else [pieces.first]
    words, firsts = [-1] * len(ids), []
    for index, of_word in enumerate(row.example.pieces):
        firsts.append(min(len(ids), MAX_PIECES - 2))
        kept = of_word[: max(0, MAX_PIECES - 1 - len(ids))]
        ids += kept
        words += [index] * len(kept)
    if pieces.last is not None:
        ids.append(pieces.last)
        words.append(-1)
    return _Flat(ids, words, firsts)


def _embed(groups: Groups, flat: Sequence[_Flat], base: Base) -> tuple[Tensor, Tensor]:
    """Embeddings (rows, pieces, size), 0 where there is no piece, and the mask (rows, pieces) of those that are."""
    lengths = np.array([len(one.ids) for one in flat])
    mask = np.arange(lengths.max()) < lengths[:, None]
    embedded = np.zeros((*mask.shape, base.table.shape[1]), np.float32)
    embedded[mask] = _with_glosses(groups, flat, base)
    return torch.from_numpy(embedded), torch.from_numpy(mask.astype(np.int64))


def _with_glosses(groups: Groups, flat: Sequence[_Flat], base: Base) -> np.ndarray:
    """Embeddings (all pieces of all rows, size), those of glosses mixed in as `LabelledEncoder.glossed` does."""
    own = _look_up(groups, [one.ids for one in flat], base)
    known = [[of_word for of_word in row.example.glosses if of_word] for group in groups for row in group]
    sizes = np.array([len(of_word) for of_row in known for of_word in of_row], np.int64)
    if not len(sizes):
        return own
    glosses = _look_up(groups, [list(chain.from_iterable(of_row)) for of_row in known], base)
    means = np.add.reduceat(glosses, np.cumsum(sizes) - sizes) / sizes[:, None].astype(np.float32)
    where = np.array(_gloss_numbers([row for group in groups for row in group], flat))
    at = np.flatnonzero(where >= 0)
    own[at] = (own[at] + means[where[at]]) / 2
    return own


def _gloss_numbers(rows: Sequence[Row], flat: Sequence[_Flat]) -> list[int]:
    """For every piece the number of its word's gloss among all words that have one, else -1."""
    found, count = [], 0
    for row, one in zip(rows, flat, strict=True):
        numbers = {-1: -1}
        for index, of_word in enumerate(row.example.glosses):
            if of_word:
                numbers[index] = count
                count += 1
        found += [numbers.get(index, -1) for index in one.words]
    return found


def _look_up(groups: Groups, ids: Sequence[Sequence[int]], base: Base) -> np.ndarray:
    """Token embeddings (all ids of all rows, size): an adapter's own rows where it has them, else the base's."""
    flat, table = np.array(list(chain.from_iterable(ids)), np.int32), base.table.numpy()
    found = table[np.minimum(flat, len(table) - 1)]
    start, size = 0, len(groups[0])
    for k, group in enumerate(groups):
        end = start + sum(map(len, ids[k * size : (k + 1) * size]))
        rows = group[0].reader.rows
        if rows is not None and len(rows.ids) and end > start:
            numbers = rows.ids.numpy()
            at = np.minimum(numbers.searchsorted(flat[start:end]), len(numbers) - 1)
            own = np.flatnonzero(numbers[at] == flat[start:end])
            found[own + start] = rows.vectors.numpy()[at[own]]
        start = end
    return found


def _logits(groups: Groups, flat: Sequence[_Flat], states: Tensor) -> list[list[Logits]]:
    """Logits of every row from the states (rows, pieces, hidden)."""
    n_words = [len(one.firsts) for one in flat]
    of_row = torch.arange(len(flat)).repeat_interleave(torch.tensor(n_words))
    words = states[of_row, torch.tensor([first for one in flat for first in one.firsts], dtype=torch.long)]  # (words of all rows, hidden)
    out, start, size = [], 0, len(groups[0])
    for k, group in enumerate(groups):
        of_group = n_words[k * size : (k + 1) * size]
        intents = _head(group[0].reader.heads.intent, states[k * size : (k + 1) * size, 0])
        slots = _head(group[0].reader.heads.slot, words[start : start + sum(of_group)])
        out.append(list(zip(intents, slots.split(of_group), strict=True)))
        start += sum(of_group)
    return out


def _head(head: tuple[Tensor, Tensor], states: Tensor) -> Tensor:
    return torch.addmm(head[1].float(), states, head[0].float().T)
