"""An adapter read from its folder into memory, checked so that nothing of it can fail in the midst of a batch."""

import json
import sys
from pathlib import Path

from torch import Tensor

from lowres.adapter import AFFIXES_FILE, GLOSSES_FILE, LOANS_FILE, SETTINGS_FILE, read_words
from lowres.errors import LowresError
from lowres.model import LABELS_FILE, Labels, read_labels
from lowres.registry.check import verify
from lowres.registry.package import MANIFEST
from lowres.serving.base import Base, Resident
from lowres.serving.glosses import CompactGlosser, read_compact
from lowres.serving.pieces import Pieces
from lowres.serving.weights import Heads, Rows, Weights, read_weights


def read_resident(folder: Path, base: Base) -> Resident:
    """The adapter in `folder`, ready to read; LowresError where it is broken or another base's, or a package that fails a check."""
    if (folder / MANIFEST).is_file():
        verify(folder, base_from=base.base_from)
    beside, again = _settings(folder, base)
    labels, own = _labels(folder / LABELS_FILE), _own_words(folder, base)
    layers = [f"encoder.{name}" for name in base.encoder.layers]
    weights = read_weights(folder, layers, base.encoder.shapes, base.embedding)
    heads = _heads(weights, labels, base, folder)
    _check_shapes(heads, weights.transitions, labels, base, folder)
    _check_rows(weights.rows, own, base, folder)
    glosser = read_compact(folder / GLOSSES_FILE, folder / AFFIXES_FILE, folder / LOANS_FILE, base.gloss_memo)
    return Resident(
        Pieces(base.reader, base.memo, own), labels, heads, weights.transitions, weights.lora, weights.rows, glosser, beside, again,
        _size(weights, own, glosser),
    )  # fmt: skip


def _settings(folder: Path, base: Base) -> tuple[bool, bool]:
    """Whether glosses are read beside the words, and in a second reading."""
    try:
        settings = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
        name, beside, again = settings["base"], settings.get("beside", True), settings.get("again", True)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise LowresError(folder, "no adapter here", "a folder written by lowres adapt") from None
    if name != base.name:
        raise LowresError(folder, f"an adapter over '{str(name)[:80]}'", f"one over '{base.name}', which is served here")
    return bool(beside), bool(again)


def _labels(path: Path) -> Labels:
    labels = read_labels(path)
    names = [*labels.intents, *labels.slots]
    if not all(isinstance(name, str) for name in names) or not labels.intents or labels.slots[:1] != ("O",):
        raise LowresError(path, "not the labels of an adapter", "names of intents, and of slots with 'O' first")
    return labels


def _own_words(folder: Path, base: Base) -> dict[str, int]:
    """Words that are tokens of their own, and their rows behind the tokenizer's."""
    try:
        return {word: len(base.reader.tokenizer) + i for i, word in enumerate(read_words(folder))}
    except (OSError, ValueError) as error:
        raise LowresError(folder, f"its words cannot be read ({error})", "UTF-8, a word a line") from None


def _heads(weights: Weights, labels: Labels, base: Base, folder: Path) -> Heads:
    """The adapter's own heads, else the base's for its labels."""
    if weights.heads is not None:
        return weights.heads
    if base.own is None or not base.own.labels.covers(labels):
        raise LowresError(folder, "no heads, and the base has none for all its labels", "an adapter with heads")
    return base.own.heads.only(base.own.labels, labels)


def _check_shapes(heads: Heads, transitions: Tensor, labels: Labels, base: Base, folder: Path) -> None:
    n_slots = len(labels.slots)
    sizes = [(heads.intent, len(labels.intents)), (heads.slot, n_slots)]
    fits = all((*w.shape, *b.shape) == (n, base.hidden, n) for (w, b), n in sizes)
    if not fits or tuple(transitions.shape) != (n_slots, n_slots):
        raise LowresError(folder, "heads or label transitions that do not fit labels.json", "one row for each label")


def _check_rows(rows: Rows | None, own: dict[str, int], base: Base, folder: Path) -> None:
    n_tokens, size = base.table.shape
    last = max(n_tokens, len(base.reader.tokenizer) + len(own)) - 1
    if rows is not None and (rows.vectors.shape[1] != size or (len(rows.ids) and int(rows.ids[-1]) > last)):
        raise LowresError(folder, "token rows that do not fit the base", f"ids up to {last}, vectors of {size}")
    if own and (rows is None or not set(own.values()) <= set(rows.ids.tolist())):
        raise LowresError(folder, "a word of its own without a token row", "a row for each line of words.txt")


def _size(weights: Weights, own: dict[str, int], glosser: CompactGlosser | None) -> int:
    """Bytes in memory."""
    tensors = [weights.lora.flat, weights.transitions]
    tensors += [weights.rows.ids, weights.rows.vectors] if weights.rows else []
    tensors += [*weights.heads.intent, *weights.heads.slot] if weights.heads else []
    words = sys.getsizeof(own) + sum(sys.getsizeof(word) + 32 for word in own)
    return sum(one.nbytes for one in tensors) + words + (glosser.n_bytes if glosser else 0)
