"""The one error a user sees: where it is, what was found there, what is allowed."""

import difflib
import unicodedata
from collections.abc import Iterable
from pathlib import Path


class LowresError(Exception):
    """A user's mistake or a broken input; `str()` is one line, fit to print without a traceback."""

    def __init__(self, where: object, found: str, allowed: str = "") -> None:
        self.where, self.found, self.allowed = str(where), found, allowed
        super().__init__(one_line(where, found, allowed))

    def __reduce__(self):
        """So that an error of a worker process arrives whole."""
        return type(self), (self.where, self.found, self.allowed)


def one_line(where: object, found: str, allowed: str) -> str:
    """An error as it is shown, in whatever language its parts are said."""
    parts = [f"{where}: {found}"] + ([allowed] if allowed else [])
    return printable(" ".join("; ".join(parts).split()))


def printable(text: str) -> str:
    """`text` with its control characters, and halves of surrogate pairs, spelt out: what a stranger wrote cannot drive a terminal."""
    return "".join(ascii(letter)[1:-1] if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in text)


def at(path: Path | str, line: int) -> str:
    """`path:line`, with lines counted from 1."""
    return f"{path}:{line}"


def nearest(word: str, allowed: Iterable[str], limit: int = 8) -> str:
    """What is allowed instead of `word`: the nearest spelling first, else a few of the names."""
    names = sorted(set(allowed))
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    listed = ", ".join(names[:limit]) + (", …" if len(names) > limit else "")
    return f"did you mean '{close[0]}'?" if close else f"allowed: {listed or 'nothing'}"
