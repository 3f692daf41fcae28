"""Reading: a model ready to predict, what it reads of an utterance, and what it makes of it."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch

from lowres.evaluation import Prediction
from lowres.gloss import Glosser, gloss_utterance
from lowres.model import Example, Labels, PieceReader, best_labels, bridge_gaps, collate, encode
from lowres.text import words
from lowres.utterance import Utterance, label_slots

MAX_GLOSS_PIECES = 6


@dataclass(slots=True)
class Reader:
    """A model ready to predict: the network, its pieces, labels, glosses and label transitions."""

    model: torch.nn.Module
    pieces: PieceReader
    labels: Labels
    glosser: Glosser | None = None
    transitions: torch.Tensor | None = None
    beside: bool = True  # with a glosser: each word's gloss is mixed into its embedding
    again: bool = True  # with a glosser: the utterance is read once more, glossed word by word


def gloss_pieces(text: str, glosser: Glosser | None, reader: PieceReader) -> tuple[tuple[int, ...], ...]:
    """Piece ids of each word's glosses, () where there is none; nothing at all without a glosser."""
    if glosser is None:
        return ()
    out = []
    for word in words(text):
        ids = [piece for gloss in glosser.gloss(word) for part in words(gloss) for piece in reader.pieces(part)]
        out.append(tuple(ids[:MAX_GLOSS_PIECES]))
    return tuple(out)


def autocast():
    """bf16 on a GPU and on CPUs with instructions for it; a no-op elsewhere."""
    device = best_device()
    known = getattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", lambda: False)  # not a public name
    return torch.autocast(device, torch.bfloat16, enabled=device == "cuda" or bool(known()))


def best_device() -> str:
    """The GPU where there is one."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def device_of(model: torch.nn.Module) -> torch.device:
    """Where a model's weights are."""
    return next(model.parameters()).device


def batches(examples: Sequence[Example], size: int, rng: random.Random | None = None) -> Iterator[list[int]]:
    """Indices in batches of similar length; shuffled by `rng`, else shortest first."""
    keys = [(example.n_pieces + (rng.random() * 3 if rng else 0), i) for i, example in enumerate(examples)]
    ordered = [i for _, i in sorted(keys)]
    chunks = [ordered[k : k + size] for k in range(0, len(ordered), size)]
    if rng:
        rng.shuffle(chunks)
    yield from chunks


def predict(reader: Reader, utterances: Sequence[Utterance], *, size: int = 128, bridge: bool = True) -> list[Prediction]:
    """Intent, slots and confidence for each utterance's text, in the order given.

    With a glosser each utterance is read as it is (each word beside its gloss) and, `again`, glossed word by word in
    the source language; the two readings' log probabilities are averaged. What is in the source language already needs
    no gloss: there the dictionary would take English words for words of the language that look the same.
    """
    foreign = [reader.glosser is not None and not reader.glosser.is_source(one.text) for one in utterances]
    read = log_probabilities(reader, [_example(*row, reader) for row in zip(utterances, foreign, strict=True)], size)
    if reader.again:
        twice = [i for i, yes in enumerate(foreign) if yes]
        glossed = [gloss_utterance(utterances[i], reader.glosser) for i in twice]
        again = log_probabilities(reader, [encode(one, reader.pieces) for one, _ in glossed], size)
        for i, row, (_, owners) in zip(twice, again, glossed, strict=True):
            read[i] = _mixed(read[i], row, owners)
    return [_prediction(reader, *row, bridge) for row in zip(utterances, read, strict=True)]


Reading = tuple[torch.Tensor, torch.Tensor]  # log probabilities: (intents,), (words, slots)


def _example(utterance: Utterance, foreign: bool, reader: Reader) -> Example:
    glosser = reader.glosser if foreign and reader.beside else None
    return encode(utterance, reader.pieces, glosses=gloss_pieces(utterance.text, glosser, reader.pieces))


@torch.no_grad()
def log_probabilities(reader: Reader, examples: Sequence[Example], size: int = 128) -> list[Reading]:
    """What the model says of each example, in the order given, on the CPU."""
    reader.model.eval()
    found: dict[int, Reading] = {}
    for chunk in batches(examples, size):
        with autocast():
            intents, slots = reader.model(collate([examples[i] for i in chunk], reader.pieces).to(device_of(reader.model)))
        intents, slots = intents.float().log_softmax(-1).cpu(), slots.float().log_softmax(-1).cpu()
        for row, i in enumerate(chunk):
            found[i] = intents[row], slots[row, : len(examples[i].pieces)]
    return [found[i] for i in range(len(examples))]


def _mixed(own: Reading, glossed: Reading, owners: Sequence[int]) -> Reading:
    """The mean of two readings; a word's reading through its gloss is the mean over the gloss's words."""
    n_words, n_read = len(own[1]), len(glossed[1])
    index = torch.tensor(owners[:n_read])
    keep = index < n_words
    index, rows = index[keep], glossed[1][keep]
    sums = torch.zeros_like(own[1]).index_add_(0, index, rows)
    counts = torch.zeros(n_words).index_add_(0, index, torch.ones(len(index)))
    slots = torch.where(counts[:, None] > 0, sums / counts.clamp(min=1)[:, None], own[1])
    intents = (own[0] + glossed[0]) / 2
    return intents.log_softmax(-1), ((own[1] + slots) / 2).log_softmax(-1)


def _prediction(reader: Reader, utterance: Utterance, read: Reading, bridge: bool) -> Prediction:
    """Confidence is the product of the probabilities of the intent and of every label: that all of it is right."""
    intents, slots = read
    path = best_labels(slots, reader.transitions)
    path = bridge_gaps(path) if bridge else path
    sure = float(intents.max()) + sum(float(slots[k, label]) for k, label in enumerate(path))
    names = [reader.labels.slots[label] for label in path]
    names += ["O"] * (len(words(utterance.text)) - len(path))
    best = reader.labels.intents[int(intents.argmax())]
    slots = label_slots(utterance.text, names)
    said = Utterance(id=utterance.id, text=utterance.text, locale=utterance.locale, intent=best, slots=slots)
    return Prediction(utterance=said, confidence=math.exp(min(0.0, sure)))
