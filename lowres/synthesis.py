"""Synthesis: apply the rules, keep or reject with a reason, report what the lexicon missed."""

import json
import random
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any

from lowres.errors import LowresError
from lowres.pair import COPY, Pair, Rejected, Word, read_pair, render
from lowres.rules import Resources, Rule
from lowres.utterance import Utterance, format_utterance

N_MISSES = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept pair: the target utterance, the source text, and the words with their provenance."""

    utterance: Utterance
    source: str
    words: tuple[Word, ...]
    coverage: float


@dataclass(slots=True)
class Tally:
    """What happened in a synthesis, counted."""

    n_utterances: int = 0
    n_tokens: int = 0
    kept: int = 0
    rejected: Counter = field(default_factory=Counter)
    coverage: Counter = field(default_factory=Counter)  # tenths
    origins: Counter = field(default_factory=Counter)
    misses: Counter = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Count what another tally counted, too."""
        for part in fields(self):
            value = getattr(self, part.name) + getattr(other, part.name)
            setattr(self, part.name, value)


def synthesize(
    utterances: Iterable[Utterance],
    rules: Sequence[Rule],
    resources: Resources,
    *,
    locale: str,
    variants: int,
    min_coverage: float,
    seed: int,
    tally: Tally,
) -> Iterator[Kept]:
    """Up to `variants` different pairs per utterance, in order; the seed of each is `seed:utterance id:variant`."""
    for utterance in utterances:
        start = read_pair(utterance)
        tally.n_utterances += 1
        tally.n_tokens += len(start.tokens)
        seen: set[str] = set()
        for variant in range(variants):
            rng = random.Random(f"{seed}:{utterance.id}:{variant}")
            try:
                pair = apply(rules, start, resources, rng)
                target = render(pair, id=f"{utterance.id}:{variant}", locale=locale)
            except Rejected as error:
                tally.rejected[error.reason] += 1
                continue
            coverage = pair.coverage
            _count(tally, pair, coverage, first=variant == 0)
            if coverage < min_coverage:
                tally.rejected["coverage below the threshold"] += 1
            elif target.text in seen:
                tally.rejected["same as an earlier variant"] += 1
            else:
                seen.add(target.text)
                tally.kept += 1
                yield Kept(target, utterance.text, pair.words, coverage)


def apply(rules: Sequence[Rule], pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """`pair` after every rule in order."""
    start = pair
    for rule in rules:
        try:
            pair = rule(pair, resources, rng)
            if not isinstance(pair, Pair):
                raise TypeError(f"the rule gave {type(pair).__name__}")
        except (Rejected, LowresError):
            raise
        except Exception as error:  # a rule is anybody's code
            raise LowresError(_place(rule, error), f"{type(error).__name__}: {error}, on {start.utterance.text!r}",
                              "a rule that returns a pair or raises Rejected") from error  # fmt: skip
    return pair


def _place(rule: Rule, error: Exception) -> str:
    """`file:line` of the innermost frame inside the rule's own file."""
    path = getattr(getattr(rule, "__code__", None), "co_filename", "")
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
    return f"{path}:{frames[-1].lineno}" if frames else f"rule {getattr(rule, '__name__', rule)}"


def _count(tally: Tally, pair: Pair, coverage: float, *, first: bool) -> None:
    tally.coverage[min(9, int(coverage * 10))] += 1
    for word in pair.words:
        tally.origins[word.origin] += 1
        if first and word.origin == COPY:
            tally.misses[pair.tokens[word.source[0]].lemma if word.source else word.form] += 1


def report(tally: Tally) -> dict[str, Any]:
    """The counts as plain values; misses by frequency, most frequent first."""
    n_words = max(1, tally.origins.total())
    return {
        "n_utterances": tally.n_utterances,
        "n_tokens": tally.n_tokens,
        "n_pairs": tally.kept,
        "rejected": dict(sorted(tally.rejected.items())),
        "coverage_histogram": [tally.coverage[i] for i in range(10)],
        "coverage": round(1 - tally.origins[COPY] / n_words, 4),
        "origins": dict(sorted(tally.origins.items(), key=lambda item: (-item[1], item[0]))),
        "misses": [{"word": w, "count": n} for w, n in sorted(tally.misses.items(), key=lambda i: (-i[1], i[0]))[:N_MISSES]],
    }


def render_report(name: str, counts: dict[str, Any]) -> str:
    """The report as Markdown, for people."""
    bars = counts["coverage_histogram"]
    top = max([*bars, 1])
    lines = [f"# Synthesis: {name}", ""]
    lines += [f"{counts['n_pairs']} pairs of {counts['n_utterances']} utterances, {counts['coverage']:.0%} of words rendered.", ""]
    lines += ["| coverage | pairs | |", "|---|---:|---|"]
    lines += [f"| {i / 10:.1f}-{(i + 1) / 10:.1f} | {n} | {'#' * round(30 * n / top)} |" for i, n in enumerate(bars)]
    lines += ["", "| rejected because | pairs |", "|---|---:|", *(f"| {k} | {v} |" for k, v in counts["rejected"].items())]
    lines += ["", "| origin of words | words |", "|---|---:|", *(f"| {k} | {v} |" for k, v in counts["origins"].items())]
    lines += ["", "## What the lexicon missed most: add these first", "", "| word | times |", "|---|---:|"]
    return "\n".join([*lines, *(f"| {m['word']} | {m['count']} |" for m in counts["misses"][:50]), ""])


_encode = json.JSONEncoder(ensure_ascii=False).encode


def format_kept(kept: Kept) -> str:
    """One line of pairs.jsonl."""
    record = format_utterance(kept.utterance) | {"source": kept.source, "coverage": round(kept.coverage, 4)}
    words = ", ".join([
        f"{_what(w.form, w.lemma, w.upos, w.features)}{_places(w.source)}{_whence(w.origin, w.gloss)}" for w in kept.words
    ])  # fmt: skip
    return f'{_encode(record)[:-1]}, "words": [{words}]}}'


# A word's JSON in three parts, each of which many words share: most of synthesis went into writing them anew.


@lru_cache(maxsize=1 << 15)
def _what(form: str, lemma: str, upos: str, features: frozenset[str]) -> str:
    record = {"form": form, "lemma": lemma, "upos": upos, "features": ";".join(sorted(features))}
    return _encode(record)[:-1]


@lru_cache(maxsize=1 << 12)
def _places(source: tuple[int, ...]) -> str:
    return f', "source": {list(source)}, '


@lru_cache(maxsize=1 << 15)
def _whence(origin: str, gloss: str) -> str:
    return _encode({"origin": origin, "gloss": gloss})[1:]


def parse_kept(record: dict[str, Any]) -> Kept:
    """The inverse of `format_kept` for a parsed line."""
    from lowres.utterance import parse_utterance

    fields = ("id", "locale", "partition", "text", "intent", "slots")
    words = tuple(
        Word(
            w["form"], w["lemma"], w["upos"], frozenset(filter(None, w["features"].split(";"))),
            tuple(w["source"]), w["origin"], w["gloss"],
        )
        for w in record["words"]
    )  # fmt: skip
    return Kept(parse_utterance({k: record[k] for k in fields}), record["source"], words, record["coverage"])
