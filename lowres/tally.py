"""Tally: what happened in a synthesis, counted; its report for machines and for people."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from heapq import nsmallest
from typing import Any

N_MISSES, N_LEAST, N_WORDS = 500, 20, 50
BINS, LOWEST = 16, -4.0  # of naturalness, from LOWEST to 0; what is lower lies in the first
_GUESSES = ("learnt", "guess", "cognate")  # in the origin of a form that no dictionary or table holds


@dataclass(slots=True)
class Tally:
    """What happened in a synthesis; counts of words are over all pairs that were rendered, `misses` over first variants."""

    n_utterances: int = 0
    n_tokens: int = 0
    kept: int = 0
    rejected: Counter = field(default_factory=Counter)
    coverage: Counter = field(default_factory=Counter)  # tenths
    origins: Counter = field(default_factory=Counter)
    missed: int = 0  # words that were not rendered
    misses: Counter = field(default_factory=Counter)
    unlisted: Counter = field(default_factory=Counter)  # target lemmas that no paradigm table has, in first variants
    rules: Counter = field(default_factory=Counter)  # pairs that each rule changed, in the recipe's order
    rule_words: Counter = field(default_factory=Counter)  # words that it wrote anew
    foreign: Counter = field(default_factory=Counter)  # words with letters of another script than the card's
    natural: Counter = field(default_factory=Counter)  # kept pairs by bin of naturalness
    natural_sum: float = 0.0
    unread: Counter = field(default_factory=Counter)  # words that the text of the language does not have
    least: list[tuple[float, str, str]] = field(default_factory=list)  # naturalness, id, text of the least natural pairs

    def add(self, other: "Tally") -> None:
        """Count what another tally counted, too."""
        for part in fields(self):
            mine, theirs = getattr(self, part.name), getattr(other, part.name)
            if isinstance(mine, Counter):
                mine.update(theirs)
            else:
                setattr(self, part.name, mine + theirs)
        self.least = nsmallest(N_LEAST, self.least)

    def judge(self, score: float, id: str, text: str) -> None:
        """Count a kept pair of naturalness `score`."""
        self.natural[_bin(score)] += 1
        self.natural_sum += score
        self.least.append((round(score, 3), id, text))
        if len(self.least) > 20 * N_LEAST:
            self.least = nsmallest(N_LEAST, self.least)


def guessed(origin: str) -> bool:
    """Whether a word of that origin is a guess: its form stands in no dictionary or table."""
    return any(mark in origin for mark in _GUESSES)


def report(tally: Tally, yardstick: Sequence[float] | None = None) -> dict[str, Any]:
    """The counts as plain values; misses by frequency, most frequent first.

    `yardstick`: the naturalness of sentences that people wrote; None where there is no text.
    """
    n_words = max(1, tally.origins.total())
    return {
        "n_utterances": tally.n_utterances,
        "n_tokens": tally.n_tokens,
        "n_pairs": tally.kept,
        "rejected": dict(sorted(tally.rejected.items())),
        "coverage_histogram": [tally.coverage[i] for i in range(10)],
        "coverage": round(1 - tally.missed / n_words, 4),
        "guessed": round(sum(n for origin, n in tally.origins.items() if guessed(origin)) / n_words, 4),
        "rules": {name: {"pairs": n, "words": tally.rule_words[name]} for name, n in tally.rules.items()},
        "foreign_script": {"share": round(tally.foreign.total() / n_words, 4), "words": _ranked(tally.foreign, N_WORDS)},
        "naturalness": None if yardstick is None else _naturalness(tally, yardstick),
        "origins": dict(sorted(tally.origins.items(), key=lambda item: (-item[1], item[0]))),
        "misses": _ranked(tally.misses, N_MISSES),
        "unlisted": _ranked(tally.unlisted, N_MISSES),
    }


def _ranked(counts: Counter, n: int) -> list[dict[str, Any]]:
    return [{"word": w, "count": n} for w, n in nsmallest(n, counts.items(), key=lambda item: (-item[1], item[0]))]


def _naturalness(tally: Tally, yardstick: Sequence[float]) -> dict[str, Any]:
    """Means, histograms, the least natural pairs and the words that the text does not have."""
    real = Counter(map(_bin, yardstick))
    return {
        "mean": round(tally.natural_sum / max(1, tally.kept), 3),
        "histogram": [tally.natural[i] for i in range(BINS)],
        "real_mean": round(sum(yardstick) / max(1, len(yardstick)), 3),
        "real_histogram": [real[i] for i in range(BINS)],
        "real_n": len(yardstick),
        "least": [{"id": id, "naturalness": score, "text": text} for score, id, text in nsmallest(N_LEAST, tally.least)],
        "unread": _ranked(tally.unread, N_WORDS),
    }


def _bin(score: float) -> int:
    return max(0, min(BINS - 1, math.floor((score - LOWEST) / -LOWEST * BINS)))


def render_report(name: str, counts: dict[str, Any]) -> str:
    """The report as Markdown, for people."""
    lines = [f"# Synthesis: {name}", "", f"{counts['n_pairs']} pairs of {counts['n_utterances']} utterances, "
             f"{counts['coverage']:.0%} of words rendered, {counts['guessed']:.1%} of them guessed forms, "
             f"{counts['foreign_script']['share']:.1%} with letters of a foreign script.", ""]  # fmt: skip
    bars = counts["coverage_histogram"]
    rows = [(f"{i / 10:.1f}-{(i + 1) / 10:.1f}", n, _bar(n, bars)) for i, n in enumerate(bars)]
    lines += _table("| coverage | pairs | |", "|---|---:|---|", rows)
    lines += _table("| rejected because | pairs |", "|---|---:|", counts["rejected"].items())
    rules = [(name, one["pairs"], one["words"]) for name, one in counts["rules"].items()]
    lines += _table("| rule | pairs it changed | words it wrote |", "|---|---:|---:|", rules)
    lines += _table("| origin of words | words |", "|---|---:|", counts["origins"].items())
    lines += _words("## What the lexicon missed most: add these first", counts["misses"])
    if counts["unlisted"]:
        lines += _words("## Lemmas asked for that no paradigm table has: their forms are guessed", counts["unlisted"])
    lines += _words("## Words in a foreign script", counts["foreign_script"]["words"][:20])
    return "\n".join(lines + (_natural_lines(counts["naturalness"]) if counts["naturalness"] else []))


def _natural_lines(found: dict[str, Any]) -> list[str]:
    """Naturalness beside that of real text, the least natural pairs, the words that the text does not have."""
    lines = ["## Naturalness", "", "Mean log probability per character by a model of the recipe's text, 0 the most natural: "
             f"{found['mean']:.2f} on average; {found['real_mean']:.2f} for {found['real_n']} sentences of that text "
             "that the model has not read.", ""]  # fmt: skip
    width = -LOWEST / BINS
    bars = found["histogram"]
    real = [n / max(1, found["real_n"]) for n in found["real_histogram"]]
    starts = [LOWEST + width * i for i in range(BINS)]
    cells = zip(starts, bars, real, strict=True)
    rows = [(f"{low:.2f} to {low + width:.2f}", n, f"{share:.0%}", _bar(n, bars)) for low, n, share in cells]
    lines += _table("| naturalness | pairs | of real text | |", "|---|---:|---:|---|", rows)
    least = [(one["id"], one["naturalness"], one["text"]) for one in found["least"]]
    lines += ["The least natural pairs; `lowres gloss RECIPE ID` shows one word by word.", ""]
    lines += _table("| id | naturalness | text |", "|---|---:|---|", least)
    return lines + _words("## Frequent words that the text does not have", found["unread"])


def _table(head: str, rule: str, rows: Iterable[Sequence[Any]]) -> list[str]:
    """A Markdown table, a bar in a word left as it is but for its meaning; nothing where there is no row."""
    lines = ["| " + " | ".join(str(cell).replace("|", r"\|") for cell in row) + " |" for row in rows]
    return [head, rule, *lines, ""] if lines else []


def _words(title: str, rows: Sequence[dict[str, Any]], n: int = 50) -> list[str]:
    table = _table("| word | times |", "|---|---:|", [(row["word"], row["count"]) for row in rows[:n]])
    return [title, "", *table] if table else []


def _bar(n: int, all_of_them: Sequence[int]) -> str:
    return "#" * round(30 * n / max(1, *all_of_them))
