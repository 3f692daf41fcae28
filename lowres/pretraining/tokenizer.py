"""The base's tokenizer: Unigram (Kudo 2018) over lower-cased words, and a piece for every byte: nothing is unknown."""

import json
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

from lowres.errors import LowresError
from lowres.model import MAX_PIECES
from lowres.text import words

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
_BYTES = tuple(f"<0x{byte:02X}>" for byte in range(256))
_LONGEST_PIECE = 16
_TOKENIZER_FILE = "tokenizer.json"


def train_tokenizer(lines: Iterable[str], *, vocabulary: int, spare: int) -> PreTrainedTokenizerFast:
    """A tokenizer of at most `vocabulary` pieces; `spare` rows after them are only noted in its settings.

    Few lines give fewer pieces. Two trainings on the same lines differ where pieces tie: tokenizers hashes at random.
    """
    rows = _with_bytes(_unigram_pieces(lines, vocabulary - len(_BYTES)))
    tokenizer = _plain(models.Unigram(rows, unk_id=SPECIAL.index("<unk>"), byte_fallback=True))
    # not fused before Metaspace, which takes every space out of its first token
    tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace(prepend_scheme="always")])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", cls_token="<s>", eos_token="</s>", sep_token="</s>",
        pad_token="<pad>", unk_token="<unk>", mask_token="<mask>", model_max_length=MAX_PIECES,
    )  # fmt: skip
    fast.init_kwargs["spare_rows"] = spare
    return fast


def _plain(model: models.Unigram) -> Tokenizer:
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    space = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), space])
    return tokenizer


def _unigram_pieces(lines: Iterable[str], size: int) -> list[tuple[str, float]]:
    """Pieces with their log probabilities, the special ones first."""
    draft = _plain(models.Unigram())
    trainer = trainers.UnigramTrainer(
        vocab_size=size, special_tokens=list(SPECIAL), unk_token="<unk>", show_progress=False,
        max_piece_length=_LONGEST_PIECE,
    )  # fmt: skip
    # read word by word, as the model does: in unspaced scripts a cluster is a word
    draft.train_from_iterator((" ".join(words(line)) for line in lines), trainer)
    return [(piece, score) for piece, score in json.loads(draft.to_str())["model"]["vocab"]]


def _with_bytes(pieces: list[tuple[str, float]]) -> list[tuple[str, float]]:
    # below every piece, so that bytes serve only where no piece does
    worst = min(score for _, score in pieces) - 5.0
    known = {piece for piece, _ in pieces}
    return pieces + [(byte, worst) for byte in _BYTES if byte not in known]


def read_tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    """The tokenizer saved in `folder`."""
    try:
        return PreTrainedTokenizerFast.from_pretrained(folder)
    except Exception as error:  # tokenizers raises plain Exception on a broken file
        first = (str(error).splitlines() or [type(error).__name__])[0]
        raise LowresError(
            folder / _TOKENIZER_FILE, f"cannot be read ({first})", "a tokenizer of transformers"
        ) from error
