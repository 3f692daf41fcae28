"""The glosses of an adapter as its files have them, looked up where they lie: a table of Python strings is ten times as large."""

import hashlib
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from lowres.affixes import Affixes, parse_affixes
from lowres.errors import LowresError
from lowres.gloss import look_inside
from lowres.loans import Loans, read_loans
from lowres.serving.pieces import Memo
from lowres.text import bare, fold, marks_apart, nfc, unmarked, words

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

    def form(self, start: int) -> str:
        """The form of the line that starts there."""
        return self._bytes[start : self._bytes.index(_LINE, start)].decode().partition("\t")[0]

    @property
    def n_bytes(self) -> int:
        """What it holds in memory."""
        return len(self._bytes) + self._hashes.nbytes + self._starts.nbytes


class CompactGlosser:
    """As `gloss.Glosser`, with the same answers, in a tenth of its memory."""

    def __init__(self, lines: bytes, affixes: Affixes, memo: Memo | None = None, loans: Loans | None = None) -> None:
        self.table, self.affixes, self.loans = GlossTable(lines), affixes, loans or Loans()
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
        """The glosses of a folded form: its own, else what is inside it."""
        known = self.table.get(key)
        return look_inside(key, self.table.get, self._marked, self.affixes, self.loans) if known is None else known

    def _marked(self, key: str) -> tuple[str, ...]:
        """The glosses of the form that differs from `key` by the fewest marks; () where none is the same without them."""
        plain = unmarked(key)
        wanted = np.uint64(_hash(plain.encode()))
        first, last = self._unmarked.searchsorted(wanted, "left"), self._unmarked.searchsorted(wanted, "right")
        alike = [self.table.form(int(start)) for start in self._starts[first:last]] + [plain] * (plain in self.table)
        return self.table.get(min(alike, key=lambda form: (marks_apart(form, key), form))) or () if alike else ()

    @property
    def n_bytes(self) -> int:
        """What it holds in memory, affixes and loans by their Python objects."""
        affixes = sum(sys.getsizeof(cuts) + 160 for cuts in self.affixes.votes.values())
        return self.table.n_bytes + self._source.nbytes + self._unmarked.nbytes + self._starts.nbytes + affixes + self.loans.n_bytes


def read_compact(glosses: Path, affixes: Path, loans: Path, memo: Memo | None = None) -> CompactGlosser | None:
    """The glosses that an adapter reads; None where it has none. LowresError of lines that are not as `format_glosses` writes them."""
    if not glosses.is_file():
        return None
    try:
        lines = glosses.read_bytes()
        found = CompactGlosser(lines, parse_affixes(affixes.read_text(encoding="utf-8")), memo, read_loans(loans))
    except (OSError, ValueError) as error:
        raise LowresError(glosses, f"cannot be read ({error})", "glosses, affixes and loans as lowres adapt writes them") from None
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
    """Sorted hashes of what forms are without marks, and where each form's line starts.

    A form that has none is left out: the table has it.
    """
    starts = np.cumsum([0, *(len(line.encode()) + 1 for line in lines)])
    marked = [(_hash(plain.encode()), start) for form, plain, start in zip(forms, _plain(forms), starts, strict=False) if form != plain]
    marked.sort()
    return np.array([one for one, _ in marked], np.uint64), np.array([start for _, start in marked], np.uint32)


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
