"""Does it pay to ask what the queue asks? Simulated on MASSIVE: what 200 utterances say of the exact match on all of them.

    LOWRES_MIRROR=../shared/data python benchmarks/asking.py swh-massive cym-massive --partition dev

Somebody renders 200 of the prompts; how far is the adapter's exact match, as estimated from them, from that on the whole
part? Prompts at random with their plain mean, against the queue of `lowres.collection.asking` and its estimate, each
mixed with the other's half. What the queue knows is known before anybody speaks: how the bundled adapter reads the English
prompt and the recipe's synthetic rendering of it. Predictions are made once and kept in --cache.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from _measure import open_recipe

from lowres.collection.asking import Estimate, estimate, order_prompts, plan
from lowres.evaluation import answers, is_exact
from lowres.pair import Rejected, read_pair, render
from lowres.sources import read_utterances
from lowres.utterance import Utterance, format_utterance, parse_utterance

READINGS = ("english", "synthetic")
MIXED = "english+synthetic"
PERSONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A prompt; whether the adapter reads the human rendering right; and its doubt (1 where wrong) by reading."""

    prompt: Utterance
    exact: bool
    doubt: Mapping[str, float]


# --- reading, once


def rows_of(name: str, partition: str, cache: Path) -> list[Row]:
    """The rows of an adapter, from the cache where they are there."""
    path = cache / f"{name}-{partition}.jsonl"
    if not path.exists():
        with tempfile.TemporaryDirectory() as shelf:  # the adapter is not put on the user's own
            os.environ["LOWRES_CACHE"] = shelf
            made = list(_read(name, partition))
        cache.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(row) + "\n" for row in made), encoding="utf-8")
    records = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [Row(prompt=parse_utterance(one["prompt"]), exact=one["exact"], doubt=one["doubt"]) for one in records]


def _read(name: str, partition: str) -> Iterator[dict]:
    from lowres.adapter import read_adapter
    from lowres.reading import predict
    from lowres.registry.client import pull

    run = open_recipe(name)
    human, prompts = (
        read_utterances(one.model_copy(update={"partition": partition}), run.file.folder, run.mirror)
        for one in (run.recipe.evaluate[0], run.recipe.source)
    )
    reader = read_adapter(pull(name).folder)
    read = {
        what: {one.gold.id: one for one in answers(gold, predict(reader, gold))}
        for what, gold in {"human": human, "english": prompts, "synthetic": list(rendered(run, prompts))}.items()
    }
    for prompt in prompts:
        found = {what: read[what][prompt.id] for what in READINGS if prompt.id in read[what]}
        doubt = {what: 1 - one.confidence if is_exact(one) else 1.0 for what, one in found.items()}
        yield {"prompt": format_utterance(prompt), "exact": is_exact(read["human"][prompt.id]), "doubt": doubt}


def rendered(run, prompts: Sequence[Utterance]) -> Iterator[Utterance]:
    """What the recipe's synthesis makes of prompts, without those that it rejects."""
    from lowres.rules import load_rules
    from lowres.stages.data import read_resources
    from lowres.synthesis import apply, draws

    rules, resources = load_rules(run.recipe.synthesize.rules, run.file.folder), read_resources(run)
    for one in prompts:
        try:
            pair = apply(rules, read_pair(one, resources.tagger), resources, draws(13, f"{one.id}:0"))
            yield render(pair, id=one.id, locale=run.recipe.evaluate[0].locale)
        except Rejected:
            continue


# --- asking


class Trial:
    """A data set with what is known of it before, and how its prompts are chosen and the answers weighed."""

    def __init__(self, rows: Sequence[Row], readings: Sequence[str]) -> None:
        self.prompts = [row.prompt for row in rows]
        self.exact = {row.prompt.id: float(row.exact) for row in rows}
        self.known, self.nothing = plan(self.prompts, doubts(rows, readings)), plan(self.prompts, {})

    def at_random(self, seed: int, n: int) -> list[str]:
        return [self.prompts[i].id for i in np.random.default_rng(seed).permutation(len(self.prompts))[:n]]

    def one_person(self, seed: int, n: int) -> list[str]:
        return order_prompts(self.known, collected=[], person=f"person {seed}")[:n]

    def several(self, seed: int, n: int) -> list[str]:
        """Persons take turns at five prompts, each in their own order of what is left, and skip one in ten."""
        done: list[str] = []
        skipped: list[list[str]] = [[] for _ in range(PERSONS)]
        while len(done) < n:
            who = len(done) // 5 % PERSONS
            order = order_prompts(self.known, collected=done, skipped=skipped[who], person=f"person {seed}/{who}")
            left = [one for k, one in enumerate(order[:10]) if np.random.default_rng([seed, len(done), k]).random() < 0.1]
            skipped[who] += left
            done += [one for one in order if one not in left][:5]
        return done[:n]

    def plain(self, chosen: Sequence[str]) -> Estimate:
        return estimate(self.nothing, self._found(chosen), by_queue=False)

    def corrected(self, chosen: Sequence[str]) -> Estimate:
        return estimate(self.known, self._found(chosen), by_queue=False)

    def weighed(self, chosen: Sequence[str]) -> Estimate:
        return estimate(self.known, self._found(chosen))

    def _found(self, chosen: Sequence[str]) -> dict[str, float]:
        return {one: self.exact[one] for one in chosen}


WAYS: dict[str, tuple[Callable, Callable]] = {
    "at random, plain mean": (Trial.at_random, Trial.plain),
    "at random, estimate": (Trial.at_random, Trial.corrected),
    "queue, plain mean": (Trial.one_person, Trial.plain),
    "queue, estimate": (Trial.one_person, Trial.weighed),
    f"queue of {PERSONS} who skip, estimate": (Trial.several, Trial.weighed),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Of one way: errors and bias in points; how often the interval has the truth; the share of intents and slots heard at all."""

    error: float  # mean absolute
    worst: float  # the error that one repetition in twenty exceeds
    bias: float
    covered: float
    heard: float


def repeat(trial: Trial, way: str, n: int, repetitions: int) -> Outcome:
    """What a way gives over repetitions with seeds of their own."""
    choose, weigh = WAYS[way]
    truth, errors, covered, heard = np.mean(list(trial.exact.values())), [], [], []
    labels = {one.id: {one.intent, *(slot.name for slot in one.slots)} for one in trial.prompts}
    everything = set().union(*labels.values())
    for seed in range(repetitions):
        chosen = choose(trial, seed, n)
        found = weigh(trial, chosen).score
        errors.append(100 * (found.value - truth))
        covered.append(found.low <= truth <= found.high)
        heard.append(len(set().union(*(labels[one] for one in chosen))) / len(everything))
    absolute = np.abs(errors)
    return Outcome(error=float(absolute.mean()), worst=float(np.quantile(absolute, 0.95)), bias=float(np.mean(errors)),
                   covered=float(np.mean(covered)), heard=float(np.mean(heard)))  # fmt: skip


def doubts(rows: Sequence[Row], readings: Sequence[str]) -> dict[str, float]:
    """The mean doubt of the readings that a prompt has."""
    found = {row.prompt.id: [row.doubt[one] for one in readings if one in row.doubt] for row in rows}
    return {prompt: sum(some) / len(some) for prompt, some in found.items() if some}


def explained(rows: Sequence[Row], readings: Sequence[str]) -> float:
    """The share of the variance of exact match that doubt known before explains."""
    known = doubts(rows, readings)
    pairs = [(known[row.prompt.id], row.exact) for row in rows if row.prompt.id in known]
    return float(np.corrcoef(np.array(pairs, dtype=float).T)[0, 1] ** 2)


def share_of(way: str, repetitions: int) -> int:
    """Fewer repetitions of what orders the prompts anew for every one."""
    return repetitions if WAYS[way][0] is not Trial.several else max(20, repetitions // 10)


def print_table(found: Mapping[str, Mapping[str, Outcome]], n: int, repetitions: int) -> None:
    """Errors by way and adapter, and the means over adapters."""
    print(f"\nMean absolute error in points of exact match from {n} utterances, {repetitions} repetitions\n")
    print("| way | " + " | ".join(found) + " | mean | exceeded by 5 % | bias | interval has it | labels heard |")
    print("|---|" + "---:|" * (len(found) + 5))
    for way in WAYS:
        ones = [outcomes[way] for outcomes in found.values()]
        error, worst, bias, covered, heard = (
            float(np.mean([getattr(one, name) for one in ones])) for name in ("error", "worst", "bias", "covered", "heard")
        )
        cells = " | ".join(f"{one.error:.2f}" for one in ones)
        print(f"| {way} | {cells} | {error:.2f} | {worst:.2f} | {bias:+.2f} | {100 * covered:.0f} % | {100 * heard:.0f} % |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("adapters", nargs="+", help="bundled adapters whose recipe has an evaluation by MASSIVE")
    parser.add_argument("--partition", default="dev")
    parser.add_argument("--utterances", type=int, default=200)
    parser.add_argument("--repetitions", type=int, default=200)
    parser.add_argument("--readings", default=MIXED, help="what is known before: english, synthetic, or both with +")
    parser.add_argument("--cache", type=Path, default=Path("runs/asking"))
    options = parser.parse_args()
    readings, found = options.readings.split("+"), {}
    for name in options.adapters:
        rows = rows_of(name, options.partition, options.cache)
        trial = Trial(rows, readings)
        print(f"{name} {options.partition}: {len(rows)} prompts, exact match {100 * np.mean([row.exact for row in rows]):.1f}, "
              f"{100 * explained(rows, readings):.0f} % of its variance known before from {options.readings}", flush=True)  # fmt: skip
        found[name] = {way: repeat(trial, way, options.utterances, share_of(way, options.repetitions)) for way in WAYS}
    print_table(found, options.utterances, options.repetitions)


if __name__ == "__main__":
    main()
