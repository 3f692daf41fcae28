"""From a model's logits to intent and slots with their confidences, as `reading.predict` does it, for small arrays in numpy."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lowres.errors import LowresError
from lowres.model import Labels, bridge_gaps
from lowres.text import word_spans
from lowres.utterance import Slot, label_slots

_WEIGHT = 0.3  # of the label transitions
Reading = tuple[np.ndarray, np.ndarray]  # log probabilities: (intents,), (words, slots)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was read in a text: each confidence is the probability, 0 to 1, that all of it is right."""

    intent: str
    intent_confidence: float
    slots: tuple[Slot, ...]
    slot_confidences: tuple[float, ...]
    confidence: float


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Log probabilities over the last axis."""
    shifted = logits - logits.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def mix(own: Reading, glossed: Reading, owners: Sequence[int]) -> Reading:
    """The mean of two readings; a word's reading through its gloss is the mean over the gloss's words."""
    n_words, rows = len(own[1]), glossed[1]
    owner = np.array(owners[: len(rows)], np.int64)
    member = (owner[None] == np.arange(n_words)[:, None]).astype(rows.dtype)  # (words, words of the gloss)
    counts = member.sum(1, keepdims=True)
    slots = np.where(counts > 0, member @ rows / np.maximum(counts, 1), own[1])
    return log_softmax((own[0] + glossed[0]) / 2), log_softmax((own[1] + slots) / 2)


def best_path(emissions: np.ndarray, transitions: np.ndarray | None) -> list[int]:
    """The best label per word (Viterbi), see `model.best_labels`."""
    if transitions is None or len(emissions) < 2:
        return emissions.argmax(-1).tolist()
    step = _WEIGHT * transitions
    score, back = emissions[0], []
    for emission in emissions[1:]:
        ways = score[:, None] + step
        back.append(ways.argmax(0))
        score = ways.max(0) + emission
    path = [int(score.argmax())]
    for source in reversed(back):
        path.append(int(source[path[-1]]))
    return path[::-1]


def decode(text: str, read: Reading, labels: Labels, transitions: np.ndarray | None) -> Found:
    """Intent and slots of a text; LowresError where the model says what is no number."""
    intents, slots = read
    if not (np.isfinite(intents).all() and np.isfinite(slots).all()):
        raise LowresError("adapter", "its answers are no numbers", "an adapter that was trained without overflow")
    path = bridge_gaps(best_path(slots, transitions))
    sure = [float(slots[k, label]) for k, label in enumerate(path)]
    spans = word_spans(text)
    found = label_slots(text, [*(labels.slots[label] for label in path), *["O"] * (len(spans) - len(path))])
    best = int(intents.argmax())
    return Found(
        intent=labels.intents[best],
        intent_confidence=_probability(float(intents[best])),
        slots=found,
        slot_confidences=tuple(_probability(_inside(slot, spans, sure)) for slot in found),
        confidence=_probability(float(intents[best]) + sum(sure)),
    )


def _inside(slot: Slot, spans: Sequence[tuple[int, int]], sure: Sequence[float]) -> float:
    return sum(one for (start, _), one in zip(spans, sure, strict=False) if slot.start <= start < slot.end)


def _probability(logarithm: float) -> float:
    return math.exp(min(0.0, logarithm))
