"""The model: any encoder of transformers, an intent head and a slot head, read word by word.

Slots are labelled without B and I: a label per word, and every run of one label is one span
(`utterance.label_slots`), so that a predicted span cannot fragment. Adjacent spans of one label do
not occur in MASSIVE (0 of 16,521 utterances).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path

import torch
from safetensors import SafetensorError
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoConfig, AutoModel, AutoTokenizer

from lowres.errors import LowresError
from lowres.text import bare, fold, words
from lowres.utterance import Utterance, word_labels

MAX_WORDS, MAX_PIECES = 48, 128
IGNORE = -100
_LONGEST_WORD = 1024  # letters that are split; what is longer is no word, and costs seconds


@dataclass(frozen=True, slots=True)
class Labels:
    """The names behind the heads' outputs, in order; `slots[0]` is 'O', no slot."""

    intents: tuple[str, ...]
    slots: tuple[str, ...]

    def covers(self, other: "Labels") -> bool:
        """Whether every label of `other` is among these."""
        return set(other.intents) <= set(self.intents) and set(other.slots) <= set(self.slots)


def collect_labels(utterances: Iterable[Utterance]) -> Labels:
    """The labels that occur, sorted."""
    intents, slots = set(), set()
    for utterance in utterances:
        intents.add(utterance.intent or "")
        slots.update(slot.name for slot in utterance.slots)
    return Labels(tuple(sorted(intents)), ("O", *sorted(slots)))


class PieceReader:
    """Words, without the punctuation at their ends, to the piece ids of a tokenizer; each word type is tokenized once.

    The folded words in `own` are tokens of their own, numbered from `first_own` on.
    """

    def __init__(self, tokenizer, own: Sequence[str] = (), first_own: int = 0) -> None:
        self.tokenizer = tokenizer
        self.own = {word: first_own + i for i, word in enumerate(own)}
        self.pad = tokenizer.pad_token_id or 0
        self.first = _one(tokenizer.cls_token_id, tokenizer.bos_token_id)
        self.last = _one(tokenizer.sep_token_id, tokenizer.eos_token_id)
        self._pieces: dict[str, tuple[int, ...]] = {}

    def pieces(self, word: str) -> tuple[int, ...]:
        """Piece ids of one word, at least one."""
        found = self._pieces.get(word)
        if found is None:
            own = self.own.get(fold(bare(word)))
            found = self._pieces[word] = self.split(word) if own is None else (own,)
        return found

    def split(self, word: str) -> tuple[int, ...]:
        """Piece ids of one word as the tokenizer alone has it, the first 16."""
        ids = self.tokenizer([bare(word[:_LONGEST_WORD])], is_split_into_words=True, add_special_tokens=False)["input_ids"]
        return tuple(ids[:16]) or (self.tokenizer.unk_token_id or self.pad,)


def _one(*candidates: int | None) -> int | None:
    return next((candidate for candidate in candidates if candidate is not None), None)


@dataclass(slots=True)
class Batch:
    """Tensors of one batch; `words` and `pieces` are padded to the longest."""

    input_ids: Tensor  # (batch, pieces)
    attention_mask: Tensor  # (batch, pieces)
    word_of_piece: Tensor  # (batch, pieces): index of the word, or -1 for special tokens and padding
    first_piece: Tensor  # (batch, words): position of each word's first piece
    word_mask: Tensor  # (batch, words): True where there is a word
    gloss_ids: Tensor | None = None  # (batch, words, gloss pieces), padded with -1
    intents: Tensor | None = None  # (batch,)
    slots: Tensor | None = None  # (batch, words), IGNORE where there is no word
    taught: Tensor | None = None  # (taught,): the rows that a teacher answered
    taught_intents: Tensor | None = None  # (taught, intents): its log probabilities
    taught_slots: Tensor | None = None  # (taught, words, slots), 0 where there is no word

    def to(self, device: torch.device) -> "Batch":
        """The same batch on a device."""
        moved = {f.name: getattr(self, f.name) for f in fields(self)}
        return Batch(**{name: value if value is None else value.to(device) for name, value in moved.items()})


@dataclass(frozen=True, slots=True)
class Example:
    """One utterance in numbers: piece ids per word, gloss piece ids per word, labels."""

    pieces: tuple[tuple[int, ...], ...]
    glosses: tuple[tuple[int, ...], ...] = ()
    intent: int = IGNORE
    slots: tuple[int, ...] = ()
    taught: tuple[Tensor, Tensor] | None = None  # a teacher's log probabilities: (intents,), (words, slots)

    @property
    def n_pieces(self) -> int:
        """Pieces without the special tokens."""
        return sum(map(len, self.pieces))


def encode_text(text: str, reader: PieceReader) -> Example:
    """The first MAX_WORDS words of `text`, without labels."""
    return Example(tuple(reader.pieces(word) for word in words(text)[:MAX_WORDS]))


def encode(utterance: Utterance, reader: PieceReader, labels: Labels | None = None, glosses=()) -> Example:
    """An `Example` of an utterance's first MAX_WORDS words; labels that are not known count as IGNORE."""
    pieces = encode_text(utterance.text, reader).pieces
    if labels is None:
        return Example(pieces, tuple(glosses[: len(pieces)]))
    intents = {name: i for i, name in enumerate(labels.intents)}
    names = {name: i for i, name in enumerate(labels.slots)}
    slots = tuple(names.get(label, IGNORE) for label in word_labels(utterance)[:MAX_WORDS])
    return Example(pieces, tuple(glosses[: len(pieces)]), intents.get(utterance.intent or "", IGNORE), slots)


def collate(examples: Sequence[Example], reader: PieceReader) -> Batch:
    """Pad `examples` into one batch on the CPU."""
    rows, owners, firsts = [], [], []
    for example in examples:
        row, owner, first = [], [], []
        if reader.first is not None:
            row.append(reader.first), owner.append(-1)
        for index, ids in enumerate(example.pieces):
            first.append(min(len(row), MAX_PIECES - 2))
            room = max(0, MAX_PIECES - 1 - len(row))
            row.extend(ids[:room]), owner.extend([index] * len(ids[:room]))
        if reader.last is not None:
            row.append(reader.last), owner.append(-1)
        rows.append(row), owners.append(owner), firsts.append(first)
    input_ids = _padded(rows, reader.pad)
    lengths = torch.tensor([len(row) for row in rows])
    attention_mask = (torch.arange(input_ids.shape[1])[None] < lengths[:, None]).long()
    first_piece = _padded(firsts, -1)
    batch = Batch(input_ids, attention_mask, _padded(owners, -1), first_piece.clamp(min=0), first_piece >= 0)
    if any(example.glosses for example in examples):
        batch.gloss_ids = _padded_glosses(examples, first_piece.shape[1])
    if examples[0].slots or examples[0].intent != IGNORE:
        batch.intents = torch.tensor([example.intent for example in examples])
        batch.slots = _padded([list(example.slots) for example in examples], IGNORE)
    answers = [(row, example.taught) for row, example in enumerate(examples) if example.taught is not None]
    if answers:
        batch.taught = torch.tensor([row for row, _ in answers])
        batch.taught_intents = torch.stack([intents for _, (intents, _) in answers])
        n_words = first_piece.shape[1]
        batch.taught_slots = torch.stack([functional.pad(slots, (0, 0, 0, n_words - len(slots))) for _, (_, slots) in answers])
    return batch


def _padded(rows: Sequence[Sequence[int]], value: int) -> Tensor:
    width = max(map(len, rows))
    return torch.tensor([[*row, *[value] * (width - len(row))] for row in rows])


def _padded_glosses(examples: Sequence[Example], n_words: int) -> Tensor:
    width = max([len(gloss) for example in examples for gloss in example.glosses] + [1])
    out = torch.full((len(examples), n_words, width), -1)
    for i, example in enumerate(examples):
        for j, gloss in enumerate(example.glosses):
            if gloss:
                out[i, j, : len(gloss)] = torch.tensor(gloss)
    return out


class LabelledEncoder(nn.Module):
    """Encoder with an intent head over its first position and a slot head over each word's first piece.

    Where a batch carries glosses, the embedding of each of a word's pieces is averaged with the mean
    embedding of its gloss's pieces: the model reads the word and what the dictionary says of it at once.
    """

    def __init__(self, encoder: nn.Module, labels: Labels, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder, self.config = encoder, encoder.config
        hidden = encoder.config.hidden_size
        self.dropout = nn.Dropout(dropout)
        self.intent_head = nn.Linear(hidden, len(labels.intents))
        self.slot_head = nn.Linear(hidden, len(labels.slots))

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Intent logits (batch, intents) and slot logits (batch, words, slots)."""
        states = self.hidden(batch)
        index = batch.first_piece.unsqueeze(-1).expand(-1, -1, states.shape[-1])
        return self.intent_head(self.dropout(states[:, 0])), self.slot_head(self.dropout(states.gather(1, index)))

    def get_input_embeddings(self) -> nn.Module:
        """The encoder's token embeddings; PEFT asks for them."""
        return self.encoder.get_input_embeddings()

    def hidden(self, batch: Batch) -> Tensor:
        """The encoder's last layer, (batch, pieces, hidden)."""
        if batch.gloss_ids is None:
            return self.encoder(input_ids=batch.input_ids, attention_mask=batch.attention_mask).last_hidden_state
        embedded = self.glossed(batch)
        return self.encoder(inputs_embeds=embedded, attention_mask=batch.attention_mask).last_hidden_state

    def layers(self, batch: Batch) -> tuple[Tensor, ...]:
        """The embeddings and every layer, each (batch, pieces, hidden)."""
        given = {"input_ids": batch.input_ids} if batch.gloss_ids is None else {"inputs_embeds": self.glossed(batch)}
        return self.encoder(**given, attention_mask=batch.attention_mask, output_hidden_states=True).hidden_states

    def glossed(self, batch: Batch) -> Tensor:
        """Token embeddings mixed with those of the glosses, (batch, pieces, hidden)."""
        embed = self.encoder.get_input_embeddings()
        known = batch.gloss_ids >= 0
        n_pieces = known.sum(-1, keepdim=True)  # (batch, words, 1)
        gloss = (embed(batch.gloss_ids.clamp(min=0)) * known.unsqueeze(-1)).sum(2) / n_pieces.clamp(min=1)
        own = embed(batch.input_ids)
        index = batch.word_of_piece.clamp(min=0).unsqueeze(-1)
        spread = gloss.gather(1, index.expand(-1, -1, gloss.shape[-1]))  # (batch, pieces, hidden)
        has = (n_pieces > 0).gather(1, index) & (batch.word_of_piece >= 0).unsqueeze(-1)
        return torch.where(has, (own + spread) / 2, own)


def loss(intent_logits: Tensor, slot_logits: Tensor, batch: Batch) -> Tensor:
    """Mean cross entropy of intents plus that of slots per word, both in nats."""
    intent = functional.cross_entropy(intent_logits.float(), batch.intents, ignore_index=IGNORE)
    slots = functional.cross_entropy(slot_logits.float().flatten(0, 1), batch.slots.flatten(), ignore_index=IGNORE)
    return intent.nan_to_num() + slots.nan_to_num()


def forgetting(intent_logits: Tensor, slot_logits: Tensor, batch: Batch) -> Tensor:
    """How far the answers are from the teacher's: Kullback-Leibler divergence of intents plus that of slots per word, in
    nats and means over the whole batch, in which rows that it did not answer count as 0.
    """
    if batch.taught is None:
        return intent_logits.new_zeros(())
    intents, slots = (logits[batch.taught].float().log_softmax(-1) for logits in (intent_logits, slot_logits))
    known = batch.word_mask[batch.taught]
    intent = functional.kl_div(intents, batch.taught_intents, reduction="sum", log_target=True) / len(intent_logits)
    per_word = functional.kl_div(slots, batch.taught_slots, reduction="none", log_target=True).sum(-1)
    return intent + per_word[known].sum() / batch.word_mask.sum()


def transition_scores(rows: Iterable[Sequence[int]], n_labels: int) -> Tensor:
    """Smoothed log probabilities of a label after another, (labels, labels), from label rows of whole utterances."""
    counts = torch.full((n_labels, n_labels), 0.1)
    for row in rows:
        for before, after in pairwise(row):
            if before >= 0 and after >= 0:
                counts[before, after] += 1
    return (counts / counts.sum(1, keepdim=True)).log()


def best_labels(emissions: Tensor, transitions: Tensor | None, weight: float = 0.3) -> list[int]:
    """The best label per word (Viterbi) for one utterance's log probabilities (words, labels)."""
    if transitions is None or len(emissions) < 2:
        return emissions.argmax(-1).tolist()
    score, back = emissions[0], []
    for emission in emissions[1:]:
        score, source = (score[:, None] + weight * transitions).max(0)
        score = score + emission
        back.append(source)
    path = [int(score.argmax())]
    for source in reversed(back):
        path.append(int(source[path[-1]]))
    return path[::-1]


def bridge_gaps(labels: Sequence[int]) -> list[int]:
    """Pieces of one label with a single unlabelled word between them become one."""
    out = list(labels)
    for i in range(1, len(out) - 1):
        if out[i] == 0 and out[i - 1] > 0 and out[i - 1] == out[i + 1]:
            out[i] = out[i - 1]
    return out


LABELS_FILE, HEADS_FILE = "labels.json", "heads.safetensors"


def format_labels(labels: Labels) -> str:
    """JSON with both lists."""
    return json.dumps({"intents": labels.intents, "slots": labels.slots}, ensure_ascii=False, indent=1) + "\n"


def read_labels(path: Path) -> Labels:
    """The inverse of `format_labels`, from a file."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return Labels(tuple(record["intents"]), tuple(record["slots"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LowresError(path, f"not a label file ({error})", "JSON with intents and slots") from None


def base_folder(name: str, folder: Path | None = None) -> str:
    """What transformers loads for a base's name: a bundled model, a folder (relative to `folder`), or a name on the Hub."""
    from lowres.resources import resources_folder

    bundled = resources_folder() / "models" / name
    local = (folder or Path.cwd()) / name
    return str(bundled if bundled.is_dir() else local if local.is_dir() else name)


def _revision(place: str) -> tuple[str, str]:
    """A Hub name without its revision, and the revision: owner/name@revision; a folder has none."""
    name, at, revision = place.rpartition("@")
    return (name, revision) if at and not Path(place).is_dir() else (place, "main")


def base_labels(name: str, folder: Path | None = None) -> Labels:
    """The labels that a base's own heads know; none where it has no heads."""
    path = Path(base_folder(name, folder)) / LABELS_FILE
    return read_labels(path) if path.is_file() else Labels((), ())


def read_base(
    name: str, labels: Labels | None = None, *, folder: Path | None = None, seed: int = 0, own: Sequence[str] = ()
):
    """(model, piece reader, labels) of a base in single precision.

    Heads that the base brings are taken over row by row for the labels they share with `labels`;
    other rows are random. Without `labels` the base's own are used. The words in `own` take the token
    rows behind the tokenizer's, a base with too few of them grows; what these rows hold is up to the caller.
    """
    place, revision = _revision(base_folder(name, folder))
    _quiet()
    try:
        safely = {"revision": revision, "trust_remote_code": False}  # a base is weights, never code
        config = AutoConfig.from_pretrained(place, **safely)
        encoder = AutoModel.from_pretrained(place, config=config, dtype=torch.float32, use_safetensors=True, **safely)
        tokenizer = AutoTokenizer.from_pretrained(place, **safely)
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        first = (str(error).splitlines() or [type(error).__name__])[0][:160]
        raise LowresError("adapt.base", f"'{name}' cannot be loaded ({first})", "lowres-mini, a folder or a Hub name") from None
    theirs = read_labels(Path(place) / LABELS_FILE) if (Path(place) / LABELS_FILE).is_file() else None
    labels = labels or theirs
    if labels is None:
        raise LowresError("adapt.base", f"'{name}' has no label heads", "a base with labels.json, or an adapter")
    torch.manual_seed(seed)
    model = LabelledEncoder(encoder, labels)
    if theirs is not None:
        take_heads(model, labels, theirs, Path(place) / HEADS_FILE)
    if len(tokenizer) + len(own) > encoder.get_input_embeddings().num_embeddings:
        encoder.resize_token_embeddings(len(tokenizer) + len(own), mean_resizing=False)
    return model, PieceReader(tokenizer, own, len(tokenizer)), labels


def _quiet() -> None:
    """Without transformers' bars and its list of weights that a plain encoder leaves unused."""
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()


def take_heads(model: LabelledEncoder, labels: Labels, own: Labels, path: Path) -> None:
    """Set the rows of the heads for the `labels` that are among a base's `own`, whose heads are at `path`."""
    from safetensors.torch import load_file

    try:
        state = load_file(path)
    except (OSError, SafetensorError) as error:
        raise LowresError(path, f"cannot be read ({error})", "the heads for the labels beside it") from None
    for head, names, theirs in (
        ("intent_head", labels.intents, own.intents),
        ("slot_head", labels.slots, own.slots),
    ):
        layer = getattr(model, head)
        shared = [(i, theirs.index(name)) for i, name in enumerate(names) if name in theirs]
        with torch.no_grad():
            for ours, other in shared:
                layer.weight[ours] = state[f"{head}.weight"][other].float()
                layer.bias[ours] = state[f"{head}.bias"][other].float()
