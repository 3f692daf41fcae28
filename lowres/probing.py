"""Looking inside a base: whether sentences that mean the same stand together, whatever their language."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn import functional

from lowres.evaluation import Interval, share
from lowres.model import MAX_WORDS, Example, PieceReader, collate, encode_text
from lowres.reading import Reader, autocast, batches, device_of, gloss_pieces
from lowres.text import words


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Share of sentences whose translation is the nearest of all in the other language, by cosine: as the base has them,
    and after each language's mean is taken away (Pires et al., 2019)."""

    n: int
    plain: Interval
    centred: Interval


@dataclass(frozen=True, slots=True)
class Fairness:
    """What a text costs: tokenizer pieces per word and per character."""

    n_words: int
    per_word: float
    per_character: float


@torch.no_grad()
def sentence_vectors(reader: Reader, texts: Sequence[str], size: int = 128) -> Tensor:
    """The mean of every layer over the pieces of a text's words, (1 + layers, texts, hidden), on the CPU; the first is of the
    embeddings. An adapter that reads its dictionary beside the words reads it here, too."""
    reader.model.eval()
    examples = [_example(text, reader) for text in texts]
    config = reader.model.config
    found = torch.zeros(1 + config.num_hidden_layers, len(texts), config.hidden_size)
    for chunk in batches(examples, size):
        batch = collate([examples[i] for i in chunk], reader.pieces).to(device_of(reader.model))
        with autocast():
            layers = reader.model.layers(batch)
        inside = (batch.word_of_piece >= 0).unsqueeze(-1)
        for layer, states in enumerate(layers):
            found[layer, chunk] = ((states.float() * inside).sum(1) / inside.sum(1).clamp(min=1)).cpu()
    return found


def _example(text: str, reader: Reader) -> Example:
    known = reader.glosser if reader.beside and reader.glosser and not reader.glosser.is_source(text) else None
    return replace(encode_text(text, reader.pieces), glosses=gloss_pieces(text, known, reader.pieces)[:MAX_WORDS])


def nearest(ours: Tensor, theirs: Tensor) -> Tensor:
    """For each row of (n, hidden) the number of the nearest row of (m, hidden), by cosine."""
    return (functional.normalize(ours, dim=-1) @ functional.normalize(theirs, dim=-1).T).argmax(1)


def retrieval(ours: Tensor, theirs: Tensor) -> Retrieval:
    """How often row i of (n, hidden) finds row i of the other (n, hidden)."""
    own = torch.arange(len(ours))
    plain = nearest(ours, theirs) == own
    centred = nearest(ours - ours.mean(0), theirs - theirs.mean(0)) == own
    return Retrieval(len(ours), share(plain.numpy()), share(centred.numpy()))


def best_layer(pairs: Sequence[tuple[Tensor, Tensor]]) -> tuple[int, list[float]]:
    """The layer in which translations are found best after centring, and what is found in each, a mean over pairs of
    (layers, n, hidden)."""
    found = [[retrieval(a, b).centred.value for a, b in zip(ours, theirs, strict=True)] for ours, theirs in pairs]
    means = [sum(column) / len(found) for column in zip(*found, strict=True)]
    return means.index(max(means)), means


def fairness(pieces: PieceReader, texts: Sequence[str]) -> Fairness:
    """Pieces of all words of some texts."""
    said = [word for text in texts for word in words(text)]
    n_pieces, n_characters = sum(len(pieces.pieces(word)) for word in said), sum(map(len, said))
    return Fairness(len(said), n_pieces / max(len(said), 1), n_pieces / max(n_characters, 1))


def flat(means: Tensor) -> Tensor:
    """Rows (n, hidden) in the two dimensions in which they differ most, (n, 2), by principal components."""
    apart = means - means.mean(0)
    _, _, directions = torch.linalg.svd(apart, full_matrices=False)
    directions = directions[:2] * torch.where(directions[:2].sum(1, keepdim=True) < 0, -1, 1)  # the sign is free: fix it
    return functional.pad(apart @ directions.T, (0, 2 - len(directions)))


def places(means: dict[str, Tensor]) -> dict[str, tuple[float, float]]:
    """Where vectors (hidden,) lie on the map, by name."""
    return dict(zip(means, map(tuple, flat(torch.stack(list(means.values()))).tolist()), strict=True)) if means else {}
