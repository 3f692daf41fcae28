"""Training: Collins' (2002) averaged perceptron, greedy left to right, and the tag dictionary."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

from lowres.tagger import Tagger
from lowres.tagger.features import END, START, around, highest, history, joint, lanes_of, marked, pack, zeros
from lowres.tagger.lemmas import TaggedWord, learn_lemmas

_SEEN = 3  # times that a word must have been seen for the tag dictionary
_RARE = 2  # a feature of several words that is seen less often than this gets no weights


def train_tagger(
    sentences: Sequence[Sequence[TaggedWord]], *, epochs: int = 5, seed: int = 13, language: str = "",
    on_epoch: Callable[[int], None] = lambda _: None,
) -> Tagger:  # fmt: skip
    """Train on tagged sentences; `language` is the ISO 639-3 code that the tagger will carry."""
    tags = sorted({tag for sentence in sentences for _, tag, _ in sentence})
    index = {tag: i for i, tag in enumerate(tags)}
    counts = _counts(sentences)
    certain, kinds = _certain(counts, index), _kinds(counts)
    lessons = [_lesson(sentence, certain, kinds, index) for sentence in sentences]
    perceptron = _Perceptron(tags)
    rng = random.Random(seed)
    for epoch in range(epochs):
        rng.shuffle(lessons)
        for lesson in lessons:
            perceptron.learn(*lesson)
        on_epoch(epoch + 1)
    return Tagger(tags, perceptron.averaged(), certain, kinds, *learn_lemmas(sentences), language=language)


def _counts(sentences) -> dict[str, Counter]:
    counts: dict[str, Counter] = defaultdict(Counter)
    for sentence in sentences:
        for form, tag, _ in sentence:
            counts[form.lower()][tag] += 1
    return counts


def _certain(counts: Mapping[str, Counter], index: Mapping[str, int]) -> dict[str, int]:
    """Frequent words that carry one tag nearly always."""
    best = {form: found.most_common(1)[0] for form, found in counts.items() if found.total() >= 30}
    return {form: index[tag] for form, (tag, n) in best.items() if n / counts[form].total() >= 0.995}


def _kinds(counts: Mapping[str, Counter]) -> dict[str, str]:
    """The tag dictionary: a word's tags from frequent to rare, those above a twentieth."""
    out = {}
    for form, found in counts.items():
        total = found.total()
        if total >= _SEEN:
            short = Counter()
            for tag, n in found.items():
                short[tag.replace("VERB|", "V").replace("|", "")] += n
            out[form] = " ".join(sorted(tag for tag, n in short.items() if n * 20 >= total))
    names = {kind: str(i) for i, (kind, _) in enumerate(Counter(out.values()).most_common())}
    return {form: names[kind] for form, kind in out.items()}


def _lesson(sentence, certain, kinds, index):
    """A sentence with all that training needs and that does not depend on tags."""
    words = marked([form for form, _, _ in sentence])
    padded = [*START, *words, *END]
    own = [kind_of(word[1:], kinds) for word in padded]
    parts = [_around(word, kind) for word, kind in zip(padded, own, strict=True)]
    fixed = [
        parts[i][0] + parts[i - 1][1] + parts[i + 1][2] + parts[i - 2][3] + parts[i + 2][4] for i in range(2, len(padded) - 2)
    ]
    gold = [index[tag] for _, tag, _ in sentence]
    return [word[1:] for word in padded], own, fixed, gold, [certain.get(word[1:]) for word in words]


def kind_of(form: str, kinds: Mapping[str, str]) -> str:
    """A word's entry in the tag dictionary; unknown words by their ending."""
    return kinds.get(form) or "?" + form[-2:]


_cache: dict = {}


def _around(word, kind):
    found = _cache.get((word, kind))
    if found is None:
        found = _cache[word, kind] = around(word, kind)
    return found


class _Perceptron:
    """Weights while they are learnt: packed for scoring, and by tag with the sums that averages need."""

    def __init__(self, tags: Sequence[str]) -> None:
        self.tags, self.step = tags, 0
        self.lanes = lanes_of(range(len(tags)))
        self.packed: dict[str, int] = {}
        self.sums: dict[str, dict[int, list[int]]] = defaultdict(dict)  # feature -> tag -> weight, weight by step

    def learn(self, words, kinds, fixed, gold, certain) -> None:
        names, row, n_tags = self.tags, self.packed.get, len(self.tags)
        zero = zeros(n_tags)
        before, last = START
        for i, right in enumerate(gold):
            self.step += 1
            guess = certain[i]
            if guess is None:
                k = i + 2
                active = fixed[i] + history(last, before) + joint(
                    words[k - 1], words[k], words[k + 1], kinds[k - 1 : k + 2], last, before
                )  # fmt: skip
                total = zero
                for feature in active:
                    total += row(feature, 0)
                guess = highest(total, n_tags)
                if guess != right:
                    self._update(active, right, guess)
            before, last = last, names[guess]

    def _update(self, active, right: int, guess: int) -> None:
        delta = self.lanes[right] - self.lanes[guess]
        for feature in active:
            self.packed[feature] = self.packed.get(feature, 0) + delta
            sums = self.sums[feature]
            for tag, sign in ((right, 1), (guess, -1)):
                entry = sums.setdefault(tag, [0, 0])
                entry[0] += sign
                entry[1] += sign * self.step

    def averaged(self) -> dict[str, int]:
        """Mean weights in hundredths, small ones left out."""
        out = {}
        for feature, sums in self.sums.items():
            row = {tag: round(100 * (weight - by_step / self.step)) for tag, (weight, by_step) in sums.items()}
            row = {tag: value for tag, value in row.items() if abs(value) >= 10}
            if row:
                out[feature] = pack(row, self.lanes)
        return out
