"""Where a training begins: at random weights, or at those of a base, in its own vocabulary or in a new one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import AutoConfig, PreTrainedTokenizerFast, XLMRobertaForMaskedLM

from lowres.catalog import sha256_of
from lowres.errors import LowresError
from lowres.model import HEADS_FILE, LABELS_FILE, Labels, base_labels, read_base, read_labels, take_heads
from lowres.pretraining.config import ModelSize, PretrainConfig
from lowres.pretraining.learner import Learner, new_encoder
from lowres.pretraining.tokenizer import TOKENIZER_FILE, read_tokenizer
from lowres.pretraining.work import STAMP

WEIGHTS_FILE = "model.safetensors"
Glosses = dict[str, list[str]]  # by folded word
_START = "▁"  # of a piece that begins a word
_NEEDED = (WEIGHTS_FILE, "config.json", TOKENIZER_FILE)
_FILES = (*_NEEDED, HEADS_FILE, LABELS_FILE)


def check_base(folder: Path, config: PretrainConfig) -> None:
    """LowresError where a training of `config` cannot begin at the base in `folder`."""
    missing = [name for name in _NEEDED if not (folder / name).is_file()]
    if missing:
        raise LowresError(folder, f"no {missing[0]}", "the folder of a base that `lowres pretrain` wrote")
    kind = _config_of(folder).model_type
    if kind != "xlm-roberta":
        raise LowresError(folder, f"a base of type {kind}", "xlm-roberta; other encoders can teach: `lowres distil`")
    if "model" in config.model_fields_set and config.model != size_of(folder):
        raise LowresError("model", f"another size than {folder.name}", f"{size_of(folder)!r}, or no `model` at all")
    record_of(folder)
    read_base(str(folder.absolute()), base_labels(str(folder.absolute())))  # weights and heads can be read


def size_of(folder: Path) -> ModelSize:
    """The shape of the encoder of a base."""
    found = _config_of(folder)
    return ModelSize(
        layers=found.num_hidden_layers, hidden=found.hidden_size, heads=found.num_attention_heads, feed_forward=found.intermediate_size
    )


def _config_of(folder: Path):
    try:
        return AutoConfig.from_pretrained(folder)
    except (OSError, ValueError, KeyError) as error:
        first = (str(error).splitlines() or [type(error).__name__])[0][:120]
        raise LowresError(folder / "config.json", f"cannot be read ({first})", "a config of transformers") from None


def record_of(folder: Path) -> dict[str, Any]:
    """What a base is and what is on record of its own training, for the record of what comes of it."""
    path = folder / STAMP
    try:
        own = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    except ValueError as error:
        raise LowresError(path, f"no record ({error})", "JSON as `lowres pretrain` wrote it, or no such file") from None
    return {"name": folder.name, "sha256": hashes_of(folder), "record": own}


def hashes_of(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a base that decides what it does."""
    return {name: sha256_of(folder / name) for name in _FILES if (folder / name).is_file()}


def begin(
    config: PretrainConfig, tokenizer: PreTrainedTokenizerFast, labels: Labels, n_languages: int, base: Path | None,
    glosses: Glosses | None = None,
) -> Learner:
    """The network before its first step; `base` gives weights, and heads for the labels that both know. In a vocabulary that
    the base has not, a piece that is a whole word begins as its `glosses`, by folded word."""
    n_rows = len(tokenizer) + config.tokenizer.spare
    torch.manual_seed(config.seed)
    if base is None:
        return Learner(new_encoder(n_rows, config.model), labels, n_languages)
    masked = XLMRobertaForMaskedLM.from_pretrained(base, dtype=torch.float32)
    own = read_tokenizer(base)
    if own.get_vocab() != tokenizer.get_vocab():
        move_rows(masked, own, tokenizer, n_rows, glosses or {})
    model = Learner(masked, labels, n_languages)
    if (base / LABELS_FILE).is_file():
        take_heads(model.labelled, labels, read_labels(base / LABELS_FILE), base / HEADS_FILE)
    return model


def move_rows(
    masked: XLMRobertaForMaskedLM, own: PreTrainedTokenizerFast, new: PreTrainedTokenizerFast, n_rows: int, glosses: Glosses
) -> None:
    """Give a model the vocabulary of `new`: a piece begins as the mean of the rows of its glosses where it is a word that has
    some, else with its own row where it has one, else as the mean of the rows that its text had (fast vocabulary transfer,
    Gee et al., 2022); spare rows are random.
    """
    rows, bias = masked.get_input_embeddings().weight.detach().clone(), masked.lm_head.bias.detach().clone()
    known, split = own.get_vocab(), own.backend_tokenizer.model.tokenize
    sources = [_sources(piece, known, split, glosses) for piece in new.convert_ids_to_tokens(range(len(new)))]
    masked.resize_token_embeddings(n_rows, mean_resizing=False)
    with torch.no_grad():
        spare = torch.randn(n_rows - len(new), rows.shape[1]) * masked.config.initializer_range
        masked.get_input_embeddings().weight.copy_(torch.cat([_means(rows, sources), spare]))
        masked.lm_head.bias.zero_()[: len(new)] = _means(bias[:, None], sources)[:, 0]


def _sources(piece: str, known: dict[str, int], split: Callable, glosses: Glosses) -> list[int]:
    """The ids that a piece begins as, in a vocabulary in which every byte is known."""
    meant = glosses.get(piece.removeprefix(_START), ()) if piece.startswith(_START) else ()
    if not meant and piece in known:
        return [known[piece]]
    return [token.id for text in [_START + word for word in meant] or [piece] for token in split(text)]


def _means(values: Tensor, sources: list[list[int]]) -> Tensor:
    return torch.stack([values[ids].mean(0) for ids in sources])
