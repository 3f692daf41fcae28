"""What a model makes of a collection's test part: its scores on what was collected, and what they say of all its prompts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lowres.collection.acts import part_of
from lowres.collection.asking import Estimate, estimate
from lowres.collection.book import Book
from lowres.collection.exchange.item import Collected
from lowres.collection.snapshot import collected, find_collection
from lowres.errors import LowresError
from lowres.evaluation import Answer, SystemScores, answers, count, score
from lowres.evaluation.predictions import is_exact
from lowres.evaluation.scores import wilson
from lowres.utterance import Utterance
from lowres.workbench.charts import Measured
from lowres.workbench.wording import _

N_INTENTS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Scores on the accepted utterances of the test part; the estimate on all its prompts, None where no prompt was rendered."""

    answers: Sequence[Answer]
    scores: SystemScores
    estimate: Estimate | None


def score_collection(book: Book, name: str, reader, prompts: Mapping[str, Utterance], uncertainty: Mapping[str, float]) -> Scored:
    """Have every accepted test utterance read by the model; LowresError where there is none yet."""
    from lowres.reading import predict

    with book.reading() as state:
        opened, items = find_collection(state, name), [one for one in collected(state, name) if one.partition == "test"]
    if not items:
        raise LowresError(name, _("no accepted utterance for testing yet"), _("more judgments"))
    gold = [one.reading.utterance(one.id, one.locale) for one in items]
    read = answers(gold, predict(reader, gold))
    asked = [one for key, one in prompts.items() if part_of(key, name, opened) == "test"]
    return Scored(answers=read, scores=score(count(read)), estimate=_estimate(items, read, asked, uncertainty))


def _estimate(
    items: Sequence[Collected], read: Sequence[Answer], asked: Sequence[Utterance], uncertainty: Mapping[str, float]
) -> Estimate | None:
    """Several renderings of a prompt count as one outcome, their mean; what has no prompt of the collection is left out."""
    outcomes, known = defaultdict(list), {one.id for one in asked}
    for item, answer in zip(items, read, strict=True):
        if item.prompt and item.prompt.id in known:
            outcomes[item.prompt.id].append(float(is_exact(answer)))
    means = {prompt: sum(found) / len(found) for prompt, found in outcomes.items()}
    return estimate(asked, means, uncertainty) if means else None


def weak_intents(read: Sequence[Answer]) -> list[Measured]:
    """Exact match by intent, the lowest first, in percent with Wilson's interval; the commoner first among equals."""
    found = defaultdict(list)
    for one in read:
        found[one.gold.intent].append(is_exact(one))
    shares = [(intent, wilson(sum(exact), len(exact)), len(exact)) for intent, exact in found.items()]
    shares.sort(key=lambda row: (row[1].value, -row[2], row[0]))
    return [
        Measured(name=f"{intent.replace('_', ' ')} ({n})", value=100 * one.value, low=100 * one.low, high=100 * one.high)
        for intent, one, n in shares[:N_INTENTS]
    ]


def failures(read: Sequence[Answer]) -> list[Answer]:
    """What was read wrong, the surest first: there either the model or the test is wrong."""
    return sorted((one for one in read if not is_exact(one)), key=lambda one: -one.confidence)
