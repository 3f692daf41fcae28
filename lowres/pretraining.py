"""A small multilingual base from scratch: tokenizer, then one encoder trained jointly on masked words and on labels.

Five kinds of example share the encoder: labelled utterances of the launched locales (intent, slots,
some words masked), the same utterance in two locales, verses and other raw text, verses in two
languages, and packed dictionary entries. Every step draws from `seed:step` alone, so a training that
was stopped goes on exactly where its checkpoint ends.
"""

import math
import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional
from transformers import PreTrainedTokenizerFast, XLMRobertaConfig, XLMRobertaForMaskedLM

from lowres.text import words
from lowres.model import MAX_PIECES, Batch, Example, LabelledEncoder, Labels, PieceReader, collate, loss

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")


def train_tokenizer(lines: Iterable[str], *, vocabulary: int, spare: int) -> PreTrainedTokenizerFast:
    """A Unigram tokenizer with byte fallback: `vocabulary` pieces in all, then `spare` unused rows."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

    split = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always", split=False)]
    )
    normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    draft = Tokenizer(models.Unigram())
    draft.normalizer, draft.pre_tokenizer = normalizer, split
    trainer = trainers.UnigramTrainer(
        vocab_size=vocabulary - 256, special_tokens=list(SPECIAL), unk_token="<unk>", show_progress=False, max_piece_length=16
    )
    # read word by word, as the model does: in unspaced scripts a cluster is a word
    draft.train_from_iterator((" ".join(words(line)) for line in lines), trainer)
    pieces = _unigram_pieces(draft)
    worst = min(score for _, score in pieces) - 5.0
    known = {piece for piece, _ in pieces}
    rows = pieces + [(f"<0x{byte:02X}>", worst) for byte in range(256) if f"<0x{byte:02X}>" not in known]
    tokenizer = Tokenizer(models.Unigram(rows, unk_id=SPECIAL.index("<unk>"), byte_fallback=True))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizer, split
    tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Fuse(), decoders.Metaspace(prepend_scheme="always")])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", cls_token="<s>", eos_token="</s>", sep_token="</s>",
        pad_token="<pad>", unk_token="<unk>", mask_token="<mask>", model_max_length=MAX_PIECES,
    )  # fmt: skip
    fast.init_kwargs["spare_rows"] = spare
    return fast


def _unigram_pieces(tokenizer) -> list[tuple[str, float]]:
    import json

    return [(piece, score) for piece, score in json.loads(tokenizer.to_str())["model"]["vocab"]]


def new_encoder(n_rows: int, *, layers: int, hidden: int, heads: int, feed_forward: int) -> XLMRobertaForMaskedLM:
    """A randomly initialised encoder with its masked-word head, in the XLM-R architecture."""
    config = XLMRobertaConfig(
        vocab_size=n_rows, hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=heads,
        intermediate_size=feed_forward, max_position_embeddings=MAX_PIECES + 2, type_vocab_size=1,
        hidden_dropout_prob=0.1, attention_probs_dropout_prob=0.1, pad_token_id=1, bos_token_id=0, eos_token_id=2,
    )  # fmt: skip
    return XLMRobertaForMaskedLM(config)


@dataclass(slots=True)
class Corpus:
    """All training examples: by locale where labelled, by language otherwise; utterances aligned by position."""

    labelled: dict[str, list[Example]] = field(default_factory=dict)
    parallel: dict[str, dict[str, Example]] = field(default_factory=dict)  # locale -> utterance id -> example
    text: dict[str, list[Example]] = field(default_factory=dict)
    verses: dict[str, dict[str, Example]] = field(default_factory=dict)  # language -> verse id -> example
    entries: dict[str, list[tuple[Example, Example]]] = field(default_factory=dict)


def draw(corpus: Corpus, kind: str, rng: random.Random, separator: int) -> Example:
    """One random example of `kind`; languages are drawn by the square root of their size."""
    table = getattr(corpus, kind)
    language = rng.choices(list(table), [math.sqrt(len(rows)) for rows in table.values()])[0]
    rows = table[language]
    if kind in ("labelled", "text"):
        return rng.choice(rows)
    if kind == "entries":
        return _joined([side for _ in range(rng.randint(3, 8)) for side in rng.choice(rows)], separator)
    other = table[rng.choice([name for name in table if name != language])] if kind == "parallel" else table["eng"]
    key = rng.choice(_keys(rows))
    pair = [rows[key], other.get(key, rows[key])]
    rng.shuffle(pair)
    return _joined(pair, separator)


_KEYS: dict[int, list[str]] = {}


def _keys(rows: dict) -> list[str]:
    return _KEYS.setdefault(id(rows), list(rows))


def _joined(parts: Sequence[Example], separator: int) -> Example:
    pieces: list[tuple[int, ...]] = []
    for part in parts:
        pieces.extend([(separator,), *part.pieces] if pieces else part.pieces)
    return Example(tuple(pieces))


def draw_batch(corpus: Corpus, kind: str, rng: random.Random, *, n_pieces: int, separator: int) -> list[Example]:
    """Examples of similar length, about `n_pieces` in all after padding."""
    pool = sorted((draw(corpus, kind, rng, separator) for _ in range(max(64, n_pieces // 4))), key=lambda e: e.n_pieces)
    start = rng.randrange(len(pool))
    batch: list[Example] = []
    for example in pool[start:] + pool[:start][::-1]:
        if batch and max(e.n_pieces + 2 for e in (batch[0], batch[-1], example)) * (len(batch) + 1) > n_pieces:
            break
        batch.append(example)
    return batch


def mask_words(batch: Batch, rng: torch.Generator, *, share: float, mask: int, n_rows: int) -> torch.Tensor:
    """Replace whole words in place (80 % <mask>, 10 % random, 10 % as they are); returns the (n, 2) positions
    and original ids of every piece to predict."""
    n, width = batch.word_mask.shape
    chosen = (torch.rand(n, width, generator=rng) < share) & batch.word_mask
    piece = chosen.gather(1, batch.word_of_piece.clamp(min=0)) & (batch.word_of_piece >= 0)
    rows, columns = piece.nonzero(as_tuple=True)
    targets = batch.input_ids[rows, columns]
    fate = torch.rand(len(rows), generator=rng)
    replaced = torch.where(fate < 0.8, mask, torch.randint(len(SPECIAL), n_rows, (len(rows),), generator=rng))
    batch.input_ids[rows, columns] = torch.where(fate < 0.9, replaced, targets)
    return torch.stack([rows, columns, targets])


class Pretrainer(nn.Module):
    """Encoder, masked-word head and label heads as trained together."""

    def __init__(self, masked: XLMRobertaForMaskedLM, labels: Labels) -> None:
        super().__init__()
        self.masked = masked
        self.labelled = LabelledEncoder(masked.roberta, labels)

    def forward(self, batch: Batch, masked: torch.Tensor) -> dict[str, torch.Tensor]:
        """The losses of a batch in nats, by name."""
        states = self.labelled.hidden(batch)
        rows, columns, targets = masked
        words = functional.cross_entropy(self.masked.lm_head(states[rows, columns]).float(), targets)
        out = {"words": words.nan_to_num()}
        if batch.intents is not None:
            head = self.labelled
            index = batch.first_piece.unsqueeze(-1).expand(-1, -1, states.shape[-1])
            slots = head.slot_head(head.dropout(states.gather(1, index)))
            out["labels"] = loss(head.intent_head(head.dropout(states[:, 0])), slots, batch)
        return out
