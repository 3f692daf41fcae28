"""A caller's text made fit to read, and places in it mapped back to the caller's own string, in code points."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from lowres.text import nfc

_DROPPED = frozenset("\u200b\u2060\ufeff\u00ad")  # say nothing; joiners stay, some languages spell with them


@dataclass(frozen=True, slots=True)
class Clean:
    """NFC text with single spaces, and where each of its characters begins and ends in the caller's string."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters `start` to `end` (exclusive) of the text are in the caller's string."""
        return self.starts[start], self.ends[end - 1]


def clean(raw: str) -> Clean:
    """`raw` as NFC without white space at its ends, with one space for every run of it and without invisible characters."""
    found: list[tuple[str, int, int]] = []
    for run, start, end in _runs(raw):
        for letter in nfc(run):
            if not letter.isspace():
                found.append((letter, start, end))
            elif found and found[-1][0] == " ":
                found[-1] = (" ", found[-1][1], end)
            elif found:
                found.append((" ", start, end))
    if found and found[-1][0] == " ":
        found.pop()
    return Clean("".join(letter for letter, _, _ in found), tuple(one[1] for one in found), tuple(one[2] for one in found))


def _runs(raw: str) -> Iterator[tuple[str, int, int]]:
    """What is kept of `raw` in runs, with their places: their normal forms together are the normal form of it all."""
    whole = unicodedata.is_normalized("NFC", raw)
    run, start, end = "", 0, 0
    for i, letter in enumerate(raw):
        if letter in _DROPPED:
            whole = False  # what it parted may be one letter now
        elif run and not whole and _grows(run, letter):
            run, end = run + letter, i + 1
        else:
            if run:
                yield run, start, end
            run, start, end = letter, i, i + 1
    if run:
        yield run, start, end


def _grows(run: str, letter: str) -> bool:
    """Whether the next letter is one with the run before it: a mark, or composed with it."""
    return bool(unicodedata.combining(letter)) or nfc(run + letter) != nfc(run) + nfc(letter)
