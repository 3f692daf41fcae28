"""Prediction and Answer: what a model said, beside what was meant; and predictions.jsonl."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lowres.errors import LowresError, at
from lowres.text import word_spans
from lowres.utterance import Slot, Utterance, format_utterance, parse_utterance

Span = tuple[str, int, int]  # slot name, first word, last word (inclusive)
_JSON = {str: "text", int: "a whole number", float: "a number", list: "a list", dict: "an object", type(None): "null"}
_SLOT = {"name": (str,), "start": (int,), "end": (int,)}
_LABELS = {"intent": (str, type(None)), "slots": (list,)}
_KEYS = {
    "id": (str,),
    "text": (str,),
    "locale": (str,),
    "partition": (str, type(None)),
    "gold": (dict,),
    "predicted": (dict,),
    "confidence": (float, int),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """An utterance with the intent and slots that a model read in it; `confidence` is 0..1."""

    utterance: Utterance
    confidence: float

    def __post_init__(self) -> None:
        if not 0 <= self.confidence <= 1:
            raise LowresError(f"prediction {self.utterance.id}", f"confidence {self.confidence}", "0 to 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One gold utterance and the prediction for it, on the same text."""

    gold: Utterance
    predicted: Utterance
    confidence: float

    def __post_init__(self) -> None:
        if self.gold.text != self.predicted.text:
            found = f"predicted on {self.predicted.text!r}"
            raise LowresError(f"utterance {self.gold.id}", found, f"the gold text {self.gold.text!r}")
        if self.gold.intent is None:
            raise LowresError(f"utterance {self.gold.id}", "no gold intent", "labelled utterances")


def answers(gold: Iterable[Utterance], predictions: Iterable[Prediction]) -> list[Answer]:
    """Gold and predictions paired by id, in the order of gold; each id once and on both sides, else LowresError."""
    meant = _by_id("gold", gold)
    listed = list(predictions)
    said = _by_id("predictions", (prediction.utterance for prediction in listed))
    same_ids("predictions", meant, said)
    sure = {prediction.utterance.id: prediction.confidence for prediction in listed}
    return [Answer(gold=g, predicted=said[i], confidence=sure[i]) for i, g in meant.items()]


def _by_id(where: str, utterances: Iterable[Utterance]) -> dict[str, Utterance]:
    found: dict[str, Utterance] = {}
    for utterance in utterances:
        if utterance.id in found:
            raise LowresError(where, f"id {utterance.id} twice", "each id once")
        found[utterance.id] = utterance
    return found


def same_ids(where: object, expected: Iterable[str], found: Iterable[str]) -> None:
    """LowresError unless both hold the same ids."""
    expected, found = set(expected), set(found)
    if missing := expected - found:
        raise LowresError(where, f"{len(missing)} utterances missing, first {min(missing)}", "one for every gold id")
    if surplus := found - expected:
        raise LowresError(where, f"{len(surplus)} unknown utterances, first {min(surplus)}", "ids of the gold only")


def same_utterances(where: object, old: Sequence[Answer], new: Sequence[Answer]) -> list[Answer]:
    """`new` in the order of `old`; LowresError unless both answer the same gold utterances."""
    found = {answer.gold.id: answer for answer in new}
    same_ids(where, (answer.gold.id for answer in old), found)
    for answer in old:
        if found[answer.gold.id].gold != answer.gold:
            raise LowresError(where, f"another gold for utterance {answer.gold.id}", "the same test data on both sides")
    return [found[answer.gold.id] for answer in old]


def slot_spans(utterance: Utterance) -> list[Span]:
    """Slots over words, in order: what is scored.

    A slot whose borders do not fall on words counts as the words that it touches; a word belongs to the
    slot that touches it first, so a slot that is left without a word is not scored.
    """
    if not utterance.slots:
        return []
    reached: dict[Slot, tuple[int, int]] = {}
    for word, (start, end) in enumerate(word_spans(utterance.text)):
        owner = next((slot for slot in utterance.slots if slot.start < end and start < slot.end), None)
        if owner is not None:
            reached[owner] = (reached.get(owner, (word, word))[0], word)
    return [(slot.name, first, last) for slot, (first, last) in reached.items()]


def iob2_tags(utterance: Utterance) -> list[str]:
    """One IOB2 tag per word, as seqeval reads them; neighbouring slots of one name stay apart."""
    tags = ["O"] * len(word_spans(utterance.text))
    for name, first, last in slot_spans(utterance):
        tags[first : last + 1] = [f"B-{name}"] + [f"I-{name}"] * (last - first)
    return tags


def is_exact(answer: Answer) -> bool:
    """Whether the intent and the full set of slots are right."""
    same_intent = answer.gold.intent == answer.predicted.intent
    return same_intent and slot_spans(answer.gold) == slot_spans(answer.predicted)


def format_answer(answer: Answer) -> dict[str, Any]:
    """A JSON object of `answer`; `parse_answer` is its inverse (a gold's `extra` is not kept)."""
    gold, predicted = format_utterance(answer.gold), format_utterance(answer.predicted)
    shared = {key: gold[key] for key in ("id", "text", "locale", "partition")}
    labels = {"gold": {key: gold[key] for key in _LABELS}, "predicted": {key: predicted[key] for key in _LABELS}}
    return shared | labels | {"confidence": answer.confidence}


def parse_answer(record: Any) -> Answer:
    """The inverse of `format_answer`; LowresError unless keys and types are exactly its."""
    _check(record, _KEYS, "prediction record")
    for side in ("gold", "predicted"):
        _check(record[side], _LABELS, side)
        for slot in record[side]["slots"]:
            _check(slot, _SLOT, f"slot of {side}")
    shared = {key: record[key] for key in ("id", "text", "locale", "partition")}
    gold, predicted = (parse_utterance(shared | record[side]) for side in ("gold", "predicted"))
    sure = Prediction(utterance=predicted, confidence=record["confidence"])
    return Answer(gold=gold, predicted=sure.utterance, confidence=sure.confidence)


def _check(record: Any, types: Mapping[str, tuple[type, ...]], where: str) -> None:
    if not isinstance(record, dict) or record.keys() != types.keys():
        found = ", ".join(map(str, record)) if isinstance(record, dict) else type(record).__name__
        raise LowresError(where, found, f"an object of {', '.join(types)}")
    for key, allowed in types.items():
        if type(record[key]) not in allowed:
            names = " or ".join(_JSON[kind] for kind in allowed)
            raise LowresError(where, f"{key} is {record[key]!r}", f"{key}: {names}")


def write_predictions(path: Path, answered: Iterable[Answer]) -> None:
    """Write predictions.jsonl: one JSON object a line, gold and predicted labels on one text, in the given order."""
    lines = (json.dumps(format_answer(answer), ensure_ascii=False) + "\n" for answer in answered)
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def read_predictions(path: Path) -> list[Answer]:
    """The inverse of `write_predictions`; LowresError names the line."""
    found, seen = [], set()
    for number, line in _lines(path):
        try:
            answer = parse_answer(json.loads(line))
        except (ValueError, RecursionError) as error:  # ValueError: also a number of too many digits
            raise LowresError(at(path, number), f"not JSON ({error})", "one prediction a line") from None
        except LowresError as error:
            raise LowresError(at(path, number), str(error)) from None
        if answer.gold.id in seen:
            raise LowresError(at(path, number), f"id {answer.gold.id} again", "each id once")
        seen.add(answer.gold.id)
        found.append(answer)
    return found


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise LowresError(path, error.strerror or str(error), "predictions, as `lowres evaluate` writes them") from None
    except UnicodeDecodeError as error:
        raise LowresError(path, f"byte {error.start} is not UTF-8", "UTF-8") from None
    # Not splitlines(): it also splits at characters that JSON allows inside a string.
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if line.strip():
            yield number, line
