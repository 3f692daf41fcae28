"""Utterance and Slot: a gold item, a synthetic item and a prediction are all this one type."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lowres.errors import LowresError
from lowres.text import nfc, word_spans


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A named span: code points `start` to `end` (exclusive) of its utterance's text."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What somebody said, with its intent and slots where they are known.

    `text` is NFC and not empty; slots are sorted, not empty, and do not overlap.
    `extra` keeps the fields of the source file that lowres does not read.
    """

    id: str
    text: str
    locale: str
    intent: str | None = None
    slots: tuple[Slot, ...] = ()
    partition: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        if not self.text.strip() or self.text != nfc(self.text):
            raise LowresError(f"utterance {self.id}", f"text {self.text!r}", "NFC text, not empty")
        end = 0
        for slot in self.slots:
            if not end <= slot.start < slot.end <= len(self.text):
                found = f"slot {slot.name} at {slot.start}:{slot.end} of {len(self.text)} characters"
                raise LowresError(f"utterance {self.id}", found, "slots in order, inside the text, without overlap")
            end = slot.end

    def slot_text(self, slot: Slot) -> str:
        """The characters that `slot` covers."""
        return self.text[slot.start : slot.end]


def word_labels(utterance: Utterance) -> list[str]:
    """One slot name or 'O' per word (see `text.word_spans`); a word belongs to the slot that it touches first."""
    labels = []
    for start, end in word_spans(utterance.text):
        touching = (slot.name for slot in utterance.slots if slot.start < end and start < slot.end)
        labels.append(next(touching, "O"))
    return labels


def label_slots(text: str, labels: Iterable[str]) -> tuple[Slot, ...]:
    """Slots from one label per word: every run of one label is one slot, so none can fragment."""
    slots: list[Slot] = []
    previous = "O"
    for (start, end), label in zip(word_spans(text), labels, strict=True):
        if label != "O" and label == previous:
            slots[-1] = Slot(name=label, start=slots[-1].start, end=end)
        elif label != "O":
            slots.append(Slot(name=label, start=start, end=end))
        previous = label
    return tuple(slots)


def format_utterance(utterance: Utterance) -> dict[str, Any]:
    """A JSON object of `utterance`; `parse_utterance` is its inverse."""
    known = {
        "id": utterance.id,
        "locale": utterance.locale,
        "partition": utterance.partition,
        "text": utterance.text,
        "intent": utterance.intent,
        "slots": [{"name": s.name, "start": s.start, "end": s.end} for s in utterance.slots],
    }
    return known | ({"extra": dict(utterance.extra)} if utterance.extra else {})


def parse_utterance(record: Mapping[str, Any]) -> Utterance:
    """The inverse of `format_utterance`."""
    try:
        slots = tuple(Slot(**slot) for slot in record["slots"])
        return Utterance(**{**record, "slots": slots})
    except (KeyError, TypeError) as error:
        raise LowresError("utterance record", str(error), "id, locale, partition, text, intent, slots") from None
