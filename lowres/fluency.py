"""Fluency: how expected words are in a language, learnt from whatever text of it there is.

Words after the word before them, interpolated Kneser-Ney (Chen and Goodman 1999, section 4.1.6), down to a model of
spelling, character n-grams by Witten-Bell learnt from the distinct words: any string has a probability, and they sum to 1.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from lowres.text import bare, fold, words

ORDER = 5  # letters of an n-gram of spelling, the last included
_START, _END = "\x02", "\x03"  # around a spelling; no word holds either
_N_CHARACTERS = 0x110000  # an unseen letter may be any of them


def spoken(text: str) -> list[str]:
    """The folded words of `text`, those without a letter or a digit left out."""
    found = (fold(bare(word)) for word in words(text))
    return [word for word in found if any(letter.isalnum() for letter in word)]


class Spelling:
    """Probabilities of strings: character n-grams of ORDER, each smoothed by the next shorter one."""

    def __init__(self, types: Iterable[str]) -> None:
        self._counts: Counter[str] = Counter()
        for word in types:
            letters = _START + word + _END
            for end in range(2, len(letters) + 1):
                self._counts.update([letters[start:end] for start in range(max(0, end - ORDER), end)])
        self._totals: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()
        for gram, count in self._counts.items():
            self._totals[gram[:-1]] += count
            self._kinds[gram[:-1]] += 1

    def log(self, word: str) -> float:
        """Natural logarithm of the probability of `word` among all strings, the empty one included."""
        letters = _START + word + _END
        return sum(math.log(self._letter(letters[max(0, i - ORDER + 1) : i], letters[i])) for i in range(1, len(letters)))

    def _letter(self, before: str, letter: str) -> float:
        # at the bottom all letters seen, one place for the end and one that all unseen letters share
        bottom = 1 / (self._kinds[""] + 1 + (_END not in self._counts))
        found = bottom if letter in self._counts or letter == _END else bottom / _N_CHARACTERS
        for start in range(len(before), -1, -1):
            kinds = self._kinds[before[start:]]
            if not kinds:
                break
            found = (self._counts[before[start:] + letter] + kinds * found) / (self._totals[before[start:]] + kinds)
        return found


class Fluency:
    """A bigram model of words over a model of their spelling; '' is the start before a sentence and the end after it."""

    def __init__(self, pairs: Counter[tuple[str, str]]) -> None:
        """`pairs` counts each (word before, word)."""
        self._pairs = pairs
        self._totals: Counter[str] = Counter()
        self._followers: Counter[str] = Counter()  # distinct words after a word
        self._contexts: Counter[str] = Counter()  # distinct words before a word
        for (before, word), count in pairs.items():
            self._totals[before] += count
            self._followers[before] += 1
            self._contexts[word] += 1
        self._discount = _discount(pairs), _discount(self._contexts)
        self._spelling = Spelling(self._contexts)

    @classmethod
    def learn(cls, sentences: Iterable[str]) -> "Fluency":
        """The model of running text, one sentence (or verse) an item."""
        pairs: defaultdict[tuple[str, str], int] = defaultdict(int)
        for sentence in sentences:
            before = ""
            for word in [*spoken(sentence), ""]:
                pairs[before, word] += 1
                before = word
        return cls(Counter(pairs))

    def __contains__(self, form: str) -> bool:
        """Whether the text holds the folded word."""
        return form in self._contexts

    @lru_cache(maxsize=1 << 18)  # noqa: B019 - a model lives as long as the process
    def word(self, form: str, before: str) -> float:
        """Natural log probability of a folded word after the one before it ('' at the start); of the end where `form` is ''."""
        alone = self._alone(form)
        total = self._totals[before]
        if not total:
            return alone
        discount = self._discount[0]
        seen = max(0.0, self._pairs[before, form] - discount) / total
        return _log_sum(seen, math.log(discount * self._followers[before] / total) + alone)

    @lru_cache(maxsize=1 << 17)  # noqa: B019
    def _alone(self, form: str) -> float:
        """Log probability of a word whatever stands before: by the number of different words that it followed."""
        spelt, n_pairs = self._spelling.log(form), len(self._pairs)
        if not n_pairs:
            return spelt
        discount = self._discount[1]
        seen = max(0.0, self._contexts[form] - discount) / n_pairs
        return _log_sum(seen, math.log(discount * len(self._contexts) / n_pairs) + spelt)

    def sentence(self, forms: Sequence[str]) -> float:
        """Mean natural log probability per character of folded words and their end, a space after each word counted."""
        befores = ["", *forms]
        total = sum(map(self.word, forms, befores)) + self.word("", befores[-1])
        return total / (sum(map(len, forms)) + max(1, len(forms)))


def _log_sum(seen: float, rest: float) -> float:
    """log(seen + e^rest); `rest` may lie far below the smallest number."""
    return math.log(seen + math.exp(rest)) if seen > 0 else rest


def _discount(counts: Counter) -> float:
    """Kneser and Ney's estimate of what to take off each count, from how many occur once and twice."""
    once, twice = (sum(1 for count in counts.values() if count == n) for n in (1, 2))
    return min(0.9, max(0.1, once / (once + 2 * twice))) if once else 0.5
