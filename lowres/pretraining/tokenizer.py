"""The base's tokenizer: Unigram (Kudo 2018) over lower-cased words, and a piece for every byte: nothing is unknown."""

import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

from lowres.errors import LowresError
from lowres.model import MAX_PIECES
from lowres.probing import Fairness
from lowres.text import bare, words

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
_BYTES = tuple(f"<0x{byte:02X}>" for byte in range(256))
_LONGEST_PIECE = 16
_SIZE_POWER, _COST_POWER = 0.35, 2.0  # how often a language is drawn: by its words, and by what they cost at first
_FIRST_WORDS, _WORDS = 400_000, 1_600_000  # in all
_KEPT, _MEASURED = 200_000, 20_000  # words of a language, in memory, and of those for what they cost
TOKENIZER_FILE = "tokenizer.json"


def train_fair_tokenizer(lines: Iterable[tuple[str, str]], *, vocabulary: int, spare: int, seed: int) -> PreTrainedTokenizerFast:
    """A tokenizer of at most `vocabulary` pieces from (language, text), in which no language costs far more than another.
    Raises LowresError where there is no word.

    Small languages are drawn more often than their size says, and a first tokenizer shows which ones still need it:
    those that it splits into many pieces are drawn more often yet.
    """
    rng = random.Random(seed)
    words_of, sizes = _words_by_language(lines, rng)
    if not words_of:
        raise LowresError("data", "no word to train a tokenizer on", "text, utterances or lexicons")
    shares = {language: size**_SIZE_POWER for language, size in sizes.items()}
    first = train_tokenizer(_sample(words_of, shares, _FIRST_WORDS, rng), vocabulary=vocabulary, spare=spare)
    cost = {language: one.per_word for language, one in spent(first, words_of).items()}
    shares = {language: share * cost[language] ** _COST_POWER for language, share in shares.items()}
    return train_tokenizer(_sample(words_of, shares, _WORDS, rng), vocabulary=vocabulary, spare=spare)


def spent_on(tokenizer: PreTrainedTokenizerFast, lines: Iterable[tuple[str, str]]) -> dict[str, Fairness]:
    """Pieces by language, of (language, text)."""
    return spent(tokenizer, _words_by_language(lines, random.Random(0))[0])


def spent(tokenizer: PreTrainedTokenizerFast, words_of: dict[str, list[str]]) -> dict[str, Fairness]:
    """Pieces by language, over at most some thousand of its words."""
    return {language: _spent(tokenizer, some[:: 1 + len(some) // _MEASURED]) for language, some in words_of.items()}


def _spent(tokenizer: PreTrainedTokenizerFast, some: list[str]) -> Fairness:
    n_pieces = len(tokenizer.backend_tokenizer.encode(some, is_pretokenized=True, add_special_tokens=False))
    return Fairness(len(some), n_pieces / len(some), n_pieces / sum(map(len, some)))


def _words_by_language(lines: Iterable[tuple[str, str]], rng: random.Random) -> tuple[dict[str, list[str]], dict[str, int]]:
    """Words as they are read, of a large language some in which each is as likely as any other; and how many there are."""
    found: dict[str, list[str]] = defaultdict(list)
    sizes: dict[str, int] = defaultdict(int)
    for language, line in lines:
        some = found[language]
        for word in filter(None, map(bare, words(line))):
            sizes[language] += 1
            if len(some) < _KEPT:
                some.append(word)
            elif (place := int(rng.random() * sizes[language])) < _KEPT:
                some[place] = word
    return {language: some for language, some in found.items() if some}, {language: n for language, n in sizes.items() if n}


def _sample(words_of: dict[str, list[str]], shares: dict[str, float], n: int, rng: random.Random) -> Iterator[str]:
    """About `n` words, by language in proportion to its share; one whose words do not suffice gives some twice."""
    total = sum(shares.values())
    for language, some in words_of.items():
        yield from rng.choices(some, k=round(n * shares[language] / total))


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
            folder / TOKENIZER_FILE, f"cannot be read ({first})", "a tokenizer of transformers"
        ) from error
