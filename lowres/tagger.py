"""A part-of-speech and feature tagger: an averaged perceptron over hashed-free string features, and learnt lemma edits.

Collins (2002), greedy left to right. Weights are plain numbers in a gzipped JSON file: no pickle.
"""

import gzip
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

TaggedWord = tuple[str, str, str]  # form, joint tag such as "VERB|IMP;2", lemma
START = ("-2-", "-1-")


@dataclass(slots=True)
class Tagger:
    """Weights by feature and tag, the tag dictionary of unambiguous words, and lemma edits."""

    tags: list[str]
    weights: dict[str, dict[int, float]]
    certain: dict[str, int] = field(default_factory=dict)
    lemmas: dict[str, str] = field(default_factory=dict)  # "form upos" -> lemma
    edits: dict[str, tuple[int, str]] = field(default_factory=dict)  # "upos suffix" -> cut, ending
    _shapes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def tag(self, words: Sequence[str]) -> list[str]:
        """One joint tag per word."""
        return [self.tags[i] for i in self._tag([word.lower() for word in words])]

    def _tag(self, words: Sequence[str]) -> list[int]:
        before, last = "-2-", "-1-"
        out = []
        padded = [*START, *words, "-e-", "-e2-"]
        for i, word in enumerate(words):
            best = self.certain.get(word)
            if best is None:
                best = self._best(features(padded, i + 2, last, before, self.shape(word)))
            out.append(best)
            before, last = last, self.tags[best]
        return out

    def shape(self, word: str) -> tuple[str, ...]:
        """Features of a word's own letters, once per type."""
        found = self._shapes.get(word)
        if found is None:
            found = self._shapes[word] = shape(word)
        return found

    def _best(self, active: Iterable[str]) -> int:
        scores: dict[int, float] = {}
        get = scores.get
        for feature in active:
            row = self.weights.get(feature)
            if row:
                for tag, weight in row.items():
                    scores[tag] = get(tag, 0.0) + weight
        return max(scores, key=lambda tag: (scores[tag], -tag)) if scores else 0

    def lemma(self, form: str, upos: str) -> str:
        """The lemma of a form: as learnt, else by the edit of the longest known suffix."""
        word = form.lower()
        known = self.lemmas.get(f"{word} {upos}")
        if known is not None:
            return known
        for size in range(min(5, len(word) - 1), 0, -1):
            edit = self.edits.get(f"{upos} {word[-size:]}")
            if edit:
                cut, ending = edit
                return word[: len(word) - cut] + ending if cut < len(word) else word
        return word


def shape(word: str) -> tuple[str, ...]:
    """Suffixes, prefix, digits and punctuation of a word."""
    kind = "d" if any(c.isdigit() for c in word) else "a" if word.isalpha() else "p"
    return ("b", "w" + word, "s3" + word[-3:], "s2" + word[-2:], "s1" + word[-1:], "p3" + word[:3], "k" + kind)


def features(padded: Sequence[str], i: int, last: str, before: str, own: tuple[str, ...]) -> tuple[str, ...]:
    """The active features at position `i` of a padded sentence."""
    left, right = padded[i - 1], padded[i + 1]
    return (
        *own, "t" + last, f"tt{last} {before}", f"tw{last} {padded[i]}", "l" + left, "ls" + left[-3:], "r" + right,
        "rs" + right[-3:], "rr" + padded[i + 2], f"wr{padded[i]} {right}", f"wl{left} {padded[i]}", "ll" + padded[i - 2],
    )  # fmt: skip


def train_tagger(sentences: Sequence[Sequence[TaggedWord]], *, epochs: int = 5, seed: int = 13) -> Tagger:
    """Train on tagged sentences; forms are lowercased."""
    tags = sorted({tag for sentence in sentences for _, tag, _ in sentence})
    index = {tag: i for i, tag in enumerate(tags)}
    tagger = Tagger(tags, {}, _certain(sentences, index))
    totals: dict[str, dict[int, list[float]]] = defaultdict(dict)
    ordered = list(sentences)
    rng = random.Random(seed)
    step = 0
    for _ in range(epochs):
        rng.shuffle(ordered)
        for sentence in ordered:
            step = _learn(tagger, sentence, index, totals, step)
    tagger.weights = _averaged(totals, step)
    tagger.lemmas, tagger.edits = _learn_lemmas(sentences)
    return tagger


def _certain(sentences, index: dict[str, int]) -> dict[str, int]:
    """Frequent words that carry one tag nearly always."""
    counts: dict[str, Counter] = defaultdict(Counter)
    for sentence in sentences:
        for form, tag, _ in sentence:
            counts[form.lower()][tag] += 1
    best = {form: found.most_common(1)[0] for form, found in counts.items() if found.total() >= 30}
    return {form: index[tag] for form, (tag, n) in best.items() if n / counts[form].total() >= 0.995}


def _learn(tagger: Tagger, sentence, index, totals, step: int) -> int:
    words = [form.lower() for form, _, _ in sentence]
    padded = [*START, *words, "-e-", "-e2-"]
    before, last = "-2-", "-1-"
    for i, (_, gold, _) in enumerate(sentence):
        step += 1
        guess = tagger.certain.get(words[i])
        if guess is None:
            active = features(padded, i + 2, last, before, tagger.shape(words[i]))
            guess = tagger._best(active)
            if guess != index[gold]:
                _update(tagger.weights, totals, active, index[gold], guess, step)
        before, last = last, tagger.tags[guess]
    return step


def _update(weights, totals, active, gold: int, guess: int, step: int) -> None:
    for feature in active:
        row = weights.setdefault(feature, {})
        sums = totals[feature]
        for tag, delta in ((gold, 1.0), (guess, -1.0)):
            value = row.get(tag, 0.0)
            entry = sums.setdefault(tag, [0.0, 0, 0.0])  # sum, last step, weight
            entry[0] += value * (step - entry[1])
            entry[1], entry[2] = step, value + delta
            row[tag] = value + delta


def _averaged(totals, step: int) -> dict[str, dict[int, float]]:
    """Mean weights, small ones pruned."""
    out = {}
    for feature, sums in totals.items():
        row = {tag: round((s + w * (step - at)) / step, 2) for tag, (s, at, w) in sums.items()}
        row = {tag: value for tag, value in row.items() if abs(value) >= 0.1}
        if row:
            out[feature] = row
    return out


def _learn_lemmas(sentences) -> tuple[dict[str, str], dict[str, tuple[int, str]]]:
    """Lemma edits by part of speech and suffix, and the frequent forms that they get wrong."""
    seen: dict[tuple[str, str], Counter] = defaultdict(Counter)
    for sentence in sentences:
        for form, tag, lemma in sentence:
            seen[form.lower(), tag.partition("|")[0]][lemma.lower()] += 1
    votes: dict[str, Counter] = defaultdict(Counter)
    for (form, upos), lemmas in seen.items():
        edit = _edit(form, lemmas.most_common(1)[0][0])
        for size in range(1, min(5, len(form) - 1) + 1):
            votes[f"{upos} {form[-size:]}"][edit] += 1
    edits = {key: found.most_common(1)[0][0] for key, found in votes.items() if found.total() >= 3}
    draft = Tagger([], {}, edits=edits)
    known = {f"{f} {u}": c.most_common(1)[0][0] for (f, u), c in seen.items()}
    return {k: v for k, v in known.items() if draft.lemma(*k.rsplit(" ", 1)) != v}, edits


def _edit(form: str, lemma: str) -> tuple[int, str]:
    shared = 0
    while shared < min(len(form), len(lemma)) and form[shared] == lemma[shared]:
        shared += 1
    return len(form) - shared, lemma[shared:]


def write_tagger(path: Path, tagger: Tagger) -> None:
    """Gzipped JSON; the same weights give the same bytes."""
    record = {
        "tags": tagger.tags, "certain": tagger.certain, "lemmas": tagger.lemmas, "edits": tagger.edits,
        "weights": {f: {str(t): v for t, v in sorted(row.items())} for f, row in sorted(tagger.weights.items())},
    }  # fmt: skip
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))


def read_tagger(path: Path) -> Tagger:
    """The inverse of `write_tagger`."""
    record = json.loads(gzip.decompress(path.read_bytes()))
    weights = {f: {int(t): v for t, v in row.items()} for f, row in record["weights"].items()}
    edits = {k: (v[0], v[1]) for k, v in record["edits"].items()}
    return Tagger(record["tags"], weights, record["certain"], record["lemmas"], edits)
