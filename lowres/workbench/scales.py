"""The five questions that are asked of each utterance (after MASSIVE: FitzGerald et al. 2022, section 3), and the decisions."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """One question, English, with its answers by value; the best is the highest."""

    name: str
    question: str
    answers: Mapping[int, str]


SCALES = (
    Scale(name="intent", question="Does the utterance ask for that intent?", answers={2: "yes", 1: "one could say so", 0: "no"}),
    Scale(name="slots", question="Are its slots marked and named right?", answers={2: "all of them", 1: "partly", 0: "no"}),
    Scale(
        name="grammar", question="How does it sound?",
        answers={4: "natural", 3: "good enough", 2: "odd", 1: "hard to understand", 0: "makes no sense"},
    ),
    Scale(name="spelling", question="How is it spelt?", answers={2: "right", 1: "one mistake or two", 0: "many mistakes"}),
    Scale(name="language", question="Is it in the language?", answers={2: "yes", 1: "mixed with another", 0: "no"}),
)  # fmt: skip
DECISIONS: Mapping[str, str] = {"accepted": "Take it as it is", "corrected": "Take it corrected", "rejected": "Leave it out"}
