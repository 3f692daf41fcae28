"""Which texts are nearly the same: shared character trigrams, counted exactly for every text at once.

The index is a list of texts per trigram, as arrays (postings). With G trigrams in N texts it is built in O(G log G) and
answers in O(texts that hold each of the asked trigrams + N): no sampling, so what is nearest is always found.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import regex

from lowres.text import fold, split_syllables

_SIGNS = regex.compile(r"[\p{P}\p{S}\s]+")
_SIZE = 3  # characters; Ethiopic syllables count as two
_BITS = 21  # of a code point


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A text of the index, its number there, and of the trigrams of both: the shared part, between 0 and 1.

    `jaccard` is of all that either has, `containment` of those of the text that was asked about.
    """

    text: str
    number: int
    jaccard: float
    containment: float


class NearIndex:
    """Texts by their trigrams, blind to case, punctuation and spacing; never changed, so threads may share it."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = tuple(texts)
        grams, owners = _grams_of([same_key(text) for text in self.texts])
        order = np.argsort(grams, kind="stable")  # owners ascend already
        grams, owners = grams[order], owners[order]
        first = np.ones(len(grams), bool)
        first[1:] = (grams[1:] != grams[:-1]) | (owners[1:] != owners[:-1])  # each trigram of a text once
        grams, self._owners = grams[first], owners[first]
        self._grams, starts = np.unique(grams, return_index=True)
        self._bounds = np.append(starts, len(grams))
        self._sizes = np.bincount(self._owners, minlength=len(self.texts))

    def nearest(self, text: str, limit: int = 1) -> tuple[Near, ...]:
        """The `limit` texts nearest to `text`, best first; only such that share a trigram with it."""
        asked = np.unique(_grams_of([same_key(text)])[0])
        shared = self._shared(asked)
        if not shared.any():
            return ()
        jaccard = shared / (self._sizes + len(asked) - shared)
        best = np.argsort(-jaccard, kind="stable")[:limit] if limit > 1 else [int(jaccard.argmax())]
        return tuple(
            Near(text=self.texts[one], number=int(one), jaccard=float(jaccard[one]), containment=float(shared[one] / len(asked)))
            for one in best
            if shared[one]
        )

    def _shared(self, asked: np.ndarray) -> np.ndarray:
        """How many of the `asked` trigrams each text has."""
        places = np.searchsorted(self._grams, asked)
        known = [one for one, gram in zip(places, asked, strict=True) if one < len(self._grams) and self._grams[one] == gram]
        postings = [self._owners[self._bounds[one] : self._bounds[one + 1]] for one in known]
        return np.bincount(np.concatenate(postings), minlength=len(self.texts)) if postings else np.zeros(len(self.texts), int)


@lru_cache(maxsize=1 << 16)
def same_key(text: str) -> str:
    """The key under which two texts are the same: `fold`, and no punctuation."""
    return _SIGNS.sub(" ", fold(text)).strip()


def _grams_of(keys: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """(trigrams as integers, number of the text of each), of texts with a space before and after them, repeats included."""
    spelt = [f" {split_syllables(key)} " if key else "" for key in keys]
    codes = np.frombuffer("".join(spelt).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    owners = np.repeat(np.arange(len(spelt)), [len(one) for one in spelt])
    count = max(len(codes) - _SIZE + 1, 0)
    grams = sum((codes[place : place + count] << (_BITS * place) for place in range(_SIZE)), start=np.zeros(count, np.int64))
    whole = owners[:count] == owners[_SIZE - 1 :]  # not across two texts
    return grams[whole], owners[:count][whole]
