"""Answers made by hand and by chance, for the tests of this folder."""

import random

from hypothesis import strategies as st

from lowres.evaluation import Answer
from lowres.formats.massive import parse_annotation
from lowres.text import words
from lowres.utterance import Slot, Utterance, label_slots, word_labels

INTENTS = ("alarm_set", "play_music", "weather_query")
NAMES = ("date", "time", "place")


def utterance(annotated: str, intent: str | None = "alarm_set", id: str = "1") -> Utterance:
    """From "wake me at [time : five am]"."""
    text, slots = parse_annotation(annotated, "test")
    return Utterance(id=id, text=text, locale="sw-KE", intent=intent, slots=slots, partition="test")


def answer(gold: str, predicted: str, intents=("alarm_set", "alarm_set"), id: str = "1", confidence=0.5) -> Answer:
    """From two annotations of one text."""
    sides = (utterance(one, intent, id) for one, intent in zip((gold, predicted), intents, strict=True))
    return Answer(gold=next(sides), predicted=next(sides), confidence=confidence)


@st.composite
def slots_of(draw, text: str) -> tuple[Slot, ...]:
    """Any spans over the words of a text, neighbours of one name included."""
    spoken, slots, position = words(text), [], 0
    starts = [sum(len(word) + 1 for word in spoken[:i]) for i in range(len(spoken))]
    while position < len(spoken):
        size = draw(st.integers(0, 3))
        last = min(position + size, len(spoken)) - 1
        if size:
            name = draw(st.sampled_from(NAMES))
            slots.append(Slot(name=name, start=starts[position], end=starts[last] + len(spoken[last])))
        position += max(1, size)
    return tuple(slots)


@st.composite
def any_answers(draw, least: int = 1) -> list[Answer]:
    """Answers of up to eight words each."""
    made = []
    for i in range(draw(st.integers(least, 8))):
        text = " ".join("abcdefgh"[: draw(st.integers(1, 8))])
        sides = [
            Utterance(
                id=str(i),
                text=text,
                locale="sw-KE",
                intent=draw(st.sampled_from(INTENTS)),
                slots=draw(slots_of(text)),
                partition="test",
            )
            for _ in range(2)
        ]
        made.append(Answer(gold=sides[0], predicted=sides[1], confidence=draw(st.floats(0, 1))))
    return made


def random_answers(n: int, seed: int, accuracy: float = 0.7) -> list[Answer]:
    """`n` answers of which about `accuracy` of the intents and of the labels are right; gold is the same for any seed."""
    meant, chance = random.Random(0), random.Random(seed)
    made = []
    for i in range(n):
        text = " ".join(meant.choices("abcdefgh", k=meant.randint(1, 8)))
        slots = label_slots(text, [meant.choice((*NAMES, "O", "O")) for _ in words(text)])
        gold = Utterance(id=str(i), text=text, locale="sw-KE", intent=meant.choice(INTENTS), slots=slots)
        labels = [x if chance.random() < accuracy else chance.choice(("O", *NAMES)) for x in word_labels(gold)]
        intent = gold.intent if chance.random() < accuracy else chance.choice(INTENTS)
        read = Utterance(id=gold.id, text=text, locale="sw-KE", intent=intent, slots=label_slots(text, labels))
        made.append(Answer(gold=gold, predicted=read, confidence=chance.random()))
    return made
