"""The one base that all adapters share, and what reads utterances: an adapter over it, or its own heads."""

from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from lowres.adapter import TRANSITIONS_FILE
from lowres.model import HEADS_FILE, LabelledEncoder, Labels, PieceReader, base_folder, base_labels, read_base
from lowres.serving.glosses import CompactGlosser
from lowres.serving.pieces import Memo, Pieces
from lowres.serving.spread import SpreadEncoder
from lowres.serving.weights import Heads, Lora, Rows, Scratch

_NO_LABELS = Labels(("",), ("O",))  # of a base without heads


@dataclass(frozen=True, slots=True)
class Resident:
    """What reads the utterances of one adapter, or those of the base itself (`lora` is None); the parts of a `reading.Reader`."""

    pieces: Pieces
    labels: Labels
    heads: Heads
    transitions: Tensor | None
    lora: Lora | None = None
    rows: Rows | None = None
    glosser: CompactGlosser | None = None
    beside: bool = True
    again: bool = True
    n_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Base:
    """Encoder, token embeddings (tokens, size) under their module's name, and what reads without an adapter (None
    without heads). What is remembered and the scratch memory are for one thread at a time.
    """

    name: str
    encoder: SpreadEncoder
    hidden: int
    embedding: str
    table: Tensor
    reader: PieceReader
    own: Resident | None
    memo: Memo
    gloss_memo: Memo
    scratch: Scratch
    base_from: Path | None = None  # what a folder's name is relative to


def open_base(name: str, folder: Path | None = None) -> Base:
    """The base of that name, see `model.read_base`; a folder's name is relative to `folder`."""
    labels = base_labels(name, folder)
    model, reader, _ = read_base(name, labels if labels.intents else _NO_LABELS, folder=folder)
    module, memo = model.get_input_embeddings(), Memo()
    embedding = next(n for n, m in model.named_modules() if m is module)
    own = _own(model, labels, Pieces(reader, memo, {}), Path(base_folder(name, folder)))
    return Base(
        name, SpreadEncoder(model.encoder), model.config.hidden_size, embedding, module.weight.detach(), reader, own, memo,
        Memo(1 << 16), Scratch(), folder,
    )  # fmt: skip


def _own(model: LabelledEncoder, labels: Labels, pieces: Pieces, place: Path) -> Resident | None:
    """The base's own heads, with its label transitions where it brings them."""
    from safetensors.torch import load_file

    if not labels.intents or not (place / HEADS_FILE).is_file():
        return None
    heads = Heads(*((head.weight.detach(), head.bias.detach()) for head in (model.intent_head, model.slot_head)))
    path = place / TRANSITIONS_FILE
    return Resident(pieces, labels, heads, load_file(path)["transitions"].float() if path.is_file() else None)
