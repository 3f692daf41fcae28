"""A part-of-speech and feature tagger: an averaged perceptron over string features, and learnt lemma edits.

Collins (2002), greedy left to right. Weights are plain numbers in a gzipped JSON file: no pickle.

In memory all weights of one feature are one big integer, a lane of 32 bits per tag, in hundredths: adding two such
integers adds the scores of all tags at once, exactly, and faster than any array library does.
"""

import gzip
import json
import random
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np

from lowres.errors import LowresError

T = TypeVar("T")
TaggedWord = tuple[str, str, str]  # form, joint tag such as "VERB|IMP;2", lemma
START = ("-2-", "-1-")
END = ("-e-", "-e2-")
_LANE = np.dtype("<u4")
_BYTES = _LANE.itemsize
_BITS = 8 * _BYTES
_ZERO = 1 << _BITS - 1  # a lane's zero: sums within ±2e7 neither borrow from the next lane nor overflow into it
_TYPES = 1 << 15  # word types kept; about 2 kB each


@dataclass(slots=True, eq=False)  # hashed by identity: readings are cached per tagger
class Tagger:
    """Weights by feature (see `pack`), the tag dictionary of unambiguous words, and lemma edits."""

    tags: list[str]
    weights: dict[str, int]
    certain: dict[str, int] = field(default_factory=dict)
    lemmas: dict[str, str] = field(default_factory=dict)  # "form upos" -> lemma
    edits: dict[str, tuple[int, str]] = field(default_factory=dict)  # "upos suffix" -> cut, ending
    _types: dict[str, tuple[int, ...]] = field(default_factory=dict, repr=False)
    _histories: dict[tuple[int, int], int] = field(default_factory=dict, repr=False)

    def tag(self, words: Sequence[str]) -> list[str]:
        """One joint tag per word."""
        names = self.tags
        return [names[i] for i in self._tag([word.lower() for word in words])]

    def _tag(self, words: Sequence[str]) -> list[int]:
        """Indices into `tags`. The sums are those of `features`, with all that depends on one word added up before."""
        padded = [*START, *words, *END]
        parts = [self._parts(word) for word in padded]
        names, row = [*self.tags, *START], self.weights.get
        before, last = len(self.tags), len(self.tags) + 1
        out = []
        for i, word in enumerate(words, 2):
            best = self.certain.get(word)
            if best is None:
                history = self._histories.get((before, last))
                if history is None:
                    history = self._history(before, last)
                total = (
                    parts[i][0] + parts[i - 1][1] + parts[i + 1][2] + parts[i - 2][3] + parts[i + 2][4] + history
                    + row(f"tw{names[last]} {word}", 0) + row(f"wl{padded[i - 1]} {word}", 0)
                    + row(f"wr{word} {padded[i + 1]}", 0)
                )  # fmt: skip
                best = _highest(total, len(self.tags))
                if best is None:
                    best = self._settle(features(padded, i, names[last], names[before]))
            out.append(best)
            before, last = last, best
        return out

    def _settle(self, active: Sequence[str]) -> int:
        """The best of several equal tags, as training finds it: floats added in the order of the features."""
        scores = [0.0] * len(self.tags)
        for feature in active:
            for tag, weight in unpack(self.weights.get(feature, 0), len(scores)).items():
                scores[tag] += weight
        return scores.index(max(scores))

    def _parts(self, word: str) -> tuple[int, ...]:
        """Summed weights of a word type by where it stands: here, one to the left, right, two to the left, right."""
        found = self._types.get(word)
        if found is None:
            if len(self._types) >= _TYPES:
                self._types.clear()
            end = word[-3:]
            places = (shape(word), ("l" + word, "ls" + end), ("r" + word, "rs" + end), ("ll" + word,), ("rr" + word,))
            here, *around = (sum(self.weights.get(feature, 0) for feature in place) for place in places)
            found = self._types[word] = (here + _zeros(len(self.tags)), *around)
        return found

    def _history(self, before: int, last: int) -> int:
        names, row = [*self.tags, *START], self.weights.get
        found = row("t" + names[last], 0) + row(f"tt{names[last]} {names[before]}", 0)
        self._histories[before, last] = found
        return found

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


def features(padded: Sequence[str], i: int, last: str, before: str) -> tuple[str, ...]:
    """The active features at position `i` of a padded sentence."""
    left, right = padded[i - 1], padded[i + 1]
    return (
        *shape(padded[i]), "t" + last, f"tt{last} {before}", f"tw{last} {padded[i]}", "l" + left, "ls" + left[-3:], "r" + right,
        "rs" + right[-3:], "rr" + padded[i + 2], f"wr{padded[i]} {right}", f"wl{left} {padded[i]}", "ll" + padded[i - 2],
    )  # fmt: skip


@cache
def _zeros(n_tags: int) -> int:
    return sum(_ZERO << _BITS * tag for tag in range(n_tags))


def _highest(packed: int, n_tags: int) -> int | None:
    """The tag with the highest score, or None where several may share it."""
    scores = packed.to_bytes(n_tags * _BYTES, "little")
    best = int(np.frombuffer(scores, _LANE).argmax())
    start, end = best * _BYTES, (best + 1) * _BYTES
    return best if scores.find(scores[start:end], end) < 0 else None


def pack(row: Mapping[T, float], lanes: Mapping[T, int]) -> int:
    """Weights by tag as one integer; `lanes` gives the one of each tag's lane, see `lanes_of`."""
    return sum([round(100 * weight) * lanes[tag] for tag, weight in row.items()])


def lanes_of(tags: Iterable[T]) -> dict[T, int]:
    """1 in the lane of each tag; the first tag has the lowest lane."""
    return {tag: 1 << _BITS * i for i, tag in enumerate(tags)}


def unpack(packed: int, n_tags: int) -> dict[int, float]:
    """The weights other than 0 that `pack` took, by tag."""
    lanes = np.frombuffer((packed + _zeros(n_tags)).to_bytes(n_tags * _BYTES, "little"), _LANE)
    return {int(tag): (int(lanes[tag]) - _ZERO) / 100 for tag in np.flatnonzero(lanes != _ZERO)}


def train_tagger(sentences: Sequence[Sequence[TaggedWord]], *, epochs: int = 5, seed: int = 13) -> Tagger:
    """Train on tagged sentences; forms are lowercased."""
    tags = sorted({tag for sentence in sentences for _, tag, _ in sentence})
    index = {tag: i for i, tag in enumerate(tags)}
    certain = _certain(sentences, index)
    weights: dict[str, dict[int, float]] = {}
    totals: dict[str, dict[int, list[float]]] = defaultdict(dict)
    ordered = list(sentences)
    rng = random.Random(seed)
    step = 0
    for _ in range(epochs):
        rng.shuffle(ordered)
        for sentence in ordered:
            step = _learn(weights, certain, sentence, index, totals, step)
    lanes = lanes_of(range(len(tags)))
    averaged = {feature: pack(row, lanes) for feature, row in _averaged(totals, step).items()}
    return Tagger(tags, averaged, certain, *_learn_lemmas(sentences))


def _certain(sentences, index: dict[str, int]) -> dict[str, int]:
    """Frequent words that carry one tag nearly always."""
    counts: dict[str, Counter] = defaultdict(Counter)
    for sentence in sentences:
        for form, tag, _ in sentence:
            counts[form.lower()][tag] += 1
    best = {form: found.most_common(1)[0] for form, found in counts.items() if found.total() >= 30}
    return {form: index[tag] for form, (tag, n) in best.items() if n / counts[form].total() >= 0.995}


def _learn(weights, certain, sentence, index, totals, step: int) -> int:
    words = [form.lower() for form, _, _ in sentence]
    padded = [*START, *words, *END]
    names = list(index)
    before, last = START
    for i, (_, gold, _) in enumerate(sentence):
        step += 1
        guess = certain.get(words[i])
        if guess is None:
            active = features(padded, i + 2, last, before)
            guess = _best(weights, active)
            if guess != index[gold]:
                _update(weights, totals, active, index[gold], guess, step)
        before, last = last, names[guess]
    return step


def _best(weights, active: Iterable[str]) -> int:
    scores: dict[int, float] = {}
    for feature in active:
        for tag, weight in weights.get(feature, {}).items():
            scores[tag] = scores.get(tag, 0.0) + weight
    return max(scores, key=lambda tag: (scores[tag], -tag)) if scores else 0


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
    n_tags = len(tagger.tags)
    record = {
        "tags": tagger.tags, "certain": tagger.certain, "lemmas": tagger.lemmas, "edits": tagger.edits,
        "weights": {feature: unpack(row, n_tags) for feature, row in sorted(tagger.weights.items())},
    }  # fmt: skip
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))


def read_tagger(path: Path) -> Tagger:
    """The inverse of `write_tagger`; raises LowresError for any other file."""
    try:
        record = json.loads(gzip.decompress(path.read_bytes()))
        lanes = lanes_of(map(str, range(len(record["tags"]))))
        weights = {feature: pack(row, lanes) for feature, row in record["weights"].items()}
        edits = {key: (cut, ending) for key, (cut, ending) in record["edits"].items()}
        return Tagger(record["tags"], weights, record["certain"], record["lemmas"], edits)
    except FileNotFoundError:
        raise LowresError(path, "no such file", "a tagger") from None
    except (OSError, EOFError, zlib.error, ValueError, LookupError, TypeError, AttributeError, OverflowError):
        raise LowresError(path, "not a tagger", "a file that write_tagger wrote") from None
