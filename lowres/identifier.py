"""Which language is it? Naive Bayes over hashed character n-grams and words; a language is one row, learnt from its texts alone.

So a language is added by adding its row, and nothing is trained again (after Lui and Baldwin 2012, langid.py, who choose n-grams
that tell languages apart, for which all of them must be there).
"""

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import regex
from numpy.typing import NDArray

from lowres.errors import LowresError
from lowres.text import bare, fold, words

N_BUCKETS = 1 << 14  # 32 kilobytes of half floats
PROFILES = "profiles"  # folder of a base: one file per launched locale
SURE = 0.7  # below it a text is nobody's: the base reads it, which does best what worked before
ORDERS = (1, 2, 3, 4)
_SMOOTHING = 0.1  # counts added to every bucket
_ROUNDING = 0.05  # of the sum of half floats' exponentials
_LONGEST, _KEPT = 64, 32  # letters of a word that are read, and of one that is remembered
_TRUST = 0.8  # n-grams of a text overlap and are alike: the evidence grows with the root of their number (chosen on MASSIVE dev)
_DIGITS = regex.compile(r"\p{Nd}+")


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageProfile:
    """Log probabilities of buckets, (N_BUCKETS,) in half precision, under the name that the identifier gives."""

    name: str
    row: NDArray[np.float16]

    def write(self, path: Path) -> None:
        """Write a safetensors file; `read_profile` is its inverse."""
        path.parent.mkdir(parents=True, exist_ok=True)
        data = np.ascontiguousarray(self.row, dtype="<f2").tobytes()
        header = {"__metadata__": {"name": self.name}, "row": {"dtype": "F16", "shape": [N_BUCKETS], "data_offsets": [0, len(data)]}}
        text = json.dumps(header).encode()
        path.write_bytes(len(text).to_bytes(8, "little") + text + data)


def read_profile(path: Path) -> LanguageProfile:
    """The profile in a file; LowresError where there is none."""
    try:
        data = path.read_bytes()
        begin = 8 + int.from_bytes(data[:8], "little")
        name, row = json.loads(data[8:begin])["__metadata__"]["name"], np.frombuffer(data[begin:], dtype="<f2")
    except (OSError, ValueError, LookupError, TypeError, OverflowError, RecursionError) as error:
        raise LowresError(path, f"no language profile ({str(error)[:80]})", "a file that lowres wrote") from None
    if row.shape != (N_BUCKETS,) or not isinstance(name, str):
        raise LowresError(path, f"a profile of {row.size} numbers", f"{N_BUCKETS} of this version of lowres")
    if not (row <= 0).all() or abs(np.exp(row.astype(np.float64)).sum() - 1) > _ROUNDING:
        raise LowresError(path, "a profile that is no distribution", "log probabilities of buckets")
    return LanguageProfile(name=name, row=row)


def learn_profile(name: str, texts: Iterable[str]) -> LanguageProfile:
    """The profile of a language from its texts."""
    counts = np.zeros(N_BUCKETS)
    for text in texts:
        np.add.at(counts, list(buckets(text)), 1)
    counts += _SMOOTHING
    return LanguageProfile(name=name, row=np.log(counts / counts.sum()).astype(np.float16))


def buckets(text: str) -> tuple[int, ...]:
    """The buckets of all n-grams and words of a text; digits tell nothing, and case little."""
    return tuple(one for word in words(_DIGITS.sub(" ", fold(text))) for one in _of_word(bare(word)))


def _of_word(word: str) -> tuple[int, ...]:
    return _remembered(word) if len(word) <= _KEPT else _grams(word[:_LONGEST])


@lru_cache(maxsize=1 << 15)
def _remembered(word: str) -> tuple[int, ...]:
    return _grams(word)


def _grams(word: str) -> tuple[int, ...]:
    marked = f" {word} "
    grams = [marked[i : i + n] for n in ORDERS for i in range(len(marked) - n + 1)]
    return tuple(zlib.crc32(one.encode()) % N_BUCKETS for one in (*grams, f"\0{word}"))


class Identifier:
    """Names the language of a text among those whose profiles it has; all are as likely before a text is read."""

    def __init__(self, profiles: Sequence[LanguageProfile]) -> None:
        self.names = [one.name for one in profiles]
        self._rows = np.stack([one.row for one in profiles], axis=1) if profiles else np.zeros((N_BUCKETS, 0), np.float16)

    def identify(self, text: str) -> list[tuple[str, float]]:
        """(name, probability), the likeliest first; a text without letters is as likely in all."""
        if not self.names:
            return []
        seen = list(buckets(text))
        found = self._rows[seen].sum(axis=0, dtype=np.float32) * _TRUST / max(1, len(seen)) ** 0.5
        shares = np.exp(found - found.max())
        shares /= shares.sum()
        return [(self.names[i], float(shares[i])) for i in np.argsort(-shares, kind="stable")]

    def choose(self, text: str, least: float = SURE) -> str:
        """The name of the language, '' where none is at least so likely."""
        best = next(iter(self.identify(text)), ("", 0.0))
        return best[0] if best[1] >= least else ""
