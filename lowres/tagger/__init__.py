"""A part-of-speech and feature tagger: an averaged perceptron over string features, and learnt lemma edits.

Collins (2002), greedy left to right. Weights are plain numbers in a gzipped JSON file: no pickle.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lowres.tagger.features import END, START, around, highest, history, joint, marked, zeros
from lowres.tagger.lemmas import TaggedWord, lemma_of

__all__ = ["Tagger", "TaggedWord"]
_TYPES = 1 << 15  # word types kept; about 2 kB each


@dataclass(slots=True, eq=False)  # hashed by identity: readings are cached per tagger
class Tagger:
    """Weights by feature (see `features`), the tags of unambiguous words, the tag dictionary, and lemma edits."""

    tags: list[str]
    weights: dict[str, int]
    certain: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    lemmas: dict[str, str] = field(default_factory=dict)  # "form upos" -> lemma
    edits: dict[str, tuple[int, str]] = field(default_factory=dict)  # "upos suffix" -> cut, ending
    language: str = ""  # ISO 639-3
    _types: dict[str, tuple] = field(default_factory=dict, repr=False)
    _histories: dict[tuple[int, int], int] = field(default_factory=dict, repr=False)

    def tag(self, words: Sequence[str]) -> list[str]:
        """One joint tag per word, written as it is: capitals tell names."""
        names = self.tags
        return [names[i] for i in self._tag(marked(words))] if words else []

    def _tag(self, words: Sequence[str]) -> list[int]:
        """Indices into `tags`. The sums of all features, with all that depends on one word added up before."""
        parts = [self._parts(word) for word in (*START, *words, *END)]
        names, row, certain, n_tags = [*self.tags, *START], self.weights.get, self.certain, len(self.tags)
        before, last = n_tags, n_tags + 1
        out = []
        for i in range(2, len(words) + 2):
            here = parts[i]
            best = certain.get(here[5])
            if best is None:
                left, right = parts[i - 1], parts[i + 1]
                past = self._histories.get((before, last))
                if past is None:
                    past = self._history(before, last)
                total = here[0] + left[1] + right[2] + parts[i - 2][3] + parts[i + 2][4] + past
                for feature in joint(left[5], here[5], right[5], (left[6], here[6], right[6]), names[last], names[before]):
                    total += row(feature, 0)
                best = highest(total, n_tags)
            out.append(best)
            before, last = last, best
        return out

    def _parts(self, word: str) -> tuple:
        """Summed weights of a word type by where it stands (see `around`), its form, and what the dictionary says of it."""
        found = self._types.get(word)
        if found is None:
            if len(self._types) >= _TYPES:
                self._types.clear()
            form = word[1:]
            kind = self.kinds.get(form) or "?" + form[-2:]
            here, *others = (sum(self.weights.get(feature, 0) for feature in place) for place in around(word, kind))
            found = self._types[word] = (here + zeros(len(self.tags)), *others, form, kind)
        return found

    def _history(self, before: int, last: int) -> int:
        names = [*self.tags, *START]
        found = sum(self.weights.get(feature, 0) for feature in history(names[last], names[before]))
        self._histories[before, last] = found
        return found

    def lemma(self, form: str, upos: str) -> str:
        """The lemma of a form: as learnt, else by the edit of the longest known suffix."""
        return lemma_of(form.lower(), upos, self.lemmas, self.edits)
