"""Slot F1 of a thousand bootstrap resamples: lowres' counts and sums against seqeval in a loop.

    LOWRES_MIRROR=../shared/data python benchmarks/scores.py

Gold are human dev utterances; predictions are made from them: of their slots a fifth is left out, a fifth renamed. Ours
is the whole of it: spans of every utterance counted once, then the three scores with their intervals. The peer is
seqeval's f1_score (strict, IOB2) on the tags of every resample; a few are measured and scaled, making the tags is not
counted. Both take turns, five rounds; medians of core seconds. The figure without resampling is compared.
"""

import argparse
import random
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from _measure import core_seconds, seconds

from lowres.catalog import Reference
from lowres.evaluation import RESAMPLES, Answer, count, iob2_tags, score
from lowres.sources import read_utterances

ROUNDS = 5


def made_answers(locale: str, limit: int | None) -> list[Answer]:
    """Human dev utterances with mistakes put in."""
    reference = Reference(dataset="massive", locale=locale, partition="dev")
    rng = random.Random(13)
    gold = read_utterances(reference, Path("."))[:limit]
    return [Answer(gold=one, predicted=replace(one, slots=mistaken(one.slots, rng)), confidence=1.0) for one in gold]


def mistaken(slots, rng: random.Random) -> tuple:
    """Slots of which some are gone and some have another name."""
    drawn = [(slot, rng.random()) for slot in slots]
    return tuple(replace(slot, name="other") if chance < 0.4 else slot for slot, chance in drawn if chance >= 0.2)


def seqeval_f1(gold: Sequence[list[str]], predicted: Sequence[list[str]]) -> float:
    """The peer's figure."""
    from seqeval.metrics import f1_score
    from seqeval.scheme import IOB2

    return f1_score(gold, predicted, mode="strict", scheme=IOB2, zero_division=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--locale", default="sw-KE")
    parser.add_argument("--limit", type=int, help="utterances, the first of the file; all where not given")
    options = parser.parse_args()
    warnings.filterwarnings("ignore", module="seqeval")
    answered = made_answers(options.locale, options.limit)
    tags = [(iob2_tags(one.gold), iob2_tags(one.predicted)) for one in answered]
    ours, theirs = score(count(answered)).slot_f1, seqeval_f1(*zip(*tags, strict=True))
    rng, spent = random.Random(13), []
    for _ in range(ROUNDS):
        resample = list(zip(*rng.choices(tags, k=len(tags)), strict=True))
        peer = core_seconds(lambda drawn=resample: seqeval_f1(*drawn))
        spent.append((core_seconds(lambda: score(count(answered))), peer * RESAMPLES))
    mine, loop = (median(column) for column in zip(*spent, strict=True))
    print(f"massive/{options.locale}/dev: {len(answered):,} utterances, {RESAMPLES:,} resamples")
    print(f"slot F1 {100 * ours.value:.2f} (95 % {100 * ours.low:.2f} to {100 * ours.high:.2f}), seqeval {100 * theirs:.2f}, difference {abs(ours.value - theirs):.1g}")
    print(f"seqeval in a loop {seconds(loop)} ({ROUNDS} resamples measured and scaled)")
    print(f"lowres {seconds(mine)}, all three scores")
    print(f"ratio {loop / mine:,.0f}x faster")


if __name__ == "__main__":
    main()
