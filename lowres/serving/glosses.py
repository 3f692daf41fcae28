"""The glosses of an adapter as its files have them, looked up where they lie: a table of Python strings is ten times as large."""

import hashlib
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from lowres.affixes import Affixes, parse_affixes
from lowres.errors import LowresError
from lowres.serving.pieces import Memo
from lowres.text import bare, fold, nfc, unmarked, words

_TAB, _LINE = b"\t", b"\n"


class GlossTable:
    """Glosses by folded form: the lines of glosses.tsv as they are, found by the sorted hashes of their forms."""

    def __init__(self, lines: bytes) -> None:
        self._bytes = lines
        starts = np.concatenate([[0], np.flatnonzero(np.frombuffer(lines, np.uint8) == _LINE[0]) + 1])
        forms = [line.partition(_TAB)[0] for line in lines.split(_LINE)[:-1]]
        hashes = np.fromiter((_hash(form) for form in forms), np.uint64, len(forms))
        order = np.argsort(hashes)
        self._hashes, self._starts = hashes[order], starts[:-1][order].astype(np.uint32)

    def __len__(self) -> int:
        return len(self._starts)

    def __contains__(self, form: str) -> bool:
        return self._find(form.encode()) is not None

    def get(self, form: str) -> tuple[str, ...] | None:
        """The glosses of a form, best first."""
        start = self._find(form.encode())
        return None if start is None else self.glosses(start)

    def _find(self, form: bytes) -> int | None:
        """Where a form's line starts."""
        at = _place(self._hashes, form)
        start = int(self._starts[at]) if at is not None else 0
        return start if at is not None and self._bytes.startswith((form + _TAB, form + _LINE), start) else None

    def glosses(self, start: int) -> tuple[str, ...]:
        """The glosses of the line that starts there."""
        return tuple(self._bytes[start : self._bytes.index(_LINE, start)].decode().split("\t")[1:])

    @property
    def n_bytes(self) -> int:
        """What it holds in memory."""
        return len(self._bytes) + self._hashes.nbytes + self._starts.nbytes


class CompactGlosser:
    """As `gloss.Glosser`, with the same answers, in a tenth of its memory."""

    def __init__(self, lines: bytes, affixes: Affixes, memo: Memo | None = None) -> None:
        self.table, self.affixes = GlossTable(lines), affixes
        self._memo, self._mark = Memo() if memo is None else memo, object()  # the mark, so that the memo keeps nothing large alive
        rows = lines.decode().split("\n")[:-1]
        self._source = _hashes(_folded(_words({gloss for row in rows for gloss in row.split("\t")[1:]})))
        self._unmarked, self._starts = _without_marks([row.partition("\t")[0] for row in rows], rows)

    def gloss(self, word: str) -> tuple[str, ...]:
        """The glosses of a word or phrase; () when neither it nor a lemma inside it is known."""
        key = fold(bare(word))
        return self._memo.recall((self._mark, key), lambda: self._look_up(key))

    def is_source(self, text: str) -> bool:
        """Whether a text is in the source language: more of its words occur in glosses than have one."""
        keys = [fold(bare(word)) for word in words(text)]
        return sum(_place(self._source, key.encode()) is not None for key in keys) > sum(key in self.table for key in keys)

    def _look_up(self, key: str) -> tuple[str, ...]:
        """The glosses of a folded form: its own, else its stem's, else those of the form without marks."""
        known = self.table.get(key)
        if known is not None:
            return known
        stems = self.affixes.stems(key) if " " not in key else ()
        inside = next((found for stem, _ in stems if (found := self.table.get(stem)) is not None), ())
        return inside or self._marked(unmarked(key))

    def _marked(self, key: str) -> tuple[str, ...]:
        at = _place(self._unmarked, key.encode())
        return self.table.get(key) or () if at is None else self.table.glosses(int(self._starts[at]))

    @property
    def n_bytes(self) -> int:
        """What it holds in memory, the affixes by their Python objects."""
        affixes = sum(sys.getsizeof(cuts) + 160 for cuts in self.affixes.votes.values())
        return self.table.n_bytes + self._source.nbytes + self._unmarked.nbytes + self._starts.nbytes + affixes


def read_compact(glosses: Path, affixes: Path, memo: Memo | None = None) -> CompactGlosser | None:
    """The glosses that an adapter reads; None where it has none. LowresError of lines that are not as `format_glosses` writes them."""
    if not glosses.is_file():
        return None
    try:
        lines = glosses.read_bytes()
        found = CompactGlosser(lines, parse_affixes(affixes.read_text(encoding="utf-8")), memo)
    except (OSError, ValueError) as error:
        raise LowresError(glosses, f"cannot be read ({error})", "glosses and affixes as lowres adapt writes them") from None
    rows = lines.split(_LINE)
    forms = [row.partition(_TAB)[0] for row in rows[:-1]]
    if rows[-1] or b"" in rows[:-1] or forms != sorted(set(forms)):
        raise LowresError(glosses, "lines that are empty, not sorted by form, or a form twice", "glosses as lowres adapt writes them")
    return found


def _words(glosses: Iterable[str]) -> Iterator[str]:
    """The words of many glosses; apart where all is ASCII, whose words are found faster."""
    listed = list(glosses)
    yield from words("\n".join(one for one in listed if one.isascii()))
    yield from words("\n".join(one for one in listed if not one.isascii()))


def _folded(forms: Iterable[str]) -> set[str]:
    """`fold` of many words at once; none holds white space."""
    return set(fold.__wrapped__("\n".join(set(forms))).split(" ")) - {""}


def _without_marks(forms: list[str], lines: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Sorted hashes of forms without marks, and where the line of the first form starts that each stands for.

    A form that is its own is left out: the table has it.
    """
    first: dict[str, int] = {}
    for at, (_, plain) in enumerate(zip(forms, _plain(forms), strict=False)):  # no forms are one line, an empty one
        first.setdefault(plain, at)
    starts = np.cumsum([0, *(len(line.encode()) + 1 for line in lines)])
    other = {_hash(plain.encode()): starts[at] for plain, at in first.items() if forms[at] != plain}
    hashes = np.array(sorted(other), np.uint64)
    return hashes, np.array([other[one] for one in hashes.tolist()], np.uint32)


def _plain(forms: list[str]) -> list[str]:
    """`unmarked` of many forms at once."""
    text = unicodedata.normalize("NFD", "\n".join(forms))
    marks = dict.fromkeys(ord(letter) for letter in set(text) if unicodedata.combining(letter))
    return nfc(text.translate(marks)).split("\n")


def _hash(form: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(form, digest_size=8).digest(), "little")


def _hashes(forms: Iterable[str]) -> np.ndarray:
    return np.array(sorted(_hash(form.encode()) for form in forms), np.uint64)


def _place(hashes: np.ndarray, form: bytes) -> int | None:
    """Where a form's hash is among sorted hashes."""
    wanted = _hash(form)
    at = int(hashes.searchsorted(np.uint64(wanted)))
    return at if at < len(hashes) and int(hashes[at]) == wanted else None
