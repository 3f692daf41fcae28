"""What the tagger looks at, and rows of weights as big integers.

All weights of one feature are one integer, a lane of 32 bits per tag: adding two such integers adds the scores of all
tags at once, exactly, and faster than any array library does.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TypeVar

import numpy as np

T = TypeVar("T")
START = ("n-2-", "n-1-")
END = ("n-e-", "n-e2-")
_LANE = np.dtype("<u4")
_BYTES = _LANE.itemsize
_BITS = 8 * _BYTES
_ZERO = 1 << _BITS - 1  # a lane's zero: sums within ±2e9 neither borrow from the next lane nor overflow into it


def marked(words: Sequence[str]) -> list[str]:
    """Words in lower case behind a letter for their case: n where the whole sentence has no capitals, else l(ower),
    T(itle), U(pper), M(ixed), and F for a title in front, where it says little."""
    lower = [word.lower() for word in words]
    if all(map(str.__eq__, lower, words)):
        return ["n" + word for word in lower]
    out = [_case(word, low) + low for word, low in zip(words, lower, strict=True)]
    if out[0][0] == "T":
        out[0] = "F" + out[0][1:]
    return out


def _case(word: str, lower: str) -> str:
    if word == lower:
        return "l"
    if word[1:] == lower[1:]:
        return "T"
    return "U" if word == word.upper() else "M"


def around(word: str, kind: str) -> tuple[tuple[str, ...], ...]:
    """Features of a marked word by where it stands: here, one to the left, to the right, two to the left, to the right.

    `kind` is what the tag dictionary says of the word.
    """
    case, form = word[0], word[1:]
    end = form[-3:]
    sign = "d" if any(map(str.isdigit, form)) else "a" if form.isalpha() else "-" if "-" in form else "p"
    here = (
        "b", "w" + form, "s4" + form[-4:], "s3" + end, "s2" + form[-2:], "s1" + form[-1:], "p4" + form[:4], "p3" + form[:3],
        "p2" + form[:2], "k" + sign, "c" + case, f"c{case}{sign}{form[-2:]}", "a" + kind, f"a{case}{kind}",
    )  # fmt: skip
    return (
        here, ("l" + form, "ls" + end, "lc" + case, "la" + kind), ("r" + form, "rs" + end, "rc" + case, "ra" + kind),
        ("ll" + form, "lla" + kind), ("rr" + form, "rra" + kind),
    )  # fmt: skip


def joint(left: str, here: str, right: str, kinds: tuple[str, str, str], last: str, before: str) -> tuple[str, ...]:
    """Features of several words or of words and tags; words in lower case, `last` and `before` the tags to the left."""
    _, kind, after = kinds
    return (
        f"tw{last} {here}", f"wl{left} {here}", f"wr{here} {right}", f"ta{last} {kind} {after}", f"tta{last} {before} {kind}",
        f"tr{last} {right}",
    )  # fmt: skip


def history(last: str, before: str) -> tuple[str, str]:
    """Features of the tags to the left alone."""
    return "t" + last, f"tt{last} {before}"


@cache
def zeros(n_tags: int) -> int:
    """A row of weights 0 to which sums can be added."""
    return sum(_ZERO << _BITS * tag for tag in range(n_tags))


def highest(packed: int, n_tags: int) -> int:
    """The first tag with the highest score; `packed` includes `zeros`."""
    return int(np.frombuffer(packed.to_bytes(n_tags * _BYTES, "little"), _LANE).argmax())


def pack(row: Mapping[T, int], lanes: Mapping[T, int]) -> int:
    """Whole weights by tag as one integer; `lanes` gives the one of each tag's lane, see `lanes_of`."""
    return sum([weight * lanes[tag] for tag, weight in row.items()])


def lanes_of(tags: Iterable[T]) -> dict[T, int]:
    """1 in the lane of each tag; the first tag has the lowest lane."""
    return {tag: 1 << _BITS * i for i, tag in enumerate(tags)}


def unpack(packed: int, n_tags: int) -> dict[int, int]:
    """The weights other than 0 that `pack` took, by tag."""
    lanes = np.frombuffer((packed + zeros(n_tags)).to_bytes(n_tags * _BYTES, "little"), _LANE)
    return {int(tag): int(lanes[tag]) - _ZERO for tag in np.flatnonzero(lanes != _ZERO)}
